"""Has long files drawn, one at a time, each in a process of its own; the outbox then sends them as any other.

What is to be drawn waits in the outbox with the figures of the moment at which it was asked for, so a bot that ends
while a file is drawn has it drawn after its next start. No transaction is open meanwhile.
"""

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from payroll.errors import UnavailableError
from postgres_service import PostgresService

LONGEST_SECONDS = 180.0
"""For one file: several times what 2,000 shifts take on a Raspberry Pi."""
LARGEST_BYTES = 50 * 1000 * 1000
"""Telegram takes no larger file from a bot."""
RETRY_SECONDS = 1.0
_PROGRAM = "bot.documents.drawing"
_ROOT = Path(__file__).resolve().parents[2]
# What a Python needs of its surroundings; the settings, with their secrets, stay here.
_SURROUNDINGS = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "PYTHONDONTWRITEBYTECODE")
# Somebody ends everything, the bot too (systemd, Ctrl-C): that is no fault of the file.
_TOLD_TO_END = (-signal.SIGTERM, 128 + signal.SIGTERM, -signal.SIGINT, 128 + signal.SIGINT)
_LONGEST_REASON = 200
_log = logging.getLogger(__name__)


class DrawingError(Exception):
    """Why a file could not be drawn, with nothing of what stands in it."""


class Drawer:
    """Looks at its start and when it is woken, never unasked."""

    def __init__(self, service: PostgresService, on_done: Callable[[], None]) -> None:
        """`on_done` is called when there is something new to send."""
        self._service = service
        self._on_done = on_done
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """There may be something to draw."""
        self._woken.set()

    async def run(self) -> None:
        """Draw until cancelled; a process that draws then is ended."""
        while True:
            self._woken.clear()
            try:
                while await self._draw_next():
                    self._on_done()
            except UnavailableError as error:
                _log.warning("long files wait: %s", error)
                await asyncio.sleep(RETRY_SECONDS)
                continue
            await self._woken.wait()

    async def _draw_next(self) -> bool:
        """Whether there was one. Raises UnavailableError, with which it is still to be drawn."""
        outbox = self._service.outbox
        found = await asyncio.to_thread(outbox.find_order)
        if found is None:
            return False
        outbox_id, order = found
        try:
            file = await draw(order)
        except DrawingError as error:
            _log.error("file %s cannot be drawn: %s", outbox_id, error)
            await asyncio.to_thread(outbox.give_up_drawing, outbox_id)
        else:
            await asyncio.to_thread(outbox.put_drawn, outbox_id, file)
        return True


async def draw(order: bytes) -> bytes:
    """The file of an order, from a process that ends with this call and with the bot. Raises DrawingError."""
    while True:
        status, file, reason = await _run_program(order)
        if status in _TOLD_TO_END:
            await asyncio.sleep(RETRY_SECONDS)
            continue
        if status != 0:
            raise DrawingError(reason or f"it ended with {status}")
        if len(file) > LARGEST_BYTES:
            raise DrawingError(f"{len(file)} bytes are more than Telegram takes")
        return file


async def _run_program(order: bytes) -> tuple[int, bytes, str]:
    """The exit status, the output, and the last line of what it said about an error."""
    surroundings = {name: os.environ[name] for name in _SURROUNDINGS if name in os.environ}
    pipe = asyncio.subprocess.PIPE
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", _PROGRAM, cwd=_ROOT, env=surroundings, stdin=pipe, stdout=pipe, stderr=pipe
        )
    except OSError as error:
        raise DrawingError(f"no process for it: {error.strerror}") from error
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            file, said = await _talk(process, order)
            reason = said.decode(errors="replace").strip().rpartition("\n")[2][:_LONGEST_REASON]
            return await process.wait(), file, reason
    except TimeoutError as error:
        raise DrawingError(f"it took longer than {LONGEST_SECONDS:g} s") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _talk(process: asyncio.subprocess.Process, order: bytes) -> tuple[bytes, bytes]:
    """Give it the order, leaving its input open, and take what it says on either stream."""
    if process.stdin is None or process.stdout is None or process.stderr is None:
        raise DrawingError("no way to the process")
    reading = asyncio.gather(process.stdout.read(), process.stderr.read())
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(b"%d\n" % len(order) + order)
        await process.stdin.drain()
    return await reading
