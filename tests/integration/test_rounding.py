"""The rounder in Python and SQL agree to the cent."""

from typing import Any

from tests.databases import connect, fetch_all
from tests.time.pay_lines import compare


def test_twenty_thousand_pay_lines_are_the_same_to_the_cent(database: dict[str, Any]) -> None:
    with connect(database) as connection:
        counts = compare(connection, 20_000, seed=1)
    assert {name: count for name, count in counts.items() if name.startswith("different") and count} == {}
    assert counts["lines"] == 20_000
    assert counts["commissions on half a cent"] > 200
    assert counts["negative halves that went away from zero"] > 200


def test_half_a_cent_goes_away_from_zero_in_sql_too(database: dict[str, Any]) -> None:
    query = "SELECT round(2.665, 2)::text, round(-2.665, 2)::text, round(0.005, 2)::text, round(-0.005, 2)::text"
    assert fetch_all(database, query) == [("2.67", "-2.67", "0.01", "-0.01")]
