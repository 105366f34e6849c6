"""What can go wrong with a backup, as sentences for people, without a password in them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

_PASSWORD = re.compile(r"(://[^:/@\s]*):\S*@")
_PASSWORD_PARAMETER = re.compile(r"([?&](?:ssl)?password=)[^&\s]*")


class BackupError(Exception):
    """A backup, a copy, a check or a restore that did not come to its end; the text is a sentence."""

    def __init__(self, sentence: str) -> None:
        super().__init__(mask(sentence))


class BusyError(BackupError):
    """Another backup is at work on this database."""


@contextmanager
def telling_errors() -> Iterator[None]:
    """What the database or a disk refuses inside the block becomes a BackupError."""
    try:
        yield
    except psycopg.Error as error:
        raise BackupError(f"The database refused it: {error.diag.message_primary or error}") from error
    except OSError as error:
        raise BackupError(f"{error.filename or 'The disk'}: {error.strerror or error}.") from error


def mask(text: str) -> str:
    """The text without the password of any address in it: `postgresql://user:***@host/name`."""
    return _PASSWORD_PARAMETER.sub(r"\1***", _PASSWORD.sub(r"\1:***@", text))
