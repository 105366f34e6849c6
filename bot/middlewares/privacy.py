"""Only private chats are answered, each in a language it has told."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.enums import ChatType
from aiogram.types import CallbackQuery, Message, TelegramObject, User

from bot.words import load_words


class PrivateOnly(BaseMiddleware):
    """Drops what comes from groups and channels; puts `words` in the language of the Telegram app beside the rest."""

    def __init__(self, *, is_strict: bool) -> None:
        self._is_strict = is_strict

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """Let the update through, or not."""
        user = _find_private_user(event)
        if user is None:
            return None
        language = (user.language_code or "").partition("-")[0]
        data["words"] = load_words(language, is_strict=self._is_strict)
        return await handler(event, data)


def _find_private_user(event: TelegramObject) -> User | None:
    """Who writes or taps, None where that is not in a private chat with the bot."""
    if isinstance(event, CallbackQuery):
        is_private = event.message is None or event.message.chat.type == ChatType.PRIVATE
        return event.from_user if is_private else None
    if isinstance(event, Message) and event.chat.type == ChatType.PRIVATE:
        return event.from_user
    return None
