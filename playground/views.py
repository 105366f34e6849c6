"""Records as JSON: what the Bot API gives the bot, and what a person sees in their chat."""

from __future__ import annotations

from playground.entities import render_html
from playground.records import Json, Message, Press, StoredFile, list_rows
from playground.world import Chat, World

CHAT_INSTANCE = "7000000000000000001"


def render_message(world: World, message: Message, *, with_reply: bool = True) -> Json:
    """The Bot API's Message."""
    profile = world.chats[message.chat_id].profile
    plain: Json = {
        "message_id": message.message_id,
        "from": world.bot.as_user() if message.is_from_bot else profile.as_user(),
        "chat": profile.as_chat(),
        "date": message.date,
    }
    plain.update(_render_content(message))
    if message.edit_date is not None:
        plain["edit_date"] = message.edit_date
    if list_rows(message.markup):
        plain["reply_markup"] = message.markup
    if message.forwarded_from:
        origin = {"type": "hidden_user", "date": message.date, "sender_user_name": message.forwarded_from}
        plain["forward_origin"] = origin
    replied = world.chats[message.chat_id].messages.get(message.reply_to or 0)
    if with_reply and replied is not None:
        plain["reply_to_message"] = render_message(world, replied, with_reply=False)
    return plain


def _render_content(message: Message) -> Json:
    text_key, entities_key = ("caption", "caption_entities") if message.has_media else ("text", "entities")
    plain: Json = {}
    if message.photo is not None:
        plain["photo"] = [render_photo_size(message.photo)]
    if message.document is not None:
        plain["document"] = render_document(message.document)
    if message.content.text:
        plain[text_key] = message.content.text
    if message.content.entities:
        plain[entities_key] = [entity.as_json() for entity in message.content.entities]
    return plain


def render_photo_size(file: StoredFile) -> Json:
    """The Bot API's PhotoSize."""
    width, height = file.size or (0, 0)
    return {**_render_file(file), "width": width, "height": height}


def render_document(file: StoredFile) -> Json:
    """The Bot API's Document."""
    return {**_render_file(file), "file_name": file.file_name, "mime_type": file.mime_type}


def render_file(file: StoredFile) -> Json:
    """The Bot API's File."""
    return {**_render_file(file), "file_path": file.path}


def _render_file(file: StoredFile) -> Json:
    return {"file_id": file.file_id, "file_unique_id": file.file_unique_id, "file_size": len(file.content)}


def render_callback_query(world: World, press: Press) -> Json:
    """The Bot API's CallbackQuery; the message is inaccessible where it was deleted meanwhile."""
    chat = world.chats[press.user_id]
    message = chat.messages.get(press.message_id)
    inaccessible = {"chat": chat.profile.as_chat(), "message_id": press.message_id, "date": 0}
    return {
        "id": press.query_id,
        "from": chat.profile.as_user(),
        "message": render_message(world, message) if message else inaccessible,
        "chat_instance": CHAT_INSTANCE,
        "data": press.data,
    }


def view_person(chat: Chat) -> Json:
    """A person as the control API gives them."""
    profile = chat.profile
    return {
        "id": profile.id,
        "first_name": profile.first_name,
        "last_name": profile.last_name,
        "username": profile.username,
        "language_code": profile.language_code,
        "label": profile.label,
        "is_started": chat.is_started,
        "is_blocked": chat.is_blocked,
        "last_message_id": chat.last_message_id,
    }


def view_message(message: Message) -> Json:
    """A message as the person sees it; `html` is the text in Telegram's HTML."""
    return {
        "message_id": message.message_id,
        "is_from_bot": message.is_from_bot,
        "date": message.date,
        "is_edited": message.edit_date is not None,
        "text": message.content.text,
        "html": render_html(message.content),
        "entities": [entity.as_json() for entity in message.content.entities],
        "buttons": [[_view_button(button) for button in row] for row in list_rows(message.markup)],
        "photo": _view_photo(message.photo),
        "document": _view_document(message.document),
        "reply_to": message.reply_to,
        "forwarded_from": message.forwarded_from,
    }


def _view_button(button: object) -> Json:
    plain = button if isinstance(button, dict) else {}
    return {name: plain.get(key) for name, key in (("text", "text"), ("data", "callback_data"), ("url", "url"))}


def _view_photo(file: StoredFile | None) -> Json | None:
    if file is None:
        return None
    width, height = file.size or (0, 0)
    return {"url": f"/emulator/files/{file.path}", "width": width, "height": height}


def _view_document(file: StoredFile | None) -> Json | None:
    if file is None:
        return None
    return {
        "url": f"/emulator/files/{file.path}",
        "file_name": file.file_name,
        "mime_type": file.mime_type,
        "size": len(file.content),
    }


def view_press(world: World, press: Press) -> Json:
    """A button press and its answer, which the person sees as a toast or, with `is_alert`, as a dialog."""
    answer = press.answer
    return {
        "query_id": press.query_id,
        "update_id": press.update_id,
        "message_id": press.message_id,
        "data": press.data,
        "is_answered": answer is not None,
        "is_expired": answer is None and world.is_expired(press),
        "text": answer.text if answer else "",
        "is_alert": answer is not None and answer.is_alert,
        "url": answer.url if answer else "",
        "took": answer.took if answer else None,
    }
