"""A person's statement as an XLSX file: the figures of the PDF, with formulas where it has sums (SPEC 4.21)."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time
from typing import Any

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from bot.documents.sheets import Book, Placed
from bot.documents.tables import Column, Hours, Kind, Table, Value
from bot.views.statement_lines import (
    Row,
    describe_line,
    label_kind,
    list_rare_parts,
    list_summary,
    list_used_bonuses,
    spell_period,
    spell_state,
    spell_zone,
)
from bot.words import Words
from payroll.business_time import BusinessZone
from payroll.statements import Statement, StatementLine, StatementShift

_STRONG = {"bold": True, "top": 2}
_INDENTED = {"indent": 2, "align": "left", "font_color": "#5b6874"}
_ON_ONE_LINE = {"text_wrap": False, "font_color": "#5b6874"}
_USD = {"num_format": '"$"#,##0.00;-"$"#,##0.00'}


def render_statement_xlsx(words: Words, zone: BusinessZone, statement: Statement) -> bytes:
    """The statement in three sheets: the summary, the shifts, all other entries. The same gives the same bytes."""
    of = statement.of
    made_at = of.paid_at or of.closed_at or datetime.combine(statement.pay_day, time(), UTC)
    title = words.plain("statement-title", period=spell_period(words, statement))
    book = Book(title, made_at)
    sheet = book.add_sheet(words.plain("statement-sheet"), is_wide=False)
    shifts = book.add_table(_make_shifts(words, zone, statement))
    lines = book.add_table(_make_lines(words, zone, statement))
    row = _write_head(book, sheet, words, zone, statement)
    _write_summary(book, sheet, row, words, statement, shifts, lines)
    return book.finish()


def _make_shifts(words: Words, zone: BusinessZone, statement: Statement) -> Table:
    products = list(dict.fromkeys(name for shift in statement.shifts for name, _ in shift.products))
    rare = list(dict.fromkeys(row.label for shift in statement.shifts for row in list_rare_parts(words, shift)))
    first_product, first_part = 5, 5 + len(products) + 7
    columns = (
        Column(words.plain("statement-column-number"), Kind.ID, 8),
        Column(words.plain("statement-column-date"), Kind.DATE, 11),
        Column(words.plain("statement-column-clock-in"), Kind.MOMENT, 12),
        Column(words.plain("statement-column-clock-out"), Kind.MOMENT, 12),
        Column(words.plain("statement-column-hours"), Kind.NUMBER, 9, is_summed=True),
        *(Column(name, Kind.AMOUNT, 14, is_summed=True) for name in products),
        Column(words.plain("statement-column-total-sales"), Kind.AMOUNT, 14, is_summed=True,
               adds_up=(first_product, first_product + len(products) - 1) if products else None),
        Column(words.plain("statement-column-net"), Kind.AMOUNT, 14, is_summed=True),
        Column(words.plain("statement-column-cut"), Kind.NUMBER, 10),
        Column(words.plain("statement-column-base"), Kind.NUMBER, 9),
        Column(words.plain("statement-column-dynamic"), Kind.NUMBER, 10),
        Column(words.plain("statement-column-pct"), Kind.NUMBER, 9),
        Column(words.plain("statement-column-wage"), Kind.AMOUNT, 10),
        Column(words.plain("statement-hourly"), Kind.AMOUNT, is_summed=True),
        Column(words.plain("statement-commissions"), Kind.AMOUNT, 14, is_summed=True),
        Column(words.plain("statement-shift-bonuses"), Kind.AMOUNT, is_summed=True),
        *(Column(label, Kind.AMOUNT, is_summed=True) for label in rare),
        Column(words.plain("statement-column-made"), Kind.AMOUNT, 14, is_summed=True,
               adds_up=(first_part, first_part + 2 + len(rare))),
        Column(words.plain("statement-column-bonus-text"), Kind.TEXT, 26),
        Column(words.plain("statement-column-note"), Kind.TEXT, 26),
    )  # fmt: skip
    rows = [_list_cells(words, zone, shift, products, rare) for shift in statement.shifts]
    title = words.plain("statement-title", period=spell_period(words, statement))
    return Table(words.plain("statement-shifts"), title, columns, rows)


def _list_cells(
    words: Words, zone: BusinessZone, shift: StatementShift, products: Sequence[str], rare: Sequence[str]
) -> list[Value]:
    sold = dict(shift.products)
    parts = {row.label: row.amount for row in list_rare_parts(words, shift)}
    rate = shift.rate_parts
    return [
        shift.shift_id, shift.shift_date, zone.to_wall(shift.time_in), zone.to_wall(shift.time_out),
        Hours(shift.exact_hours, shift.worked_hours),
        *(sold.get(name) for name in products),
        shift.total_sales, shift.net_sales, shift.platform_cut_pct,
        rate.base_pct, rate.dynamic_pct, shift.commission_pct, shift.hourly_wage,
        shift.total_per_hour, shift.commissions, shift.bonus_pay,
        *(parts.get(label) for label in rare),
        shift.booked,
        "; ".join(list_used_bonuses(words, shift)), shift.note or "",
    ]  # fmt: skip


def _make_lines(words: Words, zone: BusinessZone, statement: Statement) -> Table:
    columns = (
        Column(words.plain("statement-column-booked"), Kind.DATE),
        Column(words.plain("statement-column-kind"), Kind.TEXT, 26),
        Column(words.plain("statement-column-what"), Kind.TEXT, 70),
        Column(words.plain("statement-column-number"), Kind.ID, 8),
        Column(words.plain("statement-column-date"), Kind.DATE, 11),
        Column(words.plain("statement-column-amount"), Kind.AMOUNT, 14, is_summed=True),
    )
    rows = [_list_line_cells(words, zone, line) for line in statement.lines]
    title = words.plain("statement-title", period=spell_period(words, statement))
    return Table(words.plain("statement-other-lines"), title, columns, rows)


def _list_line_cells(words: Words, zone: BusinessZone, line: StatementLine) -> list[Value]:
    what = describe_line(words, line)
    return [zone.date_of(line.at), label_kind(words, line.kind), what, line.shift_id, line.shift_date, line.amount]


def _write_head(book: Book, sheet: Any, words: Words, zone: BusinessZone, statement: Statement) -> int:
    """Whose it is and when it is paid; the row where the figures begin."""
    of = statement.of
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, 2, 18)
    book.write_title(sheet, words.plain("statement-title", period=spell_period(words, statement)))
    facts: list[tuple[str, Kind, Value]] = [
        (words.plain("statement-label-name"), Kind.TEXT, of.name),
        (words.plain("statement-label-id"), Kind.ID, of.employee_id),
        (words.plain("statement-label-state"), Kind.TEXT, spell_state(words, zone, statement)),
        (words.plain("statement-label-pay-day"), Kind.DATE, statement.pay_day),
        *([(words.plain("statement-label-left"), Kind.DATE, of.left_date)] if of.left_date else []),
    ]
    for row, (label, kind, value) in enumerate(facts, start=2):
        book.write_value(sheet, row, 0, Kind.TEXT, label)
        # A long name may go on over the empty cells beside it.
        book.write_value(sheet, row, 1, kind, value, {"text_wrap": False, "align": "left"})
    below = 2 + len(facts)
    book.write_value(sheet, below, 0, Kind.TEXT, words.plain("statement-units", zone=spell_zone(zone)), _ON_ONE_LINE)
    return below + 2


def _write_summary(
    book: Book, sheet: Any, start: int, words: Words, statement: Statement, shifts: Placed, lines: Placed
) -> None:
    *rows, closing = list_summary(words, statement)
    sums = _list_formulas(words, rows, start, shifts, lines)
    for number, (row, formula) in enumerate(zip(rows, sums, strict=True), start=start):
        book.write_value(sheet, number, 0, Kind.TEXT, row.label, _INDENTED if row.is_part else None)
        place = 1 if row.is_part else 2
        if formula is None:
            book.write_value(sheet, number, place, Kind.AMOUNT, row.amount)
        else:
            book.write_formula(sheet, number, place, formula, row.amount)
    end = start + len(rows)
    book.write_value(sheet, end, 0, Kind.TEXT, closing.label, _STRONG)
    book.write_value(sheet, end, 1, Kind.TEXT, None, _STRONG)
    cells = xl_range(start, 2, end - 1, 2)
    book.write_formula(sheet, end, 2, f"=SUM({cells})", closing.amount, style={**_STRONG, **_USD})


def _list_formulas(
    words: Words, rows: Sequence[Row], start: int, shifts: Placed, lines: Placed
) -> Iterator[str | None]:
    """Where each row's amount comes from: the sums of the shifts, and of the entries that bear its name."""
    made = words.plain("statement-column-made")
    kind, amount = words.plain("statement-column-kind"), words.plain("statement-column-amount")
    yield None
    yield f"={shifts.refer_to_total(made)}"
    for number, row in enumerate(rows[2:], start=start + 2):
        if row.is_part:
            yield f"={shifts.refer_to_total(row.label)}"
        else:
            name = xl_rowcol_to_cell(number, 0)
            yield f"=SUMIF({lines.refer_to_column(kind)},{name},{lines.refer_to_column(amount)})"
