"""The bot on Telegram, with its database."""

import asyncio
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any

from aiogram.exceptions import TelegramNotFound, TelegramUnauthorizedError

from bot.application import CONNECTIONS, Application, at_work, build_bot
from bot.backing import build_backing
from bot.delivery.introduction import Webhook
from bot.disk import DiskWatch, find_database_disk
from bot.health import HealthCheck
from bot.middlewares.journal import CountedCalls
from bot.mirroring import Mirroring, build_mirroring
from bot.notify import tell_systemd
from bot.start import (
    STATUS_TOKEN,
    StartError,
    appoint_admins,
    keep_own_database,
    prepare_database,
    warn_of_unsafe_server,
)
from bot.vitals import Vitals
from bot.web import WebServer, serve
from config import Config
from postgres_service import PostgresService
from repository.rules import Rules


async def run_bot(config: Config, token: str) -> None:
    """Run until cancelled. Raises StartError, ConfigError."""
    vitals = Vitals()
    check = HealthCheck(vitals, has_webhook=config.webhook_url is not None)
    server = WebServer(vitals, check, webhook_secret=config.webhook_secret)
    async with (
        serve(server, config.health_address),
        at_work(tell_systemd(check, config.notify_socket, config.watchdog_seconds)),
    ):
        params = await asyncio.to_thread(config.get_database_params)
        async with _keep_database(config):
            await _work(config, token, params, server, vitals=vitals, check=check)


async def _work(
    config: Config,
    token: str,
    params: Mapping[str, Any],
    server: WebServer,
    *,
    vitals: Vitals,
    check: HealthCheck,
) -> None:
    await prepare_database(config, params)
    rules = Rules.from_config(config)
    with PostgresService(settle_ranks=True, rules=rules, pool_size=CONNECTIONS, **params) as service:
        disk = DiskWatch(find_database_disk(config), service)
        check.watch(service, disk)
        await appoint_admins(service, config)
        await warn_of_unsafe_server(service)
        beside = build_mirroring(config, params), build_backing(config, params)
        await _chat(config, token, service, server, vitals=vitals, disk=disk, beside=beside)


def _keep_database(config: Config) -> AbstractAsyncContextManager[None]:
    """Only the PostgreSQL that we bring along is ours to start again."""
    return at_work(keep_own_database(config.get_database_params)) if config.database is None else nullcontext()


async def _chat(
    config: Config,
    token: str,
    service: PostgresService,
    server: WebServer,
    *,
    vitals: Vitals,
    disk: DiskWatch,
    beside: tuple[Mirroring | None, Mirroring | None],
) -> None:
    webhook = None
    if config.webhook_url is not None and config.webhook_secret is not None:
        webhook = Webhook(config.webhook_url, config.webhook_secret, server.deliver_to)
    is_open = config.registration == "open"
    async with build_bot(token, config.telegram_api_url) as bot:
        bot.session.middleware(CountedCalls(vitals))
        try:
            application = Application(
                bot, service, is_open=is_open, vitals=vitals, disk=disk, webhook=webhook, beside=beside
            )
            await application.run()
        except (TelegramUnauthorizedError, TelegramNotFound) as error:
            sentence = "Telegram does not accept this BOT_TOKEN: set it as @BotFather gives it."
            raise StartError(sentence, STATUS_TOKEN) from error
