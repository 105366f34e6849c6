"""Asks what was asked before, after an outage in which presses were lost (FAULTS "Telegram").

A press lives 150 s at Telegram: who tapped while the bot, Telegram or the database was away for longer waits in vain.
"""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

from bot.delivery.parcels import Outgoing, end_question, wrap
from bot.delivery.sender import Sender
from bot.handlers.showing import show
from bot.paging import fit
from bot.use_cases import answering, people
from bot.words import DEFAULT_LANGUAGE, load_words
from payroll.errors import DomainError, UnavailableError
from postgres_service import PostgresService

RETRY_SECONDS = 5.0
_log = logging.getLogger(__name__)


class AskingAgain:
    """Every dialogue in sight that was touched in the last day, once an outage. The start of the bot ends one."""

    def __init__(self, service: PostgresService, sender: Sender, *, is_strict: bool) -> None:
        self._service = service
        self._sender = sender
        self._is_strict = is_strict
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="asking-again")
        self._over = asyncio.Event()
        self._over.set()

    def wake(self) -> None:
        """An outage is over."""
        self._over.set()

    async def run(self) -> None:
        """Ask until cancelled."""
        try:
            while True:
                await self._over.wait()
                self._over.clear()
                try:
                    await self._ask_all()
                except UnavailableError as error:
                    _log.warning("nobody could be asked again yet: %s", error)
                    await asyncio.sleep(RETRY_SECONDS)
                    self._over.set()
        finally:
            self._thread.shutdown(wait=False)

    async def _ask_all(self) -> None:
        loop, find = asyncio.get_running_loop(), self._service.drafts.list_interrupted
        interrupted = await loop.run_in_executor(self._thread, find)
        for draft_id, telegram_id in interrupted:
            try:
                await loop.run_in_executor(self._thread, self._ask, draft_id, telegram_id)
                self._sender.wake()
            except UnavailableError:
                raise
            except DomainError as error:
                # Its shift has been deleted since, say; the next tap tells.
                _log.info("a dialogue is not asked again: %s", error)
        if interrupted:
            _log.info("%d dialogues were asked again", len(interrupted))

    def _ask(self, draft_id: str, telegram_id: int) -> None:
        with self._service.transaction():
            person = people.find_person(self._service, telegram_id)
            asked = answering.show_current(self._service, person) if person is not None else None
            if person is None or asked is None or asked.draft_id != draft_id:
                return
            language = (person.language or DEFAULT_LANGUAGE).partition("-")[0]
            words = load_words(language, is_strict=self._is_strict)
            screen = fit(words, show(words, self._service.rules.zone, asked, problem=words("form-asked-again")))
            self._post(wrap(telegram_id, screen, draft_id=draft_id), draft_id)

    def _post(self, out: Outgoing, draft_id: str) -> None:
        if self._service.drafts.note_shown(out.chat_id, draft_id):
            out = end_question(out)
        self._service.outbox.add_to_chat(out.chat_id, out.kind, out.payload, out.photo, overtakes=out.overtakes)
