"""What the API does: one function a method, on a `Spreadsheet`."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tests.fake_sheets.a1 import Range, parse_range, render_range
from tests.fake_sheets.errors import ApiError
from tests.fake_sheets.grid import CELL_LIMIT, TEXT_LIMIT, Sheet, Spreadsheet, describe_cell, enter, show

Query = Mapping[str, Sequence[str]]


def get_spreadsheet(book: Spreadsheet, query: Query) -> dict[str, Any]:
    """spreadsheets.get; with cells where `fields` names `data`, or `includeGridData` asks for them."""
    mask = query.get("fields", ["*"])[0]
    parsed = {} if mask == "*" else _parse_mask(mask)
    has_data = "data" in parsed.get("sheets", {}) if parsed else query.get("includeGridData", [""])[0] == "true"
    places = [_find(book, text) for text in query.get("ranges", ())]
    asked = [sheet for sheet, _ in places]
    whole = {
        "spreadsheetId": book.spreadsheet_id,
        "properties": {
            "title": book.title,
            "locale": "en_US",
            "autoRecalc": "ON_CHANGE",
            "timeZone": "America/New_York",
        },
        "sheets": [
            {**_describe(sheet, index), **(_describe_data(sheet, places) if has_data else {})}
            for index, sheet in enumerate(book.sheets)
            if not places or sheet in asked
        ],
        "spreadsheetUrl": f"https://docs.google.com/spreadsheets/d/{book.spreadsheet_id}/edit",
    }
    picked: dict[str, Any] = _pick(whole, parsed) if parsed else whole
    return picked


def batch_get(book: Spreadsheet, query: Query) -> dict[str, Any]:
    """spreadsheets.values.batchGet."""
    options = {name: query.get(name, [""])[0] for name in ("valueRenderOption", "dateTimeRenderOption")}
    read = [_read(book, text, options) for text in query.get("ranges", ())]
    return {"spreadsheetId": book.spreadsheet_id, "valueRanges": read}


def get_values(book: Spreadsheet, text: str, query: Query) -> dict[str, Any]:
    """spreadsheets.values.get."""
    options = {name: query.get(name, [""])[0] for name in ("valueRenderOption", "dateTimeRenderOption")}
    return _read(book, text, options)


def batch_update_values(book: Spreadsheet, body: Mapping[str, Any]) -> dict[str, Any]:
    """spreadsheets.values.batchUpdate: all ranges or none."""
    option = body.get("valueInputOption")
    if option not in ("RAW", "USER_ENTERED"):
        raise ApiError(400, "'valueInputOption' is required but not specified")
    blocks = body.get("data", ())
    for block in blocks:
        _check_write(book, block)
    written = [_write(book, block, as_user=option == "USER_ENTERED") for block in blocks]
    return {
        "spreadsheetId": book.spreadsheet_id,
        "totalUpdatedRows": sum(one.get("updatedRows", 0) for one in written),
        "totalUpdatedColumns": sum(one.get("updatedColumns", 0) for one in written),
        "totalUpdatedCells": sum(one.get("updatedCells", 0) for one in written),
        "totalUpdatedSheets": len({one["updatedRange"].partition("!")[0] for one in written}),
        "responses": written,
    }


def batch_update(book: Spreadsheet, body: Mapping[str, Any]) -> dict[str, Any]:
    """spreadsheets.batchUpdate: all requests or none."""
    if not body.get("requests"):
        raise ApiError(400, "Must specify at least one request.")
    before = [sheet.copy(sheet.sheet_id, sheet.title) for sheet in book.sheets]
    try:
        replies = [_apply(book, number, request) for number, request in enumerate(body["requests"])]
        _check_limit(book)
    except ApiError:
        book.sheets = before
        raise
    return {"spreadsheetId": book.spreadsheet_id, "replies": replies}


def _check_limit(book: Spreadsheet) -> None:
    if book.count_cells() > CELL_LIMIT:
        raise ApiError(
            400,
            "Invalid requests[0]: This action would increase the number of cells in the workbook above the limit of "
            f"{CELL_LIMIT} cells.",
        )


# --- describing ------------------------------------------------------------------------------------------------------


def _describe(sheet: Sheet, index: int) -> dict[str, Any]:
    grid = {"rowCount": sheet.row_count, "columnCount": sheet.column_count}
    if sheet.frozen_rows:
        grid["frozenRowCount"] = sheet.frozen_rows
    properties = {
        "sheetId": sheet.sheet_id,
        "title": sheet.title,
        "index": index,
        "sheetType": "GRID",
        "gridProperties": grid,
    }
    merges = [
        {"sheetId": sheet.sheet_id, "startRowIndex": top, "startColumnIndex": left, "endRowIndex": bottom,
         "endColumnIndex": right}
        for top, left, bottom, right in sheet.merges
    ]  # fmt: skip
    return {"properties": properties, **({"merges": merges} if merges else {})}


def _describe_data(sheet: Sheet, places: Sequence[tuple[Sheet, Range]]) -> dict[str, Any]:
    """`data`: a grid for each range of the sheet in the order in which they were asked for, or one of all its cells."""
    mine = [place for one, place in places if one is sheet] or [Range(sheet.title, 0, 0, None, None)]
    return {"data": [_describe_grid(sheet, place) for place in mine]}


def _describe_grid(sheet: Sheet, place: Range) -> dict[str, Any]:
    bottom = min(place.bottom or sheet.row_count, sheet.row_count)
    rows = [
        {"values": values} if (values := [describe_cell(cell) for cell in cells]) else {}
        for number in range(place.top, bottom)
        for cells in (_cut(sheet.rows.get(number, ())[place.left : place.right]),)
    ]
    while rows and not rows[-1]:
        rows.pop()
    # What is 0 is left out of an answer, as is what is empty.
    grid = {"startRow": place.top, "startColumn": place.left, "rowData": rows}
    return {name: value for name, value in grid.items() if value}


def _parse_mask(text: str) -> dict[str, Any]:
    """`a,b(c,d.e)` as nested dictionaries; a field with an empty one is wanted whole."""
    mask: dict[str, Any] = {}
    stack = [mask]
    here: dict[str, Any] = mask
    for token in re.findall(r"[\w.*]+|[(),]", text):
        if token == "(":
            stack.append(here)
        elif token == ")":
            stack.pop()
        elif token != ",":
            here = stack[-1]
            for name in token.split("."):
                here = here.setdefault(name, {})
    return mask


def _pick(value: Any, mask: Mapping[str, Any]) -> Any:
    if not mask:
        return value
    if isinstance(value, list):
        return [_pick(one, mask) for one in value]
    unknown = [name for name in mask if name not in value and name not in _OPTIONAL]
    if unknown:
        raise ApiError(400, f"Request contains an invalid argument: {unknown[0]}")
    return {name: _pick(value[name], inner) for name, inner in mask.items() if name in value}


_OPTIONAL = {
    "frozenRowCount", "hidden", "data", "rowData", "values", "startRow", "startColumn", "userEnteredFormat",
    "numberFormat", "userEnteredValue", "effectiveValue", "formattedValue", "merges",
}  # fmt: skip


# --- values ----------------------------------------------------------------------------------------------------------


def _find(book: Spreadsheet, text: str) -> tuple[Sheet, Range]:
    whole = book.find(text.strip("'").replace("''", "'"))
    if whole is not None:
        return whole, Range(whole.title, 0, 0, None, None)
    place = parse_range(text)
    sheet = (book.find(place.title) if place.title else book.sheets[0]) if place else None
    if place is None or sheet is None:
        raise ApiError(400, f"Unable to parse range: {text}")
    if place.top >= sheet.row_count or place.left >= sheet.column_count:
        raise ApiError(
            400,
            f"Range ({render_range(sheet.title, place.top, place.left, place.top + 1, place.left + 1)}) exceeds grid "
            f"limits. Max rows: {sheet.row_count}, max columns: {sheet.column_count}",
        )
    return sheet, place


def _read(book: Spreadsheet, text: str, options: Mapping[str, str]) -> dict[str, Any]:
    sheet, place = _find(book, text)
    bottom = min(place.bottom or sheet.row_count, sheet.row_count)
    right = min(place.right or sheet.column_count, sheet.column_count)
    render = options["valueRenderOption"] or "FORMATTED_VALUE"
    dates = options["dateTimeRenderOption"] or "SERIAL_NUMBER"
    rows = [
        [show(value, render, dates) for value in _cut(sheet.rows.get(row, ())[place.left : right])]
        for row in range(place.top, bottom)
    ]
    while rows and not rows[-1]:
        rows.pop()
    answer: dict[str, Any] = {
        "range": render_range(sheet.title, place.top, place.left, bottom, right),
        "majorDimension": "ROWS",
    }
    return {**answer, "values": rows} if rows else answer


def _cut(cells: Sequence[Any]) -> Sequence[Any]:
    end = len(cells)
    while end and cells[end - 1] is None:
        end -= 1
    return cells[:end]


def _check_write(book: Spreadsheet, block: Mapping[str, Any]) -> None:
    sheet, place = _find(book, block["range"])
    if block.get("majorDimension", "ROWS") != "ROWS":
        raise ApiError(400, "Invalid majorDimension")
    rows = block.get("values", [])
    _check_size(sheet, place, rows)
    if any(isinstance(cell, str) and len(cell) > TEXT_LIMIT for cells in rows for cell in cells):
        raise ApiError(400, "Your input contains more than the maximum of 50000 characters in a single cell.")


def _write(book: Spreadsheet, block: Mapping[str, Any], *, as_user: bool) -> dict[str, Any]:
    sheet, place = _find(book, block["range"])
    rows = block.get("values", [])
    for row, cells in enumerate(rows, place.top):
        for column, value in enumerate(cells, place.left):
            if value is not None:
                sheet.put(row, column, enter(value, as_user=as_user))
    width = max(map(len, rows), default=0)
    if not rows or not width:
        return {"spreadsheetId": book.spreadsheet_id, "updatedRange": block["range"]}
    return {
        "spreadsheetId": book.spreadsheet_id,
        "updatedRange": render_range(sheet.title, place.top, place.left, place.top + len(rows), place.left + width),
        "updatedRows": len(rows),
        "updatedColumns": width,
        "updatedCells": sum(map(len, rows)),
    }


def _check_size(sheet: Sheet, place: Range, rows: Sequence[Sequence[Any]]) -> None:
    bottom, right = place.bottom or sheet.row_count, place.right or sheet.column_count
    if bottom > sheet.row_count or right > sheet.column_count:
        raise ApiError(
            400,
            f"Range ({render_range(sheet.title, place.top, place.left, bottom, right)}) exceeds grid limits. "
            f"Max rows: {sheet.row_count}, max columns: {sheet.column_count}",
        )
    within = render_range(sheet.title, place.top, place.left, bottom, right)
    if len(rows) > bottom - place.top:
        raise ApiError(400, f"Requested writing within range [{within}], but tried writing to row [{bottom + 1}]")
    if any(len(cells) > right - place.left for cells in rows):
        raise ApiError(400, f"Requested writing within range [{within}], but tried writing to a column beyond it")


# --- structure -------------------------------------------------------------------------------------------------------


def _apply(book: Spreadsheet, number: int, request: Mapping[str, Any]) -> dict[str, Any]:
    ((kind, body),) = request.items()
    if kind not in _REQUESTS:
        raise ApiError(400, f"Invalid JSON payload received. Unknown name \"{kind}\" at 'requests[{number}]'")
    try:
        return _REQUESTS[kind](book, body)
    except ApiError as error:
        raise ApiError(error.code, f"Invalid requests[{number}].{kind}: {error}") from error


def _add_sheet(book: Spreadsheet, body: Mapping[str, Any]) -> dict[str, Any]:
    given = body.get("properties", {})
    sheet_id = given.get("sheetId", max((sheet.sheet_id for sheet in book.sheets), default=0) + 7919)
    title = given.get("title", f"Sheet{len(book.sheets) + 1}")
    _check_new(book, sheet_id, title)
    grid = given.get("gridProperties", {})
    sheet = Sheet(
        sheet_id,
        title,
        grid.get("rowCount", 1000),
        grid.get("columnCount", 26),
        grid.get("frozenRowCount", 0),
    )
    index = given.get("index", len(book.sheets))
    book.sheets.insert(index, sheet)
    return {"addSheet": _describe(sheet, index)}


def _duplicate_sheet(book: Spreadsheet, body: Mapping[str, Any]) -> dict[str, Any]:
    source = _by_id(book, body["sourceSheetId"])
    sheet_id = body.get("newSheetId", max(sheet.sheet_id for sheet in book.sheets) + 7919)
    title = body.get("newSheetName", f"Copy of {source.title}")
    _check_new(book, sheet_id, title)
    made = source.copy(sheet_id, title)
    index = body.get("insertSheetIndex", 0)
    book.sheets.insert(index, made)
    return {"duplicateSheet": _describe(made, index)}


def _delete_sheet(book: Spreadsheet, body: Mapping[str, Any]) -> dict[str, Any]:
    sheet = _by_id(book, body["sheetId"])
    if len(book.sheets) == 1:
        raise ApiError(400, "You can't remove all the sheets in a document.")
    book.sheets.remove(sheet)
    return {}


def _update_sheet_properties(book: Spreadsheet, body: Mapping[str, Any]) -> dict[str, Any]:
    given = body["properties"]
    sheet = _by_id(book, given["sheetId"])
    fields = body["fields"].split(",")
    grid = given.get("gridProperties", {})
    if "title" in fields:
        taken = book.find(given["title"])
        if taken is not None and taken is not sheet:
            raise _name_taken(given["title"])
        sheet.title = given["title"]
    if "gridProperties.rowCount" in fields or "gridProperties" in fields:
        _resize(sheet, row_count=grid["rowCount"])
    if "gridProperties.columnCount" in fields or "gridProperties" in fields:
        _resize(sheet, column_count=grid["columnCount"])
    if "gridProperties.frozenRowCount" in fields or "gridProperties" in fields:
        sheet.frozen_rows = grid.get("frozenRowCount", 0)
    return {}


def _resize(sheet: Sheet, *, row_count: int | None = None, column_count: int | None = None) -> None:
    if row_count is not None:
        sheet.row_count = row_count
        sheet.rows = {number: cells for number, cells in sheet.rows.items() if number < row_count}
    if column_count is not None:
        sheet.column_count = column_count
        sheet.rows = {number: cells[:column_count] for number, cells in sheet.rows.items()}


def _append_dimension(book: Spreadsheet, body: Mapping[str, Any]) -> dict[str, Any]:
    sheet = _by_id(book, body["sheetId"])
    if body["dimension"] == "ROWS":
        sheet.row_count += body["length"]
    else:
        sheet.column_count += body["length"]
    return {}


def _insert_dimension(book: Spreadsheet, body: Mapping[str, Any]) -> dict[str, Any]:
    place = body["range"]
    sheet = _by_id(book, place["sheetId"])
    start, count = place["startIndex"], place["endIndex"] - place["startIndex"]
    if place["dimension"] == "ROWS":
        sheet.row_count += count
        sheet.rows = {n + count if n >= start else n: cells for n, cells in sheet.rows.items()}
    else:
        sheet.column_count += count
        for cells in sheet.rows.values():
            if len(cells) > start:
                cells[start:start] = [None] * count
    return {}


def _delete_dimension(book: Spreadsheet, body: Mapping[str, Any]) -> dict[str, Any]:
    place = body["range"]
    sheet = _by_id(book, place["sheetId"])
    start, end = place["startIndex"], place["endIndex"]
    if place["dimension"] == "ROWS":
        sheet.row_count -= end - start
        kept = {n: cells for n, cells in sheet.rows.items() if not start <= n < end}
        sheet.rows = {n - (end - start) if n >= end else n: cells for n, cells in kept.items()}
    else:
        sheet.column_count -= end - start
        for cells in sheet.rows.values():
            del cells[start:end]
    return {}


def _sort_range(book: Spreadsheet, body: Mapping[str, Any]) -> dict[str, Any]:
    place = body["range"]
    sheet = _by_id(book, place["sheetId"])
    numbers = range(place.get("startRowIndex", 0), place.get("endRowIndex", sheet.row_count))
    for spec in reversed(body["sortSpecs"]):
        column, down = spec["dimensionIndex"], spec.get("sortOrder") == "DESCENDING"
        rows = [sheet.rows.pop(n) for n in numbers if n in sheet.rows]
        rows.sort(key=lambda cells: _sort_key(cells, column), reverse=down)
        sheet.rows.update(zip(numbers, rows, strict=False))
    return {}


def _sort_key(cells: Sequence[Any], column: int) -> tuple[int, str]:
    value = cells[column] if column < len(cells) else None
    if isinstance(value, int | float):
        return (0, f"{value:030.4f}")
    return (1, str(value).casefold()) if value is not None else (2, "")


def _update_cells(book: Spreadsheet, body: Mapping[str, Any]) -> dict[str, Any]:
    """Clearing only: no rows given, `fields` userEnteredValue or *."""
    place = body.get("range", {})
    sheet = _by_id(book, place["sheetId"])
    if body.get("rows"):
        raise ApiError(400, "rows are not what this fake knows")
    top, bottom = place.get("startRowIndex", 0), place.get("endRowIndex", sheet.row_count)
    left, right = place.get("startColumnIndex", 0), place.get("endColumnIndex", sheet.column_count)
    for number, cells in sheet.rows.items():
        if top <= number < bottom:
            cells[left:right] = [None] * len(cells[left:right])
    return {}


def _merge_cells(book: Spreadsheet, body: Mapping[str, Any]) -> dict[str, Any]:
    place = body["range"]
    sheet = _by_id(book, place["sheetId"])
    span = (place["startRowIndex"], place["startColumnIndex"], place["endRowIndex"], place["endColumnIndex"])
    sheet.merges.append(span)
    for row in range(span[0], span[2]):
        for column in range(span[1], span[3]):
            sheet.put(row, column, sheet.get(row, column))
    return {}


def _unmerge_cells(book: Spreadsheet, body: Mapping[str, Any]) -> dict[str, Any]:
    """Of a whole sheet only."""
    if set(body["range"]) != {"sheetId"}:
        raise ApiError(400, "a part of a sheet is not what this fake knows")
    _by_id(book, body["range"]["sheetId"]).merges.clear()
    return {}


_REQUESTS: Mapping[str, Callable[[Spreadsheet, Mapping[str, Any]], dict[str, Any]]] = {
    "addSheet": _add_sheet,
    "duplicateSheet": _duplicate_sheet,
    "deleteSheet": _delete_sheet,
    "updateSheetProperties": _update_sheet_properties,
    "appendDimension": _append_dimension,
    "insertDimension": _insert_dimension,
    "deleteDimension": _delete_dimension,
    "sortRange": _sort_range,
    "updateCells": _update_cells,
    "mergeCells": _merge_cells,
    "unmergeCells": _unmerge_cells,
}


def _by_id(book: Spreadsheet, sheet_id: int) -> Sheet:
    for sheet in book.sheets:
        if sheet.sheet_id == sheet_id:
            return sheet
    raise ApiError(400, f"No grid with id: {sheet_id}")


def _check_new(book: Spreadsheet, sheet_id: int, title: str) -> None:
    if book.find(title) is not None:
        raise _name_taken(title)
    if any(sheet.sheet_id == sheet_id for sheet in book.sheets):
        raise ApiError(400, f"Sheet with ID {sheet_id} already exists. Please provide a unique ID.")
    if len(title) > 100 or not title:
        raise ApiError(400, "Sheet names must be 1 to 100 characters long.")


def _name_taken(title: str) -> ApiError:
    return ApiError(400, f'A sheet with the name "{title}" already exists. Please enter another name.')


def list_titles(book: Spreadsheet) -> Iterator[str]:
    """Names of all sheets, in their order."""
    return (sheet.title for sheet in book.sheets)
