"""The memory card died: from the copy off the board alone to a running bot, by one command.

CARD_DIED_SHIFTS says how many shifts there are; `make test-long` takes 20,000.
"""

import asyncio
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import own_postgres
from backup.files import list_backups
from backup.targets import SAME_DISK
from benchmarks.dataset import FIRST_EMPLOYEE_ID, History, load, make_team
from config import HERE, Config
from pg_schema import PostgresSchema
from tests.backup.office import flip_a_byte, measure
from tests.bot.far import start_far_emulator
from tests.bot.processes import BotProcess
from tests.databases import connect

SHIFTS = int(os.environ.get("CARD_DIED_SHIFTS", "300"))
MOST_SECONDS = 300
TOKEN = "4242424242:AAcanaryCANARYcanaryCANARYcanary1234"
FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


def run(*arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """`python -m backup`, with nothing set but this."""
    command = [sys.executable, "-m", "backup", *arguments]
    return subprocess.run(
        command, cwd=HERE, env={**os.environ, **settings}, capture_output=True, text=True, check=False
    )


def live_until_the_card_dies(data_dir: Path, usb: Path) -> Any:
    """A bot's data with one backup on another disk; its figures. Nothing is left of it but that copy."""
    with own_postgres.lease(data_dir, settings=FAST) as lease:
        PostgresSchema(**lease.params, config=Config()).init_schema()
        with connect(lease.params) as connection:
            load(connection, History(SHIFTS, make_team()))
        figures = measure(lease.params)
        done = run("make", DATA_DIR=str(data_dir), BACKUP_TARGET=str(usb))
        assert done.returncode == 0, done.stderr
    shutil.rmtree(data_dir)
    return figures


async def test_from_the_copy_off_the_board_to_a_running_bot_by_one_command(run_dir: Path) -> None:
    usb, new_card = run_dir / "usb", run_dir / "new-card"
    usb.mkdir()
    (usb / SAME_DISK).touch()
    before = await asyncio.to_thread(live_until_the_card_dies, run_dir / "old-card", usb)

    (copy,) = list_backups(usb)
    damaged = run_dir / "damaged"
    shutil.copytree(usb, damaged)
    flip_a_byte(damaged / copy.path.name)
    refused = await asyncio.to_thread(run, "restore", str(damaged), DATA_DIR=str(new_card))
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"{copy.path.name} is damaged")

    async with start_far_emulator(TOKEN) as emulator:
        settings = {
            "DATA_DIR": str(new_card), "BOT_TOKEN": TOKEN, "ADMIN_IDS": "9001", "TELEGRAM_API_URL": emulator.api_url,
        }  # fmt: skip
        began = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "backup", "restore", str(usb), "--run", cwd=HERE, env={**os.environ, **settings},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        try:
            async with asyncio.timeout(MOST_SECONDS):
                line = await (process.stdout or asyncio.StreamReader()).readline()
            bot = BotProcess(process)
            await bot.wait_for("running as @")
            alice = await emulator.add_person(FIRST_EMPLOYEE_ID, "Alice")
            with own_postgres.lease(new_card) as lease:
                await alice.send("/start")
                assert "Create shift" in (await alice.screen()).buttons
                seconds = time.monotonic() - began
                after = measure(lease.params)
            assert await bot.stop() == 0
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()
            own_postgres.stop(new_card)
    assert f"{SHIFTS:,} shifts" in line.decode()
    assert "every count, sum and hash is as it was" in line.decode()
    assert (after.months, after.ledger) == (before.months, before.ledger)
    assert {table: after.tables[table] for table in ("shifts", "shift_products", "balance_transactions")} == {
        table: before.tables[table] for table in ("shifts", "shift_products", "balance_transactions")
    }
    assert seconds < MOST_SECONDS
    print(f"card died: {SHIFTS:,} shifts, {after.ledger_lines:,} ledger lines, bot answers after {seconds:.1f} s")
