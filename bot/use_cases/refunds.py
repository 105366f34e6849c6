"""Refunds, and what is taken back for a bonus that stays used (SPEC 4.20, PAYROLL D15, D28, D35)."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from bot.errands import YES, AdminErrand, Choice, Errand, ErrandKind, Question
from bot.use_cases.dialogs import get_own
from bot.use_cases.errand_rules import ErrandRules, read_amount, read_subject, read_text
from payroll.adjustments import AdjustmentKind
from payroll.decisions import give, take
from payroll.errors import ConflictError, ErrorKey
from payroll.held_bonuses import BonusCut
from payroll.money import ZERO
from payroll.offers import BonusType
from payroll.people import Person
from payroll.records import BonusState, Shift
from payroll.refunds import Refund, RefundPlan, RefundToWithdraw, SoldLine
from postgres_service import PostgresService

MOST_BONUSES = 12


# --- booking ---------------------------------------------------------------------------------------------------------


def ask_refund(service: PostgresService, admin: Person, errand: Errand) -> Question | None:
    """Which line of the shift, how much of it, why; then what that takes. Raises REFUND_TOO_LARGE."""
    plan, answers = _plan(service, admin, errand), errand.answers
    if plan.line is None:
        lines = [one for one in plan.lines if one.left > 0]
        return Question("product", [Choice(str(one.product_id), label=one.product) for one in lines], shown=plan)
    if plan.preview is None:
        whole = [Choice(str(plan.line.left), key="button-all-of-it")] if plan.line.left > 0 else []
        return Question("amount", whole, read=read_amount, shown=plan)
    if "reason" not in answers:
        return Question("reason", read=read_text("reason"), shown=plan)
    return None if "sure" in answers else Question("sure", (YES,), shown=plan)


def book_refund(service: PostgresService, admin: Person, errand: Errand) -> RefundPlan:
    """Take the pay back and tell the person."""
    plan = _plan(service, admin, errand)
    if plan.line is None or plan.amount is None:
        raise LookupError("a refund is booked once everything is answered")
    refund = service.refunds.book(plan.shift_id, plan.line.product_id, plan.amount, plan.reason, actor=admin)
    service.outbox.add(plan.employee_id, "refund_booked", _write_facts(refund, plan.line.product, plan.reason))
    return replace(plan, refund_id=refund.refund_id)


def _plan(service: PostgresService, admin: Person, errand: Errand) -> RefundPlan:
    stored = get_own(service, admin, read_subject(errand))
    service.staff.require_decider(admin, take(stored.shift.employee_id))
    names, answers = service.get_catalogue().names, errand.answers
    refunded = _sum_refunded(service.refunds.list_of_shift(stored.shift_id))
    lines = tuple(
        SoldLine(product_id, names[product_id], amount, amount - refunded.get(product_id, ZERO))
        for product_id, amount in stored.shift.work.products.items()
    )
    employee_id = stored.shift.employee_id
    is_pay_shown = service.staff.may_see_wages(admin, employee_id)
    plan = RefundPlan(stored.shift_id, employee_id, stored.employee_name, lines, is_pay_shown)
    line = next((one for one in lines if str(one.product_id) == answers.get("product")), None)
    if line is None or "amount" not in answers:
        return replace(plan, line=line)
    amount = Decimal(answers["amount"])
    preview = service.refunds.preview(stored.shift_id, line.product_id, amount)
    return replace(plan, line=line, amount=amount, preview=preview, reason=answers.get("reason", ""))


def _sum_refunded(refunds: list[Refund]) -> Mapping[int, Decimal]:
    sums: dict[int, Decimal] = {}
    for one in refunds:
        if one.withdrawn_at is None:
            sums[one.product_id] = sums.get(one.product_id, ZERO) + one.amount
    return sums


# --- withdrawing -----------------------------------------------------------------------------------------------------


def ask_withdrawal(service: PostgresService, admin: Person, errand: Errand) -> Question | None:
    """Which of the shift's refunds, why, and whether that is right."""
    open_refunds = _list_open(service, admin, errand)
    if "refund" not in errand.answers:
        choices = [Choice(str(one.refund.refund_id), label=_label(one)) for one in open_refunds]
        return Question("refund", choices, columns=1)
    chosen = _find_refund(open_refunds, errand.answers["refund"])
    if "reason" not in errand.answers:
        return Question("reason", read=read_text("reason"), shown=chosen)
    if "sure" in errand.answers:
        return None
    is_last = len(open_refunds) == 1
    released = _find_released(service, chosen.refund.shift_id) if is_last else None
    return Question("sure", (YES,), shown=replace(chosen, released=released))


def _find_released(service: PostgresService, shift_id: int) -> tuple[Shift, Shift] | None:
    """A shift as it is and as it would be without its refund, where it would be at another rate."""
    before, after = service.shifts.get(shift_id).shift, service.shifts.preview_released(shift_id)
    return (before, after) if before.pay != after.pay else None


def withdraw_refund(service: PostgresService, admin: Person, errand: Errand) -> RefundToWithdraw:
    """Give the pay back and tell the person. Raises ConflictError where that was done before."""
    chosen = _find_refund(_list_open(service, admin, errand), errand.answers["refund"])
    reason = errand.answers["reason"]
    before = service.shifts.lock(chosen.refund.shift_id).shift
    refund = service.refunds.withdraw(chosen.refund.refund_id, reason, actor=admin)
    after = service.shifts.get(refund.shift_id).shift
    released = (before, after) if before.pay != after.pay else None
    facts = {**_write_facts(refund, chosen.product, reason), "released": _write_released(released)}
    service.outbox.add(refund.employee_id, "refund_withdrawn", facts)
    return replace(chosen, refund=refund, released=released)


def _write_released(released: tuple[Shift, Shift] | None) -> Mapping[str, list[str]] | None:
    """The rate and the pay of a shift before and after, as a notice carries them."""
    if released is None:
        return None
    return {
        "pct": [str(one.pay.commission_pct) for one in released],
        "made": [str(one.pay.total_made) for one in released],
    }


def _list_open(service: PostgresService, admin: Person, errand: Errand) -> list[RefundToWithdraw]:
    stored = get_own(service, admin, read_subject(errand))
    service.staff.require_decider(admin, give(stored.shift.employee_id))
    names = service.get_catalogue().names
    is_pay_shown = service.staff.may_see_wages(admin, stored.shift.employee_id)
    return [
        RefundToWithdraw(one, stored.employee_name, names[one.product_id], is_pay_shown)
        for one in service.refunds.list_of_shift(stored.shift_id)
        if one.withdrawn_at is None
    ]


def _find_refund(refunds: list[RefundToWithdraw], refund_id: str) -> RefundToWithdraw:
    for one in refunds:
        if str(one.refund.refund_id) == refund_id:
            return one
    raise ConflictError(
        ErrorKey.REFUND_WITHDRAWN, field="refund_id", value=refund_id, allowed="one that is not withdrawn"
    )


def _label(one: RefundToWithdraw) -> str:
    return f"{one.product} · ${one.refund.amount:,.2f}"


def _write_facts(refund: Refund, product: str, reason: str) -> Mapping[str, object]:
    units = refund.units if refund.withdrawn_units is None else refund.withdrawn_units
    return {
        "shift_id": refund.shift_id,
        "product": product,
        "amount": str(refund.amount),
        "units": str(units),
        "reason": reason,
    }


# --- taking back a bonus ---------------------------------------------------------------------------------------------


def ask_cut(service: PostgresService, admin: Person, errand: Errand) -> Question | None:
    """For which of the bonuses that a person has used, how much, why; then whether that is right (PAYROLL D28)."""
    cut, answers = _plan_cut(service, admin, errand), errand.answers
    if cut.held is None:
        choices = [Choice(str(one.bonus.bonus_id), label=str(number)) for number, one in enumerate(cut.bonuses, 1)]
        return Question("bonus", choices, columns=4, shown=cut)
    if cut.amount is None:
        bonus = cut.held.bonus
        given = bonus.amount if cut.is_pay_shown or bonus.bonus_type is BonusType.FLAT else None
        whole = [Choice(str(given), key="button-all-of-it")] if given else []
        return Question("amount", whole, read=read_amount, shown=cut)
    if "reason" not in answers:
        return Question("reason", read=read_text("reason"), shown=cut)
    if "sure" in answers:
        return None
    # Of two admins who take the same back the second looks again.
    return Question("sure", (YES,), shown=cut, stands_on=service.statistics.get_balance(cut.employee_id))


def book_cut(service: PostgresService, admin: Person, errand: Errand) -> BonusCut:
    """Book the deduction, which names the bonus, and tell the person."""
    cut = _plan_cut(service, admin, errand)
    if cut.held is None or cut.amount is None:
        raise LookupError("a deduction is booked once everything is answered")
    booked = service.adjustments.book(
        cut.employee_id,
        AdjustmentKind.DEDUCTION,
        cut.amount,
        cut.reason,
        actor=admin,
        shift_id=cut.held.bonus.shift_id,
        bonus_id=cut.held.bonus.bonus_id,
    )
    told = {"bonus": cut.held.bonus.offer.code, "amount": str(booked.amount), "reason": booked.reason}
    service.outbox.add(cut.employee_id, "bonus_cut", told)
    return replace(cut, booked=booked)


def _plan_cut(service: PostgresService, admin: Person, errand: Errand) -> BonusCut:
    employee_id = read_subject(errand)
    service.staff.require_decider(admin, take(employee_id))
    used = [one for one in service.bonuses.list_of(employee_id, 100) if one.bonus.state is BonusState.APPLIED]
    bonuses = tuple(used[:MOST_BONUSES])
    is_pay_shown = service.staff.may_see_wages(admin, employee_id)
    cut = BonusCut(employee_id, service.people.get(employee_id).name, bonuses, is_pay_shown)
    answers = errand.answers
    held = next((one for one in bonuses if str(one.bonus.bonus_id) == answers.get("bonus")), None)
    amount = Decimal(answers["amount"]) if held is not None and "amount" in answers else None
    return replace(cut, held=held, amount=amount, reason=answers.get("reason", ""))


ERRANDS: Mapping[ErrandKind, ErrandRules] = {
    AdminErrand.REFUND: ErrandRules(Person.require_admin, ask_refund, book_refund),
    AdminErrand.WITHDRAW_REFUND: ErrandRules(Person.require_admin, ask_withdrawal, withdraw_refund),
    AdminErrand.CUT_BONUS: ErrandRules(Person.require_admin, ask_cut, book_cut),
}
