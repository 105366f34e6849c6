"""`python -m playground`: the emulator and its page alone, for a bot that is started by hand."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys

from playground.records import Profile
from playground.server import start_playground
from program import run

_TOKEN = "4242:playground"  # noqa: S105 - opens nothing but an emulator on this machine
_PEOPLE = (Profile(1001, "Alice", language_code="en"),)


def _read_person(given: str) -> Profile:
    """A person from `id:name`, `id:name:language` or `id:name:language:label`."""
    person_id, _, rest = given.partition(":")
    name, _, rest = rest.partition(":")
    language, _, label = rest.partition(":")
    if not person_id.isdecimal() or not name:
        raise argparse.ArgumentTypeError(f"{given!r} (allowed: id:name[:language[:label]], such as 1001:Alice:en)")
    return Profile(int(person_id), name, language_code=language or "en", label=label)


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m playground", description=__doc__)
    parser.add_argument("--port", type=int, default=8090, help="0 takes a free one (default: 8090)")
    parser.add_argument("--token", default=_TOKEN, help="the bot's token (default: %(default)s)")
    parser.add_argument(
        "--user", type=_read_person, action="append", default=[], metavar="1001:Alice:en[:label]", help="a person"
    )
    return parser.parse_args()


async def _serve(arguments: argparse.Namespace) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    playground = await start_playground("127.0.0.1", arguments.port, arguments.token, arguments.user or _PEOPLE)
    print(f"Open {playground.page_url} in a browser.", flush=True)  # noqa: T201 - this is what the command is for
    print(f"For the bot: TELEGRAM_API_URL={playground.api_url} BOT_TOKEN={arguments.token}", flush=True)  # noqa: T201
    await stop.wait()
    await playground.close()


def main() -> None:
    """Run until Ctrl-C or SIGTERM."""
    arguments = _read_arguments()
    try:
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(_serve(arguments))
    except OSError as error:
        sys.exit(f"The playground cannot listen on port {arguments.port}: {error.strerror}. Try another --port.")


if __name__ == "__main__":
    run(main)
