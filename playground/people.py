"""What people do: write, forward, send pictures, press buttons, block the bot. Each becomes an update for the bot."""

from __future__ import annotations

import time

from playground.entities import FormattedText
from playground.errors import PersonError
from playground.records import Json, Message, Press, Sent, StoredFile
from playground.views import render_callback_query, render_message
from playground.world import Chat, World


def send_text(world: World, person_id: int, text: str, reply_to: int | None = None, forwarded_from: str = "") -> Sent:
    """A person writes to the bot; the first message starts the bot for them, and ends a block."""
    content = FormattedText(text).cleaned().with_detected()
    if not content.text:
        raise PersonError("an empty message cannot be sent")
    return _send(world, person_id, content, reply_to=reply_to, forwarded_from=forwarded_from)


def send_photo(world: World, person_id: int, photo: StoredFile, caption: str) -> Sent:
    """A person sends a picture with a caption."""
    return _send(world, person_id, FormattedText(caption).cleaned().with_detected(), photo=photo)


def _send(
    world: World,
    person_id: int,
    content: FormattedText,
    *,
    photo: StoredFile | None = None,
    reply_to: int | None = None,
    forwarded_from: str = "",
) -> Sent:
    chat = world.get_chat(person_id)
    if reply_to is not None and reply_to not in chat.messages:
        raise PersonError(f"there is no message {reply_to} to reply to")
    if chat.is_blocked:
        set_blocked(world, person_id, is_blocked=False)
    chat.is_started = True
    message = Message(
        person_id,
        is_from_bot=False,
        content=content,
        photo=photo,
        reply_to=reply_to,
        forwarded_from=forwarded_from,
    )
    message = world.add_message(chat, message)
    update_id = world.updates.add(person_id, {"message": render_message(world, message)})
    return Sent(update_id, message.message_id)


def note_written_before(world: World, person_id: int) -> None:
    """A person has written to the bot in a life of the emulator before this one, so the bot may write to them."""
    world.get_chat(person_id).is_started = True


def set_blocked(world: World, person_id: int, *, is_blocked: bool) -> int | None:
    """A person blocks the bot, or lets it in again; the update that tells the bot, None where nothing changed."""
    chat = world.get_chat(person_id)
    if chat.is_blocked == is_blocked:
        return None
    old, new = _membership(world, is_blocked=chat.is_blocked), _membership(world, is_blocked=is_blocked)
    chat.is_blocked = is_blocked
    change = {
        "chat": chat.profile.as_chat(),
        "from": chat.profile.as_user(),
        "date": int(world.now()),
        "old_chat_member": old,
        "new_chat_member": new,
    }
    world.events.add("person", person_id, {"id": person_id})
    return world.updates.add(person_id, {"my_chat_member": change})


def _membership(world: World, *, is_blocked: bool) -> Json:
    bot = world.bot.as_user()
    return {"user": bot, "status": "kicked", "until_date": 0} if is_blocked else {"user": bot, "status": "member"}


def press_data(world: World, person_id: int, data: str, message_id: int | None = None) -> Press:
    """A press with this callback data, on the given message or on the newest one that has it.

    With a message id any data is taken, also for a message that has no such button or is gone: an old keyboard, or
    somebody who makes calls up.
    """
    chat = world.get_chat(person_id)
    if message_id is None:
        message_id, _ = _find_button(chat, "callback_data", data)
    return _press(world, person_id, message_id, data)


def press_button(world: World, person_id: int, text: str, message_id: int | None = None) -> Press:
    """A press on the button that reads `text`, on the given message or on the newest one that has it.

    A text that ends in `…` means the button that begins so: `Yesterday…` reads `Yesterday, Sun 29`. Raises PersonError,
    which lists the buttons there are, where there is none or it is only a link.
    """
    chat = world.get_chat(person_id)
    found_in, button = _find_button(chat, "text", text, message_id)
    if "callback_data" not in button:
        raise PersonError(f"the button {text!r} opens {button.get('url')} and sends nothing to the bot")
    return _press(world, person_id, found_in, str(button["callback_data"]))


def _reads(found: str, wanted: str) -> bool:
    return found == wanted or (wanted.endswith("…") and found.startswith(wanted[:-1]))


def _find_button(chat: Chat, key: str, value: str, message_id: int | None = None) -> tuple[int, Json]:
    messages = [message for message in chat.messages.values() if message_id in {None, message.message_id}]
    for message in reversed(messages):
        for button in message.list_buttons():
            if _reads(str(button.get(key)), value):
                return message.message_id, dict(button)
    raise PersonError(f"there is no button {value!r}; {_describe_buttons(messages)}")


def _describe_buttons(messages: list[Message]) -> str:
    for message in reversed(messages):
        texts = [button.get("text") for button in message.list_buttons()]
        if texts:
            return f"message {message.message_id} has the buttons {texts}"
    return "no message has buttons"


def _press(world: World, person_id: int, message_id: int, data: str) -> Press:
    query_id, update_id = world.next_query_id(), world.updates.take_id()
    press = Press(query_id, person_id, message_id, data, world.now(), time.monotonic(), update_id)
    world.put_press(press)
    payload = {"update_id": update_id, "callback_query": render_callback_query(world, press)}
    world.updates.add(person_id, payload)
    return press


def is_waiting(world: World, person_id: int) -> bool:
    """Whether the bot still owes this person something: an update to confirm, or a press to answer."""
    unanswered = (press for press in world.list_presses(person_id) if press.answer is None)
    return world.updates.has_unconfirmed(person_id) or any(not world.is_expired(press) for press in unanswered)
