"""One update of a person at a time, in the order in which they came."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import CallbackQuery, Message, TelegramObject


class InOrder(BaseMiddleware):
    """Holds an update until the same person's earlier ones are handled; different people do not wait for each other."""

    def __init__(self) -> None:
        self._locks: dict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._waiting: dict[int, int] = defaultdict(int)

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """Wait for one's turn, then handle."""
        user = event.from_user if isinstance(event, Message | CallbackQuery) else None
        if user is None:
            return await handler(event, data)
        self._waiting[user.id] += 1
        try:
            async with self._locks[user.id]:
                return await handler(event, data)
        finally:
            self._waiting[user.id] -= 1
            if not self._waiting[user.id]:
                del self._waiting[user.id], self._locks[user.id]
