"""Months in words."""

from datetime import date

from bot.words import Words


def spell_month(words: Words, day: date) -> str:
    """The month of a date, `November 2026`."""
    return words.plain("month-of-year", month=words.plain(f"month-{day.month}"), year=f"{day.year}")
