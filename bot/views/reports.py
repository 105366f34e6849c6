"""Reports and the leaderboard, as screens (SPEC 4.25)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from aiogram.types import InlineKeyboardMarkup

from bot.errands import AdminErrand, Errand, ErrandDone, ErrandKind, Question
from bot.keyboards.admin import Desk, DeskButton
from bot.keyboards.menu import Place, build_places
from bot.keyboards.reports import ShowLeaderboard, build_leaderboard, build_report, build_report_desk
from bot.screen import File, Screen
from bot.views.amounts import spell_balance
from bot.views.errand_view import ErrandView, ask_plainly
from bot.views.months import spell_month
from bot.words import Html, Words, clean_name
from payroll.business_time import BusinessZone, format_date
from payroll.reports import (
    DatesReport,
    DaysReport,
    DayTotals,
    Leaderboard,
    PeopleReport,
    PersonTotals,
    ProductTotals,
    ReportDates,
    ReportKind,
    compute_totals,
)

ROWS_ON_A_PAGE = 15
_MEDALS = {1: "🥇", 2: "🥈", 3: "🥉"}
Payload = Mapping[str, Any]


def render_report_desk(words: Words, offered: ReportDates, month: date, first: ReportKind) -> Screen:
    """The dates that are asked for most, which lead to the `first` report."""
    lines = [words("reports-title"), "", words("reports-hint")]
    return Screen(words.lines(lines), build_report_desk(words, offered, month, first))


def render_report(words: Words, report: DatesReport, page: int) -> Screen:
    """A page of a report, with what it comes to."""
    kind, rows = _describe(words, report)
    last = max(0, (len(rows) - 1) // ROWS_ON_A_PAGE)
    shown = min(page, last)
    dates = {"since": format_date(report.since), "until": format_date(report.until)}
    lines: list[str | None] = [words(f"report-head-{kind}", **dates), ""]
    lines += rows[shown * ROWS_ON_A_PAGE : (shown + 1) * ROWS_ON_A_PAGE] or [words("report-empty")]
    if rows:
        lines += ["", *_list_totals(words, report)]
    is_pay_shown = isinstance(report, PeopleReport) or report.is_pay_shown
    keyboard = build_report(words, kind, report.since, report.until, shown, last + 1, is_pay_shown=is_pay_shown)
    return Screen(words.lines(lines), keyboard)


def render_leaderboard(words: Words, board: Leaderboard, *, is_admin: bool, has_next: bool) -> Screen:
    """Who sold most in a month."""
    lines: list[str | None] = [words("leaderboard-title", month=spell_month(words, board.month)), ""]
    lines += [_describe_place(words, one.place, one.name, one.sales) for one in board.rows]
    if not board.rows:
        lines.append(words("leaderboard-empty"))
    keyboard = build_leaderboard(words, board.month, is_admin=is_admin, has_next=has_next)
    return Screen(words.lines(lines), keyboard, again=ShowLeaderboard(month=board.month.toordinal()).pack())


def render_report_file(words: Words, file: File) -> Screen:
    """A report as a file."""
    return Screen(words("report-file", name=file.name), file=file, toast=words.plain("toast-file"))


def _describe(words: Words, report: DatesReport) -> tuple[ReportKind, Sequence[Html]]:
    if isinstance(report, PeopleReport):
        return ReportKind.PEOPLE, [_describe_person(words, one) for one in report.rows]
    if isinstance(report, DaysReport):
        return ReportKind.DAYS, [_describe_day(words, one, report) for one in report.rows]
    return ReportKind.PRODUCTS, [_describe_product(words, one) for one in report.rows]


def _describe_person(words: Words, one: PersonTotals) -> Html:
    return words(
        "report-person",
        name=clean_name(one.name),
        count=one.shifts,
        hours=str(one.worked_hours),
        sales=spell_balance(one.total_sales),
        made=spell_balance(one.total_made),
    )


def _describe_day(words: Words, one: DayTotals, report: DaysReport) -> Html:
    facts: dict[str, str | int] = {
        "date": format_date(one.day),
        "count": one.shifts,
        "hours": str(one.worked_hours),
        "sales": spell_balance(one.total_sales),
    }
    if not report.is_pay_shown:
        return words("report-day-sold", **facts)
    return words("report-day", **facts, made=spell_balance(one.total_made))


def _describe_product(words: Words, one: ProductTotals) -> Html:
    facts: dict[str, str | int] = {
        "name": clean_name(one.name),
        "count": one.shifts,
        "sales": spell_balance(one.total_sales),
    }
    if not one.refunded:
        return words("report-product", **facts)
    return words("report-product-refunded", **facts, refunded=spell_balance(one.refunded))


def _list_totals(words: Words, report: DatesReport) -> list[Html]:
    if isinstance(report, PeopleReport | DaysReport):
        totals = compute_totals(report.rows)
        facts: dict[str, str | int] = {
            "count": totals.shifts,
            "hours": str(totals.worked_hours),
            "sales": spell_balance(totals.total_sales),
        }
        if isinstance(report, DaysReport) and not report.is_pay_shown:
            return [words("report-totals-sold", **facts)]
        return [words("report-totals", **facts, made=spell_balance(totals.total_made)), words("report-made-is")]
    sold = sum((one.total_sales for one in report.rows), Decimal(0))
    return [words("report-totals-products", sales=spell_balance(sold))]


def _describe_place(words: Words, place: int, name: str, sales: Decimal) -> Html:
    shown = _MEDALS.get(place, f"{place}.")
    return words("leaderboard-place", place=shown, name=clean_name(name), sales=spell_balance(sales))


def _show_dates(words: Words, _zone: BusinessZone, done: ErrandDone) -> Screen:
    return render_report(words, done.outcome, 0)


def _ask_dates(words: Words, zone: BusinessZone, errand: Errand, question: Question) -> Html:
    """A day; where none can be picked, it is only typed."""
    return ask_plainly(words, zone, errand, question) if question.choices else words("ask-dates-until-typed")


ERRAND_VIEWS: Mapping[ErrandKind, ErrandView] = {
    AdminErrand.DATES: ErrandView(lambda _: DeskButton(to=Desk.REPORTS), _show_dates, _ask_dates),
}


# --- what people are told --------------------------------------------------------------------------------------------


def _render_month(words: Words, payload: Payload) -> Html:
    month = date.fromisoformat(payload["month"])
    lines: list[str | None] = [words("notice-leaderboard", month=spell_month(words, month)), ""]
    lines += [_describe_place(words, place, name, Decimal(sales)) for place, name, sales in payload["places"]]
    if payload["own"] is not None:
        place, sales = payload["own"]
        own = words("notice-leaderboard-own", place=str(place), sales=spell_balance(Decimal(sales)))
        lines += ["", own]
    return words.lines(lines)


def _build_ranks(words: Words, _payload: Payload) -> InlineKeyboardMarkup:
    return build_places(words, [[Place.RANKS]])


NOTICES: Mapping[str, Callable[[Words, Payload], Html]] = {"leaderboard": _render_month}
NOTICE_KEYBOARDS: Mapping[str, Callable[[Words, Payload], InlineKeyboardMarkup]] = {"leaderboard": _build_ranks}
