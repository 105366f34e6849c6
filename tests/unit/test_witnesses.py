"""What the audit log attests, and the log as a chain: the books beside it, in figures."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from payroll.business_time import BusinessZone
from payroll.pay_periods import PayDays, PayPeriod
from payroll.reconciliation import NONE, Check, Difference
from payroll.witnesses import (
    Attested,
    ChainedRow,
    compute_digest,
    is_usual_period,
    list_audit_chain_differences,
    list_date_differences,
    list_decision_differences,
    list_line_differences,
    list_wage_differences,
    read_attested,
    read_terms,
)

NEW_YORK, TOKYO = BusinessZone.named("America/New_York"), BusinessZone.named("Asia/Tokyo")
PAY_DAYS = PayDays.always(1, 15)
TODAY = date(2026, 11, 16)


def amounts(*texts: str) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, texts))


RAISED = read_attested([
    ("wage changed", {"terms": {"100": [["0001-01-01", "15.00", "8.00"], ["2026-11-10", "16.50", "8.00"]]}}),
    ("wage changed", {"terms": {"100": [["0001-01-01", "15.00", "8.00"], ["2026-11-10", "18.00", "9.00"]]}}),
])  # fmt: skip


@pytest.mark.parametrize(
    ("who", "day", "wage", "base", "is_known"),
    [
        (100, 9, "15.00", "8.00", True),
        (100, 9, "16.50", "8.00", False),
        (100, 12, "16.50", "8.00", True),
        (100, 12, "18.00", "9.00", True),
        (100, 12, "15.00", "8.00", True),
        (100, 12, "16.50", "9.00", False),
        (100, 12, "20.00", "8.00", False),
        (200, 12, "15.00", "8.00", True),
        (200, 12, "16.50", "8.00", False),
    ],
)
def test_a_shift_has_a_wage_that_was_ever_to_hold_on_its_date(
    who: int, day: int, wage: str, base: str, *, is_known: bool
) -> None:
    found = list_wage_differences(RAISED, who, 7, date(2026, 11, day), *amounts(wage, base))
    assert [(one.check, one.subject) for one in found] == ([] if is_known else [(Check.WAGE, "shift:7")])


def test_of_a_shift_that_had_a_refund_the_wage_may_have_changed_alone() -> None:
    day = date(2026, 11, 12)
    assert list_wage_differences(RAISED, 100, 7, day, *amounts("16.50", "9.00"), was_refunded=True) == []
    for wage, base in (("20.00", "8.00"), ("15.00", "7.00")):
        found = list_wage_differences(RAISED, 100, 7, day, *amounts(wage, base), was_refunded=True)
        assert [one.check for one in found] == [Check.WAGE]


def test_what_was_expected_of_a_wage_is_told() -> None:
    (found,) = list_wage_differences(RAISED, 100, 7, date(2026, 11, 12), *amounts("20.00", "8.00"))
    assert found.expected == "15.00 an hour, 8.00 % or 16.50 an hour, 8.00 % or 18.00 an hour, 9.00 %"
    assert found.found == "20.00 an hour, 8.00 %"


def test_shifts_from_before_the_log_attests_keep_what_it_was_sealed_with() -> None:
    sealed = read_attested([("books sealed", {"wages": {"7": ["12.00", "5.00"]}, "dates": {"7": "2026-11-11"}})])
    assert list_wage_differences(sealed, 100, 7, TODAY, *amounts("12.00", "5.00")) == []
    assert list_wage_differences(sealed, 100, 8, TODAY, *amounts("12.00", "5.00")) != []
    noon = datetime(2026, 11, 10, 17, tzinfo=UTC)
    assert list_date_differences([NEW_YORK], sealed, 7, date(2026, 11, 11), noon) == []
    assert list_date_differences([NEW_YORK], sealed, 8, date(2026, 11, 11), noon) == [
        Difference(Check.SHIFT_DATE, "shift:8", "2026-11-10", "2026-11-11")
    ]


def test_a_date_is_that_of_the_clock_in_in_any_zone_there_was() -> None:
    late = datetime(2026, 11, 10, 20, tzinfo=UTC)
    moved = read_attested([("setting changed", {"zones": ["Asia/Tokyo", "Nowhere/Land"]})])
    assert moved.zones == [TOKYO]
    for day, zones, is_right in ((10, [NEW_YORK], True), (11, [NEW_YORK], False), (11, [NEW_YORK, TOKYO], True)):
        assert (list_date_differences(zones, moved, 7, date(2026, 11, day), late) == []) is is_right


@pytest.mark.parametrize(
    "said",
    [
        None, 5, "terms", [1], {"terms": 5}, {"terms": {"a": []}}, {"wages": {"7": ["x", "y"]}}, {"wages": {"7": 5}},
        {"dates": {"7": "yesterday"}}, {"dates": {"7": 5}}, {"zones": "UTC"}, {"zones": [5]},
    ],
)  # fmt: skip
def test_what_cannot_be_read_attests_nothing(said: Any) -> None:
    assert read_attested([("x", said)]) == Attested()


@pytest.mark.parametrize("rows", [None, 5, "x", [5], [["2026-11-10"]], [["x", "1", "2"]], [["2026-11-10", "x", "2"]]])
def test_terms_that_cannot_be_read_are_none(rows: Any) -> None:
    assert read_terms(rows) == ()


@pytest.mark.parametrize(
    ("due", "found", "is_same"),
    [
        (None, None, True),
        ([["bonus booked", 100, Decimal("10.00"), 900]], [["bonus booked", "100", "10", 900]], True),
        ([["bonus booked", 100, Decimal("10.00"), 900]], [["bonus booked", 100, "10.01", 900]], False),
        ([["bonus booked", 100, Decimal("10.00"), 900]], None, False),
        (None, [["refund booked", 7, "10.00", "0.80", 900]], False),
        ([["paid", None]], [["paid", None]], True),
        ([["paid", None]], [["paid", "0.00"]], False),
    ],
)
def test_a_decision_is_in_the_log_as_it_is_in_the_books(due: Any, found: Any, *, is_same: bool) -> None:
    differences = list_decision_differences("adjustment:1", due, found)
    assert [(one.check, one.subject) for one in differences] == ([] if is_same else [(Check.AUDIT, "adjustment:1")])


def test_a_decision_that_differs_is_told_in_both_ways() -> None:
    (one,) = list_decision_differences("period:100:2026-11-01", [["closed", 1], ["paid", Decimal("5.00")]], None)
    assert (one.expected, one.found) == ("closed 1; paid 5.00", NONE)


FIRST, SECOND, NEXT = (
    PayPeriod(date(2026, 11, 1), date(2026, 11, 14)),
    PayPeriod(date(2026, 11, 15), date(2026, 11, 30)),
    PayPeriod(date(2026, 12, 1), date(2026, 12, 14)),
)
AHEAD = PayPeriod(date(2027, 5, 1), date(2027, 5, 14))
NONE_OF_OURS = PayPeriod(date(2026, 11, 15), date(2026, 11, 20))


@pytest.mark.parametrize(("period", "is_usual"), [(FIRST, True), (SECOND, True), (NEXT, False), (NONE_OF_OURS, False)])
def test_lines_of_periods_that_have_begun_are_as_usual(period: PayPeriod, *, is_usual: bool) -> None:
    assert is_usual_period(period, PAY_DAYS, TODAY) is is_usual


@pytest.mark.parametrize(
    ("period", "closed_until", "day_off", "due"),
    [
        (NEXT, None, None, None),
        (NEXT, date(2026, 11, 30), None, None),
        (PayPeriod(date(2026, 12, 15), date(2026, 12, 31)), date(2026, 11, 30), None, None),
        (PayPeriod(date(2026, 12, 15), date(2026, 12, 31)), None, None, "up to 2026-12-01"),
        (AHEAD, None, None, "up to 2026-12-01"),
        (AHEAD, None, date(2027, 5, 3), None),
        (AHEAD, None, date(2027, 4, 3), "up to 2026-12-01"),
        (NONE_OF_OURS, None, date(2026, 11, 16), "2026-11-15 to 2026-11-30"),
    ],
)
def test_a_line_is_in_the_open_period_the_next_or_that_of_its_day_off(
    period: PayPeriod, closed_until: date | None, day_off: date | None, due: str | None
) -> None:
    found = list_line_differences(9, period, closed_until, day_off, PAY_DAYS, TODAY)
    shown = f"{period.start_date} to {period.end_date}"
    assert found == ([] if due is None else [Difference(Check.LINE_PERIOD, "line:9", due, shown)])


# --- the chain --------------------------------------------------------------------------------------------------------


def chain(*contents: str) -> list[ChainedRow]:
    rows, digest = [], ""
    for number, content in enumerate(contents, 1):
        digest = compute_digest(digest, content)
        rows.append(ChainedRow(number, 10 * number, digest, content))
    return rows


def test_a_digest_is_of_the_one_before_and_the_row() -> None:
    first = compute_digest("", "a")
    assert first == "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
    assert compute_digest(first, "b") != compute_digest("", "b")


def test_a_log_that_continues_itself_agrees() -> None:
    assert list(list_audit_chain_differences(chain("a", "b", "c"))) == []
    assert list(list_audit_chain_differences([])) == []


def test_what_differs_is_named_where_it_arises() -> None:
    first, second, third = chain("a", "b", "c")
    changed = ChainedRow(2, 20, second.digest, "B")
    gone = ChainedRow(2, 20, second.digest, None)
    outside = ChainedRow(None, 40, None, "d")
    for rows, subject, expected in (
        ([first, changed, third], "audit:20", compute_digest(first.digest or "", "B")[:12]),
        ([first, gone, third], "audit:20", "row 2"),
        ([first, third], "audit:30", "row 2"),
        ([second, third], "audit:20", "row 1"),
        ([first, second, third, outside], "audit:40", "a place in the chain"),
    ):
        (one,) = list_audit_chain_differences(rows)
        assert (one.check, one.subject, one.expected) == (Check.AUDIT_CHAIN, subject, expected)
