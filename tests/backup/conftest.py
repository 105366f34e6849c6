"""A database with a few shifts in it, and places for its backups."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from backup.files import Backup
from backup.run import Made, run_backup
from config import Config
from postgres_service import PostgresService
from tests.backup.office import HIRED, fill
from tests.clock import SteppingClock

Make = Callable[[], Made]


@pytest.fixture
def config(database: dict[str, Any], tmp_path: Path) -> Config:
    """Settings of a bot on the test's database, its data and its backups in the test's directory."""
    return replace(Config(), database=database, data_dir=tmp_path / "data")


@pytest.fixture
def filled(service: PostgresService) -> PostgresService:
    """The service of a database with shifts of some months and an admin."""
    fill(service, shifts=HIRED)
    return service


@pytest.fixture
def make(config: Config, database: dict[str, Any], filled: PostgresService, clock: SteppingClock) -> Make:
    """Makes a backup by the test's clock, however fresh the last one is."""
    return lambda: run_backup(config, database, is_forced=True, clock=clock)


@pytest.fixture
def backup(make: Make) -> Backup:
    """A backup of the filled database."""
    made = make().backup
    assert made is not None
    return made
