"""A statement as a PDF: read back, every figure of the record is there to the cent (SPEC 4.21)."""

import logging
import re
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from bot.documents.statement_pdf import render_statement_pdf
from bot.logs import QUIET_LIBRARIES
from payroll.periods import PeriodState
from payroll.statements import LineKind, Statement
from tests.documents.made import (
    HOSTILE_NAMES,
    NIGHT,
    WORDS,
    ZONE,
    give,
    make_full_statement,
    make_line,
    make_shift,
    make_statement,
    usd,
)
from tests.documents.reading import read_amounts, read_lines, read_pages

HEAD = "Shift Date Time Hours Sold Sales Net Rate Hourly Commissions Bonuses Made"


def draw(statement: Statement) -> bytes:
    return render_statement_pdf(WORDS, ZONE, statement)


def make_long_statement() -> Statement:
    """60 shifts, each with other figures."""
    shifts = [
        give(make_shift(1 + number % 13, {"Model A": f"{100 + number}.37", "Model B": number}, shift_id=2000 + number),
             f"{number}.01")
        for number in range(60)
    ]  # fmt: skip
    return make_statement(shifts, opening="-12.34")


def test_the_summary_has_every_figure() -> None:
    lines = read_lines(draw(make_full_statement(state=PeriodState.PAID, paid_at=NIGHT, paid=usd("947.83"))))
    facts = "Employee No. 100 · Paid on 2026/11/02: 947.83 · Pay day: 2026/11/15 · Amounts in USD, times of"
    assert lines[0:2] == ["Statement 2026/11/01 to 2026/11/14", "Ann Example"]
    assert lines[2] == f"{facts} America/New_York"
    for row in (
        "Opening balance 412.34", "Made on 5 shifts 755.33", "Hourly 600.00", "Commissions 204.00", "Bonuses 21.33",
        "Taken over from the old sheet -0.05", "Paid before -59.95", "Corrected in another period -10.00",
        "Corrections of closed periods 40.00", "Bonuses given 30.00", "Paid days off 120.00",
        "Bonuses paid at leaving 10.00", "Deductions -7.50", "Refunds 0.00", "Payouts -412.34",
        "Closing balance 947.83", "$947.83",
    ):  # fmt: skip
        assert row in lines


def test_a_shift_shows_its_parts() -> None:
    lines = read_lines(draw(make_full_statement()))
    start = lines.index("3 2026/11/04 09:00 – 17:00 8.00 Model A 300.10 500.00 400.00 21.00% 120.00 84.00 11.33 215.33")
    assert lines[start + 1 : start + 8] == [
        "Model B 199.90",
        "Hourly wage 15.00 · platform 20.0% · rate (8.0% base + 2.0% dynamic) × 2 + 1.0% bonus",
        "+1.0% on this shift (Hustler, November 2026)",
        "Double commission (from Olga: a long night)",
        "2.0% of the 400.00 net that the chatter before sold on Model A: 8.00",
        "1.0% of the 333.00 net that the others sold that day on Model B: 3.33",
        "Note: A long night with <3 guests",
    ]


def test_its_sums_are_the_sums_of_what_stands_above_them() -> None:
    lines = read_lines(draw(make_full_statement()))
    shifts, others = (line for line in lines if line.startswith("Total"))
    rows = [read_amounts(line) for line in lines if re.match(r"\d+ 2026/\d\d/\d\d \d\d:\d\d", line)]
    sums = read_amounts(shifts)
    assert sums[0] == sum(row[0] for row in rows) == usd(40)
    for place in range(1, 5):
        assert sums[-place] == sum(row[-place] for row in rows)
    entries = [read_amounts(line)[-1] for line in lines if re.match(r"2026/11/10 \D", line)]
    assert read_amounts(others) == [sum(entries)] == [usd("-219.84")]
    assert usd("412.34") + sums[-1] + sum(entries) == usd("947.83")


def test_sixty_shifts_go_over_pages_with_the_head_on_each_and_every_figure_once() -> None:
    statement = make_long_statement()
    pages = read_pages(draw(statement))
    assert len(pages) > 3
    for number, page in enumerate(pages, start=1):
        lines = [" ".join(line.split()) for line in page.split("\n")]
        assert lines.count(HEAD) == 1
        assert [line for line in lines if line.endswith(f"Page {number} of {len(pages)}")]
    text = "\n".join(pages)
    assert re.findall(r"^(\d{4}) 2026/", text, re.MULTILINE) == [str(2000 + number) for number in range(60)]
    lines = [" ".join(line.split()) for line in text.split("\n")]
    made = [read_amounts(line)[-1] for line in lines if re.match(r"\d{4} 2026/", line)]
    total = next(read_amounts(line) for line in lines if line.startswith("Total"))
    assert total[-1] == sum(made) == statement.shift_total
    assert total[0] == Decimal(480)


@pytest.mark.parametrize("make", [make_full_statement, make_long_statement, make_statement])
def test_the_same_statement_is_the_same_file(make: Callable[[], Statement]) -> None:
    assert draw(make()) == draw(make())


def test_an_empty_statement_is_one_page_without_tables() -> None:
    (page,) = read_pages(draw(make_statement()))
    assert "No shifts" in page
    assert "Shifts" not in page.replace("No shifts", "")
    assert "Closing balance" in page


def test_a_negative_balance_is_shown_as_one() -> None:
    lines = read_lines(draw(make_statement([make_shift(1)], opening="-500")))
    assert "Closing balance -340.00" in lines
    assert "-$340.00" in lines


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_name_stays_readable_and_changes_no_figure(name: str) -> None:
    line = make_line(LineKind.BONUS, 1, note=name)
    shift = make_shift(1, {name[:40]: 500}, note=name * 5)
    lines = read_lines(draw(make_statement([shift], [line], name=name)))
    assert "Closing balance 161.00" in lines
    assert lines[0] == "Statement 2026/11/01 to 2026/11/14"
    assert {"\x00", "\ud800", "\u202e"}.isdisjoint("".join(lines))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Zoë O’Brien-Łukasz", "Zoë O’Brien-Łukasz"),
        ("Анна Їжак Ґудзь", "Анна Їжак Ґудзь"),
        ("Νίκος", "Νίκος"),
        ("<b>Ann</b> & Co", "<b>Ann</b> & Co"),
        ("\U0001f469\u200d\U0001f680 Ann \U0001f1fa\U0001f1e6", "Ann"),
        ("Ann ★ ♥", "Ann ★ ♥"),
        ("王小明 Li", "WangXiaoMing Li"),
        ("สมชาย", "smchay"),
        ("प्रिया", "priya"),
        ("\U0001f680\U0001f680", "?"),
        ("**Ann** __x__ {nb}", "**Ann** __x__ {nb }"),
    ],
)
def test_names_as_they_are_printed(name: str, shown: str) -> None:
    assert read_lines(draw(make_statement(name=name)))[1] == shown


def test_a_name_of_200_letters_is_cut_after_three_lines() -> None:
    lines = read_lines(draw(make_statement(name="W" * 200)))
    assert [line.strip("W…") for line in lines[1:4]] == ["", "", ""]
    assert lines[3].endswith("…")
    assert lines[4].startswith("Employee No. 100")


def test_the_largest_amounts_are_never_cut() -> None:
    shifts = [make_shift(day, {"Model A": "99999999.99"}) for day in range(1, 14)]
    text = "\n".join(read_lines(draw(make_statement(shifts))))
    assert text.count("99,999,999.99") == 26
    assert "1,299,999,999.87" in text


def test_a_very_long_note_goes_over_to_the_next_page() -> None:
    sold = {f"Model {place}": 1 for place in range(60)}
    text = "\n".join(read_lines(draw(make_statement([make_shift(1, sold, note="word " * 199 + "end")]))))
    assert all(re.search(rf"Model {place} 1\.00", text) for place in range(60))
    assert text.count("word") == 199
    assert text.count(HEAD) == len(read_pages(draw(make_statement([make_shift(1, sold, note="word " * 199)]))))


def test_the_file_says_what_it_is_and_not_when_it_was_made() -> None:
    reader = PdfReader(BytesIO(draw(make_statement())))
    assert reader.metadata is not None
    assert reader.metadata.title == "Statement 2026/11/01 to 2026/11/14"
    assert str(reader.metadata.creation_date) == "2026-11-15 00:00:00+00:00"
    assert "lang" in str(reader.trailer["/Root"]).lower()


def test_no_letter_of_a_name_gets_into_the_logs(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    draw(make_statement([make_shift(1, {name[:40]: 500}, note=name) for name in HOSTILE_NAMES], name="Ann ★"))
    assert {record.name.split(".")[0] for record in caplog.records} <= set(QUIET_LIBRARIES)
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


@given(st.lists(st.text(max_size=200), min_size=10, max_size=10))
@settings(deadline=None, max_examples=6)
def test_any_text_can_be_printed(texts: list[str]) -> None:
    shifts = [make_shift(1, {text[:40] or "?": 500}, note=text, shift_id=number) for number, text in enumerate(texts)]
    lines = read_lines(draw(make_statement(shifts, name=texts[0])))
    assert "Closing balance 1,600.00" in lines
    assert [line for line in lines if line.startswith("Total ")] == [
        "Total 80.00 5,000.00 4,000.00 1,200.00 400.00 0.00 1,600.00"
    ]
