"""What the rules need of a person for a change of their shifts, read in one statement and made records."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from payroll.bonuses import RULES, list_taking_models
from payroll.errors import ConflictError, ErrorKey, NotFoundError
from payroll.ledger import ClosedDays
from payroll.ranks import RankMonth
from payroll.records import Bonus, BonusState, DynamicBasis, Shift, Sources, Terms, Work, get_month
from payroll.settlement import PersonBook
from payroll.shifts import StoredShift
from repository import rows
from repository.database import Database, Row
from repository.outcome import LockedPerson
from repository.pay_days import PayDayBook
from repository.rules import Rules
from repository.tables import TableVersions


@dataclass(frozen=True, slots=True)
class ReadBook:
    """One row of `read_book`, as records."""

    repeated: tuple[int, str, int, str | None] | None
    terms: Terms | None
    shift_id: int
    book: PersonBook
    overlapping: rows.JsonRow | None


class BookReader:
    """Reads of a person who is locked; writes nothing."""

    def __init__(self, database: Database, tables: TableVersions, rules: Rules, pay_days: PayDayBook) -> None:
        self._database = database
        self._tables = tables
        self._rules = rules
        self._pay_days = pay_days

    def read(
        self,
        person: LockedPerson,
        shift_id: int | None,
        dates: list[date],
        work: Work,
        *,
        request_id: str | None = None,
        months: Iterable[date] | None = None,
        is_refused: bool = False,
    ) -> ReadBook:
        """What a change of a shift needs that touches these dates; `shift_id` None draws the number of a new one.

        None is drawn for one that `is_refused`, that overlaps another, or that the request has recorded before.

        `work` says when the shift is, for what it is priced with and what it overlaps; `months` are those whose ranks
        are settled, those of the dates where nothing is said.
        """
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
                "is_refused": is_refused,
                "is_rehearsed": self._database.is_rehearsing,
            },
        )
        (repeated, settings, pay_terms, rate_version_id, new_id, shifts, bonus_rows, month_rows, overlapping) = must(
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
        return ReadBook(tuple(repeated) if repeated else None, terms, new_id, book, overlapping)

    def _find_closed(self, person: LockedPerson) -> ClosedDays | None:
        if person.closed_until is None:
            return None
        return ClosedDays(person.closed_until, self._pay_days.find_open_period(person.closed_until))

    def _read_shift(self, row: rows.JsonRow, bonuses: Iterable[Bonus], employee_id: int) -> Shift:
        return rows.read_shift(row, bonuses, employee_id, self._tables.get_rates)

    def read_stored(self, row: Row) -> StoredShift:
        """A row of `select_priced_shift` as a record."""
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

    def read_bonus(self, bonus_id: int, employee_id: int) -> Bonus:
        """A bonus of the person. Raises NotFoundError, ConflictError for somebody else's."""
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

    def read_sources(self, shift: Shift, bonuses: tuple[Bonus, ...]) -> Sources:
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


def must(value: Any) -> Any:
    """A row that is certain to be there."""
    if value is None:
        raise LookupError("the database gave no row where one is certain")
    return value
