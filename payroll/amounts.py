"""Amounts of money as people type and read them (SPEC 4 "Amounts")."""

import re
from decimal import Decimal

from payroll.errors import ErrorKey, InvalidInputError
from payroll.money import CENT, MAX_AMOUNT, ZERO, round_cents

_LONGEST_QUOTE = 40
_MINUS_SIGNS = tuple("-\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d")
# No-break, figure, thin and narrow no-break space: what keyboards and other programs put between thousands.
_SPACES = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f", " "))
_NUMBER = re.compile(
    r"""(?=.)
    (?: (?P<grouped> [1-9][0-9]{0,2} (?P<group>[ .,]) [0-9]{3} (?: (?P=group) [0-9]{3} )* )
      | (?P<plain> [0-9]* )
    )
    # The sign that keeps thousands apart cannot be the decimal sign too.
    (?: (?P<point> (?!(?P=group)) [.,] ) (?P<decimals> [0-9]+ ) )?""",
    re.VERBOSE,
)


def parse_amount(text: str, *, zero_allowed: bool = False) -> Decimal:
    """Read an amount in USD that somebody typed, to the cent.

    Takes a point or a comma before one or two decimals, the thousands apart by spaces or by the other sign, and a
    dollar sign before or after: `99.90`, `99,90`, `$1 234.50`, `1,234.50`, `1.234,50`. Zero is an amount only with
    `zero_allowed` (an edit that removes a product, PAYROLL D10).

    Raises InvalidInputError: AMOUNT_NOT_A_NUMBER, AMOUNT_NEGATIVE, AMOUNT_NOT_POSITIVE, AMOUNT_TOO_LARGE (over
    99,999,999.99), AMOUNT_TOO_PRECISE (more than two decimals) or AMOUNT_AMBIGUOUS, which says in the facts
    reading_1 and reading_2 what was possible: `1,234` may be 1,234.00 or 1.234, which has three decimals.
    """
    is_negative, digits = _take_signs_off(text)
    match = _NUMBER.fullmatch(digits)
    if match is None:
        raise _refuse(ErrorKey.AMOUNT_NOT_A_NUMBER, text, "an amount such as 99.90 or 1,234.50")
    if is_negative:
        raise _refuse(ErrorKey.AMOUNT_NEGATIVE, text, _describe_range(zero_allowed=zero_allowed))
    if _is_one_group_of_thousands(match):
        raise _refuse_ambiguous(text, digits)
    if len(match["decimals"] or "") > 2:
        raise _refuse(ErrorKey.AMOUNT_TOO_PRECISE, text, "at most two decimals")
    return _check_range(_read_number(match), text, zero_allowed=zero_allowed)


def format_amount(amount: Decimal) -> str:
    """An amount in USD as people see it, with two decimals: `1,234.50`, a negative one `-1,234.50`."""
    # The sum with zero takes the sign off a -0.00.
    return f"{round_cents(amount) + ZERO:,.2f}"


def _take_signs_off(text: str) -> tuple[bool, str]:
    """Whether a minus stands before the amount, and what is left without it and without the dollar sign."""
    rest = text.translate(_SPACES).strip()
    has_dollar = rest.startswith("$")
    rest = rest.removeprefix("$").lstrip(" ")
    is_negative = rest.startswith(_MINUS_SIGNS)
    rest = rest[1:].lstrip(" ") if is_negative else rest
    if not has_dollar and rest.startswith("$"):
        return is_negative, rest.removeprefix("$").lstrip(" ")
    if not has_dollar and rest.endswith("$"):
        return is_negative, rest.removesuffix("$").rstrip(" ")
    return is_negative, rest


def _is_one_group_of_thousands(match: re.Match[str]) -> bool:
    """True for `1,234` and `12.345`, where the sign may as well stand before decimals."""
    return match["group"] in (".", ",") and match["point"] is None and match["grouped"].count(match["group"]) == 1


def _read_number(match: re.Match[str]) -> Decimal:
    whole = match["grouped"].replace(match["group"], "") if match["grouped"] else match["plain"]
    return Decimal(f"{whole or '0'}.{match['decimals'] or '0'}")


def _check_range(amount: Decimal, text: str, *, zero_allowed: bool) -> Decimal:
    allowed = _describe_range(zero_allowed=zero_allowed)
    if amount > MAX_AMOUNT:
        raise _refuse(ErrorKey.AMOUNT_TOO_LARGE, text, allowed)
    if amount == 0 and not zero_allowed:
        raise _refuse(ErrorKey.AMOUNT_NOT_POSITIVE, text, allowed)
    return amount.quantize(CENT)


def _describe_range(*, zero_allowed: bool) -> str:
    lowest = ZERO if zero_allowed else CENT
    return f"{format_amount(lowest)} to {format_amount(MAX_AMOUNT)}"


def _refuse(key: ErrorKey, text: str, allowed: str, **facts: str) -> InvalidInputError:
    quoted = text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"
    return InvalidInputError(key, field="amount", value=quoted, allowed=allowed, **facts)


def _refuse_ambiguous(text: str, digits: str) -> InvalidInputError:
    as_thousands = format_amount(Decimal(digits.replace(",", "").replace(".", "")))
    as_decimals = digits.replace(",", ".")
    return _refuse(
        ErrorKey.AMOUNT_AMBIGUOUS,
        text,
        f"{as_thousands} or {as_decimals}",
        reading_1=as_thousands,
        reading_2=as_decimals,
    )
