"""Settings on their way from the environment of whoever installs into the file that the service reads."""

import json
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import HERE, Config, ConfigError, read_settings
from deploy.settings import find_changes, list_known, render_places, write

TOKEN = "4242424242:AAcanaryCANARYcanaryCANARYcanary1234"
GIVEN = {"BOT_TOKEN": TOKEN, "ADMIN_IDS": "9001", "TIMEZONE": "Europe/Kyiv"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "env"


def run(path: Path, what: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "deploy.settings", what, str(path)]
    return subprocess.run(command, cwd=HERE, env=environment, capture_output=True, text=True, check=False)


def test_what_is_written_is_what_the_bot_reads(path: Path) -> None:
    write(path, GIVEN)
    assert read_settings(path) == GIVEN
    assert Config.load({}, path).timezone == "Europe/Kyiv"


def test_the_file_is_its_owners_alone(path: Path) -> None:
    write(path, GIVEN)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_nothing_is_to_do_the_second_time(path: Path) -> None:
    write(path, find_changes(path, GIVEN))
    assert find_changes(path, GIVEN) == {}
    assert find_changes(path, {}) == {}


def test_one_changed_setting_takes_the_place_of_the_old_one_and_all_else_stays(path: Path) -> None:
    path.write_text(f"# mine\nBOT_TOKEN={TOKEN}\nexport TIMEZONE='UTC' # for now\n\nADMIN_IDS=1\n")
    write(path, find_changes(path, GIVEN))
    assert path.read_text() == f"# mine\nBOT_TOKEN={TOKEN}\nTIMEZONE=Europe/Kyiv\n\nADMIN_IDS=9001\n"


def test_what_is_no_setting_of_ours_is_left_in_the_environment(path: Path) -> None:
    assert find_changes(path, {"HOME": "/root", "PATH": "/bin", "DATA_DIR": "/x", "ADMIN_IDS": " 7 "}) == {
        "ADMIN_IDS": "7"
    }


def test_every_setting_of_the_example_can_be_given_but_the_place_of_the_data() -> None:
    assert {"BOT_TOKEN", "DATABASE_URL", "POSTGRES_HOST", "BACKUP_TARGET", "SPREADSHEET_ID"} <= set(list_known())
    assert "DATA_DIR" not in list_known()


@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1).map(str.strip).filter(bool))
def test_any_value_comes_back_as_it_was(value: str) -> None:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "env")
        path.write_text("PRODUCTS=old # and a word\n")
        write(path, {"PRODUCTS": value})
        assert read_settings(path) == {"PRODUCTS": value}


def test_wrong_settings_are_named_and_nothing_is_written(path: Path) -> None:
    done = run(path, "write", **{**GIVEN, "TIMEZONE": "Nowhere", "COMMISSION_RATE": "20 %"})
    assert done.returncode == 1
    assert [line.split()[0] for line in done.stderr.splitlines()] == ["TIMEZONE", "COMMISSION_RATE"]
    assert not path.exists()


def test_names_are_listed_and_no_value(path: Path) -> None:
    done = run(path, "list", **GIVEN)
    assert (done.returncode, done.stdout) == (0, "BOT_TOKEN ADMIN_IDS TIMEZONE\n")
    assert TOKEN not in done.stdout + done.stderr
    assert not path.exists()


def test_a_file_that_is_none_is_said(path: Path) -> None:
    path.write_text("BOT_TOKEN\n")
    with pytest.raises(ConfigError, match="line 1"):
        find_changes(path, GIVEN)


# --- values over several lines ---------------------------------------------------------------------------------------

KEY = {"client_email": "bot@example.org", "private_key": "-----BEGIN\nabc\n-----END\n", "token_uri": "https://x"}


def test_a_key_of_google_as_google_gives_it_can_be_replaced(path: Path) -> None:
    path.write_text(f"# mine\nBOT_TOKEN={TOKEN}\n")
    for account in ("old@example.org", "new@example.org"):
        key = json.dumps({**KEY, "client_email": account}, indent=2)
        write(path, find_changes(path, {"GOOGLE_SA_JSON": key, "ADMIN_IDS": "9001"}))
        assert read_settings(path) == {"BOT_TOKEN": TOKEN, "GOOGLE_SA_JSON": key, "ADMIN_IDS": "9001"}
    assert "old@example.org" not in path.read_text()
    assert path.read_text().startswith(f"# mine\nBOT_TOKEN={TOKEN}\n")


# --- places for backups ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "opened"),
    [
        ("BACKUP_TARGET=/mnt/usb/shiftbot", '"-/mnt/usb/shiftbot"'),
        ("BACKUP_TARGET = /mnt/usb # the stick", '"-/mnt/usb"'),
        ("BACKUP_DIR='/mnt/my disk/50%'", '"-/mnt/my disk/50%%"'),
        ("BACKUP_TARGET=restic:/mnt/usb/repo", '"-/mnt/usb/repo"'),
        ("BACKUP_TARGET=restic:local:/mnt/usb/repo", '"-/mnt/usb/repo"'),
        ("BACKUP_TARGET=rsync:/mnt/nas/bot/", '"-/mnt/nas/bot"'),
        ("BACKUP_DIR=/srv/b\nBACKUP_TARGET=/mnt/a:b", '"-/mnt/a:b" "-/srv/b"'),
    ],
)
def test_the_services_are_let_write_where_backups_go(path: Path, line: str, opened: str) -> None:
    path.write_text(f"BOT_TOKEN={TOKEN}\n{line}\n")
    assert run(path, "places").stdout == f"[Service]\nReadWritePaths={opened}\n"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "BACKUP_TARGET=rsync:bot@nas:/backups",
        "BACKUP_TARGET=restic:sftp:bot@nas:/backups",
        "BACKUP_DIR=/var/lib/shift-bot/dumps",
    ],
)
def test_nothing_is_opened_that_need_not_be(path: Path, line: str) -> None:
    path.write_text(f"BOT_TOKEN={TOKEN}\n{line}\n")
    done = run(path, "places")
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("place", ["/home/pi/backups", "/root/x", "/run/user/1000/usb", "/mnt/../home/pi"])
@pytest.mark.parametrize("form", ["BACKUP_DIR={}", "BACKUP_TARGET={}", "BACKUP_TARGET=restic:{}"])
def test_a_place_that_the_services_cannot_see_is_refused(path: Path, place: str, form: str) -> None:
    path.write_text(f"BOT_TOKEN={TOKEN}\n")
    name, _, value = form.format(place).partition("=")
    done = run(path, "write", **{name: value})
    assert done.returncode == 1
    assert done.stderr.startswith(f"{name} is /")
    assert "cannot see" in done.stderr
    assert read_settings(path) == {"BOT_TOKEN": TOKEN}


@pytest.mark.parametrize("place", ["backups", "~/backups"])
def test_a_place_that_depends_on_where_one_stands_is_refused(path: Path, place: str) -> None:
    done = run(path, "list", BOT_TOKEN=TOKEN, BACKUP_DIR=place, HOME="/var/lib/shift-bot")
    assert (done.returncode, done.stderr) == (
        1,
        f"BACKUP_DIR is '{place}', but must be a path that begins with a /.\n",
    )


def test_a_quote_in_a_path_ends_nothing(tmp_path: Path) -> None:
    config = Config(backup_dir=tmp_path / 'a"b\\c')
    assert render_places(config).endswith('/a\\"b\\\\c"\n')
