"""What a handler returns: what to show. One place sends it (TECH T20)."""

from dataclasses import dataclass, replace
from typing import TypeAlias

from aiogram.types import InlineKeyboardMarkup

from bot.words import Html


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to somebody who is not in the records, and so gets no notice; lost if it cannot be sent now."""

    chat_id: int
    text: Html


@dataclass(frozen=True, slots=True)
class File:
    """A document to keep, with the name it is saved under."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Drawing:
    """A document that takes long to draw, of which `order` has what it is drawn from; it comes when it is there.

    `coming` says so at once; `failed` is said in its place where it cannot be drawn.
    """

    name: str
    order: bytes
    coming: Html
    failed: Html


@dataclass(frozen=True, slots=True)
class Screen:
    """A message with its buttons.

    Each chat has one live screen. A tap on it edits it in place, unless the answer `is_new`; a tap on any other message
    brings the screen anew at the bottom, and the live one before loses its buttons. A screen that `lasts` (a receipt,
    an answered notice) is a record in the chat instead: it edits whatever message was tapped, and keeps its buttons
    when the next screen comes.

    `photo` is a PNG with the text below it. A screen with a `file` comes beside the live one, which stays as it is; the
    text stands below the file; with a `drawing` it comes later, and the chat goes on meanwhile. One that `must_arrive`
    says what came of a deed: a newer screen never takes its place unsent, as it does with any other. One that
    `ends_question` comes in place of a dialogue's question, which was answered or left: the live message before is
    taken away. `toast` answers the tap. `letter` goes to somebody else. `draft_id` is the dialogue whose question this
    is: any other screen leaves the dialogue that is open. `again` is the data of a button that shows the same screen
    and does nothing: by it the pages of one that is too long are turned.
    """

    text: Html
    keyboard: InlineKeyboardMarkup | None = None
    photo: bytes | None = None
    file: File | None = None
    drawing: Drawing | None = None
    toast: str | None = None
    is_new: bool = False
    lasts: bool = False
    must_arrive: bool = False
    ends_question: bool = False
    letter: Letter | None = None
    draft_id: str | None = None
    again: str | None = None

    def with_toast(self, toast: str | None) -> "Screen":
        """The same screen, answering the tap with a short text."""
        return replace(self, toast=toast)


@dataclass(frozen=True, slots=True)
class Toast:
    """An answer to a tap that leaves the message as it is; `is_alert` waits for OK."""

    text: str
    is_alert: bool = False


Answer: TypeAlias = Screen | Toast
