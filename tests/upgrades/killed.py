"""An upgrade in a process of its own that is killed right before its n-th statement.

The statements of one text are sent one by one there, which changes nothing for a transaction, so that each is a place
to be killed at; BEGIN and COMMIT are too.
"""

import os
import re
import signal
from collections.abc import Iterator
from typing import Any, NoReturn

from psycopg import Connection, Cursor

from pg_schema import PostgresSchema
from tests.upgrades.earlier import CONFIG

_PIECE = re.compile(
    r"""
    (?P<quoted> '(?:[^']|'')*' | "(?:[^"]|"")*" | (?P<tag>\$\w*\$).*?(?P=tag) | --[^\n]* | /\*.*?\*/ )
    | (?P<end> ; )
    | .
    """,
    re.VERBOSE | re.DOTALL,
)


def split(text: str) -> Iterator[str]:
    """The statements of a text, whatever semicolons stand inside of quotes, functions and comments."""
    begin = 0
    for piece in _PIECE.finditer(text):
        if piece["end"]:
            yield text[begin : piece.start()]
            begin = piece.end()
    if re.sub(r"--[^\n]*", "", text[begin:]).strip():
        yield text[begin:]


def count_statements(params: dict[str, Any]) -> int:
    """Upgrade to the end; how many statements that took."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _upgrade(params, None, writer)
    os.close(writer)
    with os.fdopen(reader) as told:
        count = told.read()
    assert os.waitpid(child, 0)[1] == 0, "the upgrade failed"
    return int(count)


def kill_before(params: dict[str, Any], statement: int) -> None:
    """Begin an upgrade that dies before its n-th statement, counted from 1."""
    child = os.fork()
    if child == 0:
        _upgrade(params, statement, None)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL


def _upgrade(params: dict[str, Any], last: int | None, writer: int | None) -> NoReturn:
    """In the child, which ends here whatever happens: nothing of pytest may run in it."""
    try:
        steps = _Steps(last)
        steps.attach()
        PostgresSchema(**params, config=CONFIG).init_schema()
        if writer is not None:
            os.write(writer, str(steps.count).encode())
        os._exit(0)
    finally:
        os._exit(1)


class _Steps:
    """Counts what is sent to the server, and ends the process before the last one that may be."""

    def __init__(self, last: int | None) -> None:
        self.count = 0
        self._last = last

    def step(self) -> None:
        self.count += 1
        if self.count == self._last:
            os.kill(os.getpid(), signal.SIGKILL)

    def attach(self) -> None:
        """From now on each statement of any connection of this process is a step."""
        execute, executemany, tell = Cursor.execute, Cursor.executemany, Connection._exec_command

        def execute_each(cursor: Any, query: Any, params: Any = None, **more: Any) -> Any:
            text = query.decode() if isinstance(query, bytes) else query
            statements = list(split(text)) if isinstance(text, str) and not params else [query]
            for statement in statements:
                self.step()
                execute(cursor, statement, params, **more)
            return cursor

        def execute_many(cursor: Any, query: Any, params: Any, **more: Any) -> Any:
            self.step()
            return executemany(cursor, query, params, **more)

        def tell_server(connection: Any, *arguments: Any, **more: Any) -> Any:
            self.step()
            return tell(connection, *arguments, **more)

        Cursor.execute = execute_each  # type: ignore[method-assign, assignment]
        Cursor.executemany = execute_many  # type: ignore[method-assign, assignment]
        Connection._exec_command = tell_server  # type: ignore[method-assign, assignment]
