"""What the model keeps of people, shifts and bonuses. Money is cents, percent are hundredths, times are UTC."""

from dataclasses import dataclass, field
from datetime import date, datetime

from tests.model.numbers import WHOLE, divide_half_up, take_percent

Rates = tuple[tuple[int, int], ...]
"""A rate table: from so many cents of sales, so many hundredths of a percent; ascending from 0."""

SHIFT_BONUSES = frozenset({"flat", "percent_next", "double_commission", "percent_prev", "percent_all"})
MAX_LENGTH_SECONDS = 24 * 3600
SHORTEST_SECONDS = 60


@dataclass(frozen=True)
class Terms:
    """What a shift is priced with for ever (PAYROLL D6, TECH T11)."""

    wage: int
    base: int
    cut: int
    basis: str
    rates: Rates

    def find_rate(self, sales: int) -> int:
        """The dynamic % for so much sales."""
        return [pct for start, pct in self.rates if sales >= start][-1]


@dataclass(eq=False)
class Shift:
    """A recorded or deleted shift, as it was last said."""

    shift_id: int
    employee_id: int
    name: str
    date: date
    time_in: datetime
    time_out: datetime
    sales: dict[int, int]
    terms: Terms
    recorded_at: datetime
    is_deleted: bool = False

    @property
    def place(self) -> tuple[datetime, int]:
        """Its place in the one order that holds everywhere (PAYROLL D1)."""
        return self.recorded_at, self.shift_id

    @property
    def seconds(self) -> int:
        """Worked time, elapsed."""
        return int((self.time_out - self.time_in).total_seconds())

    @property
    def total(self) -> int:
        """Total sales."""
        return sum(self.sales.values())

    @property
    def candidates(self) -> list[int]:
        """Models that take part in a drawing: with at least 1 % of the shift's sales (PAYROLL D26)."""
        return [product for product in sorted(self.sales) if self.sales[product] * 100 >= self.total]

    def get_net_on(self, product: int) -> int:
        """Net sales on one model (PAYROLL D27)."""
        return take_percent(self.sales[product], WHOLE - self.terms.cut)


@dataclass(eq=False)
class Bonus:
    """A bonus and where it is. `amount` is what it adds to the shift it is applied to, None for the percentages."""

    employee_id: int
    kind: str
    value: int | None
    draw: int
    created_at: datetime
    earned_by: Shift | None
    rank: tuple[date, int] | None = None
    bonus_id: int | None = None
    state: str = "pending"
    shift: Shift | None = None
    product: int | None = None
    source: Shift | None = None
    basis: int | None = None
    amount: int | None = None

    def release(self, state: str = "pending") -> None:
        """Take it back from the shift that carries it, if any."""
        self.state = state
        self.shift = self.product = self.source = self.basis = self.amount = None


@dataclass(frozen=True)
class Pay:
    """A shift's figures; `rate` is the dynamic %, `pct` the final one."""

    rate: int
    pct: int
    net: int
    hourly: int
    commissions: int
    bonus: int

    @property
    def made(self) -> int:
        """Everything together (SPEC 3.8)."""
        return self.hourly + self.commissions + self.bonus


def compute_hourly(seconds: int, wage: int) -> int:
    """From the exact time (SPEC 3.5)."""
    return divide_half_up(seconds * wage, 3600)


@dataclass(frozen=True)
class RankRow:
    """A rank of a table: from so many cents, with a list of (type, value)."""

    rank_id: int
    start: int
    offers: tuple[tuple[str, int | None], ...]


@dataclass
class Person:
    """Somebody with terms by the date from which they hold."""

    employee_id: int
    name: str
    settings: dict[date, tuple[int, int]] = field(default_factory=lambda: {date.min: (15_00, 8_00)})


@dataclass(frozen=True)
class Told:
    """A message: who reads it, about whom, which month and ranks, and codes of the bonuses in it."""

    employee_id: int
    kind: str
    about: int
    month: date
    rank_id: int
    previous_id: int
    drawn: str | None = None
    returned: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def write_code(kind: str, value: int | None) -> str:
    """`flat_10`, `percent_next_2.5`, `double_commission`."""
    if value is None:
        return kind
    whole, cents = divmod(value, 100)
    return f"{kind}_{whole}.{cents:02}".rstrip("0").rstrip(".") if cents else f"{kind}_{whole}"
