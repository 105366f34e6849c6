"""After an upgrade that did not work out: the data of before for the version of before, today's kept aside."""

from pathlib import Path
from typing import Any

import pytest
from psycopg import sql

from backup.dump import make_dump
from backup.errors import BackupError, BusyError
from backup.log import BackupLog
from config import Config
from deploy.step_back import step_back
from pg_schema import PostgresSchema
from postgres_service import PostgresService
from repository.clock import read_system_clock
from repository.poll_lock import PollLock
from tests.databases import fetch_all

SHIFT = {
    "employee_id": 100, "employee_name": "Alice", "shift_date": "2026-11-10", "time_in": "09:00", "time_out": "17:00",
    "products": {"Model A": 500},
}  # fmt: skip
COUNT = "SELECT count(*) FROM shifts"


@pytest.fixture
def config(database: dict[str, Any], tmp_path: Path) -> Config:
    return Config(database=database, backup_dir=tmp_path / "backups")


@pytest.fixture
def dump(config: Config, database: dict[str, Any], service: PostgresService) -> Path:
    service.create_shift(SHIFT)
    return make_dump(database, config.backup_directory)[0].path


@pytest.fixture
def upgraded(database: dict[str, Any], dump: Path, service: PostgresService) -> None:
    """What the version after did to the database: another table, another shift."""
    service.create_shift({**SHIFT, "shift_date": "2026-11-11"})
    with PostgresSchema(**database).connect_as_owner() as owner:
        owner.execute("CREATE TABLE one_more (id bigint)")
        owner.execute(sql.SQL("GRANT SELECT ON one_more TO {}").format(sql.Identifier(database["user"])))


def test_the_tables_and_the_data_are_as_they_were(
    config: Config, database: dict[str, Any], dump: Path, upgraded: None
) -> None:
    step_back(config, str(dump))
    assert fetch_all(database, COUNT) == [(1,)]
    assert fetch_all(database, "SELECT to_regclass('one_more')") == [(None,)]


def test_what_was_there_is_kept(config: Config, dump: Path, upgraded: None) -> None:
    kept = step_back(config, str(dump))
    assert kept.name.startswith("before-rollback-shiftbot-")
    assert kept.parent == config.backup_directory


def test_another_backup_at_work_is_in_the_way(
    config: Config, database: dict[str, Any], dump: Path, upgraded: None
) -> None:
    with BackupLog(database, read_system_clock), pytest.raises(BusyError):
        step_back(config, str(dump))
    assert fetch_all(database, COUNT) == [(2,)]


def test_a_damaged_dump_changes_nothing(config: Config, database: dict[str, Any], dump: Path, upgraded: None) -> None:
    content = bytearray(dump.read_bytes())
    content[len(content) // 2] ^= 1
    dump.write_bytes(content)
    with pytest.raises(BackupError):
        step_back(config, str(dump))
    assert fetch_all(database, COUNT) == [(2,)]


def test_a_bot_that_still_runs_is_in_the_way(
    config: Config, database: dict[str, Any], dump: Path, upgraded: None
) -> None:
    lock = PollLock(database)
    assert lock.take()
    with pytest.raises(BackupError, match="A bot works with this database"):
        step_back(config, str(dump))
    lock.release()
    assert fetch_all(database, COUNT) == [(2,)]
