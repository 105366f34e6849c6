"""How full the disk of the database is: who is told of it, when, and what waits until there is room."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.application import _look
from bot.disk import DiskLevel, DiskWatch, compute_level, find_database_disk
from bot.mirroring import Mirroring
from config import Config
from postgres_service import PostgresService
from repository.disk import DiskState, check_disk

HERE = Path("/")


class Disk:
    """A disk as full as a test wants it."""

    def __init__(self, used_pct: int = 50) -> None:
        self.used_pct = used_pct

    def check(self, _: Path) -> DiskState:
        return DiskState(100, 100 - self.used_pct, self.used_pct)


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def watch(service: PostgresService, disk: Disk) -> DiskWatch:
    service.people.ensure_owner(9001)
    return DiskWatch(HERE, service, disk.check)


def told(service: PostgresService) -> list[tuple[str, int]]:
    """What the admin is told of the disk, oldest first."""
    found = [notice.payload for notice in service.outbox.list_unsent() if notice.kind == "disk"]
    return [(payload["level"], payload["used_pct"]) for payload in found]


@pytest.mark.parametrize(
    ("used_pct", "before", "level"),
    [
        (79, DiskLevel.ROOMY, DiskLevel.ROOMY),
        (80, DiskLevel.ROOMY, DiskLevel.NARROW),
        (89, DiskLevel.ROOMY, DiskLevel.NARROW),
        (90, DiskLevel.ROOMY, DiskLevel.FULL),
        (79, DiskLevel.NARROW, DiskLevel.NARROW),
        (78, DiskLevel.NARROW, DiskLevel.NARROW),
        (77, DiskLevel.NARROW, DiskLevel.ROOMY),
        (90, DiskLevel.NARROW, DiskLevel.FULL),
        (88, DiskLevel.FULL, DiskLevel.FULL),
        (87, DiskLevel.FULL, DiskLevel.NARROW),
        (77, DiskLevel.FULL, DiskLevel.ROOMY),
        (100, DiskLevel.FULL, DiskLevel.FULL),
    ],
)
def test_the_level_goes_up_at_a_limit_and_down_two_points_below_it(
    used_pct: int, before: DiskLevel, level: DiskLevel
) -> None:
    assert compute_level(used_pct, before) is level


def test_admins_are_told_once_for_each_limit_and_once_when_there_is_room_again(
    watch: DiskWatch, disk: Disk, service: PostgresService
) -> None:
    looks = []
    for disk.used_pct in (79, 80, 83, 79, 90, 95, 89, 87, 50, 50):
        looks.append((watch.look(), watch.is_sparing))
    assert told(service) == [("narrow", 80), ("full", 90), ("narrow", 87), ("roomy", 50)]
    assert [is_sparing for _, is_sparing in looks] == [False] * 4 + [True] * 3 + [False] * 3
    assert [was_told for was_told, _ in looks].count(True) == 4


def test_another_start_does_not_tell_it_again(watch: DiskWatch, disk: Disk, service: PostgresService) -> None:
    disk.used_pct = 81
    watch.look()
    disk.used_pct = 79
    second = DiskWatch(HERE, service, disk.check)
    second.look()
    assert second.level is DiskLevel.NARROW
    assert told(service) == [("narrow", 81)]


def test_what_could_not_be_told_is_told_at_the_next_look(
    make_service: Callable[..., PostgresService], disk: Disk
) -> None:
    service = make_service()
    service.people.ensure_owner(9001)
    away = PostgresService(host="127.0.0.1", port=1, database="x", user="x", password="")
    watch = DiskWatch(HERE, away, disk.check)
    disk.used_pct = 92
    watch.look()
    assert watch.is_sparing
    watch._service = service
    watch.look()
    assert told(service) == [("full", 92)]
    away.close()


def test_a_disk_that_is_gone_is_no_reason_to_fail(service: PostgresService, tmp_path: Path) -> None:
    watch = DiskWatch(tmp_path / "gone", service)
    assert not watch.look()
    assert watch.state is None


def test_a_real_disk_is_measured(tmp_path: Path) -> None:
    state = check_disk(tmp_path)
    assert 0 < state.free_bytes < state.total_bytes
    assert 0 <= state.used_pct <= 100


def test_only_a_disk_of_this_machine_is_looked_at(tmp_path: Path) -> None:
    own = Config(data_dir=tmp_path)
    assert find_database_disk(own) == tmp_path
    assert find_database_disk(Config(database={"host": "db.example.org"})) is None
    debian = Path("/var/lib/postgresql")
    here = find_database_disk(Config(database={"host": "/var/run/postgresql"}))
    assert here == (debian if debian.is_dir() else None)


class Looked(Mirroring):
    """Counts how often it was asked to run."""

    times = 0

    def look(self) -> None:
        self.times += 1


def test_the_mirror_waits_while_the_disk_is_full(watch: DiskWatch, disk: Disk) -> None:
    mirroring = Looked(lambda: None, timedelta(0))
    for disk.used_pct in (50, 92, 95, 60):
        _look(watch, [mirroring, None])
    assert mirroring.times == 2  # before the first look found it full, and not again before one finds room
    _look(watch, [mirroring, None])
    assert mirroring.times == 3
