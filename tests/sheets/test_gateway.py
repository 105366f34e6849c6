"""What goes wrong with Google is one sentence that says what to do."""

import json
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth.transport.requests import AuthorizedSession
from google.oauth2.service_account import Credentials

from config import Address, Config
from postgres_service import PostgresService
from sheets_backup.cells import Kind, encode
from sheets_backup.errors import MirrorError, RefusedError, UnavailableError
from sheets_backup.gateway import (
    READ_CELLS,
    SCOPE,
    Gateway,
    SheetsClient,
    cut_windows,
    name_column,
    open_gateway,
    pack_windows,
    quote_title,
)
from sheets_backup.quota import Pace
from tests.fake_sheets.a1 import name_column as fake_name_column
from tests.fake_sheets.grid import Sheet
from tests.fake_sheets.server import FakeSheets, Fault, serve
from tests.sheets.mirrors import Mirror, Seconds, make_config
from tests.sheets.shifts import record


def describe(config: Config) -> str:
    seconds = Seconds()
    with pytest.raises(MirrorError) as caught:
        open_gateway(config, pace=Pace(now=seconds, sleep=seconds.sleep)).describe()
    return str(caught.value)


class TestSentences:
    def test_no_spreadsheet(self) -> None:
        assert describe(Config()).startswith("SPREADSHEET_ID is not set")

    def test_no_credentials(self) -> None:
        assert describe(Config(spreadsheet_id="x" * 20)).startswith("GOOGLE_SA_JSON is not set")

    def test_credentials_that_are_none(self) -> None:
        key = {"client_email": "a@b.c", "private_key": "no key", "token_uri": "https://example.org"}
        assert "GOOGLE_SA_JSON holds no usable key" in describe(Config(spreadsheet_id="x" * 20, google_sa_json=key))

    def test_no_network(self) -> None:
        config = Config(spreadsheet_id="x" * 20, sheets_emulator_host=Address("127.0.0.1", 1))
        assert describe(config).startswith("Google Sheets cannot be reached (ConnectionError)")

    @pytest.mark.parametrize(
        ("fault", "told"),
        [
            (Fault.FORBIDDEN, "share it with the address that stands as client_email in GOOGLE_SA_JSON"),
            (Fault.UNKNOWN, "There is no spreadsheet with this SPREADSHEET_ID"),
            (Fault.UNAUTHENTICATED, "Google does not take the key in GOOGLE_SA_JSON"),
            (Fault.TOO_MANY, "Google Sheets lets nobody call it that often just now (429)."),
            (Fault.UNAVAILABLE, "Google Sheets is out of order just now (503 UNAVAILABLE)."),
            (Fault.NOT_JSON, "Google Sheets is out of order just now (502"),
        ],
    )
    def test_an_error_answer(self, fault: Fault, told: str) -> None:
        with serve(FakeSheets(clock=Seconds(), standing=lambda _: fault)) as fake:
            sentence = describe(make_config(fake))
        assert told in sentence
        assert "\n" not in sentence

    def test_a_key_that_google_does_not_take_is_told_with_the_clock(self) -> None:
        status, answer = 400, {"error": "invalid_grant", "error_description": "Invalid JWT: Token must be short-lived."}
        error = call_with_a_key(status, answer)
        assert isinstance(error, UnavailableError)
        assert "clock of this machine is wrong" in str(error)

    def test_a_key_of_nobody(self) -> None:
        error = call_with_a_key(
            401, {"error": "invalid_client", "error_description": "The OAuth client was not found."}
        )
        assert isinstance(error, RefusedError)
        assert "make a new one" in str(error)

    def test_no_sentence_shows_the_key(self) -> None:
        assert "PRIVATE KEY" not in str(call_with_a_key(400, {"error": "invalid_grant"}))


def call_with_a_key(status: int, answer: dict[str, str]) -> MirrorError:
    """What a call says with a real key, of which a token's server says that."""

    class TokenServer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
            """Nobody reads it."""

    server = HTTPServer(("127.0.0.1", 0), TokenServer)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        key = rsa.generate_private_key(65537, 2048).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        info = {
            "client_email": "bot@example.iam.gserviceaccount.com",
            "private_key": key.decode(),
            "token_uri": f"http://127.0.0.1:{server.server_address[1]}/token",
        }
        credentials = Credentials.from_service_account_info(info, scopes=[SCOPE])  # type: ignore[no-untyped-call]
        session: Any = AuthorizedSession(credentials)  # type: ignore[no-untyped-call]
        seconds = Seconds()
        client = SheetsClient(session, root="http://127.0.0.1:1", pace=Pace(now=seconds, sleep=seconds.sleep))
        with pytest.raises(MirrorError) as caught:
            Gateway(client, "x" * 20).describe()
        return caught.value
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class TestRanges:
    def test_columns_are_named_as_in_a_sheet(self) -> None:
        assert [name_column(number) for number in (1, 26, 27, 52, 703)] == ["A", "Z", "AA", "AZ", "AAA"]
        assert all(name_column(number + 1) == fake_name_column(number) for number in range(2000))

    def test_a_title_is_quoted_whatever_is_in_it(self) -> None:
        assert quote_title("It's (kept 2026-11-16)") == "'It''s (kept 2026-11-16)'"

    def test_windows_cover_every_row_once(self) -> None:
        windows = cut_windows("T", 1, 60_000, 27)
        rows = [row for window in windows for row in range(window.top, window.bottom + 1)]
        assert rows == list(range(1, 60_001))
        assert all((one.bottom - one.top + 1) * one.width <= READ_CELLS for one in windows)
        assert [window for pack in pack_windows(windows) for window in pack] == windows


def test_all_tabs_are_read_whole_whatever_they_are_called(mirror: Mirror) -> None:
    sheet = mirror.book.sheets[0]
    sheet.title = "It's mine!A1"
    sheet.row_count, sheet.column_count = 30_000, 10
    sheet.put(0, 0, "first")
    sheet.put(25_000, 9, 7)
    rows = mirror.open_gateway().read_all_tabs()["It's mine!A1"]
    assert (len(rows), rows[0], rows[25_000][9], rows[12_345]) == (25_001, ["first"], 7, ())


def test_amounts_come_back_as_they_were_written(mirror: Mirror) -> None:
    amounts = ["0.01", "99999999.99", "1234567890.10", "999999999999.99", "0.10", "-5.00"]
    for place, amount in enumerate(amounts):
        mirror.book.sheets[0].put(place, 0, float(encode(Kind.AMOUNT, Decimal(amount)) or 0))
    rows = mirror.open_gateway().read_all_tabs()["Sheet1"]
    assert [row[0] for row in rows] == [Decimal(amount) for amount in amounts]


def test_a_call_waits_for_no_answer_longer_than_it_should() -> None:
    client = SheetsClient(requests.Session())
    assert client.timeout == (5.0, 60.0)


def test_a_full_spreadsheet_is_told_with_what_to_delete(mirror: Mirror, service: PostgresService) -> None:
    record(service, Model_A="100")
    mirror.book.sheets.append(Sheet(5, "Somebody else's", row_count=9_999_000, column_count=1))
    error = mirror.run().error
    assert isinstance(error, RefusedError)
    assert str(error).startswith("The spreadsheet is full: Google allows 10 million cells. Delete")
    assert "(kept …)" in str(error)
