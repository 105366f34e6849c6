"""What Telegram's refusals mean."""

from typing import TypeAlias

from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramServerError,
)

NOT_HEARD = (TelegramNetworkError, TelegramServerError, ClientDecodeError)
"""Telegram was not reached or is unwell (a proxy's page in place of an answer): the same may go well in a moment."""
SendError: TypeAlias = TelegramAPIError | ClientDecodeError
"""Whatever a call of the Bot API raises."""
SEND_ERRORS = (TelegramAPIError, ClientDecodeError)


def is_not_modified(error: TelegramBadRequest) -> bool:
    """The message is already as it should be: as good as done."""
    return "message is not modified" in error.message


def is_bad_markup(error: TelegramBadRequest) -> bool:
    """Telegram does not understand the HTML."""
    return "can't parse entities" in error.message


def is_final(error: SendError) -> bool:
    """Whether the same message would be refused again: its chat is gone or blocked, or it is wrong in itself."""
    return isinstance(error, TelegramForbiddenError | TelegramBadRequest)


def describe(error: AiogramError) -> str:
    """The refusal for the log."""
    return f"{type(error).__name__}: {getattr(error, 'message', '')}"
