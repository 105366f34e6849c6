"""The team: roles, leaving and coming back, Telegram accounts (SPEC 4.26, PAYROLL D36, D37)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from payroll.business_time import format_date
from payroll.decisions import Council, Effect, change_place, move_pay
from payroll.errors import ConflictError, ErrorKey, InvalidInputError
from payroll.names import tidy_name
from payroll.people import Person, Role
from payroll.settings import SettingKey
from payroll.shifts import NewShift
from payroll.staff import Leaving, Member
from repository.bonus_desk import BonusDesk
from repository.database import Row, unit_of_work
from repository.desk import Desk
from repository.people import read_person
from repository.settings import Settings
from repository.shifts import ShiftBook


class Staff:
    """The door to the team."""

    def __init__(self, desk: Desk, settings: Settings, bonuses: BonusDesk, shifts: ShiftBook) -> None:
        self._desk = desk
        self._database = desk.database
        self._settings = settings
        self._bonuses = bonuses
        self._shifts = shifts

    def may_see_wages(self, actor: Person, employee_id: int) -> bool:
        """Whether one may see somebody's wage: an owner, a manager where the setting says so, anybody their own."""
        if actor.employee_id == employee_id or actor.role is Role.OWNER:
            return True
        return actor.is_admin and bool(self._settings.get(SettingKey.MANAGERS_SEE_WAGES))

    def list_hidden(self, actor: Person, people: Iterable[int]) -> frozenset[int]:
        """Of these people those whose wage, and whatever tells it, one may not see."""
        numbers = frozenset(people)
        return frozenset() if self.may_see_wages(actor, 0) else numbers - {actor.employee_id}

    def get_council(self, actor: Person) -> Council:
        """An admin who decides, and who else could. Raises ForbiddenError for who is no admin by now."""
        return self._desk.get_council(actor)

    def list_deciders(self, effect: Effect) -> list[int]:
        """The numbers of the admins who may take a decision that does this (PAYROLL D38)."""
        return self._desk.list_deciders(effect)

    def require_decider(self, actor: Person, effect: Effect) -> None:
        """Raise ForbiddenError for who may not take a decision that does this, as every change does (PAYROLL D38)."""
        self._desk.decide(actor, effect)

    def list_members(self, limit: int, *, actor: Person, skip: int = 0, with_left: bool = False) -> list[Member]:
        """Everybody by name, who has left at the end where they are asked for. Raises ForbiddenError."""
        self._desk.require_admin(actor)
        params = {"on_date": self._desk.rules.today(), "with_left": with_left, "limit": limit, "skip": skip}
        return [self._read_member(row, actor) for row in self._database.fetch_all("select_members", params)]

    def get_member(self, employee_id: int, *, actor: Person) -> Member:
        """One person. Raises ForbiddenError, NotFoundError."""
        self._desk.require_admin(actor)
        self._desk.people.get(employee_id)
        params = {"on_date": self._desk.rules.today(), "employee_id": employee_id}
        row = self._database.fetch_one("select_member", params)
        if row is None:
            raise LookupError("a person who is there is a member")
        return self._read_member(row, actor)

    @unit_of_work
    def set_role(self, employee_id: int, role: Role, *, actor: Person) -> Person:
        """Give a person another role; by an owner, their own by another one (PAYROLL D38).

        Raises ForbiddenError, ConflictError with LAST_OWNER.
        """
        owners = self._lock_owners()
        self._desk.require_owner(actor)
        old = self._desk.people.get(employee_id)
        is_own = self._desk.decide(actor, change_place(employee_id, Role.OWNER))
        old.require_member()
        if role is not Role.OWNER:
            _refuse_last(owners, employee_id)
        self._database.execute("set_role", {"employee_id": employee_id, "role": role})
        self._audit(actor, "role changed", old, {"role": old.role}, {"role": role}, is_own=is_own)
        return self._desk.people.get(employee_id)

    @unit_of_work
    def rename(self, employee_id: int, name: str, *, actor: Person) -> Person:
        """Call a person otherwise from now on; recorded shifts keep the name they carry. Raises ForbiddenError."""
        self._desk.require_admin(actor)
        old = self._desk.people.get(employee_id)
        self._database.execute("set_name", {"employee_id": employee_id, "name": tidy_name(name)})
        new = self._desk.people.get(employee_id)
        is_own = employee_id == actor.employee_id
        self._audit(actor, "name changed", old, {"name": old.name}, {"name": new.name}, is_own=is_own)
        return new

    @unit_of_work
    def leave(self, employee_id: int, left_date: date, *, actor: Person) -> Leaving:
        """Note that a person left: shifts up to that date can still be entered, later ones not (PAYROLL D36).

        Pending flats are credited, other pending bonuses void. Raises ForbiddenError, ConflictError with LAST_OWNER or,
        for who has left already, REQUEST_DECIDED, InvalidInputError for a date to come, before their last shift or,
        where there is none, before the business date on which they joined.
        """
        owners = self._lock_owners()
        council = self._desk.get_council(actor)
        person = self._desk.lock(employee_id)
        old = self._desk.people.get(employee_id)
        _refuse_done(is_done=old.has_left, employee_id=employee_id)
        is_own = council.judge(change_place(employee_id, old.role))
        _refuse_last(owners, employee_id)
        today = self._desk.rules.today()
        first = min(self._find_first_leaving(employee_id), today)
        if not first <= left_date <= today:
            allowed = f"{format_date(first)} to {format_date(today)}" if first < today else f"only {format_date(today)}"
            raise InvalidInputError(ErrorKey.VALUE_INVALID, field="the last day", value=left_date, allowed=allowed)
        self._database.execute("set_left", {"employee_id": employee_id, "left_date": left_date})
        bonuses = self._bonuses.settle_leaving(person)
        self._audit(actor, "person left", old, None, {"left_date": left_date}, is_own=is_own)
        return Leaving(self._desk.people.get(employee_id), left_date, tuple(bonuses))

    @unit_of_work
    def rehire(self, employee_id: int, *, actor: Person) -> Person:
        """Take somebody back who left, as an employee with all that is theirs.

        Raises ForbiddenError, ConflictError with REQUEST_DECIDED for who is in the team.
        """
        is_own = self._desk.decide(actor, change_place(employee_id, Role.EMPLOYEE))
        self._desk.lock(employee_id)
        old = self._desk.people.get(employee_id)
        _refuse_done(is_done=not old.has_left, employee_id=employee_id)
        self._database.execute("set_rehired", {"employee_id": employee_id})
        self._audit(actor, "person came back", old, {"left_date": old.left_date}, None, is_own=is_own)
        return self._desk.people.get(employee_id)

    def has_open_matters(self, employee_id: int) -> bool:
        """Whether somebody who left can still ask for corrections: until all is closed and paid (PAYROLL D36)."""
        row = self._database.fetch_one("has_open_matters", {"employee_id": employee_id})
        return bool(row and row[0])

    @unit_of_work
    def link_account(self, employee_id: int, telegram_id: int, *, actor: Person) -> Person:
        """Let a person write from another Telegram account (PAYROLL D37).

        An account without records that joined by mistake is given up: who had it loses their place by that, and is
        nobody's to throw out who may not decide that (PAYROLL D38). Raises ForbiddenError, ConflictError with
        ACCOUNT_HAS_RECORDS where that account's own records are not moved yet.
        """
        council = self._desk.get_council(actor)
        self._desk.people.lock_joining()
        holder = self._desk.people.find_by_telegram(telegram_id)
        for number in sorted({employee_id, *([holder.employee_id] if holder else [])}):
            self._desk.lock(number)
        old = self._desk.people.get(employee_id)
        concerned = [old, *([holder] if holder is not None else [])]
        places = {one.employee_id: one.role for one in concerned}
        is_own = council.judge(Effect(places=places, accounts=frozenset({telegram_id})))
        if holder is not None and holder.employee_id != employee_id:
            self._give_up(holder, actor, is_own=is_own)
        self._database.execute("set_telegram", {"employee_id": employee_id, "telegram_id": telegram_id})
        accounts = {"telegram_id": old.telegram_id}, {"telegram_id": telegram_id}
        self._audit(actor, "account linked", old, *accounts, is_own=is_own)
        return self._desk.people.get(employee_id)

    @unit_of_work
    def move_shifts(self, from_id: int, to_id: int, *, actor: Person) -> int:
        """Enter every shift of one person for another, at its date's rates of that one, and take the old out (D37).

        How many. Moves all or none: raises ForbiddenError, ConflictError with PERIOD_CLOSED, SHIFT_OVERLAPS or
        SHIFT_RUNNING.
        """
        is_own = self._desk.decide(actor, move_pay(from_id, to_id))
        if from_id == to_id:
            raise InvalidInputError(ErrorKey.VALUE_INVALID, field="to", value=to_id, allowed="another person")
        for number in sorted((from_id, to_id)):
            self._desk.lock(number)
        running = self._shifts.find_running(from_id)
        if running is not None:
            began = self._desk.rules.zone.format(running.time_in)
            raise ConflictError(ErrorKey.SHIFT_RUNNING, field="shift", value=began, allowed="a shift that is over")
        ids = [row[0] for row in self._database.fetch_all("select_shift_ids_of", {"employee_id": from_id})]
        for shift_id in ids:
            stored = self._shifts.get(shift_id)
            work = stored.shift.work
            self._shifts.delete(shift_id, actor_id=actor.employee_id)
            new = NewShift(
                to_id, work.time_in, work.time_out, work.products, stored.employee_name,
                shift_date=work.shift_date, recorded_at=stored.shift.recorded_at, note=stored.note,
            )  # fmt: skip
            self._shifts.record(new)
        old = self._desk.people.get(from_id)
        self._audit(actor, "shifts moved", old, {"shift_ids": ids}, {"employee_id": to_id}, is_own=is_own)
        return len(ids)

    def _find_first_leaving(self, employee_id: int) -> date:
        """The first date that can be somebody's last day: of their last shift, or on which they joined."""
        params = {"employee_id": employee_id}
        last = self._database.fetch_one("select_last_shift_date", params)
        if last is not None and last[0] is not None:
            shift_date: date = last[0]
            return shift_date
        joined = self._database.fetch_one("select_joined_at", params)
        return self._desk.rules.zone.date_of(joined[0]) if joined else self._desk.rules.today()

    def _give_up(self, holder: Person, actor: Person, *, is_own: bool) -> None:
        row = self._database.fetch_one("has_records", {"employee_id": holder.employee_id})
        if row is not None and row[0]:
            raise ConflictError(
                ErrorKey.ACCOUNT_HAS_RECORDS, field="telegram_id", value=holder.name, allowed="one without records"
            )
        if holder.role is Role.OWNER:
            _refuse_last(self._lock_owners(), holder.employee_id)
        self._database.execute(
            "give_up_account", {"employee_id": holder.employee_id, "left_date": self._desk.rules.today()}
        )
        self._audit(actor, "account given up", holder, {"telegram_id": holder.telegram_id}, None, is_own=is_own)

    def _lock_owners(self) -> set[int]:
        """The active owners, of whom none stops being one before the transaction ends."""
        return {row[0] for row in self._database.fetch_all("lock_owners")}

    def _audit(
        self,
        actor: Person,
        action: str,
        about: Person,
        old: dict[str, Any] | None,
        new: dict[str, Any] | None,
        *,
        is_own: bool,
    ) -> None:
        self._desk.audit(actor, action, f"employee:{about.employee_id}", is_own=is_own, old=old, new=new)

    def _read_member(self, row: Row, actor: Person) -> Member:
        *person, wage, base_pct, running_id = row
        who = read_person(tuple(person))
        is_shown = self.may_see_wages(actor, who.employee_id)
        return Member(who, wage if is_shown else None, base_pct if is_shown else None, running_id)


def _refuse_last(owners: set[int], employee_id: int) -> None:
    if owners == {employee_id}:
        raise ConflictError(
            ErrorKey.LAST_OWNER, field="role", value=employee_id, allowed="an owner as long as there is no other"
        )


def _refuse_done(*, is_done: bool, employee_id: int) -> None:
    """Of two admins who do the same, one is told that it is done."""
    if is_done:
        raise ConflictError(
            ErrorKey.REQUEST_DECIDED,
            field="employee_id",
            value=employee_id,
            allowed="somebody of whom it is not so yet",
        )
