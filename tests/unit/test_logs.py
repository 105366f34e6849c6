"""One line a record, and in no line a secret, a name, what somebody wrote, or an amount, wherever it came from."""

import json
import logging
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import GetMe

from bot.logs import RedactingFormatter, describe
from payroll.errors import ErrorKey, InvalidInputError

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "4242424242:AAcanaryCANARYcanaryCANARYcanary1234"
PASSWORD = "c4n4ry/p4ss w0rd"
BEGINNING = f"""
import asyncio, logging, sys, threading, warnings
from bot.logs import log_what_nobody_awaited, set_up_logging
TOKEN, PASSWORD = {TOKEN!r}, {PASSWORD!r}
set_up_logging("INFO", [TOKEN, PASSWORD])
log = logging.getLogger("bot")
"""


def run(code: str) -> str:
    """What a program writes that sets up logging as the bot does and goes on with `code`."""
    command = [sys.executable, "-c", BEGINNING + code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert done.stdout == ""
    assert "canaryCANARY" not in done.stderr
    assert "p4ss" not in done.stderr
    return done.stderr


def write(message: str, *args: object, error: BaseException | None = None, **facts: object) -> str:
    """The line of one record."""
    exc_info = (type(error), error, error.__traceback__) if error is not None else None
    record = logging.LogRecord("bot.x", logging.INFO, "x.py", 7, message, args, exc_info)
    vars(record).update(facts)
    return RedactingFormatter([TOKEN, PASSWORD]).format(record)


def catch(fail: Callable[[], object]) -> BaseException:
    """What it raises, as it was caught."""
    with pytest.raises(Exception) as caught:  # noqa: PT011 - whatever it is
        fail()
    return caught.value


def read(line: str) -> dict[str, str]:
    """The keys and values of a line."""
    pairs = (part.partition("=") for part in shlex.split(line))
    return {key: value for key, _, value in pairs}


# --- the form --------------------------------------------------------------------------------------------------------


def test_a_line_tells_time_level_logger_message_and_what_was_given_by_keys() -> None:
    line = write("the disk is %d %% full", 83, disk_level="NARROW", note="two words")
    assert re.match(r"time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.]\d{3}Z level=INFO logger=bot[.]x msg=", line)
    assert list(read(line)) == ["time", "level", "logger", "msg", "disk_level", "note"]
    assert read(line)["msg"] == "the disk is 83 % full"
    assert line.endswith('disk_level=NARROW note="two words"')


@pytest.mark.parametrize("text", ["two\nlines", "a\x1b[31mred", "a\u2028b", "\u202eevil", "tab\there", "\x7f"])
def test_whatever_is_logged_stays_one_line_of_plain_characters(text: str) -> None:
    line = write("%s", text)
    assert len(line.splitlines()) == 1
    assert line.isprintable()
    assert line.isascii()


def test_nobody_can_write_a_key_of_their_own_into_a_line() -> None:
    line = write("%s", 'x" level=CRITICAL msg="all is lost')
    assert json.loads(line.partition("msg=")[2]) == 'x" level=CRITICAL msg="all is lost'


def test_a_traceback_is_one_value_of_its_line() -> None:
    line = write("no answer", error=catch(lambda: os.environ["DANA"]))
    assert len(line.splitlines()) == 1
    assert "Traceback" in line
    assert "test_logs.py" in line
    assert line.endswith('KeyError"')


# --- secrets ---------------------------------------------------------------------------------------------------------


def test_secrets_are_taken_out_of_messages_and_arguments() -> None:
    assert run('log.info("token %s, password %s", TOKEN, PASSWORD)').endswith('msg="token ***, password ***"\n')


def test_secrets_are_taken_out_of_what_is_given_by_keys() -> None:
    assert run('log.info("x", extra={"token": TOKEN, "password": PASSWORD})').endswith("token=*** password=***\n")


def test_secrets_are_taken_out_of_exceptions() -> None:
    written = run("""
try:
    raise OSError(f"cannot connect to https://api.telegram.org/bot{TOKEN}/getMe")
except OSError as error:
    log.exception("no answer: %s", error)
""")
    assert "Traceback" in written


def test_secrets_are_taken_out_as_addresses_and_programs_spell_them() -> None:
    assert "***@db" in run('log.info("postgresql://shiftbot:c4n4ry%2Fp4ss%20w0rd@db/shiftbot")')
    assert "***@db" in run('log.info("postgresql://shiftbot:c4n4ry/p4ss%20w0rd@db/shiftbot")')


def test_a_secret_with_quotes_is_taken_out_although_the_line_quotes_it() -> None:
    secret = 'p4ss"w0rd\\x'
    record = logging.LogRecord("bot", logging.INFO, "", 0, "it is %s, %r", (secret, secret), None)
    line = RedactingFormatter([secret]).format(record)
    assert "w0rd" not in line
    assert line.count("***") == 2


def test_uncaught_exceptions_are_logged_without_secrets() -> None:
    written = run("""
def fail():
    raise ValueError(TOKEN)
thread = threading.Thread(target=fail)
thread.start()
thread.join()

class Bad:
    def __del__(self):
        raise ValueError(PASSWORD)
bad = Bad()
del bad

async def lose():
    log_what_nobody_awaited(asyncio.get_running_loop())
    async def fail(): raise ValueError(TOKEN)
    task = asyncio.create_task(fail())
    await asyncio.sleep(0)
    del task
    await asyncio.sleep(0)
asyncio.run(lose())
raise ValueError(PASSWORD)
""")
    assert written.count("level=CRITICAL logger=bot.logs msg=uncaught") == 3
    assert "Task exception was never retrieved" in written
    assert len(written.splitlines()) == 4


def test_a_line_that_cannot_be_logged_does_not_recite_its_arguments() -> None:
    assert "a line could not be logged" in run('log.info("%d of them", TOKEN)')


@pytest.mark.parametrize(
    "secret", ["123456789:AAothertokenothertokenothertoken123", "postgresql://me:hunter2@db:5432/x"]
)
def test_what_looks_like_a_secret_is_taken_out_too(secret: str) -> None:
    line = RedactingFormatter([]).format(logging.LogRecord("bot", logging.INFO, "", 0, secret, None, None))
    assert "***" in line
    assert "othertoken" not in line
    assert "hunter2" not in line


def test_what_is_no_secret_stays() -> None:
    line = "shift 12:30 of 1001 at http://127.0.0.1:8090/ took 3 s"
    assert line in RedactingFormatter([""]).format(logging.LogRecord("bot", logging.INFO, "", 0, line, None, None))


# --- people ----------------------------------------------------------------------------------------------------------


def test_of_an_exception_stands_there_what_it_is_and_not_what_it_recites() -> None:
    refused = InvalidInputError(ErrorKey.TEXT_TOO_LONG, field="note", value="Dana sold 4177.31", allowed="500")
    assert read(write("refused: %s", refused))["msg"] == "refused: InvalidInputError: text-too-long (note)"
    assert read(write("odd: %s", ValueError("Dana")))["msg"] == "odd: ValueError"
    told = "Dana sold 4177.31"

    def convert() -> None:
        try:
            int(told)
        except ValueError as error:
            raise RuntimeError(told) from error

    line = write("odd", error=catch(convert))
    assert "Dana" not in line
    assert "4177" not in line
    assert line.index("ValueError\\n") < line.index('RuntimeError"')


def test_of_a_row_that_the_database_refused_stands_there_which_rule_it_broke(database: dict[str, object]) -> None:
    params = {("dbname" if name == "database" else name): value for name, value in database.items()}
    with psycopg.connect(**params) as connection, pytest.raises(psycopg.Error) as refused:  # type: ignore[arg-type]
        connection.execute(
            "INSERT INTO join_requests (request_id, telegram_id, name, state)"
            " VALUES ('Dana sold 4177.31', 1, 'Dana', 'maybe')"
        )
    assert "Dana" in str(refused.value)
    assert describe(refused.value) == "CheckViolation: 23514 join_requests_state_check"


def test_of_a_database_that_cannot_be_reached_stands_there_why() -> None:
    with pytest.raises(psycopg.OperationalError) as refused:
        psycopg.connect(host="127.0.0.1", port=1, user="bot", password=PASSWORD, connect_timeout=2)
    assert "refused" in describe(refused.value).lower()


def test_of_a_call_that_telegram_refused_stands_there_why_without_what_it_quotes() -> None:
    refused = TelegramBadRequest(GetMe(), 'Bad Request: can\'t parse entities: unsupported start tag "Dana" at byte 5')
    assert describe(refused) == (
        "TelegramBadRequest: Bad Request: can't parse entities: unsupported start tag *** at byte 5"
    )


def test_of_what_the_machine_refused_stands_there_why() -> None:
    assert describe(FileNotFoundError(2, "No such file", "/home/dana/x")) == (
        "FileNotFoundError: 2 No such file or directory"
    )


# --- libraries -------------------------------------------------------------------------------------------------------


def test_libraries_speak_up_only_from_warnings_on() -> None:
    written = run("""
logging.getLogger("aiogram.event").info("Update id=1 is handled")
logging.getLogger("aiogram.event").warning("something odd")
warnings.warn("old ways")
""")
    assert "is handled" not in written
    assert "something odd" in written
    assert "old ways" in written
