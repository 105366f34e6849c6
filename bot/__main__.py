"""`python -m bot`: the bot, or without a BOT_TOKEN the playground."""

import asyncio
import signal
import sys

from aiogram.exceptions import TelegramNotFound, TelegramUnauthorizedError

from bot.application import Application, build_bot
from bot.logs import set_up_logging
from bot.start import StartError, appoint_admins, prepare_database
from bot.trial import run_playground
from config import Config, ConfigError
from own_postgres import OwnPostgresError
from postgres_service import PostgresService
from repository.rules import Rules

STATUS_FAILED = 1
STATUS_SETTINGS = 2
STATUS_TOKEN = 3


def main() -> int:
    """Run until SIGINT or SIGTERM; the exit status."""
    try:
        config = Config.load()
        if config.playground_refusal is not None:
            return _say(f"{config.playground_refusal}.", STATUS_SETTINGS)
        set_up_logging(config.log_level, _list_secrets(config))
        asyncio.run(_run_until_stopped(config))
    except ConfigError as error:
        return _say(str(error), STATUS_SETTINGS)
    except (StartError, OwnPostgresError) as error:
        return _say(str(error), STATUS_FAILED)
    except (TelegramUnauthorizedError, TelegramNotFound):
        return _say("Telegram does not accept this BOT_TOKEN: set it as @BotFather gives it.", STATUS_TOKEN)
    return 0


async def _run_until_stopped(config: Config) -> None:
    running = asyncio.create_task(run_playground(config) if config.bot_token is None else _run_bot(config))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, running.cancel)
    await asyncio.wait({running})
    if not running.cancelled():
        running.result()


async def _run_bot(config: Config) -> None:
    params = await asyncio.to_thread(config.get_database_params)
    await prepare_database(config, params)
    with PostgresService(settle_ranks=True, rules=Rules.from_config(config), **params) as service:
        await appoint_admins(service, config)
        async with build_bot(config.bot_token or "", config.telegram_api_url) as bot:
            await Application(bot, service, is_open=config.registration == "open").run()


def _list_secrets(config: Config) -> list[str]:
    password = (config.database or {}).get("password")
    return [secret for secret in (config.bot_token, password) if secret]


def _say(sentence: str, status: int) -> int:
    sys.stderr.write(f"{sentence}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
