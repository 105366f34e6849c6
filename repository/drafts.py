"""Drafts: dialogues in progress. Buttons carry a draft's short opaque id; the database decides which tap saves."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from payroll.errors import ConflictError, ErrorKey
from repository.database import Database, unit_of_work
from repository.rows import dump_json

_ID_BYTES = 6
_LEFT = "is_left"
"""Beside what a dialogue says: kept by `Drafts.note_shown`, gone with the next step."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A dialogue. `data` is JSON: what was said so far. `state` is open, saved or cancelled.

    `revision` counts its steps: a step is taken only from the revision it was shown at.
    """

    draft_id: str
    employee_id: int
    kind: str
    state: str
    step: str
    data: Mapping[str, Any]
    revision: int
    shift_id: int | None

    @property
    def is_open(self) -> bool:
        """Whether it still goes on."""
        return self.state == "open"

    @property
    def is_left(self) -> bool:
        """Whether the person has been shown another screen since its question."""
        return _LEFT in self.data


class Drafts:
    """The door to drafts. Nothing here looks at what a draft says, but whether it was left."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @unit_of_work
    def open(
        self, employee_id: int, kind: str, step: str, data: Mapping[str, Any], shift_id: int | None = None
    ) -> Draft:
        """Begin a dialogue; others of the same person go on beside it."""
        draft_id = secrets.token_urlsafe(_ID_BYTES)
        params = {
            "draft_id": draft_id,
            "employee_id": employee_id,
            "kind": kind,
            "step": step,
            "data": dump_json(data),
            "shift_id": shift_id,
        }
        row = self._database.fetch_one("insert_draft", params)
        if row is None:
            raise LookupError("a draft that has just been inserted is there")
        return Draft(*row)

    def find(self, draft_id: str, employee_id: int) -> Draft | None:
        """A person's draft; None where there is none of that id, or it is somebody else's."""
        row = self._database.fetch_one("select_draft", {"draft_id": draft_id, "employee_id": employee_id})
        return Draft(*row) if row else None

    def find_current(self, employee_id: int) -> Draft | None:
        """The dialogue whose question the person was shown last; None where they were shown something else since."""
        row = self._database.fetch_one("select_current_draft", {"employee_id": employee_id})
        return Draft(*row) if row else None

    def list_open(self, employee_id: int) -> list[Draft]:
        """The person's dialogues that go on, the one answered last first."""
        return [Draft(*row) for row in self._database.fetch_all("select_open_drafts", {"employee_id": employee_id})]

    def list_interrupted(self) -> list[tuple[str, int]]:
        """Dialogues of the last day in which a press may have been lost: the draft's id, and whose account.

        What was left for another screen waits for its button instead. Each is listed until it has been
        asked again (a screen in the outbox that names it), or goes on.
        """
        return [(row[0], row[1]) for row in self._database.fetch_all("select_interrupted_drafts")]

    def move(self, draft: Draft, step: str, data: Mapping[str, Any]) -> Draft:
        """Take a step. Raises ConflictError where the draft is over or has moved on since it was read."""
        return self._change("move_draft", draft, step=step, data=dump_json(data))

    def close(self, draft: Draft) -> Draft:
        """End it as saved: of any number of taps at once exactly one gets here, the others get ConflictError.

        To be called in the transaction that does what the draft was for.
        """
        return self._change("close_draft", draft)

    def note_shown(self, telegram_id: int, draft_id: str | None) -> bool:
        """Note which dialogue's question an account is shown, None for any other screen: its open one is then left.

        True where a question was in sight until then: the screen ends that one. To be called in the transaction that
        sends the screen. Buttons go on as before.
        """
        row = self._database.fetch_one("note_shown_draft", {"telegram_id": telegram_id, "draft_id": draft_id})
        return row is not None and bool(row[0])

    def link(self, draft_id: str, shift_id: int) -> None:
        """Note which shift a saved draft became."""
        self._database.execute("link_draft", {"draft_id": draft_id, "shift_id": shift_id})

    def cancel(self, drafts: Iterable[Draft]) -> None:
        """End dialogues without doing anything; those that are over stay as they are."""
        draft_ids = [one.draft_id for one in drafts]
        if draft_ids:
            self._database.execute("cancel_drafts", {"draft_ids": draft_ids})

    def _change(self, query: str, draft: Draft, **more: Any) -> Draft:
        params = {"draft_id": draft.draft_id, "revision": draft.revision, **more}
        row = self._database.fetch_one(query, params)
        if row is None:
            raise refuse_closed(draft.draft_id, self.find(draft.draft_id, draft.employee_id))
        return Draft(*row)


def refuse_closed(draft_id: str, found: Draft | None) -> ConflictError:
    """The error for a dialogue that is over; it says so where it was saved."""
    return ConflictError(
        ErrorKey.DRAFT_SAVED if found is not None and found.state == "saved" else ErrorKey.DRAFT_CLOSED,
        field="draft",
        value=draft_id,
        allowed="a dialogue that is still open",
    )
