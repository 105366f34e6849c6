"""Enforces what the handlers' policies say, before any of them is asked (FAULTS "Telegram", "People")."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware, Router
from aiogram.types import CallbackQuery, Message, TelegramObject

from bot.policies import Refusal, get_policy, list_handlers, name_handler
from bot.screen import Answer

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]
Refuse = Callable[[Refusal, TelegramObject, dict[str, Any]], Awaitable[Answer | None]]

_log = logging.getLogger(__name__)


class Rights(BaseMiddleware):
    """Stands right before the handler that was found for an update; what its policy does not allow is answered here."""

    def __init__(self, refuse: Refuse) -> None:
        self._refuse = refuse

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Let the update through to its handler, or answer why not."""
        found = data["handler"]
        refusal = get_policy(found).find_refusal(event, data.get("person"))
        if refusal is None:
            return await handler(event, data)
        user = event.from_user if isinstance(event, Message | CallbackQuery) else None
        facts = {"handler": name_handler(found), "telegram_id": user.id if user else None, "reason": str(refusal)}
        _log.info("refused", extra=facts)
        return await self._refuse(refusal, event, data)


def guard(routers: list[Router], refuse: Refuse) -> list[Router]:
    """Put the policies of all handlers in force. Raises PolicyMissingError, which names a handler without one."""
    for _, handler in list_handlers(routers):
        get_policy(handler)
    for router in routers:
        for observer in router.observers.values():
            observer.middleware(Rights(refuse))
    return routers
