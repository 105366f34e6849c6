"""Shows what a handler returns, and turns what went wrong into words for the person."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject

from bot.delivery.notifier import Notifier
from bot.delivery.presenter import Presenter
from bot.screen import Answer
from bot.views import errors
from payroll.errors import DomainError, UnavailableError

_log = logging.getLogger(__name__)


class Showing(BaseMiddleware):
    """The answer to every update comes through here; one of the two outermost guards (the other is the notifier's)."""

    def __init__(self, presenter: Presenter, notifier: Notifier) -> None:
        self._presenter = presenter
        self._notifier = notifier

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """Handle, show, and let waiting notices go out."""
        answer: Answer | None
        try:
            answer = await handler(event, data)
        except UnavailableError as error:
            _log.warning("an update could not be handled: %s", error)
            answer = errors.render_error(data["words"], error, event)
        except DomainError as error:
            answer = errors.render_error(data["words"], error, event)
        except Exception:  # noqa: BLE001 - the outermost guard
            _log.exception("an update could not be handled")
            answer = errors.render_failure(data["words"], event)
            await self._notifier.tell_admins_of_failure()
        await self._presenter.show(event, answer)
        self._notifier.wake()
        return answer
