"""Shifts as they come, change and go (SPEC 3, PAYROLL D13, D39).

Each change is one transaction that locks the person, reads what the rules need, computes in `payroll`, writes once.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from payroll import settlement
from payroll.bonuses import RULES, apply_to, list_taking_models
from payroll.checks import check_shift_times
from payroll.corrections import spread_total
from payroll.errors import ConflictError, ErrorKey, ForbiddenError, InvalidInputError, NotFoundError
from payroll.ledger import ClosedDays
from payroll.money import ZERO
from payroll.products import Catalogue
from payroll.ranks import RankMonth, Withdrawing
from payroll.records import Bonus, BonusState, DynamicBasis, Shift, Sources, Terms, Work, get_month
from payroll.settlement import Outcome, PersonBook
from payroll.shifts import Correction, NewShift, RunningShift, ShiftChange, StoredShift
from repository import rows
from repository.database import Database, Row, unit_of_work
from repository.outcome import LockedPerson, OutcomeRows, describe_change, has_more_than_new_shifts
from repository.pay_days import PayDayBook
from repository.rules import Rules
from repository.tables import TableVersions

_NO_SHIFT = 0
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Read:
    """One row of `read_book`, as records."""

    repeated: tuple[int, str, int, str | None] | None
    terms: Terms | None
    shift_id: int
    book: PersonBook
    overlapping: rows.JsonRow | None


class ShiftBook:
    """The door to shifts for the service and the bot."""

    def __init__(self, database: Database, tables: TableVersions, rules: Rules, pay_days: PayDayBook) -> None:
        self._database = database
        self._tables = tables
        self._rules = rules
        self._pay_days = pay_days

    def record(self, new: NewShift) -> ShiftChange:
        """Record a shift: price it, use up pending bonuses, settle the rank, book the pay (SPEC 3.5 to 3.16).

        Raises InvalidInputError (times), ConflictError (overlap; a request whose shift was deleted), NotFoundError.
        """
        return self.record_read(new.employee_id, lambda _: new)

    @unit_of_work
    def record_read(
        self, employee_id: int, read: Callable[[Catalogue], NewShift], *, correction_id: int | None = None
    ) -> ShiftChange:
        """Record a shift that `read` makes of the products as they are under the person's lock.

        A date of a closed period takes an approved correction request alone, `correction_id` (PAYROLL D32, D33).
        Raises what `read` and `record` raise.
        """
        now = self._rules.clock()
        row = self._database.fetch_one("lock_employee", {"employee_id": employee_id})
        if row is None:
            raise _unknown_employee(employee_id)
        *person, xid, catalogue = row
        self._database.note_xid(xid)
        return self._record(LockedPerson(*person), read(rows.read_catalogue(catalogue)), now, correction_id)

    def _record(self, person: LockedPerson, new: NewShift, now: datetime, correction_id: int | None) -> ShiftChange:
        recorded_at = new.recorded_at or now
        shift_date = new.shift_date or self._rules.zone.date_of(new.time_in)
        self._check_times(new.time_in, new.time_out, now)
        self._refuse_future(recorded_at, now, "date")
        work = Work(shift_date, new.time_in, new.time_out, _drop_zeros(new.products))
        read = self._read_book(person, new.running_shift_id, [shift_date], work, request_id=new.request_id)
        if read.repeated is not None:
            return self._repeat(person, new, *read.repeated)
        _check_active_on(person, shift_date)
        _refuse_closed(person, [shift_date], correction_id)
        if new.running_shift_id is not None:
            self._require_running(person.employee_id, new.running_shift_id)
        if read.terms is None:
            raise _unknown_employee(new.employee_id)
        self._refuse_overlap(read.overlapping)
        shift = settlement.price_new(read.shift_id, new.employee_id, recorded_at, work, read.terms)
        book = replace(read.book, sources=self._read_sources(shift, read.book.pending))
        outcome = settlement.create_shift(book, shift, self._rules.draw, now)
        name = new.employee_name or person.name
        words = {
            "employee_name": name,
            "note": new.note,
            "request_id": new.request_id,
            "request_digest": new.compute_digest() if new.request_id else None,
        }
        is_new = new.running_shift_id is None
        self._write(person, outcome, now, words=words, is_new=is_new, correction_id=correction_id)
        after = StoredShift(_must(outcome.shift), name, new.note)
        return ShiftChange(read.shift_id, None, after, outcome.notices)

    @unit_of_work
    def edit(
        self,
        shift_id: int,
        correction: Correction,
        *,
        actor_id: int | None = None,
        correction_id: int | None = None,
    ) -> ShiftChange:
        """Correct a recorded shift.

        Re-prices it at its own terms, and the person's later shifts of the dates concerned (SPEC 3.10, PAYROLL D8).
        Raises ConflictError with PERIOD_CLOSED, but for an approved correction request, `correction_id` (PAYROLL D33).
        """
        now = self._rules.clock()
        person, old = self._lock_shift(shift_id)
        work = self._correct(old.shift.work, correction)
        # History that was migrated may lie over other shifts or be too long: its sales can be corrected all the same.
        is_moved = (work.time_in, work.time_out) != (old.shift.work.time_in, old.shift.work.time_out)
        if is_moved:
            self._check_times(work.time_in, work.time_out, now)
        _check_active_on(person, work.shift_date)
        dates = [old.shift.work.shift_date, work.shift_date]
        _refuse_closed(person, dates, correction_id)
        read = self._read_book(person, shift_id, dates, work)
        if is_moved:
            self._refuse_overlap(read.overlapping)
        outcome = settlement.edit_shift(read.book, shift_id, work, self._rules.draw, now)
        name = correction.employee_name or old.employee_name
        note = old.note if correction.note is None else correction.note or None
        after = StoredShift(_must(outcome.shift), name, note)
        audit = describe_change("shift edited", actor_id, old, after)
        self._write(person, outcome, now, audit=audit, correction_id=correction_id)
        if (after.employee_name, after.note) != (old.employee_name, old.note):
            self._database.execute(
                "update_shift_words",
                {"shift_id": shift_id, "employee_name": after.employee_name, "note": after.note},
            )
        return ShiftChange(shift_id, old, after, outcome.notices)

    @unit_of_work
    def spread_total(self, shift_id: int, total: Decimal, *, actor_id: int | None = None) -> ShiftChange:
        """Give a shift another total, spread over its products in proportion, to the cent (PAYROLL D10).

        Raises InvalidInputError for a shift without sales.
        """
        _, old = self._lock_shift(shift_id)
        sold = old.shift.work.products
        if not sold:
            raise InvalidInputError(
                ErrorKey.SHIFT_WITHOUT_SALES,
                field="Total sales",
                value=total,
                allowed="a shift with sales; set the sales of a product instead",
            )
        return self.edit(shift_id, Correction(products=spread_total(sold, total)), actor_id=actor_id)

    @unit_of_work
    def delete(self, shift_id: int, *, actor_id: int | None = None, correction_id: int | None = None) -> ShiftChange:
        """Take a shift out: its ledger lines are reversed, its bonuses wait again, the rank is settled (TECH T16).

        Raises ConflictError with PERIOD_CLOSED, but for an approved correction request, `correction_id` (PAYROLL D33).
        """
        now = self._rules.clock()
        person, old = self._lock_shift(shift_id)
        _refuse_closed(person, [old.shift.work.shift_date], correction_id)
        # The ranks of the bonuses that become free may be another month's, and lost since.
        dates = [old.shift.work.shift_date, *(bonus.rank_month for bonus in old.shift.bonuses if bonus.rank_month)]
        read = self._read_book(person, shift_id, dates, old.shift.work)
        outcome = settlement.delete_shift(read.book, shift_id, self._rules.draw, now)
        audit = describe_change("shift deleted", actor_id, old, None)
        self._write(person, outcome, now, audit=audit, correction_id=correction_id)
        return ShiftChange(shift_id, old, None, outcome.notices)

    @unit_of_work
    def apply_bonus(self, bonus_id: int, shift_id: int) -> ShiftChange:
        """Use up one pending bonus on a shift of the same person (SPEC 5)."""
        now = self._rules.clock()
        person, old = self._lock_shift(shift_id)
        _refuse_closed(person, [old.shift.work.shift_date], None)
        bonus = self._read_bonus(bonus_id, person.employee_id)
        read = self._read_book(person, shift_id, [old.shift.work.shift_date], old.shift.work)
        shift = next(one for one in read.book.shifts if one.shift_id == shift_id)
        book = replace(read.book, months=(), sources=self._read_sources(shift, (bonus,)))
        outcome = settlement.apply_bonus(book, shift_id, bonus, self._rules.draw, now)
        self._write(person, outcome, now)
        return ShiftChange(shift_id, old, replace(old, shift=_must(outcome.shift)))

    @unit_of_work
    def settle(self, employee_id: int, months: Iterable[date], withdrawing: Withdrawing) -> Outcome:
        """Settle a person's ranks of months, given by their first days, without a change of a shift."""
        person = self._lock(employee_id)
        outcome = self._compute_settled(person, months, withdrawing)
        self._write(person, outcome, self._rules.clock())
        return outcome

    @unit_of_work
    def preview_settled(self, employee_id: int, months: Iterable[date], withdrawing: Withdrawing) -> Outcome:
        """What `settle` would do now; writes nothing."""
        return self._compute_settled(self._lock(employee_id), months, withdrawing)

    def _compute_settled(self, person: LockedPerson, months: Iterable[date], withdrawing: Withdrawing) -> Outcome:
        work = Work(date.min, _NEVER, _NEVER, {})
        read = self._read_book(person, _NO_SHIFT, [], work, months=months)
        return settlement.settle_months(read.book, self._rules.draw, self._rules.clock(), withdrawing)

    def find(self, shift_id: int) -> StoredShift | None:
        """A recorded shift, None where there is none of that number."""
        row = self._database.fetch_one("select_priced_shift", {"shift_id": shift_id})
        return self._read_stored(row) if row else None

    def get(self, shift_id: int) -> StoredShift:
        """A recorded shift. Raises NotFoundError."""
        stored = self.find(shift_id)
        if stored is None:
            raise _unknown_shift(shift_id)
        return stored

    def lock(self, shift_id: int) -> StoredShift:
        """A recorded shift that nobody else changes before the transaction ends. Raises NotFoundError."""
        return self._lock_shift(shift_id)[1]

    def compute_bonus(self, bonus: Bonus, shift: Shift) -> Decimal:
        """What a bonus would add to a recorded shift in USD; writes nothing."""
        return apply_to(bonus, shift, self._read_sources(shift, (bonus,))).amount or ZERO

    def list_last(self, employee_id: int, limit: int, *, skip: int = 0) -> list[StoredShift]:
        """A person's newest shifts, newest first, after the first `skip` (PAYROLL D1)."""
        params = {"employee_id": employee_id, "limit": limit, "skip": skip}
        return [self._read_stored(row) for row in self._database.fetch_all("select_last_priced_shifts", params)]

    @unit_of_work
    def start_running(self, employee_id: int, at: datetime) -> RunningShift:
        """Open a running shift at an instant, not in the future.

        Raises ConflictError where one runs already or the time is taken.
        """
        self._refuse_future(at, self._rules.clock(), "time_in")
        shift_date = self._rules.zone.date_of(at)
        person = self._lock(employee_id)
        _check_active_on(person, shift_date)
        _refuse_closed(person, [shift_date], None)
        self.refuse_taken(employee_id, at, None)
        row = self._database.fetch_one(
            "insert_running_shift",
            {
                "employee_id": employee_id,
                "employee_name": person.name,
                "shift_date": shift_date,
                "time_in": at,
                "request_id": None,
            },
        )
        return RunningShift(_must(row)[0], employee_id, at, shift_date)

    def find_running(self, employee_id: int) -> RunningShift | None:
        """The person's running shift, None where there is none."""
        row = self._database.fetch_one("select_running_shift", {"employee_id": employee_id})
        return RunningShift(row[0], employee_id, row[1], row[2]) if row else None

    @unit_of_work
    def discard_running(self, employee_id: int) -> None:
        """Drop the person's running shift as if it had never begun. Raises NotFoundError where there is none."""
        self._lock(employee_id)
        running = self.find_running(employee_id)
        if running is None:
            raise NotFoundError(ErrorKey.SHIFT_NOT_RUNNING, field="shift", value="none", allowed="a running shift")
        self._database.execute("discard_running_shift", {"shift_id": running.shift_id})

    def _correct(self, old: Work, correction: Correction) -> Work:
        time_in = correction.time_in or old.time_in
        return Work(
            shift_date=old.shift_date if correction.time_in is None else self._rules.zone.date_of(time_in),
            time_in=time_in,
            time_out=correction.time_out or old.time_out,
            products=old.products if correction.products is None else _drop_zeros(correction.products),
        )

    def refuse_times(self, time_in: datetime, time_out: datetime) -> None:
        """Raise InvalidInputError for clocks that no shift can have now (SPEC 3.4)."""
        self._check_times(time_in, time_out, self._rules.clock())

    def refuse_taken(
        self, employee_id: int, time_in: datetime, time_out: datetime | None, *, except_for: int | None = None
    ) -> None:
        """Raise ConflictError where another shift of the person than `except_for` lies in these times."""
        times = {"employee_id": employee_id, "shift_id": except_for, "time_in": time_in, "time_out": time_out}
        self._refuse_overlap(self._database.fetch_one("select_overlapping_shift", times))

    def _refuse_future(self, at: datetime, now: datetime, field: str) -> None:
        if at > now:
            shown = self._rules.zone.format(at)
            raise InvalidInputError(ErrorKey.TIME_IN_FUTURE, field=field, value=shown, allowed="not in the future")

    def _require_running(self, employee_id: int, shift_id: int) -> None:
        running = self.find_running(employee_id)
        if running is None or running.shift_id != shift_id:
            raise ConflictError(
                ErrorKey.SHIFT_NOT_RUNNING, field="shift", value=shift_id, allowed="the person's own running shift"
            )

    def _check_times(self, time_in: datetime, time_out: datetime, now: datetime) -> None:
        rules = self._rules
        check_shift_times(time_in, time_out, now=now, max_hours=rules.max_shift_hours, zone=rules.zone)

    def _lock(self, employee_id: int) -> LockedPerson:
        row = self._database.fetch_one("lock_employee", {"employee_id": employee_id})
        if row is None:
            raise _unknown_employee(employee_id)
        *person, xid, _ = row
        self._database.note_xid(xid)
        return LockedPerson(*person)

    def _lock_shift(self, shift_id: int) -> tuple[LockedPerson, StoredShift]:
        row = self._database.fetch_one("lock_employee_of_shift", {"shift_id": shift_id})
        if row is None:
            raise _unknown_shift(shift_id)
        *person, xid = row
        self._database.note_xid(xid)
        return LockedPerson(*person), self.get(shift_id)

    def _read_book(
        self,
        person: LockedPerson,
        shift_id: int | None,
        dates: list[date],
        work: Work,
        *,
        request_id: str | None = None,
        months: Iterable[date] | None = None,
    ) -> _Read:
        if months is None:
            months = {get_month(day) for day in dates} if self._rules.settle_ranks else ()
        row = self._database.fetch_one(
            "read_book",
            {
                "employee_id": person.employee_id,
                "shift_id": shift_id,
                "dates": rows.write_array(dates),
                "months": rows.write_array(sorted(months)),
                "shift_date": work.shift_date,
                "time_in": work.time_in,
                "time_out": work.time_out,
                "request_id": request_id,
            },
        )
        (repeated, settings, pay_terms, rate_version_id, new_id, shifts, bonus_rows, month_rows, overlapping) = _must(
            row
        )[0]
        bonuses = {one[0]: rows.read_bonus(one) for one in bonus_rows or ()}
        terms = None
        if settings and pay_terms and rate_version_id:
            rates = self._tables.get_rates(rate_version_id)
            terms = Terms(settings[0], settings[1], pay_terms[0], DynamicBasis(pay_terms[1]), rates)
        book = PersonBook(
            shifts=tuple(self._read_shift(one, bonuses.values(), person.employee_id) for one in shifts or ()),
            pending=tuple(bonus for bonus in bonuses.values() if bonus.state is BonusState.PENDING),
            months=tuple(self._read_month(one, bonuses) for one in month_rows or ()),
            sources=Sources(),
            pay_days=self._pay_days.get(),
            closed=self._find_closed(person),
        )
        return _Read(tuple(repeated) if repeated else None, terms, new_id, book, overlapping)

    def _find_closed(self, person: LockedPerson) -> ClosedDays | None:
        if person.closed_until is None:
            return None
        return ClosedDays(person.closed_until, self._pay_days.find_open_period(person.closed_until))

    def _read_shift(self, row: rows.JsonRow, bonuses: Iterable[Bonus], employee_id: int) -> Shift:
        return rows.read_shift(row, bonuses, employee_id, self._tables.get_rates)

    def _read_stored(self, row: Row) -> StoredShift:
        employee_id, name, note, priced, applied = row
        bonuses = [rows.read_bonus(one) for one in applied or ()]
        return StoredShift(self._read_shift(priced, bonuses, employee_id), name, note)

    def _read_month(self, row: rows.JsonRow, bonuses: Mapping[int | None, Bonus]) -> RankMonth:
        month, sales, version_id, current_rank_id, awards = row
        return RankMonth(
            month=date.fromisoformat(month),
            sales=sales,
            table=self._tables.get_ranks(version_id),
            current_rank_id=current_rank_id,
            awards=tuple(rows.read_award(award, bonuses) for award in awards or ()),
        )

    def _read_bonus(self, bonus_id: int, employee_id: int) -> Bonus:
        row = self._database.fetch_one("select_bonus", {"bonus_id": bonus_id})
        if row is None:
            raise NotFoundError(
                ErrorKey.BONUS_UNKNOWN, field="bonus_id", value=bonus_id, allowed="the number of a bonus"
            )
        if row[0] != employee_id:
            raise ConflictError(
                ErrorKey.BONUS_NOT_THEIRS, field="bonus_id", value=bonus_id, allowed="a bonus of the shift's employee"
            )
        return rows.read_bonus(row[1])

    def _read_sources(self, shift: Shift, bonuses: tuple[Bonus, ...]) -> Sources:
        """What others sold, read only where a bonus takes from it (PAYROLL D27)."""
        if not any(RULES[bonus.bonus_type].takes_from_others for bonus in bonuses) or not shift.work.products:
            return Sources()
        params = {
            "employee_id": shift.employee_id,
            "shift_id": shift.shift_id,
            "shift_date": shift.work.shift_date,
            "recorded_at": shift.recorded_at,
            "models": list_taking_models(shift.work.products),
        }
        previous = self._database.fetch_one("read_previous_source", params)
        same_day = self._database.fetch_all("read_same_day_sources", params)
        return Sources(
            previous=rows.read_source(previous) if previous else None,
            same_day=tuple(rows.read_source(row) for row in same_day),
        )

    def _refuse_overlap(self, other: rows.JsonRow | None) -> None:
        if other is None:
            return
        shift_id, status, begin, end = other
        began = self._rules.zone.format(_as_instant(begin))
        if status == "running":
            raise ConflictError(
                ErrorKey.SHIFT_RUNNING,
                field="time_in",
                value=began,
                allowed=f"finish the shift of {began} first",
                shift_id=shift_id,
                began=began,
            )
        ended = self._rules.zone.format(_as_instant(end))
        raise ConflictError(
            ErrorKey.SHIFT_OVERLAPS,
            field="time_in",
            value=f"{began} - {ended}",
            allowed=f"a time outside shift {shift_id}",
            shift_id=shift_id,
            began=began,
            ended=ended,
        )

    def _repeat(
        self, person: LockedPerson, new: NewShift, shift_id: int, status: str, employee_id: int, digest: str | None
    ) -> ShiftChange:
        """The same request again: the same shift, and nothing new, also where it was deleted since (PAYROLL D39).

        Raises ConflictError where it asks for something else than it did.
        """
        if employee_id != person.employee_id:
            raise ConflictError(
                ErrorKey.VALUE_INVALID, field="request_id", value="used", allowed="one that no other person has used"
            )
        if digest is not None and digest != new.compute_digest():
            raise ConflictError(
                ErrorKey.REQUEST_DIFFERS,
                field="request_id",
                value=new.request_id,
                allowed=f"what it asked for before, which is shift {shift_id}; another one for another shift",
                shift_id=shift_id,
            )
        stored = self.find(shift_id) if status == "recorded" else None
        return ShiftChange(shift_id, None, stored, is_repeat=True)

    def _write(
        self,
        person: LockedPerson,
        outcome: Outcome,
        now: datetime,
        *,
        words: Mapping[str, Any] | None = None,
        is_new: bool = False,
        audit: Mapping[str, Any] | None = None,
        correction_id: int | None = None,
    ) -> None:
        if person.closed_until is not None:
            self._keep_closed_versions(person, outcome, correction_id)
        written = OutcomeRows(person, outcome, now, words or {}, is_new, audit)
        params = written.as_params()
        self._database.execute("write_outcome" if has_more_than_new_shifts(params) else "write_new_shift", params)

    def _keep_closed_versions(self, person: LockedPerson, outcome: Outcome, correction_id: int | None) -> None:
        """What the closed statement shows of the shifts that this changes: a correction's, or a lost rank's (D15)."""
        closed = {
            one.shift_id: one.work.shift_date
            for pair in outcome.changed
            for one in reversed(pair)
            if one is not None and person.is_closed(one.work.shift_date)
        }
        if closed:
            shifts = [{"shift_id": shift_id, "shift_date": day} for shift_id, day in sorted(closed.items())]
            params = {
                "employee_id": person.employee_id,
                "shifts": rows.dump_json(shifts),
                "reason": "rank" if correction_id is None else "correction",
                "correction_id": correction_id,
            }
            self._database.execute("keep_shift_versions", params)


def _drop_zeros(products: Mapping[int, Decimal]) -> dict[int, Decimal]:
    return {product_id: amount for product_id, amount in sorted(products.items()) if amount != 0}


def _check_active_on(person: LockedPerson, shift_date: date) -> None:
    if person.left_date is not None and shift_date > person.left_date:
        raise ForbiddenError(
            ErrorKey.EMPLOYEE_LEFT,
            field="shift_date",
            value=shift_date,
            allowed=f"up to {person.left_date}, when {person.name} left",
        )


def _refuse_closed(person: LockedPerson, dates: Iterable[date], correction_id: int | None) -> None:
    """What is closed is changed by an approved correction request alone, an admin's changes too (PAYROLL D32)."""
    closed = [day for day in dates if person.is_closed(day)]
    if closed and correction_id is None:
        raise ConflictError(
            ErrorKey.PERIOD_CLOSED,
            field="shift_date",
            value=min(closed),
            allowed=f"a date after {person.closed_until}",
        )


def _unknown_employee(employee_id: int) -> NotFoundError:
    return NotFoundError(
        ErrorKey.EMPLOYEE_UNKNOWN, field="employee_id", value=employee_id, allowed="the number of an employee"
    )


def _unknown_shift(shift_id: int) -> NotFoundError:
    return NotFoundError(
        ErrorKey.SHIFT_UNKNOWN, field="shift_id", value=shift_id, allowed="the number of a recorded shift"
    )


def _as_instant(value: datetime | str) -> datetime:
    """An instant of a row, or of the JSON in one."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def _must(value: Any) -> Any:
    if value is None:
        raise LookupError("the database gave no row where one is certain")
    return value
