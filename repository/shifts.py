"""Shifts as they come, change and go (SPEC 3, PAYROLL D13, D39).

Each change is one transaction that locks the person, reads what the rules need, computes in `payroll`, writes once.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from payroll import settlement
from payroll.bonuses import Draw, apply_to
from payroll.checks import EARLIEST_DATE, check_shift_date, check_shift_times
from payroll.corrections import spread_total
from payroll.errors import ConflictError, ErrorKey, InvalidInputError, NotFoundError
from payroll.money import ZERO
from payroll.products import Catalogue
from payroll.ranks import Withdrawing
from payroll.records import Bonus, Shift, Work
from payroll.settlement import Outcome
from payroll.shifts import (
    ChangePreview,
    Correction,
    NewShift,
    RunningShift,
    ShiftChange,
    StoredShift,
    list_kept,
    list_moved,
)
from repository import rows
from repository.bonus_desk import BonusDesk
from repository.book_reader import BookReader, ReadBook, must
from repository.database import Database, unit_of_work
from repository.outcome import LockedPerson, OutcomeRows, describe_change, has_more_than_new_shifts
from repository.pay_days import PayDayBook
from repository.rules import Rules
from repository.shift_refusals import (
    is_after_leaving,
    refuse_after_leaving,
    refuse_closed,
    refuse_overlap,
    unknown_employee,
    unknown_shift,
)
from repository.tables import TableVersions

_NO_SHIFT = 0
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Way:
    """How a change is computed: at which instant, with which draw (None: it is only looked at).

    `is_correction`: an approved request lets it change what is closed (PAYROLL D32).
    """

    now: datetime
    draw: Draw | None
    is_correction: bool


class ShiftBook:
    """The door to shifts for the service and the bot."""

    def __init__(
        self, database: Database, tables: TableVersions, rules: Rules, pay_days: PayDayBook, bonuses: BonusDesk
    ) -> None:
        self._database = database
        self._rules = rules
        self._bonuses = bonuses
        self._reader = BookReader(database, tables, rules, pay_days)

    def record(self, new: NewShift) -> ShiftChange:
        """Record a shift: price it, use up pending bonuses, settle the rank, book the pay (SPEC 3.5 to 3.16).

        Raises InvalidInputError (times), ConflictError (overlap; a request whose shift was deleted), NotFoundError.
        """
        return self.record_read(new.employee_id, lambda _: new, request_id=new.request_id)

    @unit_of_work
    def record_read(
        self,
        employee_id: int,
        read: Callable[[Catalogue], NewShift],
        *,
        request_id: str | None = None,
        correction_id: int | None = None,
    ) -> ShiftChange:
        """Record a shift that `read` makes of the products as they are under the person's lock.

        `request_id` is that of the shift that it makes. A date of a closed period takes an approved correction request
        alone, `correction_id` (PAYROLL D32, D33). Raises what `read` and `record` raise.
        """
        now = self._rules.clock()
        row = self._database.fetch_one("lock_employee", {"employee_id": employee_id})
        if row is None:
            raise unknown_employee(employee_id)
        *person, xid, catalogue = row
        self._database.note_xid(xid)
        locked, products = LockedPerson(*person), rows.read_catalogue(catalogue)
        try:
            new = read(products)
            work = self._read_work(new, now, is_correction=correction_id is not None)
        except InvalidInputError:
            repeated = self._find_repeated(locked, read, products, request_id)
            if repeated is None:
                raise
            return repeated
        return self._record(locked, new, work, now, correction_id)

    def _find_repeated(
        self, person: LockedPerson, read: Callable[[Catalogue], NewShift], products: Catalogue, request_id: str | None
    ) -> ShiftChange | None:
        """The same request again, which cannot be recorded any more: products and clocks change (PAYROLL D39)."""
        found = self._database.fetch_one("select_request", {"request_id": request_id}) if request_id else None
        if found is None:
            return None
        asked = None
        try:
            asked = read(products.with_all_active())
        except InvalidInputError as error:
            # A name that is no product's any more: whether the same is asked for cannot be told, only that nothing
            # new may come of it. The number is worth more to who asks again than a refusal.
            if error.key is not ErrorKey.PRODUCT_UNKNOWN:
                raise
        return self._repeat(person, asked, *found)

    def _record(
        self, person: LockedPerson, new: NewShift, work: Work, now: datetime, correction_id: int | None
    ) -> ShiftChange:
        way, day = self._begin(now, correction_id), work.shift_date
        # Asked again, it is answered with its shift, whatever has become of the day since.
        is_refused = is_after_leaving(person, day) or (person.is_closed(day) and not way.is_correction)
        read = self._reader.read(
            person, new.running_shift_id, [day], work, request_id=new.request_id, is_refused=is_refused
        )
        if read.repeated is not None:
            return self._repeat(person, new, *read.repeated)
        outcome = self._compute_new(person, new, work, read, way)
        name = new.employee_name or person.name
        words = {
            "employee_name": name,
            "note": new.note,
            "request_id": new.request_id,
            "request_digest": new.compute_digest() if new.request_id else None,
        }
        is_new = new.running_shift_id is None
        self._write(person, outcome, now, words=words, is_new=is_new, correction_id=correction_id)
        after = StoredShift(must(outcome.shift), name, new.note)
        return _tell_change(read.shift_id, None, after, outcome)

    @unit_of_work
    def preview_record(self, new: NewShift) -> ChangePreview:
        """What `record` for an approved correction request would do now: nothing is written, drawn or used up.

        The shift has the number that comes next; a bonus that a rank would draw is not in it. Raises as `record`.
        """
        way, person = self._look(), self._lock(new.employee_id)
        work = self._read_work(new, way.now, is_correction=True)
        read = self._reader.read(person, _NO_SHIFT, [work.shift_date], work)
        numbered = replace(read, shift_id=must(self._database.fetch_one("peek_next_shift_id"))[0])
        return _show_preview(self._compute_new(person, new, work, numbered, way))

    def _begin(self, now: datetime, correction_id: int | None) -> _Way:
        return _Way(now, self._rules.draw, is_correction=correction_id is not None)

    def _look(self) -> _Way:
        """As if an admin approved it now: nothing is drawn."""
        return _Way(self._rules.clock(), None, is_correction=True)

    def _read_work(self, new: NewShift, now: datetime, *, is_correction: bool) -> Work:
        self._check_times(new.time_in, new.time_out, now)
        self._refuse_future(new.recorded_at or now, now, "date")
        shift_date = new.shift_date or self._rules.zone.date_of(new.time_in)
        self.refuse_date(shift_date, is_correction=is_correction)
        return Work(shift_date, new.time_in, new.time_out, _drop_zeros(new.products))

    def _compute_new(self, person: LockedPerson, new: NewShift, work: Work, read: ReadBook, way: _Way) -> Outcome:
        refuse_after_leaving(person, work.shift_date)
        refuse_closed(person, [work.shift_date], is_correction=way.is_correction)
        if new.running_shift_id is not None:
            self._require_running(person.employee_id, new.running_shift_id)
        if read.terms is None:
            raise unknown_employee(new.employee_id)
        refuse_overlap(self._rules.zone, read.overlapping)
        shift = settlement.price_new(read.shift_id, new.employee_id, new.recorded_at or way.now, work, read.terms)
        book = replace(read.book, sources=self._reader.read_sources(shift, read.book.pending))
        return settlement.create_shift(book, shift, way.draw, way.now)

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
        work = self.read_corrected(old.shift.work, correction)
        outcome = self._compute_edited(person, old, work, self._begin(now, correction_id))
        name = correction.employee_name or old.employee_name
        note = old.note if correction.note is None else correction.note or None
        after = StoredShift(must(outcome.shift), name, note)
        audit = describe_change("shift edited", actor_id, old, after)
        self._write(person, outcome, now, audit=audit, correction_id=correction_id)
        if (after.employee_name, after.note) != (old.employee_name, old.note):
            self._database.execute(
                "update_shift_words",
                {"shift_id": shift_id, "employee_name": after.employee_name, "note": after.note},
            )
        return _tell_change(shift_id, old, after, outcome)

    @unit_of_work
    def preview_edit(self, shift_id: int, correction: Correction) -> ChangePreview:
        """What `edit` for an approved correction request would book now, as `preview_record`. Raises as `edit`."""
        person, old = self._lock_shift(shift_id)
        work = self.read_corrected(old.shift.work, correction)
        return _show_preview(self._compute_edited(person, old, work, self._look()))

    def _compute_edited(self, person: LockedPerson, old: StoredShift, work: Work, way: _Way) -> Outcome:
        before, shift_id = old.shift.work, old.shift_id
        # History that was migrated may lie over other shifts or be too long: its sales can be corrected all the same.
        is_moved = (work.time_in, work.time_out) != (before.time_in, before.time_out)
        if is_moved:
            self._check_times(work.time_in, work.time_out, way.now)
        if work.shift_date != before.shift_date:
            self.refuse_date(work.shift_date, is_correction=way.is_correction)
        refuse_after_leaving(person, work.shift_date)
        dates = [before.shift_date, work.shift_date]
        refuse_closed(person, dates, is_correction=way.is_correction)
        read = self._reader.read(person, shift_id, dates, work)
        if is_moved:
            refuse_overlap(self._rules.zone, read.overlapping)
        return settlement.edit_shift(read.book, shift_id, work, way.draw, way.now)

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
        outcome = self._compute_deleted(person, old, self._begin(now, correction_id))
        audit = describe_change("shift deleted", actor_id, old, None)
        self._write(person, outcome, now, audit=audit, correction_id=correction_id)
        return _tell_change(shift_id, old, None, outcome)

    @unit_of_work
    def preview_delete(self, shift_id: int) -> ChangePreview:
        """What `delete` for an approved correction request would book now, as `preview_record`. Raises as `delete`."""
        person, old = self._lock_shift(shift_id)
        return _show_preview(self._compute_deleted(person, old, self._look()))

    def _compute_deleted(self, person: LockedPerson, old: StoredShift, way: _Way) -> Outcome:
        shift = old.shift
        refuse_closed(person, [shift.work.shift_date], is_correction=way.is_correction)
        # The ranks of the bonuses that become free may be another month's, and lost since.
        dates = [shift.work.shift_date, *(bonus.rank_month for bonus in shift.bonuses if bonus.rank_month)]
        read = self._reader.read(person, shift.shift_id, dates, shift.work)
        return settlement.delete_shift(read.book, shift.shift_id, way.draw, way.now)

    @unit_of_work
    def apply_bonus(self, bonus_id: int, shift_id: int) -> ShiftChange:
        """Use up one pending bonus on a shift of the same person (SPEC 5)."""
        now = self._rules.clock()
        person, old = self._lock_shift(shift_id)
        refuse_closed(person, [old.shift.work.shift_date])
        bonus = self._reader.read_bonus(bonus_id, person.employee_id)
        read = self._reader.read(person, shift_id, [old.shift.work.shift_date], old.shift.work)
        shift = next(one for one in read.book.shifts if one.shift_id == shift_id)
        book = replace(read.book, months=(), sources=self._reader.read_sources(shift, (bonus,)))
        outcome = settlement.apply_bonus(book, shift_id, bonus, self._rules.draw, now)
        self._write(person, outcome, now)
        return ShiftChange(shift_id, old, replace(old, shift=must(outcome.shift)))

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
        read = self._reader.read(person, _NO_SHIFT, [], work, months=months)
        return settlement.settle_months(read.book, self._rules.draw, self._rules.clock(), withdrawing)

    @unit_of_work
    def release_refunded(self, shift_id: int) -> StoredShift:
        """Price a shift again whose refund was withdrawn; it as it is then (PAYROLL D35).

        What has other refunds stays as it is. Raises NotFoundError.
        """
        now = self._rules.clock()
        person, old = self._lock_shift(shift_id)
        read = self._reader.read(person, shift_id, [old.shift.work.shift_date], old.shift.work, months=())
        outcome = settlement.release_refunded(read.book, shift_id, now)
        if outcome.changed:
            self._write(person, outcome, now, kept_for="refund")
        return replace(old, shift=must(outcome.shift))

    @unit_of_work
    def preview_released(self, shift_id: int) -> Shift:
        """What `release_refunded` would make of a shift if it had no refund any more; nothing is written."""
        person, old = self._lock_shift(shift_id)
        read = self._reader.read(person, shift_id, [old.shift.work.shift_date], old.shift.work, months=())
        shifts = (replace(one, is_refunded=False) if one.shift_id == shift_id else one for one in read.book.shifts)
        book = replace(read.book, shifts=tuple(shifts))
        released: Shift = must(settlement.release_refunded(book, shift_id, self._rules.clock()).shift)
        return released

    def find(self, shift_id: int) -> StoredShift | None:
        """A recorded shift, None where there is none of that number."""
        row = self._database.fetch_one("select_priced_shift", {"shift_id": shift_id})
        return self._reader.read_stored(row) if row else None

    def get(self, shift_id: int) -> StoredShift:
        """A recorded shift. Raises NotFoundError."""
        stored = self.find(shift_id)
        if stored is None:
            raise unknown_shift(shift_id)
        return stored

    def lock(self, shift_id: int) -> StoredShift:
        """A recorded shift that nobody else changes before the transaction ends. Raises NotFoundError."""
        return self._lock_shift(shift_id)[1]

    def compute_bonus(self, bonus: Bonus, shift: Shift) -> Decimal:
        """What a bonus would add to a recorded shift in USD; writes nothing."""
        return apply_to(bonus, shift, self._reader.read_sources(shift, (bonus,))).amount or ZERO

    def list_last(self, employee_id: int, limit: int, *, skip: int = 0) -> list[StoredShift]:
        """A person's newest shifts by their start, newest first, after the first `skip`."""
        params = {"employee_id": employee_id, "limit": limit, "skip": skip}
        return [self._reader.read_stored(row) for row in self._database.fetch_all("select_last_priced_shifts", params)]

    @unit_of_work
    def start_running(self, employee_id: int, at: datetime) -> RunningShift:
        """Open a running shift at an instant, not in the future.

        Raises ConflictError where one runs already or the time is taken.
        """
        self._refuse_future(at, self._rules.clock(), "time_in")
        shift_date = self._rules.zone.date_of(at)
        person = self._lock(employee_id)
        refuse_after_leaving(person, shift_date)
        refuse_closed(person, [shift_date])
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
        return RunningShift(must(row)[0], employee_id, at, shift_date)

    def find_running(self, employee_id: int) -> RunningShift | None:
        """The person's running shift, None where there is none."""
        row = self._database.fetch_one("select_running_shift", {"employee_id": employee_id})
        return RunningShift(row[0], employee_id, row[1], row[2]) if row else None

    @unit_of_work
    def discard_running(self, employee_id: int) -> None:
        """Drop the person's running shift as if it had never begun. Raises NotFoundError where there is none."""
        person = self._lock(employee_id)
        running = self.find_running(employee_id)
        if running is None:
            raise NotFoundError(ErrorKey.SHIFT_NOT_RUNNING, field="shift", value="none", allowed="a running shift")
        self._database.execute("discard_running_shift", {"shift_id": running.shift_id})
        self._settle_left(person)

    def read_corrected(self, old: Work, correction: Correction) -> Work:
        """What a correction makes of a shift's times and sales; it is not checked yet."""
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

    def refuse_date(self, shift_date: date, *, is_correction: bool = False) -> None:
        """Raise InvalidInputError for a date before the first that a shift may have.

        What an approved request asked for was in time when it was asked for: it has to be in this century only.
        """
        check_shift_date(shift_date, EARLIEST_DATE if is_correction else self._rules.get_first_day())

    def is_closed(self, employee_id: int, day: date) -> bool:
        """Whether a date lies in a pay period of the person that is closed."""
        row = self._database.fetch_one("select_closed_until", {"employee_id": employee_id})
        return row is not None and row[0] is not None and day <= row[0]

    def refuse_taken(
        self, employee_id: int, time_in: datetime, time_out: datetime | None, *, except_for: int | None = None
    ) -> None:
        """Raise ConflictError where another shift of the person than `except_for` lies in these times."""
        times = {"employee_id": employee_id, "shift_id": except_for, "time_in": time_in, "time_out": time_out}
        refuse_overlap(self._rules.zone, self._database.fetch_one("select_overlapping_shift", times))

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
            raise unknown_employee(employee_id)
        *person, xid, _ = row
        self._database.note_xid(xid)
        return LockedPerson(*person)

    def _lock_shift(self, shift_id: int) -> tuple[LockedPerson, StoredShift]:
        row = self._database.fetch_one("lock_employee_of_shift", {"shift_id": shift_id})
        if row is None:
            raise unknown_shift(shift_id)
        *person, xid = row
        self._database.note_xid(xid)
        return LockedPerson(*person), self.get(shift_id)

    def _repeat(
        self,
        person: LockedPerson,
        asked: NewShift | None,
        shift_id: int,
        status: str,
        employee_id: int,
        digest: str | None,
    ) -> ShiftChange:
        """The same request again: the same shift, and nothing new, also where it was deleted since (PAYROLL D39).

        `asked` is None where that cannot be read any more.
        Raises ConflictError where it asks for something else than it did.
        """
        if employee_id != person.employee_id:
            raise ConflictError(
                ErrorKey.VALUE_INVALID, field="request_id", value="used", allowed="one that no other person has used"
            )
        if asked is not None and digest is not None and digest != asked.compute_digest():
            raise ConflictError(
                ErrorKey.REQUEST_DIFFERS,
                field="request_id",
                value=asked.request_id,
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
        kept_for: str = "rank",
    ) -> None:
        """`kept_for` is why what is closed may change without a correction request."""
        if person.closed_until is not None:
            self._keep_closed_versions(person, outcome, correction_id, kept_for)
        written = OutcomeRows(person, outcome, now, words or {}, is_new, audit)
        params = written.as_params()
        self._database.execute("write_outcome" if has_more_than_new_shifts(params) else "write_new_shift", params)
        self._settle_left(person)

    def _settle_left(self, person: LockedPerson) -> None:
        """No next shift uses up what became pending of somebody who has left, but one that still runs (PAYROLL D36)."""
        if person.has_left and self.find_running(person.employee_id) is None:
            self._bonuses.settle_leaving(person)

    def _keep_closed_versions(
        self, person: LockedPerson, outcome: Outcome, correction_id: int | None, reason: str
    ) -> None:
        """What the closed statement shows of the shifts that this changes: a correction's, or else `reason` (D15)."""
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
                "reason": reason if correction_id is None else "correction",
                "correction_id": correction_id,
            }
            self._database.execute("keep_shift_versions", params)


def _tell_change(shift_id: int, before: StoredShift | None, after: StoredShift | None, outcome: Outcome) -> ShiftChange:
    moved, kept = list_moved(outcome.changed, shift_id), list_kept(outcome.kept)
    return ShiftChange(shift_id, before, after, outcome.notices, moved, kept)


def _show_preview(outcome: Outcome) -> ChangePreview:
    return ChangePreview(outcome.entries, outcome.ranks, list_kept(outcome.kept))


def _drop_zeros(products: Mapping[int, Decimal]) -> dict[int, Decimal]:
    return {product_id: amount for product_id, amount in sorted(products.items()) if amount != 0}
