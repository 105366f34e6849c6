"""Clocks on the wall and the time that really passed, also on the two nights when they differ."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from payroll.business_time import BusinessZone, Occurrence, format_clock, format_date, parse_clock
from payroll.errors import ErrorKey, InvalidInputError

NEW_YORK = BusinessZone.named("America/New_York")
FIXED = BusinessZone.fixed_utc_minus_5()
HOUR, QUARTER, DAY = timedelta(hours=1), timedelta(minutes=15), timedelta(days=1)
SUMMER, WINTER = -4 * HOUR, -5 * HOUR
SPRING_DAY, AUTUMN_DAY = date(2026, 3, 8), date(2026, 11, 1)
NARROW_NO_BREAK = "\u202f"


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def find_sunday(year: int, month: int, number: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (number - 1))


def list_quarters(day: date, days: int = 1) -> Iterator[datetime]:
    midnight = datetime.combine(day, time())
    return (midnight + QUARTER * number for number in range(96 * days))


SPRING_DAYS = [find_sunday(year, 3, 2) for year in range(2020, 2036)]
AUTUMN_DAYS = [find_sunday(year, 11, 1) for year in range(2020, 2036)]


class TestElapsedTime:
    @pytest.mark.parametrize(
        ("evening", "elapsed"),
        [("2026-10-31", 9 * HOUR), ("2026-03-07", 7 * HOUR), ("2026-07-04", 8 * HOUR)],
    )
    def test_a_night_shift_is_as_long_as_it_really_was(self, evening: str, elapsed: timedelta) -> None:
        start = NEW_YORK.parse(f"{evening} 22:00")
        assert NEW_YORK.first_after(start, time(6)) - start == elapsed
        assert NEW_YORK.localize(wall(evening) + 30 * HOUR) - start == elapsed

    @pytest.mark.parametrize("evening", ["2026-10-31", "2026-03-07", "2026-07-04"])
    def test_without_daylight_saving_every_night_has_eight_hours(self, evening: str) -> None:
        start = FIXED.parse(f"{evening} 22:00")
        assert FIXED.first_after(start, time(6)) - start == 8 * HOUR


class TestEveryChangeOfTheClocksUntil2035:
    @pytest.mark.parametrize("day", SPRING_DAYS, ids=str)
    def test_in_spring_one_hour_does_not_exist(self, day: date) -> None:
        for moment in list_quarters(day - DAY, days=3):
            hour = (moment - datetime.combine(day, time())) / HOUR
            assert not NEW_YORK.is_ambiguous(moment)
            assert NEW_YORK.exists(moment) == (not 2 <= hour < 3)
            if NEW_YORK.exists(moment):
                offset = WINTER if hour < 2 else SUMMER
                assert NEW_YORK.localize(moment, occurrence=None) == (moment - offset).replace(tzinfo=UTC)

    @pytest.mark.parametrize("day", AUTUMN_DAYS, ids=str)
    def test_in_autumn_one_hour_exists_twice(self, day: date) -> None:
        for moment in list_quarters(day - DAY, days=3):
            hour = (moment - datetime.combine(day, time())) / HOUR
            assert NEW_YORK.exists(moment)
            assert NEW_YORK.is_ambiguous(moment) == (1 <= hour < 2)
            earlier = moment - (SUMMER if hour < 2 else WINTER)
            later = moment - (SUMMER if hour < 1 else WINTER)
            assert NEW_YORK.localize(moment) == earlier.replace(tzinfo=UTC)
            assert NEW_YORK.localize(moment, occurrence=Occurrence.LATER) == later.replace(tzinfo=UTC)

    @pytest.mark.parametrize("day", SPRING_DAYS + AUTUMN_DAYS, ids=str)
    def test_what_the_clock_shows_leads_back_to_its_instant(self, day: date) -> None:
        for moment in list_quarters(day, days=2):
            instant = moment.replace(tzinfo=UTC)
            shown = NEW_YORK.to_wall(instant)
            assert instant in {NEW_YORK.localize(shown, occurrence=occurrence) for occurrence in Occurrence}
            assert shown.tzinfo is None
            assert shown.fold == 0

    @pytest.mark.parametrize("day", SPRING_DAYS + AUTUMN_DAYS, ids=str)
    def test_the_end_of_a_shift_is_the_first_such_time_after_its_start(self, day: date) -> None:
        instants_of: dict[time, list[datetime]] = defaultdict(list)
        instants = [moment.replace(tzinfo=UTC) for moment in list_quarters(day - DAY, days=4)]
        for instant in instants:
            instants_of[NEW_YORK.to_wall(instant).time()].append(instant)
        for start in instants[: 2 * 96 : 3]:
            for clock in (time(0, 45), time(1, 30), time(3), time(6), time(22)):
                first = next(instant for instant in instants_of[clock] if instant > start)
                assert NEW_YORK.first_after(start, clock, occurrence=Occurrence.EARLIER) == first


class TestTimesThatDoNotExistOrExistTwice:
    def test_a_time_that_the_clocks_leap_over_is_refused_by_name(self) -> None:
        with pytest.raises(InvalidInputError) as refusal:
            NEW_YORK.localize(wall("2026-03-08 02:30"), field="clock_in")
        assert refusal.value.key is ErrorKey.TIME_DOES_NOT_EXIST
        assert refusal.value.field == "clock_in"
        assert refusal.value.value == "2026/03/08 02:30:00"

    def test_a_time_that_exists_twice_is_asked_where_somebody_can_answer(self) -> None:
        with pytest.raises(InvalidInputError) as refusal:
            NEW_YORK.localize(wall("2026-11-01 01:30"), field="clock_out", occurrence=None)
        assert refusal.value.key is ErrorKey.TIME_EXISTS_TWICE
        assert refusal.value.field == "clock_out"
        assert refusal.value.value == "2026/11/01 01:30:00"

    def test_the_answer_decides(self) -> None:
        moment = wall("2026-11-01 01:30")
        assert NEW_YORK.localize(moment, occurrence=Occurrence.EARLIER) == at("2026-11-01T01:30-04:00")
        assert NEW_YORK.localize(moment, occurrence=Occurrence.LATER) == at("2026-11-01T01:30-05:00")

    def test_the_zone_without_daylight_saving_knows_neither(self) -> None:
        for moment in (*list_quarters(SPRING_DAY), *list_quarters(AUTUMN_DAY)):
            assert FIXED.localize(moment, occurrence=None) == (moment + 5 * HOUR).replace(tzinfo=UTC)

    def test_a_day_that_a_whole_zone_skipped_does_not_exist(self) -> None:
        with pytest.raises(InvalidInputError) as refusal:
            BusinessZone.named("Pacific/Apia").localize(wall("2011-12-30 12:00"))
        assert refusal.value.key is ErrorKey.TIME_DOES_NOT_EXIST


class TestFirstAfter:
    def test_the_end_may_be_on_the_same_day_or_the_next(self) -> None:
        start = NEW_YORK.parse("2026/11/10 09:00")
        assert NEW_YORK.first_after(start, time(17)) == NEW_YORK.parse("2026/11/10 17:00")
        assert NEW_YORK.first_after(start, time(8, 59)) == NEW_YORK.parse("2026/11/11 08:59")

    def test_the_same_clock_time_is_met_the_next_day(self) -> None:
        start = NEW_YORK.parse("2026/11/10 09:00")
        assert NEW_YORK.first_after(start, time(9)) == NEW_YORK.parse("2026/11/11 09:00")

    def test_a_start_with_seconds_is_still_before_the_next_minute(self) -> None:
        start = NEW_YORK.parse("2026/11/10 09:00:59")
        assert NEW_YORK.first_after(start, time(9, 1)) == NEW_YORK.parse("2026/11/10 09:01")
        assert NEW_YORK.first_after(start, time(9)) == NEW_YORK.parse("2026/11/11 09:00")

    @pytest.mark.parametrize("start", ["2026-03-07T22:00-05:00", "2026-03-08T01:45-05:00"])
    def test_an_end_that_the_clocks_leap_over_is_refused(self, start: str) -> None:
        with pytest.raises(InvalidInputError) as refusal:
            NEW_YORK.first_after(at(start), time(2, 30), field="clock_out")
        assert refusal.value.key is ErrorKey.TIME_DOES_NOT_EXIST
        assert refusal.value.field == "clock_out"
        assert refusal.value.value == "2026/03/08 02:30:00"

    def test_after_the_leap_the_same_time_is_one_of_the_next_day(self) -> None:
        assert NEW_YORK.first_after(at("2026-03-08T03:15-04:00"), time(2, 30)) == at("2026-03-09T02:30-04:00")

    @pytest.mark.parametrize("start", ["2026-10-31T22:00-04:00", "2026-11-01T01:15-04:00"])
    def test_an_end_that_comes_twice_is_asked_and_the_answer_decides(self, start: str) -> None:
        with pytest.raises(InvalidInputError) as refusal:
            NEW_YORK.first_after(at(start), time(1, 30))
        assert refusal.value.key is ErrorKey.TIME_EXISTS_TWICE
        earlier = NEW_YORK.first_after(at(start), time(1, 30), occurrence=Occurrence.EARLIER)
        later = NEW_YORK.first_after(at(start), time(1, 30), occurrence=Occurrence.LATER)
        assert earlier == at("2026-11-01T01:30-04:00")
        assert later == at("2026-11-01T01:30-05:00")

    @pytest.mark.parametrize("occurrence", [None, Occurrence.EARLIER, Occurrence.LATER])
    @pytest.mark.parametrize("start", ["2026-11-01T01:30-04:00", "2026-11-01T01:45-04:00", "2026-11-01T01:15-05:00"])
    def test_nothing_is_asked_where_only_the_second_one_is_left(
        self, start: str, occurrence: Occurrence | None
    ) -> None:
        assert NEW_YORK.first_after(at(start), time(1, 30), occurrence=occurrence) == at("2026-11-01T01:30-05:00")

    def test_after_both_of_them_it_is_the_next_day(self) -> None:
        assert NEW_YORK.first_after(at("2026-11-01T01:30-05:00"), time(1, 30)) == at("2026-11-02T01:30-05:00")

    def test_clocks_put_back_over_midnight_bring_yesterday_again(self) -> None:
        st_johns = BusinessZone.named("America/St_Johns")
        just_after_midnight = at("2010-11-07T00:00:30-02:30")
        assert st_johns.first_after(just_after_midnight, time(23, 30)) == at("2010-11-06T23:30-03:30")


class TestReadingAndShowingTimes:
    @pytest.mark.parametrize(
        "text",
        [
            "2026/11/10 09:05:00",
            "2026/11/10 09:05",
            "2026/11/10 9:05",
            "2026-11-10 09:05:00",
            "2026-11-10 09:05",
            "  2026/11/10  09:05 ",
        ],
    )
    def test_times_are_read_as_the_sheet_has_them(self, text: str) -> None:
        assert NEW_YORK.parse(text) == at("2026-11-10T09:05-05:00")

    def test_seconds_count(self) -> None:
        assert NEW_YORK.parse("2026/07/04 23:59:58") == at("2026-07-04T23:59:58-04:00")

    def test_a_naive_datetime_is_a_clock_on_the_wall(self) -> None:
        assert NEW_YORK.parse(wall("2026-07-04 12:00")) == at("2026-07-04T12:00-04:00")

    def test_an_aware_datetime_is_the_instant_it_is(self) -> None:
        moment = datetime(2026, 7, 4, 12, tzinfo=timezone(3 * HOUR))
        assert NEW_YORK.parse(moment) == moment
        assert NEW_YORK.parse(moment).tzinfo is UTC

    def test_the_aware_second_one_of_two_is_kept(self) -> None:
        second = datetime(2026, 11, 1, 1, 30, fold=1, tzinfo=ZoneInfo("America/New_York"))
        assert NEW_YORK.parse(second) == at("2026-11-01T01:30-05:00")

    @pytest.mark.parametrize("value", ["2026/11/01 01:30:00", wall("2026-11-01 01:30")])
    def test_of_two_times_without_a_zone_the_earlier_is_taken(self, value: object) -> None:
        assert NEW_YORK.parse(value) == at("2026-11-01T01:30-04:00")

    @pytest.mark.parametrize("value", ["2026/03/08 02:00:00", "2026/03/08 02:59:59", wall("2026-03-08 02:30")])
    def test_a_time_that_does_not_exist_is_refused(self, value: object) -> None:
        with pytest.raises(InvalidInputError) as refusal:
            NEW_YORK.parse(value, field="clock_in")
        assert refusal.value.key is ErrorKey.TIME_DOES_NOT_EXIST

    @pytest.mark.parametrize("value", [wall("2026-07-04 12:00:00.999999"), at("2026-07-04T12:00:00.999999-04:00")])
    def test_a_fraction_of_a_second_is_cut_off(self, value: object) -> None:
        assert NEW_YORK.parse(value) == at("2026-07-04T12:00-04:00")

    @pytest.mark.parametrize(
        ("typed", "clock"),
        [
            ("20", time(20)), ("0", time(0)), ("13", time(13)), ("2030", time(20, 30)), ("0830", time(8, 30)),
            ("1030", time(10, 30)), ("20.30", time(20, 30)), ("8.30", time(8, 30)), ("4.15am", time(4, 15)),
            ("4.15 p.m.", time(16, 15)), ("8p", time(20)), ("8 a", time(8)), ("8:30 p", time(20, 30)),
            ("830pm", time(20, 30)), ("20h30", time(20, 30)), ("noon", time(12)), ("Midnight", time(0)),
        ],
    )  # fmt: skip
    def test_what_is_clear_is_read_however_short(self, typed: str, clock: time) -> None:
        assert parse_clock(typed) == clock

    def test_three_digits_may_be_of_the_morning_or_of_the_evening(self) -> None:
        with pytest.raises(InvalidInputError) as refused:
            parse_clock("830")
        assert refused.value.key is ErrorKey.CLOCK_AMBIGUOUS
        assert (refused.value.facts["reading_1"], refused.value.facts["reading_2"]) == ("08:30", "20:30")

    @pytest.mark.parametrize(
        "value",
        [
            "", "now", "2026/11/10", "09:05", "10/11/2026 09:05", "2026/11-10 09:05", "2026/13/01 09:05",
            "2026/02/29 09:05", "2026/11/10 24:00", "2026/11/10 09:60", "2026/11/10 09:05:60", "2026/11/10 09:05 pm",
            "2026/11/10T09:05", "٢٠٢٦/11/10 09:05", "0000/01/01 00:00", "0001/01/01 00:00", "9999/12/31 23:59",
            None, 0, 46_000.5, True, SPRING_DAY, datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC),
        ],
    )  # fmt: skip
    def test_what_is_no_time_is_refused(self, value: object) -> None:
        with pytest.raises(InvalidInputError) as refusal:
            NEW_YORK.parse(value, field="clock_in")
        assert refusal.value.key is ErrorKey.TIME_NOT_READABLE
        assert refusal.value.field == "clock_in"

    def test_a_very_long_answer_is_not_repeated_in_full(self) -> None:
        with pytest.raises(InvalidInputError) as refusal:
            NEW_YORK.parse("9" * 10_000)
        assert len(str(refusal.value.value)) <= 40

    def test_people_see_date_and_time_of_their_own_clocks(self) -> None:
        assert NEW_YORK.format(at("2026-11-10T14:05:09+00:00")) == "2026/11/10 09:05:09"
        assert FIXED.format(at("2026-07-04T12:00-04:00")) == "2026/07/04 11:00:00"

    def test_the_date_is_the_one_on_the_wall(self) -> None:
        assert NEW_YORK.date_of(at("2026-11-11T03:59:59+00:00")) == date(2026, 11, 10)
        assert NEW_YORK.date_of(at("2026-11-11T05:00:00+00:00")) == date(2026, 11, 11)

    def test_a_wall_clock_time_is_never_taken_for_an_instant(self) -> None:
        with pytest.raises(ValueError, match="an instant needs a time zone"):
            NEW_YORK.format(wall("2026-11-10 09:05"))
        with pytest.raises(ValueError, match="no time zone of its own"):
            NEW_YORK.localize(at("2026-11-10T09:05-05:00"))

    @given(st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
    @settings(deadline=None)
    def test_what_is_shown_reads_back_as_the_same_time(self, instant: datetime) -> None:
        shown = NEW_YORK.format(instant)
        assert NEW_YORK.format(NEW_YORK.parse(shown)) == shown
        if not NEW_YORK.is_ambiguous(NEW_YORK.to_wall(instant)):
            assert NEW_YORK.parse(shown) == instant.replace(microsecond=0)

    @given(st.one_of(st.text(), st.text("0123456789/-: ", max_size=20), st.datetimes(), st.none(), st.floats()))
    @settings(deadline=None)
    def test_anything_gives_an_instant_that_can_be_shown_or_a_refusal(self, value: object) -> None:
        try:
            instant = NEW_YORK.parse(value)
        except InvalidInputError as error:
            assert error.field == "time"  # noqa: PT017
            return
        assert instant.tzinfo is UTC
        assert len(NEW_YORK.format(instant)) == len("2026/11/10 09:05:09")


class TestZones:
    @pytest.mark.parametrize("name", ["", "Mars/Olympus", "America", "../etc/passwd", "America/New York", "\x00"])
    def test_a_zone_that_does_not_exist_is_refused(self, name: str) -> None:
        with pytest.raises(InvalidInputError) as refusal:
            BusinessZone.named(name)
        assert refusal.value.key is ErrorKey.VALUE_INVALID
        assert refusal.value.field == "TIMEZONE"

    def test_the_name_of_the_fixed_zone_means_the_same_everywhere(self) -> None:
        noon = wall("2026-07-04 12:00")
        assert BusinessZone.named(FIXED.name).localize(noon) == FIXED.localize(noon)


class TestClockTimesThatPeopleType:
    @pytest.mark.parametrize(
        ("typed", "clock"),
        [
            ("8:30", time(8, 30)),
            ("20:15", time(20, 15)),
            ("8:30 pm", time(20, 30)),
            ("08:30", time(8, 30)),
            ("0:05", time(0, 5)),
            ("00:00", time(0)),
            ("23:59", time(23, 59)),
            ("8 pm", time(20)),
            ("8pm", time(20)),
            ("8AM", time(8)),
            ("8:30 p.m.", time(20, 30)),
            ("12 am", time(0)),
            ("12:30 am", time(0, 30)),
            ("12 pm", time(12)),
            ("12:30", time(12, 30)),
            (" 8:30\n", time(8, 30)),
            (f"8:30{NARROW_NO_BREAK}PM", time(20, 30)),
        ],
    )
    def test_usual_ways_to_write_a_time_are_read(self, typed: str, clock: time) -> None:
        assert parse_clock(typed) == clock

    @pytest.mark.parametrize(
        ("typed", "reading_1", "reading_2"),
        [("8", "08:00", "20:00"), ("12", "00:00", "12:00"), ("01", "01:00", "13:00")],
    )
    def test_a_bare_hour_is_asked_with_both_readings(self, typed: str, reading_1: str, reading_2: str) -> None:
        with pytest.raises(InvalidInputError) as refusal:
            parse_clock(typed)
        assert refusal.value.key is ErrorKey.CLOCK_AMBIGUOUS
        assert refusal.value.facts == {"reading_1": reading_1, "reading_2": reading_2}
        assert {format_clock(parse_clock(reading)) for reading in (reading_1, reading_2)} == {reading_1, reading_2}

    @pytest.mark.parametrize(
        "typed",
        [
            "", "no", "pm", ":30", "8:", "8:5", "8:300", "8-30", "8 30", "24:00", "25:00", "2400", "0860", "20300",
            "8:60", "13:00 pm", "0:30 am", "0 pm", "13pm", "24", "99", "-8:30", "8:30:15", "8:30 xm", "half past nine",
            "8:30 pm pm", "٨:٣٠", "\uff18:30", "8\uff1a30", "8:30 рм",
        ],
    )  # fmt: skip
    def test_what_is_no_time_is_refused(self, typed: str) -> None:
        with pytest.raises(InvalidInputError) as refusal:
            parse_clock(typed)
        assert refusal.value.key is ErrorKey.CLOCK_NOT_A_TIME

    @given(st.times(timezones=st.none()))
    @settings(deadline=None)
    def test_what_is_shown_can_be_typed_back(self, clock: time) -> None:
        assert parse_clock(format_clock(clock)) == clock.replace(second=0, microsecond=0, fold=0)

    @given(st.one_of(st.text(), st.text("0123456789: apmAPM.", max_size=8)))
    @example("9" * 10_000)
    @settings(deadline=None)
    def test_any_text_gives_whole_minutes_or_a_refusal(self, text: str) -> None:
        try:
            clock = parse_clock(text)
        except InvalidInputError as error:
            assert error.field == "clock"  # noqa: PT017
            return
        assert (clock.second, clock.microsecond, clock.tzinfo) == (0, 0, None)


@pytest.mark.parametrize(
    ("day", "shown"), [(date(2026, 11, 29), "2026/11/29"), (date(226, 1, 2), "0226/01/02"), (date.min, "0001/01/01")]
)
def test_a_date_is_shown_with_four_digits_of_its_year(day: date, shown: str) -> None:
    assert format_date(day) == shown


@pytest.mark.parametrize(
    "moment",
    [
        datetime.min,  # noqa: DTZ901 - a wall clock's
        datetime.min.replace(tzinfo=timezone(timedelta(hours=-4, minutes=-56))),
    ],
)
def test_a_time_at_the_end_of_the_calendar_is_refused_as_people_write_times(moment: datetime) -> None:
    with pytest.raises(InvalidInputError) as refused:
        NEW_YORK.parse(moment)
    assert refused.value.value == "0001/01/01 00:00:00"


def test_to_the_minute_a_time_has_no_seconds() -> None:
    assert NEW_YORK.format_minute(datetime(2026, 11, 29, 22, 4, 5, tzinfo=UTC)) == "2026/11/29 17:04"


@pytest.mark.parametrize(
    ("zone", "day", "first"),
    [
        ("America/New_York", date(2026, 3, 8), datetime(2026, 3, 8, 5, tzinfo=UTC)),
        ("Africa/Cairo", date(2026, 4, 24), datetime(2026, 4, 23, 22, tzinfo=UTC)),  # leaps over its midnight
        ("Atlantic/Azores", date(2026, 10, 25), datetime(2026, 10, 25, 0, tzinfo=UTC)),  # has it twice
    ],
)
def test_a_date_begins_with_its_first_instant(zone: str, day: date, first: datetime) -> None:
    business = BusinessZone.named(zone)
    assert business.begin(day) == first
    assert business.date_of(first) == day > business.date_of(first - timedelta(seconds=1))
