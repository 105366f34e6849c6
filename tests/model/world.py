"""Everybody's shifts, bonuses and ranks, and what each action does to them."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from tests.model.days import get_date, get_month, get_period
from tests.model.numbers import WHOLE, divide_half_up, spread, take_percent
from tests.model.records import (
    MAX_LENGTH_SECONDS,
    SHIFT_BONUSES,
    SHORTEST_SECONDS,
    Bonus,
    Pay,
    Person,
    RankRow,
    Rates,
    Shift,
    Terms,
    Told,
    compute_hourly,
    write_code,
)

DRAW_LIMIT = 2**32
STARTING_RATES: Rates = ((0, 0), (500_00, 2_00), (1_000_00, 4_00), (2_000_00, 6_00))

Take = Callable[[int], int]
"""Gives the next random number below a limit that the service drew."""
Books = dict[int, tuple[int, date, int]]
"""Person, first day of the period and pay of each recorded shift, by its number."""


@dataclass
class World:
    """The model. Actions that the rules refuse must not be asked for: `list_refusals` tells them beforehand."""

    ranks: dict[date, tuple[RankRow, ...]]
    admins: tuple[int, ...] = ()
    is_settled: bool = True
    """Whether changes settle the month's rank; without it they are left to the caller (TECH T10)."""
    people: dict[int, Person] = field(default_factory=dict)
    shifts: dict[int, Shift] = field(default_factory=dict)
    bonuses: list[Bonus] = field(default_factory=list)
    running: dict[int, tuple[int, datetime]] = field(default_factory=dict)
    held: dict[tuple[int, date], int] = field(default_factory=dict)
    previous: dict[tuple[int, date], int | None] = field(default_factory=dict)
    awards: dict[tuple[int, date, int], Bonus | None] = field(default_factory=dict)
    cuts: dict[date, tuple[int, str]] = field(default_factory=lambda: {date.min: (20_00, "day")})
    rates: list[tuple[date, Rates]] = field(default_factory=lambda: [(date.min, STARTING_RATES)])
    told: list[Told] = field(default_factory=list)
    now: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    # --- terms -------------------------------------------------------------------------------------------------------

    def meet(self, employee_id: int, name: str | None = None) -> Person:
        """The person; an unknown one gets the starting values (SPEC 5)."""
        return self.people.setdefault(employee_id, Person(employee_id, name or f"Employee {employee_id}"))

    def get_terms(self, employee_id: int, day: date) -> Terms:
        """What is in force for a person on a date (PAYROLL D6)."""
        settings = self.meet(employee_id).settings
        wage, base = settings[max(since for since in settings if since <= day)]
        cut, basis = self.cuts[max(since for since in self.cuts if since <= day)]
        return Terms(wage, base, cut, basis, self.get_rates(day))

    def set_settings(self, employee_id: int, since: date, wage: int, base: int) -> None:
        """A wage and a base rate from a date on, each until the next date that has another one already."""
        settings = self.meet(employee_id).settings
        old = settings[max(day for day in settings if day <= since)]
        later = sorted(day for day in settings if day > since)
        kept = [
            next((day for day in later if settings[day][place] != value), date.max) for place, value in enumerate(old)
        ]
        settings[since] = (wage, base)
        for day in later:
            held = settings[day]
            settings[day] = (wage if day < kept[0] else held[0], base if day < kept[1] else held[1])

    def get_rates(self, day: date) -> Rates:
        """The newest rate table among those with the latest date not after the day."""
        newest = max(since for since, _ in self.rates if since <= day)
        return [rates for since, rates in self.rates if since == newest][-1]

    def get_rank_table(self, month: date) -> tuple[RankRow, ...]:
        """The ranks in force for a month."""
        return self.ranks[max(since for since in self.ranks if since <= month)]

    # --- figures -----------------------------------------------------------------------------------------------------

    def list_recorded(self, employee_id: int | None = None) -> list[Shift]:
        """Recorded shifts, of one person or of all, oldest record first."""
        found = (one for one in self.shifts.values() if not one.is_deleted and employee_id in (None, one.employee_id))
        return sorted(found, key=lambda one: one.place)

    def list_carried(self, shift: Shift) -> list[Bonus]:
        """The bonuses applied to a shift."""
        return [bonus for bonus in self.bonuses if bonus.shift is shift]

    def compute_pay(self, shift: Shift) -> Pay:
        """A shift's figures from everything there is (SPEC 3.5 to 3.8)."""
        terms = shift.terms
        day_sales = sum(
            one.total
            for one in self.list_recorded(shift.employee_id)
            if one.date == shift.date and one.place <= shift.place
        )
        rate = terms.find_rate(day_sales if terms.basis == "day" else shift.total)
        carried = self.list_carried(shift)
        pct = terms.base + rate
        if any(bonus.kind == "double_commission" for bonus in carried):
            pct *= 2
        pct += sum(bonus.value or 0 for bonus in carried if bonus.kind == "percent_next")
        net = take_percent(shift.total, WHOLE - terms.cut)
        return Pay(
            rate=rate,
            pct=pct,
            net=net,
            hourly=compute_hourly(shift.seconds, terms.wage),
            commissions=take_percent(net, pct),
            bonus=sum(bonus.amount or 0 for bonus in carried),
        )

    def compute_month_sales(self, employee_id: int, month: date) -> int:
        """Sales of the shifts dated in a month (SPEC 3.13)."""
        return sum(one.total for one in self.list_recorded(employee_id) if get_month(one.date) == month)

    def find_rank(self, employee_id: int, month: date) -> int:
        """Position of the rank that the month's sales make."""
        starts = [row.start for row in self.get_rank_table(month)]
        return bisect_right(starts, self.compute_month_sales(employee_id, month)) - 1

    def compute_rolling_average(self, employee_id: int) -> int:
        """Weighted mean of the last seven totals, the newest weighing most (SPEC 3.11)."""
        totals = [one.total for one in self.list_recorded(employee_id)][-7:]
        weights = range(1, len(totals) + 1)
        weighted = sum(weight * total for weight, total in zip(weights, totals, strict=True))
        return divide_half_up(weighted, sum(weights)) if totals else 0

    def compute_made_since(self, employee_id: int, since: date) -> int:
        """What the shifts dated from a day on made."""
        return sum(self.compute_pay(one).made for one in self.list_recorded(employee_id) if one.date >= since)

    def compute_day_sales(self, employee_id: int, day: date) -> int:
        """Sales of the shifts of a date."""
        return sum(one.total for one in self.list_recorded(employee_id) if one.date == day)

    def compute_taken(self, kind: str, value: int, draw: int, shift: Shift) -> int:
        """What a bonus that takes from others would add to a shift."""
        bonus = Bonus(shift.employee_id, kind, value, draw, self.now, None)
        self._apply(bonus, shift)
        return bonus.amount or 0

    def read_books(self) -> Books:
        """What the ledger must hold."""
        return {
            one.shift_id: (one.employee_id, get_period(one.date)[0], self.compute_pay(one).made)
            for one in self.list_recorded()
        }

    # --- actions -----------------------------------------------------------------------------------------------------

    def list_refusals(
        self, employee_id: int, time_in: datetime, time_out: datetime, *, instead_of: int | None = None
    ) -> set[str]:
        """Every reason why these times cannot be recorded (SPEC 3.4, PAYROLL D4)."""
        reasons = set()
        if time_out <= time_in:
            reasons.add("shift-ends-before-start")
        elif (time_out - time_in).total_seconds() < SHORTEST_SECONDS:
            reasons.add("shift-too-short")
        if (time_out - time_in).total_seconds() > MAX_LENGTH_SECONDS:
            reasons.add("shift-too-long")
        if max(time_in, time_out) > self.now:
            reasons.add("time-in-future")
        if any(
            one.time_in < time_out and time_in < one.time_out
            for one in self.list_recorded(employee_id)
            if one.shift_id != instead_of
        ):
            reasons.add("shift-overlaps")
        running_id, started_at = self.running.get(employee_id, (None, self.now))
        if running_id not in (None, instead_of) and time_out > started_at:
            reasons.add("shift-running")
        return reasons

    def start_running(self, employee_id: int, shift_id: int, at: datetime) -> None:
        """Somebody clocks in."""
        self.running[employee_id] = (shift_id, at)

    def discard_running(self, employee_id: int) -> None:
        """As if it had never begun."""
        del self.running[employee_id]

    def create(self, shift: Shift, take: Take) -> None:
        """Record a shift: price, use up what waits, settle the month (PAYROLL D13)."""
        self.meet(shift.employee_id, shift.name)
        if self.running.get(shift.employee_id, (None,))[0] == shift.shift_id:
            self.discard_running(shift.employee_id)
        self.shifts[shift.shift_id] = shift
        self._use_up(shift)
        self._settle(shift.employee_id, get_month(shift.date), shift, take)

    def edit(
        self,
        shift: Shift,
        take: Take,
        *,
        time_in: datetime | None = None,
        time_out: datetime | None = None,
        sales: Mapping[int, int] | None = None,
    ) -> None:
        """Correct a shift; what is not given stays. A new clock-in brings its date (SPEC 3.10, PAYROLL D17)."""
        months = {get_month(shift.date)}
        if time_in is not None:
            shift.time_in, shift.date = time_in, get_date(time_in)
        shift.time_out = time_out or shift.time_out
        if sales is not None:
            shift.sales = {product: cents for product, cents in sales.items() if cents}
        for month in sorted(months | {get_month(shift.date)}):
            self._settle(shift.employee_id, month, shift, take)

    def spread_total(self, shift: Shift, total: int, take: Take) -> None:
        """Another total for the same models (PAYROLL D10)."""
        self.edit(shift, take, sales=spread(total, shift.sales))

    def use(self, bonus: Bonus, shift: Shift) -> None:
        """Somebody uses up a pending bonus on a recorded shift by hand."""
        self._apply(bonus, shift)

    def delete(self, shift: Shift, take: Take) -> None:
        """Take a shift out; what it used waits again (SPEC 3.16), unless its rank was lost meanwhile (PAYROLL D15)."""
        shift.is_deleted = True
        months = {get_month(shift.date)}
        for bonus in self.list_carried(shift):
            bonus.release()
            months |= {bonus.rank[0]} if bonus.rank else set()
        for month in sorted(months):
            self._settle(shift.employee_id, month, None, take)

    def grant(self, bonus: Bonus) -> None:
        """An admin gives a bonus."""
        self.meet(bonus.employee_id)
        self.bonuses.append(bonus)

    # --- bonuses -----------------------------------------------------------------------------------------------------

    def list_pending(self, employee_id: int) -> list[Bonus]:
        """What waits, oldest first; made in one moment, by their order."""
        waiting = [one for one in self.bonuses if one.employee_id == employee_id and one.state == "pending"]
        return sorted(waiting, key=lambda one: one.created_at)

    def is_due(self, bonus: Bonus, shift: Shift) -> bool:
        """Whether a new shift uses a pending bonus up (PAYROLL D22 to D25)."""
        if bonus.kind not in SHIFT_BONUSES or (shift.total == 0 and bonus.kind != "flat"):
            return False
        earner = bonus.earned_by
        if earner is not None and (shift.place < earner.place or shift.time_in < earner.time_in):
            return False
        is_doubled = any(one.kind == "double_commission" for one in self.list_carried(shift))
        return not (bonus.kind == "double_commission" and is_doubled)

    def _use_up(self, shift: Shift) -> None:
        for bonus in self.list_pending(shift.employee_id):
            if self.is_due(bonus, shift):
                self._apply(bonus, shift)

    def _apply(self, bonus: Bonus, shift: Shift) -> None:
        bonus.state, bonus.shift = "applied", shift
        match bonus.kind:
            case "flat":
                bonus.amount = bonus.value
            case "percent_prev":
                self._take_from_previous(bonus, shift)
            case "percent_all" if shift.sales:
                self._take_from_all(bonus, shift)

    def _list_earlier_of_others(self, shift: Shift) -> Iterator[Shift]:
        for one in self.list_recorded():
            if one.employee_id != shift.employee_id and one.place < shift.place:
                yield one

    def _take_from_previous(self, bonus: Bonus, shift: Shift) -> None:
        bonus.basis = bonus.amount = 0
        for source in self._list_earlier_of_others(shift):
            both = [product for product in shift.candidates if product in source.sales]
            if both:
                bonus.source, bonus.product = source, pick(bonus.draw, both)
                bonus.basis = source.get_net_on(bonus.product)
                bonus.amount = take_percent(bonus.basis, bonus.value or 0)

    def _take_from_all(self, bonus: Bonus, shift: Shift) -> None:
        product = pick(bonus.draw, shift.candidates)
        bonus.product, bonus.basis = product, 0
        for source in self._list_earlier_of_others(shift):
            if source.date == shift.date and product in source.sales:
                bonus.basis += source.get_net_on(product)
        bonus.amount = take_percent(bonus.basis, bonus.value or 0)

    # --- ranks -------------------------------------------------------------------------------------------------------

    def _settle(self, employee_id: int, month: date, changed: Shift | None, take: Take) -> None:
        """Where a change leaves a person among the ranks of a month; `changed` is the shift made or edited."""
        if not self.is_settled:
            return
        table = self.get_rank_table(month)
        positions = {row.rank_id: position for position, row in enumerate(table)}
        old_id = self.held.get((employee_id, month), table[0].rank_id)
        old, new = positions[old_id], self.find_rank(employee_id, month)
        row = table[new]
        if old != new or (employee_id, month) not in self.held:
            self.held[employee_id, month] = row.rank_id
            self.previous[employee_id, month] = old_id if old != new else None
        withdrawn, kept, returned = [], [], []
        for rank_id, bonus in self._list_awarded(employee_id, month):
            code = write_code(bonus.kind, bonus.value)
            is_above, is_lost = positions[rank_id] > new, new < positions[rank_id] <= old
            if is_above and self._withdraw(bonus):
                withdrawn.append(code)
            elif is_lost and bonus.state == "applied":
                kept.append(code)
            elif not is_above and self._give_back(bonus, changed):
                returned.append(code)
        kind = "rank_down" if new < old else "rank_regained"
        if new > old and (employee_id, month, row.rank_id) not in self.awards:
            kind = "rank_up"
        drawn = self._draw(employee_id, month, row, changed, take)
        bonuses = drawn, tuple(returned), tuple(withdrawn), tuple(kept)
        told = Told(employee_id, kind, employee_id, month, row.rank_id, old_id, *bonuses)
        self.told += [told] if old != new else []
        self.told += [replace(told, employee_id=admin, kind="bonus_kept") for admin in self.admins if kept]

    def _list_awarded(self, employee_id: int, month: date) -> list[tuple[int, Bonus]]:
        """The month's bonuses by the rank that gave them."""
        return sorted(
            (
                (rank_id, bonus)
                for (who, when, rank_id), bonus in self.awards.items()
                if (who, when) == (employee_id, month) and bonus is not None
            ),
            key=lambda award: award[0],
        )

    def _withdraw(self, bonus: Bonus) -> bool:
        """Take the bonus of a lost rank away: what waits, and a flat from whichever shift has it (PAYROLL D15)."""
        if bonus.state == "pending" or (bonus.state == "applied" and bonus.kind == "flat"):
            bonus.release("void")
            return True
        return False

    def _give_back(self, bonus: Bonus, changed: Shift | None) -> bool:
        """The same bonus comes back with its rank, earned by the change that brings it (PAYROLL D15)."""
        if bonus.state != "void":
            return False
        bonus.release()
        bonus.earned_by = changed
        self._carry(bonus, changed)
        return True

    def _draw(self, employee_id: int, month: date, row: RankRow, changed: Shift | None, take: Take) -> str | None:
        """The rank's bonus, once per person, month and rank (PAYROLL D14)."""
        if (employee_id, month, row.rank_id) in self.awards:
            return None
        self.awards[employee_id, month, row.rank_id] = None
        if not row.offers:
            return None
        kind, value = row.offers[take(len(row.offers))]
        bonus = Bonus(employee_id, kind, value, take(DRAW_LIMIT), self.now, changed, (month, row.rank_id))
        self.bonuses.append(bonus)
        self.awards[employee_id, month, row.rank_id] = bonus
        self._carry(bonus, changed)
        return write_code(kind, value)

    def _carry(self, bonus: Bonus, changed: Shift | None) -> None:
        """A flat is on the shift whose change reached the rank, anything else waits (PAYROLL D15, D16)."""
        if bonus.kind == "flat" and changed is not None:
            self._apply(bonus, changed)


def pick(draw: int, candidates: list[int]) -> int:
    """The one choice that a bonus's number makes, its place between 0 and the limit (PAYROLL D26)."""
    return candidates[draw * len(candidates) // DRAW_LIMIT]
