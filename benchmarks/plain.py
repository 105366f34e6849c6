"""The other side: plain psycopg2, on one held connection with everything prepared, or on a new one for each call."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812 - a class, whatever its name

from repository.database import SESSION_SETTINGS
from sql import load_queries

Row: TypeAlias = tuple[Any, ...]
Params: TypeAlias = Mapping[str, Any]
T = TypeVar("T")

FLOOR = load_queries(Path(__file__).parent / "floor.sql")
_NUMBER = re.compile(r"\$(\d+)")


class Plain:
    """The statements of `floor.sql` on one connection in autocommit: as they are, or each prepared beforehand."""

    def __init__(self, connection: Connection, *, is_prepared: bool) -> None:
        self._connection = connection
        self._cursor = connection.cursor()
        self._texts = _EXECUTIONS if is_prepared else _TEXTS
        if is_prepared:
            # The service's settings too: the plans are the same then, and what differs is the way to them.
            for setting in SESSION_SETTINGS.items():
                self._cursor.execute("SELECT set_config(%s, %s, false)", setting)
            for statement in _PREPARATIONS:
                self._cursor.execute(statement)

    def fetch(self, name: str, params: Params) -> list[Row]:
        """All rows of a statement."""
        self._cursor.execute(self._texts[name], params)
        return self._cursor.fetchall()

    def execute(self, name: str, params: Params) -> None:
        """Run a statement that gives no rows."""
        self._cursor.execute(self._texts[name], params)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """BEGIN and COMMIT around what is run inside."""
        self._cursor.execute("BEGIN")
        yield
        self._cursor.execute("COMMIT")

    def close(self) -> None:
        """End the connection."""
        self._connection.close()


def connect(params: Params, *, is_prepared: bool) -> Plain:
    """A new connection, by parameters as `Config.get_db_params()` gives them."""
    connection: Connection = psycopg2.connect(**params)
    connection.autocommit = True
    return Plain(connection, is_prepared=is_prepared)


def call_connecting(params: Params, call: Callable[[Plain], T]) -> T:
    """Connect, make the call, close: what a bot without a pool does for each."""
    plain = connect(params, is_prepared=False)
    try:
        return call(plain)
    finally:
        plain.close()


def _name_parameters(text: bytes, names: tuple[str, ...]) -> str:
    return _NUMBER.sub(lambda match: f"%({names[int(match[1]) - 1]})s", text.decode())


def _write_execution(name: str, names: tuple[str, ...]) -> str:
    values = ", ".join(f"%({one})s" for one in names)
    return f"EXECUTE floor_{name} ({values})" if names else f"EXECUTE floor_{name}"


_TEXTS = {name: _name_parameters(query.text, query.names) for name, query in FLOOR.items()}
_PREPARATIONS = [f"PREPARE floor_{name} AS {query.text.decode()}" for name, query in FLOOR.items()]
_EXECUTIONS = {name: _write_execution(name, query.names) for name, query in FLOOR.items()}
