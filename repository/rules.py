"""What the service needs to know and asks nobody else for: zone, limits, clock, randomness."""

import secrets
from dataclasses import dataclass, field
from datetime import date

from config import Config
from payroll.bonuses import Draw
from payroll.business_time import BusinessZone
from payroll.checks import compute_first_day
from repository.clock import Clock, read_system_clock


@dataclass(frozen=True, slots=True)
class Rules:
    """Settings of the service. `max_shift_hours` are elapsed hours; `earliest_shift` None is a year before today.

    `draw` is the source of randomness, `clock` the source of "now"; tests pass their own.
    """

    zone: BusinessZone
    max_shift_hours: int = 24
    earliest_shift: date | None = None
    settle_ranks: bool = False
    draw: Draw = secrets.randbelow
    clock: Clock = field(default=read_system_clock)

    @classmethod
    def from_config(cls, config: Config) -> "Rules":
        """The rules as the settings have them."""
        zone = BusinessZone.fixed_utc_minus_5() if config.is_fixed_utc_minus_5 else BusinessZone.named(config.timezone)
        return cls(zone, max_shift_hours=config.max_shift_hours, earliest_shift=config.earliest_shift)

    def today(self) -> date:
        """Today's business date."""
        return self.zone.date_of(self.clock())

    def get_first_day(self) -> date:
        """The first date that a shift entered now may have."""
        return compute_first_day(self.today(), self.earliest_shift)
