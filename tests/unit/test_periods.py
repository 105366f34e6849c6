"""What is due, and when a period can be closed (PAYROLL D30, D31, D34, D36)."""

from datetime import date
from decimal import Decimal

import pytest

from payroll.ledger import ClosedDays, list_shift_entries
from payroll.pay_periods import PayPeriod, compute_open_period
from payroll.periods import PeriodState, PersonPeriod, compute_due
from tests.factories import PAY_DAYS, get_signed_units, make_shift, make_terms

FIRST_HALF = PayPeriod(date(2026, 11, 1), date(2026, 11, 14))
SECOND_HALF = PayPeriod(date(2026, 11, 15), date(2026, 11, 30))


@pytest.mark.parametrize(
    ("closing", "paid_since", "balance", "due"),
    [
        ("500", "0", "500", "500"),
        ("500", "0", "900", "500"),
        ("500", "0", "300", "300"),
        ("500", "500", "0", "0"),
        ("500", "300", "200", "200"),
        ("-40", "0", "-40", "0"),
        ("500", "0", "-20", "0"),
        ("0", "0", "100", "0"),
    ],
    ids=[
        "what it closed with", "not what is earned since", "less a refund since", "not twice", "the rest of it",
        "nothing of a debt", "nothing where a refund took more", "nothing of an empty period",
    ],
)  # fmt: skip
def test_what_is_due(closing: str, paid_since: str, balance: str, due: str) -> None:
    assert compute_due(Decimal(closing), Decimal(paid_since), Decimal(balance)) == Decimal(due)


@pytest.mark.parametrize(
    ("today", "closed_until", "start"),
    [
        (date(2026, 11, 20), None, date(2026, 11, 15)),
        (date(2026, 11, 20), date(2026, 11, 14), date(2026, 11, 15)),
        (date(2026, 12, 3), date(2026, 11, 14), date(2026, 12, 1)),
        (date(2026, 11, 20), date(2026, 11, 30), date(2026, 12, 1)),
    ],
    ids=["nothing closed", "the one before closed", "the day of booking decides", "closed early"],
)
def test_the_open_period(today: date, closed_until: date | None, start: date) -> None:
    assert compute_open_period(today, closed_until, PAY_DAYS).start_date == start


def make_period(left_date: date | None = None) -> PersonPeriod:
    return PersonPeriod(
        1, "Ann", FIRST_HALF, PeriodState.OPEN, is_confirmed=False, missing=None, shifts=1, has_running=False,
        opening=Decimal("10.00"), booked=Decimal("-30.00"), closed_at=None, paid_at=None, paid=None,
        left_date=left_date, earlier_open=None, digest="",
    )  # fmt: skip


def test_a_period_is_over_on_its_pay_day_and_earlier_for_who_left() -> None:
    assert make_period().closing == Decimal("-20.00")
    assert FIRST_HALF.pay_day == date(2026, 11, 15)
    assert not make_period().is_over(date(2026, 11, 14))
    assert make_period().is_over(date(2026, 11, 15))
    assert make_period(date(2026, 11, 8)).is_over(date(2026, 11, 9))
    assert not make_period(date(2026, 11, 8)).is_over(date(2026, 11, 7))
    assert not make_period(date(2026, 11, 20)).is_over(date(2026, 11, 12)), "they still work in it"


def test_what_changes_in_a_closed_period_is_booked_in_the_open_one() -> None:
    closed = ClosedDays(date(2026, 11, 14), SECOND_HALF)
    terms = [make_terms(wage=wage) for wage in (160, 200)]
    old, new = (
        make_shift(0, shift_id=7, day=date(2026, 11, 10), start="09:00", end="10:00", terms=one) for one in terms
    )
    moved = make_shift(0, shift_id=7, day=date(2026, 11, 20), start="09:00", end="10:00", terms=terms[1])
    found = [list_shift_entries(before, new, PAY_DAYS, "shift edited", closed) for before in (old, None)]
    assert [[(one.reason, get_signed_units(one), one.period) for one in lines] for lines in found] == [
        [("correction", Decimal("40.00"), SECOND_HALF)],
        [("correction", Decimal("200.00"), SECOND_HALF)],
    ]
    lines = list_shift_entries(old, moved, PAY_DAYS, "shift edited", closed)
    assert [(one.reason, get_signed_units(one), one.period) for one in lines] == [
        ("correction", Decimal("-160.00"), SECOND_HALF),
        ("shift edited", Decimal("200.00"), SECOND_HALF),
    ]
