"""SQL as text of its own: named, commented queries; Python holds names and parameters."""

import re
from functools import cache
from pathlib import Path

_HEAD = re.compile(r"^-- (name|part): (\w+)$", re.MULTILINE)
_PART = re.compile(r"\{(\w+)\}")


@cache
def load_queries() -> dict[str, bytes]:
    """Every query of `queries.sql` by its name, its parts put in, as the bytes that psycopg takes."""
    text = (Path(__file__).parent / "queries.sql").read_text(encoding="utf-8")
    _, *pieces = _HEAD.split(text)
    parts: dict[str, str] = {}
    queries: dict[str, bytes] = {}
    for kind, name, body in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True):
        lines = (line for line in body.splitlines() if line and not line.startswith("--"))
        whole = _PART.sub(lambda match: parts[match[1]], "\n".join(lines))
        if kind == "part":
            parts[name] = whole
        else:
            queries[name] = whole.encode()
    return queries
