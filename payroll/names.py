"""Names of people as they come in: whatever somebody calls themselves can be kept, shown and sent."""

import unicodedata

LONGEST_NAME = 200
NAMELESS = "?"
_NOT_KEPT = ("Cc", "Cs")
_NOT_SEEN = ("C", "Z", "M")
_BLANK = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and signs, by their category, that show nothing: fillers of Hangul and Khmer, an empty pattern of Braille."""


def tidy_name(text: str) -> str:
    """A name without control characters and halves of characters, on one line, of at most 200 characters.

    Neither PostgreSQL nor Telegram takes NUL or an unpaired surrogate. Where nothing that can be seen is left, `?`.

    >>> tidy_name("Al" + chr(0) + "ice" + chr(0xD800))
    'Alice'
    """
    name = tidy_line(text).strip()[:LONGEST_NAME].rstrip()
    return name if any(map(_is_seen, name)) else NAMELESS


def name_employee(employee_id: int) -> str:
    """What an employee is called of whom there is only a number."""
    return f"Employee {employee_id}"


def name_admin(telegram_id: int) -> str:
    """What an admin is called of whom there is only the account, as `ADMIN_IDS` names them."""
    return f"Admin {telegram_id}"


def tidy_line(text: str) -> str:
    """A text on one line, without control characters and halves of characters."""
    return "".join(" " if char.isspace() else char for char in text if char.isspace() or not _is_dropped(char))


def _is_seen(char: str) -> bool:
    return char not in _BLANK and unicodedata.category(char)[0] not in _NOT_SEEN


def _is_dropped(char: str) -> bool:
    return unicodedata.category(char) in _NOT_KEPT
