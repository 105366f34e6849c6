"""The time in tests: it stands still until a test moves it."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(slots=True)
class SteppingClock:
    """A clock that gives `now`, an aware datetime in UTC."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        """Move it on, `move(hours=1)`."""
        self.now += timedelta(**by)
