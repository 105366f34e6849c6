"""What the units of systemd say, read without systemd: `make check` asks systemd itself where there is one."""

import importlib.util
from pathlib import Path

import pytest

from bot.gate import MOST_CONNECTIONS
from bot.health import PATIENCE_SECONDS, SILENCE_SECONDS
from bot.start import STATUS_FAILED, STATUS_NOT_ALONE, STATUS_SETTINGS, STATUS_TOKEN

UNITS = Path(__file__).resolve().parents[2] / "systemd"
SERVICES = sorted(UNITS.glob("*.service"))
TIMERS = sorted(UNITS.glob("*.timer"))
LOCKED = {
    "CapabilityBoundingSet": "", "AmbientCapabilities": "", "NoNewPrivileges": "yes", "PrivateDevices": "yes",
    "PrivateTmp": "yes", "PrivateUsers": "yes", "ProtectHome": "yes", "ProtectKernelTunables": "yes",
    "ProtectProc": "invisible", "ProtectSystem": "strict", "MemoryDenyWriteExecute": "yes", "LimitCORE": "0",
    "RestrictAddressFamilies": "AF_UNIX AF_INET AF_INET6", "RestrictNamespaces": "yes", "UMask": "0077",
    "SystemCallArchitectures": "native", "User": "shiftbot", "StateDirectory": "shift-bot",
    "StateDirectoryMode": "0700",
}  # fmt: skip


def read(path: Path) -> dict[str, list[str]]:
    """The settings of a unit by name, in all their values."""
    told: dict[str, list[str]] = {}
    for line in path.read_text().splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            told.setdefault(name, []).append(value)
    return told


@pytest.fixture
def bot() -> dict[str, list[str]]:
    return read(UNITS / "shift-bot.service")


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_every_service_is_locked_in(unit: Path) -> None:
    told = read(unit)
    assert {name: told.get(name) for name in LOCKED} == {name: [value] for name, value in LOCKED.items()}
    may_make_way = ["setpriority"] if unit.name == "shift-bot.service" else []
    assert told["SystemCallFilter"] == ["@system-service", "~@privileged @resources", *may_make_way]


def test_the_bot_may_have_more_files_open_than_it_lets_connections_in(bot: dict[str, list[str]]) -> None:
    assert int(bot["LimitNOFILE"][0]) >= 4 * MOST_CONNECTIONS


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_no_service_has_a_secret_in_its_environment(unit: Path) -> None:
    told = read(unit)
    assert "EnvironmentFile" not in told
    assert told["LoadCredential"] == ["env:/etc/shift-bot/env"]
    names = {pair.partition("=")[0] for line in told["Environment"] for pair in line.split()}
    assert names == {"DATA_DIR", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_every_service_starts_a_module_that_there_is_from_the_current_version(unit: Path) -> None:
    told = read(unit)
    python, option, module, *_ = told["ExecStart"][0].split()
    assert (python, option) == ("/opt/shift-bot/current/.venv/bin/python", "-m")
    assert told["WorkingDirectory"] == ["/opt/shift-bot/current"]
    assert importlib.util.find_spec(f"{module}.__main__") is not None


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_every_service_begins_after_network_database_and_clock(unit: Path) -> None:
    assert read(unit)["After"] == ["network-online.target postgresql.service time-sync.target"]


def test_the_bot_tells_when_it_is_up_and_that_it_lives(bot: dict[str, list[str]]) -> None:
    assert (bot["Type"], bot["NotifyAccess"], bot["Restart"]) == (["notify"], ["main"], ["always"])
    # Longer than a bot that is well may be silent: no answered poll for SILENCE_SECONDS is still well.
    assert int(bot["WatchdogSec"][0]) > SILENCE_SECONDS + PATIENCE_SECONDS


def test_what_starting_again_cannot_help_is_not_started_again(bot: dict[str, list[str]]) -> None:
    final = {int(status) for status in bot["RestartPreventExitStatus"][0].split()}
    assert final == {STATUS_SETTINGS, STATUS_TOKEN}
    assert not final & {0, STATUS_FAILED, STATUS_NOT_ALONE}


@pytest.mark.parametrize("unit", TIMERS, ids=lambda unit: unit.name)
def test_every_timer_has_its_service_and_makes_up_for_what_was_missed(unit: Path) -> None:
    told = read(unit)
    assert unit.with_suffix(".service") in SERVICES
    assert read(unit.with_suffix(".service"))["Type"] == ["oneshot"]
    assert (told["Persistent"], told["WantedBy"]) == (["true"], ["timers.target"])
