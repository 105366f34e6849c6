"""PostgresService: the door to the data. What `SheetsService` offered, on PostgreSQL (SPEC 5).

    service = PostgresService(**Config.get_db_params())

Synchronous, thread-safe, pooled. Every method is one transaction. Errors are `payroll.errors.DomainError` and its
subclasses, each naming the field, the value and what is allowed; a write that fails changes nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from types import TracebackType
from typing import Any, Self

from config import Config
from payroll.bonuses import DRAW_LIMIT, check_offer
from payroll.errors import ErrorKey, InvalidInputError, NotFoundError
from payroll.offers import BonusType
from payroll.products import Catalogue
from payroll.records import Bonus, BonusState, get_month
from payroll.shifts import Correction
from payroll.tables import RateStep
from repository import fields, records
from repository.adjustments import Adjustments
from repository.audit import AuditLog
from repository.backups import BackupRuns
from repository.bonus_desk import BonusDesk
from repository.corrections import Corrections
from repository.database import Database, unit_of_work
from repository.db_report import DatabaseReports
from repository.desk import Desk
from repository.drafts import Drafts
from repository.due_work import DueWork
from repository.health import HealthFigures
from repository.inbox import Inbox
from repository.mirror import MirrorRuns
from repository.outbox import Outbox
from repository.pay_days import PayDayBook
from repository.pay_periods import PayPeriods
from repository.payouts import Payouts
from repository.people import People
from repository.poll_lock import PollLock
from repository.present import Present
from repository.product_desk import ProductDesk
from repository.purge import Purge
from repository.questions import Questions
from repository.rank_desk import RankDesk
from repository.reconciliation import Reconciliation
from repository.records import RecordContext, ShiftRecord
from repository.refunds import Refunds
from repository.reports import Reports
from repository.rows import read_catalogue
from repository.rules import Rules
from repository.running import RunningShifts
from repository.server import Server
from repository.settings import Settings
from repository.shifts import ShiftBook
from repository.staff import Staff
from repository.statements import Statements
from repository.statistics import Statistics
from repository.tables import TableVersions
from repository.terms import RateDesk, TermsBook


class PostgresService:
    """Shifts, settings, ranks and bonuses in PostgreSQL.

    Beside the methods of `SheetsService`: `shifts`, `people`, `drafts`, `inbox`, `outbox` and `statistics`, which
    speak in records of their own, and `transaction()`, which makes several calls one unit of work.
    """

    def __init__(
        self, *, settle_ranks: bool = False, rules: Rules | None = None, pool_size: int | None = None, **params: Any
    ) -> None:
        """Nothing is connected before the first call. `params` as `Config.get_db_params()` gives them.

        `settle_ranks`: creating, editing and deleting a shift also settles the month's rank, its bonus and the
        messages to send (TECH T10). `rules` has the zone, limits, clock and randomness; from `Config` by default.
        """
        self.rules = replace(rules or Rules.from_config(Config.load()), settle_ranks=settle_ranks)
        self._database = Database(params, pool_size=pool_size)
        self._tables = TableVersions(self._database)
        self.pay_days = PayDayBook(self._database, self.rules)
        self.running = RunningShifts(self._database, self.rules)
        self.people = People(self._database, self.rules)
        self.drafts = Drafts(self._database)
        self.inbox = Inbox(self._database)
        self.outbox = Outbox(self._database)
        self.poll_lock = PollLock(params)
        self.present = Present(self._database, self.rules)
        self.purge = Purge(self._database, self.rules)
        self.due_work = DueWork(self._database, self.outbox, self.rules, self.pay_days)
        self.reconciliation = Reconciliation(self._database, self.outbox, self.rules)
        self.audit = AuditLog(self._database)
        desk = Desk(self._database, self.people, self.audit, self.rules, self.pay_days)
        self.settings = Settings(desk)
        self.bonuses = BonusDesk(desk, self.settings)
        self.shifts = ShiftBook(self._database, self._tables, self.rules, self.pay_days, self.bonuses)
        self._terms = TermsBook(desk)
        self.terms = RateDesk(desk, self._terms, self._tables)
        self.periods = PayPeriods(desk, self.reconciliation)
        self.payouts = Payouts(desk, self.reconciliation)
        self.statistics = Statistics(self._database, self._tables, self.rules, self.pay_days)
        self.staff = Staff(desk, self.settings, self.bonuses, self.shifts)
        self.ranks = RankDesk(desk, self.shifts, self._tables)
        self.products = ProductDesk(desk)
        self.questions = Questions(desk)
        self.adjustments = Adjustments(desk)
        self.corrections = Corrections(desk, self.shifts, self.statistics)
        self.statements = Statements(self._database, self.periods)
        self.reports = Reports(self._database)
        self.refunds = Refunds(desk, self.shifts, self.settings)
        self.health = HealthFigures(self._database)
        self.mirror = MirrorRuns(self._database)
        self.backups = BackupRuns(self._database)
        self.db_report = DatabaseReports(self._database)
        self.server = Server(self._database, self.health, self.outbox)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back. The service cannot be used afterwards."""
        self._database.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all calls of this thread inside it one transaction: all of them or nothing."""
        with self._database.transaction():
            yield

    @contextmanager
    def savepoint(self, *, is_careful: bool = True) -> Iterator[None]:
        """A part of this thread's transaction that can fail alone; outside of one, a transaction.

        One that is not careful costs nothing where it only reads; an error of PostgreSQL's in it undoes the whole
        transaction (UnitUndoneError).
        """
        with self._database.savepoint(is_careful=is_careful):
            yield

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """Undo all calls of this thread inside it once they are done: what they give is what they would do.

        No number of a shift is used up: one that is recorded in it has a number below 0.
        """
        with self._database.rehearsal():
            yield

    def hold_books(self) -> None:
        """Nobody else changes anybody's shifts, bonuses or ledger before this transaction ends."""
        self._database.execute("lock_everybody")

    # --- shifts ------------------------------------------------------------------------------------------------------

    def get_next_id(self) -> int:
        """The number that the next shift will have; looking at it uses up nothing."""
        return int(self._must_one("peek_next_shift_id")[0])

    @unit_of_work
    def create_shift(self, shift_data: Mapping[str, Any]) -> int:
        """Record a shift and give its number (SPEC 5 `shift_data`, PAYROLL D13).

        An unknown employee gets the starting values. With a `request_id` that was used before, the number of the
        shift it made, and nothing new.
        """
        read = partial(fields.read_shift_data, shift_data, self.rules.zone)
        try:
            employee_id, request_id = fields.read_employee_id(shift_data), fields.read_request_id(shift_data)
            return self.shifts.record_read(employee_id, read, request_id=request_id).shift_id
        except NotFoundError as error:
            if error.key is not ErrorKey.EMPLOYEE_UNKNOWN:
                raise
        new = read(self.get_catalogue())
        self.people.ensure_employee(new.employee_id, new.employee_name)
        return self.shifts.record(new).shift_id

    def find_row_by_id(self, shift_id: int) -> int | None:
        """What the sheet's row number was: the handle of a recorded shift, here its number; None without one."""
        row = self._database.fetch_one("select_shift_row", {"shift_id": shift_id})
        return int(row[0]) if row else None

    def get_shift_by_id(self, shift_id: int) -> ShiftRecord | None:
        """A recorded shift, None where there is none of that number."""
        found = self._list_records("select_shift_record", {"shift_id": shift_id})
        return found[0] if found else None

    def update_shift_field(self, shift_id: int, field: str, value: object) -> bool:
        """Correct one field: Clock in, Clock out, EmployeeName, Note or a product's sales (TECH T14).

        False where there is no such shift. Everything that follows from the field is computed again (SPEC 3.10).
        """
        shift_id = fields.read_whole_number(shift_id, "shift_id")
        if self.shifts.find(shift_id) is None:
            return False
        return _is_there(partial(self._update_field, shift_id, field, value))

    def update_total_sales(self, shift_id: int, amount: object) -> bool:
        """Give a shift another total, spread over its products in proportion (PAYROLL D10). False without a shift.

        Raises InvalidInputError for a shift without sales.
        """
        total = fields.read_amount(amount, "Total sales")
        number = fields.read_whole_number(shift_id, "shift_id")
        return _is_there(partial(self.shifts.spread_total, number, total))

    def recalculate_worked_hours(self, shift_id: int) -> bool:
        """Compute a shift again from its clocks and its stored inputs. False where there is no such shift."""
        number = fields.read_whole_number(shift_id, "shift_id")
        return _is_there(partial(self.shifts.edit, number, Correction()))

    def get_last_shifts(self, employee_id: int, limit: int = 3) -> list[ShiftRecord]:
        """A person's last recorded shifts, newest first (PAYROLL D1)."""
        return self._list_records("select_last_shift_records", {"employee_id": employee_id, "limit": limit, "skip": 0})

    def get_all_shifts(self) -> list[ShiftRecord]:
        """All recorded shifts, newest first."""
        rows_ = self._database.fetch_all("select_all_shift_records")
        # Afterwards: a product is never taken out, but it may be new in a shift just recorded.
        context = RecordContext(self.rules.zone, self.get_catalogue().names)
        return [ShiftRecord(row, context) for row in rows_]

    def get_models_from_shift(self, shift: Mapping[str, Any]) -> list[str]:
        """The products that a shift sold something of, in product-id order."""
        return [name for name in self.get_products() if shift.get(name)]

    def find_previous_shift_with_models(
        self, employee_id: int, models: Sequence[str], before_date: object
    ) -> ShiftRecord | None:
        """The newest shift of somebody else, recorded before an instant (or a date), that sold one of the models."""
        before = self._read_before(before_date, "before_date")
        params = {"employee_id": employee_id, "models": list(models), "before": before}
        row = self._database.fetch_one("select_previous_record_with_models", params)
        catalogue = read_catalogue(row[-1]) if row else self.get_catalogue()
        for name in models:
            catalogue.find(name)
        return ShiftRecord(row, RecordContext(self.rules.zone, catalogue.names)) if row else None

    def find_shifts_with_model(
        self, model: str, date: object, exclude_employee: int, before_time: object
    ) -> list[ShiftRecord]:
        """Other people's shifts of a shift date, recorded before an instant, that sold the model; oldest first."""
        return self._list_records(
            "select_records_with_model",
            {
                "employee_id": exclude_employee,
                "product_id": self.get_catalogue().find(model).product_id,
                "shift_date": self._read_day(date, "date"),
                "before": self._read_before(before_time, "before_time"),
            },
        )

    # --- products, settings, rates -----------------------------------------------------------------------------------

    def get_catalogue(self) -> Catalogue:
        """All products with id, name and whether they can be picked."""
        return read_catalogue(self._must_one("select_catalogue")[0])

    def get_products(self) -> list[str]:
        """Names of all products, in product-id order."""
        return list(self.get_catalogue().names.values())

    def get_employee_settings(self, employee_id: int) -> dict[str, Any] | None:
        """A person's settings in force today: EmployeeId, Hourly wage (USD), Sales commission (percent points)."""
        params = {"employee_id": employee_id, "on_date": self._today()}
        row = self._database.fetch_one("select_settings", params)
        return records.write_settings(row) if row else None

    @unit_of_work
    def create_default_employee_settings(self, employee_id: int) -> dict[str, Any]:
        """Give a person the starting values if they have none; their settings in force today."""
        employee_id = fields.read_whole_number(employee_id, "employee_id")
        self.people.ensure_employee(employee_id, None)
        settings = self.get_employee_settings(employee_id)
        return settings or {}

    @unit_of_work
    def set_employee_settings(
        self,
        employee_id: int,
        *,
        hourly_wage: Decimal | None = None,
        base_pct: Decimal | None = None,
        valid_from: date | None = None,
        changed_by: int | None = None,
    ) -> None:
        """Change a wage (USD an hour) or a base rate from a business date on, today by default (PAYROLL D6).

        Shifts that are recorded keep what they were priced with.
        """
        actor = self.people.get(changed_by) if changed_by is not None else None
        self._terms.set_settings(
            employee_id, hourly_wage=hourly_wage, base_pct=base_pct, valid_from=valid_from, actor=actor
        )

    def get_dynamic_rates(self) -> list[dict[str, Any]]:
        """The rate table in force today: Min Amount, Max Amount (None: no end), Percentage."""
        return [records.write_rate(step) for step in self._tables.get_rates_on(self._today()).steps]

    @unit_of_work
    def set_dynamic_rates(
        self, steps: Sequence[RateStep], *, valid_from: date | None = None, changed_by: int | None = None
    ) -> None:
        """Put a new rate table in force from a business date on, today by default (PAYROLL D6, TECH T11).

        Raises InvalidInputError for a table with a gap, an overlap or a percentage outside 0 to 100.
        """
        self._terms.set_rates(steps, valid_from=valid_from, changed_by=changed_by)

    def calculate_dynamic_rate(self, employee_id: int, shift_date: object, current_total_sales: object = 0) -> Decimal:
        """The dynamic % for a person's recorded sales of a date plus `current_total_sales` USD (SPEC 3.6)."""
        on_date = self._read_day(shift_date, "shift_date")
        current = fields.read_amount(current_total_sales, "current_total_sales")
        params = {"employee_id": employee_id, "shift_date": on_date}
        recorded, basis, version_id = self._must_one("select_dynamic_inputs", params)
        return self._tables.get_rates(version_id).find_pct(current if basis == "shift" else recorded + current)

    # --- ranks -------------------------------------------------------------------------------------------------------

    def get_ranks(self) -> list[dict[str, Any]]:
        """The ranks of this month, lowest first: Rank Name, Min Amount, Max Amount, Emoji, Bonus 1 to 3, TEXT."""
        words = {row[0]: row[1:] for row in self._database.fetch_all("select_ranks")}
        table = self._tables.get_ranks_of(get_month(self._today()))
        return [records.write_rank(step, *words[step.rank_id]) for step in table.steps]

    def determine_rank(self, employee_id: int, year: int, month: int) -> str:
        """Name of the rank that a person's sales of a month make (SPEC 3.13)."""
        first = _read_month(year, month)
        params = {"employee_id": employee_id, "month": first}
        sales, version_id, names = self._must_one("select_month_rank_inputs", params)
        table = self._tables.get_ranks(version_id)
        return str(names[str(table.steps[table.find_position(sales)].rank_id)])

    def get_rank_bonuses(self, name: str) -> list[str]:
        """The bonus codes of a rank's list, such as `flat_10`. Raises NotFoundError for an unknown rank."""
        params = {"name": name, "month": get_month(self._today())}
        rank_id, version_id = self._get_of_rank("select_rank", params)
        steps = self._tables.get_ranks(version_id).steps
        return [offer.code for step in steps if step.rank_id == rank_id for offer in step.offers]

    def get_rank_text(self, name: str) -> str:
        """The text that belongs to a rank. Raises NotFoundError for an unknown rank."""
        return str(self._get_of_rank("select_rank_text", {"name": name})[0])

    def get_employee_rank(self, employee_id: int, year: int, month: int) -> dict[str, Any] | None:
        """A person's stored rank of a month, None where none is stored."""
        params = {"employee_id": employee_id, "year": year, "month": month}
        row = self._database.fetch_one("select_employee_rank", params)
        return records.write_employee_rank(row, self.rules.zone) if row else None

    @unit_of_work
    def update_employee_rank(
        self, employee_id: int, new_rank: str, year: int, month: int, last_updated: object = None
    ) -> bool:
        """Store a person's rank of a month, the one before as previous. Raises NotFoundError for an unknown rank."""
        _read_month(year, month)
        employee_id = fields.read_whole_number(employee_id, "employee_id")
        ids = {row[1]: row[0] for row in self._database.fetch_all("select_ranks")}
        if new_rank not in ids:
            raise _unknown_rank(new_rank, list(ids))
        at = self.rules.zone.parse(last_updated, field="last_updated") if last_updated is not None else None
        self.people.ensure_employee(employee_id, None)
        params = {"employee_id": employee_id, "year": year, "month": month, "rank_id": ids[new_rank]}
        self._database.execute("upsert_employee_rank", {**params, "last_updated": at or self.rules.clock()})
        return True

    def mark_rank_notified(self, employee_id: int, year: int, month: int) -> bool:
        """Note that the person was told of their rank of a month. False where none is stored."""
        params = {"employee_id": employee_id, "year": year, "month": month}
        return self._database.execute("mark_rank_notified", params) == 1

    # --- bonuses -----------------------------------------------------------------------------------------------------

    def get_active_bonuses(self, employee_id: int) -> list[dict[str, Any]]:
        """A person's pending bonuses, oldest first."""
        rows_ = self._database.fetch_all("select_pending_bonuses", {"employee_id": employee_id})
        return [records.write_bonus(row, self.rules.zone) for row in rows_]

    @unit_of_work
    def create_bonus(
        self,
        employee_id: int,
        bonus_type: str,
        value: object = None,
        created_at: object = None,
        shift_id: int | None = None,
    ) -> int:
        """Give a person a pending bonus; `shift_id` is the shift that earned it (PAYROLL D22). Its number.

        Raises InvalidInputError, ForbiddenError for who has left (D36).
        """
        employee_id = fields.read_whole_number(employee_id, "employee_id")
        amount = fields.read_amount(value, "value") if value is not None else None
        offer = check_offer(bonus_type, amount)
        at = self.rules.zone.parse(created_at, field="created_at") if created_at is not None else self.rules.clock()
        if shift_id is not None and self.shifts.get(shift_id).shift.employee_id != employee_id:
            raise InvalidInputError(
                ErrorKey.SHIFT_NOT_YOURS, field="shift_id", value=shift_id, allowed="a shift of the same employee"
            )
        self.people.ensure_employee(employee_id, None)
        return self.bonuses.add(employee_id, offer, created_at=at, earned_shift_id=shift_id)

    def apply_bonus(self, bonus_id: int, shift_id: int) -> bool:
        """Use up a pending bonus on a shift, which is paid accordingly. False where there is no such shift.

        Raises ConflictError for a bonus that is used or void, or somebody else's.
        """
        return _is_there(partial(self.shifts.apply_bonus, bonus_id, shift_id))

    def get_shift_applied_bonuses(self, shift_id: int) -> list[dict[str, Any]]:
        """The bonuses applied to a shift, oldest first."""
        rows_ = self._database.fetch_all("select_applied_bonuses", {"shift_id": shift_id})
        return [records.write_bonus(row, self.rules.zone) for row in rows_]

    def apply_percent_prev_bonus(
        self, employee_id: int, current_shift: Mapping[str, Any], bonus_value: object
    ) -> Decimal:
        """What a `percent_prev` of that many % would add to a recorded shift, in USD. Writes nothing (TECH T14)."""
        return self._compute_bonus(BonusType.PERCENT_PREV, employee_id, current_shift, bonus_value)

    def apply_percent_all_bonus(
        self, employee_id: int, current_shift: Mapping[str, Any], bonus_value: object
    ) -> Decimal:
        """What a `percent_all` of that many % would add to a recorded shift, in USD. Writes nothing (TECH T14)."""
        return self._compute_bonus(BonusType.PERCENT_ALL, employee_id, current_shift, bonus_value)

    # --- inside ------------------------------------------------------------------------------------------------------

    def _today(self) -> date:
        return self.rules.today()

    def _must_one(self, query: str, params: Mapping[str, Any] | None = None) -> tuple[Any, ...]:
        row = self._database.fetch_one(query, params)
        if row is None:
            raise LookupError(f"{query} gives a row always")
        return row

    def _list_records(self, query: str, params: Mapping[str, Any] | None) -> list[ShiftRecord]:
        rows_ = self._database.fetch_all(query, params)
        if not rows_:
            return []
        context = RecordContext(self.rules.zone, read_catalogue(rows_[0][-1]).names)
        return [ShiftRecord(row, context) for row in rows_]

    def _update_field(self, shift_id: int, field: str, value: object) -> None:
        catalogue = self.get_catalogue()
        target = fields.EDITABLE.get(field)
        if target in ("time_in", "time_out"):
            self.shifts.edit(shift_id, fields.read_clock_correction(target, field, value, self.rules.zone))
        elif target is not None:
            self.shifts.edit(shift_id, fields.read_text_correction(target, field, value))
        elif field in catalogue.names.values():
            self._set_product(shift_id, field, value, catalogue)
        else:
            raise fields.refuse_field(field, value, catalogue)

    @unit_of_work
    def _set_product(self, shift_id: int, name: str, value: object, catalogue: Catalogue) -> None:
        sold = self.shifts.lock(shift_id).shift.work.products
        changed = fields.read_products({name: value}, catalogue, sold=sold)
        self.shifts.edit(shift_id, Correction(products={**sold, **changed}))

    def _read_before(self, value: object, field: str) -> datetime:
        if fields.is_date(value):
            day = fields.read_date(value, field)
            return self.rules.zone.localize(datetime(day.year, day.month, day.day), field=field)  # noqa: DTZ001
        return self.rules.zone.parse(value, field=field)

    def _read_day(self, value: object, field: str) -> date:
        if isinstance(value, datetime):
            return self.rules.zone.date_of(self.rules.zone.parse(value, field=field))
        return fields.read_date(value, field)

    def _get_of_rank(self, query: str, params: Mapping[str, Any]) -> tuple[Any, ...]:
        row = self._database.fetch_one(query, params)
        if row is None:
            raise _unknown_rank(params["name"], [rank["Rank Name"] for rank in self.get_ranks()])
        return row

    def _compute_bonus(
        self, bonus_type: BonusType, employee_id: int, current_shift: Mapping[str, Any], bonus_value: object
    ) -> Decimal:
        value = check_offer(bonus_type, fields.read_amount(bonus_value, "bonus_value")).value
        number = current_shift.get("ID", current_shift.get("shift_id"))
        shift = self.shifts.get(fields.read_whole_number(number, "ID")).shift
        if shift.employee_id != fields.read_whole_number(employee_id, "employee_id"):
            raise InvalidInputError(
                ErrorKey.SHIFT_NOT_YOURS, field="employee_id", value=employee_id, allowed="the shift's own employee"
            )
        draw = self.rules.draw(DRAW_LIMIT)
        bonus = Bonus(None, bonus_type, value, BonusState.PENDING, draw, self.rules.clock())
        return self.shifts.compute_bonus(bonus, shift)


def _is_there(change: Callable[[], object]) -> bool:
    """Make a change; False where there is no such shift, be it because somebody deletes it at this moment."""
    try:
        change()
    except NotFoundError as error:
        if error.key is not ErrorKey.SHIFT_UNKNOWN:
            raise
        return False
    return True


def _read_month(year: int, month: int) -> date:
    try:
        return date(year, month, 1)
    except (ValueError, TypeError):
        raise InvalidInputError(
            ErrorKey.DATE_NOT_READABLE,
            field="month",
            value=f"{year}-{month}",
            allowed="a year and a month from 1 to 12",
        ) from None


def _unknown_rank(name: str, names: list[str]) -> NotFoundError:
    return NotFoundError(ErrorKey.RANK_UNKNOWN, field="rank", value=name, allowed=", ".join(names))
