"""Whose clock the bot goes by and what it says, and what admins read about one that cannot be believed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from bot.spoken import spell_day, spell_zone
from bot.words import Html, Words, clean_name
from payroll.business_time import BusinessZone


def render_clock(words: Words, zone: BusinessZone, now: datetime) -> Html:
    """The business zone and its time at an instant."""
    wall = zone.to_wall(now)
    day, clock = spell_day(words, wall.date()), f"{wall:%H:%M}"
    return words("clock-now", day=day, clock=clock, zone=spell_zone(words, zone.name))


def render_shift_ahead(words: Words, facts: Mapping[str, Any]) -> Html:
    """Which shift was recorded at a moment that has not come yet."""
    return words(
        "notice-shift-ahead",
        id=str(facts["shift_id"]),
        employee=clean_name(facts["name"]),
        day=spell_day(words, date.fromisoformat(facts["day"])),
        at=facts["at"],
    )
