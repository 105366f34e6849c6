"""Tells systemd how the bot is, as sd_notify(3) has it; where nobody listens (NOTIFY_SOCKET) nothing is told."""

import asyncio
import logging
import socket

from bot.health import HealthCheck

LOOK_SECONDS = 0.5
"""How often a bot that starts is looked at."""
PATIENCE_SECONDS = 30
"""How long systemd then waits for the next word: a bot waits for its database and for Telegram without an end."""
TIMES_FED = 4
"""How often the watchdog is fed within its time."""
_PATIENCE = f"EXTEND_TIMEOUT_USEC={PATIENCE_SECONDS * 10**6}"
_log = logging.getLogger(__name__)


def notify(address: str | None, *words: str) -> None:
    """Say something, such as `READY=1`, to the socket at the address: a path, or a name that begins with an @."""
    if address is None:
        return
    path = "\0" + address[1:] if address.startswith("@") else address
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.settimeout(0)
        try:
            sender.sendto("\n".join(words).encode(), path)
        except OSError as error:
            _log.warning("systemd does not listen: %s", error)


async def tell_systemd(check: HealthCheck, address: str | None, watchdog_seconds: float | None) -> None:
    """Until cancelled: ready once a poll is completed on a database that answers, from then on alive while that is so.

    A bot that waits for its database or for Telegram asks for patience, as long as its loop turns; one that is at work
    and whose poll never returns, or whose database is gone, falls silent (FAULTS "Telegram").
    """
    if address is None:
        return
    is_ready = False
    while not is_ready:
        await asyncio.sleep(LOOK_SECONDS)
        is_ready = await _look(check, address, "READY=1", otherwise=_PATIENCE)
    while watchdog_seconds is not None:
        await _look(check, address, "WATCHDOG=1")
        await asyncio.sleep(watchdog_seconds / TIMES_FED)


async def _look(check: HealthCheck, address: str, good: str, *, otherwise: str | None = None) -> bool:
    is_well, report = await check.report()
    has_polled = report["updates_by"] == "webhook" or report["last_poll_seconds_ago"] is not None
    is_good = is_well and has_polled
    word = good if is_good else otherwise
    status = "; ".join(report["problems"]) or "at work"
    notify(address, *([word] if word else []), f"STATUS={status}")
    return is_good
