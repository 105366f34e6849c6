"""What has to be there before the bot can run: the database with its schema, and somebody in charge."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

import psycopg

from config import Config, ConfigError
from payroll.errors import ErrorKey, UnavailableError
from pg_schema import PostgresSchema
from postgres_service import PostgresService

STATUS_FAILED = 1
STATUS_SETTINGS = 2
STATUS_TOKEN = 3
"""Telegram does not know the token: starting again will not help."""
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


async def appoint_admins(service: PostgresService, config: Config) -> None:
    """Make those in ADMIN_IDS owners. Raises ConfigError where nobody would be in charge (TECH T5)."""
    for telegram_id in config.admin_ids:
        await asyncio.to_thread(service.people.ensure_owner, telegram_id)
    if not await asyncio.to_thread(service.people.list_admins):
        problem = (
            "ADMIN_IDS is not set and the database has no admin, so nobody could let anybody in: set ADMIN_IDS to the "
            "Telegram id of whoever is in charge, a number that @userinfobot tells."
        )
        raise ConfigError([problem])
