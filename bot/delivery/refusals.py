"""What Telegram's refusals mean."""

from enum import StrEnum
from typing import TypeAlias

from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramServerError,
    TelegramUnauthorizedError,
)

NOT_HEARD = (TelegramNetworkError, TelegramServerError, ClientDecodeError)
"""Telegram was not reached or is unwell (a proxy's page in place of an answer): the same may go well in a moment."""
SendError: TypeAlias = TelegramAPIError | ClientDecodeError
"""Whatever a call of the Bot API raises."""
SEND_ERRORS = (TelegramAPIError, ClientDecodeError)
NOT_OURS = (TelegramUnauthorizedError, TelegramNotFound)
"""Telegram does not (or no longer) know the token."""


class Unreachable(StrEnum):
    """Why Telegram delivers nothing to a person; each has words for the admins."""

    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"
    NEVER_STARTED = "never_started"


def is_not_modified(error: TelegramBadRequest) -> bool:
    """The message is already as it should be: as good as done."""
    return "message is not modified" in error.message


def is_about_webhook(error: TelegramConflictError) -> bool:
    """Polls are refused because a webhook is set, or was set while one went on; not because another program polls."""
    return "webhook" in error.message.lower()


def is_bad_markup(error: TelegramBadRequest) -> bool:
    """Telegram does not understand the HTML."""
    return "can't parse entities" in error.message


def is_long_keyboard(error: TelegramBadRequest) -> bool:
    """The keyboard has over 100 buttons, or over 10 kB."""
    return "reply markup is too long" in error.message.lower() or "REPLY_MARKUP_TOO_LONG" in error.message


def find_unreachable(error: SendError) -> Unreachable | None:
    """Why nothing at all arrives in this chat; None where it is about this one message."""
    said = getattr(error, "message", "").lower()
    if isinstance(error, TelegramForbiddenError):
        if "deactivated" in said:
            return Unreachable.DEACTIVATED
        return Unreachable.NEVER_STARTED if "initiate" in said else Unreachable.BLOCKED
    is_unknown = isinstance(error, TelegramBadRequest) and ("chat not found" in said or "user not found" in said)
    return Unreachable.NEVER_STARTED if is_unknown else None
