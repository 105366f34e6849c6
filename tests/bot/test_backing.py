"""Backups as a job of the bot, and what admins see and hear of them."""

import asyncio
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from backup.files import list_backups
from backup.run import run_backup
from bot import backing
from bot.backing import build_backing
from bot.disk import DiskWatch
from bot.health import HealthCheck
from bot.views.notices import render_notice
from bot.vitals import Vitals
from bot.words import load_words
from config import Config
from postgres_service import PostgresService
from repository.disk import DiskState
from tests.bot.conftest import Chat
from tests.databases import fetch_all

PATIENCE = 60
WORDS = load_words("en", is_strict=True)


def wait_for_end() -> None:
    for thread in threading.enumerate():
        if thread.name == "backup":
            thread.join(PATIENCE)
            assert not thread.is_alive()


@pytest.fixture
def config(database: dict[str, Any], tmp_path: Path, run_dir: Path) -> Config:
    """Settings of a bot whose backups are in the test's directory."""
    return Config(data_dir=run_dir / "data", backup_dir=tmp_path / "backups")


def test_the_bot_makes_a_backup_and_checks_it_beside_everything_else(
    config: Config, database: dict[str, Any], service: PostgresService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backing, "LOOK_EVERY", timedelta(0))
    job = build_backing(config, database)
    assert job is not None
    for _ in range(2):
        job.look()
        wait_for_end()
    assert len(list_backups(tmp := config.backup_directory)) == 1, "the second look finds the first one's fresh"
    assert not list(tmp.glob(".*"))
    assert fetch_all(database, "SELECT kind, status FROM backup_runs ORDER BY id") == [
        ("made", "ok"),
        ("checked", "ok"),
    ]


def test_a_start_is_not_burdened_with_it(config: Config, database: dict[str, Any]) -> None:
    job = build_backing(config, database)
    assert job is not None
    job.look()
    wait_for_end()
    assert list_backups(config.backup_directory) == []


def test_backup_every_0_leaves_it_to_others(config: Config, database: dict[str, Any]) -> None:
    assert build_backing(replace(config, backup_every=0), database) is None


def test_what_fails_is_logged_and_tried_again(
    config: Config,
    database: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(backing, "LOOK_EVERY", timedelta(0))
    config.backup_directory.write_text("no directory")
    job = build_backing(config, database)
    assert job is not None
    job.look()
    wait_for_end()
    assert "cannot be read: Not a directory" in caplog.text
    assert fetch_all(database, "SELECT kind, status FROM backup_runs") == [("made", "failed")]
    config.backup_directory.unlink()
    job.look()
    wait_for_end()
    assert len(list_backups(config.backup_directory)) == 1


async def test_admins_see_the_age_of_the_last_good_backup(
    chat: Chat, config: Config, database: dict[str, Any], tmp_path: Path
) -> None:
    async def make(**settings: Any) -> None:
        await asyncio.to_thread(run_backup, replace(config, **settings), database, is_forced=True, clock=chat.clock)

    olga = await chat.admin("Olga", 9001)
    await olga.send("/admin")
    assert "ackup" not in (await olga.screen()).text
    await make()
    chat.clock.move(minutes=61)
    await olga.send("/admin")
    assert "Last backup: 61 minutes ago. Last seen to restore: not yet" in (await olga.screen()).text
    chat.clock.move(hours=4)
    await olga.send("/admin")
    assert "Last backup: 5 hours ago." in (await olga.screen()).text
    chat.clock.move(days=3)
    await make(backup_target=str(tmp_path / "unplugged"))
    await olga.wait_for("could not be copied off this machine")
    await olga.send("/admin")
    text = (await olga.screen()).text
    assert "Last backup: 0 minutes ago." in text
    assert "Something is wrong with the backups: The directory" in text
    assert "is its disk plugged in and mounted?" in text


async def test_health_tells_when_the_last_backup_was_made(
    config: Config, database: dict[str, Any], service: PostgresService, tmp_path: Path
) -> None:
    made = await asyncio.to_thread(run_backup, config, database)
    assert made.backup is not None
    check = HealthCheck(Vitals(), has_webhook=False)
    check.watch(service, DiskWatch(tmp_path, service, lambda _: DiskState(100, 50, 50)))
    _, report = await check.report()
    assert report["last_backup_at"][:10] == f"{made.backup.taken_at:%Y-%m-%d}"


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("made", "I could not make a backup."),
        ("copied", "could not be copied off this machine."),
        ("checked", "A backup does not pass its check."),
    ],
)
def test_each_failure_has_words_with_the_reason(what: str, words: str) -> None:
    text = render_notice(WORDS, "backup_failed", {"what": what, "error": "No <room>."}, {}).text
    assert words in text
    assert "No &lt;room&gt;." in text
