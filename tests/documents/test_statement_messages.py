"""A statement as messages: the figures of the record, in parts that Telegram takes (SPEC 4.21)."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.views.statement_lines import list_summary
from bot.views.statements import LONGEST_PART, render_statement, split_lines
from bot.words import Html
from payroll.periods import PeriodState
from payroll.statements import LineKind, Statement
from playground.entities import parse_html
from tests.documents.made import (
    HOSTILE_NAMES,
    NIGHT,
    WORDS,
    ZONE,
    make_full_statement,
    make_line,
    make_shift,
    make_statement,
    usd,
)


def read(statement: Statement) -> list[str]:
    """The messages' lines as somebody reads them."""
    parts = render_statement(WORDS, ZONE, statement)
    return [line for part in parts for line in parse_html(part).text.split("\n")]


def test_a_statement_in_full() -> None:
    paid_at = datetime(2026, 11, 16, 4, tzinfo=UTC)
    statement = make_full_statement(state=PeriodState.PAID, paid_at=paid_at, paid=usd("947.83"))
    assert read(statement)[:18] == [
        "📄 Statement 2026/11/01 to 2026/11/14",
        "Ann Example",
        "Paid on 2026/11/15: 947.83",
        "Pay day: 2026/11/15",
        "",
        "Opening balance: 412.34",
        "Made on 5 shifts: 755.33",
        "· Hourly: 600.00",
        "· Commissions: 204.00",
        "· Bonuses: 21.33",
        "· Taken over from the old sheet: -0.05",
        "· Paid before: -59.95",
        "· Corrected in another period: -10.00",
        "Corrections of closed periods: 40.00",
        "Bonuses given: 30.00",
        "Deductions: -7.50",
        "Paid days off: 120.00",
        "Bonuses paid at leaving: 10.00",
    ]


def test_a_shift_tells_what_it_is_made_of() -> None:
    lines = read(make_full_statement())
    start = lines.index("Shift 3 · 2026/11/04")
    assert lines[start : start + 13] == [
        "Shift 3 · 2026/11/04",
        "09:00 – 17:00 · 8.00 h at 15.00",
        "· Model A: 300.10",
        "· Model B: 199.90",
        "Sales 500.00, net 400.00 (less 20.0%)",
        "Hourly 120.00 + commissions 84.00 at 21.00% ((8.0% base + 2.0% dynamic) × 2 + 1.0% bonus)",
        "+1.0% on this shift (Hustler, November 2026)",
        "Double commission (from Olga: a long night)",
        "· 2.0% of the 400.00 net that the chatter before sold on Model A: 8.00",
        "· 1.0% of the 333.00 net that the others sold that day on Model B: 3.33",
        "Made: 215.33",
        "Note: A long night with <3 guests",
        "",
    ]


def test_a_rate_that_history_fixed_has_no_parts() -> None:
    lines = read(make_statement([make_shift(1, commission_pct=usd("9.50"), commissions=usd(38))]))
    assert "Hourly 120.00 + commissions 38.00 at 9.50% (9.5% base + 0.0% dynamic)" in lines


def test_every_other_line_says_why() -> None:
    lines = read(make_full_statement())
    assert lines[lines.index("Other entries") + 1 :] == [
        "Correction of shift 90 of 2026/10/20, in the closed period from 2026/10/15: 40.00",
        "Bonus: for Sunday: 25.00",
        "Bonus for shift 1 of 2026/11/02: a hard one: 5.00",
        "Deduction: a key: -7.50",
        "Paid day off on 2026/11/12: 120.00",
        "Flat bonus that was waiting, paid at leaving: 10.00",
        "Pay for 100.00 of Model A that was refunded, shift 90 of 2026/10/20: chargeback: -8.00",
        "Pay for 100.00 of Model A given back, as its refund was withdrawn, shift 90 of 2026/10/20: a mistake: 8.00",
        "Paid out for the period from 2026/10/15: -412.34",
    ]


@pytest.mark.parametrize(
    "statement",
    [
        make_full_statement(),
        make_statement(),
        make_statement([make_shift(1)], opening="-500.00"),
        make_statement([], [make_line(LineKind.PAYOUT, "-10")], opening="10"),
    ],
    ids=["of everything", "of nothing", "with a debt", "without a shift"],
)
def test_the_summary_adds_up(statement: Statement) -> None:
    *rows, closing = list_summary(WORDS, statement)
    assert sum(row.amount for row in rows if not row.is_part) == closing.amount == statement.closing
    if statement.shifts:
        assert sum(row.amount for row in rows if row.is_part) == statement.shift_total


def test_an_empty_statement_says_so() -> None:
    assert read(make_statement()) == [
        "📄 Statement 2026/11/01 to 2026/11/14", "Ann Example", "Open: this is how it stands now",
        "Pay day: 2026/11/15", "", "Opening balance: 0.00", "No shifts: 0.00", "Closing balance: 0.00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "Open: this is how it stands now"),
        ({"state": PeriodState.CLOSED, "closed_at": NIGHT}, "Closed on 2026/11/02"),
        ({"state": PeriodState.CLOSED}, "Closed"),
        ({"state": PeriodState.PAID, "paid_at": NIGHT, "paid": usd(5)}, "Paid on 2026/11/02: 5.00"),
        ({"state": PeriodState.PAID, "paid_at": NIGHT, "paid": usd(0)}, "Settled on 2026/11/02: nothing was due"),
        ({"state": PeriodState.PAID}, "Paid"),
    ],
)
def test_its_state_is_told(changes: dict[str, Any], state: str) -> None:
    assert read(make_statement(**changes))[2] == state


def test_who_left_reads_when() -> None:
    assert "Left on 2026/11/08" in read(make_statement(left_date=date(2026, 11, 8)))


@pytest.mark.parametrize("count", [0, 8, 60])
def test_every_part_is_one_that_telegram_takes_and_nothing_is_lost(count: int) -> None:
    sold = {f"<Model & {place}> 😀": 10 for place in range(12)}
    statement = make_statement([make_shift(number, sold, note="<&>" * 333) for number in range(1, count + 1)])
    parts = render_statement(WORDS, ZONE, statement)
    assert all(0 < len(part.encode("utf-16-le")) // 2 <= LONGEST_PART for part in parts)
    assert "Closing balance" in parts[0]
    shown = "\n".join(parse_html(part).text for part in parts)
    assert re.findall(r"Shift (\d+) ·", shown) == [str(number) for number in range(1, count + 1)]
    assert shown.count("Model & 11") == count


def test_a_line_too_long_for_a_message_is_divided() -> None:
    parts = split_lines(WORDS, ["<" * 5000, Html("<b>end</b>")])
    assert "".join(parse_html(part).text for part in parts).replace("\n", "") == "<" * 5000 + "end"
    assert max(len(part) for part in parts) <= LONGEST_PART


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_no_name_changes_the_text_around_it(name: str) -> None:
    line = make_line(LineKind.BONUS, 1, note=name)
    statement = make_statement([make_shift(1, {name[:40]: 500}, note=name)], [line], name=name)
    parts = render_statement(WORDS, ZONE, statement)
    lines = [line for part in parts for line in parse_html(part).text.split("\n")]
    assert lines[0] == "📄 Statement 2026/11/01 to 2026/11/14"
    assert "Closing balance: 161.00" in lines
    assert {"\u202e", "\x00", "\ud800"}.isdisjoint("".join(lines))
    assert usd("161") == statement.closing
