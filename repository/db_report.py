"""What the database server knows of its own work: sizes, use, waits. Nothing about a person, no value of a query."""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from repository.database import Database

LONGEST_TEXT = 60
_KIB, _MIB = 1024, 1024 * 1024
MOST_QUERIES = 10
_VALUES = re.compile(r"'(?:[^']|'')*'?|(?<![\w$.])\d[\w.]*")
_COMMENTS = re.compile(r"/\*.*?\*/|--[^\n]*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class TableUse:
    """A table: its rows as the server estimates them, its size in bytes with and of its indexes, when it was tidied."""

    name: str
    rows: int
    dead_rows: int
    """Old versions of rows that vacuum will take away."""
    size_bytes: int
    index_bytes: int
    vacuumed_at: datetime | None
    """The last vacuum, by hand or by itself; None: none since the statistics began."""
    analyzed_at: datetime | None


@dataclass(frozen=True, slots=True)
class IndexUse:
    """An index: how often a query looked into it since the statistics began."""

    name: str
    table: str
    scans: int
    size_bytes: int
    is_constraint: bool
    """It keeps a rule (a key, no overlaps), so that it is needed even where no query looks into it."""

    @property
    def is_idle(self) -> bool:
        """Whether it only costs: no query uses it, and it keeps no rule."""
        return self.scans == 0 and not self.is_constraint


@dataclass(frozen=True, slots=True)
class SlowQuery:
    """A kind of query: its text without values, cut, how often it ran, and how long it took."""

    text: str
    calls: int
    mean_ms: Decimal
    total_ms: Decimal


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """What there is one of."""

    database: str
    server_version: str
    size_bytes: int
    counted_since: datetime | None
    """When the server began to count; None: ever since the database was made."""
    connections: int
    most_connections: int
    """What the server allows, to all its databases."""
    oldest_transaction_seconds: int | None
    """Age of the oldest that is open, other than this one, as far as the role may see; None: there is none."""
    transaction_ids_used: int
    """Transactions since the oldest one whose rows are not frozen; near 2,000,000,000 the server would stop."""
    keeps_queries: bool
    """Whether it has pg_stat_statements, for this database and at work."""


@dataclass(frozen=True, slots=True)
class DatabaseReport:
    """One database at one moment. Tables by size, indexes by table, queries by the time that they took in all."""

    facts: DatabaseFacts
    tables: tuple[TableUse, ...]
    indexes: tuple[IndexUse, ...]
    slowest: tuple[SlowQuery, ...]


class DatabaseReports:
    """The door to these reports."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self) -> DatabaseReport:
        """How things are now. Changes nothing. Raises UnavailableError."""
        facts = DatabaseFacts(*self._database.fetch_all("select_database_facts")[0])
        tables = tuple(TableUse(*row) for row in self._database.fetch_all("select_table_use"))
        indexes = tuple(IndexUse(*row) for row in self._database.fetch_all("select_index_use"))
        return DatabaseReport(facts, tables, indexes, self._list_slowest() if facts.keeps_queries else ())

    def _list_slowest(self) -> tuple[SlowQuery, ...]:
        rows = self._database.fetch_all("select_slowest_queries", {"limit": MOST_QUERIES})
        return tuple(SlowQuery(shorten_query(text), *figures) for text, *figures in rows)


def shorten_query(text: str) -> str:
    """The first 60 characters of a query on one line, without comments, and with ? for whatever could be a value.

    The server has parameters in the place of most; one that was put there by hand is taken out here. For example
    `SELECT name FROM employees WHERE id = 7 AND name = 'Al'` is `SELECT name FROM employees WHERE id = ? AND name = ?`.
    """
    plain = " ".join(_VALUES.sub("?", _COMMENTS.sub(" ", text)).split())
    return plain if len(plain) <= LONGEST_TEXT else plain[: LONGEST_TEXT - 1] + "…"


def render_size(size_bytes: int) -> str:
    """A size in MiB, or in KiB where it is smaller than one: `9.3 MiB`, `48 KiB`."""
    return f"{size_bytes / _MIB:,.1f} MiB" if size_bytes >= _MIB else f"{size_bytes / _KIB:,.0f} KiB"
