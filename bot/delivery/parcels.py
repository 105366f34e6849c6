"""Answers as the outbox keeps them, and back again.

People tap faster than a chat takes messages, one a second. So a screen that waits is overtaken by the next one: of what
shows where somebody is only the newest is sent, of what stands in one message or is one file the newest as well. What
came of a deed is always sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message, TelegramObject

from bot.screen import Answer, File, Screen
from bot.words import Html
from repository.outbox import DRAWING, LETTER, SCREEN


@dataclass(frozen=True, slots=True)
class Tapped:
    """The message below which somebody tapped. Telegram cannot turn a text into a picture or back."""

    message_id: int
    has_photo: bool


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message for a chat, as it goes into the outbox: with a picture, a file or neither.

    `overtakes` are the places in the chat of which it takes over what waits there (`places` in its payload).
    """

    chat_id: int
    kind: str
    payload: Mapping[str, Any]
    photo: bytes | None = None
    file: bytes | None = None
    overtakes: Sequence[str] = ()


def address(event: TelegramObject, answer: Answer | None) -> list[Outgoing]:
    """Where an answer goes: the screen to the chat of the update, its letter to somebody else. A toast is not kept.

    Before a document that is to be drawn goes the line that it comes.
    """
    chat_id = find_chat(event)
    if not isinstance(answer, Screen) or chat_id is None:
        return []
    parcels = [wrap(chat_id, answer, find_tapped(event))]
    if answer.drawing is not None:
        parcels.insert(0, Outgoing(chat_id, LETTER, {"text": answer.drawing.coming}))
    if answer.letter is not None:
        parcels.append(Outgoing(answer.letter.chat_id, LETTER, {"text": answer.letter.text}))
    return parcels


def wrap(chat_id: int, screen: Screen, tapped: Tapped | None = None, **marks: str) -> Outgoing:
    """A screen for a chat; `marks` stand beside it in the outbox."""
    places = _list_places(screen, tapped)
    payload = {
        "text": screen.text,
        "keyboard": screen.keyboard.model_dump(mode="json", exclude_none=True) if screen.keyboard else None,
        "is_new": screen.is_new,
        "lasts": screen.lasts,
        "tapped": {"message_id": tapped.message_id, "has_photo": tapped.has_photo} if tapped else None,
        "places": [] if screen.must_arrive else places,
        **({"file_name": screen.file.name} if screen.file else {}),
        **({"file_name": screen.drawing.name, "failed": screen.drawing.failed} if screen.drawing else {}),
        **marks,
    }
    if screen.drawing is not None:
        return Outgoing(chat_id, DRAWING, payload, file=screen.drawing.order, overtakes=places)
    file = screen.file.content if screen.file else None
    return Outgoing(chat_id, SCREEN, payload, screen.photo, file, overtakes=places)


def end_question(out: Outgoing) -> Outgoing:
    """The same screen, with which the question before it is over: the message that shows it goes.

    A file comes beside the question, and a letter goes to somebody else.
    """
    is_beside = out.kind != SCREEN or out.file is not None
    return out if is_beside else replace(out, payload={**out.payload, "ends_question": True})


def _list_places(screen: Screen, tapped: Tapped | None) -> list[str]:
    """Where in the chat a screen is seen: as the live one, in the message that it edits, as a file of that name."""
    document = screen.file or screen.drawing
    if document is not None:
        return [f"file:{document.name}"]
    live = [] if screen.lasts else ["live"]
    edited = [] if tapped is None or screen.is_new else [f"message:{tapped.message_id}"]
    return live + edited


def unwrap(payload: Mapping[str, Any], attached: bytes | None) -> tuple[Screen, Tapped | None]:
    """A screen out of the outbox, and what was tapped. Its toast and its letter went other ways.

    `attached` is a file where the payload names one, a picture otherwise.
    """
    keyboard, tapped, file_name = payload.get("keyboard"), payload.get("tapped"), payload.get("file_name")
    file = File(file_name, attached) if file_name is not None and attached is not None else None
    screen = Screen(
        Html(payload["text"]),
        InlineKeyboardMarkup.model_validate(keyboard) if keyboard is not None else None,
        photo=None if file else attached,
        file=file,
        is_new=bool(payload.get("is_new")),
        lasts=bool(payload.get("lasts")),
        ends_question=bool(payload.get("ends_question")),
    )
    return screen, Tapped(**tapped) if tapped else None


def find_chat(event: TelegramObject) -> int | None:
    """The chat that an update is of."""
    if isinstance(event, CallbackQuery):
        return event.message.chat.id if event.message is not None else event.from_user.id
    return event.chat.id if isinstance(event, Message) else None


def find_tapped(event: TelegramObject) -> Tapped | None:
    """The message that was tapped; None for a text, and where Telegram does not show it any more."""
    message = event.message if isinstance(event, CallbackQuery) else None
    return Tapped(message.message_id, bool(message.photo)) if isinstance(message, Message) else None
