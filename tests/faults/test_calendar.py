"""Month ends and pay days of 2024 to 2030, three days off in each month, clocks that jump: none missed, none twice."""

from datetime import date
from typing import Any

import pytest

from payroll.business_time import BusinessZone
from tests.time.years import live_through

ZONES = {"New York": BusinessZone.named("America/New_York"), "UTC-5": BusinessZone.fixed_utc_minus_5()}


@pytest.mark.parametrize("zone", ZONES)
def test_no_month_end_and_no_pay_day_of_seven_years_is_missed_or_done_twice(
    database: dict[str, Any], zone: str
) -> None:
    counts = live_through(database, ZONES[zone], date(2024, 1, 1), date(2031, 1, 2), seed=20242030)
    print(f"\n{zone}: {dict(counts)}")
    assert counts["months done"] == 84
    assert counts["pay days done"] == 168
    assert counts["days done"] == 2558
    assert counts["times off for three days"] >= 80
    assert counts["looks with a wrong clock"] >= 100
    assert counts["broken off"] >= 20
