"""Python and PostgreSQL read the clocks of New York alike, in the year of the changes that people ask about."""

from typing import Any

from payroll.business_time import BusinessZone
from tests.databases import connect
from tests.time.clock_changes import compare, list_changes

NEW_YORK = BusinessZone.named("America/New_York")


def test_python_and_postgresql_agree_around_both_changes_of_a_year(database: dict[str, Any]) -> None:
    with connect(database) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        counts = compare(connection, NEW_YORK, list_changes(connection, NEW_YORK, [2026]))
    assert counts["changes"] == 2
    assert counts["times that exist never"] == counts["times that exist twice"] == 4
    assert counts["times that exist once"] == 2 * 288 - 8
