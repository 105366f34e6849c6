"""What people do, as hypothesis draws it: times near today, amounts around the limits of rates and ranks."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import strategies as st

from tests.model.days import ZONE
from tests.model.records import Rates

CHATTERS = (101, 102, 103)
NAMES = {101: "Ann", 102: "Ben", 103: "Cid"}

BEGINNINGS = tuple(
    datetime(year, month, day, 20, tzinfo=ZONE)
    for year, month, day in ((2026, 11, 3), (2026, 11, 15), (2026, 3, 10), (2027, 1, 2), (2028, 3, 1))
)
"""Just after clocks went back or forward, a period ended, a month, a year, a 29 February."""


@dataclass(frozen=True)
class Slot:
    """A stretch of work: so many days ago, from a time of the day, so many minutes and seconds long."""

    days_ago: int
    hour: int
    minute: int
    second: int
    minutes: int

    def get_wall_in(self, today: datetime) -> datetime:
        """The clock-in on the wall."""
        day = today.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None) - timedelta(days=self.days_ago)
        return day + timedelta(hours=self.hour, minutes=self.minute, seconds=self.second)


DAYS_AGO = st.sampled_from((0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 9, 14, 20))
slots = st.builds(
    Slot,
    days_ago=DAYS_AGO,
    hour=st.one_of(st.integers(0, 23), st.sampled_from((1, 2, 2))),
    minute=st.sampled_from((0, 0, 0, 15, 30, 59)),
    second=st.sampled_from((0, 0, 0, 0, 7)),
    minutes=st.sampled_from((60, 60, 45, 61, 100, 120, 180, 240, 480, 495, 500, 720, 1440, 1441, 0)),
)
LIMITS = (1, 1_00, 99_99, 100_00, 333_33, 499_99, 500_00, 600_00, 1_000_00, 1_499_99, 1_500_00, 2_000_00, 3_333_33)
amounts = st.one_of(
    st.sampled_from(LIMITS), st.sampled_from((2_500_00, 4_000_00, 7_000_00, 9_999_99)), st.integers(1, 8_000_00)
)
ONE_PERCENT = ({1: 99_00, 2: 1_00}, {1: 99_01, 2: 99}, {2: 1_00, 3: 49_50, 4: 49_50}, {1: 1, 3: 1_00})
"""Sales of which one model is just enough to take part in a drawing, or just not (PAYROLL D26)."""
sales = st.one_of(st.dictionaries(st.integers(1, 4), amounts, max_size=3), st.sampled_from(ONE_PERCENT))
some_sales = st.one_of(
    st.dictionaries(st.integers(1, 4), amounts, min_size=1, max_size=4), st.sampled_from(ONE_PERCENT)
)
_DAY = 86_400
pauses = st.sampled_from((0, 60, 5000, _DAY, _DAY, 3 * _DAY, 12 * _DAY, 31 * _DAY))
"""Seconds until the next action, up to a month."""


@dataclass(frozen=True)
class Settings:
    """A person's new wage and base rate."""

    who: int
    wage: int
    base: int


@dataclass(frozen=True)
class PayTerms:
    """Another platform cut and basis of the dynamic rate, for everybody."""

    cut_pct: str
    basis: str


Change = Settings | PayTerms | Rates
RATES: tuple[Rates, ...] = (
    ((0, 0), (500_00, 2_00), (1_000_00, 4_00), (2_000_00, 6_00)),
    ((0, 1_25), (333_34, 3_00), (1_500_00, 100_00)),
    ((0, 0),),
    ((0, 50_00), (1, 5_00), (600_01, 7_50), (10_000_00, 9_99)),
)
changes: st.SearchStrategy[Change] = st.one_of(
    st.builds(
        Settings,
        who=st.sampled_from(CHATTERS),
        wage=st.sampled_from((15_00, 15_01, 20_00, 7_77, 99_99)),
        base=st.sampled_from((8_00, 0, 10_50, 33_33, 100_00)),
    ),
    st.builds(
        PayTerms,
        cut_pct=st.sampled_from(("20", "0", "33.33", "100", "12.5")),
        basis=st.sampled_from(("day", "day", "shift")),
    ),
    st.sampled_from(RATES),
)
OFFERS: tuple[tuple[str, int | None], ...] = (
    ("flat", 10_00),
    ("flat", 1),
    ("percent_next", 1_00),
    ("percent_next", 2_50),
    ("double_commission", None),
    ("double_commission", None),
    ("percent_prev", 1_00),
    ("percent_prev", 33_33),
    ("percent_prev", 7_00),
    ("percent_all", 7_00),
    ("percent_all", 2_00),
    ("percent_all", 100_00),
    ("paid_day_off", None),
    ("telegram_premium", None),
)
