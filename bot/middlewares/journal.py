"""One log line for each handled update, and its count in the metrics: which handler, what came of it, how long."""

import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from aiogram import Dispatcher
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.dispatcher.event.handler import HandlerObject
from aiogram.methods import TelegramMethod
from aiogram.methods.base import Response, TelegramType
from aiogram.types import TelegramObject, Update, User

from bot.vitals import Vitals
from payroll.errors import DomainError, UnavailableError

Handler: TypeAlias = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]
_ENTRY = "journal_entry"
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Entry:
    """What is found out on the way; nothing was asked that handled it, at first."""

    handler: str = "-"
    outcome: str = "ignored"


class Journal:
    """Writes numbers of people and names of functions, never what somebody wrote."""

    def __init__(self, vitals: Vitals) -> None:
        self._vitals = vitals

    def attach(self, dispatcher: Dispatcher) -> None:
        """Watch everything that a dispatcher handles."""
        dispatcher.update.outer_middleware(self._record)
        for observer in (dispatcher.message, dispatcher.edited_message, dispatcher.callback_query):
            observer.middleware(_name_handler)

    async def _record(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        entry = data[_ENTRY] = _Entry()
        began, is_over = time.perf_counter(), False
        try:
            answer = await handler(event, data)
            is_over = True
            return answer
        finally:
            if not is_over and entry.outcome in ("ignored", "answered"):
                entry.outcome = "failed"
            self._write(event, data.get("event_from_user"), entry, time.perf_counter() - began)

    def _write(self, event: TelegramObject, sender: User | None, entry: _Entry, seconds: float) -> None:
        update_id, kind = (event.update_id, event.event_type) if isinstance(event, Update) else (0, "unknown")
        self._vitals.note_update(kind, entry.outcome, seconds)
        facts = {
            "update_id": update_id,
            "kind": kind,
            "sender_id": sender.id if sender is not None else "-",
            "handler": entry.handler,
            "outcome": entry.outcome,
            "ms": round(seconds * 1000),
        }
        _log.info("update", extra=facts)


async def _name_handler(handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
    """Closest to the handler: what it raises is seen here before it is turned into words."""
    entry, chosen = data.get(_ENTRY), data.get("handler")
    if not isinstance(entry, _Entry):
        return await handler(event, data)
    if isinstance(chosen, HandlerObject):
        entry.handler = f"{chosen.callback.__module__}.{chosen.callback.__name__}"
    entry.outcome = "failed"
    try:
        answer = await handler(event, data)
    except UnavailableError:
        entry.outcome = "unavailable"
        raise
    except DomainError as error:
        entry.outcome = f"refused:{error.key}"
        raise
    entry.outcome = "answered"
    return answer


class CountedCalls(BaseRequestMiddleware):
    """Counts the calls of the Bot API by method and answer: `ok`, or the name of the error."""

    def __init__(self, vitals: Vitals) -> None:
        self._vitals = vitals

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Any,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        """Make the call and count it."""
        outcome = "failed"
        try:
            response = await make_request(bot, method)
            outcome = "ok"
        except Exception as error:
            outcome = type(error).__name__
            raise
        finally:
            self._vitals.note_call(method.__api_method__, outcome)
        return response
