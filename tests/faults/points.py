"""Named points at which a bot can be killed, put around its code from outside: the program itself has no hooks.

`sql:<query>:before|after` around each named query, `commit:<what for>:before|after` around each COMMIT,
`send:<method>:before|after` around each call of the Bot API, `offset:<moves|stays>:before|after` around each poll.
"""

import os
import re
import signal
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any

import psycopg
from aiogram.client.session.aiohttp import AiohttpSession
from psycopg._connection_base import BaseConnection

from sql import load_queries

_WRITES = re.compile(r"\b(?:INSERT|UPDATE|DELETE)\b")
_OF_THE_WAY = re.compile(r"inbox|outbox|screen|draft")
"""Queries that tell less about what a transaction is for than any other that writes."""


@dataclass(slots=True)
class Points:
    """Kills this process at the `nth` time that `target` is reached, or at any point once `patience` (s) is over.

    `report` is told the point's name and all names that were passed, just before the end.
    """

    target: str
    nth: int
    patience: float
    report: Callable[[str, list[str]], None]
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _seen: set[str] = field(default_factory=set)
    _over_at: float = field(init=False)

    def __post_init__(self) -> None:
        self._over_at = time.monotonic() + self.patience

    def reach(self, name: str) -> None:
        """The program is at this point."""
        with self._lock:
            self._seen.add(name)
            if name == self.target:
                self.nth -= 1
            if (name == self.target and self.nth <= 0) or (self.target and time.monotonic() > self._over_at):
                self.report(name, sorted(self._seen))
                os.kill(os.getpid(), signal.SIGKILL)
                time.sleep(60)


def install(points: Points) -> None:
    """Put the points around queries, commits and calls of this process."""
    _wrap_queries(points)
    _wrap_calls(points)


def _wrap_queries(points: Points) -> None:
    names = {query.text: name for name, query in load_queries().items()}
    purposes: dict[int, str] = {}
    execute = psycopg.Cursor.execute
    exec_command: Any = BaseConnection._exec_command

    def execute_between_points(self: psycopg.Cursor[Any], query: Any, *args: Any, **more: Any) -> Any:
        name = names.get(query)
        if name is None:
            return execute(self, query, *args, **more)
        _note_purpose(purposes, id(self.connection), name, query)
        points.reach(f"sql:{name}:before")
        result = execute(self, query, *args, **more)
        points.reach(f"sql:{name}:after")
        return result

    def exec_command_between_points(self: Any, command: Any, *args: Any, **more: Any) -> Generator[Any, Any, Any]:
        if command == b"BEGIN":
            purposes.pop(id(self), None)
        if command != b"COMMIT":
            return (yield from exec_command(self, command, *args, **more))
        purpose = purposes.pop(id(self), "nothing")
        points.reach(f"commit:{purpose}:before")
        result = yield from exec_command(self, command, *args, **more)
        points.reach(f"commit:{purpose}:after")
        return result

    psycopg.Cursor.execute = execute_between_points  # type: ignore[method-assign]
    BaseConnection._exec_command = exec_command_between_points  # type: ignore[method-assign]


def _note_purpose(purposes: dict[int, str], connection: int, name: str, query: Any) -> None:
    text = query if isinstance(query, str) else bytes(query).decode()
    if not _WRITES.search(text):
        return
    former = purposes.get(connection)
    if former is None or _OF_THE_WAY.search(former) or not _OF_THE_WAY.search(name):
        purposes[connection] = name


def _wrap_calls(points: Points) -> None:
    make_request = AiohttpSession.make_request
    last_offset: list[Any] = [None]

    async def make_request_between_points(self: AiohttpSession, bot: Any, method: Any, *args: Any, **more: Any) -> Any:
        name = f"send:{method.__api_method__}"
        if method.__api_method__ == "getUpdates":
            name = "offset:stays" if method.offset == last_offset[0] else "offset:moves"
            last_offset[0] = method.offset
        points.reach(f"{name}:before")
        result = await make_request(self, bot, method, *args, **more)
        points.reach(f"{name}:after")
        return result

    AiohttpSession.make_request = make_request_between_points  # type: ignore[method-assign]
