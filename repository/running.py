"""Everybody who is on shift, and who of them was asked whether they forgot to clock out (SPEC 4.24)."""

from payroll.checks import USUAL_FROM
from payroll.shifts import OnShift
from repository.database import Database, unit_of_work
from repository.rules import Rules

_ASKED = "asked if over"


class RunningShifts:
    """The door to the shifts that run."""

    def __init__(self, database: Database, rules: Rules) -> None:
        self._database = database
        self._rules = rules

    def list_all(self) -> list[OnShift]:
        """Who is on shift, the longest first."""
        rows = self._database.fetch_all("select_on_shift", {"limit": USUAL_FROM})
        return [
            OnShift(shift_id, employee_id, name, time_in, tuple(last_hours))
            for shift_id, employee_id, name, time_in, last_hours in rows
        ]

    @unit_of_work
    def note_asked(self, shift_id: int) -> bool:
        """Note that its owner is asked; False where that was done before: the database keeps one note a shift."""
        note = {"kind": _ASKED, "periods": [str(shift_id)], "state": "done", "now": self._rules.clock()}
        return self._database.execute("insert_due_work", note) == 1
