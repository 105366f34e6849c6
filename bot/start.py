"""What has to be there before the bot can run: the database with its schema, and somebody in charge."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

import psycopg

from config import Config, ConfigError
from installation import name_command
from payroll.errors import ErrorKey, UnavailableError
from pg_schema import PostgresSchema
from postgres_service import PostgresService

T = TypeVar("T")

STATUS_FAILED = 1
STATUS_SETTINGS = 2
STATUS_TOKEN = 3
"""Telegram does not know the token: starting again will not help."""
STATUS_NOT_ALONE = 4
"""Another process works with this database."""
RETRY_SECONDS = 3.0
_log = logging.getLogger(__name__)


class StartError(Exception):
    """Why the bot cannot run, as a sentence for whoever started it, and the exit status that goes with it."""

    def __init__(self, sentence: str, status: int = STATUS_FAILED) -> None:
        super().__init__(sentence)
        self.status = status


async def prepare_database(config: Config, params: Mapping[str, Any]) -> None:
    """Create or upgrade the schema. A database that does not answer is waited for.

    Raises StartError where the database is newer than this program or refuses the schema.
    """
    reason = None
    while True:
        try:
            await asyncio.to_thread(PostgresSchema(**params, config=config).init_schema)
        except UnavailableError as error:
            if error.key is not ErrorKey.DATABASE_AWAY:
                raise StartError(f"The database cannot be used: {error}.") from error
            new_reason = str(error.facts.get("reason", error))
        except psycopg.OperationalError as error:
            new_reason = str(error).partition("\n")[0]
        except psycopg.Error as error:
            raise StartError(f"The database refused its schema: {error.diag.message_primary or error}.") from error
        else:
            if reason is not None:
                _log.info("the database is there")
            return
        if new_reason != reason:
            _log.warning("the database does not answer, waiting for it: %s", new_reason)
            reason = new_reason
        await asyncio.sleep(RETRY_SECONDS)


async def keep_own_database(start: Callable[[], object]) -> None:
    """Look every few seconds whether our own PostgreSQL runs, and `start` it where it does not, until cancelled.

    A disk that is full to the last byte ends it, and it cannot begin again before there is room.
    """
    reason = None
    while True:
        await asyncio.sleep(RETRY_SECONDS)
        try:
            await asyncio.to_thread(start)
        except ConfigError as error:
            # Behind the semicolon stand the server's own last words, which may recite a row.
            new_reason = str(error).partition(";")[0]
            if new_reason != reason:
                _log.error("the own PostgreSQL does not start again: %s", new_reason)
            reason = new_reason
        else:
            reason = None


async def appoint_admins(service: PostgresService, config: Config) -> None:
    """Make those in ADMIN_IDS owners. Raises ConfigError where nobody would be in charge (TECH T5)."""
    for telegram_id in config.admin_ids:
        await _wait_for(partial(service.people.ensure_owner, telegram_id))
    if not await _wait_for(service.people.list_admins):
        problem = (
            "ADMIN_IDS is not set and the database has no admin, so nobody could let anybody in: set ADMIN_IDS to the "
            "Telegram id of whoever is in charge, a number that @userinfobot tells."
        )
        raise ConfigError([problem])


async def warn_of_unsafe_server(service: PostgresService) -> None:
    """Say where the server is set so that a power cut loses what it has confirmed (FAULTS "Power cut").

    The bot runs all the same; the admins are told by the job that looks every day.
    """
    unsafe = (await _wait_for(service.server.get)).unsafe_settings
    if unsafe:
        command = name_command("doctor")
        _log.error("the database could lose what it has saved: %s; %s says what to do", ", ".join(unsafe), command)


async def _wait_for(ask: Callable[[], T]) -> T:
    """What the database says, once it answers: it may go away again while the bot starts."""
    while True:
        try:
            return await asyncio.to_thread(ask)
        except UnavailableError as error:
            _log.warning("the database does not answer, waiting for it: %s", error)
        await asyncio.sleep(RETRY_SECONDS)
