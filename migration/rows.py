"""The rows of the old bot's worksheets as records: what can be read, and a rejection for each cell that cannot."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from migration import cells
from migration.dates import DateReading
from migration.models import find_amount, find_models
from migration.progress import Progress
from migration.report import Gravity, Report, Sums, Tally
from migration.tabs import (
    BONUSES,
    EMPLOYEE_RANKS,
    RANKS,
    RATES,
    SETTINGS,
    SHIFTS,
    Layout,
    Rows,
    Tab,
    Tabs,
    find_header,
    lay_out,
)
from migration.values import Cell, CellError, Uncomputed, clean, is_empty, show
from payroll.bonuses import check_offer
from payroll.business_time import BusinessZone
from payroll.checks import EARLIEST_DATE
from payroll.errors import DomainError
from payroll.imports import RecordedPay
from payroll.money import MAX_AMOUNT, ZERO, round_cents
from payroll.offers import BonusOffer, BonusType
from payroll.tables import MAX_WAGE

T = TypeVar("T")

LONGEST_NAME = 200
LONGEST_NOTE = 1000
HIGHEST_PCT = 999
UNASSIGNED = "(unassigned)"
"""The product for what a row's total sales have and none of its models: made where there is such a row."""
LATEST_DATE = date(2100, 12, 31)
"""Later ones have no place in every zone, and are no dates of a shift."""
LONGEST_SHIFT = timedelta(days=31)
"""History may have shifts of any length (TECH T24); of one that is longer a date is wrong."""
DERIVED = ("Total sales", "Net sales", "Total per hour", "Commissions", "Total made")
"""Amounts that the old bot worked out, and did not always round."""
_LARGE_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:[eE]\+?[0-9]{1,3})?")
_ENDLESS = ("∞", "inf", "infinity", "-", "–", "—", "+")


@dataclass(frozen=True, slots=True)
class SettingsRow:
    """A person's wage in USD an hour and base rate in percent points."""

    row_no: int
    employee_id: int
    hourly_wage: Decimal
    base_pct: Decimal


@dataclass(frozen=True, slots=True)
class RateRow:
    """A range of a day's sales in USD and its percent points; `max_sales` as it is written."""

    row_no: int
    min_sales: Decimal
    max_sales: Decimal | None
    pct: Decimal


@dataclass(frozen=True, slots=True)
class RankRow:
    """A rank with its range of a month's sales in USD."""

    row_no: int
    name: str
    min_sales: Decimal
    max_sales: Decimal | None
    emoji: str
    offers: tuple[BonusOffer, ...]
    text: str


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """A shift as it was worked, with what the sheet says it made. Instants in UTC, products by name."""

    row_no: int
    shift_id: int
    employee_id: int
    employee_name: str | None
    recorded_at: datetime
    time_in: datetime
    time_out: datetime
    products: Mapping[str, Decimal]
    recorded: RecordedPay
    note: str | None

    @property
    def order_key(self) -> tuple[datetime, int]:
        """The one order of shifts (PAYROLL D1)."""
        return (self.recorded_at, self.shift_id)


@dataclass(frozen=True, slots=True)
class EmployeeRankRow:
    """The rank a person had in a month; `last_updated` in UTC, the month's first noon where the sheet has none."""

    row_no: int
    employee_id: int
    month: date
    rank: str
    previous: str | None
    last_updated: datetime


@dataclass(frozen=True, slots=True)
class BonusRow:
    """A bonus that was earned. `shift_id` is the shift that used it up, or, while it waits, the one that earned it."""

    row_no: int
    bonus_id: int
    employee_id: int
    offer: BonusOffer
    is_applied: bool
    shift_id: int | None
    created_at: datetime | None


@dataclass(slots=True)
class Line:
    """One row on its way to a record: reads its cells, and remembers whether one could not be read."""

    tab: str
    row_no: int
    cells: Any
    layout: Layout
    report: Report
    is_bad: bool = False

    def get(self, header: str) -> Cell:
        """A cell by its column; None where the row is shorter or the column is not there."""
        place = self.layout.places.get(header)
        cell: Cell = self.cells[place] if place is not None and place < len(self.cells) else None
        return None if is_empty(cell) else cell

    def find(self, header: str, read: Callable[[Cell], T]) -> T | None:
        """What a cell holds, None where it is empty or rejected."""
        cell = self.get(header)
        if cell is None:
            return None
        if isinstance(cell, Uncomputed):
            self.reject(header, cells.NO_RESULT)
            return None
        try:
            return read(cell)
        except CellError as error:
            self.reject(header, str(error))
            return None

    def need(self, header: str, read: Callable[[Cell], T]) -> T | None:
        """What a cell holds that must not be empty; None where it is rejected."""
        if self.get(header) is None:
            self.reject(header, "is empty")
            return None
        return self.find(header, read)

    def reject(self, header: str, reason: str) -> None:
        """Reject the row for one of its cells."""
        self.is_bad = True
        self.report.reject(self.tab, self.row_no, header, show(self.get(header)), reason)


@dataclass(slots=True)
class Reading:
    """All that was read of a spreadsheet."""

    settings: list[SettingsRow] = field(default_factory=list)
    rejected_settings: list[tuple[int, int | None]] = field(default_factory=list)
    """Rows of EmployeeSettings that cannot be read: the row, and whose it is where that can."""
    rates: list[RateRow] = field(default_factory=list)
    ranks: list[RankRow] = field(default_factory=list)
    shifts: list[ShiftRow] = field(default_factory=list)
    models: tuple[str, ...] = ()
    employee_ranks: list[EmployeeRankRow] = field(default_factory=list)
    bonuses: list[BonusRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads worksheets. `zone` is the business zone, `now` the present instant, `known_models` products by any case.

    `dates` says how the dates of the source are meant.
    """

    zone: BusinessZone
    now: datetime
    dates: DateReading
    known_models: frozenset[str]
    report: Report
    progress: Progress
    rejected_settings: list[tuple[int, int | None]] = field(default_factory=list)

    def read(self, tabs: Tabs, wanted: Sequence[Tab]) -> Reading:
        """Every row of the worksheets wanted that can be read; the report gets the others and what is missing."""
        reading = Reading(rejected_settings=self.rejected_settings)
        for tab, read in (
            (SETTINGS, self._read_settings),
            (RATES, self._read_rate),
            (RANKS, self._read_rank),
            (SHIFTS, None),
            (EMPLOYEE_RANKS, self._read_employee_rank),
            (BONUSES, self._read_bonus),
        ):
            if tab not in wanted or (rows := tabs.get(tab.title)) is None:
                continue
            self.report.tallies[tab.title] = Tally()
            head = find_header(tab, rows)
            layout = self._lay_out(tab, rows, head)
            if layout.faults:
                continue
            targets: dict[str, list[Any]] = {
                "EmployeeSettings": reading.settings,
                "DynamicRates": reading.rates,
                "Ranks": reading.ranks,
                "Shifts": reading.shifts,
                "EmployeeRanks": reading.employee_ranks,
                "ActiveBonuses": reading.bonuses,
            }
            if read is None:
                reading.models = self._read_shifts(rows, head, layout, reading.shifts)
            else:
                _collect(self._list_lines(tab, rows, head, layout), read, targets[tab.title])
        return reading

    def _lay_out(self, tab: Tab, rows: Rows, head: int) -> Layout:
        """Where the columns stand; the report is told which headers were found, and what is wrong with them."""
        header = rows[head] if rows else ()
        layout = lay_out(tab, header)
        for name, reason in layout.faults:
            self.report.fault(reason, tab.title, name)
        if layout.places:
            found = [_name_header(name, show(header[place])) for name, place in layout.places.items()]
            self.report.note(f"{tab.title}: the headers stand in row {head + 1}: {', '.join(found)}.")
        return layout

    def _list_lines(self, tab: Tab, rows: Rows, head: int, layout: Layout) -> Iterator[Line]:
        tally = self.report.tallies[tab.title]
        followed = self.progress.follow(tab.title, rows[head + 1 :], len(rows))
        for row_no, row in enumerate(followed, start=head + 2):
            if not all(map(is_empty, row)):
                tally.read += 1
                yield Line(tab.title, row_no, row, layout, self.report)

    # --- one worksheet each ------------------------------------------------------------------------------------------

    def _read_settings(self, line: Line) -> SettingsRow | None:
        employee_id = line.need("EmployeeId", _read_employee_id)
        wage = line.need("Hourly wage", _read_wage)
        base_pct = line.need("Sales commission", cells.read_pct)
        if employee_id is None or wage is None or base_pct is None:
            self.rejected_settings.append((line.row_no, employee_id))
            return None
        return SettingsRow(line.row_no, employee_id, wage, base_pct)

    def _read_rate(self, line: Line) -> RateRow | None:
        min_sales = line.need("Min Amount", cells.read_amount)
        max_sales = line.find("Max Amount", _read_end)
        pct = line.need("Percentage", cells.read_pct)
        if min_sales is None or pct is None or line.is_bad:
            return None
        return RateRow(line.row_no, min_sales, max_sales, pct)

    def _read_rank(self, line: Line) -> RankRow | None:
        name = line.need("Rank Name", lambda cell: cells.read_text(cell, longest=60))
        min_sales = line.need("Min Amount", cells.read_amount)
        max_sales = line.find("Max Amount", _read_end)
        emoji = line.find("Emoji", lambda cell: cells.read_text(cell, longest=20))
        offers = [line.find(f"Bonus {slot}", _read_offer) for slot in (1, 2, 3)]
        text = line.find("TEXT", lambda cell: cells.read_text(cell, longest=1000))
        if name is None or min_sales is None or line.is_bad:
            return None
        drawn = tuple(offer for offer in offers if offer is not None)
        return RankRow(line.row_no, name, min_sales, max_sales, emoji or "", drawn, text or "")

    def _read_employee_rank(self, line: Line) -> EmployeeRankRow | None:
        employee_id = line.need("EmployeeId", _read_employee_id)
        rank = line.need("Current Rank", lambda cell: cells.read_text(cell, longest=60))
        previous = line.find("Previous Rank", _read_rank_name)
        month = line.need("Month", lambda cell: _read_between(cell, 1, 12))
        year = line.need("Year", lambda cell: _read_between(cell, 2000, 2100))
        line.find("Notified", cells.read_flag)
        updated = self._find_instant(line, "Last Updated")
        if employee_id is None or rank is None or month is None or year is None or line.is_bad:
            return None
        first = date(year, month, 1)
        return EmployeeRankRow(
            line.row_no, employee_id, first, rank, previous, updated or get_month_begin(self.zone, first)
        )

    def _read_bonus(self, line: Line) -> BonusRow | None:
        bonus_id = line.need("ID", _read_positive)
        employee_id = line.need("EmployeeId", _read_employee_id)
        offer = self._read_bonus_offer(line)
        is_applied = line.find("Applied", cells.read_flag)
        shift_id = line.find("Shift ID", _read_positive)
        created_at = self._find_instant(line, "Created At")
        if bonus_id is None or employee_id is None or offer is None or line.is_bad:
            return None
        return BonusRow(line.row_no, bonus_id, employee_id, offer, bool(is_applied), shift_id, created_at)

    def _read_bonus_offer(self, line: Line) -> BonusOffer | None:
        """The type with its number, which stands in `Value`, in the code, or in both alike."""
        code = line.need("Bonus Type", lambda cell: cells.read_text(cell, longest=60))
        value = line.find("Value", cells.read_amount)
        if code is None or line.is_bad:
            return None
        if code.casefold() in set(BonusType):
            try:
                return check_offer(code.casefold(), value or None)
            except DomainError as error:
                line.reject("Value", f"must be {error.allowed}")
                return None
        try:
            offer = _read_offer(code)
        except CellError as error:
            line.reject("Bonus Type", str(error))
            return None
        if offer is not None and value is not None and value != (offer.value or 0):
            line.reject("Value", f"differs from the number in {code}")
            return None
        return offer

    # --- shifts ------------------------------------------------------------------------------------------------------

    def _read_shifts(self, rows: Rows, head: int, layout: Layout, target: list[ShiftRow]) -> tuple[str, ...]:
        body = rows[head + 1 :]
        models = find_models(body, layout, self.known_models)
        if layout.unknown:
            self.report.note(f"Models: {', '.join(models.places) or 'none'}.")
        for name, why in models.left_out.items():
            self.report.note(f"Column {name} of Shifts is not read: {why}.")
        for name, why in models.faults.items():
            self.report.fault(why, SHIFTS.title, name)
        if models.faults:
            return tuple(models.places)
        columns = Layout({**layout.places, **models.places, **models.doubtful}, {}, ())
        signs = {name: _find_sign(body, layout.places.get(name)) for name in DERIVED}
        names = tuple(models.places)
        for line in self._list_lines(SHIFTS, rows, head, columns):
            row = self._read_shift(line, names, tuple(models.doubtful), signs)
            if row is not None:
                target.append(row)
        is_partly_unassigned = any(UNASSIGNED in row.products for row in target)
        return names if UNASSIGNED in names or not is_partly_unassigned else (*names, UNASSIGNED)

    def _read_shift(
        self, line: Line, models: tuple[str, ...], doubtful: tuple[str, ...], signs: Mapping[str, str | None]
    ) -> ShiftRow | None:
        shift_id = line.need("ID", _read_positive)
        employee_id = line.need("EmployeeId", _read_employee_id)
        name = line.find("EmployeeName", lambda cell: cells.read_text(cell, longest=LONGEST_NAME))
        time_in = self._need_instant(line, "Clock in")
        time_out = self._need_instant(line, "Clock out")
        recorded_at = self._find_instant(line, "Date")
        products = {model: amount for model in models if (amount := line.find(model, _read_sales))}
        recorded = _read_pay(line, signs)
        note = line.find("Note", lambda cell: cells.read_text(cell, longest=LONGEST_NOTE))
        if time_in is not None and time_out is not None:
            self._check_times(line, time_in, time_out)
        if recorded.total_sales is None:
            for column in doubtful:
                if find_amount(line.get(column)):
                    line.reject(column, "may be sales: the column is not read, and the row has no Total sales to tell")
        sums = self._sum_up(line, time_in, time_out, models, recorded)
        if shift_id is None or employee_id is None or time_in is None or time_out is None or line.is_bad:
            is_known = all(_is_readable(line.get(column)) for column in ("Total sales", "Total made", *models))
            self.report.lose(SHIFTS.title, line.row_no, render_loss(sums.sales, sums.made, is_known=is_known))
            return None
        self._place_the_rest(line, products, recorded.total_sales)
        if recorded_at is not None and recorded_at > self.now:
            self.report.warn("Shifts", line.row_no, "Date is in the future: the clock-out stands for it")
            recorded_at = None
        return ShiftRow(
            row_no=line.row_no,
            shift_id=shift_id,
            employee_id=employee_id,
            employee_name=name,
            recorded_at=recorded_at or time_out,
            time_in=time_in,
            time_out=time_out,
            products=products,
            recorded=recorded,
            note=note,
        )

    def _place_the_rest(self, line: Line, products: dict[str, Decimal], total: Decimal | None) -> None:
        """What the row's total sales have and its models have not is kept too: the month's sales and rank go by it."""
        sold = sum(products.values(), ZERO)
        if total is None or total == sold:
            return
        if total < sold:
            text = f"Total sales are {total:,.2f}, the models {sold:,.2f}: these count"
        else:
            products[UNASSIGNED] = products.get(UNASSIGNED, ZERO) + total - sold
            text = f"Total sales are {total:,.2f}, the models {sold:,.2f}: {total - sold:,.2f} go to {UNASSIGNED}"
        self.report.warn(line.tab, line.row_no, text, Gravity.KEPT)

    def _sum_up(
        self,
        line: Line,
        time_in: datetime | None,
        time_out: datetime | None,
        models: tuple[str, ...],
        recorded: RecordedPay,
    ) -> Sums:
        """What the sheet says that the row comes to, taken over or not; it is counted in the sums of its month."""
        month = None
        hours = recorded.worked_hours
        if time_in is not None:
            month = self.zone.date_of(time_in).replace(day=1)
            if hours is None and time_out is not None:
                hours = round_cents(Decimal(int((time_out - time_in).total_seconds())) / 3600)
        sales = recorded.total_sales
        if sales is None:
            sales = sum((find_amount(line.get(model)) or ZERO for model in models), ZERO)
        sums = self.report.months[month].sheet
        sums.shifts += 1
        sums.hours += hours or ZERO
        sums.sales += sales
        sums.made += recorded.total_made or ZERO
        return Sums(1, hours or ZERO, sales, recorded.total_made or ZERO)

    def _check_times(self, line: Line, time_in: datetime, time_out: datetime) -> None:
        if time_out <= time_in:
            line.reject("Clock out", "is not after the clock-in")
        elif time_out > self.now:
            line.reject("Clock out", "is in the future")
        elif time_out - time_in > LONGEST_SHIFT:
            days = (time_out - time_in).days
            line.reject("Clock out", f"is {days:,} days after the clock-in: one of the two dates is wrong")

    def _need_instant(self, line: Line, header: str) -> datetime | None:
        if line.get(header) is None:
            line.reject(header, "is empty")
            return None
        return self._find_instant(line, header)

    def _find_instant(self, line: Line, header: str) -> datetime | None:
        """An instant in UTC; a wall-clock time that exists twice is the earlier one and listed (TECH T23)."""
        moment = line.find(header, lambda cell: cells.read_time(cell, self.dates))
        if moment is None:
            return None
        day = moment.date() if moment.tzinfo is None else self.zone.date_of(moment)
        if not EARLIEST_DATE <= day <= LATEST_DATE:
            line.reject(header, f"is not between {EARLIEST_DATE.year} and {LATEST_DATE.year}")
            return None
        if moment.tzinfo is not None:
            return moment
        try:
            instant = self.zone.localize(moment)
        except DomainError:
            line.reject(header, "is a time that does not exist: the clocks go forward over it")
            return None
        if self.zone.is_ambiguous(moment):
            shown = show(moment)
            self.report.warn(line.tab, line.row_no, f"{header} {shown} exists twice: it is taken as the earlier one")
        return instant


def render_loss(sales: Decimal, made: Decimal, *, is_known: bool = True) -> str:
    """What goes with a row that is rejected, in USD; more than that where some of it cannot be read."""
    more = "" if is_known else ", and what cannot be read"
    return f"{sales:,.2f} of sales and {made:,.2f} of pay{more}, as the row is rejected"


def get_month_begin(zone: BusinessZone, month: date) -> datetime:
    """Noon of a month's first day, for what must have a moment: noon exists on every day of every zone."""
    return zone.localize(datetime.combine(month, time(12)))


def _collect(lines: Iterator[Line], read: Callable[[Line], Any], target: list[Any]) -> None:
    for line in lines:
        row = read(line)
        if row is not None:
            target.append(row)


def _read_pay(line: Line, signs: Mapping[str, str | None]) -> RecordedPay:
    def find(header: str) -> Decimal | None:
        sign = signs[header]
        return find_unless_dash(header, lambda cell: cells.read_amount(cell, is_derived=True, decimal_sign=sign))

    def find_unless_dash(header: str, read: Callable[[Cell], Decimal]) -> Decimal | None:
        return None if cells.is_nothing(line.get(header)) else line.find(header, read)

    return RecordedPay(
        worked_hours=find_unless_dash("Worked hours/shift", cells.read_hours),
        total_sales=find("Total sales"),
        net_sales=find("Net sales"),
        commission_pct=find_unless_dash("%", lambda cell: cells.read_pct(cell, highest=HIGHEST_PCT)),
        total_per_hour=find("Total per hour"),
        commissions=find("Commissions"),
        total_made=find("Total made"),
    )


def _read_sales(cell: Cell) -> Decimal | None:
    """What was sold of a model; a dash is nothing."""
    return None if cells.is_nothing(cell) else cells.read_amount(cell)


def _is_readable(cell: Cell) -> bool:
    return cell is None or cells.is_nothing(cell) or find_amount(cell) is not None


def _name_header(name: str, written: str) -> str:
    return name if written.casefold() == name.casefold() else f"{written} (as {name})"


def _find_sign(body: Rows, place: int | None) -> str | None:
    return cells.find_decimal_sign(row[place] for row in body if place is not None and place < len(row))


def _read_employee_id(cell: Cell) -> int:
    employee_id = cells.read_whole(cell)
    if employee_id == 0:
        raise CellError("is nobody's number")
    return employee_id


def _read_positive(cell: Cell) -> int:
    number = cells.read_whole(cell)
    if number < 1:
        raise CellError("is not above 0")
    return number


def _read_between(cell: Cell, lowest: int, highest: int) -> int:
    number = cells.read_whole(cell)
    if not lowest <= number <= highest:
        raise CellError(f"is not between {lowest} and {highest}")
    return number


def _read_wage(cell: Cell) -> Decimal:
    """A wage in USD an hour; 0 is who lives on commission alone."""
    wage = cells.read_amount(cell)
    if wage > MAX_WAGE:
        raise CellError(f"is not between 0 and {MAX_WAGE:,}")
    return wage


def _read_end(cell: Cell) -> Decimal | None:
    """The upper end of a range, at most the highest sum there can be; None for whatever says that there is none."""
    if isinstance(cell, str) and clean(cell).casefold() in _ENDLESS:
        return None
    try:
        return cells.read_amount(cell)
    except CellError:
        if _is_beyond_any_sum(cell):
            return MAX_AMOUNT
        raise


def _is_beyond_any_sum(cell: Cell) -> bool:
    if isinstance(cell, str):
        text = re.sub(r"[\s,$]", "", clean(cell))
        return _LARGE_NUMBER.fullmatch(text) is not None and Decimal(text) > MAX_AMOUNT
    return isinstance(cell, int | float | Decimal) and Decimal(cell) > MAX_AMOUNT


def _read_rank_name(cell: Cell) -> str | None:
    name = cells.read_text(cell, longest=60)
    return None if name.casefold() in ("-", "–", "—", "none") else name


def _read_offer(cell: Cell) -> BonusOffer | None:
    """A bonus as a rank's list writes it, `flat_10`; None for a dash."""
    code = cells.read_text(cell, longest=60).casefold().replace(" ", "_")
    if code in ("-", "–", "—", "none"):
        return None
    bonus_type, _, number = code.rpartition("_")
    try:
        if code in set(BonusType):
            return check_offer(code, None)
        return check_offer(bonus_type, cells.read_amount(number) if number else None)
    except (DomainError, CellError) as error:
        raise CellError("is not a bonus such as flat_10 or percent_next_1") from error
