"""The Bot API's methods, each a function of the world and the call's arguments; `METHODS` is their registry.

getUpdates, which waits, is in `bot_api`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import replace

from playground import errors
from playground.arguments import (
    read_caption,
    read_chat,
    read_document,
    read_markup,
    read_media_caption,
    read_message,
    read_numbers,
    read_photo,
    read_reply_to,
    read_text,
)
from playground.errors import ApiError, bad_request
from playground.params import Params
from playground.records import Answer, BotCommand, Json, Message
from playground.views import render_file, render_message
from playground.world import Chat, World

Method = Callable[[World, Params], object]

_ANSWER_LIMIT = 200
_DELETE_WITHIN = 48 * 3600
_ACTIONS = frozenset(
    {"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
     "choose_sticker", "find_location", "record_video_note", "upload_video_note"}
)  # fmt: skip
_COMMAND_NAME = re.compile(r"[a-z0-9_]{1,32}")
_DESCRIPTION_LIMIT = 256


def get_me(world: World, _: Params) -> Json:
    """The bot's own account."""
    return world.bot.as_me()


def get_chat(world: World, params: Params) -> Json:
    """The Bot API's ChatFullInfo of a person who is known, also of one who blocked the bot."""
    chat = world.chats.get(params.integer("chat_id"))
    if chat is None:
        raise ApiError(errors.CHAT_NOT_FOUND)
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
    )
    return {**chat.profile.as_chat(), "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}


def send_message(world: World, params: Params) -> Json:
    """A text message."""
    chat = read_chat(world, params)
    return _send(world, chat, params, Message(chat.profile.id, is_from_bot=True, content=read_text(params)))


def send_photo(world: World, params: Params) -> Json:
    """A picture with a caption."""
    chat = read_chat(world, params)
    photo = read_photo(world, params, params.text("photo"), "photo")
    message = Message(chat.profile.id, is_from_bot=True, content=read_caption(params), photo=photo)
    return _send(world, chat, params, message)


def send_document(world: World, params: Params) -> Json:
    """A file with a caption."""
    chat = read_chat(world, params)
    file = read_document(world, params, params.text("document"), "document")
    message = Message(chat.profile.id, is_from_bot=True, content=read_caption(params), document=file)
    return _send(world, chat, params, message)


def _send(world: World, chat: Chat, params: Params, message: Message) -> Json:
    message = replace(message, markup=read_markup(params), reply_to=read_reply_to(chat, params))
    return render_message(world, world.add_message(chat, message))


def edit_message_text(world: World, params: Params) -> Json:
    """New text and new buttons; without reply_markup the buttons go."""
    chat, message = read_message(world, params)
    text = read_text(params)
    if message.has_media:
        raise ApiError(errors.NO_TEXT_TO_EDIT)
    return _edit(world, chat, message, replace(message, content=text, markup=read_markup(params)))


def edit_message_caption(world: World, params: Params) -> Json:
    """New caption and new buttons of a picture or file."""
    chat, message = read_message(world, params)
    if not message.has_media:
        raise ApiError(errors.NO_CAPTION_TO_EDIT)
    return _edit(world, chat, message, replace(message, content=read_caption(params), markup=read_markup(params)))


def edit_message_reply_markup(world: World, params: Params) -> Json:
    """New buttons only."""
    chat, message = read_message(world, params)
    return _edit(world, chat, message, replace(message, markup=read_markup(params)))


def edit_message_media(world: World, params: Params) -> Json:
    """Another picture or file, with its caption; a text message becomes one with a picture."""
    chat, message = read_message(world, params)
    media = params.json("media", "input media")
    if not isinstance(media, dict) or media.get("type") not in {"photo", "document"}:
        raise ApiError(bad_request("can't parse InputMedia: type must be photo or document"))
    reference = str(media.get("media") or "")
    is_photo = media["type"] == "photo"
    edited = replace(
        message,
        content=read_media_caption(media),
        markup=read_markup(params),
        photo=read_photo(world, params, reference, "media") if is_photo else None,
        document=None if is_photo else read_document(world, params, reference, "media"),
    )
    return _edit(world, chat, message, edited)


def _edit(world: World, chat: Chat, message: Message, edited: Message) -> Json:
    if edited == message:
        raise ApiError(errors.NOT_MODIFIED)
    return render_message(world, world.replace_message(chat, edited))


def delete_message(world: World, params: Params) -> bool:
    """Delete one message, the bot's or the person's, at most 48 hours old."""
    chat = read_chat(world, params)
    message = chat.messages.get(params.integer("message_id"))
    if message is None:
        raise ApiError(errors.DELETE_NOT_FOUND)
    if world.now() - message.date > _DELETE_WITHIN:
        raise ApiError(errors.CANNOT_DELETE)
    world.delete_message(chat, message.message_id)
    return True


def delete_messages(world: World, params: Params) -> bool:
    """Delete several messages; those that are gone are passed over."""
    chat = read_chat(world, params)
    for message_id in read_numbers(params, "message_ids"):
        if message_id in chat.messages:
            world.delete_message(chat, message_id)
    return True


def answer_callback_query(world: World, params: Params) -> bool:
    """The answer to a button press; the person sees the first one."""
    press = world.presses.get(params.text("callback_query_id"))
    if press is None or world.is_expired(press):
        raise ApiError(errors.QUERY_TOO_OLD)
    text = params.text("text")
    if len(text) > _ANSWER_LIMIT:
        raise ApiError(errors.ANSWER_TOO_LONG)
    answer = Answer(text, params.flag("show_alert"), params.text("url"), time.monotonic() - press.started)
    if press.answer is None:
        world.put_press(replace(press, answer=answer))
    return True


def get_file(world: World, params: Params) -> Json:
    """Where a file can be fetched."""
    file = world.files.get(params.text("file_id"))
    if file is None:
        raise ApiError(errors.INVALID_FILE_ID)
    return render_file(file)


def send_chat_action(world: World, params: Params) -> bool:
    """Show that the bot is typing, or the like."""
    chat = read_chat(world, params)
    if params.text("action") not in _ACTIONS:
        raise ApiError(errors.WRONG_ACTION)
    world.events.add("action", chat.profile.id, {"action": params.text("action")})
    return True


def set_my_commands(world: World, params: Params) -> bool:
    """The command menu of a scope and language."""
    given = params.json("commands", "commands")
    if not isinstance(given, list):
        raise ApiError(bad_request("can't parse list of commands"))
    commands = [_read_command(each) for each in given]
    world.set_commands(_read_scope(params), params.text("language_code"), commands)
    return True


def _read_command(given: object) -> BotCommand:
    if not isinstance(given, dict):
        raise ApiError(bad_request("can't parse BotCommand: expected an Object"))
    command, description = str(given.get("command", "")).removeprefix("/"), str(given.get("description", ""))
    if not _COMMAND_NAME.fullmatch(command):
        raise ApiError(errors.COMMAND_INVALID)
    if not 1 <= len(description) <= _DESCRIPTION_LIMIT:
        raise ApiError(errors.COMMAND_DESCRIPTION_INVALID)
    return BotCommand(command, description)


def _read_scope(params: Params) -> str:
    scope = params.json("scope", "BotCommandScope") or {"type": "default"}
    if not isinstance(scope, dict):
        raise ApiError(bad_request("can't parse BotCommandScope: expected an Object"))
    kind = str(scope.get("type", "default"))
    return f"{kind}:{scope['chat_id']}" if "chat_id" in scope else kind


def get_my_commands(world: World, params: Params) -> list[Json]:
    """The command menu of exactly this scope and language."""
    commands = world.commands.get((_read_scope(params), params.text("language_code")), ())
    return [{"command": each.command, "description": each.description} for each in commands]


def delete_my_commands(world: World, params: Params) -> bool:
    """Take the command menu of a scope and language away."""
    world.set_commands(_read_scope(params), params.text("language_code"), None)
    return True


def set_chat_menu_button(world: World, params: Params) -> bool:
    """The menu button of one chat, or of all without chat_id."""
    button = params.json("menu_button", "menu button") or {"type": "default"}
    if not isinstance(button, dict):
        raise ApiError(bad_request("can't parse MenuButton: expected an Object"))
    world.menu_buttons[params.integer("chat_id")] = button
    return True


def set_webhook(world: World, params: Params) -> bool:
    """Set a webhook, which shuts getUpdates off, or take it away with an empty url."""
    world.webhook_url = params.text("url")
    if world.webhook_url:
        world.updates.interrupt(errors.WEBHOOK_SET)
    if params.flag("drop_pending_updates"):
        world.updates.clear()
    return True


def delete_webhook(world: World, params: Params) -> bool:
    """Take the webhook away."""
    world.webhook_url = ""
    if params.flag("drop_pending_updates"):
        world.updates.clear()
    return True


def get_webhook_info(world: World, _: Params) -> Json:
    """The Bot API's WebhookInfo."""
    info: Json = {
        "url": world.webhook_url,
        "has_custom_certificate": False,
        "pending_update_count": world.updates.pending_count,
    }
    return {**info, "allowed_updates": world.updates.allowed} if world.updates.allowed else info


METHODS: dict[str, Method] = {
    function.__name__.replace("_", ""): function
    for function in (
        get_me, get_chat, send_message, send_photo, send_document, edit_message_text, edit_message_caption,
        edit_message_reply_markup, edit_message_media, delete_message, delete_messages, answer_callback_query, get_file,
        send_chat_action, set_my_commands, get_my_commands, delete_my_commands, set_chat_menu_button, set_webhook,
        delete_webhook, get_webhook_info,
    )
}  # fmt: skip
