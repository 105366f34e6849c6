"""The books are compared with the rules: what agrees is left alone, what does not is named where it arises."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from payroll.pay_periods import compute_pay_period
from payroll.pricing import compute_pay, reprice_day
from payroll.reconciliation import (
    NONE,
    BonusUse,
    Booking,
    Check,
    Difference,
    LedgerLine,
    list_bonus_differences,
    list_booking_differences,
    list_chain_differences,
    list_day_differences,
    list_rank_differences,
)
from payroll.records import Bonus, BonusState, ImportedInputs, Shift
from tests.factories import (
    CLOSER,
    DAY,
    HUSTLER,
    NOVEMBER,
    PAY_DAYS,
    ROOKIE,
    at,
    make_bonus,
    make_ranks,
    make_shift,
    usd,
)

PERIOD = compute_pay_period(DAY, PAY_DAYS)


def make_day() -> list[Shift]:
    """500.00, then 700.00 on the same date."""
    first = make_shift(500, shift_id=1, recorded_at=at(DAY, "17:00"))
    second = make_shift(700, shift_id=2, start="17:00", end="19:00", recorded_at=at(DAY, "19:00"))
    return reprice_day([first, second], first.order_key)


def list_found(differences: list[Difference]) -> list[tuple[Check, str]]:
    return [(difference.check, difference.subject) for difference in differences]


# --- a shift's pay ---------------------------------------------------------------------------------------------------


def test_a_day_as_the_rules_price_it_agrees_in_any_order() -> None:
    assert list_day_differences(make_day()) == []
    assert list_day_differences(make_day()[::-1]) == []


@pytest.mark.parametrize(
    ("field", "value", "found"),
    [
        ("worked_seconds", 28_801, [Check.WORKED_SECONDS]),
        ("worked_hours", usd("8.01"), [Check.WORKED_HOURS]),
        ("total_sales", usd("500.01"), [Check.TOTAL_SALES, Check.NET_SALES]),
        ("net_sales", usd(390), [Check.NET_SALES, Check.COMMISSIONS]),
        ("dynamic_pct", usd(4), [Check.DYNAMIC_PCT, Check.COMMISSION_PCT]),
        ("commission_pct", usd(11), [Check.COMMISSION_PCT, Check.COMMISSIONS]),
        ("total_per_hour", usd("120.01"), [Check.TOTAL_PER_HOUR, Check.TOTAL_MADE]),
        ("commissions", usd("40.01"), [Check.COMMISSIONS, Check.TOTAL_MADE]),
        ("bonus_pay", usd(1), [Check.BONUS_PAY, Check.TOTAL_MADE]),
        ("total_made", usd("160.01"), [Check.TOTAL_MADE]),
    ],
)
def test_a_wrong_figure_is_named_and_what_is_made_of_it_but_nothing_further(
    field: str, value: Decimal | int, found: list[Check]
) -> None:
    first, second = make_day()
    changes: dict[str, Any] = {field: value}
    wrong = replace(first, pay=replace(first.pay, **changes))
    assert list_found(list_day_differences([wrong, second])) == [(check, "shift:1") for check in found]


def test_a_difference_shows_both_figures() -> None:
    first, second = make_day()
    wrong = replace(second, pay=replace(second.pay, total_made=usd(1)))
    made = str(second.pay.total_made)
    assert list_day_differences([first, wrong]) == [Difference(Check.TOTAL_MADE, "shift:2", made, "1.00")]


def test_the_rate_follows_the_sales_up_to_a_shift_and_the_earlier_one_keeps_its_own() -> None:
    first, second = make_day()
    # As if the second had been priced alone: 700.00 are worth 2 %, 1,200.00 are worth 4 %.
    assert list_found(list_day_differences([first, make_shift(700, shift_id=2, recorded_at=second.recorded_at)])) == [
        (Check.DYNAMIC_PCT, "shift:2")
    ]


def test_a_shift_doubles_once() -> None:
    doublings = [
        make_bonus("double_commission", bonus_id=number, state=BonusState.APPLIED, shift_id=1) for number in (1, 2)
    ]
    assert list_day_differences([make_shift(bonuses=doublings[:1])]) == []
    assert list_found(list_day_differences([make_shift(bonuses=doublings)])) == [(Check.BONUS_USE, "shift:1")]


def test_history_that_broke_the_rules_is_taken_as_it_was_recorded() -> None:
    recorded = ImportedInputs(
        worked_seconds=28_800,
        total_per_hour=usd("119.00"),
        total_sales=usd(500),
        net_sales=usd(401),
        commission_pct=usd(10),
        is_pct_fixed=False,
        commissions=usd("41.00"),
        difference=usd("-0.50"),
    )
    shift = make_shift()
    terms = replace(shift.terms, imported=recorded)
    imported = replace(shift, terms=terms, pay=compute_pay(shift.work, terms, shift.pay.dynamic_pct, ()))
    assert imported.pay.total_made == usd("159.50")
    assert list_day_differences([imported]) == []
    wrong = replace(imported, pay=replace(imported.pay, commissions=usd("40.00")))
    assert list_found(list_day_differences([wrong])) == [(Check.COMMISSIONS, "shift:1")]


# --- the ledger ------------------------------------------------------------------------------------------------------


def book(amount: int, *, day: date = DAY, is_own: bool = True) -> Booking:
    period = compute_pay_period(day, PAY_DAYS)
    return Booking(is_own, period.start_date, period.end_date, usd(amount))


@pytest.mark.parametrize(
    ("made", "bookings"),
    [
        pytest.param(160, [book(160)], id="its pay, in its period"),
        pytest.param(0, [], id="a deleted one, or one that made nothing"),
    ],
)
def test_what_is_booked_is_what_a_shift_made(made: int, bookings: list[Booking]) -> None:
    assert list_booking_differences(1, DAY, usd(made), bookings) == []


@pytest.mark.parametrize(
    ("made", "bookings"),
    [
        pytest.param(160, [], id="nothing booked"),
        pytest.param(0, [book(160)], id="booked for nothing"),
        pytest.param(160, [book(159)], id="another amount"),
        pytest.param(160, [book(160, is_own=False)], id="in somebody else's ledger"),
        pytest.param(160, [book(160, day=date(2025, 11, 20))], id="in another period"),
        pytest.param(160, [book(100), book(60, day=date(2025, 11, 20))], id="in two periods"),
        pytest.param(160, [book(160), book(-1, is_own=False)], id="and something with somebody else"),
    ],
)
def test_anything_else_differs(made: int, bookings: list[Booking]) -> None:
    (difference,) = list_booking_differences(7, DAY, usd(made), bookings)
    assert (difference.check, difference.subject) == (Check.BOOKED, "shift:7")
    assert difference.expected == ("160.00 in the period of 2025-11-10" if made else NONE)


def test_what_was_found_in_the_ledger_is_told() -> None:
    (difference,) = list_booking_differences(7, DAY, usd(1), [book(160), book(-1, is_own=False)])
    assert difference.found == (
        "160.00 in 2025-11-01 to 2025-11-14; -1.00 in 2025-11-01 to 2025-11-14, in another person's ledger"
    )


def make_chain(*lines: tuple[int, int, int]) -> list[LedgerLine]:
    return [LedgerLine(100, number, usd(units), usd(balance)) for number, units, balance in lines]


def test_ledgers_that_continue_themselves_agree() -> None:
    other = LedgerLine(200, 1, usd(5), usd(5))
    assert list(list_chain_differences([*make_chain((1, 160, 160), (2, -200, -40), (3, 40, 0)), other], {})) == []
    assert list(list_chain_differences([], {})) == []
    assert list(list_chain_differences([*make_chain((3, 40, 0)), other], {100: (2, usd(-40))})) == []


@pytest.mark.parametrize(
    ("lines", "expected", "found"),
    [
        ([(1, 160, 161)], "line 1: 160.00", "line 1: 161.00"),
        ([(1, 160, 160), (2, 10, 160)], "line 2: 170.00", "line 2: 160.00"),
        ([(2, 160, 160)], "line 1", "line 2"),
        ([(1, 160, 160), (3, 10, 170)], "line 2", "line 3"),
        ([(1, 160, 160), (1, 160, 160)], "line 2", "line 1"),
    ],
)
def test_a_ledger_that_does_not_is_told_where(lines: list[tuple[int, int, int]], expected: str, found: str) -> None:
    assert list(list_chain_differences(make_chain(*lines), {})) == [
        Difference(Check.CHAIN, "employee:100", expected, found)
    ]


# --- bonuses and ranks -----------------------------------------------------------------------------------------------

FLAT = make_bonus("flat_10", state=BonusState.APPLIED, shift_id=1, amount=10)
OF_RANK = replace(FLAT, rank_id=HUSTLER, rank_month=NOVEMBER)
AWARD = (100, NOVEMBER, HUSTLER)


def use(
    bonus: Bonus,
    *,
    carrier: tuple[int, str] | None = (100, "recorded"),
    award: tuple[int, date, int] | None = None,
    of_rank: int = 1,
) -> BonusUse:
    return BonusUse(bonus, 100, carrier, award, of_rank)


@pytest.mark.parametrize(
    "right",
    [
        use(FLAT),
        use(OF_RANK, award=AWARD),
        use(make_bonus("percent_next_1"), carrier=None),
        use(make_bonus("paid_day_off", state=BonusState.APPLIED), carrier=None),
        use(
            replace(
                make_bonus("percent_prev_1", state=BonusState.APPLIED, shift_id=1, amount=4), basis_net=usd(400)
            )
        ),
        use(
            replace(make_bonus("percent_all_2", state=BonusState.APPLIED, shift_id=1, amount=0), basis_net=usd(0))
        ),
    ],
)  # fmt: skip
def test_a_bonus_that_is_used_once_and_pays_what_it_says_agrees(right: BonusUse) -> None:
    assert list_bonus_differences(right) == []


@pytest.mark.parametrize(
    ("wrong", "check", "found"),
    [
        (use(FLAT, carrier=(200, "recorded")), Check.BONUS_USE, "recorded of employee 200"),
        (use(FLAT, carrier=(100, "deleted")), Check.BONUS_USE, "deleted of employee 100"),
        (use(replace(make_bonus(), shift_id=1)), Check.BONUS_USE, "shift:1"),
        (use(replace(FLAT, amount=usd(11))), Check.BONUS_AMOUNT, "11.00"),
        (use(replace(FLAT, amount=None)), Check.BONUS_AMOUNT, "None"),
        (use(OF_RANK), Check.BONUS_AWARD, NONE),
        (use(OF_RANK, award=(200, NOVEMBER, HUSTLER)), Check.BONUS_AWARD, "rank 2 of employee 200 in 2025-11"),
        (use(OF_RANK, award=AWARD, of_rank=2), Check.BONUS_AWARD, "2 of that rank and month"),
        (use(FLAT, award=AWARD), Check.BONUS_AWARD, "rank 2 of employee 100 in 2025-11"),
    ],
)
def test_a_bonus_that_is_not_is_told(wrong: BonusUse, check: Check, found: str) -> None:
    (difference,) = list_bonus_differences(wrong)
    assert (difference.check, difference.subject, difference.found) == (check, "bonus:1", found)


@pytest.mark.parametrize(
    ("sales", "held", "is_right"),
    [
        (1999, ROOKIE, True),
        (1999, None, True),
        (2000, HUSTLER, True),
        (2000, ROOKIE, False),
        (2000, None, False),
        (1999, HUSTLER, False),
        (2000, CLOSER, False),
    ],
)
def test_the_rank_is_that_of_the_months_sales(sales: int, held: int | None, *, is_right: bool) -> None:
    differences = list_rank_differences(100, NOVEMBER, usd(sales), held, make_ranks())
    assert list_found(differences) == ([] if is_right else [(Check.RANK, "employee:100")])
