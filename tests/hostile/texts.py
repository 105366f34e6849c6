"""Texts that are made to break what reads, keeps or shows them. The same seed gives the same texts."""

import json
import random

LONG = 100_000
"""Bytes of the longest texts, as JSON."""
TAGS = (
    "<i>",
    "</i>",
    "<u>",
    "<tg-spoiler>",
    "<a href='tg://user?id=1'>",
    "</a>",
    "<pre>",
    "<blockquote>",
    "<!--",
    "<x",
)
"""Markup that the bot itself never uses: where it comes out as markup, something was not escaped."""
NOT_OURS = frozenset({"italic", "underline", "spoiler", "text_link", "pre", "blockquote"})
"""What that markup becomes."""

_PIECES = (
    *TAGS, "<b>", "</b>", "&lt;", "&", "&#0;", "&#x202e;", "<3", ">", '"', "'",
    "\x00", "\x01", "\x1b[31m", "\x7f", "\x85", "\ud800", "\udfff", "\udc80", "\ufffe", "\ufeff",
    "\u202e", "\u2066", "\u2069", "\u200b", "\u200d", "\u0301" * 40, "عومر", "עומר", "🙂", "👩‍👩‍👧‍👦", "\U000e0041",
    "\n", "\r\n", "\t", " ", "\u00a0", "\u2028", "\u3000",
    "{", "}", "{ $value }", "{name}", "%s", "%(x)s", "{0.__class__}", "$(reboot)", "`id`", "\\", "\\u0000", "../../..",
    "'; DROP TABLE shifts; --", "=cmd|' /C calc'!A0", "/start", "/admin", "@bot", "javascript:alert(1)",
    "0", "1", "9", "12", "500", "99.90", "99,90", "1,234", "1.234", "1 234.50", "$", "-", "+", "−", ".", ",", ":", "e9",
    "1e308", "NaN", "Infinity", "-0", "0x10", "1_000", "٣", "²", "Ⅷ", "½", "１２", "०", "99999999.99", "100000000",
    "8:30", "20:15", "24:00", "8:60", "am", "pm", "AM PM", "noon", "12:00:00", "2026-11-16", "8.30", "0830",
)  # fmt: skip


def write_text(dice: random.Random) -> str:
    """One hostile text: pieces after each other, single characters from anywhere, or one piece over and over."""
    kind = dice.random()
    if kind < 0.01:
        piece = dice.choice(_PIECES)
        return piece * (LONG // len(json.dumps(piece)))
    if kind < 0.15:
        return "".join(chr(dice.randrange(0x110000)) for _ in range(dice.randrange(1, 30)))
    if kind < 0.3:
        return dice.choice(_PIECES)
    return "".join(dice.choices(_PIECES, k=dice.randrange(2, 7)))


def list_texts(seed: int, count: int) -> list[str]:
    """So many hostile texts."""
    dice = random.Random(seed)
    return [write_text(dice) for _ in range(count)]
