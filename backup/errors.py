"""What can go wrong with a backup, as sentences for people, without a password in them."""

import re

_PASSWORD = re.compile(r"(://[^:/@\s]*):\S*@")
_PASSWORD_PARAMETER = re.compile(r"([?&](?:ssl)?password=)[^&\s]*")


class BackupError(Exception):
    """A backup, a copy, a check or a restore that did not come to its end; the text is a sentence."""

    def __init__(self, sentence: str) -> None:
        super().__init__(mask(sentence))


class BusyError(BackupError):
    """Another backup is at work on this database."""


def mask(text: str) -> str:
    """The text without the password of any address in it: `postgresql://user:***@host/name`."""
    return _PASSWORD_PARAMETER.sub(r"\1***", _PASSWORD.sub(r"\1:***@", text))
