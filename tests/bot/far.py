"""The emulator in a process of its own, as Telegram is one."""

import asyncio
import contextlib
import re
import sys
from collections.abc import AsyncIterator

from playground.client import TOKEN, Emulator
from tests.bot.processes import PATIENCE, ROOT


@contextlib.asynccontextmanager
async def start_far_emulator(token: str = TOKEN) -> AsyncIterator[Emulator]:
    """An emulator on a free port, until the block ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "playground", "--port", "0", "--token", token, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    said = ""
    try:
        async with asyncio.timeout(PATIENCE):
            while not (url := re.search(r"TELEGRAM_API_URL=(\S+)", said)):
                line = await process.stdout.readline()
                assert line, f"the emulator did not start: {said}"
                said += line.decode()
        yield Emulator(url[1], token)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()
