"""Recorded shifts that other terms would price otherwise, in words (PAYROLL D6)."""

from collections.abc import Sequence
from decimal import Decimal

from bot.words import Html, Words, clean_name
from payroll.amounts import format_amount
from payroll.business_time import format_date
from payroll.money import ZERO
from payroll.repricing import TouchedShift

MOST_SHOWN = 12


def list_touched(
    words: Words, touched: Sequence[TouchedShift], *, is_named: bool = False, is_pay_shown: bool = True
) -> list[Html | str]:
    """What pricing them again would make of them, the longest lists cut; `is_named` says whose each is.

    `is_pay_shown`: who looks may see what each of them made.
    """
    if not touched:
        return [words("terms-touches-nothing")]
    free = [one for one in touched if not one.is_refunded]
    lines: list[Html | str] = ["", words("terms-touched", count=len(touched))]
    lines += [_describe(words, one, is_named=is_named, is_pay_shown=is_pay_shown) for one in touched[:MOST_SHOWN]]
    if len(touched) > MOST_SHOWN:
        lines.append(words("terms-more-touched", count=len(touched) - MOST_SHOWN))
    if len(free) < len(touched):
        lines.append(words("terms-refunded"))
    if free:
        lines.append(words("terms-difference", count=len(free), difference=_spell_total(words, free)))
    return lines


def list_repriced(words: Words, repriced: Sequence[TouchedShift]) -> list[Html]:
    """How many were priced again and what that came to; nothing for none."""
    if not repriced:
        return []
    return [words("terms-repriced", count=len(repriced), difference=_spell_total(words, repriced))]


def tell_repriced(words: Words, count: int, difference: Decimal) -> Html:
    """The same to the person whose shifts they are; `difference` in USD."""
    return words("notice-terms-repriced", count=count, difference=spell_difference(words, difference))


def spell_difference(words: Words, difference: Decimal) -> Html:
    """An amount in USD that is booked on top, or taken back."""
    return words("terms-less" if difference < 0 else "terms-more", amount=format_amount(abs(difference)))


def _spell_total(words: Words, touched: Sequence[TouchedShift]) -> Html:
    return spell_difference(words, sum((one.difference for one in touched), ZERO))


def _describe(words: Words, touched: TouchedShift, *, is_named: bool, is_pay_shown: bool) -> Html:
    what = _describe_pay(words, touched) if is_pay_shown else _describe_change(words, touched)
    return (
        words("terms-shift-of", name=clean_name(touched.name), shift=what)
        if is_named
        else words("terms-of", shift=what)
    )


def _describe_pay(words: Words, touched: TouchedShift) -> Html:
    return words(
        "terms-shift-refunded" if touched.is_refunded else "terms-shift",
        id=str(touched.shift_id),
        date=format_date(touched.shift_date),
        old=format_amount(touched.old_made),
        new=format_amount(touched.new_made),
        difference=spell_difference(words, touched.difference),
    )


def _describe_change(words: Words, touched: TouchedShift) -> Html:
    facts = {"id": str(touched.shift_id), "date": format_date(touched.shift_date)}
    if touched.is_refunded:
        return words("terms-shift-refunded-unpriced", **facts)
    return words("terms-shift-unpriced", **facts, difference=spell_difference(words, touched.difference))
