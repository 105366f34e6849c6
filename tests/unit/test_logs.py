"""No token and no password stands in a log line, wherever it came from."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from bot.logs import RedactingFormatter

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "4242424242:AAcanaryCANARYcanaryCANARYcanary1234"
PASSWORD = "c4n4ry/p4ss w0rd"
BEGINNING = f"""
import logging, sys, threading, warnings
from bot.logs import set_up_logging
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


def test_secrets_are_taken_out_of_messages_and_arguments() -> None:
    assert run('log.info("token %s, password %s", TOKEN, PASSWORD)').endswith("bot: token ***, password ***\n")


def test_secrets_are_taken_out_of_tracebacks() -> None:
    written = run("""
try:
    raise OSError(f"cannot connect to https://api.telegram.org/bot{TOKEN}/getMe")
except OSError:
    log.exception("no answer")
""")
    assert "Traceback" in written
    assert "/bot***/getMe" in written


def test_secrets_are_taken_out_as_addresses_spell_them() -> None:
    assert "***@db" in run('log.info("postgresql://shiftbot:c4n4ry%2Fp4ss%20w0rd@db/shiftbot")')


def test_uncaught_exceptions_are_logged_without_secrets() -> None:
    written = run("""
def fail():
    raise ValueError(TOKEN)
thread = threading.Thread(target=fail)
thread.start()
thread.join()
raise ValueError(PASSWORD)
""")
    assert written.count("ValueError: ***") == 2


def test_a_line_that_cannot_be_logged_does_not_recite_its_arguments() -> None:
    assert "a line could not be logged" in run('log.info("%d of them", TOKEN)')


def test_libraries_speak_up_only_from_warnings_on() -> None:
    written = run("""
logging.getLogger("aiogram.event").info("Update id=1 is handled")
logging.getLogger("aiogram.event").warning("something odd")
warnings.warn("old ways")
""")
    assert "is handled" not in written
    assert "something odd" in written
    assert "old ways" in written


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
