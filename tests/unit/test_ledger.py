"""What is booked when a shift comes, changes, moves or goes (SPEC 6, PAYROLL D2, D3)."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payroll.ledger import Direction, LedgerEntry, list_shift_entries
from payroll.pay_periods import PayPeriod
from payroll.records import Shift
from tests.factories import PAY_DAYS, get_signed_units, make_shift, make_terms, usd

FIRST_HALF = PayPeriod(date(2025, 11, 1), date(2025, 11, 14))
SECOND_HALF = PayPeriod(date(2025, 11, 15), date(2025, 11, 30))
ON_10TH = date(2025, 11, 10)
ON_14TH = date(2025, 11, 14)
ON_20TH = date(2025, 11, 20)

Line = tuple[str, str, PayPeriod]


def _make(made: str, day: date = ON_10TH) -> Shift:
    """A shift of one hour, without sales, that made so much."""
    return make_shift(0, shift_id=7, day=day, start="09:00", end="10:00", terms=make_terms(wage=made))


def _list_lines(old: Shift | None, new: Shift | None) -> list[Line]:
    entries = list_shift_entries(old, new, PAY_DAYS, "shift edited")
    return [(str(entry.direction), str(entry.units), entry.period) for entry in entries]


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        pytest.param(None, _make("160"), [("credit", "160.00", FIRST_HALF)], id="a new shift is a credit"),
        pytest.param(_make("160"), None, [("debit", "160.00", FIRST_HALF)], id="a deleted one is taken back"),
        pytest.param(
            _make("160"), _make("200"), [("credit", "40.00", FIRST_HALF)], id="160 edited to 200 is a credit of 40"
        ),
        pytest.param(
            _make("200"), _make("160"), [("debit", "40.00", FIRST_HALF)], id="200 edited to 160 is a debit of 40"
        ),
        pytest.param(_make("160"), _make("160"), [], id="an edit that changes no pay books nothing"),
        pytest.param(None, _make("0.00"), [], id="a shift that made nothing books nothing"),
        pytest.param(
            _make("160"), _make("200", ON_14TH), [("credit", "40.00", FIRST_HALF)], id="moved within its period"
        ),
        pytest.param(
            _make("160"),
            _make("200", ON_20TH),
            [("debit", "160.00", FIRST_HALF), ("credit", "200.00", SECOND_HALF)],
            id="moved to another period the old amount leaves and the new one enters",
        ),
        pytest.param(
            _make("160", ON_20TH),
            _make("160", ON_10TH),
            [("debit", "160.00", SECOND_HALF), ("credit", "160.00", FIRST_HALF)],
            id="moved at the same pay both periods still say so",
        ),
        pytest.param(
            _make("160"), _make("0.00", ON_20TH), [("debit", "160.00", FIRST_HALF)], id="moved and made nothing"
        ),
        pytest.param(None, None, [], id="nothing became nothing"),
    ],
)
def test_what_is_booked(old: Shift | None, new: Shift | None, lines: list[Line]) -> None:
    assert _list_lines(old, new) == lines


def test_a_line_names_its_shift_and_its_reason() -> None:
    [entry] = list_shift_entries(None, _make("160"), PAY_DAYS, "shift recorded")
    assert entry == LedgerEntry(Direction.CREDIT, usd(160), FIRST_HALF, "shift:7", "shift recorded")


def test_a_night_from_the_14th_to_the_15th_is_in_the_period_that_ends_on_the_14th() -> None:
    night = make_shift(500, day=ON_14TH, start="22:00", end="06:00")
    assert _list_lines(None, night) == [("credit", "160.00", FIRST_HALF)]


MADE = st.decimals("0.00", "5000.00", places=2).map(str)
DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))
SHIFTS = st.none() | st.builds(_make, MADE, DAYS)


@settings(deadline=None)
@given(versions=st.lists(SHIFTS, max_size=6))
def test_after_any_history_each_period_holds_what_the_shift_makes_now(versions: list[Shift | None]) -> None:
    history = [None, *versions]
    entries = [entry for old, new in pairwise(history) for entry in list_shift_entries(old, new, PAY_DAYS, "")]
    balances: dict[PayPeriod, Decimal] = {}
    for entry in entries:
        assert entry.units > 0
        balances[entry.period] = balances.get(entry.period, usd(0)) + get_signed_units(entry)
    last = history[-1]
    assert sum(balances.values()) == (last.pay.total_made if last else 0)
    for period, balance in balances.items():
        is_there = last is not None and period.start_date <= last.work.shift_date <= period.end_date
        assert balance == (last.pay.total_made if last is not None and is_there else 0)
