"""Whether the books agree with themselves: every total with its parts, every balance with its ledger (SPEC 3.12).

Each figure is compared with what follows from the stored figures it is made of, so that a difference is named where it
arises and not again in everything that follows from it. Where all of them agree, pricing a shift anew from its stored
inputs gives what is stored.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import groupby

from payroll.money import ZERO, compute_percent_of
from payroll.offers import BonusType
from payroll.pricing import (
    compute_commission_pct,
    compute_hourly_pay,
    compute_net_sales,
    compute_worked_hours,
    compute_worked_seconds,
    keep_imported,
)
from payroll.records import Bonus, BonusState, Pay, Shift
from payroll.refunds import compute_refunded_pay
from payroll.tables import RankTable

NONE = "none"


class Check(StrEnum):
    """What was compared; each has its words in every language."""

    # a shift's pay, by the field that does not follow from the others
    WORKED_SECONDS = "worked-seconds"
    WORKED_HOURS = "worked-hours"
    TOTAL_SALES = "total-sales"
    NET_SALES = "net-sales"
    DYNAMIC_PCT = "dynamic-pct"
    COMMISSION_PCT = "commission-pct"
    TOTAL_PER_HOUR = "total-per-hour"
    COMMISSIONS = "commissions"
    BONUS_PAY = "bonus-pay"
    TOTAL_MADE = "total-made"
    REFUNDED = "refunded"
    # the ledger
    BOOKED = "booked"
    CHAIN = "chain"
    PERIOD = "period"
    CLOSED = "closed"
    PAYOUT = "payout"
    # bonuses and ranks
    BONUS_AMOUNT = "bonus-amount"
    BONUS_USE = "bonus-use"
    BONUS_AWARD = "bonus-award"
    RANK = "rank"
    # what the audit log attests, and itself
    AUDIT = "audit"
    AUDIT_CHAIN = "audit-chain"
    WAGE = "wage"
    WAGES = "wages"
    SHIFT_DATE = "shift-date"
    LINE_PERIOD = "line-period"


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not what it should be. `subject` names it, `shift:12`; the other two are finished text."""

    check: Check
    subject: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Report:
    """The books as they were checked: how much of what was looked at, and every difference."""

    started_at: datetime
    finished_at: datetime
    checked: dict[str, int]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Booking:
    """What the ledger holds for one shift in one pay period, in USD, debits taken off; lines that cancel out are none.

    `is_own` is false where it stands in somebody else's ledger. `is_correction`: booked in the open period because the
    shift's own was closed (PAYROLL D33).
    """

    is_own: bool
    start_date: date
    end_date: date
    amount: Decimal
    is_correction: bool = False

    @property
    def shown(self) -> str:
        """As a difference shows it."""
        whose = "" if self.is_own else ", in another person's ledger"
        return f"{self.amount} in {self.start_date} to {self.end_date}{whose}"


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A line of a person's ledger; `units` in USD, negative for a debit."""

    employee_id: int
    entry_no: int
    units: Decimal
    balance_after: Decimal


@dataclass(frozen=True, slots=True)
class BonusUse:
    """A bonus with what stands around it.

    `carrier` is the person and the status of the shift that it names, `award` the person, month and rank that it was
    drawn for, None where there is none; `of_rank` how many bonuses this person has for that month and rank.
    """

    bonus: Bonus
    employee_id: int
    carrier: tuple[int, str] | None
    award: tuple[int, date, int] | None
    of_rank: int


def list_day_differences(shifts: Sequence[Shift]) -> list[Difference]:
    """What is wrong with the pay of a person's recorded shifts of one date (SPEC 3.5 to 3.8, PAYROLL D7)."""
    differences: list[Difference] = []
    day_sales = ZERO
    for shift in sorted(shifts, key=lambda one: one.order_key):
        day_sales += shift.pay.total_sales
        differences += _list_pay_differences(shift, compute_links(shift, day_sales))
        differences += _list_carried_differences(shift)
    return differences


def compute_links(shift: Shift, day_sales: Decimal) -> Pay:
    """Each figure of a shift's pay as it follows from the stored figures it is made of (PAYROLL D7).

    `day_sales` are the person's of that date in USD, up to and including this shift. Example: of a stored net of 400.00
    and a stored rate of 10.00 % the commissions are 40.00, whatever the sales. A refunded shift keeps its dynamic rate,
    of which its refunds speak (PAYROLL D35).
    """
    pay, terms = shift.pay, shift.terms
    due_pct = terms.find_dynamic_pct(day_sales=day_sales, shift_sales=pay.total_sales)
    links = Pay(
        worked_seconds=compute_worked_seconds(shift.work),
        worked_hours=compute_worked_hours(pay.worked_seconds),
        total_sales=shift.work.total_sales,
        net_sales=compute_net_sales(pay.total_sales, terms.platform_cut_pct),
        dynamic_pct=pay.dynamic_pct if shift.is_refunded else due_pct,
        commission_pct=compute_commission_pct(terms.base_pct, pay.dynamic_pct, shift.bonuses),
        total_per_hour=compute_hourly_pay(pay.worked_seconds, terms.hourly_wage),
        commissions=compute_percent_of(pay.net_sales, pay.commission_pct),
        bonus_pay=sum((bonus.amount or ZERO for bonus in shift.bonuses), ZERO),
        total_made=pay.total_per_hour + pay.commissions + pay.bonus_pay,
    )
    # Migrated history is taken as it was recorded (TECH T24).
    return links if terms.imported is None else keep_imported(links, terms.imported)


@dataclass(frozen=True, slots=True)
class RefundedLine:
    """A line of a shift with refunds: USD refunded as it stands, and USD of pay that all of them together took."""

    product_id: int
    amount: Decimal
    units: Decimal


def list_refund_differences(shift: Shift, lines: Iterable[RefundedLine]) -> list[Difference]:
    """Where refunds took something else than what they were paid at the shift's rates (PAYROLL D35)."""
    return [
        Difference(Check.REFUNDED, f"shift:{shift.shift_id}", f"{due}", f"{line.units}")
        for line in lines
        if line.units != (due := compute_refunded_pay(shift, line.amount))
    ]


def list_booking_differences(
    shift_id: int, shift_date: date, made: Decimal, bookings: Sequence[Booking]
) -> list[Difference]:
    """What the ledger holds for a shift that is not its pay, in its own person's ledger and period (PAYROLL D3).

    `made` is what it made in USD, 0.00 for a deleted one. Of one that was corrected after its period was closed the
    sum counts: the closed period keeps what it had (PAYROLL D33).
    """
    match bookings:
        case []:
            is_right = made == 0
        case _ if any(one.is_correction for one in bookings):
            is_right = all(one.is_own for one in bookings) and sum((one.amount for one in bookings), ZERO) == made
        case [Booking(is_own=True) as one]:
            is_right = one.amount == made and one.start_date <= shift_date <= one.end_date
        case _:
            is_right = False
    if is_right:
        return []
    expected = f"{made} in the period of {shift_date}" if made else NONE
    return [Difference(Check.BOOKED, f"shift:{shift_id}", expected, "; ".join(one.shown for one in bookings) or NONE)]


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """A closed pay period: the balances it was fixed with, what was paid, and what the ledger says of them, in USD."""

    employee_id: int
    start_date: date
    opening: Decimal
    closing: Decimal
    paid: Decimal | None
    ledger_opening: Decimal
    ledger_closing: Decimal
    ledger_paid: Decimal


def list_period_differences(one: PeriodFigures) -> list[Difference]:
    """Where a closed period is not what the ledger says of it (SPEC 4.17, 4.22, PAYROLL D3, D34)."""
    subject = f"period:{one.employee_id}:{one.start_date}"
    fixed, due = (one.opening, one.closing), (one.ledger_opening, one.ledger_closing)
    differences = []
    if fixed != due:
        shown = [f"{opening} to {closing}" for opening, closing in (due, fixed)]
        differences.append(Difference(Check.PERIOD, subject, *shown))
    if (one.paid or ZERO) != one.ledger_paid:
        differences.append(Difference(Check.PAYOUT, subject, f"{one.paid or ZERO}", f"{one.ledger_paid}"))
    return differences


def list_closed_until_differences(
    employee_id: int, closed_until: date | None, last_end_date: date | None
) -> list[Difference]:
    """Whether the last closed day that is kept beside a person's lock is that of their closed periods (PAYROLL D30)."""
    if closed_until == last_end_date:
        return []
    shown = [NONE if day is None else f"closed until {day}" for day in (last_end_date, closed_until)]
    return [Difference(Check.CLOSED, f"employee:{employee_id}", *shown)]


def list_other_booking_differences(ref: str, due: Decimal, found: Decimal, is_own: bool) -> list[Difference]:
    """Where the ledger holds another amount in USD for an adjustment, a refund or a bonus than that is of (SPEC 6)."""
    if due == found and is_own:
        return []
    whose = "" if is_own else ", in another person's ledger"
    return [Difference(Check.BOOKED, ref, f"{due}", f"{found}{whose}")]


def list_chain_differences(
    lines: Iterable[LedgerLine], starts: Mapping[int, tuple[int, Decimal]]
) -> Iterator[Difference]:
    """Where a ledger does not continue itself; `lines` by person, each one's by number (SPEC 6).

    `starts` has how many lines of a person come before them, and the sum of these in USD.
    """
    for employee_id, own in groupby(lines, key=lambda line: line.employee_id):
        before, balance = starts.get(employee_id, (0, ZERO))
        subject = f"employee:{employee_id}"
        for number, line in enumerate(own, start=before + 1):
            if line.entry_no != number:
                yield Difference(Check.CHAIN, subject, f"line {number}", f"line {line.entry_no}")
                break
            if line.balance_after != balance + line.units:
                found = f"line {number}: {line.balance_after}"
                yield Difference(Check.CHAIN, subject, f"line {number}: {balance + line.units}", found)
            balance = line.balance_after


def list_bonus_differences(use: BonusUse) -> list[Difference]:
    """What is wrong with a bonus: used once, by a shift of its own person; of its rank's award; paying what it says.

    (SPEC 3.14, 3.16, PAYROLL D27.)
    """
    bonus, subject = use.bonus, f"bonus:{use.bonus.bonus_id}"
    differences = []
    is_carried = use.carrier is not None
    if is_carried and use.carrier != (use.employee_id, "recorded"):
        found = "{} of employee {}".format(*reversed(use.carrier or ()))
        differences.append(Difference(Check.BONUS_USE, subject, f"recorded of employee {use.employee_id}", found))
    if is_carried and bonus.state is not BonusState.APPLIED:
        differences.append(Difference(Check.BONUS_USE, subject, "no shift", f"shift:{bonus.shift_id}"))
    if bonus.rank_id is not None:
        drawn_for = (use.employee_id, bonus.rank_month, bonus.rank_id)
        if use.award != drawn_for:
            expected, found = _show_award(drawn_for), _show_award(use.award)
            differences.append(Difference(Check.BONUS_AWARD, subject, expected, found))
        if use.of_rank != 1:
            found = f"{use.of_rank} of that rank and month"
            differences.append(Difference(Check.BONUS_AWARD, subject, "one of that rank and month", found))
    elif use.award is not None:
        differences.append(Difference(Check.BONUS_AWARD, subject, NONE, _show_award(use.award)))
    if bonus.state is BonusState.APPLIED and bonus.amount != (expected_amount := _compute_amount(bonus)):
        differences.append(Difference(Check.BONUS_AMOUNT, subject, str(expected_amount), str(bonus.amount)))
    return differences


def list_rank_differences(
    employee_id: int, month: date, sales: Decimal, held: int | None, table: RankTable
) -> list[Difference]:
    """Whether the rank that a person holds is the one of the month's sales in USD (SPEC 3.13).

    `held` is the rank's id; None, where none was settled yet, stands for the lowest.
    """
    due = table.steps[table.find_position(sales)].rank_id
    if (table.steps[0].rank_id if held is None else held) == due:
        return []
    subject = f"employee:{employee_id}"
    return [Difference(Check.RANK, subject, f"rank {due} in {month:%Y-%m}", f"rank {held}" if held else NONE)]


def _list_pay_differences(shift: Shift, expected: Pay) -> list[Difference]:
    names = [field.name for field in fields(Pay)]
    pairs = [(name, getattr(expected, name), getattr(shift.pay, name)) for name in names]
    return [
        Difference(Check(name.replace("_", "-")), f"shift:{shift.shift_id}", str(due), str(found))
        for name, due, found in pairs
        if due != found
    ]


def _list_carried_differences(shift: Shift) -> list[Difference]:
    """A shift doubles once (PAYROLL D25)."""
    doublings = sum(bonus.bonus_type is BonusType.DOUBLE_COMMISSION for bonus in shift.bonuses)
    if doublings <= 1:
        return []
    return [Difference(Check.BONUS_USE, f"shift:{shift.shift_id}", "one doubling", f"{doublings} doublings")]


def _compute_amount(bonus: Bonus) -> Decimal | None:
    """What an applied bonus adds in USD, by what it was fixed with (PAYROLL D27)."""
    match bonus.bonus_type:
        case BonusType.FLAT:
            return bonus.value
        case BonusType.PERCENT_PREV | BonusType.PERCENT_ALL:
            return compute_percent_of(bonus.basis_net or ZERO, bonus.value or ZERO)
        case BonusType.PAID_DAY_OFF:
            # Hours and wage of its day are not kept with it: the ledger is asked instead.
            return bonus.amount
        case _:
            return None


def _show_award(award: tuple[int, date | None, int] | None) -> str:
    if award is None:
        return NONE
    employee_id, month, rank_id = award
    return f"rank {rank_id} of employee {employee_id} in {month:%Y-%m}"
