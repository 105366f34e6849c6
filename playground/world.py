"""The emulated Telegram: people, their chats with the bot, files, button presses, the clock. All in memory."""

from __future__ import annotations

import asyncio
import hashlib
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from itertools import count

from playground import errors
from playground.errors import ApiError, PersonError
from playground.events import EventLog
from playground.faults import Faults, Limits, Outage
from playground.images import find_image_size
from playground.records import (
    FIRST_NUMBERS,
    NO_GUIDE,
    BotCommand,
    BotProfile,
    Json,
    Message,
    Numbers,
    Press,
    Profile,
    StoredFile,
)
from playground.updates import UpdateQueue

CALLBACK_LIFETIME = 150.0
_KEPT_ARRIVALS = 100_000


@dataclass(slots=True)
class Chat:
    """The private chat of one person with the bot."""

    profile: Profile
    is_started: bool = False
    is_blocked: bool = False
    messages: dict[int, Message] = field(default_factory=dict)
    last_message_id: int = 0


class World:
    """Everything the emulator knows. Used on one event loop, so each method is one indivisible step."""

    def __init__(self, bot: BotProfile, clock: Callable[[], float], numbers: Numbers = FIRST_NUMBERS) -> None:
        self.bot = bot
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.presses: dict[str, Press] = {}
        self.commands: dict[tuple[str, str], tuple[BotCommand, ...]] = {}
        self.menu_buttons: dict[int, Json] = {}
        self.guide = NO_GUIDE
        self.webhook_url = ""
        self.calls: dict[str, int] = {}
        self.callback_lifetime = CALLBACK_LIFETIME
        self.events = EventLog()
        self.updates = UpdateQueue(self._report_confirmed, numbers.update_id)
        self.faults = Faults()
        self.limits = Limits()
        self.arrivals: deque[tuple[float, str]] = deque(maxlen=_KEPT_ARRIVALS)
        """When the bot called what, calls in an outage included; on the emulator's clock, oldest first."""
        self.outage: Outage | None = None
        self._outage_over = asyncio.Event()
        self._clock = clock
        self._clock_offset = 0.0
        self._first_message_id = numbers.message_id
        self._query_ids = count(numbers.query_id)
        self._file_numbers = count(numbers.file_number)

    def now(self) -> float:
        """Unix time on the emulator's clock."""
        return self._clock() + self._clock_offset

    def advance_clock(self, seconds: float) -> None:
        """Move the emulator's clock forward."""
        self._clock_offset += seconds

    def note_call(self, method: str) -> None:
        """The bot calls a method, whatever comes of it."""
        self.arrivals.append((self.now(), method))

    def set_outage(self, outage: Outage | None) -> None:
        """Be away in this way from now on; None ends it. Calls that hang are let go then, and polls at once."""
        self.outage = outage
        if outage is None:
            self._outage_over.set()
        else:
            self._outage_over.clear()
            self.updates.interrupt()

    async def wait_for_end_of_outage(self) -> None:
        """Wait as long as Telegram is away."""
        await self._outage_over.wait()

    def close(self) -> None:
        """Let everybody go who waits for updates or events."""
        self.set_outage(None)
        self.updates.close()
        self.events.close()

    # People and their chats

    def add_person(self, profile: Profile) -> Chat:
        """Add a person, or change the names of one who is there."""
        chat = self.chats.setdefault(profile.id, Chat(profile, last_message_id=self._first_message_id - 1))
        chat.profile = profile
        self.events.add("person", 0, {"id": profile.id})
        return chat

    def get_chat(self, person_id: int) -> Chat:
        """The chat of a person; PersonError where there is no such person."""
        if person_id not in self.chats:
            raise PersonError(f"there is no person {person_id} (people: {sorted(self.chats)})")
        return self.chats[person_id]

    def get_reachable_chat(self, chat_id: int) -> Chat:
        """The chat that the bot wants to write to, or the real server's refusal."""
        chat = self.chats.get(chat_id)
        if chat is None:
            raise ApiError(errors.CHAT_NOT_FOUND)
        if chat.is_blocked:
            raise ApiError(errors.BLOCKED)
        if not chat.is_started:
            raise ApiError(errors.NOT_STARTED)
        return chat

    # Messages

    def add_message(self, chat: Chat, message: Message) -> Message:
        """Keep a new message under the chat's next id; the id and the date of `message` are filled in here."""
        chat.last_message_id += 1
        message = replace(message, message_id=chat.last_message_id, date=int(self.now()))
        chat.messages[message.message_id] = message
        self.events.add("message", message.chat_id, {"message_id": message.message_id})
        return message

    def replace_message(self, chat: Chat, message: Message) -> Message:
        """Put the edited message in the place of the old one; its edit date is filled in here."""
        message = replace(message, edit_date=int(self.now()))
        chat.messages[message.message_id] = message
        self.events.add("edited", message.chat_id, {"message_id": message.message_id})
        return message

    def delete_message(self, chat: Chat, message_id: int) -> None:
        """Remove a message from the chat."""
        del chat.messages[message_id]
        self.events.add("deleted", chat.profile.id, {"message_id": message_id})

    # Files

    def add_file(self, name: str, mime_type: str, content: bytes, *, is_picture: bool) -> StoredFile:
        """Keep a file; a picture gets its size from its header."""
        kind = "photo" if is_picture else "document"
        if is_picture:
            mime_type = "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
        file = StoredFile(
            file_id=f"{kind}-{next(self._file_numbers)}",
            file_unique_id=hashlib.sha256(content).hexdigest()[:16],
            file_name=name.replace("/", "_") or f"{kind}.bin",
            mime_type=mime_type,
            content=content,
            size=find_image_size(content) if is_picture else None,
        )
        self.files[file.file_id] = file
        return file

    # Button presses

    def next_query_id(self) -> str:
        """A fresh callback query id."""
        return str(next(self._query_ids))

    def put_press(self, press: Press) -> None:
        """Keep a press, new or answered."""
        self.presses[press.query_id] = press
        self.events.add("answered" if press.answer else "pressed", press.user_id, {"query_id": press.query_id})

    def list_presses(self, person_id: int) -> list[Press]:
        """The presses of a person, oldest first."""
        return [press for press in self.presses.values() if press.user_id == person_id]

    def is_expired(self, press: Press) -> bool:
        """Whether the bot can no longer answer this press."""
        return self.now() - press.pressed_at > self.callback_lifetime

    # Commands

    def list_commands(self, profile: Profile) -> tuple[BotCommand, ...]:
        """The command menu that a person sees: the narrowest scope first, their language before none."""
        for scope in (f"chat:{profile.id}", "all_private_chats", "default"):
            for language in (profile.language_code, ""):
                if (scope, language) in self.commands:
                    return self.commands[scope, language]
        return ()

    def set_commands(self, scope: str, language: str, commands: Iterable[BotCommand] | None) -> None:
        """Set the menu of a scope and language; None takes it away."""
        if commands is None:
            self.commands.pop((scope, language), None)
        else:
            self.commands[scope, language] = tuple(commands)
        self.events.add("commands", 0, {})

    def _report_confirmed(self, chat_id: int, update_id: int) -> None:
        self.events.add("confirmed", chat_id, {"update_id": update_id})
