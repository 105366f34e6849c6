"""Statements for tests, with defaults: shifts of Ann Example in the first half of November 2026."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from bot.words import load_words
from payroll.business_time import BusinessZone
from payroll.offers import BonusOffer, BonusOrigin, BonusType, UsedBonus
from payroll.pay_periods import PayPeriod
from payroll.periods import PeriodState, PersonPeriod
from payroll.statements import LineKind, Statement, StatementLine, StatementShift, sort_lines

WORDS = load_words("en", is_strict=True)
ZONE = BusinessZone.named("America/New_York")
PERIOD = PayPeriod(date(2026, 11, 1), date(2026, 11, 14))
NIGHT = datetime(2026, 11, 2, 14, tzinfo=UTC)
CENT = Decimal("0.01")

HUSTLER = BonusOrigin("Hustler", date(2026, 11, 1))
HOSTILE_NAMES = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "<b>Ann</b> & Co",
    "\u202egnp.exe\u202c",
    "\u05e2\u05d5\u05de\u05e8 Cohen",
    "\u0645\u062d\u0645\u062f",
    "A\x00n\x07n\ud800",
    "\U0001f469\u200d\U0001f680 Ann \U0001f1fa\U0001f1e6",
    "\u738b\u5c0f\u660e",
    "Z\u0351\u0313\u0348a\u0334\u0358l\u0337g\u031bo\u0321",
    "W" * 200,
    "Ann " * 50,
    '"quoted", with a comma; and\nlines',
)


def usd(amount: Decimal | int | str) -> Decimal:
    """An amount with its two decimals."""
    return Decimal(amount).quantize(CENT, ROUND_HALF_UP)


def make_shift(number: int, products: Mapping[str, object] | None = None, **changes: Any) -> StatementShift:
    """A shift of 8 hours at 15.00, from 09:00, one each day; 500.00 on Model A at 8 + 2 % of the net, after 20 %."""
    sold = {name: usd(str(amount)) for name, amount in ({"Model A": 500} if products is None else products).items()}
    sales = usd(sum(sold.values()))
    net = usd(sales * Decimal("0.80"))
    commissions = usd(net * Decimal("0.10"))
    start = NIGHT + timedelta(days=number - 1)
    shift = StatementShift(
        shift_id=number, shift_date=start.date(), time_in=start, time_out=start + timedelta(hours=8), note=None,
        products=tuple(sold.items()), hourly_wage=usd(15), platform_cut_pct=usd(20), worked_hours=usd(8),
        total_sales=sales, net_sales=net, base_pct=usd(8), dynamic_pct=usd(2), commission_pct=usd(10),
        total_per_hour=usd(120), commissions=commissions, bonuses=(), bonus_pay=usd(0), imported_difference=usd(0),
        total_made=usd(120) + commissions, booked=usd(120) + commissions, paid_before=usd(0),
    )  # fmt: skip
    return replace(shift, **changes)


def give(shift: StatementShift, amount: Decimal | int | str) -> StatementShift:
    """The shift with a flat bonus."""
    more = usd(amount)
    return replace(
        shift,
        bonuses=(*shift.bonuses, UsedBonus(BonusOffer(BonusType.FLAT, more), more, origin=HUSTLER)),
        bonus_pay=shift.bonus_pay + more,
        total_made=shift.total_made + more,
        booked=shift.booked + more,
    )


def make_line(kind: LineKind, amount: Decimal | int | str, **changes: Any) -> StatementLine:
    """A line of the 10th."""
    at = datetime(2026, 11, 10, 15, tzinfo=UTC)
    return replace(StatementLine(kind, "", usd(amount), at, None, None, None, None, None, None), **changes)


def make_statement(
    shifts: Sequence[StatementShift] = (),
    lines: Sequence[StatementLine] = (),
    *,
    opening: Decimal | int | str = 0,
    name: str = "Ann Example",
    **changes: Any,
) -> Statement:
    """The statement of these shifts and lines; `changes` are of its period."""
    booked = sum((one.booked for one in shifts), usd(0)) + sum((one.amount for one in lines), usd(0))
    of = PersonPeriod(
        100, name, PERIOD, PeriodState.OPEN, is_confirmed=False, missing=None, shifts=len(shifts), has_running=False,
        opening=usd(opening), booked=booked, closed_at=None, paid_at=None, paid=None, left_date=None,
        earlier_open=None, digest="",
    )  # fmt: skip
    return Statement(replace(of, **changes), tuple(shifts), sort_lines(lines))


def make_full_statement(**changes: Any) -> Statement:
    """One with a line of every kind, bonuses of every kind that acts on a shift, and history."""
    given = BonusOrigin(giver="Olga", reason="a long night")
    used = (
        UsedBonus(BonusOffer(BonusType.PERCENT_NEXT, usd(1)), None, origin=HUSTLER),
        UsedBonus(BonusOffer(BonusType.DOUBLE_COMMISSION, None), None, origin=given),
        UsedBonus(BonusOffer(BonusType.PERCENT_PREV, usd(2)), usd("8.00"), usd(400), "Model A"),
        UsedBonus(BonusOffer(BonusType.PERCENT_ALL, usd(1)), usd("3.33"), usd(333), "Model B"),
    )
    drawn = make_shift(
        3, {"Model A": "300.10", "Model B": "199.90"}, commission_pct=usd(21), commissions=usd(84), bonuses=used,
        bonus_pay=usd("11.33"), total_made=usd("215.33"), booked=usd("215.33"), note="A long night\nwith <3 guests",
    )  # fmt: skip
    history = make_shift(
        4, imported_difference=usd("-0.05"), total_made=usd("159.95"), booked=usd("100.00"), paid_before=usd("59.95")
    )
    elsewhere = make_shift(5, booked=usd("150.00"))
    shifts = [make_shift(1), give(make_shift(2, {}), "10.00"), drawn, history, elsewhere]
    about = {"shift_id": 90, "shift_date": date(2026, 10, 20)}
    lines = [
        make_line(LineKind.CORRECTION, "40.00", day=date(2026, 10, 15), **about),
        make_line(LineKind.BONUS, "25.00", note="for Sunday"),
        make_line(LineKind.BONUS, "5.00", note="a hard one", shift_id=1, shift_date=date(2026, 11, 2)),
        make_line(LineKind.DEDUCTION, "-7.50", note="a key"),
        make_line(LineKind.PAID_DAY_OFF, "120.00", day=date(2026, 11, 12)),
        make_line(LineKind.FLAT_AT_LEAVING, "10.00"),
        make_line(LineKind.REFUND, "-8.00", note="chargeback", product="Model A", sale=usd(100), **about),
        make_line(LineKind.REFUND_WITHDRAWN, "8.00", note="a mistake", product="Model A", sale=usd(100), **about),
        make_line(LineKind.PAYOUT, "-412.34", day=date(2026, 10, 15)),
    ]
    return make_statement(shifts, lines, opening="412.34", **changes)
