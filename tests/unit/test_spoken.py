"""Dates as people say them."""

from datetime import date

from bot.spoken import spell_day, spell_weekday, spell_zone
from bot.words import load_words

ENGLISH = load_words("en", is_strict=True)


def test_a_date_is_said_with_its_weekday() -> None:
    assert spell_day(ENGLISH, date(2026, 11, 29)) == "Sun 29 Nov"
    assert spell_day(ENGLISH, date(2026, 12, 1)) == "Tue 1 Dec"


def test_where_the_month_is_plain_it_is_left_out() -> None:
    assert spell_weekday(ENGLISH, date(2026, 11, 30)) == "Mon 30"


def test_a_zone_is_said_by_its_city_or_as_hours_from_utc() -> None:
    assert spell_zone(ENGLISH, "America/New_York") == "New York time"
    assert spell_zone(ENGLISH, "Etc/GMT+5") == "UTC-5"
    assert spell_zone(ENGLISH, "Etc/UTC") == "UTC"
    assert spell_zone(ENGLISH, "UTC") == "UTC"
