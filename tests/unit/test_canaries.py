"""The check on logs finds a canary however it is spelled, and nothing else."""

import pytest

from tests.faults.canary import CANARY_NOTE, CANARY_PASSWORD, CANARY_TOKEN, assert_clean, find_canaries


@pytest.mark.parametrize(
    "line",
    [
        f"https://api.telegram.org/bot{CANARY_TOKEN}/getMe",
        CANARY_TOKEN.partition(":")[2],
        f"password={CANARY_PASSWORD}",
        "wage 4177.31",
        "wage $4,177.31 an hour",
        "wage 4177,31",
        "Decimal('33418.48')",
        "made 33,418.48",
        "made 33\u202f418,48",
        "(1001, 733.19)",
        "Hello zerafina",
        CANARY_NOTE.upper(),
    ],
)
def test_a_canary_is_found(line: str) -> None:
    assert find_canaries(f"all is well\n{line}\nstill\n") == [line]
    with pytest.raises(AssertionError, match="1 lines tell"):
        assert_clean(line)


@pytest.mark.parametrize(
    "line", ["update_id=417731", "ms=4177", "offset 14177.31", "4177.310 s", "token ***", "canary", "733.1"]
)
def test_what_is_none_is_left_alone(line: str) -> None:
    assert_clean(line)


@pytest.mark.parametrize(
    "line",
    [
        'level=ERROR logger=asyncio msg="Future exception was never retrieved" trace=…',
        'level=ERROR logger=asyncio msg="Task was destroyed but it is pending!"',
        "level=WARNING logger=py.warnings msg=\"coroutine 'Bot.me' was never awaited\"",
    ],
)
def test_an_error_that_nobody_looked_at_is_found(line: str) -> None:
    with pytest.raises(AssertionError, match="1 lines"):
        assert_clean(f"level=INFO msg=update\n{line}")
