"""The outbox: messages to send, written by the transaction they tell about and sent after it (FAULTS "Telegram").

A notice goes to a person, wherever they are when it is sent. A screen or a letter goes to a chat. A screen whose file
takes long to draw waits beside them as a drawing, and holds up none of them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from repository.database import Database, unit_of_work
from repository.rows import dump_json

SCREEN = "screen"
LETTER = "letter"
"""Kinds that go to a chat; every other kind but the next is a notice and names its words."""
DRAWING = "drawing"
"""A screen whose file is still to be drawn: what is attached is what it is drawn from. Not sent as such."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A message for a person that waits. `kind` names its words, `payload` has its facts."""

    notice_id: int
    employee_id: int
    telegram_id: int | None
    language: str | None
    kind: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message that is next in its chat. `live_id` is the chat's message that carries the live keyboard.

    `attached` is a picture, or a file that the payload names. `timeline` is the one that the database is on.
    """

    outbox_id: int
    employee_id: int | None
    chat_id: int | None
    language: str | None
    kind: str
    payload: Mapping[str, Any]
    attached: bytes | None
    live_id: int | None
    timeline: str

    @property
    def is_notice(self) -> bool:
        """Whether it goes to a person rather than a chat."""
        return self.employee_id is not None


class Outbox:
    """The door to the outbox."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @unit_of_work
    def add(self, employee_id: int, kind: str, payload: Mapping[str, Any]) -> None:
        """Leave a notice for a person."""
        self._database.execute(
            "insert_parcel", {"employee_id": employee_id, "kind": kind, "payload": dump_json(payload)}
        )

    @unit_of_work
    def add_for_admins(self, kind: str, payload: Mapping[str, Any]) -> None:
        """Leave a notice for every active admin."""
        self._database.execute("insert_admin_notices", {"kind": kind, "payload": dump_json(payload)})

    @unit_of_work
    def add_alarm(self, kind: str, payload: Mapping[str, Any]) -> None:
        """As `add_for_admins`, for whom the last ten minutes have brought none of that kind."""
        self._database.execute("insert_admin_alarms", {"kind": kind, "payload": dump_json(payload)})

    @unit_of_work
    def add_to_chat(
        self,
        chat_id: int,
        kind: str,
        payload: Mapping[str, Any],
        attached: bytes | None = None,
        *,
        overtakes: Collection[str] = (),
    ) -> Parcel | None:
        """Leave a screen or a letter for a chat, with a picture or the file that the payload names.

        What waits for the chat in one of the places that it `overtakes` (the payload's `places`) is not sent any more.
        Gives the message where it is the next one of its chat, and may be sent as soon as it is committed.
        """
        params = {"chat_id": chat_id, "kind": kind, "payload": dump_json(payload), "photo": attached}
        row = self._database.fetch_one("insert_chat_parcel", {**params, "overtakes": list(overtakes)})
        if row is None:
            return None
        outbox_id, stored, live_id, timeline = row
        return Parcel(outbox_id, None, chat_id, None, kind, stored, attached, live_id, timeline)

    def list_unsent(self, limit: int = 100) -> list[Notice]:
        """The notices that wait, oldest first."""
        return [Notice(*row) for row in self._database.fetch_all("select_unsent_notices", {"limit": limit})]

    def list_next(self, *, shut: Collection[int], paced: Collection[int], limit: int) -> tuple[list[Parcel], bool]:
        """The next message of each chat that may be sent now, out of the `limit` oldest; and whether these were all.

        Nothing for the chats `shut`, no notices for the chats `paced`. In a chat: what answers the person first, then
        the notices, each in the order of their transactions.
        """
        params = {"shut": list(shut), "paced": list(paced), "limit": limit}
        rows = self._database.fetch_all("select_next_parcels", params)
        return [Parcel(*row[:-1]) for row in rows], not rows or rows[0][-1] < limit

    def mark_sent(
        self, outbox_id: int, *, chat_id: int | None = None, live_id: int | None = None, record_id: int | None = None
    ) -> None:
        """It arrived; `live_id` is the chat's live message from now on, `record_id` is the live one no longer."""
        params = {"outbox_id": outbox_id, "chat_id": chat_id, "live_id": live_id, "record_id": record_id}
        self._database.repeat("mark_parcel_sent", params)

    @unit_of_work
    def postpone(self, outbox_id: int, seconds: int) -> None:
        """Not before so many seconds from now, as Telegram has said."""
        self._database.execute("postpone_parcel", {"outbox_id": outbox_id, "seconds": seconds})

    @unit_of_work
    def mark_failed(self, outbox_id: int, error: str) -> None:
        """It cannot arrive, ever; kept with the reason, in which nothing personal stands."""
        self._database.execute("mark_parcel_failed", {"outbox_id": outbox_id, "error": error})

    @unit_of_work
    def mark_unreachable(self, chat_id: int, reason: str) -> None:
        """Telegram delivers nothing to this person any more: noted, and the admins are told, once until they are back.

        `reason` is `blocked`, `deactivated` or `never_started`.
        """
        row = self._database.fetch_one("mark_unreachable", {"chat_id": chat_id, "reason": reason})
        if row is not None:
            self.add_for_admins("unreachable", {"employee_id": row[0], "reason": reason})

    def find_order(self) -> tuple[int, bytes] | None:
        """The oldest drawing that waits, and what it is drawn from."""
        row = self._database.fetch_one("select_next_drawing")
        return None if row is None else (row[0], bytes(row[1]))

    @unit_of_work
    def put_drawn(self, outbox_id: int, file: bytes) -> None:
        """The drawing is a screen with its file from now on; left alone where a newer one has overtaken it."""
        self._database.execute("put_drawn", {"outbox_id": outbox_id, "file": file})

    @unit_of_work
    def give_up_drawing(self, outbox_id: int) -> None:
        """The drawing becomes the sentence that it failed, and the admins are told."""
        self._database.execute("give_up_drawing", {"outbox_id": outbox_id})
        self.add_alarm("file_failed", {})

    @unit_of_work
    def move_chat(self, chat_id: int, new_chat_id: int) -> None:
        """A group has become a supergroup with another id: what waits for it goes there."""
        params = {"chat_id": chat_id, "new_chat_id": new_chat_id}
        self._database.execute("move_parcels", params)
        self._database.execute("drop_screen", {"chat_id": chat_id})
