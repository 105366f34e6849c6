"""The bot on Telegram, with its database."""

import asyncio

from aiogram.exceptions import TelegramNotFound, TelegramUnauthorizedError

from bot.application import Application, build_bot
from bot.start import STATUS_TOKEN, StartError, appoint_admins, prepare_database
from config import Config
from postgres_service import PostgresService
from repository.rules import Rules


async def run_bot(config: Config, token: str) -> None:
    """Run until cancelled. Raises StartError, ConfigError."""
    params = await asyncio.to_thread(config.get_database_params)
    await prepare_database(config, params)
    with PostgresService(settle_ranks=True, rules=Rules.from_config(config), **params) as service:
        await appoint_admins(service, config)
        async with build_bot(token, config.telegram_api_url) as bot:
            try:
                await Application(bot, service, is_open=config.registration == "open").run()
            except (TelegramUnauthorizedError, TelegramNotFound) as error:
                sentence = "Telegram does not accept this BOT_TOKEN: set it as @BotFather gives it."
                raise StartError(sentence, STATUS_TOKEN) from error
