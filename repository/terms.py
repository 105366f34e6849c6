"""Wages, base rates and dynamic rates from a date, and shifts priced anew where that date lies back (PAYROLL D6)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

from payroll.decisions import change_pay
from payroll.errors import ConflictError, ErrorKey, InvalidInputError, NotFoundError
from payroll.ledger import list_shift_entries
from payroll.people import Person
from payroll.records import DynamicBasis, Shift, Terms
from payroll.repricing import PayTermsChange, RatesFrom, TouchedShift, price_at
from payroll.settlement import Outcome
from payroll.staff import PlannedTerms, PlanWithdrawn
from payroll.tables import RateStep, check_pct, check_wage, check_whole
from repository import fields, rows
from repository.database import unit_of_work
from repository.desk import Desk
from repository.outcome import OutcomeRows
from repository.rows import dump_json
from repository.tables import TableVersions


class TermsBook:
    """What holds from which date. `set_settings` and `set_rates` write and check; who may is checked before."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._database = desk.database
        self._rules = desk.rules

    @unit_of_work
    def set_settings(
        self,
        employee_id: int,
        *,
        hourly_wage: Decimal | None,
        base_pct: Decimal | None,
        valid_from: date | None,
        actor: Person | None,
        is_own: bool = False,
    ) -> None:
        """Change a wage (USD an hour) or a base rate from a business date on, today by default.

        Each holds until the next date from which it was changed itself, whatever else was changed between (D6).
        Raises NotFoundError, InvalidInputError, ConflictError with PERIOD_CLOSED for a date in a closed period.
        """
        self._desk.lock(employee_id)
        since = valid_from or self._rules.today()
        row = self._database.fetch_one("select_settings", {"employee_id": employee_id, "on_date": since})
        if row is None:
            raise NotFoundError(
                ErrorKey.EMPLOYEE_UNKNOWN, field="employee_id", value=employee_id, allowed="an employee's number"
            )
        wage = fields.read_amount(hourly_wage, "hourly_wage") if hourly_wage is not None else row[1]
        check_wage(wage, field="hourly_wage")
        base = fields.read_amount(base_pct, "base_pct") if base_pct is not None else row[2]
        check_pct(base, field="base_pct")
        self.refuse_closed(since, employee_id)
        values = {"employee_id": employee_id, "valid_from": since, "hourly_wage": wage, "base_pct": base}
        self._database.execute(
            "upsert_employee_settings", {**values, "changed_by": actor.employee_id if actor is not None else None}
        )
        self._database.execute("carry_settings_on", {**values, "old_wage": row[1], "old_pct": row[2]})
        old = {"hourly_wage": row[1], "base_pct": row[2]}
        new = {"hourly_wage": wage, "base_pct": base, "valid_from": since}
        self.note_settings(actor, "wage changed", employee_id, is_own=is_own, old=old, new=new)

    def note_settings(
        self,
        actor: Person | None,
        action: str,
        employee_id: int,
        *,
        is_own: bool,
        old: Mapping[str, object],
        new: Mapping[str, object],
    ) -> None:
        """Note a change of a wage or base rate, and attest to the check of the books what holds from when by now."""
        terms = self._database.fetch_all("select_all_settings_of", {"employee_id": employee_id})
        self._desk.audit(
            actor,
            action,
            f"employee:{employee_id}",
            is_own=is_own,
            old=old,
            new=new,
            witness={"terms": {str(employee_id): terms}},
        )

    @unit_of_work
    def set_rates(self, steps: Sequence[RateStep], *, valid_from: date | None, changed_by: int | None) -> int:
        """Put a new rate table in force from a business date on, today by default; its number (TECH T11).

        Raises InvalidInputError for a table with a gap, an overlap or a percentage outside 0 to 100, ConflictError with
        PERIOD_CLOSED for a date in a closed period of anybody in the team.
        """
        check_whole(steps, field="dynamic_rates")
        for step in steps:
            fields.read_amount(step.min_sales, "min_sales")
            check_pct(step.pct, field="percentage")
        since = valid_from or self._rules.today()
        self.refuse_closed(since, None)
        rows_ = [{"min_sales": one.min_sales, "max_sales": one.max_sales, "percentage": one.pct} for one in steps]
        row = self._database.fetch_one("insert_rate_version", {"valid_from": since, "created_by": changed_by})
        version_id = int(row[0]) if row else 0
        self._database.execute("insert_rate_steps", {"version_id": version_id, "steps": dump_json(rows_)})
        return version_id

    def refuse_closed(self, since: date, employee_id: int | None) -> None:
        """Raise ConflictError with PERIOD_CLOSED for a date in a closed period of a person, or of anybody (D6)."""
        row = self._database.fetch_one("select_last_closed_day", {"employee_id": employee_id})
        last = row[0] if row else None
        if last is not None and since <= last:
            raise ConflictError(ErrorKey.PERIOD_CLOSED, field="valid_from", value=since, allowed=f"a date after {last}")


class RateDesk:
    """The door to wages and rates for admins."""

    def __init__(self, desk: Desk, book: TermsBook, tables: TableVersions) -> None:
        self._desk = desk
        self._database = desk.database
        self._book = book
        self._tables = tables

    @unit_of_work
    def set_wage(
        self,
        employee_id: int,
        *,
        actor: Person,
        hourly_wage: Decimal | None = None,
        base_pct: Decimal | None = None,
        since: date | None = None,
    ) -> list[TouchedShift]:
        """Change a wage or base rate from a date on; the recorded shifts that it would have priced otherwise (D6).

        Raises ForbiddenError and what `TermsBook.set_settings` raises.
        """
        is_own = self._desk.decide(actor, change_pay(employee_id))
        valid_from = since or self._desk.rules.today()
        self._book.set_settings(
            employee_id, hourly_wage=hourly_wage, base_pct=base_pct, valid_from=valid_from, actor=actor, is_own=is_own
        )
        return self.list_touched(valid_from, employee_id=employee_id)

    def list_planned(self, employee_id: int) -> list[PlannedTerms]:
        """The wages and base rates of a person that have not begun, the next one first."""
        params = {"employee_id": employee_id, "on_date": self._desk.rules.today()}
        return [PlannedTerms(*row) for row in self._database.fetch_all("select_planned_settings", params)]

    @unit_of_work
    def withdraw_planned(self, employee_id: int, since: date, *, actor: Person) -> PlanWithdrawn:
        """Take back a wage and base rate before the business date on which they would begin.

        No shift was priced at them. What holds before goes on, up to the next change of its own.
        Raises ForbiddenError, NotFoundError with PLAN_UNKNOWN where nothing begins on that date or it has come.
        """
        is_own = self._desk.decide(actor, change_pay(employee_id))
        self._desk.lock(employee_id)
        plan = next((one for one in self.list_planned(employee_id) if one.since == since), None)
        if plan is None:
            raise NotFoundError(ErrorKey.PLAN_UNKNOWN, field="since", value=since, allowed="a date with a wage to come")
        self._database.execute("delete_settings", {"employee_id": employee_id, "valid_from": since})
        row = self._database.fetch_one("select_settings", {"employee_id": employee_id, "on_date": since})
        if row is None:
            raise LookupError(f"nothing holds before {since}")
        held = {"employee_id": employee_id, "valid_from": since, "hourly_wage": row[1], "base_pct": row[2]}
        carried = {**held, "old_wage": plan.hourly_wage, "old_pct": plan.base_pct}
        self._database.execute("carry_settings_on", carried)
        old = {"hourly_wage": plan.hourly_wage, "base_pct": plan.base_pct, "valid_from": since}
        new = {"hourly_wage": row[1], "base_pct": row[2]}
        self._book.note_settings(actor, "wage plan withdrawn", employee_id, is_own=is_own, old=old, new=new)
        return PlanWithdrawn(self._desk.people.get(employee_id), plan, row[1], row[2])

    def refuse_closed(self, since: date) -> None:
        """Raise ConflictError with PERIOD_CLOSED for a date from which no rate table can hold any more (D6)."""
        self._book.refuse_closed(since, None)

    def list_rates(self, on_date: date | None = None) -> list[RatesFrom]:
        """The rate table in force on a business date, today by default, and those that begin after it."""
        found = self._database.fetch_all("select_rate_versions_from", {"on_date": on_date or self._desk.rules.today()})
        return [RatesFrom(version_id, since, self._tables.get_rates(version_id).steps) for since, version_id in found]

    @unit_of_work
    def set_rates(
        self, steps: Sequence[RateStep], *, actor: Person, since: date | None = None, over: int | None = None
    ) -> list[TouchedShift]:
        """Put a new rate table in force from a date on; the recorded shifts that it would have priced otherwise (D6).

        It holds until the next table that begins later, which stays as it is. `over` is the version that it was made
        from, the one in force on that date. Raises ForbiddenError, ConflictError with TABLE_CHANGED where that is
        another, and what `TermsBook.set_rates` raises.
        """
        self._desk.require_admin(actor)
        self._database.fetch_one("lock_rates")
        valid_from = since or self._desk.rules.today()
        old = self._tables.get_rates_on(valid_from)
        self._desk.refuse_overtaken(over, old.version_id)
        version_id = self._book.set_rates(steps, valid_from=valid_from, changed_by=actor.employee_id)
        before, after = ({"rates": [[one.min_sales, one.pct] for one in table]} for table in (old.steps, steps))
        self._desk.audit(
            actor, "rates changed", f"rates:{version_id}", old=before, new={**after, "valid_from": valid_from}
        )
        return self.list_touched(valid_from)

    def get_pay_terms(self) -> PayTermsChange:
        """The platform's cut and the basis in force today, with the date from which they hold."""
        since, cut_pct, basis = self._list_pay_terms()[-1]
        return PayTermsChange(cut_pct, basis, since, since)

    @unit_of_work
    def hold_pay_terms(self, since: date, *, actor: Person) -> PayTermsChange:
        """Have the cut and the basis of today hold from an earlier date on already (PAYROLL D6).

        For who has set them later than they were right, or has put a slip right: a start takes them over from its own
        day on. Raises ForbiddenError, InvalidInputError with TIME_IN_FUTURE, ConflictError with PERIOD_CLOSED for a
        date in a closed period of anybody in the team.
        """
        self._desk.require_admin(actor)
        today = self._desk.rules.today()
        if since > today:
            raise InvalidInputError(ErrorKey.TIME_IN_FUTURE, field="date", value=since, allowed="today or before")
        self._book.refuse_closed(since, None)
        self._database.fetch_one("lock_rates")
        terms = self._list_pay_terms()
        held_since, cut_pct, basis = terms[-1]
        if self._hold_from(since, terms):
            old = {"valid_from": held_since}
            new = {"platform_cut_pct": cut_pct, "dynamic_basis": basis, "valid_from": since}
            self._desk.audit(actor, "pay terms moved back", "rates:pay_terms", old=old, new=new)
        return PayTermsChange(cut_pct, basis, since, held_since, tuple(self.list_touched(since)))

    def _hold_from(self, since: date, terms: Sequence[tuple[date, Decimal, DynamicBasis]]) -> bool:
        """Whether the last ones have to be put in force from that date on, which then is done."""
        now = terms[-1][1:]
        place = max(place for place, (begin, *_) in enumerate(terms) if begin <= since)
        if all(one[1:] == now for one in terms[place:]):
            return False
        self._database.execute("delete_pay_terms", {"since": since, "on_date": self._desk.rules.today()})
        values = {"since": since, "cut_pct": now[0], "basis": now[1], "now": self._desk.rules.clock()}
        self._database.execute("upsert_pay_terms", values)
        return True

    def _list_pay_terms(self) -> list[tuple[date, Decimal, DynamicBasis]]:
        """Those that have begun, oldest first."""
        rows_ = self._database.fetch_all("select_pay_terms", {"on_date": self._desk.rules.today()})
        return [(since, cut_pct, DynamicBasis(basis)) for since, cut_pct, basis in rows_]

    def list_touched(self, since: date, *, employee_id: int | None = None) -> list[TouchedShift]:
        """Shifts of open periods from a date on that the terms of their dates would price otherwise.

        By person, of each by start, newest first. Writes nothing. Migrated history keeps what it was recorded with and
        is not among them.
        """
        return [
            touched for person in self._list_people(since, employee_id) for touched in self._price(person, since)[0]
        ]

    @unit_of_work
    def reprice(self, since: date, *, actor: Person, employee_id: int | None = None) -> list[TouchedShift]:
        """Price these shifts again at the terms of their dates, each difference in the ledger (SPEC 4 "Admin").

        Those with a refund keep their rates; what would change these alone comes back with `is_refunded`. Raises
        ForbiddenError.
        """
        council = self._desk.get_council(actor)
        if employee_id is not None:
            council.judge(change_pay(employee_id))
        done: list[TouchedShift] = []
        for one in sorted(self._list_people(since, employee_id)):
            if council.is_left_to_another(change_pay(one)):
                continue
            person = self._desk.lock(one)
            touched, pairs = self._price(one, since)
            done += touched
            pay_days = self._desk.pay_days.get()
            entries = [entry for pair in pairs for entry in list_shift_entries(*pair, pay_days, "shift re-priced")]
            outcome = Outcome(None, tuple(pairs), (), (), tuple(entries))
            if pairs:
                written = OutcomeRows(person, outcome, self._desk.rules.clock(), {}, is_new=False, audit=None)
                self._database.execute("write_outcome", written.as_params())
        for touched_shift in done:
            if not touched_shift.is_refunded:
                is_own = council.judge(change_pay(touched_shift.employee_id))
                self._audit(actor, touched_shift, is_own=is_own)
        return done

    def _audit(self, actor: Person, touched: TouchedShift, *, is_own: bool) -> None:
        self._desk.audit(
            actor,
            "shift re-priced",
            f"shift:{touched.shift_id}",
            is_own=is_own,
            old={"total_made": touched.old_made},
            new={"total_made": touched.new_made},
        )

    def _list_people(self, since: date, employee_id: int | None) -> list[int]:
        params = {"since": since, "employee_id": employee_id}
        return [row[0] for row in self._database.fetch_all("select_people_with_open_shifts", params)]

    def _price(self, employee_id: int, since: date) -> tuple[list[TouchedShift], list[tuple[Shift, Shift]]]:
        found = self._database.fetch_all("select_open_priced_shifts", {"employee_id": employee_id, "since": since})
        stored: dict[int, Shift] = {}
        names: dict[int, str] = {}
        for name, priced, applied in found:
            bonuses = [rows.read_bonus(one) for one in applied or ()]
            shift = rows.read_shift(priced, bonuses, employee_id, self._tables.get_rates)
            stored[shift.shift_id], names[shift.shift_id] = shift, name
        find_terms = cache(lambda day: self._read_terms(employee_id, day))
        changed = price_at(stored.values(), find_terms)
        would_be = price_at((replace(one, is_refunded=False) for one in stored.values()), find_terms)
        touched = [
            TouchedShift(
                number, employee_id, names[number], new.work.shift_date, stored[number].pay.total_made,
                changed.get(number, new).pay.total_made, stored[number].is_refunded and number not in changed,
            )
            for number, new in sorted(would_be.items(), key=lambda one: one[1].by_start, reverse=True)
            if changed.get(number, new).pay.total_made != stored[number].pay.total_made
        ]  # fmt: skip
        return touched, [(stored[number], new) for number, new in changed.items()]

    def _read_terms(self, employee_id: int, day: date) -> Terms:
        row = self._database.fetch_one("select_terms", {"employee_id": employee_id, "on_date": day})
        if row is None:
            raise LookupError(f"no terms are in force on {day}")
        wage, base_pct, cut_pct, basis, version_id = row
        return Terms(wage, base_pct, cut_pct, DynamicBasis(basis), self._tables.get_rates(version_id))
