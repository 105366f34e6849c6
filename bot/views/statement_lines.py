"""A statement's rows in plain words: what message, PDF and XLSX have in common (SPEC 4.21)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from bot.spoken import spell_day
from bot.views.bonuses import describe_used
from bot.views.due import spell_difference
from bot.words import Words, clean_name, clean_words, shorten
from payroll.amounts import format_amount
from payroll.business_time import BusinessZone, format_clock, format_date
from payroll.money import ZERO
from payroll.periods import PeriodState
from payroll.statements import Booking, LineKind, Statement, StatementLine, StatementShift

_WITH_A_SHIFT_OR_WITHOUT = (LineKind.BONUS, LineKind.DEDUCTION)


MOST_MODELS = 3
LONGEST_NOTE = 200
"""So much of a line's reason, and so many of its models, are shown where many lines stand together in a chat."""


@dataclass(frozen=True, slots=True)
class Naming:
    """How days and shifts are named: `shift` is the message that names one, of its number and day."""

    spell: Callable[[Words, date], str]
    shift: str


PAPER = Naming(lambda _words, day: spell_date(day), "statement-shift-of")
"""By number and full date, as a statement lists them."""
SPOKEN = Naming(spell_day, "shift-of-day")
"""As people say it, `the shift of Sun 29 Nov`."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the summary, USD. The parts of a row follow it and add up to it."""

    label: str
    amount: Decimal
    is_part: bool = False


def list_summary(words: Words, statement: Statement) -> list[Row]:
    """From the opening to the closing balance. The rows that are no parts add up; what did not happen has no row."""
    amounts: dict[str, Decimal] = {}
    for line in statement.lines:
        label = label_kind(words, line.kind)
        amounts[label] = amounts.get(label, ZERO) + line.amount
    return [
        Row(words.plain("statement-opening"), statement.opening),
        Row(words.plain("statement-made", count=len(statement.shifts)), statement.shift_total),
        *_list_parts(words, statement),
        *(Row(label, amount) for label, amount in amounts.items()),
        Row(words.plain("statement-closing"), statement.closing),
    ]


def label_kind(words: Words, kind: LineKind) -> str:
    """Under which name lines of a kind are summed up; refunds and their withdrawals are one."""
    together = LineKind.REFUND if kind is LineKind.REFUND_WITHDRAWN else kind
    return words.plain(f"statement-kind-{together.replace(' ', '-')}")


def _list_parts(words: Words, statement: Statement) -> Iterator[Row]:
    """What the shifts' sum is made of, where there are any."""
    shifts = statement.shifts
    if not shifts:
        return
    yield Row(words.plain("statement-hourly"), sum((one.total_per_hour for one in shifts), ZERO), is_part=True)
    yield Row(words.plain("statement-commissions"), sum((one.commissions for one in shifts), ZERO), is_part=True)
    yield Row(words.plain("statement-shift-bonuses"), sum((one.bonus_pay for one in shifts), ZERO), is_part=True)
    rare: dict[str, Decimal] = {}
    for row in (row for one in shifts for row in list_rare_parts(words, one)):
        rare[row.label] = rare.get(row.label, ZERO) + row.amount
    yield from (Row(label, amount, is_part=True) for label, amount in rare.items())


def list_rare_parts(words: Words, shift: StatementShift) -> list[Row]:
    """What makes a few shifts' sum whole beside hourly, commissions and bonuses; nothing for nearly all."""
    parts = (
        (words.plain("statement-taken-over"), shift.imported_difference),
        (words.plain("statement-paid-before"), -shift.paid_before),
        (words.plain("statement-elsewhere"), -shift.elsewhere),
    )
    return [Row(label, amount, is_part=True) for label, amount in parts if amount]


def describe_line(words: Words, line: StatementLine, naming: Naming = PAPER) -> str:
    """What a line that is no shift is for, with the reason that was given."""
    key = f"statement-line-{line.kind.replace(' ', '-')}"
    if line.kind in _WITH_A_SHIFT_OR_WITHOUT and line.shift_id is not None:
        key = f"statement-line-{line.kind}-shift"
    day = line.day or line.shift_date
    if line.kind is LineKind.CORRECTION and line.day is not None:
        key = "statement-line-correction-period"
    facts = {
        "shift": _name_shift(words, line.shift_id, line.shift_date, naming),
        "date": _spell_optional(words, day, naming),
        "since": _spell_optional(words, line.day, naming),
        "product": clean_name(line.product or ""),
        "sale": format_amount(line.sale or ZERO),
    }
    text = words.plain(key, **facts)
    for moved, bonuses in (("gone", line.gone), ("come", line.come)):
        for bonus in bonuses:
            told = {"bonus": describe_used(words, bonus), "amount": format_amount(bonus.amount or ZERO)}
            text = words.plain(f"statement-line-bonus-{moved}", line=text, **told)
    return words.plain("statement-line-why", line=text, why=clean_text(line.note)) if line.note else text


def describe_booking(words: Words, booking: Booking) -> str:
    """What a line of the ledger is for, as a statement words it; for what a shift made, with its models."""
    if booking.line is not None:
        note = booking.line.note
        return describe_line(words, replace(booking.line, note=note and shorten(note, LONGEST_NOTE)), SPOKEN)
    moved = booking.mover_date is not None
    key = "ledger-shift-moved" if moved else f"ledger-{booking.reason.replace(' ', '-')}"
    facts = {"mover": _name_shift(words, None, booking.mover_date, SPOKEN)} if moved else {}
    text = words.plain(key, shift=_name_shift(words, booking.shift_id, booking.shift_date, SPOKEN), **facts)
    if not booking.products:
        return text
    return words.plain("ledger-of-models", line=text, models=_name_models(words, booking.products))


def list_used_bonuses(words: Words, shift: StatementShift) -> Iterator[str]:
    """The bonuses that a shift has used up, each with what it added to the pay where that stands apart."""
    for used in shift.bonuses:
        text, amount = describe_used(words, used), used.amount
        yield text if amount is None else words.plain("statement-row", label=text, amount=format_amount(amount))


def spell_state(words: Words, zone: BusinessZone, statement: Statement) -> str:
    """Whether it is open, closed or paid, since when, and how much is due or was paid."""
    of = statement.of
    if of.state is PeriodState.PAID and of.paid_at is not None and of.paid is not None:
        facts = {"date": spell_date(zone.date_of(of.paid_at)), "amount": format_amount(of.paid)}
        key = "statement-state-paid-on" if of.paid else "statement-state-settled-on"
        if of.unpaid:
            key = f"{key}-less"
        return words.plain(key, **facts, less=format_amount(of.unpaid))
    if of.state is PeriodState.CLOSED and of.closed_at is not None:
        facts = {"date": spell_date(zone.date_of(of.closed_at))}
        if statement.due is None:
            return words.plain("statement-state-closed-on", **facts)
        state = words.plain("statement-state-due", **facts, amount=format_amount(statement.due.amount))
        less = spell_difference(words, statement.due, unit="")
        return words.plain("statement-state-less", state=state, less=less) if less else state
    return words.plain(f"statement-state-{of.state}")


def spell_period(words: Words, statement: Statement) -> str:
    """`2026/11/01 to 2026/11/14`."""
    period = statement.of.period
    return words.plain("statement-period", **{"from": spell_date(period.start_date), "to": spell_date(period.end_date)})


def spell_date(day: date) -> str:
    """A date as people see it, `YYYY/MM/DD`."""
    return format_date(day)


def spell_clocks(zone: BusinessZone, shift: StatementShift) -> str:
    """From when to when, on the business's clocks: `09:00 – 17:00`."""
    return " – ".join(format_clock(zone.to_wall(at).time()) for at in (shift.time_in, shift.time_out))


def spell_zone(zone: BusinessZone) -> str:
    """A zone as people read it: POSIX turns the sign of `Etc/GMT+5` round."""
    return zone.name.replace("Etc/GMT+", "UTC-") if zone.name.startswith("Etc/GMT+") else zone.name


def clean_text(text: str) -> str:
    """What somebody wrote, on one line and without what would turn the text around it."""
    return clean_words(" ".join(text.split()))


def _spell_optional(words: Words, day: date | None, naming: Naming) -> str:
    return naming.spell(words, day) if day is not None else ""


def _name_shift(words: Words, shift_id: int | None, day: date | None, naming: Naming) -> str:
    return words.plain(naming.shift, id=str(shift_id), date=_spell_optional(words, day, naming))


def _name_models(words: Words, products: Sequence[str]) -> str:
    named = ", ".join(map(clean_name, products[:MOST_MODELS]))
    more = len(products) - MOST_MODELS
    return words.plain("ledger-models-more", models=named, count=more) if more > 0 else named
