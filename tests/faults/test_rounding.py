"""A million pay lines: the rounder in Python and SQL agree to the cent."""

from typing import Any

from tests.databases import connect
from tests.time.pay_lines import compare


def test_a_million_pay_lines_are_the_same_to_the_cent(database: dict[str, Any]) -> None:
    with connect(database) as connection:
        counts = compare(connection, 1_000_000, seed=2665)
    print(f"\n{dict(counts)}")
    assert {name: count for name, count in counts.items() if name.startswith("different") and count} == {}
    assert counts["lines"] == 1_000_000
    assert counts["commissions on half a cent"] > 10_000
    assert counts["negative halves that went away from zero"] > 10_000
