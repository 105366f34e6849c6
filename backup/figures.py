"""What two databases that hold the same agree in: rows of every table, sums of the ledger, a hash a month of shifts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from backup.errors import BackupError
from backup.queries import fetch
from pg_schema import count_rows

Connection = psycopg.Connection[tuple[Any, ...]]

NEEDED_TABLES = {"alembic_version", "schema_metadata", "shifts", "shift_products", "balance_transactions"}


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one snapshot. Amounts are USD as text with two decimals.

    `tables`: rows by table. `ledger`: lines, credits and debits by reason. `months`: shifts and their hash by
    `YYYY-MM`.
    """

    tables: Mapping[str, int]
    ledger: Mapping[str, Sequence[Any]]
    months: Mapping[str, Sequence[Any]]

    def describe(self) -> dict[str, Any]:
        """As JSON has it."""
        return {"tables": dict(self.tables), "ledger": dict(self.ledger), "months": dict(self.months)}

    @property
    def ledger_lines(self) -> int:
        """Lines of the ledger."""
        return sum(lines for lines, _, _ in self.ledger.values())

    def render(self) -> str:
        """For a terminal, how much there is."""
        return (
            f"{self.tables.get('shifts', 0):,} shifts, {self.ledger_lines:,} lines of the ledger, "
            f"{sum(self.tables.values()):,} rows in {len(self.tables)} tables"
        )


def read_figures(connection: Connection) -> Figures:
    """The figures of what the connection sees, in the caller's transaction, whatever the schema's version.

    Raises BackupError where these are not the bot's tables.
    """
    fetch(connection, "set_plain_spelling")
    tables = count_rows(connection)
    if not tables.keys() >= NEEDED_TABLES:
        raise BackupError("The database has no tables of the bot, so there is nothing to back up.")
    return Figures(
        tables,
        {reason: [lines, credit, debit] for reason, lines, credit, debit in fetch(connection, "select_ledger_sums")},
        {month: [shifts, digest] for month, shifts, digest in fetch(connection, "select_month_hashes")},
    )


def list_differences(expected: Figures, found: Figures) -> list[str]:
    """One sentence for each figure in which they differ."""
    return [
        *_compare("rows of", expected.tables, found.tables),
        *_compare("ledger lines, credits and debits of", expected.ledger, found.ledger),
        *_compare("shifts and hash of", expected.months, found.months),
    ]


def _compare(what: str, expected: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    for key in sorted(expected.keys() | found.keys()):
        wanted, there = _spell(expected.get(key)), _spell(found.get(key))
        if wanted != there:
            yield f"{what} {key}: {wanted} expected, {there} found"


def _spell(value: Any) -> str:
    if value is None:
        return "nothing"
    return " ".join(map(str, value)) if isinstance(value, Sequence) else str(value)
