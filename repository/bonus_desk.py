"""Bonuses by hand: granted, voided, days off decided, Telegram Premium given (SPEC 3, PAYROLL D23, D28, D29, D38)."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from payroll.bonuses import DRAW_LIMIT, check_offer
from payroll.business_time import format_date
from payroll.decisions import give, take
from payroll.errors import ConflictError, ErrorKey, ForbiddenError, InvalidInputError, NotFoundError
from payroll.held_bonuses import BonusOrigins, HeldBonus, compute_day_off_pay
from payroll.ledger import book
from payroll.offers import BonusOffer, BonusOrigin, BonusType
from payroll.people import Person
from payroll.records import Bonus, BonusState, VoidedBy
from payroll.settings import SettingKey
from repository import rows
from repository.database import Row, unit_of_work
from repository.desk import Desk, read_reason
from repository.outcome import LockedPerson
from repository.settings import Settings


class BonusDesk:
    """The door to bonuses that admins give and take."""

    def __init__(self, desk: Desk, settings: Settings) -> None:
        self._desk = desk
        self._database = desk.database
        self._settings = settings

    def get(self, bonus_id: int) -> HeldBonus:
        """A bonus by its number. Raises NotFoundError."""
        row = self._database.fetch_one("select_held_bonus", {"bonus_id": bonus_id})
        if row is None:
            raise NotFoundError(
                ErrorKey.BONUS_UNKNOWN, field="bonus_id", value=bonus_id, allowed="the number of a bonus"
            )
        return _read_held(row)

    def list_of(self, employee_id: int, limit: int, *, skip: int = 0) -> list[HeldBonus]:
        """A person's bonuses in every state, newest first."""
        params = {"employee_id": employee_id, "limit": limit, "skip": skip}
        return [_read_held(row) for row in self._database.fetch_all("select_held_bonuses_of", params)]

    def list_waiting(self, employee_id: int) -> list[HeldBonus]:
        """A person's bonuses that wait, oldest first."""
        return [_read_held(row) for row in self._database.fetch_all("select_pending_of", {"employee_id": employee_id})]

    def find_origins(self, bonuses: Iterable[Bonus]) -> BonusOrigins:
        """Where bonuses come from; nothing is asked for where there are none."""
        asked = tuple(bonuses)
        given = [one.bonus_id for one in asked if one.rank_id is None]
        ranks = self._database.fetch_all("select_ranks") if len(given) < len(asked) else []
        found = self._database.fetch_all("select_givers", {"bonus_ids": given}) if given else []
        return BonusOrigins(
            {row[0]: row[1] for row in ranks},
            {row[0]: BonusOrigin(giver=row[1], reason=row[2]) for row in found},
        )

    @unit_of_work
    def grant(self, employee_id: int, offer: BonusOffer, *, actor: Person, reason: str | None = None) -> HeldBonus:
        """Give a person a bonus that the next shift uses up (PAYROLL D22), and say why.

        Raises InvalidInputError, ForbiddenError, for who has left with EMPLOYEE_LEFT.
        """
        is_own = self._desk.decide(actor, give(employee_id))
        checked = check_offer(offer.bonus_type, offer.value)
        why = read_reason(reason) if reason else None
        bonus_id = self.add(employee_id, checked, created_at=self._desk.rules.clock())
        new = {"employee_id": employee_id, "bonus": checked.code}
        self._desk.audit(actor, "bonus granted", f"bonus:{bonus_id}", is_own=is_own, new=new, reason=why)
        return self.get(bonus_id)

    @unit_of_work
    def add(
        self, employee_id: int, offer: BonusOffer, *, created_at: datetime, earned_shift_id: int | None = None
    ) -> int:
        """Write a pending bonus of an offer that is checked; its number. Raises ForbiddenError for who left (D36)."""
        person = self._desk.lock(employee_id)
        if person.has_left:
            raise ForbiddenError(
                ErrorKey.EMPLOYEE_LEFT, field="employee_id", value=person.name, allowed="somebody in the team"
            )
        params = {
            "employee_id": employee_id,
            "bonus_type": offer.bonus_type,
            "value": offer.value,
            "draw": self._desk.rules.draw(DRAW_LIMIT),
            "earned_shift_id": earned_shift_id,
            "created_at": created_at,
        }
        row = self._database.fetch_one("insert_bonus", params)
        return int(row[0]) if row else 0

    @unit_of_work
    def void(self, bonus_id: int, *, actor: Person, reason: str) -> HeldBonus:
        """Take a pending bonus back; one that is used is answered by a deduction (PAYROLL D28).

        Raises ForbiddenError, ConflictError with BONUS_NOT_PENDING.
        """
        council = self._desk.get_council(actor)
        held = self.get(bonus_id)
        is_own = council.judge(take(held.employee_id))
        why = read_reason(reason)
        self._desk.lock(held.employee_id)
        params = {"bonus_id": bonus_id, "voided_by": VoidedBy.ADMIN}
        self._must_touch(self._database.execute("void_bonus", params), bonus_id)
        self._desk.audit(
            actor, "bonus voided", _name(held), is_own=is_own, old={"bonus": held.bonus.offer.code}, reason=why
        )
        return self.get(bonus_id)

    # --- days off ----------------------------------------------------------------------------------------------------

    def list_taken_days(self, employee_id: int, since: date, until: date) -> set[date]:
        """The dates, the last one included, on which a person has a shift or a day off, asked for or granted."""
        params = {"employee_id": employee_id, "since": since, "until": until}
        return {row[0] for row in self._database.fetch_all("select_taken_days", params)}

    def preview_day_off(self, bonus_id: int, day: date) -> Decimal:
        """What a day off on a date would be worth in USD. Raises as `request_day_off`."""
        held = self.get(bonus_id)
        self._refuse_day(self._desk.people.get(held.employee_id), held, day)
        return self.get_day_off_worth(held.employee_id, day)

    @unit_of_work
    def request_day_off(self, bonus_id: int, day: date, *, actor: Person) -> HeldBonus:
        """Ask for a date, from today on, without a shift or another day off (PAYROLL D29); asked again, another date.

        Raises ForbiddenError, InvalidInputError with DATE_IN_PAST, ConflictError with DAY_TAKEN or BONUS_NOT_PENDING.
        """
        held = self.get(bonus_id)
        self._desk.require_self_or_admin(actor, held.employee_id)
        person = self._desk.lock(held.employee_id)
        self._refuse_day(person, held, day)
        touched = self._database.execute("request_day_off", {"bonus_id": bonus_id, "day": day})
        self._must_touch(touched, bonus_id)
        self._desk.audit(actor, "day off requested", _name(held), new={"day": day})
        return self.get(bonus_id)

    def list_day_off_requests(self) -> list[HeldBonus]:
        """What waits for an admin, the next date first."""
        return [_read_held(row) for row in self._database.fetch_all("select_day_off_requests")]

    def find_day_off(self, employee_id: int, day: date) -> HeldBonus | None:
        """A day off of the person on a date, asked for or granted."""
        row = self._database.fetch_one("select_day_off_on", {"employee_id": employee_id, "day": day})
        return _read_held(row) if row else None

    @unit_of_work
    def approve_day_off(self, bonus_id: int, *, actor: Person) -> HeldBonus:
        """Grant the date that was asked for: hours × that date's wage, in that date's period (PAYROLL D29).

        Raises ForbiddenError, ConflictError with REQUEST_DECIDED for who comes second, or DAY_TAKEN.
        """
        is_own = self._desk.decide(actor, give(self.get(bonus_id).employee_id))
        person, held, day = self._lock_request(bonus_id)
        self._refuse_taken(person, held, day)
        amount = self.get_day_off_worth(person.employee_id, day)
        self._database.execute("credit_bonus", {"bonus_id": bonus_id, "amount": amount})
        period = self._desk.find_booking_period(person, day)
        self._desk.book(person, book(amount, period, _name(held), "paid day off"))
        new = {"day": day, "amount": amount}
        self._desk.audit(actor, "day off approved", _name(held), is_own=is_own, new=new)
        return self.get(bonus_id)

    @unit_of_work
    def refuse_day_off(self, bonus_id: int, *, actor: Person, reason: str) -> HeldBonus:
        """Decline the date that was asked for; the bonus waits for another one. Raises as `approve_day_off`."""
        is_own = self._desk.decide(actor, take(self.get(bonus_id).employee_id))
        why = read_reason(reason)
        _, held, day = self._lock_request(bonus_id)
        self._database.execute("request_day_off", {"bonus_id": bonus_id, "day": None})
        self._desk.audit(actor, "day off refused", _name(held), is_own=is_own, old={"day": day}, reason=why)
        return self.get(bonus_id)

    def _lock_request(self, bonus_id: int) -> tuple[LockedPerson, HeldBonus, date]:
        person = self._desk.lock(self.get(bonus_id).employee_id)
        held = self.get(bonus_id)
        if held.bonus.state is not BonusState.PENDING or held.day_off_date is None:
            raise ConflictError(
                ErrorKey.REQUEST_DECIDED, field="request", value=bonus_id, allowed="a request that is still open"
            )
        return person, held, held.day_off_date

    def _refuse_day(self, person: LockedPerson | Person, held: HeldBonus, day: date) -> None:
        if day < self._desk.rules.today():
            raise InvalidInputError(ErrorKey.DATE_IN_PAST, field="day", value=day, allowed="from today on")
        self._refuse_taken(person, held, day)

    def _refuse_taken(self, person: LockedPerson | Person, held: HeldBonus, day: date) -> None:
        params = {"employee_id": person.employee_id, "day": day}
        has_shift = self._database.fetch_one("has_shift_on", params)
        other = self.find_day_off(person.employee_id, day)
        is_taken = other is not None and other.bonus.bonus_id != held.bonus.bonus_id
        if is_taken or (has_shift is not None and has_shift[0]):
            raise ConflictError(
                ErrorKey.DAY_TAKEN, field="day", value=day, allowed="a day without a shift or a day off"
            )
        if person.left_date is not None and day > person.left_date:
            raise ForbiddenError(
                ErrorKey.EMPLOYEE_LEFT, field="day", value=person.name, allowed=f"up to {format_date(person.left_date)}"
            )

    def get_day_off_worth(self, employee_id: int, day: date) -> Decimal:
        """What a day off of a person on a date is worth in USD, whether it can be or not."""
        row = self._database.fetch_one("select_settings", {"employee_id": employee_id, "on_date": day})
        if row is None:
            raise LookupError("everybody has a wage on every date")
        return compute_day_off_pay(self._settings.get(SettingKey.PAID_DAY_OFF_HOURS), row[1])

    # --- Telegram Premium --------------------------------------------------------------------------------------------

    def list_premium(self) -> list[HeldBonus]:
        """What is to be given, oldest first."""
        return [_read_held(row) for row in self._database.fetch_all("select_premium")]

    @unit_of_work
    def mark_premium_given(self, bonus_id: int, *, actor: Person) -> HeldBonus:
        """Note that it was given. Raises ForbiddenError, ConflictError with BONUS_NOT_PENDING."""
        held = self.get(bonus_id)
        is_own = self._desk.decide(actor, give(held.employee_id))
        self._desk.lock(held.employee_id)
        self._must_touch(self._database.execute("give_premium", {"bonus_id": bonus_id}), bonus_id)
        self._desk.audit(actor, "premium given", _name(held), is_own=is_own)
        return self.get(bonus_id)

    @unit_of_work
    def mark_premium_seen(self, bonus_id: int, *, actor: Person) -> HeldBonus:
        """Note that the person saw that it was given; by themselves. Raises ForbiddenError."""
        held = self.get(bonus_id)
        if held.employee_id != actor.employee_id:
            raise ForbiddenError(
                ErrorKey.BONUS_NOT_THEIRS, field="bonus_id", value=bonus_id, allowed="a bonus of one's own"
            )
        self._database.execute("see_premium", {"bonus_id": bonus_id, "at": self._desk.rules.clock()})
        return self.get(bonus_id)

    # --- leaving -----------------------------------------------------------------------------------------------------

    def settle_leaving(self, person: LockedPerson) -> list[HeldBonus]:
        """Credit the pending flats of somebody who leaves, void what else waits (PAYROLL D36); as they are then."""
        pending = self.list_waiting(person.employee_id)
        for held in pending:
            amount = held.bonus.value
            if held.bonus.bonus_type is BonusType.FLAT and amount is not None:
                self._database.execute("credit_bonus", {"bonus_id": held.bonus.bonus_id, "amount": amount})
                period = self._desk.get_open_period(person)
                self._desk.book(person, book(amount, period, _name(held), "flat at leaving"))
            else:
                params = {"bonus_id": held.bonus.bonus_id, "voided_by": VoidedBy.LEAVING}
                self._database.execute("void_bonus", params)
        return [self.get(held.bonus.bonus_id or 0) for held in pending]

    def _must_touch(self, touched: int, bonus_id: int) -> None:
        if touched != 1:
            raise ConflictError(
                ErrorKey.BONUS_NOT_PENDING, field="bonus_id", value=bonus_id, allowed="a pending bonus of that kind"
            )


def _name(held: HeldBonus) -> str:
    return f"bonus:{held.bonus.bonus_id}"


def _read_held(row: Row) -> HeldBonus:
    employee_id, name, bonus, day_off_date, seen_at, *origin = row
    return HeldBonus(employee_id, name, rows.read_bonus(bonus), day_off_date, seen_at, BonusOrigin(*origin))
