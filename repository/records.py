"""Records as the callers of `SheetsService` know them: read by the sheet's headers or by column names (SPEC 5, T13)."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from payroll.business_time import BusinessZone
from payroll.money import ZERO
from payroll.tables import RankStep, RateStep
from repository.database import Row

Reader = Callable[["ShiftRecord"], Any]

SHIFT_COLUMNS = (
    "shift_id", "recorded_at", "employee_id", "employee_name", "time_in", "time_out", "worked_hours", "total_sales",
    "net_sales", "commission_pct", "total_per_hour", "commissions", "total_made", "shift_date", "note",
)  # fmt: skip
"""The columns of a shift's row, in the order of the query part `record`; after them what was sold, as JSON."""

_PLACES = {name: place for place, name in enumerate(SHIFT_COLUMNS)}
_SOLD = len(SHIFT_COLUMNS)
_decode_json = json.JSONDecoder(parse_float=Decimal).decode
_INSTANTS = ("recorded_at", "time_in", "time_out")

LEADING_HEADERS = {
    "ID": "shift_id",
    "Date": "recorded_at",
    "EmployeeId": "employee_id",
    "EmployeeName": "employee_name",
    "Clock in": "time_in",
    "Clock out": "time_out",
    "Worked hours/shift": "worked_hours",
}
CLOSING_HEADERS = {
    "Total sales": "total_sales",
    "Net sales": "net_sales",
    "%": "commission_pct",
    "Total per hour": "total_per_hour",
    "Commissions": "commissions",
    "Total made": "total_made",
}
HEADERS = {**LEADING_HEADERS, **CLOSING_HEADERS}
"""The sheet's headers of a shift, but for the products, and the columns they stand for."""
SETTINGS_HEADERS = ("EmployeeId", "Hourly wage", "Sales commission")
EMPLOYEE_RANK_HEADERS = ("EmployeeId", "Current Rank", "Previous Rank", "Month", "Year", "Notified", "Last Updated")
BONUS_HEADERS = ("ID", "EmployeeId", "Bonus Type", "Value", "Applied", "Shift ID", "Created At")


@dataclass(frozen=True, slots=True)
class RecordContext:
    """What all records of one answer share: the zone that times are shown in, and the products by id."""

    zone: BusinessZone
    products: Mapping[int, str]


class ShiftRecord(Mapping[str, Any]):
    """One recorded shift.

    A mapping over the sheet's headers, each product among them: `record["Clock in"]` is text, amounts, hours and % are
    `Decimal`, a product not sold is 0.00. Column names are answered too: `record["time_in"]` is an aware datetime in
    the business zone, `record["shift_date"]` a date, `record["products"]` name → USD of what was sold.
    """

    __slots__ = ("_context", "_row", "_sold_by_name")

    def __init__(self, row: Row, context: RecordContext) -> None:
        self._row = row
        self._context = context
        self._sold_by_name: dict[str, Decimal] | None = None

    def __getitem__(self, key: str) -> Any:
        column = HEADERS.get(key)
        if column is not None:
            value = self._row[_PLACES[column]]
            return self._context.zone.format(value) if column in _INSTANTS else value
        place = _PLACES.get(key)
        if place is not None:
            value = self._row[place]
            return value.astimezone(self._context.zone.zone) if key in _INSTANTS else value
        if key == "products":
            return dict(self._sold)
        if key in self._context.products.values():
            return self._sold.get(key, ZERO)
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        yield from LEADING_HEADERS
        yield from self._context.products.values()
        yield from CLOSING_HEADERS

    def __len__(self) -> int:
        return len(HEADERS) + len(self._context.products)

    def __repr__(self) -> str:
        return f"<shift {self['ID']} of {self['EmployeeId']}>"

    @property
    def _sold(self) -> dict[str, Decimal]:
        if self._sold_by_name is None:
            names = self._context.products
            amounts = _decode_json(self._row[_SOLD] or "{}")
            self._sold_by_name = {names[int(product_id)]: amount for product_id, amount in amounts.items()}
        return self._sold_by_name


def write_settings(row: Row) -> dict[str, Any]:
    """A person's settings in force, as the sheet's record."""
    return dict(zip(SETTINGS_HEADERS, row, strict=True))


def write_rate(step: RateStep) -> dict[str, Any]:
    """A range of the dynamic rates, as the sheet's record; `Max Amount` is None for the last."""
    return {"Min Amount": step.min_sales, "Max Amount": step.max_sales, "Percentage": step.pct}


def write_rank(step: RankStep, rank_name: str, emoji: str, rank_text: str) -> dict[str, Any]:
    """A rank, as the sheet's record; the bonuses as codes, None where there are fewer than three."""
    codes: list[str | None] = [offer.code for offer in step.offers]
    codes += [None] * (3 - len(codes))
    return {
        "Rank Name": rank_name,
        "Min Amount": step.min_sales,
        "Max Amount": step.max_sales,
        "Emoji": emoji,
        **{f"Bonus {number}": code for number, code in enumerate(codes, 1)},
        "TEXT": rank_text,
    }


def write_employee_rank(row: Row, zone: BusinessZone) -> dict[str, Any]:
    """A person's rank of a month, as the sheet's record; `Last Updated` as people see it."""
    return dict(zip(EMPLOYEE_RANK_HEADERS, (*row[:-1], zone.format(row[-1])), strict=True))


def write_bonus(row: Row, zone: BusinessZone) -> dict[str, Any]:
    """A bonus, as the sheet's record.

    `Shift ID` is the shift it is applied to; while it waits, the one that earned it.
    """
    return dict(zip(BONUS_HEADERS, (*row[:-1], zone.format(row[-1])), strict=True))
