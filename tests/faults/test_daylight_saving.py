"""All changes of daylight saving 2020 to 2035 in New York, at every quarter of an hour, against PostgreSQL."""

from typing import Any

from payroll.business_time import BusinessZone
from tests.databases import connect
from tests.time.clock_changes import compare, list_changes

NEW_YORK = BusinessZone.named("America/New_York")
# Where the clocks change at another hour, by half an hour, at midnight, or on other days.
OTHERS = ("Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "America/Havana", "Asia/Beirut", "Europe/London")


def test_python_and_postgresql_agree_around_every_change(database: dict[str, Any]) -> None:
    with connect(database) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        changes = list_changes(connection, NEW_YORK, range(2020, 2036))
        counts = compare(connection, NEW_YORK, changes)
    print(f"\nNew York 2020 to 2035, three days around each change: {dict(counts)}")
    assert counts["changes"] == 32
    assert counts["times that exist never"] == counts["times that exist twice"] == 16 * 4
    assert counts["times that exist once"] == 32 * 288 - 2 * 64


def test_so_they_do_in_zones_with_other_habits(database: dict[str, Any]) -> None:
    with connect(database) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for name in OTHERS:
            zone = BusinessZone.named(name)
            counts = compare(connection, zone, list_changes(connection, zone, range(2020, 2036)))
            print(f"\n{name}: {dict(counts)}")
            assert counts["changes"] >= 30
            assert counts["times that exist never"] >= 30
            assert counts["times that exist twice"] >= 30


def test_the_zone_without_daylight_saving_never_changes(database: dict[str, Any]) -> None:
    fixed = BusinessZone.fixed_utc_minus_5()
    with connect(database) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        assert list_changes(connection, fixed, range(2020, 2036)) == []
        counts = compare(connection, fixed, list_changes(connection, NEW_YORK, range(2020, 2036)))
    print(f"\nUTC-5 on the same days: {dict(counts)}")
    assert counts["times that exist once"] == 32 * 288
