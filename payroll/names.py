"""Names of people as they come in: whatever somebody calls themselves can be kept, shown and sent."""

import unicodedata

LONGEST_NAME = 200
NAMELESS = "?"
_NOT_KEPT = ("Cc", "Cs")
_NOT_SEEN = ("C", "Z")


def tidy_name(text: str) -> str:
    """A name without control characters and halves of characters, on one line, of at most 200 characters.

    Neither PostgreSQL nor Telegram takes NUL or an unpaired surrogate. Where nothing that can be seen is left, `?`.

    >>> tidy_name("Al" + chr(0) + "ice" + chr(0xD800))
    'Alice'
    """
    name = tidy_line(text).strip()[:LONGEST_NAME].rstrip()
    return name if any(unicodedata.category(char)[0] not in _NOT_SEEN for char in name) else NAMELESS


def name_employee(employee_id: int) -> str:
    """What an employee is called of whom there is only a number."""
    return f"Employee {employee_id}"


def name_admin(telegram_id: int) -> str:
    """What an admin is called of whom there is only the account, as `ADMIN_IDS` names them."""
    return f"Admin {telegram_id}"


def tidy_line(text: str) -> str:
    """A text on one line, without control characters and halves of characters."""
    return "".join(" " if char.isspace() else char for char in text if char.isspace() or not _is_dropped(char))


def _is_dropped(char: str) -> bool:
    return unicodedata.category(char) in _NOT_KEPT
