"""Settings on their way from the environment of whoever installs into the file that the service reads."""

import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import HERE, Config, ConfigError, read_settings
from deploy.settings import find_changes, list_known, write

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
