"""Only private chats are answered, each in a language it has told."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import CallbackQuery, TelegramObject

from bot.policies import find_private_user
from bot.words import DEFAULT_LANGUAGE, load_words


class PrivateOnly(BaseMiddleware):
    """Drops what is written in groups and channels; puts `words` in the language of the Telegram app beside the rest.

    A tap is let through from anywhere, because every tap is answered: with a sentence, by the handlers' policies.
    """

    def __init__(self, *, is_strict: bool) -> None:
        self._is_strict = is_strict

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """Let the update through, or not."""
        user = find_private_user(event)
        if user is None and not isinstance(event, CallbackQuery):
            return None
        language = (user.language_code if user else None) or DEFAULT_LANGUAGE
        data["words"] = load_words(language.partition("-")[0], is_strict=self._is_strict)
        return await handler(event, data)
