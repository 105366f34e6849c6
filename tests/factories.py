"""Records for tests, with defaults, so that a test states only what matters; and one person's books in memory.

The defaults are SPEC 3's: wage 15.00, base 8 %, a cut of 20 %, the starting rates and ranks; 10 November 2025 from
09:00 to 17:00 New York time with 500.00 on model 1.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from payroll.bonuses import DRAW_LIMIT, Draw
from payroll.ledger import Direction, LedgerEntry
from payroll.offers import BonusOffer, BonusType
from payroll.pay_periods import PayDays, PayPeriod
from payroll.pricing import compute_pay
from payroll.ranks import RankAward, RankMonth
from payroll.records import (
    Bonus,
    BonusState,
    DynamicBasis,
    EarnedBy,
    Shift,
    Sources,
    SourceShift,
    Terms,
    VoidedBy,
    Work,
    get_month,
)
from payroll.settlement import (
    Outcome,
    PersonBook,
    apply_bonus,
    create_shift,
    delete_shift,
    edit_shift,
    price_new,
    release_refunded,
)
from payroll.tables import RankStep, RankTable, RateStep, RateTable

NEW_YORK = ZoneInfo("America/New_York")
DAY = date(2025, 11, 10)
NOVEMBER = date(2025, 11, 1)
OCTOBER = date(2025, 10, 1)
PAY_DAYS = PayDays.always(1, 15)
MODEL_A, MODEL_B, MODEL_C, MODEL_D = 1, 2, 3, 4
ROOKIE, HUSTLER, CLOSER, SHARK, KING, GOD = 1, 2, 3, 4, 5, 6

Amount = int | str | Decimal


def usd(amount: Amount) -> Decimal:
    """An amount in USD with its two decimals."""
    return Decimal(amount).quantize(Decimal("0.01"))


def sold(products: Mapping[int, Amount] | Amount) -> dict[int, Decimal]:
    """Product amounts; one amount alone is sold on model A, 0 is a shift without sales."""
    by_product = products if isinstance(products, Mapping) else {MODEL_A: products}
    return {product_id: usd(amount) for product_id, amount in by_product.items() if usd(amount) != 0}


def at(day: date, clock: str) -> datetime:
    """The instant of a New York wall-clock time, in UTC."""
    return datetime.combine(day, time.fromisoformat(clock), NEW_YORK).astimezone(UTC)


def make_rates(*steps: tuple[Amount, Amount], version_id: int = 1) -> RateTable:
    """A rate table from (from-amount, percent points); without any the starting values."""
    rows = steps or ((0, 0), (500, 2), (1000, 4), (2000, 6))
    ends: list[Decimal | None] = [*(usd(start) for start, _ in rows[1:]), None]
    return RateTable(
        version_id, tuple(RateStep(usd(start), end, usd(pct)) for (start, pct), end in zip(rows, ends, strict=True))
    )


def make_offer(code: str) -> BonusOffer:
    """The offer that SPEC writes as `flat_10` or `double_commission`."""
    if code in set(BonusType):
        return BonusOffer(BonusType(code), None)
    bonus_type, _, value = code.rpartition("_")
    return BonusOffer(BonusType(bonus_type), usd(value))


STARTING_RANKS: Sequence[tuple[Amount, Sequence[str]]] = (
    (0, ()),
    (2000, ("flat_10", "percent_next_1", "percent_prev_1")),
    (4000, ("flat_25", "percent_next_2", "flat_15")),
    (7000, ("flat_50", "paid_day_off", "percent_next_3")),
    (10000, ("flat_100", "percent_all_2", "telegram_premium")),
    (15000, ("flat_200", "double_commission", "flat_125")),
)


def make_ranks(*steps: tuple[Amount, Sequence[str]], version_id: int = 1) -> RankTable:
    """A rank table from (from-amount, bonus codes), rank ids from 1 up; without any the starting values."""
    rows = steps or STARTING_RANKS
    ends: list[Decimal | None] = [*(usd(start) for start, _ in rows[1:]), None]
    return RankTable(
        version_id,
        tuple(
            RankStep(rank_id, usd(start), end, tuple(make_offer(code) for code in codes))
            for rank_id, ((start, codes), end) in enumerate(zip(rows, ends, strict=True), start=1)
        ),
    )


def make_terms(
    *,
    wage: Amount = 15,
    base: Amount = 8,
    cut: Amount = 20,
    basis: DynamicBasis = DynamicBasis.DAY,
    rates: RateTable | None = None,
) -> Terms:
    """What a shift is priced with: wage in USD an hour, base and cut in percent points."""
    return Terms(usd(wage), usd(base), usd(cut), basis, rates or make_rates())


def make_work(
    products: Mapping[int, Amount] | Amount = 500, *, day: date = DAY, start: str = "09:00", end: str = "17:00"
) -> Work:
    """Times and sales of a shift; an end not after the start is on the next day."""
    ends_on = day if time.fromisoformat(end) > time.fromisoformat(start) else day + timedelta(days=1)
    return Work(day, at(day, start), at(ends_on, end), sold(products))


def make_shift(
    products: Mapping[int, Amount] | Amount = 500,
    *,
    shift_id: int = 1,
    day: date = DAY,
    start: str = "09:00",
    end: str = "17:00",
    recorded_at: datetime | None = None,
    bonuses: Sequence[Bonus] = (),
    terms: Terms | None = None,
) -> Shift:
    """A recorded shift, priced as if it were alone on its date, with these bonuses applied."""
    work = make_work(products, day=day, start=start, end=end)
    known_terms = terms or make_terms()
    own_sales = work.total_sales
    dynamic_pct = known_terms.find_dynamic_pct(day_sales=own_sales, shift_sales=own_sales)
    return Shift(
        shift_id=shift_id,
        employee_id=100,
        recorded_at=recorded_at or work.time_out,
        work=work,
        terms=known_terms,
        bonuses=tuple(bonuses),
        pay=compute_pay(work, known_terms, dynamic_pct, bonuses),
    )


def make_bonus(
    code: str = "percent_next_1",
    *,
    bonus_id: int = 1,
    draw: int = 0,
    created_at: datetime | None = None,
    earned_by: EarnedBy | None = None,
    state: BonusState = BonusState.PENDING,
    rank: tuple[int, date] | None = None,
    shift_id: int | None = None,
    amount: Amount | None = None,
    voided_by: VoidedBy | None = None,
) -> Bonus:
    """A bonus, pending unless said otherwise; `rank` is the rank's id and the month it was reached in."""
    offer = make_offer(code)
    rank_id, rank_month = rank or (None, None)
    return Bonus(
        bonus_id=bonus_id,
        bonus_type=offer.bonus_type,
        value=offer.value,
        state=state,
        draw=draw,
        created_at=created_at or at(DAY, "08:00"),
        earned_by=earned_by,
        rank_id=rank_id,
        rank_month=rank_month,
        shift_id=shift_id,
        amount=None if amount is None else usd(amount),
        voided_by=voided_by,
    )


def make_source(products: Mapping[int, Amount] | Amount = 500, *, shift_id: int = 900, cut: Amount = 20) -> SourceShift:
    """Somebody else's shift."""
    return SourceShift(shift_id, usd(cut), sold(products))


def make_rank_month(
    sales: Amount = 0,
    *,
    held: int | None = None,
    awards: Sequence[RankAward] = (),
    table: RankTable | None = None,
    month: date = NOVEMBER,
) -> RankMonth:
    """A person's month before a change; `held` is the rank settled last."""
    return RankMonth(month, usd(sales), table or make_ranks(), held, tuple(awards))


def make_award(rank_id: int, bonus: Bonus | None, *, is_drawn: bool = True) -> RankAward:
    """A rank reached earlier, with what was drawn for it."""
    return RankAward(rank_id, is_drawn, bonus)


def make_book(
    *shifts: Shift, pending: Sequence[Bonus] = (), months: Sequence[RankMonth] = (), sources: Sources | None = None
) -> PersonBook:
    """What was read of a person before a change; without months the ranks are left to the caller."""
    return PersonBook(shifts, tuple(pending), tuple(months), sources or Sources(), PAY_DAYS)


class Draws:
    """Randomness by script: which offers are drawn, one after the other; anything beyond the script is an error."""

    def __init__(self, *offers: int, number: int = 0) -> None:
        self.asked: list[int] = []
        self._offers = list(offers)
        self._number = number

    def __call__(self, limit: int) -> int:
        """The bonus's own number where that is asked for, else the next of the script."""
        if limit == DRAW_LIMIT:
            return self._number
        self.asked.append(limit)
        if not self._offers:
            raise AssertionError("nothing is to be drawn here")
        return self._offers.pop(0)


@dataclass
class Person:
    """One person's books, kept in memory the way the database keeps them: a change is read, computed, stored.

    A change gets only what it needs: the shifts of the dates it touches and those that carry a bonus of the months'
    ranks. A deletion touches the months of the rank bonuses that it frees, too: their ranks may be lost (PAYROLL D15).
    """

    draw: Draw = field(default_factory=Draws)
    terms: Terms = field(default_factory=make_terms)
    ranks: RankTable = field(default_factory=make_ranks)
    sources: Sources = field(default_factory=Sources)
    shifts: dict[int, Shift] = field(default_factory=dict)
    deleted: dict[int, Shift] = field(default_factory=dict)
    bonuses: dict[int, Bonus] = field(default_factory=dict)
    held: dict[date, int] = field(default_factory=dict)
    awards: dict[tuple[date, int], RankAward] = field(default_factory=dict)
    ledger: list[LedgerEntry] = field(default_factory=list)
    now: datetime = datetime(2025, 10, 1, 12, tzinfo=UTC)

    @property
    def balance(self) -> Decimal:
        """What is owed, in USD, by the ledger."""
        return sum((get_signed_units(entry) for entry in self.ledger), usd(0))

    @property
    def made(self) -> Decimal:
        """What the recorded shifts made together, in USD."""
        return sum((shift.pay.total_made for shift in self.shifts.values()), usd(0))

    @property
    def pending_codes(self) -> list[str]:
        """The codes of the bonuses that wait, oldest first."""
        return [bonus.offer.code for bonus in self._list_pending()]

    @property
    def bonus_states(self) -> list[tuple[str, str]]:
        """The code and the state of every bonus, oldest first."""
        return [(bonus.offer.code, str(bonus.state)) for bonus in self.bonuses.values()]

    def list_codes(self, shift_id: int) -> list[str]:
        """The codes of the bonuses that a shift carries, in the order in which it got them."""
        return [bonus.offer.code for bonus in self.shifts[shift_id].bonuses]

    def compute_balances(self) -> dict[PayPeriod, Decimal]:
        """What is owed by period, periods with nothing left out."""
        balances: dict[PayPeriod, Decimal] = {}
        for entry in self.ledger:
            balances[entry.period] = balances.get(entry.period, usd(0)) + get_signed_units(entry)
        return {period: balance for period, balance in balances.items() if balance != 0}

    def compute_month_sales(self, month: date) -> Decimal:
        """Total sales of the shifts dated in a month."""
        return sum(
            (one.work.total_sales for one in self.shifts.values() if get_month(one.work.shift_date) == month), usd(0)
        )

    def grant(self, code: str, *, draw: int = 0) -> Bonus:
        """A bonus given by an admin: no rank, no shift that earned it."""
        bonus = make_bonus(code, bonus_id=self._next_bonus_id(), draw=draw, created_at=self._tick())
        self.bonuses[bonus.bonus_id or 0] = bonus
        return bonus

    def log(
        self,
        products: Mapping[int, Amount] | Amount = 500,
        *,
        day: date = DAY,
        start: str = "09:00",
        end: str = "17:00",
        recorded_at: datetime | None = None,
    ) -> Outcome:
        """Record a shift, by default after everything recorded so far."""
        work = make_work(products, day=day, start=start, end=end)
        now = recorded_at or self._tick()
        shift_id = max([*self.shifts, *self.deleted], default=0) + 1
        new = price_new(shift_id, 100, now, work, self.terms)
        return self._store(create_shift(self._read({day}), new, self.draw, now))

    def correct(
        self,
        shift_id: int,
        products: Mapping[int, Amount] | Amount | None = None,
        *,
        day: date | None = None,
        start: str = "09:00",
        end: str = "17:00",
    ) -> Outcome:
        """Edit a shift; what is not given stays, the clocks being 09:00 to 17:00."""
        old = self.shifts[shift_id].work
        kept = old.products if products is None else products
        edited = make_work(kept, day=day or old.shift_date, start=start, end=end)
        return self._store(
            edit_shift(self._read({old.shift_date, edited.shift_date}), shift_id, edited, self.draw, self._tick())
        )

    def delete(self, shift_id: int) -> Outcome:
        """Take a shift out."""
        gone = self.shifts[shift_id]
        months = {bonus.rank_month for bonus in gone.bonuses if bonus.rank_month} | {get_month(gone.work.shift_date)}
        return self._store(delete_shift(self._read({gone.work.shift_date}, months), shift_id, self.draw, self._tick()))

    def use(self, bonus_id: int, shift_id: int) -> Outcome:
        """Use up a pending bonus on a recorded shift by hand."""
        book = self._read({self.shifts[shift_id].work.shift_date}, set())
        return self._store(apply_bonus(book, shift_id, self.bonuses[bonus_id], self.draw, self._tick()))

    def set_refunded(self, shift_id: int, *, is_refunded: bool) -> None:
        """A refund of the shift is booked, or the last one withdrawn."""
        self.shifts[shift_id] = replace(self.shifts[shift_id], is_refunded=is_refunded)

    def release(self, shift_id: int) -> Outcome:
        """What follows once its last refund is withdrawn."""
        book = self._read({self.shifts[shift_id].work.shift_date}, set())
        return self._store(release_refunded(book, shift_id, self._tick()))

    def _tick(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now

    def _next_bonus_id(self) -> int:
        return max(self.bonuses, default=0) + 1

    def _list_pending(self) -> list[Bonus]:
        return [self._refresh(one) for one in self.bonuses.values() if one.state is BonusState.PENDING]

    def _refresh(self, bonus: Bonus) -> Bonus:
        """A bonus as it is read: the shift that earned it as that shift is now."""
        if bonus.earned_by is None:
            return bonus
        earner = (self.shifts | self.deleted)[bonus.earned_by.shift_id]
        return replace(bonus, earned_by=earner.earned_by)

    def _read(self, dates: set[date], touched: set[date] | None = None) -> PersonBook:
        months = sorted({get_month(day) for day in dates} if touched is None else touched)
        rank_bonuses = {
            award.bonus.bonus_id for (month, _), award in self.awards.items() if award.bonus and month in months
        }
        shifts = tuple(
            shift
            for shift in self.shifts.values()
            if shift.work.shift_date in dates or any(bonus.bonus_id in rank_bonuses for bonus in shift.bonuses)
        )
        rank_months = tuple(
            RankMonth(
                month=month,
                sales=self.compute_month_sales(month),
                table=self.ranks,
                current_rank_id=self.held.get(month),
                awards=tuple(award for (of, _), award in self.awards.items() if of == month),
            )
            for month in months
        )
        return PersonBook(shifts, tuple(self._list_pending()), rank_months, self.sources, PAY_DAYS)

    def _store(self, outcome: Outcome) -> Outcome:
        for old, new in outcome.changed:
            if new is not None:
                self.shifts[new.shift_id] = new
            elif old is not None:
                self.deleted[old.shift_id] = self.shifts.pop(old.shift_id)
        self.bonuses.update((bonus.bonus_id, bonus) for bonus in outcome.bonuses if bonus.bonus_id is not None)
        for settled in outcome.ranks:
            self.held[settled.month] = settled.rank_id
            if settled.award is not None:
                stored = self._insert(settled.drawn) if settled.drawn else None
                self.awards[settled.month, settled.rank_id] = replace(settled.award, bonus=stored)
        for key, award in self.awards.items():
            if award.bonus is not None:
                self.awards[key] = replace(award, bonus=self._refresh(self.bonuses[award.bonus.bonus_id or 0]))
        self.ledger.extend(outcome.entries)
        return outcome

    def _insert(self, drawn: Bonus) -> Bonus:
        """Store a newly drawn bonus, and its id with the shift that carries it."""
        stored = replace(drawn, bonus_id=self._next_bonus_id())
        self.bonuses[stored.bonus_id or 0] = stored
        if drawn.shift_id is not None:
            carrier = self.shifts[drawn.shift_id]
            self.shifts[drawn.shift_id] = replace(
                carrier, bonuses=tuple(stored if bonus == drawn else bonus for bonus in carrier.bonuses)
            )
        return stored


def get_signed_units(entry: LedgerEntry) -> Decimal:
    """A ledger line's USD, negative for a debit."""
    return entry.units if entry.direction is Direction.CREDIT else -entry.units


def assert_whole(person: Person) -> None:
    """Whatever happened: totals add up, the ledger holds what was made, a bonus is in one place (SPEC 3.12, 3.16)."""
    for shift in person.shifts.values():
        pay = shift.pay
        assert pay.total_sales == sum(shift.work.products.values(), usd(0))
        assert pay.total_made == pay.total_per_hour + pay.commissions + pay.bonus_pay
        assert pay.bonus_pay == sum((bonus.amount or usd(0) for bonus in shift.bonuses), usd(0))
    assert person.balance == person.made
    carried = [(bonus.bonus_id, shift.shift_id) for shift in person.shifts.values() for bonus in shift.bonuses]
    applied = [
        (bonus.bonus_id, bonus.shift_id) for bonus in person.bonuses.values() if bonus.state is BonusState.APPLIED
    ]
    assert sorted(carried, key=str) == sorted(applied, key=str)
    assert all((bonus.shift_id is None) == (bonus.state is not BonusState.APPLIED) for bonus in person.bonuses.values())
    of_ranks = [(bonus.rank_month, bonus.rank_id) for bonus in person.bonuses.values() if bonus.rank_id is not None]
    assert len(of_ranks) == len(set(of_ranks))
    for month, rank_id in person.held.items():
        assert rank_id == person.ranks.steps[person.ranks.find_position(person.compute_month_sales(month))].rank_id
