"""Settings that change at run time: what there is, of which type, with which default (SPEC 4.27).

A new one is one entry of `DEFINITIONS` and one label a language.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from payroll.errors import ErrorKey, InvalidInputError
from payroll.pay_periods import PayDays


class SettingType(StrEnum):
    """How a value is written: `true` or `false`, a whole number, a number with up to two decimals."""

    FLAG = "flag"
    WHOLE = "whole"
    AMOUNT = "amount"


class SettingKey(StrEnum):
    """Every setting of the database."""

    PAY_DAYS = "pay_days"
    REFUND_LOWERS_RANK = "refund_lowers_rank"
    PAID_DAY_OFF_HOURS = "paid_day_off_hours"
    MANAGERS_SEE_WAGES = "managers_see_wages"
    LEADERBOARD_SHOWN = "leaderboard_shown"
    REMINDER_DAYS = "reminder_days"
    DAY_SUMMARY_SENT = "day_summary_sent"


@dataclass(frozen=True, slots=True)
class Definition:
    """A setting: where it stands, how its value is written, the default, and from what to what a number goes.

    `is_pay_days`: a list of such numbers, a change of which holds from the next pay period (PAYROLL D40).
    """

    key: SettingKey
    category: str
    type: SettingType
    default: str
    lowest: Decimal = Decimal(0)
    highest: Decimal = Decimal(1)
    is_secret: bool = False
    is_pay_days: bool = False


DEFINITIONS: Mapping[SettingKey, Definition] = {
    one.key: one
    for one in (
        Definition(SettingKey.PAY_DAYS, "pay", SettingType.WHOLE, "1,15", Decimal(1), Decimal(31), is_pay_days=True),
        Definition(SettingKey.REFUND_LOWERS_RANK, "pay", SettingType.FLAG, "false"),
        Definition(SettingKey.PAID_DAY_OFF_HOURS, "pay", SettingType.AMOUNT, "8", Decimal("0.25"), Decimal(24)),
        Definition(SettingKey.MANAGERS_SEE_WAGES, "rights", SettingType.FLAG, "true"),
        Definition(SettingKey.LEADERBOARD_SHOWN, "messages", SettingType.FLAG, "true"),
        Definition(SettingKey.REMINDER_DAYS, "messages", SettingType.WHOLE, "1", Decimal(0), Decimal(14)),
        Definition(SettingKey.DAY_SUMMARY_SENT, "messages", SettingType.FLAG, "true"),
    )
}


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting as it is; `value` and `default` are texts as `SettingType` has them. `is_set`: not the default.

    `since` is the date from which `value` holds where that is still to come, until then it is `value_before`.
    """

    definition: Definition
    value: str
    default: str
    is_set: bool
    changed_by: int | None
    changed_at: datetime | None
    since: date | None = None
    value_before: str | None = None


@dataclass(frozen=True, slots=True)
class SettingChange:
    """A setting as it was and is."""

    old: Setting
    new: Setting


def check_value(definition: Definition, text: str) -> str:
    """The text of a value as it is kept. Raises InvalidInputError that says what is allowed.

    Example: for hours of a day off `7,5` is 7.5 and 25 is refused; for pay days `15, 1` is 1,15.
    """
    if definition.is_pay_days:
        return _check_days(definition, text)
    return _READERS[definition.type](definition, text.strip().lower())


def read_value(definition: Definition, text: str) -> Any:
    """A value as the program uses it: bool, int, Decimal or PayDays."""
    if definition.is_pay_days:
        return PayDays.parse(text)
    match definition.type:
        case SettingType.FLAG:
            return text == "true"
        case SettingType.WHOLE:
            return int(text)
        case _:
            return Decimal(text)


def _check_flag(definition: Definition, text: str) -> str:
    if text not in ("true", "false"):
        raise _refuse(definition, text, "true or false")
    return text


def _check_number(definition: Definition, text: str) -> str:
    decimals = 0 if definition.type is SettingType.WHOLE else 2
    allowed = f"{definition.lowest} to {definition.highest}" + (" with up to two decimals" if decimals else "")
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise _refuse(definition, text, allowed) from None
    if not number.is_finite() or not definition.lowest <= number <= definition.highest:
        raise _refuse(definition, text, allowed)
    if number != round(number, decimals):
        raise _refuse(definition, text, allowed)
    return f"{number.normalize():f}"


def _check_days(definition: Definition, text: str) -> str:
    parts = text.replace(",", " ").split()
    allowed = f"days of the month from {definition.lowest} to {definition.highest}, such as {definition.default}"
    is_plain = all(part.isascii() and part.isdigit() and len(part) <= 2 for part in parts)
    days = sorted({int(part) for part in parts}) if is_plain else []
    if not days or not definition.lowest <= days[0] <= days[-1] <= definition.highest:
        raise _refuse(definition, text, allowed)
    return ",".join(map(str, days))


def _refuse(definition: Definition, text: str, allowed: str) -> InvalidInputError:
    return InvalidInputError(
        ErrorKey.VALUE_INVALID, field=definition.key.replace("_", " "), value=text, allowed=allowed
    )


_READERS: Mapping[SettingType, Callable[[Definition, str], str]] = {
    SettingType.FLAG: _check_flag,
    SettingType.WHOLE: _check_number,
    SettingType.AMOUNT: _check_number,
}
