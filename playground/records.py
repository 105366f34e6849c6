"""What the emulator keeps: people, messages, files, button presses, events. Instants are unix seconds (UTC)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields

from playground.entities import FormattedText

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Profile:
    """A person who has Telegram; `label` (such as "admin") is for the page only, the bot never sees it."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = "en"
    label: str = ""

    def as_user(self) -> Json:
        """The Bot API's User."""
        return {"id": self.id, "is_bot": False, **self._names(), **_given(language_code=self.language_code)}

    def as_chat(self) -> Json:
        """The Bot API's Chat: the private chat with this person."""
        return {"id": self.id, "type": "private", **self._names()}

    def _names(self) -> Json:
        return {"first_name": self.first_name, **_given(last_name=self.last_name, username=self.username)}


@dataclass(frozen=True, slots=True)
class BotProfile:
    """The bot's own account."""

    id: int
    first_name: str
    username: str

    def as_user(self) -> Json:
        """The Bot API's User as other objects carry it."""
        return {"id": self.id, "is_bot": True, "first_name": self.first_name, "username": self.username}

    def as_me(self) -> Json:
        """The Bot API's User as getMe gives it."""
        return {
            **self.as_user(),
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }


@dataclass(frozen=True, slots=True)
class Numbers:
    """The first numbers that the emulator hands out; each goes up from there.

    A bot remembers them, and for longer than an emulator lives: one that runs on kept data goes on with higher ones.
    """

    update_id: int = 500_000_001
    message_id: int = 1
    """Of each chat."""
    query_id: int = 4_100_000_000_000_000_001
    file_number: int = 1

    def skip(self, count: int) -> Numbers:
        """The same, so many further on."""
        return Numbers(*(getattr(self, one.name) + count for one in fields(self)))


FIRST_NUMBERS = Numbers()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to try on the page, as one of the people."""

    person_id: int
    title: str
    text: str

    def as_json(self) -> Json:
        """As the control API gives it."""
        return {"person_id": self.person_id, "title": self.title, "text": self.text}


@dataclass(frozen=True, slots=True)
class Guide:
    """What the page tells of the bot behind it; empty where nothing is known of it.

    `zone` is the IANA name of its time zone, `start_over` the command that brings fresh sample data.
    """

    zone: str = ""
    start_over: str = ""
    suggestions: tuple[Suggestion, ...] = ()

    def as_json(self) -> Json:
        """As the control API gives it."""
        suggestions = [one.as_json() for one in self.suggestions]
        return {"zone": self.zone, "start_over": self.start_over, "suggestions": suggestions}


NO_GUIDE = Guide()


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file on the emulator; `size` (width, height) in pixels where it is a picture."""

    file_id: str
    file_unique_id: str
    file_name: str
    mime_type: str
    content: bytes = field(repr=False)
    size: tuple[int, int] | None = None

    @property
    def path(self) -> str:
        """Path below /file/bot<token>/, as getFile names it."""
        return f"{'photos' if self.size else 'documents'}/{self.file_id}/{self.file_name}"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a private chat as it is now; text or caption stand in `content`."""

    chat_id: int
    is_from_bot: bool
    message_id: int = 0
    date: int = 0
    content: FormattedText = field(default_factory=FormattedText)
    markup: Mapping[str, object] | None = None
    photo: StoredFile | None = None
    document: StoredFile | None = None
    edit_date: int | None = None
    reply_to: int | None = None
    forwarded_from: str = ""

    @property
    def has_media(self) -> bool:
        """Whether `content` is a caption."""
        return self.photo is not None or self.document is not None

    def list_buttons(self) -> Iterator[Mapping[str, object]]:
        """The inline buttons, row by row."""
        for row in list_rows(self.markup):
            yield from row


@dataclass(frozen=True, slots=True)
class Answer:
    """The bot's answer to a button press; `took` in seconds of real time."""

    text: str
    is_alert: bool
    url: str
    took: float


@dataclass(frozen=True, slots=True)
class Press:
    """A tap on a button: the callback query that the bot gets. `started` is on the monotonic clock."""

    query_id: str
    user_id: int
    message_id: int
    data: str
    pressed_at: float
    started: float
    update_id: int
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """What a person has just sent: the update for the bot and the message in the chat."""

    update_id: int
    message_id: int

    def as_json(self) -> Json:
        """As the control API gives it."""
        return {"update_id": self.update_id, "message_id": self.message_id}


@dataclass(frozen=True, slots=True)
class BotCommand:
    """One line of the bot's command menu."""

    command: str
    description: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a chat; `seq` grows by one with each event of the emulator."""

    seq: int
    kind: str
    chat_id: int
    body: Json

    def as_json(self) -> Json:
        """The event as the control API gives it."""
        return {"seq": self.seq, "kind": self.kind, "chat_id": self.chat_id, "body": self.body}


def list_rows(markup: Mapping[str, object] | None) -> list[list[Mapping[str, object]]]:
    """Rows of an inline keyboard; empty for any other markup."""
    rows = (markup or {}).get("inline_keyboard", [])
    return [list(row) for row in rows] if isinstance(rows, list) else []


def _given(**values: str) -> Json:
    return {name: value for name, value in values.items() if value}
