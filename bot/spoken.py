"""Dates and time zones as people say them, for messages and buttons (TECH T22)."""

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


def spell_zone(words: Words, name: str) -> str:
    """A time zone by its IANA name: `New York time`, `UTC-5`.

    The signs of the zones below `Etc` are turned round: there `Etc/GMT+5` is what people call UTC-5.
    """
    area, _, city = name.rpartition("/")
    if area == "Etc":
        return city.replace("GMT", "UTC").translate(str.maketrans("+-", "-+"))
    return words.plain("zone-of-city", city=city.replace("_", " ")) if area else name
