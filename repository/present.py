"""The present moment, as far as the clock can be believed (FAULTS "Clock of a Pi without battery")."""

from datetime import datetime

from payroll.checks import check_clock
from repository.database import Database
from repository.rules import Rules


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
