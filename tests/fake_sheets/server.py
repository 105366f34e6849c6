"""The server: HTTP on a port of 127.0.0.1, quotas by a clock, faults to order, a log of calls."""

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.fake_sheets import api
from tests.fake_sheets.errors import ApiError, quota_exceeded
from tests.fake_sheets.grid import Spreadsheet

MINUTE = 60.0


class Fault(StrEnum):
    """What can go wrong with a call."""

    TOO_MANY = "429"
    INTERNAL = "500"
    UNAVAILABLE = "503"
    FORBIDDEN = "403"
    UNKNOWN = "404"
    UNAUTHENTICATED = "401"
    APPLIED_BUT_UNANSWERED = "applied, and the connection closed without an answer"
    APPLIED_BUT_503 = "applied, and answered with 503"
    CUT_OFF = "half of the answer"
    REFUSED = "the connection closed before anything was done"
    NOT_JSON = "an error page in HTML"


@dataclass(frozen=True, slots=True)
class Call:
    """A call that arrived. `at` is the fake's clock, in seconds."""

    at: float
    is_write: bool
    path: str
    status: int


@dataclass(slots=True)
class FakeSheets:
    """One spreadsheet behind a Sheets API. `clock` gives seconds; quotas go by it."""

    book: Spreadsheet = field(default_factory=Spreadsheet)
    clock: Callable[[], float] = time.monotonic
    read_limit: int = 60
    write_limit: int = 60
    calls: list[Call] = field(default_factory=list)
    faults: deque[Fault | None] = field(default_factory=deque)
    """What happens to the next calls, one each; None lets one through."""
    standing: Callable[[str], Fault | None] | None = None
    """Asked for each call that `faults` says nothing about, with its path."""
    before_answer: Callable[[], None] | None = None
    """Runs before each answer is sent, after the call's effect: a place to be slow, or to hang."""
    before_body: Callable[[bytes], None] | None = None
    """Is shown the body of each call, before anything is done with it."""
    host: str = ""
    lock: threading.RLock = field(default_factory=threading.RLock)

    def answer(self, method: str, target: str, body: bytes) -> tuple[int, bytes | None]:
        """Status and body of a call; no body is a connection closed without an answer."""
        url = urlsplit(target)
        if self.before_body is not None:
            self.before_body(body)
        with self.lock:
            is_write = method != "GET"
            fault = self._next_fault(url.path)
            try:
                answer = self._do(method, url.path, url.query, body, fault)
            except ApiError as error:
                self._log(is_write, url.path, error.code)
                return error.code, json.dumps(error.render(), indent=2).encode()
            self._log(is_write, url.path, 200)
        text = json.dumps(answer, ensure_ascii=False).encode()
        match fault:
            case Fault.APPLIED_BUT_UNANSWERED | Fault.REFUSED:
                return 0, None
            case Fault.APPLIED_BUT_503:
                return 503, json.dumps(ApiError(503).render()).encode()
            case Fault.CUT_OFF:
                return -200, text[: len(text) // 2]
            case Fault.NOT_JSON:
                return 502, b"<!DOCTYPE html><html><title>Error 502 (Server Error)!!1</title></html>"
            case _:
                return 200, text

    def count(self, *, is_write: bool | None = None) -> int:
        """Calls so far, of one kind or of both."""
        return sum(1 for call in self.calls if is_write in (None, call.is_write))

    def find_busiest_minute(self, *, is_write: bool) -> int:
        """The most calls of one kind within any 60 seconds, by the fake's clock."""
        times = [call.at for call in self.calls if call.is_write == is_write]
        window: deque[float] = deque()
        most = 0
        for at in times:
            window.append(at)
            while window[0] <= at - MINUTE:
                window.popleft()
            most = max(most, len(window))
        return most

    def _next_fault(self, path: str) -> Fault | None:
        if self.faults:
            return self.faults.popleft()
        return self.standing(path) if self.standing is not None else None

    def _log(self, is_write: bool, path: str, status: int) -> None:
        self.calls.append(Call(self.clock(), is_write, path, status))

    def _do(self, method: str, path: str, query: str, body: bytes, fault: Fault | None) -> dict[str, Any]:
        self._keep_quota(is_write=method != "GET")
        match fault:
            case Fault.TOO_MANY:
                raise quota_exceeded("Write requests" if method != "GET" else "Read requests", self.read_limit)
            case Fault.INTERNAL | Fault.UNAVAILABLE | Fault.FORBIDDEN | Fault.UNKNOWN | Fault.UNAUTHENTICATED:
                raise ApiError(int(fault))
            case Fault.REFUSED | Fault.NOT_JSON:
                return {}
            case _:
                return self._route(method, path, parse_qs(query), json.loads(body or b"null"))

    def _keep_quota(self, *, is_write: bool) -> None:
        since = self.clock() - MINUTE
        recent = sum(1 for call in self.calls if call.is_write == is_write and call.at > since and call.status != 429)
        limit = self.write_limit if is_write else self.read_limit
        if recent >= limit:
            raise quota_exceeded("Write requests" if is_write else "Read requests", limit)

    def _route(self, method: str, path: str, query: Mapping[str, list[str]], body: Any) -> dict[str, Any]:
        prefix = f"/v4/spreadsheets/{self.book.spreadsheet_id}"
        if not path.startswith("/v4/spreadsheets/"):
            raise ApiError(404, f"Not found: {path}")
        if path != prefix and not path.startswith((f"{prefix}/", f"{prefix}:")):
            raise ApiError(404)
        match method, path.removeprefix(prefix):
            case "GET", "":
                return api.get_spreadsheet(self.book, query)
            case "GET", "/values:batchGet":
                return api.batch_get(self.book, query)
            case "GET", rest if rest.startswith("/values/"):
                return api.get_values(self.book, unquote(rest.removeprefix("/values/")), query)
            case "POST", "/values:batchUpdate":
                return api.batch_update_values(self.book, body)
            case "POST", ":batchUpdate":
                return api.batch_update(self.book, body)
        raise ApiError(404)


@contextmanager
def serve(fake: FakeSheets) -> Iterator[FakeSheets]:
    """Answer on a free port until the end; `fake.host` is `127.0.0.1:port`."""

    class Handler(_Handler):
        sheets = fake

    server = _Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    fake.host = f"127.0.0.1:{server.server_address[1]}"
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what tests do."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    sheets: FakeSheets

    def do_GET(self) -> None:
        self._handle("GET")

    def do_POST(self) -> None:
        self._handle("POST")

    def do_PUT(self) -> None:
        self._handle("PUT")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        """Tests look at `calls`."""

    def _handle(self, method: str) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, answer = self.sheets.answer(method, self.path, body)
        if self.sheets.before_answer is not None:
            self.sheets.before_answer()
        if answer is None:
            self.close_connection = True
            return
        length = len(answer)
        if status < 0:
            status, length, self.close_connection = -status, length * 2, True
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(answer)
