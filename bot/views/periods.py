"""Pay periods as admins see them, as screens (SPEC 4.17, 4.18)."""

from collections.abc import Sequence

from bot.keyboards.pay import list_statement_buttons
from bot.keyboards.periods import PEOPLE_ON_A_PAGE, build_period, build_periods, build_person_period
from bot.screen import Screen
from bot.views.amounts import spell_balance
from bot.views.due import spell_difference
from bot.views.statement_lines import clean_text
from bot.words import Html, Words, clean_name
from payroll.business_time import BusinessZone, format_date
from payroll.pay_periods import PayPeriod
from payroll.periods import Due, EverybodysPeriod, PeriodList, PeriodState, PersonPeriod
from payroll.statements import Statement


def name_dates(period: PayPeriod) -> dict[str, str]:
    """The facts `start` and `end` of a period."""
    return {"start": format_date(period.start_date), "end": format_date(period.end_date)}


def render_periods(words: Words, listed: PeriodList) -> Screen:
    """A page of the list."""
    lines = [words("periods-title"), "", words("periods-hint")]
    return Screen(words.lines(lines), build_periods(words, listed))


def list_overdue_lines(words: Words, overdue: Sequence[PayPeriod]) -> list[Html]:
    """What waits to be closed, as the admins' page tells it."""
    return [words("admin-overdue", **name_dates(one)) for one in overdue]


def render_period(words: Words, one: EverybodysPeriod, page: int) -> Screen:
    """One period: how it stands, and a page of its people."""
    last = max(0, (len(one.people) - 1) // PEOPLE_ON_A_PAGE)
    first = min(page, last) * PEOPLE_ON_A_PAGE
    shown = one.people[first : first + PEOPLE_ON_A_PAGE]
    lines = [
        words("period-title", **name_dates(one.period)),
        words("period-pay-day", date=format_date(one.period.pay_day)),
        words("period-overdue") if one.is_overdue else None,
        *_list_counts(words, one),
        "",
        *(_describe_person(words, one, each) for each in shown),
    ]
    return Screen(words.lines(lines), build_period(words, one, shown, min(page, last)))


def render_person_period(words: Words, zone: BusinessZone, statement: Statement, *, is_readable: bool) -> Screen:
    """One person's period, with what an admin can do about it; `is_readable`: they may read its amounts."""
    one = statement.of
    lines: list[str | None] = [
        words("person-period-title", name=clean_name(one.name)),
        words("person-period-dates", **name_dates(one.period), date=format_date(one.period.pay_day)),
        _spell_state(words, zone, one, is_readable=is_readable),
    ]
    if one.state is PeriodState.OPEN:
        lines += [_spell_said(words, one), *_list_obstacles(words, one)]
    if is_readable:
        lines += ["", *list_balances(words, statement)]
    else:
        lines += ["", words("person-period-shifts", count=one.shifts), words("person-period-unpriced")]
    buttons = list_statement_buttons(words, one.employee_id, one.period.start_date) if is_readable else []
    return Screen(words.lines(lines), build_person_period(words, one, *buttons))


def _spell_state(words: Words, zone: BusinessZone, one: PersonPeriod, *, is_readable: bool) -> Html:
    state = name_state(zone, one)
    if one.state is PeriodState.PAID and not is_readable:
        return words("person-period-paid-unpriced", date=state["date"])
    return words(f"person-period-{one.state}", **state)


def name_state(zone: BusinessZone, one: PersonPeriod) -> dict[str, str]:
    """The facts of how a period stands: since when it is closed or paid, and what was paid."""
    at = one.paid_at if one.state is PeriodState.PAID else one.closed_at
    day = zone.date_of(at) if at is not None else one.period.pay_day
    return {"date": format_date(day), "amount": spell_balance(one.result)}


def list_balances(words: Words, statement: Statement) -> list[Html]:
    """Its shifts, and from the opening to the closing balance."""
    lines = [
        words("person-period-shifts", count=statement.of.shifts),
        words("person-period-opening", amount=spell_balance(statement.opening)),
        words("person-period-earned", amount=spell_balance(statement.earned)),
    ]
    if statement.paid_out:
        lines.append(words("person-period-paid-out", amount=spell_balance(statement.paid_out)))
    lines.append(words("person-period-closing", amount=spell_balance(statement.closing)))
    if statement.due is not None and (less := spell_difference(words, statement.due)):
        lines.append(words("person-period-due", amount=spell_balance(statement.due.amount), less=less))
    if statement.of.state is PeriodState.PAID and statement.of.unpaid:
        lines.append(words("person-period-unpaid", amount=spell_balance(statement.of.unpaid)))
    return lines


def _list_counts(words: Words, one: EverybodysPeriod) -> list[Html]:
    if not one.people:
        return [words("period-nobody")]
    counts = {str(state): len(one.list_in(state)) for state in PeriodState}
    lines = [words("period-count", **{state: str(count) for state, count in counts.items()})]
    still_open = one.list_in(PeriodState.OPEN)
    if still_open:
        confirmed = sum(each.is_confirmed for each in still_open)
        lines.append(words("period-confirmed", confirmed=str(confirmed), all=str(len(still_open))))
    return lines


def _describe_person(words: Words, everybodys: EverybodysPeriod, one: PersonPeriod) -> Html:
    key, name = f"period-person-{one.state}", clean_name(one.name)
    is_shown = one.employee_id not in everybodys.hidden
    line = words(key, name=name, amount=spell_balance(one.result)) if is_shown else words(f"{key}-unpriced", name=name)
    differing = _list_differing(words, one, everybodys.due.get(one.employee_id)) if is_shown else []
    for remark in (*differing, *_list_remarks(words, one)):
        line = words("period-person-line", person=line, rest=remark)
    return line


def _list_differing(words: Words, one: PersonPeriod, due: Due | None) -> list[Html]:
    """Where another amount is due, or was paid, than it was closed with: that amount, and what makes the difference."""
    if due is not None and (less := spell_difference(words, due)):
        return [words("period-due", amount=spell_balance(due.amount), less=less)]
    if one.state is PeriodState.PAID and one.unpaid:
        return [words("period-paid-of", amount=spell_balance(one.closing))]
    return []


def _list_remarks(words: Words, one: PersonPeriod) -> list[Html]:
    remarks = []
    if one.left_date is not None:
        remarks.append(words("period-left", date=format_date(one.left_date)))
    if one.state is PeriodState.OPEN:
        remarks.append(spell_confirmation(words, one))
        if one.has_running:
            remarks.append(words("period-running"))
    return remarks


def spell_confirmation(words: Words, one: PersonPeriod) -> Html:
    """In a word or two: complete, not confirmed, or what is missing."""
    if one.missing is not None:
        return words("period-says-missing", text=clean_text(one.missing))
    return words("period-says-complete" if one.is_confirmed else "period-says-nothing")


def _spell_said(words: Words, one: PersonPeriod) -> Html:
    if one.missing is not None:
        return words("person-period-missing", text=clean_text(one.missing))
    return words("person-period-complete" if one.is_confirmed else "person-period-silent")


def _list_obstacles(words: Words, one: PersonPeriod) -> list[Html]:
    lines = [words("person-period-running")] if one.has_running else []
    if one.earlier_open is not None:
        lines.append(words("person-period-earlier", date=format_date(one.earlier_open)))
    return lines
