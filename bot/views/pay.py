"""A person's own pay, as screens (SPEC 4.18, 4.21)."""

from collections.abc import Mapping

from aiogram.filters.callback_data import CallbackData

from bot.errands import Errand, ErrandDone, ErrandKind, OwnErrand, PeriodSubject, Question
from bot.keyboards.errand import build_back
from bot.keyboards.pay import ShowMyPeriod, build_my_pay, build_my_period, build_statement
from bot.screen import Drawing, File, Screen
from bot.views.amounts import spell_balance
from bot.views.due import spell_difference
from bot.views.errand_view import ErrandView
from bot.views.periods import list_balances, name_dates, name_state
from bot.views.statement_lines import clean_text
from bot.views.statements import render_statement
from bot.views.stats import spell_owed
from bot.words import Html, Words, clean_name
from payroll.business_time import BusinessZone, format_date
from payroll.periods import Due, MyPay, PeriodState, PersonPeriod
from payroll.statements import Statement


def render_my_pay(words: Words, pay: MyPay) -> Screen:
    """What one is owed, how the present period stands, and what is to be confirmed."""
    present = pay.periods[0]
    lines: list[str | None] = [spell_owed(words, pay.balance), ""]
    lines.append(
        words("pay-present", **name_dates(present.period), amount=spell_balance(pay.earned), count=present.shifts)
    )
    lines.append(words("pay-present-day", date=format_date(present.period.pay_day)))
    for one in pay.list_to_confirm():
        lines += ["", words("pay-to-confirm", **name_dates(one.period))]
    lines += ["", *(_describe_period(words, one, pay.due) for one in pay.periods[1:]), words("pay-hint")]
    return Screen(words.lines(lines), build_my_pay(words, pay))


def render_my_period(words: Words, zone: BusinessZone, statement: Statement) -> Screen:
    """One's own period: how it stands, and whether it is complete."""
    one = statement.of
    lines: list[str | None] = [
        words("own-period-title", **name_dates(one.period)),
        words(f"own-period-{one.state}", **name_state(zone, one)),
        "",
        *list_balances(words, statement),
    ]
    if one.state is PeriodState.OPEN and one.left_date is None:
        lines += ["", _spell_said(words, one)]
    return Screen(words.lines(lines), build_my_period(words, one))


def render_statement_page(words: Words, zone: BusinessZone, statement: Statement, page: int, *, is_own: bool) -> Screen:
    """A page of a statement, of which a short one has a single."""
    parts = render_statement(words, zone, statement)
    shown = min(page, len(parts) - 1)
    of = statement.of
    may_ask = is_own and of.left_date is None
    keyboard = build_statement(
        words, of.employee_id, of.period.start_date, shown, len(parts), is_own=is_own, may_ask=may_ask
    )
    return Screen(parts[shown], keyboard)


def render_statement_file(words: Words, statement: Statement, file: File) -> Screen:
    """A statement as a file."""
    return Screen(_write_caption(words, statement), file=file, toast=words.plain("toast-file"))


def render_statement_drawing(words: Words, statement: Statement, file_name: str, order: bytes) -> Screen:
    """A long statement as a file that is drawn by and by."""
    caption = _write_caption(words, statement)
    drawing = Drawing(file_name, order, words("file-coming", file=caption), words("file-failed", file=caption))
    return Screen(caption, drawing=drawing)


def _write_caption(words: Words, statement: Statement) -> Html:
    of = statement.of
    return words("statement-file", name=clean_name(of.name), **name_dates(of.period))


def _describe_period(words: Words, one: PersonPeriod, due: Due | None) -> Html:
    line = words(f"pay-period-{one.state}", **name_dates(one.period), amount=spell_balance(one.result))
    less = spell_difference(words, due) if due is not None and due.period == one.period else ""
    if due is None or not less:
        return line
    rest = words("period-due", amount=spell_balance(due.amount), less=less)
    return words("period-person-line", person=line, rest=rest)


def _spell_said(words: Words, one: PersonPeriod) -> Html:
    if one.missing is not None:
        return words("own-period-missing", text=clean_text(one.missing))
    return words("own-period-complete" if one.is_confirmed else "own-period-question")


def _find_home(errand: Errand) -> CallbackData:
    return ShowMyPeriod(start=PeriodSubject.load(errand.subject).start.toordinal())


def _ask_missing(words: Words, _zone: BusinessZone, errand: Errand, question: Question) -> Html:
    one: PersonPeriod = question.shown
    return words(f"ask-{errand.kind}-{question.name}", **name_dates(one.period))


def _show_missing(words: Words, _zone: BusinessZone, done: ErrandDone) -> Screen:
    return Screen(words("missing-done"), build_back(words, _find_home(done.errand)))


ERRAND_VIEWS: Mapping[ErrandKind, ErrandView] = {
    OwnErrand.MISSING: ErrandView(_find_home, _show_missing, _ask_missing),
}
