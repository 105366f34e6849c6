"""`make outdated` against a package index of the test's own."""

import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from scripts.outdated import IndexAwayError, Outdated, find_outdated, read_pins

ROOT = Path(__file__).resolve().parents[2]
VERSIONS = {"alpha": {"1.0": "Beta>=1", "2.0": "Beta>=1"}, "beta": {"1.0": "", "1.5": ""}, "gamma": {"3.1": ""}}


class Quiet(SimpleHTTPRequestHandler):
    """Says nothing on standard error."""

    def log_message(self, *_: object) -> None:
        """Nothing."""


def make_wheel(folder: Path, name: str, version: str, needs: str) -> None:
    info = f"{name}-{version}.dist-info"
    facts = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n" + (
        f"Requires-Dist: {needs}\n" if needs else ""
    )
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{info}/METADATA", facts)
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An index with a few packages, which is the one in use."""
    for name, versions in VERSIONS.items():
        folder = tmp_path / "index" / name
        folder.mkdir(parents=True)
        for version, needs in versions.items():
            make_wheel(folder, name, version, needs)
        links = "".join(f'<a href="{wheel.name}">{wheel.name}</a>' for wheel in sorted(folder.iterdir()))
        (folder / "index.html").write_text(f"<!DOCTYPE html><html><body>{links}</body></html>")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "index")))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    for name in [name for name in os.environ if name.startswith(("UV_", "PIP_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("UV_NO_CONFIG", "1")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_DEFAULT_INDEX", f"http://127.0.0.1:{server.server_port}/")
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def write_project(folder: Path, *, alpha: str, beta: str) -> Path:
    folder.mkdir()
    (folder / "requirements.in").write_text(f"# what it runs on\nAlpha[more]=={alpha}\n")
    (folder / "requirements-dev.in").write_text("-c requirements.txt\ngamma==3.1\n")
    pins = "".join(
        f"{name}=={version} \\\n    --hash=sha256:00\n" for name, version in (("alpha", alpha), ("beta", beta))
    )
    (folder / "requirements.txt").write_text(pins)
    (folder / "requirements-dev.txt").write_text("gamma==3.1 ; python_version > '3' \\\n    --hash=sha256:00\n")
    return folder


def test_what_has_a_newer_version_is_shown_first_what_was_asked_for(index: str, tmp_path: Path) -> None:
    project = write_project(tmp_path / "old", alpha="1.0", beta="1.0")
    assert find_outdated(project) == [
        Outdated("alpha", "1.0", "2.0", is_asked_for=True),
        Outdated("beta", "1.0", "1.5", is_asked_for=False),
    ]


def test_where_all_is_newest_there_is_nothing_to_show(index: str, tmp_path: Path) -> None:
    assert find_outdated(write_project(tmp_path / "new", alpha="2.0", beta="1.5")) == []


def test_an_index_that_is_away_is_told_without_its_address(index: str, tmp_path: Path) -> None:
    (tmp_path / "index" / "gamma" / "index.html").unlink()
    (tmp_path / "index" / "gamma" / "gamma-3.1-py3-none-any.whl").unlink()
    (tmp_path / "index" / "gamma").rmdir()
    with pytest.raises(IndexAwayError) as caught:
        find_outdated(write_project(tmp_path / "new", alpha="2.0", beta="1.5"))
    assert index not in str(caught.value)


def test_the_command_reads_the_project_s_own_pins_and_names_no_index(index: str) -> None:
    done = subprocess.run(
        [sys.executable, "scripts/outdated.py"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1  # the test's index has none of them
    assert done.stderr == "make outdated: the package index does not answer, or has no versions that go together\n"
    assert done.stdout == ""


def test_every_package_that_is_asked_for_is_pinned_with_hashes() -> None:
    for name in ("requirements", "requirements-dev"):
        asked, locked = (ROOT / f"{name}.in").read_text(), (ROOT / f"{name}.txt").read_text()
        assert read_pins(asked).items() <= read_pins(locked).items()
        assert locked.count("\n    --hash=sha256:") > 2 * len(read_pins(locked))
