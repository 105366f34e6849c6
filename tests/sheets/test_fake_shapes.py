"""The fake answers in the shapes of the real API.

`tests/fake_sheets/shapes` holds requests with their answers as the API's reference and its known answers show them,
written down by hand: shapes to hold the fake against, not recordings of a session with Google.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.fake_sheets.grid import Formatted, Moment, Sheet
from tests.fake_sheets.server import FakeSheets, Fault, serve
from tests.sheets.mirrors import Seconds

SHAPES = sorted((Path(__file__).parents[1] / "fake_sheets" / "shapes").glob("*.json"))


@pytest.fixture
def fake() -> Iterator[FakeSheets]:
    """A spreadsheet with some cells in two tabs."""
    with serve(FakeSheets(clock=Seconds())) as sheets:
        book = sheets.book
        book.sheets.append(Sheet(5, "My tab", 10, 4, 1))
        book.get_sheet("My tab").put(0, 0, Moment(46342, "2026/11/16"))
        book.get_sheet("Sheet1").write_all([["ID", "Amount", "Paid"], [1, 12.5, True], [], [None, "x", None]])
        book.get_sheet("Sheet1").put(1, 7, Formatted(0.085, "PERCENT", "0.00%"))
        yield sheets


@pytest.mark.parametrize("shape", SHAPES, ids=lambda path: path.stem)
def test_an_answer_has_the_shape_that_the_api_gives_it(fake: FakeSheets, shape: Path) -> None:
    wanted = json.loads(shape.read_text(encoding="utf-8"))
    asked = wanted["request"]
    answer = requests.request(asked["method"], f"http://{fake.host}{asked['path']}", json=asked.get("body"), timeout=10)
    assert (answer.status_code, answer.json()) == (wanted["status"], wanted["answer"])


def test_a_write_of_several_ranges_is_all_or_nothing(fake: FakeSheets) -> None:
    body: dict[str, Any] = {
        "valueInputOption": "RAW",
        "data": [
            {"range": "Sheet1!A1:A1", "majorDimension": "ROWS", "values": [["new"]]},
            {"range": "Nowhere!A1:A1", "majorDimension": "ROWS", "values": [["new"]]},
        ],
    }
    url = f"http://{fake.host}/v4/spreadsheets/{fake.book.spreadsheet_id}/values:batchUpdate"
    assert requests.post(url, json=body, timeout=10).status_code == 400
    assert fake.book.get_sheet("Sheet1").get(0, 0) == "ID"


def test_what_is_typed_in_is_read_as_a_person_s_and_what_is_raw_stays(fake: FakeSheets) -> None:
    texts = ["007", "12,50", "TRUE", "2026/11/16", "=1+1", "'x", "50%"]
    url = f"http://{fake.host}/v4/spreadsheets/{fake.book.spreadsheet_id}/values:batchUpdate"
    shown = {}
    for option in ("RAW", "USER_ENTERED"):
        block = {"range": "Sheet1!A10:G10", "majorDimension": "ROWS", "values": [texts]}
        assert requests.post(url, json={"valueInputOption": option, "data": [block]}, timeout=10).ok
        read = f"http://{fake.host}/v4/spreadsheets/{fake.book.spreadsheet_id}/values/Sheet1!A10:G10"
        options = {"valueRenderOption": "UNFORMATTED_VALUE"}
        shown[option] = requests.get(read, params=options, timeout=10).json()["values"][0]
    assert shown["RAW"] == texts
    assert shown["USER_ENTERED"] == [7, "12,50", True, 46342, "#N/A", "x", 0.5]


class TestQuota:
    def test_the_sixty_first_read_of_a_minute_is_refused_as_the_api_does(self, fake: FakeSheets) -> None:
        url = f"http://{fake.host}/v4/spreadsheets/{fake.book.spreadsheet_id}"
        statuses = [requests.get(url, timeout=10).status_code for _ in range(61)]
        assert statuses == [200] * 60 + [429]
        error = requests.get(url, timeout=10).json()["error"]
        assert error["status"] == "RESOURCE_EXHAUSTED"
        assert error["message"].startswith("Quota exceeded for quota metric 'Read requests'")
        assert error["details"][0]["reason"] == "RATE_LIMIT_EXCEEDED"

    def test_a_minute_later_it_is_answered_again(self, fake: FakeSheets) -> None:
        url = f"http://{fake.host}/v4/spreadsheets/{fake.book.spreadsheet_id}"
        for _ in range(61):
            requests.get(url, timeout=10)
        assert isinstance(fake.clock, Seconds)
        fake.clock.sleep(61)
        assert requests.get(url, timeout=10).status_code == 200


@pytest.mark.parametrize(
    ("fault", "status"),
    [(Fault.TOO_MANY, 429), (Fault.INTERNAL, 500), (Fault.UNAVAILABLE, 503), (Fault.FORBIDDEN, 403)],
)
def test_a_fault_is_answered_in_the_api_s_words_and_does_nothing(fake: FakeSheets, fault: Fault, status: int) -> None:
    fake.faults.append(fault)
    url = f"http://{fake.host}/v4/spreadsheets/{fake.book.spreadsheet_id}:batchUpdate"
    answer = requests.post(url, json={"requests": [{"addSheet": {}}]}, timeout=10)
    assert answer.status_code == status
    assert answer.json()["error"].keys() >= {"code", "message", "status"}
    assert len(fake.book.sheets) == 2


@pytest.mark.parametrize("fault", [Fault.APPLIED_BUT_UNANSWERED, Fault.CUT_OFF, Fault.REFUSED])
def test_a_connection_can_end_before_the_answer_does(fake: FakeSheets, fault: Fault) -> None:
    fake.faults.append(fault)
    url = f"http://{fake.host}/v4/spreadsheets/{fake.book.spreadsheet_id}:batchUpdate"
    with pytest.raises(requests.RequestException):
        requests.post(url, json={"requests": [{"addSheet": {}}]}, timeout=10)
    assert len(fake.book.sheets) == (2 if fault is Fault.REFUSED else 3)
