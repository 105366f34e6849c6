"""What is logged, and what never is: secrets, names, what people wrote, amounts (SPEC 9, FAULTS "People", TECH).

One line a record, as `time=… level=… logger=… msg=… key=value …` (logfmt), times in UTC. The keys are what a call gives
as `extra`; a traceback is the key `trace`, on the same line. Of an exception stands there what it is and
where it came from, never its text, for that recites what somebody typed or a row of the database; only of what talks
about the machine (the network, files, the connection to the database) the text is shown.
"""

import asyncio
import contextlib
import json
import logging
import os
import re
import sys
import threading
import traceback
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO
from urllib.parse import quote

QUIET_LIBRARIES = (
    "aiogram", "aiohttp", "alembic", "apscheduler", "asyncio", "fontTools", "fpdf", "PIL", "psycopg", "urllib3",
)  # fmt: skip
_LOOKS_LIKE_A_TOKEN = re.compile(r"\b\d{5,}:[\w-]{20,}")
_PASSWORD_IN_AN_ADDRESS = re.compile(r"(?<=://)([^\s/:@]*):[^\s/@]*(?=@)")
_PLAIN = re.compile(r"[!#-<>-\[\]-~]+")  # printable ASCII but space, quote, backslash and =
_QUOTED = re.compile(r"""(?<!\w)["'“«].*?["'”»]""")
_HIDDEN = "***"
_OF_EVERY_RECORD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_log = logging.getLogger(__name__)


class RedactingFormatter(logging.Formatter):
    """Writes a record as one line and takes out everything that is or looks like a secret."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__()
        spelled = {spelling for secret in secrets if secret for spelling in _list_spellings(secret)}
        longest_first = sorted(spelled, key=len, reverse=True)
        self._secrets = re.compile("|".join(re.escape(one) for one in longest_first)) if spelled else None

    def format(self, record: logging.LogRecord) -> str:
        """The line without secrets."""
        line = " ".join(f"{key}={self._write(value)}" for key, value in _list_facts(record))
        return self._redact(line)

    def _write(self, value: object) -> str:
        # Once before it is quoted too, for quoting may put a backslash into the middle of a secret.
        text = self._redact(str(value))
        return text if _PLAIN.fullmatch(text) else json.dumps(text)

    def _redact(self, text: str) -> str:
        if self._secrets is not None:
            text = self._secrets.sub(_HIDDEN, text)
        text = _LOOKS_LIKE_A_TOKEN.sub(_HIDDEN, text)
        return _PASSWORD_IN_AN_ADDRESS.sub(rf"\1:{_HIDDEN}", text)


def _list_spellings(secret: str) -> Iterator[str]:
    yield from (secret, quote(secret), quote(secret, safe=""), json.dumps(secret)[1:-1], repr(secret)[1:-1])


def _list_facts(record: logging.LogRecord) -> Iterator[tuple[str, object]]:
    at = datetime.fromtimestamp(record.created, UTC)
    yield "time", f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"
    yield "level", record.levelname
    yield "logger", record.name
    yield "msg", _get_message(record)
    yield from ((key, value) for key, value in vars(record).items() if key not in _OF_EVERY_RECORD)
    if record.exc_info and record.exc_info[1] is not None:
        yield "trace", describe_with_trace(record.exc_info[1])


def _get_message(record: logging.LogRecord) -> str:
    """The message, of each exception among its arguments only what may be told."""
    args: Any = record.args
    if isinstance(args, tuple):
        args = tuple(describe(one) if isinstance(one, BaseException) else one for one in args)
    return str(record.msg) % args if args else str(record.msg)


# --- exceptions ------------------------------------------------------------------------------------------------------


def describe(error: BaseException) -> str:
    """What an exception is, without what it recites: its type, and what its kind is known to say of the machine."""
    about = _describe_cause(error)
    return f"{type(error).__name__}: {about}" if about else type(error).__name__


def _describe_cause(error: BaseException) -> str | None:
    origin, kinds = type(error).__module__.partition(".")[0], {kind.__name__ for kind in type(error).__mro__}
    if origin.startswith("psycopg"):
        state, diag = getattr(error, "sqlstate", None), getattr(error, "diag", None)
        if state is not None:
            place = getattr(diag, "constraint_name", None) or getattr(diag, "table_name", None)
            return f"{state} {place}" if place else str(state)
        # Without a state the server was not asked: the text is about the way to it.
        return str(error).partition("\n")[0] if "OperationalError" in kinds else None
    if "DomainError" in kinds:
        return f"{getattr(error, 'key', '')} ({getattr(error, 'field', '')})"
    if "TelegramAPIError" in kinds:
        return _QUOTED.sub(_HIDDEN, str(getattr(error, "message", "")))
    if isinstance(error, OSError) and error.errno is not None:
        # A negative one is of getaddrinfo, which has texts of its own.
        return f"{error.errno} {os.strerror(error.errno) if error.errno > 0 else error.strerror}"
    return None


def describe_with_trace(error: BaseException) -> str:
    """An exception with the way it came, and those that led to it, oldest first."""
    parts = ["Traceback"]
    for one in reversed(list(_list_chain(error))):
        parts += [line.rstrip() for line in traceback.format_tb(one.__traceback__)]
        parts.append(describe(one))
    return "\n".join(parts)


def _list_chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        if isinstance(one, BaseExceptionGroup):
            yield from one.exceptions
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)


# --- setting up ------------------------------------------------------------------------------------------------------


class QuietHandler(logging.StreamHandler[TextIO]):
    """Writes to standard error; of a line that cannot be written it does not recite the arguments, as others do."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - called by that name
        """Say where the line came from, no more."""
        with contextlib.suppress(OSError, ValueError):
            self.stream.write(
                f'level=ERROR logger={record.name} msg="a line could not be logged" line={record.lineno}\n'
            )


def set_up_logging(level: str, secrets: Iterable[str]) -> None:
    """Log to standard error from `level` on, uncaught exceptions and warnings included.

    Libraries speak up from WARNING on: their chatter names every update.
    """
    handler = QuietHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for library in QUIET_LIBRARIES:
        logging.getLogger(library).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    logging.captureWarnings(capture=True)
    sys.excepthook = _log_uncaught
    threading.excepthook = lambda args: _log_uncaught(args.exc_type, args.exc_value, args.exc_traceback)
    sys.unraisablehook = lambda args: _log_uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def log_what_nobody_awaited(loop: asyncio.AbstractEventLoop) -> None:
    """Have the loop tell of exceptions that nobody took, without its description of the task, which recites them."""
    loop.set_exception_handler(_log_unawaited)


def _log_unawaited(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    error = context.get("exception")
    exc_info = (type(error), error, error.__traceback__) if isinstance(error, BaseException) else None
    _log.error("%s", context.get("message", "uncaught in the loop"), exc_info=exc_info)


def _log_uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if error is not None:
        _log.critical("uncaught", exc_info=(kind, error, trace))
