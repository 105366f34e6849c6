"""What is logged, and what never is: tokens and passwords (SPEC 9, FAULTS "The token stands in an exception text")."""

import contextlib
import logging
import re
import sys
import threading
from collections.abc import Iterable
from types import TracebackType
from typing import TextIO
from urllib.parse import quote

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_LOOKS_LIKE_A_TOKEN = re.compile(r"\b\d{5,}:[\w-]{20,}")
_PASSWORD_IN_AN_ADDRESS = re.compile(r"(?<=://)([^\s/:@]*):[^\s/@]*(?=@)")
_HIDDEN = "***"
_log = logging.getLogger(__name__)


class RedactingFormatter(logging.Formatter):
    """Formats a record, traceback included, then takes out everything that is or looks like a secret."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__(_FORMAT)
        spelled = {spelling for secret in secrets if secret for spelling in (secret, quote(secret, safe=""))}
        longest_first = sorted(spelled, key=len, reverse=True)
        self._secrets = re.compile("|".join(re.escape(one) for one in longest_first)) if spelled else None

    def format(self, record: logging.LogRecord) -> str:
        """The line without secrets."""
        line = super().format(record)
        if self._secrets is not None:
            line = self._secrets.sub(_HIDDEN, line)
        line = _LOOKS_LIKE_A_TOKEN.sub(_HIDDEN, line)
        return _PASSWORD_IN_AN_ADDRESS.sub(rf"\1:{_HIDDEN}", line)


class QuietHandler(logging.StreamHandler[TextIO]):
    """Writes to standard error; of a line that cannot be written it does not recite the arguments, as others do."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - called by that name
        """Say where the line came from, no more."""
        with contextlib.suppress(OSError, ValueError):
            self.stream.write(f"{record.name}:{record.lineno}: a line could not be logged\n")


def set_up_logging(level: str, secrets: Iterable[str]) -> None:
    """Log to standard error from `level` on, uncaught exceptions and warnings included.

    Libraries speak up from WARNING on: their chatter names every update.
    """
    handler = QuietHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for library in ("aiogram", "aiohttp", "asyncio", "psycopg", "alembic", "PIL"):
        logging.getLogger(library).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    logging.captureWarnings(capture=True)
    sys.excepthook = _log_uncaught
    threading.excepthook = lambda args: _log_uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def _log_uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if error is not None:
        _log.critical("uncaught", exc_info=(kind, error, trace))
