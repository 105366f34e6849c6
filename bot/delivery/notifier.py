"""Sends the notices that transactions have left behind, in order, once each where Telegram lets us know."""

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from typing import Any

from aiogram import Bot

from bot.delivery.presenter import Presenter
from bot.delivery.refusals import SEND_ERRORS, describe, is_final
from bot.views import notices
from bot.words import DEFAULT_LANGUAGE, load_words
from payroll.errors import DomainError, UnavailableError
from postgres_service import PostgresService
from repository.notices import Notice

TICK_SECONDS = 30.0
_log = logging.getLogger(__name__)


class Notifier:
    """Waits to be woken after an update, looks on its own every half a minute, and at the start."""

    def __init__(self, bot: Bot, service: PostgresService, presenter: Presenter) -> None:
        self._bot = bot
        self._service = service
        self._presenter = presenter
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """There may be something to send."""
        self._woken.set()

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            self._woken.clear()
            try:
                await self.send_waiting()
            except DomainError as error:
                _log.warning("notices wait: %s", error)
            except SEND_ERRORS as error:
                _log.warning("notices wait: %s", describe(error))
            except Exception:  # noqa: BLE001 - what comes later must still be sent
                _log.exception("notices could not be sent")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TICK_SECONDS):
                    await self._woken.wait()

    async def send_waiting(self) -> None:
        """Send what waits, oldest first; what fails for now stays."""
        for notice in await asyncio.to_thread(self._service.notices.list_unsent):
            await self._send(notice)

    async def tell_admins_of_failure(self) -> None:
        """Leave the admins a message that something went wrong; the log says what."""
        try:
            await asyncio.to_thread(self._service.notices.add_for_admins, "failure", {})
        except UnavailableError as error:
            _log.warning("the admins could not be told: %s", error)

    async def _send(self, notice: Notice) -> None:
        if notice.telegram_id is None:
            await self._give_up(notice, "no Telegram account")
            return
        payload, ranks = await asyncio.to_thread(self._gather_facts, notice)
        words = load_words((notice.language or DEFAULT_LANGUAGE).partition("-")[0])
        try:
            screen = notices.render_notice(words, notice.kind, payload, ranks)
        except (LookupError, ValueError):
            _log.exception("notice %s has no words", notice.notice_id)
            await self._give_up(notice, "no words")
            return
        try:
            await self._presenter.send(notice.telegram_id, screen)
        except SEND_ERRORS as error:
            # One that will never arrive must not hold up what comes after it.
            if not is_final(error):
                raise
            await self._give_up(notice, describe(error))
            return
        await asyncio.to_thread(self._service.notices.mark_sent, notice.notice_id)

    def _gather_facts(self, notice: Notice) -> tuple[Mapping[str, Any], notices.RankNames]:
        """What a notice says, with the name of the person it is about, and the ranks by id."""
        payload = dict(notice.payload)
        if "employee_id" in payload:
            payload["employee_name"] = self._service.people.get(payload["employee_id"]).name
        return payload, self._service.statistics.get_rank_names()

    async def _give_up(self, notice: Notice, reason: str) -> None:
        _log.warning("notice %s cannot arrive: %s", notice.notice_id, reason)
        await asyncio.to_thread(self._service.notices.mark_failed, notice.notice_id, reason)
