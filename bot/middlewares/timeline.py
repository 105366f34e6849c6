"""Buttons come back with the timeline they were shown on."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import CallbackQuery, TelegramObject

from bot.keyboards.deciding import list_prefixes
from bot.seals import unstamp


class Timeline(BaseMiddleware):
    """Takes it off the data of a tap; a button of another timeline than the database's carries no seal then."""

    def __init__(self) -> None:
        self._prefixes = list_prefixes()

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """Let the tap through with what its button says."""
        if isinstance(event, CallbackQuery) and event.data is not None:
            plain = unstamp(event.data, self._prefixes, data["timeline"])
            if plain != event.data:
                event = event.model_copy(update={"data": plain})
        return await handler(event, data)
