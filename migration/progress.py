"""A bar on the terminal that says how far the work is; silent where nobody looks."""

import sys
from collections.abc import Iterable, Iterator
from typing import TextIO, TypeVar

T = TypeVar("T")

_WIDTH = 30
_EVERY = 50


class Progress:
    """Steps of known length, one after the other, each on the same line of the terminal."""

    def __init__(self, stream: TextIO = sys.stderr, *, is_shown: bool | None = None) -> None:
        """Shown where `stream` is a terminal, unless `is_shown` says otherwise."""
        self._stream = stream
        self._is_shown = stream.isatty() if is_shown is None else is_shown

    def show(self, what: str, done: int, total: int) -> None:
        """How much of a step is done."""
        if self._is_shown:
            share = done / total if total else 1
            filled = int(share * _WIDTH)
            bar = "█" * filled + "·" * (_WIDTH - filled)
            self._stream.write(f"\r\x1b[K{bar} {share:4.0%}  {what}")
            self._stream.flush()

    def follow(self, what: str, items: Iterable[T], total: int) -> Iterator[T]:
        """The items, while the bar moves."""
        for done, item in enumerate(items):
            if done % _EVERY == 0:
                self.show(what, done, total)
            yield item
        self.show(what, total, total)

    def clear(self) -> None:
        """Take the bar away."""
        if self._is_shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
