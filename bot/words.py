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

LOCALES = Path(__file__).parent / "locales"
DEFAULT_LANGUAGE = "en"

_BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_log = logging.getLogger(__name__)


class Html(str):
    """Text for Telegram's HTML that is escaped already."""

    __slots__ = ()


class MissingWordsError(LookupError):
    """A message or one of its facts is missing: an error of the program."""


class Words:
    """The messages of one language. `words(key, **facts)` is HTML, `words.plain(key, **facts)` is for buttons."""

    def __init__(self, language: str, bundle: FluentBundle, *, is_strict: bool) -> None:
        self.language = language
        self._bundle = bundle
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
        return self._bundle.has_message(key)

    def _format(self, key: str, facts: dict[str, str | int]) -> str:
        if not self._bundle.has_message(key):
            raise MissingWordsError(f"{self.language}: no message {key}")
        pattern = self._bundle.get_message(key).value
        if pattern is None:
            raise MissingWordsError(f"{self.language}: {key} has no text")
        text, errors = self._bundle.format_pattern(pattern, facts)
        if errors and self._is_strict:
            raise MissingWordsError(f"{self.language}: {key}: {errors}")
        for error in errors:
            _log.error("words %s of %s: %s", key, self.language, error)
        return str(text)


def clean_name(text: str) -> str:
    """A name that cannot turn the text around it: controls taken out, right-to-left writing isolated.

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
    bundle = FluentBundle([language], use_isolating=False)
    for path in sorted((LOCALES / language).glob("*.ftl")):
        bundle.add_resource(FluentResource(path.read_text(encoding="utf-8")))
    return Words(language, bundle, is_strict=is_strict)


def _escape(fact: str | int) -> str | int:
    if isinstance(fact, int | Html):
        return fact
    return html.escape(fact, quote=False)
