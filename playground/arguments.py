"""Arguments that several Bot API methods share, checked as the real server checks them."""

from __future__ import annotations

import json

from playground import errors
from playground.entities import FormattedText, parse_entities, parse_html
from playground.errors import ApiError, bad_request
from playground.params import Params
from playground.records import Json, Message, StoredFile
from playground.world import Chat, World

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
CALLBACK_DATA_LIMIT = 64
BUTTONS_LIMIT = 100
MARKUP_LIMIT = 10_000
"""Bytes of a keyboard as JSON without spaces, the stricter reading of 10 kB."""
_PHOTO_SIDES_LIMIT = 10_000
_PHOTO_RATIO_LIMIT = 20
_UPLOAD_LIMIT = 50 * 1024 * 1024


def read_chat(world: World, params: Params) -> Chat:
    """The chat to write to; refused where it is unknown, never started the bot or blocked it."""
    if not params.text("chat_id"):
        raise ApiError(errors.CHAT_ID_EMPTY)
    return world.get_reachable_chat(params.integer("chat_id"))


def read_message(world: World, params: Params) -> tuple[Chat, Message]:
    """The bot's message that is to be edited."""
    chat = read_chat(world, params)
    message = chat.messages.get(params.integer("message_id"))
    if message is None:
        raise ApiError(errors.EDIT_NOT_FOUND)
    if not message.is_from_bot or (message.markup and "inline_keyboard" not in message.markup):
        raise ApiError(errors.CANNOT_EDIT)
    return chat, message


def read_text(params: Params) -> FormattedText:
    """`text` with its markup: 1 to 4096 characters after parsing, in UTF-16 units (the stricter reading)."""
    text = _read_formatted(params.text("text"), params.text("parse_mode"), params.json("entities", "entities"))
    if not text.text:
        raise ApiError(errors.TEXT_EMPTY)
    if text.utf16_length > TEXT_LIMIT:
        raise ApiError(errors.TEXT_TOO_LONG)
    return text


def read_caption(params: Params) -> FormattedText:
    """`caption` with its markup, up to 1024 characters after parsing."""
    entities = params.json("caption_entities", "caption entities")
    return _limited_caption(_read_formatted(params.text("caption"), params.text("parse_mode"), entities))


def read_media_caption(media: Json) -> FormattedText:
    """The caption inside an InputMedia object."""
    entities = media.get("caption_entities")
    return _limited_caption(
        _read_formatted(str(media.get("caption") or ""), str(media.get("parse_mode") or ""), entities)
    )


def _limited_caption(caption: FormattedText) -> FormattedText:
    if caption.utf16_length > CAPTION_LIMIT:
        raise ApiError(errors.CAPTION_TOO_LONG)
    return caption


def _read_formatted(source: str, parse_mode: str, entities: object) -> FormattedText:
    if parse_mode.lower() == "html":
        formatted = parse_html(source)
    elif parse_mode:
        raise ApiError(bad_request("unsupported parse_mode"))
    else:
        given = [each for each in entities if isinstance(each, dict)] if isinstance(entities, list) else []
        formatted = parse_entities(source, given)
    return formatted.cleaned().with_detected()


def read_markup(params: Params) -> Json | None:
    """`reply_markup`, None where there is none or it has no buttons."""
    markup = params.json("reply_markup", "reply keyboard markup")
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise ApiError(bad_request("object expected as reply markup"))
    rows = markup.get("inline_keyboard")
    if rows is None:
        return markup
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise ApiError(bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'))
    for row in rows:
        for button in row:
            _check_button(button)
    if sum(map(len, rows)) > BUTTONS_LIMIT or _count_bytes(markup) > MARKUP_LIMIT:
        raise ApiError(errors.MARKUP_TOO_LONG)
    return {"inline_keyboard": [row for row in rows if row]} if any(rows) else None


def _count_bytes(markup: Json) -> int:
    return len(json.dumps(markup, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))


def _check_button(button: object) -> None:
    prefix = "can't parse inline keyboard button: "
    if not isinstance(button, dict):
        raise ApiError(bad_request(f"{prefix}InlineKeyboardButton must be an Object"))
    if not isinstance(button.get("text"), str):
        raise ApiError(bad_request(f'{prefix}Can\'t find field "text"'))
    data = button.get("callback_data")
    if not data and len(button) == 1:
        raise ApiError(bad_request(f"{prefix}Text buttons are unallowed in the inline keyboard"))
    if data and len(str(data).encode("utf-8", "surrogatepass")) > CALLBACK_DATA_LIMIT:
        raise ApiError(errors.BUTTON_DATA_INVALID)


def read_reply_to(chat: Chat, params: Params) -> int | None:
    """The message that is replied to, None for none."""
    given = params.json("reply_parameters", "reply parameters")
    reply: Json = given if isinstance(given, dict) else {"message_id": params.integer("reply_to_message_id")}
    message_id = int(str(reply.get("message_id") or 0))
    if message_id == 0 or message_id in chat.messages:
        return message_id or None
    if reply.get("allow_sending_without_reply") or params.flag("allow_sending_without_reply"):
        return None
    raise ApiError(errors.REPLY_NOT_FOUND)


def read_photo(world: World, params: Params, reference: str, name: str) -> StoredFile:
    """The picture that `reference` (attach://…, a file_id) or the part called `name` gives."""
    file = _read_file(world, params, reference, name, is_picture=True)
    if file is None:
        raise ApiError(errors.NO_PHOTO)
    if file.size is None:
        raise ApiError(errors.NOT_AN_IMAGE)
    shorter, longer = sorted(file.size)
    if shorter + longer > _PHOTO_SIDES_LIMIT or longer > _PHOTO_RATIO_LIMIT * shorter:
        raise ApiError(errors.PHOTO_DIMENSIONS)
    return file


def read_document(world: World, params: Params, reference: str, name: str) -> StoredFile:
    """The document that `reference` (attach://…, a file_id) or the part called `name` gives."""
    file = _read_file(world, params, reference, name, is_picture=False)
    if file is None:
        raise ApiError(errors.NO_DOCUMENT)
    return file


def _read_file(world: World, params: Params, reference: str, name: str, *, is_picture: bool) -> StoredFile | None:
    upload = params.find_attached(reference) or params.uploads.get(name)
    if upload is None and not reference:
        return None
    if upload is None:
        known = world.files.get(reference)
        if known is None or (known.size is not None) != is_picture:
            raise ApiError(errors.WRONG_FILE_ID)
        return known
    if not upload.content:
        raise ApiError(errors.FILE_EMPTY)
    if len(upload.content) > _UPLOAD_LIMIT:
        raise ApiError(errors.FILE_TOO_BIG)
    return world.add_file(upload.file_name, upload.mime_type, upload.content, is_picture=is_picture)


def read_numbers(params: Params, name: str) -> list[int]:
    """A JSON array of numbers."""
    given = params.json(name, name)
    if not isinstance(given, list) or not all(isinstance(each, int) for each in given):
        raise ApiError(bad_request(f"can't parse {name}: {json.dumps(given)}"))
    return [int(each) for each in given]
