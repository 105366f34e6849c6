"""Never more calls than Google allows, whatever minute one looks at; and never waiting for ever."""

from collections.abc import Iterator

from sheets_backup.quota import LONGEST_WAIT, TRIES, Pace
from tests.sheets.mirrors import Seconds


def make_pace(seconds: Seconds, jitter: float = 1.0) -> Pace:
    return Pace(now=seconds, sleep=seconds.sleep, jitter=lambda: jitter)


def list_times(pace: Pace, seconds: Seconds, *, count: int, is_write: bool) -> Iterator[float]:
    for _ in range(count):
        pace.wait_for_turn(is_write=is_write)
        yield seconds.now


def test_sixty_calls_go_at_once_and_the_next_waits_for_the_minute() -> None:
    seconds = Seconds(0.0)
    times = list(list_times(make_pace(seconds), seconds, count=121, is_write=True))
    assert times[:60] == [0.0] * 60
    assert times[60:120] == [60.0] * 60
    assert times[120] == 120.0


def test_reads_and_writes_are_counted_apart() -> None:
    seconds = Seconds(0.0)
    pace = make_pace(seconds)
    list(list_times(pace, seconds, count=60, is_write=True))
    assert list(list_times(pace, seconds, count=60, is_write=False)) == [0.0] * 60


def test_waits_before_trying_again_grow_and_end() -> None:
    seconds = Seconds(0.0)
    pace = make_pace(seconds)
    waits = []
    for attempt in range(TRIES):
        before = seconds.now
        pace.wait_before_retry(attempt, None)
        waits.append(seconds.now - before)
    assert waits == [1, 2, 4, 8, 16, 32]
    assert max(waits) <= LONGEST_WAIT


def test_waits_are_shaken_so_that_not_everybody_comes_back_at_once() -> None:
    seconds = Seconds(0.0)
    make_pace(seconds, jitter=0.0).wait_before_retry(2, None)
    assert seconds.now == 2.0


def test_what_google_asks_for_is_waited_but_not_for_ever() -> None:
    seconds = Seconds(0.0)
    make_pace(seconds).wait_before_retry(0, 20.0)
    assert seconds.now == 20.0
    make_pace(seconds).wait_before_retry(0, 86_400.0)
    assert seconds.now == 80.0
