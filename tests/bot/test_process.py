"""The whole thing as an operator runs it: the bot, Telegram and the database each in a process of its own."""

import asyncio
import os
import re
import subprocess
import sys
import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

from postgres_service import PostgresService
from tests.bot.far import start_far_emulator
from tests.bot.processes import ROOT, describe_database, start_bot
from tests.bot.shifts import record

TOKEN = "4242424242:AAcanaryCANARYcanaryCANARYcanary1234"
WAGE_CANARY = Decimal("1357.91")
OPERATORS_CHECKS = """
from datetime import date, timedelta

import psycopg2

from config import Config
from pg_schema import PostgresSchema
from postgres_service import PostgresService

schema = PostgresSchema()
schema.init_schema()
assert schema.get_schema_version() >= 1
named = {
    "schema_metadata", "employee_settings", "dynamic_rates", "ranks", "employee_ranks", "shifts", "active_bonuses",
    "sync_log",
}
tables = schema.verify_schema()
assert named <= tables.keys()
assert all(tables.values())
assert schema.get_table_stats()["shifts"] == 0

with PostgresService(**Config.get_db_params()) as service:
    assert service.get_next_id() == service.get_next_id() == 1
    assert (service.get_employee_settings(100) or []) == []
    assert len(service.get_dynamic_rates()) == 4
    assert len(service.get_ranks()) == 6
    assert service.get_all_shifts() == []
    shift_id = service.create_shift({
        "employee_id": 100, "employee_name": "Alice", "shift_date": str(date.today() - timedelta(days=21)),
        "time_in": "09:00", "time_out": "17:00", "products": {"Model A": 500},
    })
    shifts = service.get_all_shifts()
    assert (shifts[0]["shift_id"], shifts[0]["employee_name"]) == (shift_id, "Alice")

connection = psycopg2.connect(**Config.get_db_params())
with connection.cursor() as cursor:
    cursor.execute("SELECT indexname FROM pg_indexes WHERE indexname LIKE 'idx_%'")
    indexes = {name for name, in cursor.fetchall()}
    cursor.execute("SELECT total_made::text FROM shifts")
    assert cursor.fetchall() == [("160.00",)]
connection.close()
assert {
    "idx_shifts_employee", "idx_shifts_date", "idx_shifts_employee_date", "idx_shifts_status",
    "idx_employee_ranks_lookup", "idx_dynamic_rates_range", "idx_active_bonuses_shift",
} <= indexes
print("all is well")
"""


def write_url(params: dict[str, Any]) -> str:
    """Connection parameters as a DATABASE_URL."""
    query = "&".join(f"{name}={quote(str(params[name]), safe='')}" for name in params if name != "database")
    return f"postgresql:///{params['database']}?{query}"


async def test_an_admin_lets_somebody_in_who_logs_9_to_5_and_the_bot_ends_in_time_and_tells_no_secret(
    empty_database: dict[str, Any],
) -> None:
    async with start_far_emulator(TOKEN) as emulator:
        settings = {"BOT_TOKEN": TOKEN, "ADMIN_IDS": "9001", "TELEGRAM_API_URL": emulator.api_url, "LOG_LEVEL": "DEBUG"}
        async with start_bot({**settings, **describe_database(empty_database)}) as bot:
            await bot.wait_for("running as @")
            olga, dana = await emulator.add_person(9001, "Olga"), await emulator.add_person(1001, "Dana")
            await olga.send("/start")
            await dana.send("/start")
            await dana.tap("Ask to join")
            await olga.wait_for("Dana")
            await olga.tap("Approve")
            await dana.wait_for("Welcome to the team!")
            receipt = await record(dana, {"Model A": "500"}, day="Yesterday", start="9 AM", end="5 PM")
            assert "You made $160.00" in receipt.text
            with PostgresService(**empty_database) as service:
                service.set_employee_settings(1001, hourly_wage=WAGE_CANARY, valid_from=date(2001, 1, 1))
            await record(dana, {"Model A": "500"}, day="Yesterday", start="6 AM", end="8:00")
            await dana.wait_for("Shift 2 is saved")
            await dana.tap("Why?")
            await dana.wait_for("1,357.91 an hour")
            told = time.monotonic()
            assert await bot.stop() == 0
            assert time.monotonic() - told < 5
    assert TOKEN not in bot.said
    assert TOKEN.partition(":")[2] not in bot.said
    assert not re.search("1,?357[.]91", bot.said)
    assert "160.00" not in bot.said
    assert bot.complaints == []


async def test_the_database_can_be_named_by_one_address(empty_database: dict[str, Any]) -> None:
    async with start_far_emulator(TOKEN) as emulator:
        settings = {"BOT_TOKEN": TOKEN, "ADMIN_IDS": "9001", "TELEGRAM_API_URL": emulator.api_url}
        async with start_bot({**settings, "DATABASE_URL": write_url(empty_database)}) as bot:
            await bot.wait_for("running as @")
            olga = await emulator.add_person(9001, "Olga")
            await olga.send("/start")
            assert "Create shift" in (await olga.screen()).buttons
            assert await bot.stop() == 0


async def test_with_nothing_configured_the_operators_checks_pass_and_nothing_runs_on(run_dir: Path) -> None:
    data_dir = run_dir / "operator"
    script = ("-c", OPERATORS_CHECKS)
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, *script], cwd=ROOT, env={**os.environ, "DATA_DIR": str(data_dir)},
        capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1] == "all is well"
    assert not (data_dir / "postgres" / "postmaster.pid").exists()
