"""Turns what was refused into words for the person, and what is too long for Telegram into pages."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import CallbackQuery, TelegramObject

from bot.paging import fit, read_turn
from bot.screen import Screen
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
        """What to show: the handler's answer, or why there is none. What turns a page is the button of its screen."""
        page = 0
        if isinstance(event, CallbackQuery) and event.data:
            page, tapped = read_turn(event.data)
            event = event.model_copy(update={"data": tapped}) if page else event
        try:
            answer = await handler(event, data)
        except UnavailableError:
            raise
        except DomainError as error:
            return errors.render_error(data["words"], error, event)
        return fit(data["words"], answer, page) if isinstance(answer, Screen) else answer
