"""`python -m bot`: the bot, or without a BOT_TOKEN the playground; `--reset` starts the sample data over."""

import asyncio
import contextlib
import ctypes
import gc
import signal
import sys
from collections.abc import Iterator, Sequence

from bot.logs import log_what_nobody_awaited, set_up_logging
from bot.start import STATUS_FAILED, STATUS_SETTINGS, StartError
from config import Config, ConfigError, OwnServerError
from program import run

_RESET = "--reset"
_REAL_BOT = (
    f"{_RESET} (make run RESET=1) starts the playground's sample data over, but BOT_TOKEN is set, so this is a real "
    "bot: nothing was touched."
)
SWITCH_SECONDS = 0.0005
"""What a thread that got an answer from PostgreSQL waits at most for one that computes; Python's own 5 ms are a tap."""
_M_ARENA_MAX = -8  # of malloc.h
_DATABASE_SECRETS = ("password", "sslpassword", "scram_client_key", "scram_server_key", "oauth_client_secret")


def main(arguments: Sequence[str]) -> int:
    """Run until SIGINT or SIGTERM; the exit status."""
    _save_memory()
    sys.setswitchinterval(SWITCH_SECONDS)
    if list(arguments) not in ([], [_RESET]):
        return _say(f"usage: python -m bot [{_RESET}]", STATUS_SETTINGS)
    is_reset = _RESET in arguments
    try:
        config = Config.load()
        if config.playground_refusal is not None:
            return _say(f"{config.playground_refusal}.", STATUS_SETTINGS)
        if is_reset and config.bot_token is not None:
            return _say(_REAL_BOT, STATUS_SETTINGS)
        set_up_logging(config.log_from, _list_secrets(config))
        asyncio.run(_run_until_stopped(config, is_reset=is_reset))
    except KeyboardInterrupt:
        return 0  # before the bot listened to signals itself
    except OwnServerError as error:
        return _say(str(error), STATUS_FAILED)
    except ConfigError as error:
        return _say(str(error), STATUS_SETTINGS)
    except StartError as error:
        return _say(str(error), error.status)
    return 0


async def _run_until_stopped(config: Config, *, is_reset: bool) -> None:
    # Late: what is wrong with the settings is said before the seconds that these take.
    with _loading():
        from bot.notify import notify
        from bot.run import run_bot
        from bot.trial import run_playground

    log_what_nobody_awaited(asyncio.get_running_loop())
    token = config.bot_token
    running = asyncio.create_task(
        run_playground(config, is_reset=is_reset) if token is None else run_bot(config, token)
    )

    def stop() -> None:
        notify(config.notify_socket, "STOPPING=1")
        running.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    await asyncio.wait({running})
    if not running.cancelled():
        running.result()


def _save_memory() -> None:
    """Two pools of free memory for all threads together. The C library would make up to eight a core, each of MiB."""
    with contextlib.suppress(AttributeError):  # not the GNU library
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)


@contextlib.contextmanager
def _loading() -> Iterator[None]:
    """No garbage is looked for among what is loaded for good: a fifth of the start, and some of every later look."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _list_secrets(config: Config) -> list[str]:
    database, account = config.database or {}, config.google_sa_json or {}
    named = (config.bot_token, config.webhook_secret, *(database.get(name) for name in _DATABASE_SECRETS))
    # A key of many lines may be told by one of them.
    key = [line for line in str(account.get("private_key", "")).splitlines() if "PRIVATE KEY" not in line]
    return [str(secret) for secret in (*named, account.get("private_key_id"), *key) if secret]


def _say(sentence: str, status: int) -> int:
    sys.stderr.write(f"{sentence}\n")
    return status


if __name__ == "__main__":
    run(lambda: main(sys.argv[1:]))
