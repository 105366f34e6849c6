"""Turns what was refused into words for the person."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject

from bot.views import errors
from payroll.errors import DomainError, UnavailableError


class Showing(BaseMiddleware):
    """Where nobody could be asked at all (UnavailableError) the whole update is handled again, later."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """What to show: the handler's answer, or why there is none."""
        try:
            return await handler(event, data)
        except UnavailableError:
            raise
        except DomainError as error:
            return errors.render_error(data["words"], error, event)
