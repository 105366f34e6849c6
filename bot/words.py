"""Words: Fluent messages in a person's language (TECH T22).

Facts are finished text: views format amounts, percents and dates; only counts enter as numbers. Every text fact is
escaped here, and nowhere else, unless it is `Html` that came out of here before.
"""

import html
import logging
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource
from fluent.runtime.resolver import Pattern

LOCALES = Path(__file__).parent / "locales"
DEFAULT_LANGUAGE = "en"

_ENTRY = re.compile(r"^([A-Za-z][\w-]*) *=", re.MULTILINE)
_BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
LONGEST_NAME = 64
"""So much of a name is shown; Telegram's own first and last names have as many characters each."""
LONGEST_ERROR = 300
"""So much is shown of what another program said; all of it stands in its table."""
_LONG_FACT = 1000
_log = logging.getLogger(__name__)


class Html(str):
    """Text for Telegram's HTML that is escaped already."""

    __slots__ = ()


class MissingWordsError(LookupError):
    """A message or one of its facts is missing: an error of the program."""


class Messages:
    """The messages of a language. Each is read when it is first asked for: all at the start would take a while.

    So no message may refer to another one.
    """

    def __init__(self, language: str, texts: Iterable[str]) -> None:
        self.bundle = FluentBundle([language], use_isolating=False)
        self._entries: dict[str, str] = {}
        for text in texts:
            _, *pieces = _ENTRY.split(text)
            self._entries.update(zip(pieces[::2], pieces[1::2], strict=True))

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def find(self, key: str) -> Pattern | None:
        """The message as the bundle formats it, None where it has no text. Raises LookupError."""
        entry = self._entries[key]
        if not self.bundle.has_message(key):
            self.bundle.add_resource(FluentResource(f"{key} ={entry}"))
        return self.bundle.get_message(key).value


class Words:
    """The messages of one language. `words(key, **facts)` is HTML, `words.plain(key, **facts)` is for buttons."""

    def __init__(self, language: str, messages: Messages, *, is_strict: bool) -> None:
        self.language = language
        self._messages = messages
        self._is_strict = is_strict

    def __call__(self, key: str, **facts: str | int) -> Html:
        """A message as HTML, its text facts escaped."""
        return Html(self._format(key, {name: _escape(fact) for name, fact in facts.items()}))

    def plain(self, key: str, **facts: str | int) -> str:
        """A message without markup, for a button or a toast."""
        return self._format(key, facts)

    def lines(self, lines: Iterable[str | None]) -> Html:
        """Finished lines below each other; None is left out, an empty one is a gap. Others than `Html` are escaped."""
        return Html("\n".join(str(_escape(line)) for line in lines if line is not None))

    def has(self, key: str) -> bool:
        """Whether there is such a message."""
        return key in self._messages

    def _format(self, key: str, facts: dict[str, str | int]) -> str:
        if key not in self._messages:
            raise MissingWordsError(f"{self.language}: no message {key}")
        pattern = self._messages.find(key)
        if pattern is None:
            raise MissingWordsError(f"{self.language}: {key} has no text")
        # Fluent takes no fact of over 2,500 characters, which a note of 1,000 has once it is escaped.
        long = {f"\0{name}\0": fact for name, fact in facts.items() if isinstance(fact, str) and len(fact) > _LONG_FACT}
        short = {name: f"\0{name}\0" if f"\0{name}\0" in long else fact for name, fact in facts.items()}
        text, errors = self._messages.bundle.format_pattern(pattern, short)
        if errors and self._is_strict:
            raise MissingWordsError(f"{self.language}: {key}: {errors}")
        for error in errors:
            _log.error("words %s of %s: %s", key, self.language, error)
        whole = str(text)
        for mark, fact in long.items():
            whole = whole.replace(mark, fact)
        return whole


def clean_name(text: str) -> str:
    """A name as `clean_words` makes it, at most `LONGEST_NAME` characters of it: lists of them have to fit."""
    return clean_words(shorten(text, LONGEST_NAME))


def shorten(text: str, longest: int) -> str:
    """A text, or so many characters of it that end in "…"."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def clean_words(text: str) -> str:
    """Words of somebody's that cannot turn the text around them: controls taken out, right-to-left writing isolated.

    Halves of characters go too: they cannot be sent.
    """
    cleaned = _BIDI_CONTROLS.sub("", "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cs")))
    if any(unicodedata.bidirectional(char) in ("R", "AL") for char in cleaned):
        return f"\u2068{cleaned}\u2069"
    return cleaned


@cache
def list_languages() -> tuple[str, ...]:
    """The languages that have words."""
    return tuple(sorted(folder.name for folder in LOCALES.iterdir() if folder.is_dir()))


def load_words(language: str, *, is_strict: bool = False) -> Words:
    """The words of a language, of English where there is no such language. `is_strict` raises on a missing fact."""
    return _load_words(language if language in list_languages() else DEFAULT_LANGUAGE, is_strict=is_strict)


@cache
def _load_words(language: str, *, is_strict: bool) -> Words:
    files = sorted((LOCALES / language).glob("*.ftl"))
    messages = Messages(language, (path.read_text(encoding="utf-8") for path in files))
    return Words(language, messages, is_strict=is_strict)


def _escape(fact: str | int) -> str | int:
    if isinstance(fact, int | Html):
        return fact
    return html.escape(fact, quote=False)
