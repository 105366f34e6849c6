"""Which message of a chat carries the live keyboard: remembered here, kept in the database for the next start."""

import asyncio
import logging

from payroll.errors import UnavailableError
from postgres_service import PostgresService

_log = logging.getLogger(__name__)


class LiveScreens:
    """The live message of each chat. While the database is away what is remembered has to do."""

    def __init__(self, service: PostgresService) -> None:
        self._kept = service.screens
        self._known: dict[int, int | None] = {}

    async def find(self, chat_id: int) -> int | None:
        """Id of the chat's live message, None where none is known."""
        if chat_id not in self._known:
            try:
                self._known[chat_id] = await asyncio.to_thread(self._kept.find, chat_id)
            except UnavailableError as error:
                _log.warning("the live screen of a chat is not known: %s", error)
                return None
        return self._known[chat_id]

    async def put(self, chat_id: int, message_id: int) -> None:
        """Make a message the chat's live one."""
        self._known[chat_id] = message_id
        try:
            await asyncio.to_thread(self._kept.put, chat_id, message_id)
        except UnavailableError as error:
            _log.warning("the live screen of a chat is not kept: %s", error)

    async def forget(self, chat_id: int, message_id: int) -> None:
        """A message stays as a record: it is the live one no longer, if it was."""
        if await self.find(chat_id) != message_id:
            return
        self._known[chat_id] = None
        try:
            await asyncio.to_thread(self._kept.forget, chat_id, message_id)
        except UnavailableError as error:
            _log.warning("the live screen of a chat is still kept: %s", error)
