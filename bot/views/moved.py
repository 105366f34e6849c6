"""Other shifts whose pay a change moved, and why, or why it did not, in words (PAYROLL D8, D15, D35)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from bot.spoken import spell_day
from bot.words import Html, Words
from payroll.amounts import format_amount
from payroll.shifts import KeptShift, MovedShift


def list_moved(
    words: Words, moved: Sequence[MovedShift], kept: Sequence[KeptShift] = (), *, is_pay_shown: bool = True
) -> list[Html | str]:
    """Each with what it made and makes, and why; then those that would be moved but for a refund. Nothing for none.

    `is_pay_shown`: who reads may see what each of them made.
    """
    lines: list[Html | str] = []
    if moved:
        lines += ["", words("moved-title"), *(_describe(words, one, is_pay_shown=is_pay_shown) for one in moved)]
    if kept:
        lines += ["", *(_describe_kept(words, one, is_pay_shown=is_pay_shown) for one in kept)]
    return lines


def load_moved(payload: Iterable[Mapping[str, Any]]) -> list[MovedShift]:
    """As a notice carries them."""
    return [
        MovedShift(
            one["shift_id"],
            date.fromisoformat(one["shift_date"]),
            Decimal(one["old_made"]),
            Decimal(one["new_made"]),
            Decimal(one["old_pct"]),
            Decimal(one["new_pct"]),
            bool(one["has_other_bonuses"]),
        )
        for one in payload
    ]


def load_kept(payload: Iterable[Mapping[str, Any]]) -> list[KeptShift]:
    """As a notice carries them."""
    return [
        KeptShift(one["shift_id"], date.fromisoformat(one["shift_date"]), Decimal(one["pct"]), Decimal(one["due_pct"]))
        for one in payload
    ]


def _describe_kept(words: Words, kept: KeptShift, *, is_pay_shown: bool) -> Html:
    facts = {"id": str(kept.shift_id), "date": spell_day(words, kept.shift_date)}
    if not is_pay_shown:
        return words("kept-shift-unpriced", **facts)
    return words("kept-shift", **facts, pct=f"{kept.pct:,.2f}%", due=f"{kept.due_pct:,.2f}%")


def _describe(words: Words, moved: MovedShift, *, is_pay_shown: bool) -> Html:
    facts = {"id": str(moved.shift_id), "date": spell_day(words, moved.shift_date)}
    if not is_pay_shown:
        return words("moved-shift-unpriced", **facts)
    made = words("changed", old=f"${format_amount(moved.old_made)}", new=f"${format_amount(moved.new_made)}")
    return words("moved-shift", **facts, made=made, why=", ".join(_list_reasons(words, moved)))


def _list_reasons(words: Words, moved: MovedShift) -> list[str]:
    reasons = []
    if moved.old_pct != moved.new_pct:
        reasons.append(words.plain("moved-rate", old=f"{moved.old_pct:,.2f}%", new=f"{moved.new_pct:,.2f}%"))
    if moved.has_other_bonuses:
        reasons.append(words.plain("moved-bonus"))
    return reasons
