"""deploy/install.sh without installing anything: its arguments, its dry run, and the pieces that can be tried alone.

The whole of it, in a fresh Debian, is `make test-install`.
"""

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
INSTALL = ROOT / "deploy/install.sh"
# What a dry run may not call: whoever does is written down.
CHANGING = (
    "apt-get", "chmod", "chown", "cp", "install", "ln", "mkdir", "mv", "pg_createcluster", "pg_ctlcluster", "rm",
    "rmdir", "runuser", "tar", "touch", "useradd",
)  # fmt: skip
ANSWERING = {"dpkg": "echo amd64", "dpkg-query": "exit 1", "pg_lsclusters": "", "systemctl": "echo disabled; exit 1"}


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine as the script sees it: its Debian, and its programs, of which those that change something only tell."""

    programs: Path
    os_release: Path
    calls: Path

    def run(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """The script; both streams are in `stdout`."""
        return subprocess.run(
            [str(INSTALL), *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, check=False,
            env={"PATH": f"{self.programs}:{os.environ['PATH']}", "OS_RELEASE": str(self.os_release), **environment},
        )  # fmt: skip

    @property
    def called(self) -> str:
        """The calls that would have changed something."""
        return self.calls.read_text() if self.calls.exists() else ""


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = Machine(tmp_path / "bin", tmp_path / "os-release", tmp_path / "calls")
    made.programs.mkdir()
    for name in CHANGING:
        put_program(made, name, f'echo "{name} $*" >>{made.calls}')
    for name, script in ANSWERING.items():
        put_program(made, name, script)
    made.os_release.write_text('ID=debian\nVERSION_ID="12"\n')
    return made


def put_program(machine: Machine, name: str, script: str) -> None:
    path = machine.programs / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


# --- arguments -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--frobnicate"], "--frobnicate is no option"),
        (["--token", "123:abc"], "a token on the command line is seen by everybody"),
        (["--token=123:abc"], "a token on the command line is seen by everybody"),
        (["--token-file"], "--token-file needs a value"),
        (["--wait", "soon"], "--wait needs a number of seconds"),
        (["--with-dump"], "--with-dump goes with --rollback"),
        (["--dry-run", "--token-file", "/nonexistent"], "the file of --token-file cannot be read"),
    ],
)
def test_a_wrong_call_is_told_in_one_sentence(machine: Machine, arguments: list[str], sentence: str) -> None:
    done = machine.run(*arguments)
    assert done.returncode == 1
    assert done.stdout.startswith(f"install.sh: {sentence}")
    assert done.stdout.count("\n") == 1
    assert "123:abc" not in done.stdout
    assert machine.called == ""


def test_help_names_every_option(machine: Machine) -> None:
    done = machine.run("--help")
    assert done.returncode == 0
    for option in ("--dry-run", "--token-file", "--cluster", "--wait", "--rollback", "--with-dump", "--uninstall"):
        assert option in done.stdout


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"BOT_TOKEN": "not a token"}, "BOT_TOKEN (not shown) is no bot token"),
        ({"ADMIN_IDS": "olga"}, "ADMIN_IDS must be Telegram ids"),
    ],
)
def test_a_wrong_setting_is_told_before_anything_is_done(
    machine: Machine, given: dict[str, str], sentence: str
) -> None:
    done = machine.run("--dry-run", **given)
    assert done.returncode == 1
    assert sentence in done.stdout
    assert "not a token" not in done.stdout


@pytest.mark.parametrize(
    ("os_release", "sentence"),
    [
        ('ID=debian\nVERSION_ID="11"\n', "and this is debian 11."),
        ('ID=ubuntu\nVERSION_ID="24.04"\n', "and this is ubuntu 24.04."),
        ("ID=debian\n", "and this is debian ."),
    ],
)
def test_another_system_is_refused(machine: Machine, os_release: str, sentence: str) -> None:
    machine.os_release.write_text(os_release)
    done = machine.run("--dry-run")
    assert done.returncode == 1
    assert sentence in done.stdout


def test_a_32_bit_system_is_refused(machine: Machine) -> None:
    put_program(machine, "dpkg", "echo armhf")
    done = machine.run("--dry-run")
    assert done.returncode == 1
    assert "take the 64-bit one" in done.stdout


# --- the dry run -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["12", "13"])
def test_a_dry_run_tells_every_step_and_takes_none(machine: Machine, version: str) -> None:
    machine.os_release.write_text(f'ID=debian\nVERSION_ID="{version}"\n')
    done = machine.run("--dry-run")
    assert done.returncode == 0, done.stdout
    steps = (
        "ask for BOT_TOKEN", "ask for ADMIN_IDS", "install ca-certificates python3 python3-venv postgresql from Debian",
        "make the system account shiftbot", "make the directory /etc/shift-bot", "install the pinned packages",
        "make a PostgreSQL cluster with checksums", "make the database shiftbot", "write the settings",
        "make the tables", "install the unit shift-bot.service", "enable shift-bot-backup.timer",
    )  # fmt: skip
    told = [line.removeprefix("would ") for line in done.stdout.splitlines() if line.startswith("would ")]
    assert [step for step in steps if not any(line.startswith(step) for line in told)] == []
    assert done.stdout.endswith("Nothing was changed.\n")
    assert machine.called == ""


def test_a_database_elsewhere_needs_no_server_here(machine: Machine) -> None:
    done = machine.run("--dry-run", DATABASE_URL="postgresql://somebody:secret@db.example.org/shifts")
    assert done.returncode == 0, done.stdout
    assert "postgresql" not in done.stdout.lower()
    assert "secret" not in done.stdout


def test_a_token_that_is_given_is_not_asked_for_and_not_shown(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("4242:AAcanary\n")
    done = machine.run("--dry-run", "--token-file", str(tmp_path / "token"), ADMIN_IDS="1, 2")
    assert done.returncode == 0, done.stdout
    assert "ask for" not in done.stdout
    assert "canary" not in done.stdout


def test_there_is_nothing_to_go_back_to_where_nothing_is_installed(machine: Machine) -> None:
    done = machine.run("--dry-run", "--rollback")
    assert (done.returncode, done.stdout) == (1, "install.sh: there is no version before this one to go back to.\n")


# --- versions --------------------------------------------------------------------------------------------------------


@pytest.fixture
def in_bash(tmp_path: Path) -> Callable[..., str]:
    """Runs a piece of the script with the program in a folder of the test's; what it printed."""

    def run(piece: str, source: Path = ROOT) -> str:
        parts = "\n".join(f'. "{ROOT}/deploy/{name}.sh"' for name in ("common", "releases"))
        text = f'set -euo pipefail\n{parts}\nprogram_dir="{tmp_path}/opt"\nsource_dir="{source}"\n{piece}\n'
        return subprocess.run(["bash", "-c", text], capture_output=True, text=True, check=True).stdout

    return run


def test_a_version_has_all_that_runs_and_nothing_else(in_bash: Callable[..., str]) -> None:
    names = in_bash("list_program").split("\0")
    assert {"./config.py", "./bot/__main__.py", "./sql/schema.sql", "./bot/locales/en/menu.ftl"} - {*names} == set()
    assert {"./requirements.txt", "./systemd/shift-bot.service", "./deploy/install.sh", "./.env.example"} <= {*names}
    aside = ("./tests/", "./benchmarks/", "./data/", "./.venv/", "./.git/", "./.env\n")
    assert [name for name in names if name.startswith(aside) or "__pycache__" in name or name == "./.env"] == []


def test_a_version_is_named_by_what_is_in_it(in_bash: Callable[..., str], tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "bot").mkdir(parents=True)
    for name in ("config.py", "requirements.txt", "bot/__init__.py"):
        (source / name).write_text("1\n")
    ask = 'name_version; echo "$version ${environment##*/}"'
    first = in_bash(ask, source).split()
    (source / "notes.txt").write_text("no part of the program\n")
    assert in_bash(ask, source).split() == first
    (source / "bot/__init__.py").write_text("2\n")
    second = in_bash(ask, source).split()
    assert (second[0] == first[0], second[1] == first[1]) == (False, True)
    (source / "requirements.txt").write_text("2\n")
    third = in_bash(ask, source).split()
    assert (third[0] == second[0], third[1] == second[1]) == (False, False)


def test_the_current_version_changes_in_one_step(in_bash: Callable[..., str], tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / f"opt/releases/{number}").mkdir(parents=True)
        in_bash(f'point current "$program_dir/releases/{number}"')
        assert (tmp_path / "opt/current").readlink() == tmp_path / f"opt/releases/{number}"
    assert sorted(path.name for path in (tmp_path / "opt").iterdir()) == ["current", "releases"]


def test_what_no_version_needs_is_removed(in_bash: Callable[..., str], tmp_path: Path) -> None:
    opt = tmp_path / "opt"
    for number in (1, 2, 3):
        (opt / f"environments/{number}").mkdir(parents=True)
        (opt / f"releases/{number}").mkdir(parents=True)
        (opt / f"releases/{number}/.venv").symlink_to(opt / f"environments/{number}")
    in_bash('point current "$program_dir/releases/3"; point previous "$program_dir/releases/2"; remove_unused')
    for kind in ("environments", "releases"):
        assert sorted(path.name for path in (opt / kind).iterdir()) == ["2", "3"]
