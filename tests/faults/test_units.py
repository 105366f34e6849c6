"""The units of systemd: nothing in them that it does not know, and a service that can do little harm."""

import shutil
import subprocess
from pathlib import Path

import pytest

UNITS = Path(__file__).resolve().parents[2] / "systemd"
MOST_EXPOSURE = 15
"""Ten times the score of `systemd-analyze security`."""


@pytest.fixture(scope="module", autouse=True)
def systemd() -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.fail("systemd-analyze is missing: sudo apt install systemd", pytrace=False)


def analyze(*arguments: str) -> tuple[int, str]:
    done = subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("unit", sorted(UNITS.iterdir()), ids=lambda unit: unit.name)
def test_systemd_understands_every_line(unit: Path, tmp_path: Path) -> None:
    """It ends well on keys that it does not know, but says so."""
    for one in UNITS.iterdir():
        # Where the program will be it is not yet.
        text = one.read_text().replace("/opt/shift-bot/current/.venv/bin/python", "/bin/true")
        (tmp_path / one.name).write_text(text.replace("WorkingDirectory=/opt/shift-bot/current", "WorkingDirectory=/"))
    assert analyze("verify", str(tmp_path / unit.name)) == (0, "")


@pytest.mark.parametrize("unit", sorted(UNITS.glob("*.service")), ids=lambda unit: unit.name)
def test_a_service_is_exposed_to_little(unit: Path) -> None:
    status, said = analyze("security", "--offline=true", f"--threshold={MOST_EXPOSURE}", str(unit))
    assert status == 0, said
    print(said.splitlines()[-1])
