"""What a long file is drawn from, as bytes that another process reads: the figures as they were when it was asked for.

A file of many rows takes seconds, on a small machine a minute. It is drawn in a process of its own then (`drawing`),
for here it would hold up everybody's answers.
"""

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from bot.documents.statement_pdf import render_statement_pdf
from bot.documents.statement_xlsx import render_statement_xlsx
from bot.words import Words, load_words
from payroll.business_time import BusinessZone
from payroll.statements import Statement

if TYPE_CHECKING:
    from pydantic import TypeAdapter

LONG_FROM = 100
"""So many rows make a file that is drawn in a process of its own."""
STATEMENT_FILES: Mapping[str, Callable[[Words, BusinessZone, Statement], bytes]] = {
    "pdf": render_statement_pdf,
    "xlsx": render_statement_xlsx,
}
"""How a statement is drawn, by the ending of the file's name."""


@dataclass(frozen=True, slots=True)
class _Order:
    language: str
    zone_name: str
    ending: str
    statement: Statement


def write_order(words: Words, zone: BusinessZone, statement: Statement, ending: str) -> bytes:
    """An order for a statement's file; a thousand shifts are some 30 KB."""
    order = _Order(words.language, zone.name, ending, statement)
    return zlib.compress(_get_adapter().dump_json(order))


def draw_order(order: bytes) -> bytes:
    """The file. Raises ValueError, zlib.error for what is no order, or one that another version of the bot wrote."""
    read = _get_adapter().validate_json(zlib.decompress(order))
    zone = BusinessZone.named(read.zone_name)
    return STATEMENT_FILES[read.ending](load_words(read.language), zone, read.statement)


@cache
def _get_adapter() -> "TypeAdapter[_Order]":
    # Late, and made once: a tenth of a second that a bot whom nobody asks for a long file need not take.
    from pydantic import TypeAdapter

    return TypeAdapter(_Order)
