"""SQL as text of its own: named, commented queries; Python holds names and parameters."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

MIGRATIONS = Path(__file__).parent / "migrations"
DECLARED = Path(__file__).parent / "schema.sql"
QUERIES = Path(__file__).parent / "queries.sql"
PLAIN_SESSION = {
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "bytea_output": "hex",
    "extra_float_digits": "1",
    "standard_conforming_strings": "on",
    "client_encoding": "UTF8",
    "search_path": "public",
}
"""What a connection of ours is set to, whatever the server, its database, its role, an address or PG* variables say."""

SET_SESSION = b"SELECT set_config(name, value, false) FROM unnest($1::text[], $2::text[]) AS s (name, value)"
_HEAD = re.compile(r"^-- (name|part): (\w+)$", re.MULTILINE)
_PART = re.compile(r"\{(\w+)\}")
_WRITES = re.compile(r"\b(INSERT INTO|UPDATE|DELETE FROM|nextval|setval|pg_advisory)\b")
"""Words of a query that writes or, as `FOR UPDATE` does, holds what it found."""
_PARAMETER = re.compile(r"%\((\w+)\)s")


def get_newest_version() -> int:
    """The schema version that this program works with: the number of its last migration (TECH T17)."""
    return max(int(path.name[:4]) for path in (MIGRATIONS / "versions").glob("[0-9][0-9][0-9][0-9]_*.py"))


@dataclass(frozen=True, slots=True)
class Query:
    """A query as PostgreSQL takes it: its parameters are `$1`, `$2`, …, which `names` tells in that order."""

    text: bytes
    names: tuple[str, ...]
    is_read: bool
    """Whether it only reads, so that running it again does no harm."""


@cache
def load_queries(file: Path = QUERIES) -> dict[str, Query]:
    """Every query of a file by its name, its parts put in."""
    _, *pieces = _HEAD.split(file.read_text(encoding="utf-8"))
    parts: dict[str, str] = {}
    queries: dict[str, Query] = {}
    for kind, name, body in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True):
        lines = (line for line in body.splitlines() if line and not line.startswith("--"))
        whole = _PART.sub(lambda match: parts[match[1]], "\n".join(lines))
        if kind == "part":
            parts[name] = whole
        else:
            queries[name] = _number_parameters(whole)
    return queries


def _number_parameters(text: str) -> Query:
    names = tuple(dict.fromkeys(_PARAMETER.findall(text)))
    numbers = {name: f"${number}" for number, name in enumerate(names, 1)}
    is_read = text.startswith(("SELECT", "WITH")) and not _WRITES.search(text)
    return Query(_PARAMETER.sub(lambda match: numbers[match[1]], text).encode(), names, is_read)
