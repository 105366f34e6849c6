"""deploy/install.sh without installing anything: its arguments, its dry run, and the pieces that can be tried alone.

The whole of it, in a fresh Debian, is `make test-install`.
"""

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from config import read_settings

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
        (["--rollback", "--restore", "/mnt/usb"], "--restore does not go with --rollback"),
        (["--dry-run", "--restore", "/nonexistent/usb"], "there is no backup /nonexistent/usb."),
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
    for option in (
        "--dry-run", "--token-file", "--cluster", "--wait", "--restore", "--rollback", "--with-dump", "--uninstall"
    ):  # fmt: skip
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


def test_a_dry_run_tells_that_a_backup_would_be_restored_before_the_tables_are_made(
    machine: Machine, tmp_path: Path
) -> None:
    done = machine.run("--dry-run", "--restore", str(tmp_path))
    assert done.returncode == 0, done.stdout
    told = [
        line.split(" the ")[0] for line in done.stdout.splitlines() if line.startswith(("would res", "would make t"))
    ]
    assert told[-2:] == ["would restore", "would make"]
    assert f"would restore the backup {tmp_path} into the database\n" in done.stdout
    assert machine.called == ""


def test_there_is_nothing_to_go_back_to_where_nothing_is_installed(machine: Machine) -> None:
    done = machine.run("--dry-run", "--rollback")
    assert (done.returncode, done.stdout) == (1, "install.sh: there is no version before this one to go back to.\n")


# --- versions --------------------------------------------------------------------------------------------------------


@pytest.fixture
def in_bash(tmp_path: Path) -> Callable[..., str]:
    """Runs a piece of the script with the program in a folder of the test's; what it printed."""

    def run(piece: str, source: Path = ROOT, umask: int = 0o022) -> str:
        parts = "\n".join(
            f'. "{ROOT}/deploy/{name}.sh"' for name in ("common", "machine", "releases", "units", "upgrade")
        )
        places = f'program_dir="{tmp_path}/opt" units_dir="{tmp_path}/units" source_dir="{source}"'
        text = f"set -euo pipefail\n{parts}\n{places}\n{piece}\n"
        done = subprocess.run(
            ["bash", "-c", text], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, umask=umask
        )
        return done.stdout

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


def test_a_version_can_be_read_by_its_account_whatever_the_umask_of_root(
    in_bash: Callable[..., str], tmp_path: Path
) -> None:
    source = tmp_path / "source"
    (source / "bot").mkdir(parents=True)
    (source / "bot/__init__.py").write_text("")
    (tmp_path / "opt/environments/1/bin").mkdir(parents=True)
    (tmp_path / "opt/environments/1/bin/python").symlink_to(sys.executable)
    piece = "chown() { :; }; release=$program_dir/releases/1 environment=$program_dir/environments/1; build_release"
    assert in_bash(piece, source, umask=0o077) == ""
    places = [tmp_path / "opt/releases", *(tmp_path / "opt/releases").rglob("*")]
    assert tmp_path / "opt/releases/1/bot/__init__.py" in places
    assert [path for path in places if not path.is_symlink() and path.stat().st_mode & 0o044 != 0o044] == []


def test_what_goes_is_not_complete_from_the_first_moment_on(in_bash: Callable[..., str], tmp_path: Path) -> None:
    release = tmp_path / "opt/releases/1"
    release.mkdir(parents=True)
    (release / ".complete").touch()
    in_bash(f'rm() {{ [ "$1" = -rf ] || command rm "$@"; }}; remove_version "{release}"')  # the power fails
    assert list(release.iterdir()) == []


# --- the owner's login -----------------------------------------------------------------------------------------------

RUNS = """
runuser() { echo "runuser $*"; shift 3; "$@"; }
settings_dir=$program_dir owner_file=$program_dir/owner
mkdir -p "$program_dir/1/.venv/bin"
printf '#!/bin/sh\\necho "$* with ${DATABASE_OWNER_URL:-nothing}"\\n' >"$program_dir/1/.venv/bin/python"
chmod +x "$program_dir/1/.venv/bin/python"
"""


def test_what_changes_the_tables_gets_the_owners_login_where_nobody_sees_it(in_bash: Callable[..., str]) -> None:
    owner = 'echo "postgresql://shiftbot_owner:4f2c@127.0.0.1:5432/shiftbot" >"$owner_file"'
    said = in_bash(
        f'{RUNS}\n{owner}\nrun_as_owner "$program_dir/1" pg_schema.py\nrun_as_bot "$program_dir/1" doctor.py'
    )
    lines = said.splitlines()
    assert lines[1] == "pg_schema.py with postgresql://shiftbot_owner:4f2c@127.0.0.1:5432/shiftbot"
    assert lines[3] == "doctor.py with nothing"
    assert [line for line in lines if line.startswith("runuser") and "4f2c" in line] == []


def test_a_database_elsewhere_has_no_owners_login_here(in_bash: Callable[..., str]) -> None:
    said = in_bash(f'{RUNS}\nrun_as_owner "$program_dir/1" pg_schema.py')
    assert said.splitlines()[-1] == "pg_schema.py with nothing"


# --- the dump of an upgrade ------------------------------------------------------------------------------------------


def put_release(place: Path, number: int, came_from: str) -> None:
    release = place / f"opt/releases/{number}"
    release.mkdir(parents=True)
    (release / ".came-from").write_text(came_from)


def put_dump(directory: Path, name: str) -> Path:
    directory.mkdir(exist_ok=True)
    for suffix in ("", ".json", ".sha256"):
        (directory / f"{name}{suffix}").touch()
    return directory / name


def test_a_dump_goes_with_the_version_that_it_was_made_for(in_bash: Callable[..., str], tmp_path: Path) -> None:
    old = put_dump(tmp_path / "my backups", "before-upgrade-shiftbot-1a2b3c4d-20261101T000000Z.dump")
    new = put_dump(tmp_path / "my backups", "before-upgrade-shiftbot-1a2b3c4d-20261122T000000Z.dump")
    put_release(tmp_path, 1, f"/r/0 9 {old}\n")
    put_release(tmp_path, 2, f"/r/1 10 {new}\n")
    in_bash('point current "$program_dir/releases/2"; remove_unused')
    assert sorted(path.name for path in new.parent.iterdir()) == [
        new.name, f"{new.name}.json", f"{new.name}.sha256"
    ]  # fmt: skip


def test_a_dump_that_another_version_needs_and_one_of_the_rotation_stay(
    in_bash: Callable[..., str], tmp_path: Path
) -> None:
    shared = put_dump(tmp_path / "backups", "before-upgrade-shiftbot-1a2b3c4d-20261122T000000Z.dump")
    ordinary = put_dump(tmp_path / "backups", "shiftbot-1a2b3c4d-20261101T000000Z.dump")
    put_release(tmp_path, 1, f"/r/0 9 {shared}\n")
    put_release(tmp_path, 2, f"/r/0 9 {shared}\n")
    put_release(tmp_path, 3, f"/r/0 9 {ordinary}\n")
    in_bash('point current "$program_dir/releases/2"; remove_unused')
    assert (shared.exists(), ordinary.exists()) == (True, True)
    assert not (tmp_path / "opt/releases/1").exists()


# The bot, the database and systemd as they would answer; what they are asked is told.
STAND_INS = """
version=2 release=$program_dir/releases/2 current=$program_dir/releases/1 takes_dump_back=false
mkdir -p "$units_dir" "$current/systemd" "$release/systemd"
for place in "$current/systemd" "$release/systemd" "$units_dir"; do
    touch "$place/shift-bot.service" "$place/shift-bot-backup.timer" "$place/shift-bot-backup.service"
done
echo 10 >"$program_dir/tables"
has_systemd() { :; }
wait_until_well() { [[ $(readlink "$program_dir/current") != */2 ]]; }
systemctl() { case $1 in is-active) echo active ;; *) echo "systemctl $*" ;; esac; }
run_as_owner() { run_as_bot "$@"; }
run_as_bot() {
    case "$*" in
    *get_schema_version*) cat "$program_dir/tables" ;;
    *get_newest_version*) case ${*: -1} in */2) echo 11 ;; *) echo 10 ;; esac ;;
    *deploy.dump) $DUMP ;;
    *deploy.step_back*) $STEP_BACK ;;
    *pg_schema.py) echo 11 >"$program_dir/tables" ;;
    *) echo "ran $*" ;;
    esac
}
trap 'explain_end "$undo"' EXIT
point current "$current"
"""
DUMPS = "echo /b/before-upgrade-x.dump"


def upgrade(in_bash: Callable[..., str], dump: str = DUMPS, step_back: str = "true") -> list[str]:
    return in_bash(f"DUMP='{dump}' STEP_BACK='{step_back}'\n{STAND_INS}\nupgrade").splitlines()


def test_an_upgrade_that_does_not_get_well_goes_back_with_the_data_of_before(in_bash: Callable[..., str]) -> None:
    said = upgrade(in_bash)
    assert "- put the data of /b/before-upgrade-x.dump back; what is there now is kept in a dump of its own" in said
    assert said[-1] == "install.sh: version 2 does not work here; version 1 runs as before."


def test_backups_wait_while_the_tables_change(in_bash: Callable[..., str]) -> None:
    said = upgrade(in_bash)
    dumped = said.index("- dump the database, in case the new version has to go")
    for unit in ("shift-bot-backup.timer", "shift-bot-backup.service", "shift-bot.service"):
        assert f"systemctl stop {unit}" in said[:dumped]


def test_where_no_dump_can_be_made_nothing_is_changed_and_no_version_blamed(in_bash: Callable[..., str]) -> None:
    said = upgrade(in_bash, dump="false")
    assert "systemctl restart --no-block shift-bot.service" in said
    assert said[-1] == "install.sh: version 1 runs as before."
    assert not any("does not work here" in line for line in said)


def test_where_the_way_back_is_cut_off_too_it_says_that_the_bot_is_stopped(in_bash: Callable[..., str]) -> None:
    said = upgrade(in_bash, step_back="false")
    assert "install.sh: the bot is STOPPED" in said[-2]
    assert "run the same command again" in said[-2]
    assert said[-1] == "install.sh: the data of before the upgrade are in /b/before-upgrade-x.dump"


def test_an_upgrade_that_was_cut_off_is_gone_on_with_and_can_still_go_back(
    in_bash: Callable[..., str], tmp_path: Path
) -> None:
    cut_off = STAND_INS.replace("echo 10 >", "echo 11 >")
    put_release(tmp_path, 2, f"{tmp_path}/opt/releases/1 10 /b/my disk/before-upgrade-x.dump\n")
    said = in_bash(f"DUMP=false STEP_BACK=true\n{cut_off}\nupgrade").splitlines()
    assert any("put the data of /b/my disk/before-upgrade-x.dump back" in line for line in said), said
    assert said[-1].endswith("version 1 runs as before.")


# --- one at a time ---------------------------------------------------------------------------------------------------


def test_two_installers_do_not_work_at_once(in_bash: Callable[..., str], tmp_path: Path) -> None:
    piece = f'lock_file="{tmp_path}/lock"; take_lock; echo mine'
    with (tmp_path / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert in_bash(piece) == (
            "install.sh: another install.sh is at work on this machine; wait until it has ended.\n"
        )
    assert in_bash(piece) == "mine\n"


def test_what_an_installer_leaves_running_does_not_keep_the_next_one_out(
    in_bash: Callable[..., str], tmp_path: Path
) -> None:
    start = "start() { sleep 30 >/dev/null 2>&1 & echo $!; }"
    first = in_bash(f'{start}; lock_file="{tmp_path}/lock"; take_lock; change begin start').split()
    try:
        assert in_bash(f'lock_file="{tmp_path}/lock"; take_lock; echo mine') == "mine\n"
    finally:
        os.kill(int(first[-1]), signal.SIGTERM)


def test_lists_of_packages_that_another_program_reads_are_waited_for(
    in_bash: Callable[..., str], tmp_path: Path
) -> None:
    busy = (
        f'apt-get() {{ [ -e "{tmp_path}/asked" ] && return; touch "{tmp_path}/asked"; '
        "echo 'E: Could not get lock /var/lib/apt/lists/lock'; return 100; }; sleep() { echo waited; }"
    )
    assert in_bash(f"{busy}; update_lists && echo read") == "waited\nread\n"
    assert in_bash("apt-get() { echo 'E: no network'; return 100; }; update_lists || echo ended") == (
        "E: no network\nended\n"
    )


# --- settings before there is a Python that reads them ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("NAME=/x", "/x"),
        ("NAME = /x", "/x"),
        ("export NAME='/a b' # note", "/a b"),
        ('NAME="/a b"', "/a b"),
        ("NAME=/x # note", "/x"),
        ("NAME=a#b", "a#b"),
        ("NAME=", ""),
        ("NAMED=/x", ""),
    ],
)
def test_a_setting_is_read_as_the_bot_reads_it(
    in_bash: Callable[..., str], tmp_path: Path, line: str, value: str
) -> None:
    (tmp_path / "env").write_text(f"{line}\n")
    assert in_bash(f'settings_file="{tmp_path}/env"; read_setting NAME').strip() == value
    assert read_settings(tmp_path / "env").get("NAME", "") == value
