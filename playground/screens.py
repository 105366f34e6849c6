"""What a person sees, as records: read from the control API's JSON for the tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from playground.records import Json


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in a chat; sizes in pixels, `url` below the emulator's address."""

    url: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Screen:
    """One message of the bot as a person sees it; `text` is the caption where there is a picture or file.

    `document` is a file's name, `document_url` where it is below the emulator's address.
    """

    message_id: int
    text: str
    html: str
    rows: tuple[tuple[str, ...], ...]
    data: Mapping[str, str]
    photo: Picture | None
    document: str | None
    document_url: str | None
    is_edited: bool

    @property
    def buttons(self) -> tuple[str, ...]:
        """The texts of all buttons, row by row."""
        return tuple(text for row in self.rows for text in row)


@dataclass(frozen=True, slots=True)
class Toast:
    """What came of a tap: the update it made, and the bot's answer to it. `took` in seconds."""

    query_id: str
    update_id: int
    message_id: int
    is_answered: bool
    text: str
    is_alert: bool
    took: float | None


def is_reaction(event: Json) -> bool:
    """Whether the bot wrote, changed or removed something, or tried to and was refused."""
    if event["kind"] == "message":
        return any(message["is_from_bot"] for message in read_dicts([event.get("message")]))
    return event["kind"] in {"edited", "deleted", "refused"}


def read_screens(chat: Json) -> list[Screen]:
    """The bot's messages of a chat, oldest first."""
    return [_read_screen(message) for message in read_dicts(chat["messages"]) if message["is_from_bot"]]


def _read_screen(message: Json) -> Screen:
    given = message["buttons"] if isinstance(message["buttons"], list) else []
    rows = [read_dicts(row) for row in given]
    photos, documents = read_dicts([message["photo"]]), read_dicts([message["document"]])
    return Screen(
        message_id=read_number(message["message_id"]),
        text=str(message["text"]),
        html=str(message["html"]),
        rows=tuple(tuple(str(button["text"]) for button in row) for row in rows),
        data={str(button["text"]): str(button["data"]) for row in rows for button in row if button["data"]},
        photo=next((Picture(str(p["url"]), read_number(p["width"]), read_number(p["height"])) for p in photos), None),
        document=next((str(each["file_name"]) for each in documents), None),
        document_url=next((str(each["url"]) for each in documents), None),
        is_edited=bool(message["is_edited"]),
    )


def read_toast(press: Json) -> Toast:
    """A tap as the control API gives it."""
    took = press["took"]
    return Toast(
        query_id=str(press["query_id"]),
        update_id=read_number(press["update_id"]),
        message_id=read_number(press["message_id"]),
        is_answered=bool(press["is_answered"]),
        text=str(press["text"]),
        is_alert=bool(press["is_alert"]),
        took=took if isinstance(took, float) else None,
    )


def read_dicts(value: object) -> list[Json]:
    """The JSON objects of a list; empty for anything else."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def read_number(value: object) -> int:
    """A whole number out of JSON."""
    return int(str(value))
