"""The pay of a team as somebody with a spreadsheet would work it out. It knows nothing of the program's own rules.

Whoever plays the month tells it what happened in the order in which it happened, and what only chance decides: which
bonus a rank gave, which model a percentage fell on.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

CUT = Decimal("0.20")
NOTHING = Decimal("0.00")
RATES = ((Decimal(2000), Decimal(6)), (Decimal(1000), Decimal(4)), (Decimal(500), Decimal(2)), (Decimal(0), Decimal(0)))
RANKS = (
    ("Chatting God", Decimal(15000)),
    ("King of Greed", Decimal(10000)),
    ("Shark", Decimal(7000)),
    ("Closer", Decimal(4000)),
    ("Hustler", Decimal(2000)),
    ("Rookie", Decimal(0)),
)


def cents(amount: Decimal) -> Decimal:
    """Rounded to the cent, half away from zero."""
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def name_rank(sales: Decimal) -> str:
    """The rank of a month's sales."""
    return next(name for name, least in RANKS if sales >= least)


@dataclass(slots=True)
class HandBonus:
    """A bonus: `code` without its number, `value` its number; `rank` names what gave it, None for an admin's gift."""

    code: str
    value: Decimal = NOTHING
    rank: str | None = None
    is_pending: bool = True


@dataclass(slots=True)
class HandShift:
    """A row of the sheet. `taken` is what was used up on it: the bonus with the USD that it paid by itself."""

    number: int
    who: str
    start: datetime
    end: datetime
    sales: dict[str, Decimal]
    wage: Decimal
    base: Decimal
    dynamic: Decimal = NOTHING
    taken: list[tuple[HandBonus, Decimal]] = field(default_factory=list)
    refunded: dict[str, Decimal] = field(default_factory=dict)

    @property
    def day(self) -> date:
        """The date on which it started."""
        return self.start.date()

    @property
    def total(self) -> Decimal:
        """What was sold."""
        return sum(self.sales.values(), NOTHING)

    @property
    def net(self) -> Decimal:
        """What was sold, less the platform's part."""
        return cents(self.total * (1 - CUT))

    @property
    def hourly(self) -> Decimal:
        """The time at the wage."""
        minutes = Decimal((self.end - self.start) // timedelta(minutes=1))
        return cents(minutes / 60 * self.wage)

    @property
    def pct(self) -> Decimal:
        """The rate."""
        is_doubled = any(bonus.code == "double_commission" for bonus, _ in self.taken)
        more = sum((bonus.value for bonus, _ in self.taken if bonus.code == "percent_next"), NOTHING)
        return (self.base + self.dynamic) * (2 if is_doubled else 1) + more

    @property
    def commissions(self) -> Decimal:
        """The net at the rate."""
        return cents(self.net * self.pct / 100)

    @property
    def bonus_pay(self) -> Decimal:
        """What its bonuses paid by themselves."""
        return sum((paid for _, paid in self.taken), NOTHING)

    @property
    def made(self) -> Decimal:
        """What it made."""
        return self.hourly + self.commissions + self.bonus_pay


@dataclass(frozen=True, slots=True)
class HandStatement:
    """A period as it was closed: `lines` is USD by reason, `made` what each shift of it made, by its number here."""

    opening: Decimal
    closing: Decimal
    lines: Mapping[str, Decimal]
    made: Mapping[int, Decimal]
    hourly: Decimal
    commissions: Decimal
    bonus_pay: Decimal


def get_period(day: date) -> tuple[date, date]:
    """The pay period of a day: the 1st to the 14th, or the 15th to the end of the month."""
    if day.day < 15:
        return day.replace(day=1), day.replace(day=14)
    next_month = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return day.replace(day=15), next_month - timedelta(days=1)


@dataclass(slots=True)
class Book:
    """The whole team's sheet, and what each is owed: `booked` is USD by person, first day of the period and reason."""

    wages: dict[str, list[tuple[date, Decimal]]] = field(default_factory=dict)
    shifts: list[HandShift] = field(default_factory=list)
    pending: dict[str, list[HandBonus]] = field(default_factory=lambda: defaultdict(list))
    ranks: dict[tuple[str, date], str] = field(default_factory=dict)
    drawn: dict[tuple[str, date, str], HandBonus] = field(default_factory=dict)
    booked: dict[tuple[str, date, str], Decimal] = field(default_factory=lambda: defaultdict(lambda: NOTHING))
    statements: dict[tuple[str, date], HandStatement] = field(default_factory=dict)
    closed_until: date = date.min

    def hire(self, who: str, wage: Decimal = Decimal(15)) -> None:
        """Somebody new."""
        self.wages[who] = [(date.min, wage)]

    def set_wage(self, who: str, since: date, wage: Decimal) -> None:
        """Another wage from a date on."""
        self.wages[who].append((since, wage))

    def get_wage(self, who: str, day: date) -> Decimal:
        """The wage of a day."""
        return max(one for one in self.wages[who] if one[0] <= day)[1]

    def record(
        self, who: str, start: datetime, end: datetime, sales: Mapping[str, Decimal], fell_on: Mapping[str, str] = {}
    ) -> HandShift:
        """A new shift. `fell_on` names the model of a `percent_prev` or `percent_all` that it uses up."""
        wage = self.get_wage(who, start.date())
        shift = HandShift(len(self.shifts) + 1, who, start, end, dict(sales), wage, Decimal(8))
        self.shifts.append(shift)
        shift.dynamic = self._find_dynamic(shift)
        self._use_up(shift, fell_on)
        self._book(shift, NOTHING)
        return shift

    def edit(self, shift: HandShift, sales: Mapping[str, Decimal]) -> None:
        """Other sales; the same person's later shifts of that day stand on another sum then."""
        touched = [one for one in self.shifts if one.who == shift.who and one.day == shift.day]
        before = {one.number: one.made for one in touched}
        shift.sales = {model: amount for model, amount in sales.items() if amount}
        for one in touched:
            if one.number >= shift.number:
                one.dynamic = self._find_dynamic(one)
            self._book(one, before[one.number])

    def give(self, who: str, bonus: HandBonus) -> None:
        """A bonus that waits."""
        self.pending[who].append(bonus)

    def reach(self, shift: HandShift, bonus: HandBonus | None) -> None:
        """The rank that the month's sales make now, with the bonus that it drew: a flat goes on this very shift."""
        key = (shift.who, shift.day.replace(day=1))
        self.ranks[key] = name_rank(self.get_month(*key))
        if bonus is None:
            return
        self.drawn[(*key, self.ranks[key])] = bonus
        self._hand_out(shift, bonus)

    def lose(self, shift: HandShift) -> None:
        """The rank is lost: what it gave waits no more, and a flat is taken off its shift."""
        key = (shift.who, shift.day.replace(day=1))
        bonus = self.drawn.get((*key, self.ranks[key]))
        self.ranks[key] = name_rank(self.get_month(*key))
        if bonus is None:
            return
        bonus.is_pending = False
        for one in self.shifts:
            if bonus.code == "flat" and any(taken is bonus for taken, _ in one.taken):
                before = one.made
                one.taken = [(taken, paid) for taken, paid in one.taken if taken is not bonus]
                self._book(one, before)
        self.pending[shift.who] = [one for one in self.pending[shift.who] if one is not bonus]

    def regain(self, shift: HandShift) -> None:
        """The rank is reached again: the same bonus comes back, unless a percentage of it was used already."""
        key = (shift.who, shift.day.replace(day=1))
        self.ranks[key] = name_rank(self.get_month(*key))
        bonus = self.drawn.get((*key, self.ranks[key]))
        if bonus is not None and not any(taken is bonus for one in self.shifts for taken, _ in one.taken):
            bonus.is_pending = True
            self._hand_out(shift, bonus)

    def refund(self, shift: HandShift, model: str, amount: Decimal, today: date) -> Decimal:
        """Sales taken back: the pay of all that was refunded of the line so far, less what was taken for it before."""
        before = cents(cents(shift.refunded.get(model, NOTHING) * (1 - CUT)) * shift.pct / 100)
        shift.refunded[model] = shift.refunded.get(model, NOTHING) + amount
        pay = cents(cents(shift.refunded[model] * (1 - CUT)) * shift.pct / 100) - before
        self.book(shift.who, today, "refund", -pay)
        return pay

    def book(self, who: str, day: date, reason: str, amount: Decimal) -> None:
        """A line in the period of a day."""
        self.booked[who, get_period(day)[0], reason] += amount

    def close(self, start: date) -> None:
        """Everybody's period is fixed as it is now."""
        self.closed_until = get_period(start)[1]
        for who in self.wages:
            shifts = [one for one in self.shifts if one.who == who and start <= one.day <= self.closed_until]
            opening = sum((usd for key, usd in self.booked.items() if key[0] == who and key[1] < start), NOTHING)
            self.statements[who, start] = HandStatement(
                opening=opening,
                closing=opening + self.get_booked(who, start),
                lines={key[2]: usd for key, usd in self.booked.items() if key[:2] == (who, start)},
                made={one.number: one.made for one in shifts},
                hourly=sum((one.hourly for one in shifts), NOTHING),
                commissions=sum((one.commissions for one in shifts), NOTHING),
                bonus_pay=sum((one.bonus_pay for one in shifts), NOTHING),
            )

    def get_month(self, who: str, month: date) -> Decimal:
        """The sales of a month."""
        return sum((one.total for one in self.shifts if one.who == who and one.day.replace(day=1) == month), NOTHING)

    def get_day(self, shift: HandShift) -> Decimal:
        """The sales of the day up to and with a shift."""
        same = [one for one in self.shifts if one.who == shift.who and one.day == shift.day]
        return sum((one.total for one in same if one.number <= shift.number), NOTHING)

    def get_balance(self, who: str) -> Decimal:
        """All that is owed."""
        return sum((amount for key, amount in self.booked.items() if key[0] == who), NOTHING)

    def get_booked(self, who: str, start: date, reason: str | None = None) -> Decimal:
        """What a period holds, of one reason or of all."""
        return sum(
            (
                amount
                for key, amount in self.booked.items()
                if key[:2] == (who, start) and (reason is None or key[2] == reason)
            ),
            NOTHING,
        )

    def _book(self, shift: HandShift, before: Decimal) -> None:
        """What a shift makes more than before: in its period, or in the one after the last that is closed."""
        if shift.made == before:
            return
        is_closed = shift.day <= self.closed_until
        day = self.closed_until + timedelta(days=1) if is_closed else shift.day
        self.book(shift.who, day, "correction" if is_closed else "shift", shift.made - before)

    def _find_dynamic(self, shift: HandShift) -> Decimal:
        sold = self.get_day(shift)
        return next(pct for least, pct in RATES if sold >= least)

    def _hand_out(self, shift: HandShift, bonus: HandBonus) -> None:
        if bonus.code != "flat":
            self.give(shift.who, bonus)
            return
        before = shift.made
        bonus.is_pending = False
        shift.taken.append((bonus, bonus.value))
        self._book(shift, before)

    def _use_up(self, shift: HandShift, fell_on: Mapping[str, str]) -> None:
        """Everything that waits and acts on a shift, the oldest double alone; without sales only flats."""
        for bonus in list(self.pending[shift.who]):
            is_doubled = any(taken.code == "double_commission" for taken, _ in shift.taken)
            if bonus.code in ("paid_day_off", "telegram_premium") or (bonus.code != "flat" and not shift.sales):
                continue
            if bonus.code == "double_commission" and is_doubled:
                continue
            shift.taken.append((bonus, self._pay_by_itself(shift, bonus, fell_on.get(bonus.code, ""))))
            bonus.is_pending = False
            self.pending[shift.who].remove(bonus)

    def _pay_by_itself(self, shift: HandShift, bonus: HandBonus, model: str) -> Decimal:
        others = [one for one in self.shifts if one.who != shift.who and one.number < shift.number]
        if bonus.code == "flat":
            return bonus.value
        if bonus.code == "percent_prev":
            sold_one = [one for one in others if set(one.sales) & set(shift.sales)]
            return cents(cents(sold_one[-1].sales[model] * (1 - CUT)) * bonus.value / 100) if sold_one else NOTHING
        if bonus.code == "percent_all":
            same_day = [one.sales[model] for one in others if one.day == shift.day and model in one.sales]
            return cents(sum((cents(sold * (1 - CUT)) for sold in same_day), NOTHING) * bonus.value / 100)
        return NOTHING
