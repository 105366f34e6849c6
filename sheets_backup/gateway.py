"""The one place that calls the Google Sheets API, through gspread's client: paced, bounded, with errors as sentences.

Values go out RAW: text stays text, whatever it looks like. They come back unformatted, numbers as Decimal.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

import requests
from google.auth.exceptions import GoogleAuthError, RefreshError
from google.auth.transport.requests import AuthorizedSession
from google.oauth2.service_account import Credentials
from gspread.http_client import HTTPClient

from config import Config
from sheets_backup.cells import Cell, load_json
from sheets_backup.errors import RefusedError, UnavailableError, UnclearError
from sheets_backup.quota import TRIES, Pace

Row: TypeAlias = Sequence[Any]

GOOGLE = "https://sheets.googleapis.com"
SCOPE = "https://www.googleapis.com/auth/spreadsheets"
TIMEOUT_SECONDS = (5.0, 60.0)
_FIELDS = "spreadsheetId,properties.title,sheets(properties(sheetId,title,index,sheetType,gridProperties),merges)"
_FORMAT_FIELDS = "sheets(properties.title,data.rowData.values.userEnteredFormat.numberFormat)"
_FULL = (
    "The spreadsheet is full: Google allows 10 million cells. Delete tabs that nobody needs, first the copies whose "
    "names end in (kept …) or (before …), then tabs of your own; a tab counts with its empty cells."
)
_RETRIED = {408, 429, 500, 502, 503, 504}
_NOT_DONE = {429}
"""Answers after which nothing has happened for sure."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A tab of the spreadsheet: its number, its name, the size of its grid, whether any of its cells are merged."""

    sheet_id: int
    title: str
    row_count: int
    column_count: int
    is_merged: bool = False


@dataclass(frozen=True, slots=True)
class Spreadsheet:
    """The spreadsheet's name and its tabs with a grid, in their order."""

    title: str
    sheets: tuple[Sheet, ...]

    def find(self, title: str) -> Sheet | None:
        """The tab of that name; Google takes upper and lower case for the same."""
        return next((sheet for sheet in self.sheets if sheet.title.casefold() == title.casefold()), None)

    def find_id(self, sheet_id: int) -> Sheet | None:
        """The tab of that number."""
        return next((sheet for sheet in self.sheets if sheet.sheet_id == sheet_id), None)

    @property
    def cell_count(self) -> int:
        """Cells of all grids: what Google's limit of 10 million is about."""
        return sum(sheet.row_count * sheet.column_count for sheet in self.sheets)


@dataclass(frozen=True, slots=True)
class Window:
    """A piece of a tab: rows from 1, both ends included, columns from `left` to `width`, counted from 1 too."""

    title: str
    top: int
    bottom: int
    width: int
    left: int = 1

    @property
    def a1(self) -> str:
        """In A1 notation."""
        return f"{quote_title(self.title)}!{name_column(self.left)}{self.top}:{name_column(self.width)}{self.bottom}"


@dataclass(frozen=True, slots=True)
class Block:
    """Rows to write at a place of a tab, each as JSON text; empty cells are empty texts."""

    title: str
    top: int
    width: int
    rows: Sequence[str]

    def render(self) -> str:
        """As the API takes it."""
        window = Window(self.title, self.top, self.top + len(self.rows) - 1, self.width)
        return f'{{"range":{json.dumps(window.a1)},"majorDimension":"ROWS","values":[{",".join(self.rows)}]}}'


class Gateway:
    """One spreadsheet. All methods raise UnavailableError and RefusedError, each with a sentence."""

    def __init__(self, client: "SheetsClient", spreadsheet_id: str) -> None:
        self._client = client
        self._path = f"/v4/spreadsheets/{spreadsheet_id}"

    @property
    def call_count(self) -> int:
        """Calls made so far, tries that failed among them."""
        return self._client.call_count

    def wait_a_little(self) -> None:
        """Give Google a moment, as before any try again."""
        self._client.pace.wait_before_retry(1, None)

    def describe(self) -> Spreadsheet:
        """The tabs and their sizes, without cells."""
        answer = self._client.call("get", self._path, params={"fields": _FIELDS})
        sheets = (_read_sheet(one) for one in answer.get("sheets", ()) if _is_grid(one["properties"]))
        return Spreadsheet(answer["properties"]["title"], tuple(sheets))

    def read(self, windows: Sequence[Window]) -> list[list[Row]]:
        """The cells of each window, without empty ones at the end of a row and empty rows at the end."""
        if not windows:
            return []
        params = {
            "ranges": [window.a1 for window in windows],
            "valueRenderOption": "UNFORMATTED_VALUE",
            "dateTimeRenderOption": "SERIAL_NUMBER",
            "majorDimension": "ROWS",
        }
        answer = self._client.call("get", f"{self._path}/values:batchGet", params=params)
        return [one.get("values", []) for one in answer["valueRanges"]]

    def read_all_tabs(self, titles: Collection[str] | None = None) -> dict[str, list[Row]]:
        """Every tab by its name, whole, or those of these names; for a restore and a migration.

        Two calls, or some more for a large one.
        """
        windows = [
            window
            for sheet in self.describe().sheets
            if titles is None or sheet.title in titles
            for window in cut_windows(sheet.title, 1, sheet.row_count, sheet.column_count)
        ]
        tabs: dict[str, list[Row]] = {}
        for pack in pack_windows(windows):
            for window, rows in zip(pack, self.read(pack), strict=True):
                found = tabs.setdefault(window.title, [])
                if rows:
                    found.extend([()] * (window.top - 1 - len(found)))
                    found.extend(rows)
        return tabs

    def read_formats(self, windows: Sequence[Window]) -> list[list[str]]:
        """The number format of each cell, for windows of one column: its pattern, empty where it has none of its own.

        One call. Rows without any format at the end of a window are left out.
        """
        if not windows:
            return []
        params = {"ranges": [window.a1 for window in windows], "fields": _FORMAT_FIELDS}
        sheets = self._client.call("get", self._path, params=params).get("sheets", ())
        # The windows of a tab come in the order in which they were asked for.
        grids = {sheet["properties"]["title"]: iter(sheet.get("data", ())) for sheet in sheets}
        return [_read_patterns(next(grids[window.title], {})) for window in windows]

    def write(self, blocks: Sequence[Block]) -> None:
        """Put rows at their places, all or none. The same again changes nothing."""
        data = ",".join(block.render() for block in blocks)
        body = f'{{"valueInputOption":"RAW","includeValuesInResponse":false,"data":[{data}]}}'
        self._client.call("post", f"{self._path}/values:batchUpdate", params={"fields": "spreadsheetId"}, body=body)

    def restructure(self, changes: Sequence[Mapping[str, Any]]) -> None:
        """Change tabs, all or none. Raises UnclearError where it may have happened or not."""
        body = json.dumps({"requests": list(changes)})
        params = {"fields": "spreadsheetId"}
        self._client.call("post", f"{self._path}:batchUpdate", params=params, body=body, is_repeatable=False)


class SheetsClient(HTTPClient):
    """gspread's client with a pace, bounded tries, timeouts, and JSON whose numbers are never float."""

    def __init__(self, session: requests.Session, *, root: str = GOOGLE, pace: Pace | None = None) -> None:
        super().__init__(auth=cast(Any, None), session=session)  # the session has its own
        self.set_timeout(TIMEOUT_SECONDS)
        # Google packs its answers only for who says so here, too.
        session.headers["User-Agent"] = "shift-bot (gzip)"
        self._root = root
        self.pace = pace or Pace()
        self.call_count = 0

    def call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any],
        body: str | None = None,
        is_repeatable: bool = True,
    ) -> Any:
        """The answer to a call, as JSON, after as many tries as it takes but at most `TRIES`."""
        for attempt in range(TRIES):
            try:
                return self._try(method, path, params, body)
            except _TransientError as error:
                if not (is_repeatable or error.is_not_done):
                    raise UnclearError(error.sentence) from error
                if attempt == TRIES - 1:
                    raise UnavailableError(error.sentence) from error
                self.pace.wait_before_retry(attempt, error.asked_for)
        raise AssertionError("the last try returns or raises")

    def _try(self, method: str, path: str, params: Mapping[str, Any], body: str | None) -> Any:
        self.pace.wait_for_turn(is_write=method != "get")
        self.call_count += 1
        try:
            response = self.session.request(
                method,
                self._root + path,
                params=params,
                data=None if body is None else body.encode(),
                headers={"Content-Type": "application/json"},
                timeout=self.timeout,
            )
        except RefreshError as error:
            raise _explain_refresh(error) from error
        except (requests.RequestException, GoogleAuthError) as error:
            raise _TransientError(_explain_network(error)) from error
        if response.ok:
            return _read_answer(response)
        raise _explain(response)


class _TransientError(Exception):
    """A try that failed for a reason that passes."""

    def __init__(self, sentence: str, *, is_not_done: bool = False, asked_for: float | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.is_not_done = is_not_done
        self.asked_for = asked_for


def open_gateway(config: Config, *, pace: Pace | None = None) -> Gateway:
    """The spreadsheet of the settings. Raises RefusedError where they are not enough; calls nobody."""
    if config.spreadsheet_id is None:
        raise RefusedError("SPREADSHEET_ID is not set: set it to the ID of the Google spreadsheet to mirror into.")
    if config.sheets_emulator_host is not None:
        client = SheetsClient(requests.Session(), root=f"http://{config.sheets_emulator_host}", pace=pace)
    else:
        client = SheetsClient(_authorize(config.google_sa_json), pace=pace)
    return Gateway(client, config.spreadsheet_id)


def _authorize(key: Mapping[str, Any] | None) -> requests.Session:
    if key is None:
        raise RefusedError(
            "GOOGLE_SA_JSON is not set: set it to the key file of a Google service account that the spreadsheet is "
            "shared with."
        )
    try:
        credentials = Credentials.from_service_account_info(  # type: ignore[no-untyped-call]
            dict(key), scopes=[SCOPE]
        )
    except (ValueError, GoogleAuthError) as error:
        raise RefusedError(
            "GOOGLE_SA_JSON holds no usable key: make a new one for the service account in Google Cloud."
        ) from error
    return cast(requests.Session, AuthorizedSession(credentials))  # type: ignore[no-untyped-call]


# --- ranges ----------------------------------------------------------------------------------------------------------

READ_CELLS = 200_000
"""Cells in one read: some 2 MB."""
READ_WINDOWS = 60
"""Windows in one read: they stand in the address, which may not grow without end."""


def quote_title(title: str) -> str:
    """A tab's name as it stands in a range."""
    return "'" + title.replace("'", "''") + "'"


def name_column(number: int) -> str:
    """The letters of a column, counted from 1."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def cut_windows(title: str, top: int, bottom: int, width: int) -> list[Window]:
    """Rows of a tab as windows of which each fits into one read."""
    step = max(READ_CELLS // max(width, 1), 1)
    return [Window(title, first, min(first + step - 1, bottom), width) for first in range(top, bottom + 1, step)]


def pack_windows(windows: Iterable[Window]) -> list[list[Window]]:
    """Windows in the same order, as few reads as they fit into."""
    packs: list[list[Window]] = []
    cells = READ_CELLS
    for window in windows:
        size = (window.bottom - window.top + 1) * window.width
        if cells + size > READ_CELLS or len(packs[-1]) >= READ_WINDOWS:
            packs.append([])
            cells = 0
        packs[-1].append(window)
        cells += size
    return packs


def render_row(cells: Iterable[Cell]) -> str:
    """A row as JSON text: amounts as they are kept, with their decimals; an empty cell as an empty text."""
    return f"[{','.join(map(_render_cell, cells))}]"


def _render_cell(cell: Cell) -> str:
    if cell is None:
        return '""'
    if isinstance(cell, str | bool):
        return json.dumps(cell, ensure_ascii=False)
    return format(cell, "f") if not isinstance(cell, int) else str(cell)


# --- answers ---------------------------------------------------------------------------------------------------------


def _is_grid(properties: Mapping[str, Any]) -> bool:
    return bool(properties.get("sheetType", "GRID") == "GRID")


def _read_sheet(sheet: Mapping[str, Any]) -> Sheet:
    properties = sheet["properties"]
    grid = properties.get("gridProperties", {})
    size = grid.get("rowCount", 0), grid.get("columnCount", 0)
    return Sheet(properties.get("sheetId", 0), properties["title"], *size, is_merged=bool(sheet.get("merges")))


def _read_patterns(grid: Mapping[str, Any]) -> list[str]:
    cells: list[Mapping[str, Any]] = [next(iter(row.get("values", ())), {}) for row in grid.get("rowData", ())]
    return [_read_pattern(cell.get("userEnteredFormat", {}).get("numberFormat", {})) for cell in cells]


def _read_pattern(number_format: Mapping[str, str]) -> str:
    """The pattern; a format that names its kind alone has the usual one of the kind."""
    usual = "0.00%" if number_format.get("type") == "PERCENT" else ""
    return number_format.get("pattern", usual)


def _read_answer(response: requests.Response) -> Any:
    try:
        return load_json(response.content)
    except ValueError as error:
        raise _TransientError("Google Sheets answered with something that is no JSON.") from error


def _explain(response: requests.Response) -> Exception:
    """An error answer as what to raise."""
    try:
        error = response.json()["error"]
        status, message, details = error["status"], error["message"], error.get("details", [])
    except (ValueError, KeyError, TypeError):
        status, message, details = "", response.reason or "", []
    code = response.status_code
    if code in _RETRIED:
        asked_for = response.headers.get("Retry-After", "")
        return _TransientError(
            "Google Sheets lets nobody call it that often just now (429)."
            if code == 429
            else f"Google Sheets is out of order just now ({code} {status or message}).",
            is_not_done=code in _NOT_DONE,
            asked_for=float(asked_for) if asked_for.isdecimal() else None,
        )
    return RefusedError(_explain_refusal(code, message, [str(one.get("reason", "")) for one in details]))


def _explain_refusal(code: int, message: str, reasons: Sequence[str]) -> str:
    if "SERVICE_DISABLED" in reasons:
        return "The Google Sheets API is not switched on in the service account's project: enable it in Google Cloud."
    match code:
        case 401:
            return "Google does not take the key in GOOGLE_SA_JSON: make a new one for the service account."
        case 403:
            return (
                "The service account may not write into the spreadsheet: share it with the address that stands as "
                f"client_email in GOOGLE_SA_JSON, as an editor ({message})."
            )
        case 404:
            return "There is no spreadsheet with this SPREADSHEET_ID: copy it from the address of the spreadsheet."
        case 400 if "above the limit" in message:
            return _FULL
        case _:
            return f"Google Sheets refused what it was asked for: {code} {message}"


def _explain_refresh(error: RefreshError) -> Exception:
    text = str(error)
    if "invalid_grant" in text:
        return UnavailableError(
            "Google does not take the key in GOOGLE_SA_JSON (invalid_grant): the clock of this machine is wrong, or "
            "the key was deleted. Set the clock, or make a new key."
        )
    if getattr(error, "retryable", False):
        return _TransientError("Google does not hand out access just now.")
    return RefusedError("Google does not take the key in GOOGLE_SA_JSON: make a new one for the service account.")


def _explain_network(error: Exception) -> str:
    reason = "no answer in time" if isinstance(error, requests.Timeout) else type(error).__name__
    return f"Google Sheets cannot be reached ({reason}): is this machine connected to the internet?"
