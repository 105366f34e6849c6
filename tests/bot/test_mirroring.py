"""The mirror as a job of the bot: at every interval, one run at a time, in nobody's way."""

import threading
import time
from datetime import timedelta
from typing import Any

from bot.mirroring import Mirroring, build_mirroring
from config import Config
from payroll.errors import ErrorKey, UnavailableError
from tests.bot.conftest import Chat
from tests.databases import connect

PATIENCE = 10


class Runs:
    """Counts runs; each waits until it may end."""

    def __init__(self) -> None:
        self.count = 0
        self.may_end = threading.Event()
        self.ended = threading.Semaphore(0)

    def run(self) -> None:
        self.count += 1
        try:
            assert self.may_end.wait(PATIENCE)
        finally:
            self.ended.release()


def wait_for_end() -> None:
    for thread in threading.enumerate():
        if thread.name == "mirror":
            thread.join(PATIENCE)


def test_a_look_starts_a_run_and_waits_for_nothing() -> None:
    runs = Runs()
    mirroring = Mirroring(runs.run, timedelta(minutes=5))
    began = time.monotonic()
    mirroring.look()
    mirroring.look()
    assert time.monotonic() - began < 1
    runs.may_end.set()
    wait_for_end()
    mirroring.look()
    assert runs.count == 1, "five minutes have not passed"


def test_when_the_interval_has_passed_it_runs_again_but_never_twice_at_once() -> None:
    runs = Runs()
    mirroring = Mirroring(runs.run, timedelta(0))
    mirroring.look()
    mirroring.look()
    runs.may_end.set()
    wait_for_end()
    mirroring.look()
    wait_for_end()
    assert runs.count == 2


def test_a_database_that_is_away_ends_a_run_and_not_the_next() -> None:
    runs = []

    def fail() -> None:
        runs.append(1)
        raise UnavailableError(ErrorKey.DATABASE_AWAY, field="database", value="x", allowed="y")

    mirroring = Mirroring(fail, timedelta(0))
    for _ in range(2):
        mirroring.look()
        wait_for_end()
    assert len(runs) == 2


def test_without_a_spreadsheet_there_is_nothing_to_run() -> None:
    assert build_mirroring(Config(), {}) is None
    assert build_mirroring(Config(spreadsheet_id="x" * 20), {}) is not None


async def test_admins_see_how_the_mirror_stands(chat: Chat, database: dict[str, Any]) -> None:
    olga = await chat.admin("Olga", 9001)
    await olga.send("/admin")
    assert "Google Sheet" not in (await olga.screen()).text
    _log_run(database, "ok", None)
    await olga.send("/admin")
    assert "The Google Sheet is up to date. Last looked at: 2026/11/16 20:00:00" in (await olga.screen()).text
    _log_run(database, "failed", "Google is away.")
    await olga.send("/admin")
    text = (await olga.screen()).text
    assert "behind. Last up to date: 2026/11/16 20:00:00. Failing since 2026/11/16 20:00:00: Google is away." in text


def _log_run(database: dict[str, Any], status: str, error: str | None) -> None:
    with connect(database) as connection:
        connection.execute(
            "INSERT INTO sync_log (sync_type, direction, status, error, started_at, finished_at)"
            " VALUES ('incremental', 'push', %s, %s, '2026-11-17T01:00:00Z', '2026-11-17T01:00:00Z')",
            [status, error],
        )
