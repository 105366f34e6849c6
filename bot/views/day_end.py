"""The question whether a shift is over, and the day's summary, as notices (SPEC 4.24)."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from aiogram.types import InlineKeyboardMarkup

from bot.keyboards.form import build_overdue
from bot.keyboards.menu import build_main_menu_only
from bot.words import Html, Words, clean_name
from payroll.amounts import format_amount
from payroll.business_time import format_date

Payload = Mapping[str, Any]


def _render_overdue(words: Words, payload: Payload) -> Html:
    return words("notice-shift-overdue", since=payload["since"], count=payload["hours"])


def _render_summary(words: Words, payload: Payload) -> Html:
    return words.lines(_list_summary(words, payload))


def _list_summary(words: Words, payload: Payload) -> Iterator[Html | str]:
    yield words("day-summary-title", date=format_date(date.fromisoformat(payload["day"])))
    if payload["shifts"]:
        key = "day-summary-total" if payload["made"] is not None else "day-summary-total-sold"
        yield words(key, count=payload["shifts"], **_read_amounts(payload))
        yield ""
    for one in payload["people"]:
        facts = {"name": clean_name(one["name"]), **_read_amounts(one)}
        key = "day-summary-person" if one["made"] is not None else "day-summary-person-sold"
        yield words(key, count=one["shifts"], **facts)
    if payload["more"]:
        yield words("day-summary-more", count=payload["more"])
    if payload["running"]:
        yield ""
        yield words("day-summary-running")
    for name, since in payload["running"]:
        yield words("day-summary-since", name=clean_name(name), since=since)


def _read_amounts(payload: Payload) -> dict[str, str]:
    """What was sold, and what was made where it may be told."""
    amounts = {name: payload[name] for name in ("sales", "made")}
    return {name: format_amount(Decimal(amount)) for name, amount in amounts.items() if amount is not None}


NOTICES: Mapping[str, Callable[[Words, Payload], Html]] = {
    "shift_overdue": _render_overdue,
    "day_summary": _render_summary,
}
NOTICE_KEYBOARDS: Mapping[str, Callable[[Words, Payload], InlineKeyboardMarkup]] = {
    "shift_overdue": lambda words, payload: build_overdue(words, payload["shift_id"]),
    "day_summary": lambda words, _payload: build_main_menu_only(words),
}
