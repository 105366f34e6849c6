"""What admins read about a clock that cannot be believed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.spoken import spell_day
from bot.words import Html, Words, clean_name


def render_shift_ahead(words: Words, facts: Mapping[str, Any]) -> Html:
    """Which shift was recorded at a moment that has not come yet."""
    return words(
        "notice-shift-ahead",
        id=str(facts["shift_id"]),
        employee=clean_name(facts["name"]),
        day=spell_day(words, date.fromisoformat(facts["day"])),
        at=facts["at"],
    )
