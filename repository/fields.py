"""`shift_data` and field values as `SheetsService` took them, into what the rules take (SPEC 5, TECH T12 to T14)."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from payroll.business_time import BusinessZone, Occurrence, parse_clock
from payroll.errors import ErrorKey, InvalidInputError
from payroll.money import CENT, MAX_AMOUNT
from payroll.products import Catalogue
from payroll.shifts import Correction, NewShift
from repository.records import HEADERS

_DATE = re.compile(r"\d{4}([-/])\d{2}\1\d{2}")
# NUL and halves of characters, which no database takes.
_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")
_BY_CLOCKS = ("clock_in", "clock_out")
_BY_DATE = ("shift_date", "time_in", "time_out")
_KNOWN = {"employee_id", "employee_name", "date", "products", "note", "request_id", *_BY_CLOCKS, *_BY_DATE}
EDITABLE = {
    "Clock in": "time_in", "time_in": "time_in", "Clock out": "time_out", "time_out": "time_out",
    "EmployeeName": "employee_name", "employee_name": "employee_name", "Note": "note", "note": "note",
}  # fmt: skip
"""The fields that can be edited by name, and what they stand for; the products besides."""


def read_shift_data(data: Mapping[str, Any], zone: BusinessZone, catalogue: Catalogue) -> NewShift:
    """A shift to record. Raises InvalidInputError that names the field, the value and what is allowed."""
    unknown = sorted(data.keys() - _KNOWN)
    if unknown:
        raise InvalidInputError(
            ErrorKey.FIELD_UNKNOWN, field=unknown[0], value=data[unknown[0]], allowed=", ".join(sorted(_KNOWN))
        )
    time_in, time_out = _read_times(data, zone)
    return NewShift(
        employee_id=read_employee_id(data),
        employee_name=read_text(data.get("employee_name"), "employee_name", longest=200),
        time_in=time_in,
        time_out=time_out,
        products=read_products(data.get("products") or {}, catalogue),
        recorded_at=zone.parse(data["date"], field="date") if data.get("date") is not None else None,
        note=read_text(data.get("note"), "note", longest=1000),
        request_id=read_request_id(data),
    )


def read_employee_id(data: Mapping[str, Any]) -> int:
    """Whose shift it is."""
    return read_whole_number(_require(data, "employee_id"), "employee_id")


def read_request_id(data: Mapping[str, Any]) -> str | None:
    """What says that it is the same shift again, None where nothing does."""
    return read_text(data.get("request_id"), "request_id", longest=200)


def read_products(
    products: Mapping[str, Any], catalogue: Catalogue, *, sold: Mapping[int, Any] | None = None
) -> dict[int, Decimal]:
    """Amounts by product id. An unknown product is refused, an inactive one too unless `sold` has it (PAYROLL D11)."""
    if not isinstance(products, Mapping):
        raise InvalidInputError(
            ErrorKey.VALUE_INVALID, field="products", value=products, allowed="amounts by product name"
        )
    amounts: dict[int, Decimal] = {}
    for name, value in products.items():
        product = catalogue.find(name)
        amount = read_amount(value, name)
        if amount and not product.is_active and product.product_id not in (sold or {}):
            raise InvalidInputError(
                ErrorKey.PRODUCT_INACTIVE,
                field="products",
                value=name,
                allowed=", ".join(one.name for one in catalogue.active),
            )
        amounts[product.product_id] = amount
    return amounts


def read_amount(value: object, field: str) -> Decimal:
    """An amount in USD, 0.00 to 99,999,999.99 with at most two decimals, from a number or its plain text."""
    allowed = f"0 to {MAX_AMOUNT} with at most two decimals"
    try:
        # repr of a float is the shortest text that means it: 0.1 is read as 0.1.
        amount = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        raise InvalidInputError(ErrorKey.AMOUNT_NOT_A_NUMBER, field=field, value=value, allowed=allowed) from None
    if isinstance(value, bool) or not amount.is_finite():
        raise InvalidInputError(ErrorKey.AMOUNT_NOT_A_NUMBER, field=field, value=value, allowed=allowed)
    if amount < 0:
        raise InvalidInputError(ErrorKey.AMOUNT_NEGATIVE, field=field, value=value, allowed=allowed)
    if amount > MAX_AMOUNT:
        raise InvalidInputError(ErrorKey.AMOUNT_TOO_LARGE, field=field, value=value, allowed=allowed)
    if amount != amount.quantize(CENT):
        raise InvalidInputError(ErrorKey.AMOUNT_TOO_PRECISE, field=field, value=value, allowed=allowed)
    return amount.quantize(CENT)


def read_text(value: object, field: str, *, longest: int) -> str | None:
    """Text without spaces around it; None where there is nothing in it."""
    text = str(value).strip() if value is not None else ""
    if len(text) > longest or _NOT_TEXT.search(text):
        raise InvalidInputError(
            ErrorKey.TEXT_TOO_LONG, field=field, value=f"{text[:40]}…", allowed=f"at most {longest} characters, no NUL"
        )
    return text or None


def read_whole_number(value: object, field: str) -> int:
    """A whole number, given as one or as its text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().removeprefix("-").isdecimal():
        return int(value)
    raise InvalidInputError(ErrorKey.VALUE_INVALID, field=field, value=value, allowed="a whole number")


def is_date(value: object) -> bool:
    """Whether it says a calendar date and no time of day."""
    if isinstance(value, str):
        return _DATE.fullmatch(value.strip()) is not None
    return isinstance(value, date) and not isinstance(value, datetime)


def read_date(value: object, field: str) -> date:
    """A calendar date, given as one or as `YYYY-MM-DD` or `YYYY/MM/DD`."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value).strip().replace("/", "-"))
    except ValueError:
        raise InvalidInputError(ErrorKey.DATE_NOT_READABLE, field=field, value=value, allowed="YYYY-MM-DD") from None


def read_clock_correction(target: str, field: str, value: object, zone: BusinessZone) -> Correction:
    """A new clock-in or clock-out."""
    at = zone.parse(value, field=field)
    return Correction(time_in=at) if target == "time_in" else Correction(time_out=at)


def read_text_correction(target: str, field: str, value: object) -> Correction:
    """A new name, which must be one, or a new note, which may be empty."""
    if target == "note":
        return Correction(note=read_text(value, field, longest=1000) or "")
    name = read_text(value, field, longest=200)
    if name is None:
        raise InvalidInputError(ErrorKey.FIELD_MISSING, field=field, value="nothing", allowed="a name")
    return Correction(employee_name=name)


def refuse_field(field: str, value: object, catalogue: Catalogue) -> InvalidInputError:
    """The error for a field that cannot be edited: derived, or not there (TECH T14)."""
    allowed = ", ".join(["Clock in", "Clock out", "EmployeeName", "Note", *catalogue.names.values()])
    is_known = field in HEADERS or field in HEADERS.values() or field in ("shift_date", "products")
    key = ErrorKey.FIELD_NOT_EDITABLE if is_known else ErrorKey.FIELD_UNKNOWN
    return InvalidInputError(key, field=field, value=value, allowed=allowed)


def _read_times(data: Mapping[str, Any], zone: BusinessZone) -> tuple[datetime, datetime]:
    if data.get("clock_in") is not None or data.get("shift_date") is None:
        clock_in = zone.parse(_require(data, "clock_in"), field="clock_in")
        _refuse_other_date(data.get("shift_date"), zone.date_of(clock_in))
        return clock_in, zone.parse(_require(data, "clock_out"), field="clock_out")
    shift_date = read_date(data["shift_date"], "shift_date")
    wall_in = datetime.combine(shift_date, parse_clock(str(_require(data, "time_in"))))
    time_in = zone.localize(wall_in, field="time_in")
    wall_out = parse_clock(str(_require(data, "time_out")))
    return time_in, zone.first_after(time_in, wall_out, occurrence=Occurrence.EARLIER, field="time_out")


def _refuse_other_date(shift_date: object, clocked: date) -> None:
    """The one shift date is that of the clock-in (PAYROLL D2); said besides, it has to be the same."""
    if shift_date is not None and read_date(shift_date, "shift_date") != clocked:
        raise InvalidInputError(
            ErrorKey.VALUE_INVALID, field="shift_date", value=shift_date, allowed=f"{clocked}, as clock_in says"
        )


def _require(data: Mapping[str, Any], field: str) -> Any:
    value = data.get(field)
    if value is None or value == "":
        raise InvalidInputError(ErrorKey.FIELD_MISSING, field=field, value="nothing", allowed="a value")
    return value
