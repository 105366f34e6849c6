"""`make outdated`: which pinned packages have a newer version, by the package index in use.

All pins are taken off and resolved anew, for the same Python and both architectures, so that a version counts only
where it goes together with all others. Nothing is written: what to do about it is a changed requirements*.in and
`make lock`.
"""

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

ROOT = Path(__file__).resolve().parent.parent
ASKED_FOR = ("requirements.in", "requirements-dev.in")
LOCKED = ("requirements.txt", "requirements-dev.txt")
_NAME = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*(?:\[[^\]]*\])?)\s*==")
_PIN = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;\\]+)")


class IndexAwayError(RuntimeError):
    """The package index did not answer, or has no versions that go together."""


@dataclass(frozen=True, slots=True)
class Outdated:
    """A package with another newest version than the pinned one."""

    name: str
    pinned: str
    newest: str
    is_asked_for: bool
    """It stands in a requirements*.in; the others come with one that does."""


def find_outdated(folder: Path) -> list[Outdated]:
    """The outdated pins of a folder, by name. Raises IndexAwayError."""
    asked = "\n".join((folder / file).read_text(encoding="utf-8") for file in ASKED_FOR)
    pinned: dict[str, str] = {}
    for file in LOCKED:
        pinned |= read_pins((folder / file).read_text(encoding="utf-8"))
    names = _NAME.findall(asked)
    newest = read_pins(_resolve("\n".join(names)))
    direct = {normalize(name.partition("[")[0]) for name in names}
    return sorted(_compare(pinned, newest, direct), key=lambda one: (not one.is_asked_for, one.name))


def read_pins(text: str) -> dict[str, str]:
    """Versions by name, of lines like `name[extra]==1.2 ; marker`; several of a name where markers part them."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if pin := _PIN.match(line):
            found.setdefault(normalize(pin[1]), []).append(pin[2])
    return {name: " or ".join(versions) for name, versions in found.items()}


def normalize(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _compare(pinned: Mapping[str, str], newest: Mapping[str, str], direct: set[str]) -> Iterator[Outdated]:
    for name, version in pinned.items():
        if name in newest and newest[name] != version:
            yield Outdated(name, version, newest[name], name in direct)


def _resolve(names: str) -> str:
    command = [str(Path(sys.executable).with_name("uv")), "pip", "compile", "-", "--quiet", "--universal"]
    options = ["--python-version", "3.11", "--no-header", "--no-annotate", "--only-binary", ":all:"]
    done = subprocess.run([*command, *options], input=names, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        # What uv says names the index, which is nobody's business.
        raise IndexAwayError("the package index does not answer, or has no versions that go together")
    return done.stdout


def main(out: TextIO) -> int:
    """Print what is outdated; the exit status: 1 where the index cannot be asked."""
    try:
        outdated = find_outdated(ROOT)
    except IndexAwayError as error:
        sys.stderr.write(f"make outdated: {error}\n")
        return 1
    if not outdated:
        out.write("Every pinned version is the newest.\n")
        return 0
    rows = [("package", "pinned", "newest", "")]
    rows += [(one.name, one.pinned, one.newest, "" if one.is_asked_for else "comes with another") for one in outdated]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    cells = ([cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in rows)
    out.writelines("  ".join(row).rstrip() + "\n" for row in cells)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.stdout))
