"""Whether Telegram can be reached. While it is away, one call asks for all whether it is back."""

import asyncio
import logging
import time

from aiogram import Bot
from aiogram.methods import GetMe

from bot.delivery.refusals import NOT_HEARD, SEND_ERRORS

FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 8.0
ASK_SECONDS = 10
"""How long Telegram may take to answer the question whether it is there."""
REMIND_SECONDS = 600.0
"""How often an outage that goes on is logged."""
_log = logging.getLogger(__name__)


class Reach:
    """Who was not heard asks `is_away`, and waits for `back` where that is so."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._doubted = asyncio.Event()
        self._verdict: asyncio.Future[bool] | None = None
        self.back = asyncio.Event()
        self.back.set()

    async def is_away(self) -> bool:
        """Whether Telegram answers nobody now, as one call finds out for all who ask meanwhile."""
        if self._verdict is None:
            self._verdict = asyncio.get_running_loop().create_future()
            self._doubted.set()
        return await asyncio.shield(self._verdict)

    async def run(self) -> None:
        """Find out, and wait until it is back, as often as somebody was not heard; until cancelled."""
        while True:
            await self._doubted.wait()
            self._doubted.clear()
            reason = await self._ask()
            if reason is not None:
                self.back.clear()
            self._tell(is_away=reason is not None)
            if reason is not None:
                await self._wait_out(reason)
                self.back.set()
            self._verdict = None

    def _tell(self, *, is_away: bool) -> None:
        if self._verdict is not None and not self._verdict.done():
            self._verdict.set_result(is_away)

    async def _wait_out(self, reason: str | None) -> None:
        began = told_at = time.monotonic()
        wait = FIRST_WAIT_SECONDS
        _log.warning("Telegram does not answer (%s); what is to be sent waits until it does", reason)
        while reason is not None:
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT_SECONDS)
            reason, now = await self._ask(), time.monotonic()
            if reason is not None and now - told_at >= REMIND_SECONDS:
                told_at = now
                _log.warning("Telegram has not answered for %.0f min (%s)", (now - began) / 60, reason)
        _log.info("Telegram answers again, after %.0f s", time.monotonic() - began)

    async def _ask(self) -> str | None:
        """Why Telegram is not heard, None where it is: also where it refuses to answer this."""
        try:
            await self._bot(GetMe(), request_timeout=ASK_SECONDS)
        except NOT_HEARD as error:
            return type(error).__name__
        except SEND_ERRORS as error:
            _log.debug("Telegram answers, with a refusal: %s", error)
        return None
