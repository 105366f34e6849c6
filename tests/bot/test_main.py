"""`python -m bot` from the outside: how it starts, waits, refuses and ends."""

import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import own_postgres
from playground.client import Emulator
from tests.bot.processes import ROOT, Relay, describe_database, find_free_port, open_relay, start_bot
from tests.bot.shifts import record
from tests.databases import connect, fetch_all

TOKEN = "4242:playground"
SECRET_TOKEN = "4242424242:AAcanaryCANARYcanaryCANARYcanary1234"
CANARY = "c4n4ry-p4ssw0rd"


def settings_for(emulator: Emulator, database: dict[str, Any], **more: str) -> dict[str, str]:
    """What a real bot has: a token, somebody in charge, a database; Telegram is the emulator."""
    telegram = {"BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": emulator.api_url, "ADMIN_IDS": "9001"}
    return {**telegram, **describe_database(database), **more}


# --- what cannot start -----------------------------------------------------------------------------------------------


async def test_every_wrong_setting_is_named_at_once() -> None:
    wrong = {"BOT_TOKEN": "nonsense", "ADMIN_IDS": "olga", "COMMISSION_RATE": "20 %", "POSTGRES_PORT": "none"}
    async with start_bot(wrong) as bot:
        assert await bot.wait_for_end() == 2
    for name in wrong:
        assert len([line for line in bot.lines if line.startswith(name)]) == 1, bot.said
    assert "Traceback" not in bot.said


async def test_settings_of_a_real_bot_without_a_token_do_not_open_the_playground() -> None:
    async with start_bot({"ADMIN_IDS": "9001"}) as bot:
        assert await bot.wait_for_end() == 2
    assert bot.said.startswith("BOT_TOKEN is not set, but ADMIN_IDS is")
    assert len(bot.lines) == 2


async def test_a_token_without_anybody_in_charge_is_refused(emulator: Emulator, database: dict[str, Any]) -> None:
    async with start_bot(settings_for(emulator, database, ADMIN_IDS="")) as bot:
        assert await bot.wait_for_end() == 2
    assert "ADMIN_IDS is not set and the database has no admin" in bot.said
    assert "Traceback" not in bot.said


async def test_a_token_that_telegram_does_not_know_ends_with_one_sentence(
    emulator: Emulator, database: dict[str, Any]
) -> None:
    async with start_bot(settings_for(emulator, database, BOT_TOKEN=SECRET_TOKEN)) as bot:
        assert await bot.wait_for_end() == 3
    assert bot.lines[-2] == "Telegram does not accept this BOT_TOKEN: set it as @BotFather gives it.\n"
    assert "Traceback" not in bot.said
    assert SECRET_TOKEN not in bot.said


async def test_our_own_server_that_does_not_start_is_no_matter_of_settings_so_that_systemd_tries_again(
    run_dir: Path,
) -> None:
    data_dir = run_dir / "broken"
    (data_dir / "postgres").mkdir(parents=True)
    (data_dir / "postgres" / "PG_VERSION").write_text("18\n")
    async with start_bot({"BOT_TOKEN": TOKEN, "ADMIN_IDS": "9001", "DATA_DIR": str(data_dir)}) as bot:
        assert await bot.wait_for_end() == 1
    assert "PostgreSQL does not start; its last words" in bot.said
    assert "Traceback" not in bot.said


# --- a real bot ------------------------------------------------------------------------------------------------------


async def test_the_bot_makes_the_schema_records_a_shift_and_ends_when_told(
    emulator: Emulator, empty_database: dict[str, Any]
) -> None:
    password = empty_database.get("password") or CANARY
    settings = settings_for(emulator, {**empty_database, "password": password}, REGISTRATION="open", LOG_LEVEL="DEBUG")
    async with start_bot(settings) as bot:
        await bot.wait_for("running as @shift_playground_bot")
        alice = await emulator.add_person(1001, "Alice")
        await alice.send("/start")
        assert "You made $160.00" in (await record(alice)).text
        olga = await emulator.add_person(9001, "Olga")
        await olga.send("/start")
        assert "Admin" in (await olga.screen()).buttons
        began = time.monotonic()
        assert await bot.stop(signal.SIGTERM) == 0
        assert time.monotonic() - began < 5
    assert fetch_all(empty_database, "SELECT employee_id, total_made::text FROM shifts") == [(1001, "160.00")]
    assert TOKEN not in bot.said
    assert password not in bot.said
    assert bot.complaints == []


async def test_without_a_database_the_bot_says_so_waits_and_goes_on_when_it_is_there(
    emulator: Emulator, database: dict[str, Any]
) -> None:
    relay = Relay(database)
    await relay.open()
    await relay.close()
    async with start_bot(settings_for(emulator, relay.params)) as bot:
        line = await bot.wait_for("the database does not answer, waiting for it")
        assert "Traceback" not in bot.said
        assert "refused" in line.lower()
        await relay.open()
        await bot.wait_for("running as @shift_playground_bot")
        olga = await emulator.add_person(9001, "Olga")
        await olga.send("/start")
        assert await bot.stop(signal.SIGINT) == 0
    await relay.close()


async def test_while_it_waits_it_can_be_stopped(emulator: Emulator, database: dict[str, Any]) -> None:
    async with open_relay(database) as relay:
        await relay.close()
        async with start_bot(settings_for(emulator, relay.params)) as bot:
            await bot.wait_for("waiting for it")
            began = time.monotonic()
            assert await bot.stop() == 0
            assert time.monotonic() - began < 5


async def test_without_telegram_the_bot_waits_and_goes_on_when_it_is_there(
    emulator: Emulator, database: dict[str, Any]
) -> None:
    await emulator.fail("getMe", 502, "Bad Gateway")
    async with start_bot(settings_for(emulator, database)) as bot:
        await bot.wait_for("Telegram does not answer")
        await bot.wait_for("running as @shift_playground_bot")


# --- the playground --------------------------------------------------------------------------------------------------


async def test_with_nothing_configured_the_playground_opens_and_a_shift_can_be_logged() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        async with start_bot({"PLAYGROUND_PORT": str(port), "LOG_LEVEL": "INFO"}) as bot:
            url = (await bot.wait_for("http://127.0.0.1:")).strip()
            assert f"Port {port} is taken" in bot.said
            await bot.wait_for("running as @shift_playground_bot")
            emulator = Emulator(url.rstrip("/"), TOKEN)
            guide = (await emulator.get("/people"))["guide"]
            assert isinstance(guide, dict)
            assert (guide["zone"], guide["start_over"]) == ("America/New_York", "make run RESET=1")
            alice = emulator.person(1001)
            await alice.send("/start")
            receipt = await record(alice)
            assert "You made $160.00" in receipt.text
            assert "Alice" in receipt.text
            dana, olga = emulator.person(5005), emulator.person(9001)
            await dana.send("/start")
            await dana.tap("Ask to join")
            await olga.wait_for("Dana would like to join")
            await olga.tap("Approve")
            await dana.wait_for("Welcome to the team!")
            assert await bot.stop(signal.SIGINT) == 0
    assert "Traceback" not in bot.said


async def test_on_kept_data_the_playground_answers_from_the_first_message_on_at_each_start() -> None:
    for end in (signal.SIGINT, signal.SIGKILL, signal.SIGTERM):
        async with start_bot({"PLAYGROUND_PORT": str(find_free_port())}) as bot:
            url = (await bot.wait_for("http://127.0.0.1:")).strip()
            boris = Emulator(url.rstrip("/"), TOKEN).person(1002)
            await boris.send("/start")
            await boris.settled()
            assert "Create shift" in (await boris.screen()).buttons
            await boris.tap("Create shift")
            await boris.wait_for("When did your shift start?")
            await boris.tap("Yesterday…")
            await boris.send("9:30")
            await boris.wait_for("09:30")
            await boris.send("/cancel")
            await boris.settled()
            await bot.stop(end)
        assert "level=" not in bot.said


async def test_reset_makes_the_sample_data_anew_and_touches_nothing_else(run_dir: Path) -> None:
    data_dir = run_dir / "data"
    with own_postgres.lease(data_dir) as real, own_postgres.lease(data_dir, "playground") as playground:
        for lease in (real, playground):
            with connect({**lease.params, "user": "shiftbot_owner"}) as owner:
                owner.execute("CREATE TABLE kept ()")
        async with start_bot({"PLAYGROUND_PORT": str(find_free_port())}, "--reset") as bot:
            url = (await bot.wait_for("http://127.0.0.1:")).strip()
            await bot.wait_for("make run RESET=1 starts it over")
            alice = Emulator(url.rstrip("/"), TOKEN).person(1001)
            await alice.send("/start")
            assert "Create shift" in (await alice.screen()).buttons
            async with start_bot({}, "--reset") as second:
                assert await second.wait_for_end() == 1
            assert second.said == "the database playground is in use: end the program that works with it first\n"
            assert await bot.stop() == 0
        there = [fetch_all(lease.params, "SELECT to_regclass('kept')::text") for lease in (real, playground)]
        assert there == [[("kept",)], [(None,)]]
        with connect({**real.params, "user": "shiftbot_owner"}) as owner:
            owner.execute("DROP TABLE kept")


async def test_reset_is_refused_to_a_real_bot() -> None:
    async with start_bot({"BOT_TOKEN": TOKEN, "ADMIN_IDS": "9001"}, "--reset") as bot:
        assert await bot.wait_for_end() == 2
    assert bot.said.endswith("BOT_TOKEN is set, so this is a real bot: nothing was touched.\n")


def test_make_hands_the_wish_to_start_over_on() -> None:
    command = subprocess.run(["make", "-n", "run", "RESET=1"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert " -m bot --reset\n" in command.stdout
