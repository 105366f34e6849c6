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


DAYS_AGO = st.sampled_from((0, 0, 0, 1, 1, 1, 2, 2, 3, 9, 14, 20))
slots = st.builds(
    Slot,
    days_ago=DAYS_AGO,
    hour=st.integers(0, 23),
    minute=st.sampled_from((0, 0, 0, 15, 30, 59)),
    second=st.sampled_from((0, 0, 0, 0, 7)),
    minutes=st.sampled_from((60, 60, 45, 61, 100, 120, 180, 240, 480, 495, 500, 720, 1440, 1441, 0)),
)
LIMITS = (1, 1_00, 99_99, 100_00, 333_33, 499_99, 500_00, 600_00, 1_000_00, 1_499_99, 1_500_00, 2_000_00, 3_333_33)
amounts = st.one_of(
    st.sampled_from(LIMITS), st.sampled_from((2_500_00, 4_000_00, 7_000_00, 9_999_99)), st.integers(1, 8_000_00)
)
sales = st.dictionaries(st.integers(1, 4), amounts, max_size=3)
some_sales = st.dictionaries(st.integers(1, 4), amounts, min_size=1, max_size=4)
pauses = st.sampled_from((0, 0, 1, 60, 600, 5000))
"""Seconds from one action to the next; 0 for what happens in the same second."""

WAGES = st.sampled_from((15_00, 15_01, 20_00, 7_77, 99_99))
BASES = st.sampled_from((8_00, 0, 10_50, 33_33, 100_00))
CUTS = st.sampled_from(("20", "0", "33.33", "100", "12.5"))
RATES: tuple[Rates, ...] = (
    ((0, 0), (500_00, 2_00), (1_000_00, 4_00), (2_000_00, 6_00)),
    ((0, 1_25), (333_34, 3_00), (1_500_00, 100_00)),
    ((0, 0),),
    ((0, 50_00), (1, 5_00), (600_01, 7_50), (10_000_00, 9_99)),
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
