"""The days around the changes of the clocks, at every quarter of an hour, by Python and by PostgreSQL."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, LiteralString

import psycopg

from payroll.business_time import BusinessZone, Occurrence
from payroll.errors import ErrorKey, InvalidInputError
from tests.factories import make_terms

QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

# What the clocks show at an instant: PostgreSQL and Python have no choice there.
_WALLS: LiteralString = """
    SELECT i, i AT TIME ZONE %(zone)s,
           extract(epoch FROM i - lag(i, 32) OVER (ORDER BY i))::int,
           round(extract(epoch FROM i - lag(i, 32) OVER (ORDER BY i)) / 3600 * 15.00, 2)
      FROM unnest(%(instants)s::timestamptz[]) AS i ORDER BY i
"""
# Which instants show a wall-clock time: PostgreSQL's own choice where there are two (or none) is of no interest.
_INSTANTS: LiteralString = """
    SELECT w, array_agg(i ORDER BY i) FILTER (WHERE i IS NOT NULL)
      FROM unnest(%(walls)s::timestamp[]) AS w
      LEFT JOIN unnest(%(instants)s::timestamptz[]) AS i ON i AT TIME ZONE %(zone)s = w
     GROUP BY w ORDER BY w
"""
# By every quarter of an hour of three years: where an offset is another than the quarter before.
_CHANGES: LiteralString = """
    SELECT i FROM (
        SELECT i, i AT TIME ZONE %(zone)s - lag(i) OVER (ORDER BY i) AT TIME ZONE %(zone)s AS step
          FROM generate_series(%(first)s::timestamptz, %(last)s::timestamptz, interval '15 minutes') AS i) t
     WHERE step <> interval '15 minutes' ORDER BY i
"""

Connection = psycopg.Connection[tuple[Any, ...]]


def list_changes(connection: Connection, zone: BusinessZone, years: Iterable[int]) -> list[datetime]:
    """The instants at which the clocks change in these years, as PostgreSQL knows them."""
    changes = []
    for year in years:
        first = datetime(year, 1, 1, tzinfo=UTC)
        params = {"zone": zone.name, "first": first, "last": first.replace(year=year + 1)}
        changes += [row[0] for row in connection.execute(_CHANGES, params)]
    return changes


def compare(connection: Connection, zone: BusinessZone, changes: Sequence[datetime]) -> Counter[str]:
    """Walk the three days around each change; what was compared. Raises AssertionError."""
    counts: Counter[str] = Counter()
    for change in changes:
        counts["changes"] += 1
        midnight = datetime.combine(zone.date_of(change) - DAY, time())
        walls = [midnight + QUARTER * number for number in range(3 * 96)]
        # Wide enough that every wall-clock time of the three days is among what they show.
        instants = [change + QUARTER * number for number in range(-3 * 96, 3 * 96)]
        counts.update(_compare_walls(connection, zone, instants))
        counts.update(_compare_instants(connection, zone, walls, instants))
        counts.update(_compare_first_after(zone, instants[96:-96]))
    return counts


def _compare_walls(connection: Connection, zone: BusinessZone, instants: list[datetime]) -> Counter[str]:
    """Instants and what the clocks show; the time and the pay of eight real hours up to each."""
    counts: Counter[str] = Counter()
    shifts = make_terms()
    for instant, wall, seconds, pay in connection.execute(_WALLS, {"zone": zone.name, "instants": instants}):
        assert zone.to_wall(instant) == wall, instant
        counts["instants shown"] += 1
        if seconds is None:
            continue
        begun = instant - 32 * QUARTER
        elapsed = zone.parse(instant) - zone.parse(begun)
        assert elapsed.total_seconds() == seconds == 8 * 3600
        assert pay == shifts.hourly_wage * 8
        counts["elapsed times"] += 1
    return counts


def _compare_instants(
    connection: Connection, zone: BusinessZone, walls: list[datetime], instants: list[datetime]
) -> Counter[str]:
    """Wall-clock times: that there is no, one or two instants of them, and which."""
    counts: Counter[str] = Counter()
    for wall, shown_at in connection.execute(_INSTANTS, {"zone": zone.name, "walls": walls, "instants": instants}):
        found = list(_list_instants(zone, wall))
        assert found == (shown_at or []), wall
        assert zone.exists(wall) == bool(found)
        assert zone.is_ambiguous(wall) == (len(found) == 2)
        counts[f"times that exist {('never', 'once', 'twice')[len(found)]}"] += 1
    return counts


def _list_instants(zone: BusinessZone, wall: datetime) -> Iterator[datetime]:
    """By the door through which every time comes in: refused, one, or asked and then either of two."""
    try:
        yield zone.localize(wall, occurrence=None)
    except InvalidInputError as error:
        if error.key is ErrorKey.TIME_EXISTS_TWICE:
            yield from (zone.localize(wall, occurrence=occurrence) for occurrence in Occurrence)
        else:
            assert error.key is ErrorKey.TIME_DOES_NOT_EXIST  # noqa: PT017


def _compare_first_after(zone: BusinessZone, instants: Sequence[datetime]) -> Counter[str]:
    """The end of a shift by its clock time: the first such instant after the start, by the walk over the instants."""
    counts: Counter[str] = Counter()
    shown = [(instant, zone.to_wall(instant)) for instant in instants]
    for place, (start, _) in enumerate(shown[: -2 * 96]):
        for clock in (time(1, 30), time(2, 30), time(6)):
            later = (instant for instant, wall in shown[place + 1 :] if wall.time() == clock)
            try:
                found = zone.first_after(start, clock, occurrence=Occurrence.EARLIER)
            except InvalidInputError as error:
                assert error.key is ErrorKey.TIME_DOES_NOT_EXIST  # noqa: PT017
                counts["ends refused"] += 1
            else:
                assert found == next(later), (start, clock)
                counts["ends found"] += 1
    return counts
