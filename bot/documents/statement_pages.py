"""The pages of a statement: balances, shifts, other entries (SPEC 4.21)."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time
from decimal import Decimal

from bot.documents.paper import BOTTOM, INK, LEFT, PALE_INK, RIGHT, SHADE, TOP, WIDTH, Column, Paper, Table
from bot.views.amounts import format_pct
from bot.views.rate_parts import spell_rate
from bot.views.statement_lines import (
    Row,
    clean_text,
    describe_line,
    list_rare_parts,
    list_summary,
    list_used_bonuses,
    spell_clocks,
    spell_date,
    spell_period,
    spell_state,
    spell_zone,
)
from bot.words import Words
from payroll.amounts import format_amount
from payroll.business_time import BusinessZone
from payroll.money import ZERO
from payroll.statements import Statement, StatementLine, StatementShift

_SUMMARY_WIDTH = 120.0
_BOX_WIDTH = 88.0
_PRODUCT_WIDTH = 42.0


def draw_statement(words: Words, zone: BusinessZone, statement: Statement) -> bytes:
    """The PDF file."""
    paper = _open_paper(words, statement)
    _draw_head(paper, words, zone, statement)
    _draw_summary(paper, words, statement)
    if statement.shifts:
        _draw_shifts(paper, words, zone, statement)
    if statement.lines:
        _draw_lines(paper, words, zone, statement)
    return bytes(paper.output())


def _open_paper(words: Words, statement: Statement) -> Paper:
    of = statement.of
    made_at = of.paid_at or of.closed_at or datetime.combine(statement.pay_day, time(), UTC)
    title = words.plain("statement-title", period=spell_period(words, statement))
    paper = Paper(words, title, made_at)
    paper.write_foot(f"{paper.clean(of.name)} · {title}")
    return paper


def _draw_head(paper: Paper, words: Words, zone: BusinessZone, statement: Statement) -> None:
    of = statement.of
    paper.put(LEFT, WIDTH, words.plain("statement-title", period=spell_period(words, statement)), size=18, style="B")
    paper.set_y(paper.get_y() + 10)
    for line in paper.wrap(paper.clean(of.name), WIDTH, size=13, style="B", most=3):
        paper.put(LEFT, WIDTH, line, size=13, style="B")
        paper.set_y(paper.get_y() + 6.5)
    facts = [
        words.plain("statement-person", id=str(of.employee_id)),
        spell_state(words, zone, statement),
        words.plain("statement-pay-day", date=spell_date(statement.pay_day)),
        *([words.plain("statement-left", date=spell_date(of.left_date))] if of.left_date else []),
        words.plain("statement-units", zone=spell_zone(zone)),
    ]
    for line in paper.wrap(" · ".join(facts), WIDTH, size=8.5, most=3):
        paper.put(LEFT, WIDTH, line, size=8.5, color=PALE_INK)
        paper.set_y(paper.get_y() + 4)
    paper.set_y(paper.get_y() + 4)


def _draw_summary(paper: Paper, words: Words, statement: Statement) -> None:
    top = paper.get_y()
    *rows, closing = list_summary(words, statement)
    for row in rows:
        _draw_summary_row(paper, row)
    paper.set_draw_color(INK)
    paper.set_line_width(0.5)
    paper.line(LEFT, paper.get_y(), LEFT + _SUMMARY_WIDTH, paper.get_y())
    paper.set_y(paper.get_y() + 1.2)
    _draw_summary_row(paper, closing, style="B")
    end = paper.get_y()
    _draw_box(paper, top, words, statement)
    paper.set_y(end + 6)


def _draw_summary_row(paper: Paper, row: Row, *, style: str = "") -> None:
    indent, size, color = (6.0, 8.0, PALE_INK) if row.is_part else (0.0, 9.0, INK)
    y = paper.get_y()
    paper.put(LEFT + indent, 80, row.label, size=size, style=style, color=color)
    paper.set_y(y)
    # The parts stand to the left of what they add up to.
    right = LEFT + _SUMMARY_WIDTH - (34 if row.is_part else 0)
    paper.put(right - 32, 32, format_amount(row.amount), size=size, style=style, color=color, align="R")
    paper.set_y(y + (4.4 if row.is_part else 5.2))


def _draw_box(paper: Paper, top: float, words: Words, statement: Statement) -> None:
    x = RIGHT - _BOX_WIDTH
    paper.set_fill_color(SHADE)
    paper.rect(x, top, _BOX_WIDTH, 27, style="F", round_corners=True, corner_radius=2)
    paper.set_y(top + 4)
    paper.put(x + 5, _BOX_WIDTH - 10, words.plain("statement-closing"), size=9, color=PALE_INK)
    paper.set_y(top + 10)
    paper.put(x + 5, _BOX_WIDTH - 10, _spell_usd(statement.closing), size=22, style="B")
    paper.set_y(top + 21)
    pay_day = words.plain("statement-pay-day", date=spell_date(statement.pay_day))
    paper.put(x + 5, _BOX_WIDTH - 10, pay_day, size=9, color=PALE_INK)


def _spell_usd(amount: Decimal) -> str:
    return f"-${format_amount(-amount)}" if amount < 0 else f"${format_amount(amount)}"


def _draw_heading(paper: Paper, text: str) -> None:
    if paper.get_y() + 30 > BOTTOM:
        paper.add_page()
        paper.set_y(TOP)
    paper.put(LEFT, WIDTH, text, size=12, style="B")
    paper.set_y(paper.get_y() + 7)


def _draw_shifts(paper: Paper, words: Words, zone: BusinessZone, statement: Statement) -> None:
    _draw_heading(paper, words.plain("statement-shifts"))
    table = Table(paper, _list_columns(words), details_from=4)
    for shift in statement.shifts:
        details = [
            line
            for text in _list_details(words, shift)
            for line in paper.wrap(paper.clean(text), table.detail_width, size=Table.SIZE)
        ]
        table.add(_list_cells(paper, words, zone, shift), details)
    table.add_total(_list_totals(words, statement))
    paper.set_y(paper.get_y() + 7)


def _list_columns(words: Words) -> Sequence[Column]:
    """What `_list_cells` has a cell for; the one without a label has the sales of each product."""
    return (
        Column(words.plain("statement-column-number"), 13),
        Column(words.plain("statement-column-date"), 20),
        Column(words.plain("statement-column-time"), 24),
        Column(words.plain("statement-column-hours"), 13, is_figure=True),
        Column(words.plain("statement-column-product"), _PRODUCT_WIDTH),
        Column("", 19, is_figure=True),
        Column(words.plain("statement-column-sales"), 21, is_figure=True),
        Column(words.plain("statement-column-net"), 21, is_figure=True),
        Column(words.plain("statement-column-rate"), 15, is_figure=True),
        Column(words.plain("statement-hourly"), 19, is_figure=True),
        Column(words.plain("statement-commissions"), 24, is_figure=True),
        Column(words.plain("statement-shift-bonuses"), 20, is_figure=True),
        Column(words.plain("statement-column-made"), 22, is_figure=True),
    )


def _list_totals(words: Words, statement: Statement) -> Sequence[str]:
    shifts = statement.shifts
    made = (
        sum((one.total_per_hour for one in shifts), ZERO),
        sum((one.commissions for one in shifts), ZERO),
        sum((one.bonus_pay for one in shifts), ZERO),
        statement.shift_total,
    )
    return [
        words.plain("statement-total"), "", "", str(statement.worked_hours), "", "",
        format_amount(statement.total_sales), format_amount(sum((one.net_sales for one in shifts), ZERO)), "",
        *(format_amount(amount) for amount in made),
    ]  # fmt: skip


def _list_cells(paper: Paper, words: Words, zone: BusinessZone, shift: StatementShift) -> Sequence[Sequence[str]]:
    products: list[str] = []
    sales: list[str] = []
    for name, amount in shift.products:
        lines = paper.wrap(paper.clean(name), _PRODUCT_WIDTH - 6, size=Table.SIZE)
        products += lines
        sales += [format_amount(amount), *[""] * (len(lines) - 1)]
    amounts = (shift.total_per_hour, shift.commissions, shift.bonus_pay, shift.booked)
    return [
        [str(shift.shift_id)], [spell_date(shift.shift_date)], [spell_clocks(zone, shift)], [str(shift.worked_hours)],
        products or [words.plain("statement-shift-no-sales")], sales,
        [format_amount(shift.total_sales)], [format_amount(shift.net_sales)], [f"{shift.commission_pct:,.2f}%"],
        *([format_amount(amount)] for amount in amounts),
    ]  # fmt: skip


def _list_details(words: Words, shift: StatementShift) -> Iterator[str]:
    """Below a shift: what its rate and its pay come from."""
    basis = {"wage": format_amount(shift.hourly_wage), "cut": format_pct(shift.platform_cut_pct)}
    yield words.plain("statement-detail-terms", **basis, parts=spell_rate(words, shift.rate_parts))
    yield from list_used_bonuses(words, shift)
    for row in list_rare_parts(words, shift):
        yield words.plain("statement-row", label=row.label, amount=format_amount(row.amount))
    if shift.note:
        yield words.plain("statement-shift-note", note=clean_text(shift.note))


def _draw_lines(paper: Paper, words: Words, zone: BusinessZone, statement: Statement) -> None:
    _draw_heading(paper, words.plain("statement-other-lines"))
    columns = (
        Column(words.plain("statement-column-booked"), 26),
        Column(words.plain("statement-column-what"), 217),
        Column(words.plain("statement-column-amount"), 30, is_figure=True),
    )
    table = Table(paper, columns)
    for line in statement.lines:
        table.add(_list_line_cells(paper, words, zone, line))
    total = sum((line.amount for line in statement.lines), ZERO)
    table.add_total([words.plain("statement-total"), "", format_amount(total)])
    paper.set_y(paper.get_y() + 7)


def _list_line_cells(paper: Paper, words: Words, zone: BusinessZone, line: StatementLine) -> Sequence[Sequence[str]]:
    text = paper.clean(describe_line(words, line))
    booked = spell_date(zone.date_of(line.at))
    return [[booked], paper.wrap(text, 215, size=Table.SIZE), [format_amount(line.amount)]]
