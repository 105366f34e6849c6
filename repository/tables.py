"""Rate and rank tables by version. A version never changes, so each is read once."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from payroll.offers import BonusOffer, BonusType
from payroll.tables import RankStep, RankTable, RateStep, RateTable


class Reads(Protocol):
    """What can be asked: the database, or a snapshot of it."""

    def fetch_one(self, name: str, params: Mapping[str, Any] | None = None) -> tuple[Any, ...] | None:
        """The first row of a named query, None where there is none."""

    def fetch_all(self, name: str, params: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """All rows of a named query."""

    def stream(self, name: str, params: Mapping[str, Any] | None = None) -> Iterator[tuple[Any, ...]]:
        """The rows of a named query, one after the other."""


class TableVersions:
    """The versions read so far. Thread-safe: the worst that can happen is that one is read twice."""

    def __init__(self, database: Reads) -> None:
        self._database = database
        self._rates: dict[int, RateTable] = {}
        self._ranks: dict[int, RankTable] = {}

    def get_rates(self, version_id: int) -> RateTable:
        """The rate table of a version."""
        if version_id not in self._rates:
            rows = self._database.fetch_all("select_rate_table", {"version_id": version_id})
            self._rates[version_id] = RateTable(version_id, tuple(RateStep(*row) for row in rows))
        return self._rates[version_id]

    def get_ranks(self, version_id: int) -> RankTable:
        """The rank table of a version, lowest rank first."""
        if version_id not in self._ranks:
            rows = self._database.fetch_all("select_rank_table", {"version_id": version_id})
            self._ranks[version_id] = RankTable(version_id, tuple(_read_step(*row) for row in rows))
        return self._ranks[version_id]

    def get_rates_on(self, on_date: date) -> RateTable:
        """The rate table in force on a business date (PAYROLL D6)."""
        return self.get_rates(self._read_version("select_rate_version", {"on_date": on_date}))

    def get_ranks_of(self, month: date) -> RankTable:
        """The rank table of a month, given by its first day (PAYROLL D18)."""
        return self.get_ranks(self._read_version("select_rank_version", {"month": month}))

    def _read_version(self, query: str, params: Mapping[str, date]) -> int:
        row = self._database.fetch_one(query, params)
        if row is None:
            raise LookupError(f"no table is in force: {dict(params)}")
        return int(row[0])


def _read_step(
    rank_id: int,
    min_sales: Decimal,
    max_sales: Decimal | None,
    types: list[str] | None,
    values: list[Decimal | None] | None,
) -> RankStep:
    offers = tuple(BonusOffer(BonusType(code), value) for code, value in zip(types or (), values or (), strict=True))
    return RankStep(rank_id, min_sales, max_sales, offers)
