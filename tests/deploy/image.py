"""The files of the container, read as an engine reads them, and what is in the image laid out in a directory."""

import json
import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MADE_ELSEWHERE = {".git", ".venv", ".pytest_tmp", "data", "node_modules"}


@dataclass(frozen=True, slots=True)
class Instruction:
    """A line of the Dockerfile, those that go on in one."""

    name: str
    rest: str

    @property
    def command(self) -> list[str]:
        """Of CMD and HEALTHCHECK: the words of the command, in its form of a list."""
        return [str(word) for word in json.loads(self.rest[self.rest.index("[") :])]


def read_stages(text: str) -> list[list[Instruction]]:
    """The instructions of a Dockerfile, by stages; each begins with its FROM."""
    joined = re.sub(r"\\\n", " ", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE))
    stages: list[list[Instruction]] = []
    for line in filter(str.strip, joined.splitlines()):
        name, _, rest = line.strip().partition(" ")
        if name == "FROM":
            stages.append([])
        stages[-1].append(Instruction(name, " ".join(rest.split())))
    return stages


def find_last(stage: list[Instruction], name: str) -> Instruction:
    """The instruction of that name that counts."""
    return [one for one in stage if one.name == name][-1]


def read_environment(stage: list[Instruction]) -> dict[str, str]:
    """What ENV sets."""
    pairs = [word for one in stage if one.name == "ENV" for word in shlex.split(one.rest)]
    return dict(pair.split("=", 1) for pair in pairs)


def list_context(root: Path) -> Iterator[Path]:
    """The files that `.dockerignore` lets into the image, by their paths from the root."""
    rules = list(_read_rules((root / ".dockerignore").read_text(encoding="utf-8")))
    for path in sorted(root.rglob("*")):
        inside = path.relative_to(root)
        if path.is_file() and inside.parts[0] not in MADE_ELSEWHERE and not _is_ignored(inside, rules):
            yield inside


def _read_rules(text: str) -> Iterator[tuple[re.Pattern[str], bool]]:
    """Each pattern, and whether it takes out what it fits; the last one that fits decides."""
    for line in text.splitlines():
        pattern = line.strip()
        if not pattern or pattern.startswith("#"):
            continue
        takes_out = not pattern.startswith("!")
        parts = re.split(r"(\*\*/|\*)", pattern.removeprefix("!"))
        meaning = {"**/": "(?:.*/)?", "*": "[^/]*"}
        yield re.compile("".join(meaning.get(part, re.escape(part)) for part in parts)), takes_out


def _is_ignored(path: Path, rules: list[tuple[re.Pattern[str], bool]]) -> bool:
    names = [path.as_posix(), *(parent.as_posix() for parent in path.parents if parent != Path())]
    fitting = [takes_out for pattern, takes_out in rules if any(pattern.fullmatch(name) for name in names)]
    return bool(fitting) and fitting[-1]


def lay_out(into: Path) -> Path:
    """The program as it lies in the image, in a tree that nobody may write to."""
    for path in list_context(ROOT):
        (into / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, into / path)
    for path in [into, *into.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    return into


def clear_away(tree: Path) -> None:
    """Remove such a tree."""
    for path in [tree, *tree.rglob("*")]:
        if path.is_dir():
            path.chmod(0o755)
    shutil.rmtree(tree)
