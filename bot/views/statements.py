"""A person's statement as messages (SPEC 4.21)."""

from collections.abc import Iterable, Iterator

from bot.views.amounts import format_pct
from bot.views.bonuses import describe_used
from bot.views.rate_parts import spell_rate
from bot.views.statement_lines import (
    Row,
    clean_text,
    describe_line,
    list_rare_parts,
    list_summary,
    spell_clocks,
    spell_date,
    spell_period,
    spell_state,
)
from bot.words import Html, Words, clean_name
from payroll.amounts import format_amount
from payroll.business_time import BusinessZone
from payroll.statements import Statement, StatementLine, StatementShift

LONGEST_PART = 4096
# A line that is longer is divided: escaped, each of its characters may take five. Such a line has no markup.
_LONGEST_LINE = 800


def render_statement(words: Words, zone: BusinessZone, statement: Statement) -> list[Html]:
    """The statement as one or more messages, each one that Telegram takes; the first has the summary."""
    lines = [
        *_list_head(words, zone, statement),
        *_list_shifts(words, zone, statement.shifts),
        *_list_lines(words, statement.lines),
    ]
    return split_lines(words, lines)


def split_lines(words: Words, lines: Iterable[Html | str]) -> list[Html]:
    """Lines as messages of at most 4,096 characters as Telegram counts them, the markup counted too.

    A message ends at a line's end. Lines that are not `Html` are escaped; a very long one is divided.
    """
    parts: list[list[str]] = [[]]
    length = 0
    for line in (piece for whole in lines for piece in _divide(whole)):
        shown = words.lines([line])
        added = len(shown.encode("utf-16-le")) // 2 + 1
        if length + added > LONGEST_PART:
            parts.append([])
            length = 0
        parts[-1].append(shown)
        length += added
    texts = ("\n".join(part).strip("\n") for part in parts)
    return [Html(text) for text in texts if text]


def _divide(line: Html | str) -> Iterator[Html | str]:
    if isinstance(line, Html) or len(line) <= _LONGEST_LINE:
        yield line
        return
    for start in range(0, len(line), _LONGEST_LINE):
        yield line[start : start + _LONGEST_LINE]


def _list_head(words: Words, zone: BusinessZone, statement: Statement) -> Iterator[Html | str]:
    yield words("statement-headline", period=spell_period(words, statement))
    yield clean_name(statement.of.name)
    yield spell_state(words, zone, statement)
    if statement.of.left_date is not None:
        yield words("statement-left", date=spell_date(statement.of.left_date))
    yield words("statement-pay-day", date=spell_date(statement.pay_day))
    yield ""
    *rows, closing = list_summary(words, statement)
    yield from (_write_row(words, row) for row in rows)
    yield words("statement-bold", text=_write_row(words, closing))


def _write_row(words: Words, row: Row) -> Html:
    key = "statement-part" if row.is_part else "statement-row"
    return words(key, label=row.label, amount=format_amount(row.amount))


def _list_shifts(words: Words, zone: BusinessZone, shifts: Iterable[StatementShift]) -> Iterator[Html | str]:
    for shift in shifts:
        yield ""
        yield words("statement-bold", text=words("statement-shift", id=str(shift.shift_id),
                                                 date=spell_date(shift.shift_date)))  # fmt: skip
        yield from _list_work(words, zone, shift)
        yield from _list_pay(words, shift)


def _list_work(words: Words, zone: BusinessZone, shift: StatementShift) -> Iterator[Html | str]:
    hours, wage = str(shift.worked_hours), format_amount(shift.hourly_wage)
    yield words("statement-shift-times", clocks=spell_clocks(zone, shift), hours=hours, wage=wage)
    for product, amount in shift.products:
        yield words("statement-part", label=clean_name(product), amount=format_amount(amount))
    if not shift.products:
        yield words("statement-shift-no-sales")
        return
    sold = {"sales": format_amount(shift.total_sales), "net": format_amount(shift.net_sales)}
    yield words("statement-shift-sales", **sold, cut=format_pct(shift.platform_cut_pct))


def _list_pay(words: Words, shift: StatementShift) -> Iterator[Html | str]:
    yield words(
        "statement-shift-pay",
        hourly=format_amount(shift.total_per_hour),
        commissions=format_amount(shift.commissions),
        pct=f"{shift.commission_pct:,.2f}%",
        parts=spell_rate(words, shift.rate_parts),
    )
    for used in shift.bonuses:
        text, amount = describe_used(words, used), used.amount
        yield text if amount is None else words("statement-part", label=text, amount=format_amount(amount))
    yield from (_write_row(words, row) for row in list_rare_parts(words, shift))
    yield words("statement-bold", text=words("statement-shift-made", amount=format_amount(shift.booked)))
    if shift.note:
        yield words.plain("statement-shift-note", note=clean_text(shift.note))


def _list_lines(words: Words, lines: Iterable[StatementLine]) -> Iterator[Html | str]:
    written = [
        words.plain("statement-row", label=describe_line(words, line), amount=format_amount(line.amount))
        for line in lines
    ]
    if written:
        yield ""
        yield words("statement-bold", text=words("statement-other-lines"))
        yield from written
