"""The tabs of the mirror: what each shows, and which change of the database touches it.

Two kinds: the worksheets of the old bot, with its headers, for people who look (SPEC 5, 7, 8), and one tab a table that
a restore reads exactly (`columns.TABLES`).
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol, TypeAlias

from payroll.offers import BonusOffer, BonusType
from payroll.records import get_month
from repository import records
from repository.records import RecordContext, ShiftRecord
from repository.rows import read_catalogue
from sheets_backup.cells import Cell, Kind, clean_text, encode
from sheets_backup.columns import IDENTITY_TAB, TABLES, Table
from sheets_backup.store import Store

Image: TypeAlias = tuple[str, Sequence[Cell]]
"""A row as the sheet is to have it: its key, its cells."""
Keys: TypeAlias = Mapping[str, Sequence[str]]
"""Keys of changed rows by table."""


class Tab(Protocol):
    """A tab of the mirror."""

    @property
    def title(self) -> str:
        """Its name."""

    def read_headers(self, store: Store) -> tuple[str, ...]:
        """Its first row."""

    def list_touched(self, changed: Keys) -> list[str] | None:
        """Keys of its rows that changes in the database may have touched; None: all of them."""

    def read(self, store: Store, keys: Sequence[str] | None) -> Iterator[Image]:
        """Its rows of these keys that exist, or all of them."""


class DataTab:
    """A table, as it is."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._kinds = [column.kind for column in table.columns]

    @property
    def title(self) -> str:
        """`data_` and the table's name."""
        return self._table.title

    def read_headers(self, store: Store) -> tuple[str, ...]:  # noqa: ARG002 - other tabs look there
        """The columns' names."""
        return self._table.headers

    def list_touched(self, changed: Keys) -> list[str] | None:
        """Its own rows."""
        return list(changed.get(self._table.name, ()))

    def read(self, store: Store, keys: Sequence[str] | None) -> Iterator[Image]:
        """Every column exactly (cells.py)."""
        for row in store.fetch_table(self._table, keys):
            yield (
                self._table.write_key(row),
                [encode(kind, value) for kind, value in zip(self._kinds, row, strict=True)],
            )


class ShiftsTab:
    """The old bot's Shifts: each recorded shift with a column for every product."""

    title = "Shifts"

    def read_headers(self, store: Store) -> tuple[str, ...]:
        """The old headers, the products between the hours and the sums."""
        return (*records.LEADING_HEADERS, *self._read_products(store).values(), *records.CLOSING_HEADERS)

    def list_touched(self, changed: Keys) -> list[str] | None:
        """Shifts by themselves and by what was sold; all of them where a product is new or renamed."""
        if changed.get("products"):
            return None
        sold = (key.partition(":")[0] for key in changed.get("shift_products", ()))
        return list(dict.fromkeys((*changed.get("shifts", ()), *sold)))

    def read(self, store: Store, keys: Sequence[str] | None) -> Iterator[Image]:
        """What the bot's own records show."""
        context = RecordContext(store.zone, self._read_products(store))
        for row in store.fetch("mirror_shifts", keys=_to_numbers(keys)):
            record = ShiftRecord(row, context)
            yield str(row[0]), [_show(record[header]) for header in record]

    def _read_products(self, store: Store) -> Mapping[int, str]:
        return read_catalogue(store.fetch("select_catalogue")[0][0]).names


class BonusesTab:
    """The old bot's ActiveBonuses: those that wait and those that are applied."""

    title = "ActiveBonuses"

    def read_headers(self, store: Store) -> tuple[str, ...]:  # noqa: ARG002 - other tabs look there
        """The old headers."""
        return records.BONUS_HEADERS

    def list_touched(self, changed: Keys) -> list[str] | None:
        """Bonuses by themselves."""
        return list(changed.get("active_bonuses", ()))

    def read(self, store: Store, keys: Sequence[str] | None) -> Iterator[Image]:
        """One row a bonus."""
        for row in store.fetch("mirror_bonuses", keys=_to_numbers(keys)):
            yield str(row[0]), _show_record(records.write_bonus(row, store.zone))


class WholeTab:
    """A small tab that is worked out anew in each run, because a new day alone may change it."""

    title = ""
    headers: tuple[str, ...] = ()

    def read_headers(self, store: Store) -> tuple[str, ...]:  # noqa: ARG002 - other tabs look there
        """The old headers."""
        return self.headers

    def list_touched(self, changed: Keys) -> list[str] | None:  # noqa: ARG002 - whatever it was
        """All of it, always."""
        return None

    def read(self, store: Store, keys: Sequence[str] | None) -> Iterator[Image]:  # noqa: ARG002 - always all
        """All rows in their order; a row's key is its place."""
        for place, cells in enumerate(self.read_rows(store), start=1):
            yield str(place), cells

    def read_rows(self, store: Store) -> Iterator[list[Cell]]:
        """The rows from top to bottom."""
        raise NotImplementedError


class SettingsTab(WholeTab):
    """The old bot's EmployeeSettings: what is in force today."""

    title = "EmployeeSettings"
    headers = records.SETTINGS_HEADERS

    def read_rows(self, store: Store) -> Iterator[list[Cell]]:
        """One row a person, by number."""
        for row in store.fetch("mirror_employee_settings", on_date=store.today):
            yield _show_record(records.write_settings(row))


class RatesTab(WholeTab):
    """The old bot's DynamicRates: the table in force today."""

    title = "DynamicRates"
    headers = ("Min Amount", "Max Amount", "Percentage")

    def read_rows(self, store: Store) -> Iterator[list[Cell]]:
        """One row a range, from 0 up."""
        for row in store.fetch("mirror_dynamic_rates", on_date=store.today):
            yield [_show(value) for value in row]


class RanksTab(WholeTab):
    """The old bot's Ranks: the table of this month. A fourth bonus of a rank is in `data_rank_bonuses` only."""

    title = "Ranks"
    headers = ("Rank Name", "Min Amount", "Max Amount", "Emoji", "Bonus 1", "Bonus 2", "Bonus 3", "TEXT")

    def read_rows(self, store: Store) -> Iterator[list[Cell]]:
        """One row a rank, the lowest first."""
        for name, low, high, emoji, text, types, values in store.fetch("mirror_ranks", month=get_month(store.today)):
            offers = (BonusOffer(BonusType(code), value) for code, value in zip(types, values, strict=True))
            codes = [*(offer.code for offer in offers), None, None, None][:3]
            yield [_show(value) for value in (name, low, high, emoji, *codes, text)]


class EmployeeRanksTab(WholeTab):
    """The old bot's EmployeeRanks."""

    title = "EmployeeRanks"
    headers = records.EMPLOYEE_RANK_HEADERS

    def read_rows(self, store: Store) -> Iterator[list[Cell]]:
        """One row a person and month."""
        for row in store.fetch("mirror_employee_ranks"):
            yield _show_record(records.write_employee_rank(row, store.zone))


TABS: tuple[Tab, ...] = (
    ShiftsTab(),
    SettingsTab(),
    RatesTab(),
    RanksTab(),
    EmployeeRanksTab(),
    BonusesTab(),
    *map(DataTab, TABLES),
)
"""Every tab but the one with the identity, in their order in the spreadsheet."""
TITLES = (IDENTITY_TAB, *(tab.title for tab in TABS))


def _show_record(record: Mapping[str, Any]) -> list[Cell]:
    return [_show(value) for value in record.values()]


def _show(value: Any) -> Cell:
    """A value as people see it in a sheet."""
    if value is None or isinstance(value, bool | Decimal):
        return value
    return encode(Kind.WHOLE, value) if isinstance(value, int) else clean_text(str(value))


def _to_numbers(keys: Sequence[str] | None) -> list[int] | None:
    return None if keys is None else [int(key) for key in keys]
