"""Who is this: looked up once an update, by the numeric id of the account (TECH T1)."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject

from bot.caller import Caller
from bot.policies import find_private_user
from bot.use_cases import people
from bot.words import load_words

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


class Identity(BaseMiddleware):
    """Puts `person` (None for a stranger) beside an update, and `words` in the language that their record has."""

    def __init__(self, *, is_strict: bool) -> None:
        self._is_strict = is_strict

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Let the update through to its handler with what was found."""
        call: Caller = data["call"]
        user = find_private_user(event)
        person = None if user is None else await call(people.find_person, user.id, user.full_name)
        data["person"] = person
        if person is not None and person.language is not None:
            data["words"] = load_words(person.language, is_strict=self._is_strict)
        return await handler(event, data)
