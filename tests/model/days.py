"""Wall clocks of New York, months and pay periods (SPEC 3.2, 3.3, PAYROLL D2, TECH T23)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/New_York")
TEXT = "%Y/%m/%d %H:%M:%S"


def write_wall(wall: datetime) -> str:
    """The form in which people and the sheet see a time."""
    return wall.strftime(TEXT)


def to_wall(instant: datetime) -> datetime:
    """What the clock on the wall shows."""
    return instant.astimezone(ZONE).replace(tzinfo=None)


def find_instant(wall: datetime) -> datetime | None:
    """The instant of a time on the wall, the earlier of two; None where the clocks jumped over it."""
    instant = wall.replace(tzinfo=ZONE, fold=0).astimezone(UTC)
    return instant if to_wall(instant) == wall else None


def get_date(instant: datetime) -> date:
    """The business date of an instant."""
    return to_wall(instant).date()


def get_month(day: date) -> date:
    """The first of the month."""
    return day.replace(day=1)


def get_period(day: date) -> tuple[date, date]:
    """The pay period of a day with pay days 1 and 15: first and last day."""
    if day.day < 15:
        return day.replace(day=1), day.replace(day=14)
    next_month = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return day.replace(day=15), next_month - timedelta(days=1)
