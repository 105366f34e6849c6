"""Notices: messages that come by themselves, one function a kind."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeAlias

from aiogram.types import InlineKeyboardMarkup

from bot.keyboards.join import build_decision
from bot.keyboards.menu import build_main_menu_only
from bot.screen import Screen
from bot.views import (
    accounts,
    adjusting,
    backup,
    clock,
    corrections,
    day_end,
    days_off,
    held_bonuses,
    mirror,
    pay_terms,
    payday,
    questions,
    rates,
    refunds,
    reports,
    settings,
    staffing,
    team,
    wages,
)
from bot.views.bonuses import list_got
from bot.views.books import render_books_notice
from bot.views.gifts import list_gifts
from bot.views.months import spell_month
from bot.words import Html, Words, clean_name
from installation import name_command
from payroll.ranks import NoticeKind

Payload: TypeAlias = Mapping[str, Any]
RankNames: TypeAlias = Mapping[int, tuple[str, str, str]]
"""Name, emoji and text of every rank by its id."""


def render_notice(words: Words, kind: str, payload: Payload, ranks: RankNames) -> Screen:
    """A notice as a message. Raises KeyError for a kind that nobody writes."""
    build, text = _KEYBOARDS.get(kind), _RENDERERS[kind](words, payload, ranks)
    if payload.get("is_repeat"):
        text = words.lines([words("notice-repeat"), "", text])
    return Screen(text, build(words, payload) if build else None)


def _render_rank_up(words: Words, payload: Payload, ranks: RankNames) -> Html:
    name, emoji, text = ranks[payload["rank_id"]]
    head = [words("notice-rank-up", name=name, emoji=emoji), text]
    return words.lines([*head, "", *_list_changes(words, payload)])


def _render_rank_regained(words: Words, payload: Payload, ranks: RankNames) -> Html:
    name, emoji, _ = ranks[payload["rank_id"]]
    return words.lines([words("notice-rank-regained", name=name, emoji=emoji), "", *_list_changes(words, payload)])


def _render_rank_down(words: Words, payload: Payload, ranks: RankNames) -> Html:
    name, emoji, _ = ranks[payload["rank_id"]]
    head = words("notice-rank-down", name=name, emoji=emoji, **_name_previous(payload, ranks))
    return words.lines([head, "", *_list_changes(words, payload)])


def _render_rank_bonus(words: Words, payload: Payload, ranks: RankNames) -> Html:
    name, emoji, _ = ranks[payload["rank_id"]]
    return words.lines([words("notice-rank-bonus", name=name, emoji=emoji), *_list_changes(words, payload)])


def _render_bonus_kept(words: Words, payload: Payload, ranks: RankNames) -> Html:
    return words(
        "notice-bonus-kept",
        employee=clean_name(payload["employee_name"]),
        month=_spell_month(words, payload),
        bonuses=list_gifts(words, payload["kept"]),
        **_name_previous(payload, ranks),
    )


def _render_join_request(words: Words, payload: Payload, _ranks: RankNames) -> Html:
    return words("notice-join-request", name=clean_name(payload["name"]), id=str(payload["telegram_id"]))


def _render_welcome(words: Words, _payload: Payload, _ranks: RankNames) -> Html:
    return words("notice-welcome")


def _render_unreachable(words: Words, payload: Payload, _ranks: RankNames) -> Html:
    reason = words(f"unreachable-{payload['reason'].replace('_', '-')}")
    return words("notice-unreachable", employee=clean_name(payload["employee_name"]), reason=reason)


def _render_failure(words: Words, _payload: Payload, _ranks: RankNames) -> Html:
    return words("notice-failure")


def _render_file_failed(words: Words, _payload: Payload, _ranks: RankNames) -> Html:
    return words("notice-file-failed")


def _render_webhook_moved(words: Words, payload: Payload, _ranks: RankNames) -> Html:
    return words("notice-webhook-moved", host=payload["host"] or "none")


def _render_books(words: Words, payload: Payload, _ranks: RankNames) -> Html:
    return render_books_notice(words, payload)


def _render_job_failed(words: Words, payload: Payload, _ranks: RankNames) -> Html:
    return words("notice-job-failed", job=words(f"job-{payload['job']}"), period=payload["period"])


def _render_unsafe_database(words: Words, payload: Payload, _ranks: RankNames) -> Html:
    return words("notice-unsafe-database", settings=", ".join(payload["settings"]), command=name_command("doctor"))


def _without_ranks(render: Callable[[Words, Payload], Html]) -> Callable[[Words, Payload, RankNames], Html]:
    return lambda words, payload, _ranks: render(words, payload)


def _render_disk(words: Words, payload: Payload, _ranks: RankNames) -> Html:
    return words(f"notice-disk-{payload['level']}", used=str(payload["used_pct"]))


def _render_long_shift(words: Words, payload: Payload, _ranks: RankNames) -> Html:
    name = clean_name(payload["employee_name"])
    return words("notice-long-shift", employee=name, id=str(payload["shift_id"]), hours=str(payload["hours"]))


def _render_month_changed(words: Words, payload: Payload, _ranks: RankNames) -> Html:
    return words(
        "notice-month-changed",
        employee=clean_name(payload["employee_name"]),
        id=str(payload["shift_id"]),
        old=spell_month(words, date.fromisoformat(payload["old_month"])),
        new=spell_month(words, date.fromisoformat(payload["new_month"])),
    )


def _list_changes(words: Words, payload: Payload) -> list[Html]:
    """What the person has got, got back, lost and kept, and which month it is about."""
    booked_on = date.fromisoformat(payload["booked_on"]) if "booked_on" in payload else None
    got = {"drawn": [payload["drawn"]] if "drawn" in payload else [], "returned": payload.get("returned", [])}
    had = {name: payload.get(name, []) for name in ("withdrawn", "kept")}
    lines = [
        *(words(f"notice-{name}", bonuses=list_got(words, codes, booked_on)) for name, codes in got.items() if codes),
        *(words(f"notice-{name}", bonuses=list_gifts(words, codes)) for name, codes in had.items() if codes),
    ]
    return [*lines, words("notice-month", month=_spell_month(words, payload))]


def _name_previous(payload: Payload, ranks: RankNames) -> dict[str, str]:
    name, emoji, _ = ranks[payload["previous_rank_id"]]
    return {"previous-name": name, "previous-emoji": emoji}


def _spell_month(words: Words, payload: Payload) -> str:
    return spell_month(words, date.fromisoformat(payload["month"]))


_OF_TOPICS: Mapping[str, Callable[[Words, Payload], Html]] = {
    **backup.NOTICES,
    **corrections.NOTICES,
    **day_end.NOTICES,
    **days_off.NOTICES,
    **questions.NOTICES,
    **refunds.NOTICES,
    **payday.NOTICES,
    **reports.NOTICES,
    **accounts.NOTICES,
    **adjusting.NOTICES,
    **staffing.NOTICES,
    **team.NOTICES,
    **wages.NOTICES,
    **held_bonuses.NOTICES,
    **rates.NOTICES,
    **settings.NOTICES,
    **pay_terms.NOTICES,
}
_RENDERERS: Mapping[str, Callable[[Words, Payload, RankNames], Html]] = {
    NoticeKind.RANK_UP: _render_rank_up,
    NoticeKind.RANK_REGAINED: _render_rank_regained,
    NoticeKind.RANK_DOWN: _render_rank_down,
    NoticeKind.RANK_BONUS: _render_rank_bonus,
    NoticeKind.BONUS_KEPT: _render_bonus_kept,
    "join_request": _render_join_request,
    "welcome": _render_welcome,
    "unreachable": _render_unreachable,
    "failure": _render_failure,
    "file_failed": _render_file_failed,
    "webhook_moved": _render_webhook_moved,
    "shift_ahead": _without_ranks(clock.render_shift_ahead),
    "books": _render_books,
    "job_failed": _render_job_failed,
    "unsafe_database": _render_unsafe_database,
    "disk": _render_disk,
    "mirror_damage": _without_ranks(mirror.render_mirror_damage),
    "mirror_failing": _without_ranks(mirror.render_mirror_failing),
    "mirror_stopped": _without_ranks(mirror.render_mirror_stopped),
    "mirror_full": _without_ranks(mirror.render_mirror_full),
    "long_shift": _render_long_shift,
    "month_changed": _render_month_changed,
    **{kind: _without_ranks(render) for kind, render in _OF_TOPICS.items()},
}
_KEYBOARDS: Mapping[str, Callable[[Words, Payload], InlineKeyboardMarkup]] = {
    "join_request": lambda words, payload: build_decision(
        words, payload["request_id"], payload["telegram_id"], payload["name"]
    ),
    "welcome": lambda words, _payload: build_main_menu_only(words),
    **team.NOTICE_KEYBOARDS,
    **corrections.NOTICE_KEYBOARDS,
    **held_bonuses.NOTICE_KEYBOARDS,
    **day_end.NOTICE_KEYBOARDS,
    **days_off.NOTICE_KEYBOARDS,
    **questions.NOTICE_KEYBOARDS,
    **refunds.NOTICE_KEYBOARDS,
    **payday.NOTICE_KEYBOARDS,
    **reports.NOTICE_KEYBOARDS,
    **settings.NOTICE_KEYBOARDS,
}
"""The buttons of those that have any."""

NOTICE_KINDS = tuple(_RENDERERS)
"""Every kind of notice that has words."""
