"""The present moment, as far as the clock can be believed (FAULTS "Clock of a Pi without battery")."""

from dataclasses import dataclass
from datetime import date, datetime

from payroll.checks import CLOCK_TOLERANCE, check_clock
from repository.database import Database
from repository.rules import Rules


@dataclass(frozen=True, slots=True)
class ShiftAhead:
    """A shift that was recorded, or began, at a moment that has not come yet: this clock or that one was wrong."""

    shift_id: int
    employee_name: str
    shift_date: date
    moment: datetime


class Present:
    """The door to "now", for whoever writes it down without anybody having looked at a clock."""

    def __init__(self, database: Database, rules: Rules) -> None:
        self._database = database
        self._rules = rules

    def read_now(self) -> datetime:
        """The present instant in UTC. Raises ConflictError with CLOCK_WRONG where it cannot be right."""
        now = self._rules.clock()
        row = self._database.fetch_one("select_newest_moment")
        check_clock(now, row[0] if row else None, self._rules.zone)
        return now

    def find_ahead(self) -> ShiftAhead | None:
        """The shift for which `read_now` refuses, the last of them; None where there is none."""
        row = self._database.fetch_one("select_shift_ahead", {"after": self._rules.clock() + CLOCK_TOLERANCE})
        return ShiftAhead(*row) if row else None
