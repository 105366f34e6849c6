"""What a run is going to write: worked out from the database, in one snapshot, and noted there before it is done.

The same database gives the same cells at the same places, so that whatever is done twice changes nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any
from zlib import crc32

from sheets_backup.cells import compute_digest, format_instant
from sheets_backup.columns import IDENTITY_TAB
from sheets_backup.gateway import Block, Sheet, Spreadsheet, render_row
from sheets_backup.look import IDENTITY_ROWS, IDENTITY_WIDTH, Condition, Finding, Look
from sheets_backup.restore import BEING_WRITTEN, WHOLE, write_sums
from sheets_backup.store import Changes, MirrorState, Store
from sheets_backup.worksheets import TABS, Tab
from sql import get_newest_version

MOST_KEPT = 3
"""Copies of a tab, of what people changed in it; the oldest goes."""
GRID_STEP = 200
"""Grids grow by so many rows at a time, so that most runs need not grow them."""
IDENTITY_HEADERS = ("Key", "Value")
ABOUT = (
    "Written by the shift bot, a copy of its database. Changes made here are put back; what was changed is kept in a "
    "tab of its own."
)


@dataclass(slots=True)
class TabPlan:
    """What becomes of one tab: `rows` are to be written, as JSON by their number; the header's is 1."""

    title: str
    sheet_id: int
    width: int
    is_rebuild: bool
    last_row: int
    rows: dict[int, str] = field(default_factory=dict)
    kept_title: str | None = None
    what: str | None = None
    """What people did to it, for the admins: `renamed`, `deleted` or `changed`."""


@dataclass(slots=True)
class Plan:
    """What a run is going to do."""

    today: date
    changes: Changes
    tabs: list[TabPlan]
    identity_id: int
    identity_kept_title: str | None
    sums: str
    """Of each table's tab its rows and the sum of their digests, as the identity tells it."""

    @property
    def row_count(self) -> int:
        """Rows of tables that are written."""
        return sum(len(tab.rows) - (1 in tab.rows) for tab in self.tabs)


def make_plan(store: Store, look: Look, state: MirrorState, *, is_full: bool, is_adopting: bool) -> Plan:
    """Work out what to write, in one snapshot, and note what each row is going to be."""
    with store.snapshot():
        changes = store.read_changes()
        planner = _Planner(store, look, changes, is_full=is_full or state.needs_full, is_adopting=is_adopting)
        tabs = [planner.plan(tab) for tab in TABS]
        identity_id, identity_kept_title = planner.plan_identity()
        store.execute("finish_mirror_full")
        sound = [title for title, one in look.findings.items() if one.condition is Condition.SOUND]
        store.execute("forget_mirror_damage", titles=sound)
        tell_of_damage(store, [tab for tab in tabs if tab.is_rebuild])
        sums = write_sums({row[0]: (row[1], int(row[2])) for row in store.fetch("select_mirror_sums")})
    return Plan(store.today, changes, tabs, identity_id, identity_kept_title, sums)


def tell_of_damage(store: Store, tabs: Iterable[TabPlan]) -> None:
    """Leave the admins a message about tabs that people changed, and where what they wrote is kept."""
    told = [{"title": tab.title, "what": tab.what, "kept": tab.kept_title} for tab in tabs if tab.what is not None]
    if told:
        store.tell_admins("mirror_damage", {"tabs": told})


class _Planner:
    def __init__(self, store: Store, look: Look, changes: Changes, *, is_full: bool, is_adopting: bool) -> None:
        self._store = store
        self._look = look
        self._changes = changes
        self._is_full = is_full
        self._is_adopting = is_adopting
        self._taken_ids = {sheet.sheet_id for sheet in look.book.sheets}
        self._taken_titles = {sheet.title.casefold() for sheet in look.book.sheets}

    def plan(self, tab: Tab) -> TabPlan:
        finding = self._look.findings[tab.title]
        headers = tab.read_headers(self._store)
        is_sound = finding.condition is Condition.SOUND and finding.state is not None
        if is_sound and not self._is_full and finding.state is not None and finding.state.headers == headers:
            return self._plan_changes(tab, finding, headers)
        return self._plan_rebuild(tab, finding, headers)

    def plan_identity(self) -> tuple[int, str | None]:
        """The number of the identity's tab, noted so that it is found when people rename it, and its copy's name."""
        sheet = self._look.identity_sheet
        sheet_id = sheet.sheet_id if sheet is not None else self._choose_id(IDENTITY_TAB)
        self._store.execute(
            "rebuild_mirror_tab",
            title=IDENTITY_TAB,
            sheet_id=sheet_id,
            headers=list(IDENTITY_HEADERS),
            kept_title=None,
            damage=None,
        )
        self._store.execute("confirm_mirror_tabs", titles=[IDENTITY_TAB])
        is_copied = self._is_adopting and sheet is not None and bool(self._look.identity)
        return sheet_id, self._choose_title(IDENTITY_TAB, "before") if is_copied else None

    # --- only what changed -------------------------------------------------------------------------------------------

    def _plan_changes(self, tab: Tab, finding: Finding, headers: Sequence[str]) -> TabPlan:
        sheet_id = finding.sheet.sheet_id if finding.sheet is not None else 0
        plan = TabPlan(tab.title, sheet_id, len(headers), is_rebuild=False, last_row=1)
        plan.what = "renamed" if finding.is_renamed else None
        touched = tab.list_touched(self._changes.keys)
        if touched is None or touched:
            self._place_changes(tab, touched, plan)
        return plan

    def _place_changes(self, tab: Tab, touched: Sequence[str] | None, plan: TabPlan) -> None:
        images = {key: (compute_digest(cells), render_row(cells)) for key, cells in tab.read(self._store, touched)}
        places = self._store.find_places(tab.title, touched)
        blank = (0, render_row([None] * plan.width))
        wanted = {**dict.fromkeys(places, blank), **images}
        new = {key: digest for key, (digest, _) in images.items() if key not in places}
        old = {
            key: wanted[key][0]
            for key, place in places.items()
            if place.digest != wanted[key][0] or place.pending is not None
        }
        if new:
            self._note("place_mirror_rows", tab.title, new)
            places |= self._store.find_places(tab.title, list(new))
        if old:
            self._note("expect_mirror_rows", tab.title, old)
        plan.rows = {places[key].row_no: wanted[key][1] for key in (*old, *new)}
        plan.last_row = max(plan.rows, default=1)

    def _note(self, query: str, title: str, digests: Mapping[str, int]) -> None:
        self._store.execute(query, title=title, keys=list(digests), digests=list(digests.values()))

    # --- all of a tab ------------------------------------------------------------------------------------------------

    def _plan_rebuild(self, tab: Tab, finding: Finding, headers: tuple[str, ...]) -> TabPlan:
        images = [(key, compute_digest(cells), render_row(cells)) for key, cells in tab.read(self._store, None)]
        known = {digest for _, digest, _ in images} | {compute_digest(headers)}
        plan = TabPlan(
            tab.title,
            finding.sheet.sheet_id if finding.sheet is not None else self._choose_id(tab.title),
            len(headers),
            is_rebuild=True,
            last_row=len(images) + 1,
        )
        damage = self._decide_copy(finding, known, plan)
        self._store.execute(
            "rebuild_mirror_tab",
            title=tab.title,
            sheet_id=plan.sheet_id,
            headers=list(headers),
            kept_title=plan.kept_title,
            damage=damage,
        )
        self._store.place_all(tab.title, ((key, digest) for key, digest, _ in images))
        plan.rows = {1: render_row(headers), **{row_no: row for row_no, (_, _, row) in enumerate(images, start=2)}}
        plan.rows.update(_blank_rest(finding.sheet, plan))
        return plan

    def _decide_copy(self, finding: Finding, known: set[int], plan: TabPlan) -> str | None:
        """Name the copy to make before the tab is written anew, where there is anything that is not ours."""
        before = finding.state
        if finding.condition is Condition.UNFINISHED and not self._is_adopting:
            plan.kept_title = before.kept_title if before is not None else None
            return before.damage if before is not None else None
        if finding.was_deleted:
            plan.what = "deleted"
        elif finding.condition is Condition.CHANGED:
            plan.what = "changed"
        elif finding.is_renamed:
            plan.what = "renamed"
        if finding.content is None:
            return None
        if self._is_adopting:
            plan.kept_title = self._choose_title(finding.title, "before") if finding.content.has_rows else None
            plan.what = None
            return None
        known |= {row[0] for row in self._store.fetch("select_mirror_digests", title=finding.title)}
        if before is not None:
            known.add(compute_digest(before.headers))
        if finding.content.digests <= known:
            return None
        damage = finding.content.damage
        if before is not None and before.damage == damage:
            # Kept and told already: what was written is read back differently again and again.
            plan.what = None
        else:
            plan.kept_title = self._choose_title(finding.title, "kept")
            plan.what = plan.what or "changed"
        return damage

    def _choose_id(self, title: str) -> int:
        """A number for a new tab, the same one each time it is asked for."""
        number = crc32(title.encode()) & 0x3FFFFFFF
        while number in self._taken_ids:
            number += 1
        self._taken_ids.add(number)
        return number

    def _choose_title(self, title: str, word: str) -> str:
        """A name that no tab has: `Shifts (kept 2026-11-16)`, and a number behind it from the second one on."""
        name = base = f"{title} ({word} {self._store.today})"
        number = 2
        while name.casefold() in self._taken_titles:
            name = f"{base} {number}"
            number += 1
        self._taken_titles.add(name.casefold())
        return name


def _blank_rest(sheet: Sheet | None, plan: TabPlan) -> Iterator[tuple[int, str]]:
    """Empty rows below the last, for whatever stands there now."""
    if sheet is not None:
        blank = render_row([None] * plan.width)
        for row_no in range(plan.last_row + 1, min(sheet.row_count, _round_up(plan.last_row)) + 1):
            yield row_no, blank


def _round_up(last_row: int) -> int:
    """The rows of a grid that has room for some more."""
    return (last_row + 50 + GRID_STEP - 1) // GRID_STEP * GRID_STEP


# --- tabs and grids --------------------------------------------------------------------------------------------------


def list_structure(plan: Plan, book: Spreadsheet) -> list[dict[str, Any]]:
    """What has to change about tabs and grids before the rows fit in; nothing where it has been done already."""
    changes: list[dict[str, Any]] = [*_restore_names(plan, book)]
    if book.find_id(plan.identity_id) is None:
        changes.append(_add_sheet(plan.identity_id, IDENTITY_TAB, IDENTITY_ROWS, IDENTITY_WIDTH, index=0))
    elif plan.identity_kept_title is not None and book.find(plan.identity_kept_title) is None:
        changes.append(_copy(plan.identity_id, plan.identity_kept_title, book))
    for tab in plan.tabs:
        sheet = book.find_id(tab.sheet_id)
        if sheet is None:
            changes.append(_add_sheet(tab.sheet_id, tab.title, _round_up(tab.last_row), tab.width))
        else:
            changes += _fit_sheet(tab, sheet, book)
    return changes


def _restore_names(plan: Plan, book: Spreadsheet) -> Iterator[dict[str, Any]]:
    """Our tabs under their names; a tab of somebody else that has one of them is named as kept."""
    ours = {tab.sheet_id: tab.title for tab in plan.tabs} | {plan.identity_id: IDENTITY_TAB}
    for sheet in book.sheets:
        title = ours.get(sheet.sheet_id)
        if title is not None and sheet.title != title:
            other = book.find(title)
            if other is not None and other is not sheet:
                yield _rename(other.sheet_id, _find_free_title(book, f"{title} (kept {plan.today})"))
            yield _rename(sheet.sheet_id, title)


def _fit_sheet(tab: TabPlan, sheet: Sheet, book: Spreadsheet) -> Iterable[dict[str, Any]]:
    if tab.kept_title is not None and book.find(tab.kept_title) is None:
        yield from ({"deleteSheet": {"sheetId": one.sheet_id}} for one in _list_outdated(tab.title, book))
        yield _copy(sheet.sheet_id, tab.kept_title, book)
    if sheet.is_merged:
        # What is written behind merged cells is gone, each time anew.
        yield {"unmergeCells": {"range": {"sheetId": sheet.sheet_id}}}
    rows = _round_up(tab.last_row)
    does_not_fit = sheet.row_count != rows or sheet.column_count != tab.width
    if tab.last_row > sheet.row_count or (tab.is_rebuild and does_not_fit):
        yield _resize(sheet.sheet_id, rows, tab.width)


def _list_outdated(title: str, book: Spreadsheet) -> list[Sheet]:
    """The oldest copies of a tab, so that there is room for one more."""
    name = re.compile(re.escape(title) + r" \(kept (\d{4}-\d\d-\d\d)\)(?: (\d+))?")
    found = ((name.fullmatch(sheet.title), sheet) for sheet in book.sheets)
    kept = sorted(((match[1], int(match[2] or 1)), sheet.sheet_id, sheet) for match, sheet in found if match)
    return [sheet for _, _, sheet in kept[: max(0, len(kept) - MOST_KEPT + 1)]]


def _add_sheet(sheet_id: int, title: str, rows: int, columns: int, index: int | None = None) -> dict[str, Any]:
    grid = {"rowCount": rows, "columnCount": columns, "frozenRowCount": 1}
    properties = {"sheetId": sheet_id, "title": title, "gridProperties": grid}
    return {"addSheet": {"properties": properties if index is None else {**properties, "index": index}}}


def _find_free_title(book: Spreadsheet, base: str) -> str:
    return next(name for number in count(1) if book.find(name := base if number == 1 else f"{base} {number}") is None)


def _copy(sheet_id: int, title: str, book: Spreadsheet) -> dict[str, Any]:
    where = {"sourceSheetId": sheet_id, "newSheetName": title, "insertSheetIndex": len(book.sheets)}
    return {"duplicateSheet": where}


def _rename(sheet_id: int, title: str) -> dict[str, Any]:
    return {"updateSheetProperties": {"properties": {"sheetId": sheet_id, "title": title}, "fields": "title"}}


def _resize(sheet_id: int, rows: int, columns: int) -> dict[str, Any]:
    properties = {"sheetId": sheet_id, "gridProperties": {"rowCount": rows, "columnCount": columns}}
    fields = "gridProperties.rowCount,gridProperties.columnCount"
    return {"updateSheetProperties": {"properties": properties, "fields": fields}}


# --- rows ------------------------------------------------------------------------------------------------------------


def list_blocks(tab: TabPlan, limit: int) -> Iterator[Block]:
    """The tab's rows as pieces without a gap, none of them much longer than `limit` characters."""
    rows: list[str] = []
    size = top = 0
    for row_no in sorted(tab.rows):
        if rows and (row_no != top + len(rows) or size > limit):
            yield Block(tab.title, top, tab.width, rows)
            rows = []
        if not rows:
            top, size = row_no, 0
        rows.append(tab.rows[row_no])
        size += len(tab.rows[row_no])
    if rows:
        yield Block(tab.title, top, tab.width, rows)


def render_identity(state: MirrorState, store: Store, sums: str, *, is_whole: bool) -> Block:
    """The tab that tells whose mirror it is (TECH T25), whether it is whole, and as of when."""
    pairs = [IDENTITY_HEADERS, *describe_identity(state, sums, is_whole=is_whole).items()]
    pairs.append(("as_of", format_instant(store.clock())))
    rows = [render_row(pair) for pair in pairs]
    rows += [render_row(["", ""])] * (IDENTITY_ROWS - len(rows))
    return Block(IDENTITY_TAB, 1, IDENTITY_WIDTH, rows)


def describe_identity(state: MirrorState, sums: str, *, is_whole: bool) -> dict[str, str]:
    """What the identity tab says beside the time."""
    return {
        "about": ABOUT,
        "database_uuid": state.database_uuid,
        "created_at": state.database_created_at,
        "schema_version": str(get_newest_version()),
        "state": WHOLE if is_whole else BEING_WRITTEN,
        "timeline": state.timeline,
        "run": str(state.run_no),
        "sums": sums,
    }
