"""Dates as people say them, for messages and buttons (TECH T22)."""

from datetime import date

from bot.words import Words


def spell_day(words: Words, day: date) -> str:
    """A date with its weekday, `Sun 29 Nov`."""
    return words.plain(
        "day-spoken",
        weekday=words.plain(f"weekday-short-{day.isoweekday()}"),
        day=f"{day.day}",
        month=words.plain(f"month-short-{day.month}"),
    )


def spell_weekday(words: Words, day: date) -> str:
    """A date without its month, where that is plain: `Sun 29`."""
    return words.plain("weekday-spoken", weekday=words.plain(f"weekday-short-{day.isoweekday()}"), day=f"{day.day}")
