"""Looking at the sheet before writing: whose it is, and whether it still is what was written.

Each run looks at every tab's header and end and, in turns, at the rest; at all of it where it is not much. What does
not fit is looked at whole, so that nothing that people wrote is lost when the tab is written anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b
from typing import Any

from sheets_backup.cells import compute_digest
from sheets_backup.columns import IDENTITY_TAB
from sheets_backup.gateway import READ_CELLS, Gateway, Row, Sheet, Spreadsheet, Window, cut_windows, pack_windows
from sheets_backup.store import MirrorState, Place, Store, TabState
from sheets_backup.worksheets import TABS, TITLES

TAIL_ROWS = 200
"""The newest rows of a tab are looked at in every run."""
IDENTITY_ROWS = 20
IDENTITY_WIDTH = 2


class Condition(StrEnum):
    """How a tab was found."""

    SOUND = "sound"
    MISSING = "missing"
    CHANGED = "changed"
    UNFINISHED = "unfinished"
    """A run was cut off while it wrote the tab anew."""
    UNKNOWN = "unknown"
    """There is a tab of this name, but nothing is known of what was written there."""


@dataclass(slots=True)
class Finding:
    """A tab as it was found. `content` is looked at only where it is not sound."""

    title: str
    condition: Condition
    sheet: Sheet | None
    state: TabState | None
    is_renamed: bool = False
    content: "Content | None" = None

    @property
    def was_deleted(self) -> bool:
        """A tab that had been written is gone."""
        return self.condition is Condition.MISSING and self.state is not None and self.state.is_rebuilt


@dataclass(slots=True)
class Content:
    """All that stands in a tab: the digests of its rows, and one of them all."""

    digests: set[int] = field(default_factory=set)
    has_rows: bool = False
    """Whether there is anything below the first row."""

    @property
    def damage(self) -> str:
        """What tells this content from another."""
        text = ",".join(map(str, sorted(self.digests)))
        return blake2b(text.encode(), digest_size=8).hexdigest()


@dataclass(slots=True)
class Look:
    """The spreadsheet as it was found. `identity` has the keys and values of the tab that tells whose it is."""

    book: Spreadsheet
    identity_sheet: Sheet | None
    identity: Mapping[str, str]
    findings: dict[str, Finding]
    checked_to: tuple[str | None, int]


def look_at(gateway: Gateway, store: Store, state: MirrorState, *, everything: bool, is_adopting: bool = False) -> Look:
    """Look at the spreadsheet: two calls, some more where something is wrong or `everything` is asked for.

    That of another database is looked into only where it is to be taken over.
    """
    book = gateway.describe()
    tabs = store.list_tabs()
    findings = {tab.title: _find(book, tabs.get(tab.title), tab.title) for tab in TABS}
    identity_sheet = _find_sheet(book, tabs.get(IDENTITY_TAB), IDENTITY_TAB)
    sound = [one for one in findings.values() if one.condition is Condition.SOUND]
    last_rows: dict[str, int] = dict(store.fetch("select_mirror_last_rows"))
    pending: list[Any] = store.fetch("select_mirror_pending")
    windows, checked_to = _choose_windows(sound, last_rows, pending, state, everything=everything)
    identity_rows = _check(gateway, store, identity_sheet, windows, findings)
    identity = {str(row[0]): str(row[1]) for row in identity_rows if len(row) > 1}
    if not identity.get("database_uuid") or is_adopting:
        _look_into(gateway, (one for one in findings.values() if one.condition is not Condition.SOUND))
    elif identity["database_uuid"] == state.database_uuid:
        wrong = (Condition.CHANGED, Condition.UNKNOWN)
        _look_into(gateway, (one for one in findings.values() if one.condition in wrong))
    return Look(book, identity_sheet, identity, findings, checked_to)


def _look_into(gateway: Gateway, findings: Iterable[Finding]) -> None:
    """Read all that stands in these tabs, whatever is in it."""
    owners: dict[str, Content] = {}
    windows: list[Window] = []
    for one in findings:
        if one.sheet is not None:
            one.content = owners[one.sheet.title] = Content()
            windows += cut_windows(one.sheet.title, 1, one.sheet.row_count, max(one.sheet.column_count, 1))
    for pack in pack_windows(windows):
        for window, rows in zip(pack, gateway.read(pack), strict=True):
            content = owners[window.title]
            for row_no, row in enumerate(rows, start=window.top):
                digest = compute_digest(row)
                if digest:
                    content.digests.add(digest)
                    content.has_rows = content.has_rows or row_no > 1


# --- finding the tabs ------------------------------------------------------------------------------------------------


def _find_sheet(book: Spreadsheet, state: TabState | None, title: str) -> Sheet | None:
    """Our tab by its number, whatever people named it, else by its name."""
    by_number = book.find_id(state.sheet_id) if state is not None else None
    # One that now bears the name of another tab of ours was given away.
    if by_number is not None and (by_number.title == title or by_number.title not in TITLES):
        return by_number
    return book.find(title)


def _find(book: Spreadsheet, state: TabState | None, title: str) -> Finding:
    sheet = _find_sheet(book, state, title)
    is_renamed = sheet is not None and sheet.title != title
    if state is not None and not state.is_rebuilt:
        condition = Condition.UNFINISHED
    elif sheet is None:
        condition = Condition.MISSING
    elif state is None:
        condition = Condition.UNKNOWN
    elif sheet.sheet_id != state.sheet_id or sheet.column_count != len(state.headers):
        condition = Condition.CHANGED
    else:
        condition = Condition.SOUND
    return Finding(title, condition, sheet, state, is_renamed)


# --- what to look at -------------------------------------------------------------------------------------------------


def _choose_windows(
    sound: Sequence[Finding],
    last_rows: Mapping[str, int],
    pending: Sequence[tuple[str, int, int]],
    state: MirrorState,
    *,
    everything: bool,
) -> tuple[list[tuple[Finding, Window]], tuple[str | None, int]]:
    """Pieces to look at: of all tabs' headers and ends, what may have arrived, and the rest by turns."""
    sizes = [last_rows.get(one.title, 1) * _width(one) for one in sound]
    if everything or sum(sizes) <= READ_CELLS:
        return [piece for one in sound for piece in _cut(one, 1, _grid_end(one))], (None, 1)
    pieces = []
    for one in sound:
        tail = max(last_rows.get(one.title, 1) - TAIL_ROWS + 1, 2)
        pieces += [*_cut(one, 1, 1), *_cut(one, tail, _grid_end(one))]
    ends = {one.title: one for one in sound}
    for title, top, bottom in pending:
        if title in ends:
            pieces += _cut(ends[title], top, bottom)
    budget = READ_CELLS - sum(min(size, (TAIL_ROWS + 1) * _width(one)) for one, size in zip(sound, sizes, strict=True))
    turn, checked_to = _take_turn(sound, last_rows, state, max(budget, READ_CELLS // 4))
    return pieces + turn, checked_to


def _take_turn(
    sound: Sequence[Finding], last_rows: Mapping[str, int], state: MirrorState, budget: int
) -> tuple[list[tuple[Finding, Window]], tuple[str | None, int]]:
    """The rows that come next, tab by tab, until the budget of cells is used up; and where that was."""
    titles = [one.title for one in sound]
    start = titles.index(state.checked_title) if state.checked_title in titles else 0
    row = state.checked_row + 1
    pieces: list[tuple[Finding, Window]] = []
    for one in (*sound[start:], *sound[:start]):
        last = last_rows.get(one.title, 1) - TAIL_ROWS
        top = max(row, 2)
        row = 2
        bottom = min(last, top + budget // _width(one) - 1)
        if bottom >= top:
            pieces += _cut(one, top, bottom)
            budget -= (bottom - top + 1) * _width(one)
        if bottom < last:
            return pieces, (one.title, max(bottom, top - 1))
    return pieces, (None, 1)


def _cut(one: Finding, top: int, bottom: int) -> list[tuple[Finding, Window]]:
    title = one.sheet.title if one.sheet is not None else one.title
    return [(one, window) for window in cut_windows(title, top, bottom, _width(one))] if bottom >= top else []


def _width(one: Finding) -> int:
    return len(one.state.headers) if one.state is not None else 1


def _grid_end(one: Finding) -> int:
    return one.sheet.row_count if one.sheet is not None else 1


# --- looking ---------------------------------------------------------------------------------------------------------


def _check(
    gateway: Gateway,
    store: Store,
    identity: Sheet | None,
    pieces: Sequence[tuple[Finding, Window]],
    findings: Mapping[str, Finding],
) -> Sequence[Row]:
    """Read the pieces, note what does not fit; the rows of the identity tab."""
    first = [_identity_window(identity)] if identity is not None else []
    owners = {id(window): finding for finding, window in pieces}
    identity_rows: Sequence[Row] = ()
    for pack in _pack_used(store, [*first, *(window for _, window in pieces)]):
        for window, rows in zip(pack, gateway.read(pack), strict=True):
            if first and window is first[0]:
                identity_rows = rows
            elif not _fits(store, owners[id(window)], window, rows):
                findings[owners[id(window)].title].condition = Condition.CHANGED
    return identity_rows


def _pack_used(store: Store, windows: Iterable[Window]) -> list[list[Window]]:
    """All in one read where what was written fits into one: the empty rows at the end of a tab cost nothing."""
    windows = list(windows)
    last_rows: dict[str, int] = dict(store.fetch("select_mirror_last_rows"))
    used = sum(
        max(min(one.bottom, last_rows.get(one.title, one.bottom)) - one.top + 1, 1) * one.width for one in windows
    )
    return [windows] if used <= READ_CELLS * 2 else pack_windows(windows)


def _identity_window(sheet: Sheet) -> Window:
    return Window(sheet.title, 1, min(IDENTITY_ROWS, sheet.row_count), min(IDENTITY_WIDTH, sheet.column_count))


def _fits(store: Store, finding: Finding, window: Window, rows: Sequence[Row]) -> bool:
    """Whether a piece of a tab is as it was written, or as it was being written; what of that arrived is noted."""
    expected = store.list_expected(finding.title, window.top, window.bottom)
    headers = compute_digest(finding.state.headers) if finding.state is not None else 0
    found = {row_no: compute_digest(row) for row_no, row in enumerate(rows, start=window.top)}
    for row_no in {*found, *expected, window.top}:
        allowed = {headers} if row_no == 1 else _allow(expected.get(row_no))
        if found.get(row_no, 0) not in allowed:
            return False
    arrived = [row_no for row_no, place in expected.items() if place.pending is not None]
    arrived = [row_no for row_no in arrived if found.get(row_no, 0) == expected[row_no].pending]
    if arrived:
        store.execute("confirm_mirror_places", title=finding.title, row_nos=arrived)
    return True


def _allow(place: Place | None) -> set[int]:
    """A row may hold what was written last or what was being written; one that has no place is empty."""
    if place is None:
        return {0}
    return {place.digest} if place.pending is None else {place.digest, place.pending}
