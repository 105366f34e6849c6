"""One run of the mirror: look at the sheet, work out what to write, write it, note that it arrived (SPEC 8).

Whatever a run is cut off at, the next one ends with the sheet as the database is: what waits stays in the outbox until
the sheet has it, every row has its place noted before it is written, and what is done twice changes nothing.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from config import Config
from payroll.business_time import BusinessZone
from repository.clock import Clock, read_system_clock
from sheets_backup.columns import IDENTITY_TAB
from sheets_backup.errors import BusyError, ForeignSheetError, MirrorError, UnavailableError, UnclearError
from sheets_backup.gateway import Block, Gateway, open_gateway
from sheets_backup.look import Condition, Look, look_at
from sheets_backup.plan import (
    Plan,
    describe_identity,
    list_blocks,
    list_structure,
    make_plan,
    render_identity,
    tell_of_damage,
)
from sheets_backup.quota import TRIES, Pace
from sheets_backup.restore import read_run_no, read_timeline
from sheets_backup.store import KEEP_LOG, MirrorState, Store

WRITE_CHARACTERS = 1_500_000
"""In one write: some 2 MB."""
CELL_LIMIT = 10_000_000
CELLS_TOLD_AT = 0.7
TELL_FULL_EVERY = timedelta(days=7)
FAILING_TOLD_AFTER = timedelta(hours=1)
PACE = Pace()
"""One for all runs of this process: Google counts them together."""
_log = logging.getLogger(__name__)


class RunKind(StrEnum):
    """What a run is asked to do; the `sync_type` of its log."""

    INCREMENTAL = "incremental"
    FULL = "full"
    ADOPT = "adopt"


@dataclass(frozen=True, slots=True)
class Report:
    """How a run ended. `rows` were written with `calls` to Google; `error` is a sentence."""

    kind: RunKind
    rows: int = 0
    calls: int = 0
    error: MirrorError | None = None
    healed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def run_mirror(
    config: Config,
    params: Mapping[str, Any],
    *,
    kind: RunKind = RunKind.INCREMENTAL,
    clock: Clock = read_system_clock,
    pace: Pace = PACE,
) -> Report:
    """Bring the sheet up to date; for a thread of the bot, a timer, or by hand.

    `params` are of the database as `Config.get_db_params()` gives them. What Google or the sheet are to blame for is in
    the report, in `sync_log`, and with the admins after an hour of it. Raises the service's UnavailableError where the
    database is away.
    """
    with Store(params, get_zone(config), clock) as store:
        try:
            store.take_lock()
        except BusyError as error:
            return Report(kind, error=error)
        return _run_logged(config, store, kind, pace)


def get_zone(config: Config) -> BusinessZone:
    """The business zone of the settings."""
    return BusinessZone.fixed_utc_minus_5() if config.is_fixed_utc_minus_5 else BusinessZone.named(config.timezone)


def _run_logged(config: Config, store: Store, kind: RunKind, pace: Pace) -> Report:
    started_at = store.clock()
    run_id = store.fetch("start_sync_run", sync_type=kind, direction="push", at=started_at)[0][0]
    report, written = Report(kind), dict[str, int]()
    try:
        run = _Run(store, open_gateway(config, pace=pace), kind)
        report, written = run.go(config.spreadsheet_id or ""), run.written
    except MirrorError as error:
        report = replace(report, error=error)
    _finish_log(store, run_id, started_at, report, written)
    return report


def _finish_log(store: Store, run_id: int, started_at: datetime, report: Report, written: Mapping[str, int]) -> None:
    at = max(store.clock(), started_at)
    duration_ms = round((at - started_at).total_seconds() * 1000)
    with store.transaction():
        store.execute(
            "finish_sync_run",
            id=run_id,
            status="ok" if report.error is None else "failed",
            error=None if report.error is None else str(report.error),
            row_count=report.rows,
            at=at,
            duration_ms=duration_ms,
        )
        for title, rows in written.items():
            store.execute(
                "insert_sync_table", id=run_id, table_name=title, row_count=rows, at=at, duration_ms=duration_ms
            )
        store.execute("purge_sync_log", before=at - KEEP_LOG)
        if report.error is None:
            store.execute("mark_mirror_told_failing", at=None)
        else:
            _tell_of_failure(store, report.error, at)


def _tell_of_failure(store: Store, error: MirrorError, at: datetime) -> None:
    """Admins hear of it once, after an hour of failures; of a sheet that is not ours at once (TECH T25)."""
    failing_since: datetime = store.fetch("select_last_syncs")[0][7]
    is_foreign = isinstance(error, ForeignSheetError)
    if store.read_state().told_failing_at is None and (is_foreign or at - failing_since >= FAILING_TOLD_AFTER):
        since = store.zone.format(failing_since)
        store.tell_admins("mirror_stopped" if is_foreign else "mirror_failing", {"since": since, "error": str(error)})
        store.execute("mark_mirror_told_failing", at=at)


class _Run:
    """The steps of one run."""

    def __init__(self, store: Store, gateway: Gateway, kind: RunKind) -> None:
        self._store = store
        self._gateway = gateway
        self._kind = kind
        self.written: dict[str, int] = {}

    def go(self, spreadsheet_id: str) -> Report:
        """Look, plan, write, note."""
        state = self._store.read_state()
        if state.spreadsheet_id != spreadsheet_id:
            self._store.execute("start_mirror_on", spreadsheet_id=spreadsheet_id)
            state = self._store.read_state()
        look = self._look(state)
        is_adopting = self._kind is RunKind.ADOPT and not is_ours(look, state)
        if not is_adopting:
            refuse_foreign(look, state)
        is_full = self._kind is not RunKind.INCREMENTAL
        plan = make_plan(self._store, look, state, is_full=is_full, is_adopting=is_adopting)
        self._restructure(plan, look)
        self._write(plan, look, state)
        self._finish(plan, look, state)
        healed = tuple(tab.title for tab in plan.tabs if tab.what is not None)
        kept = tuple(tab.kept_title for tab in plan.tabs if tab.kept_title is not None)
        return Report(self._kind, sum(self.written.values()), self._gateway.call_count, None, healed, kept)

    def _look(self, state: MirrorState) -> Look:
        everything = state.needs_full or self._kind is not RunKind.INCREMENTAL
        is_adopting = self._kind is RunKind.ADOPT
        return look_at(self._gateway, self._store, state, everything=everything, is_adopting=is_adopting)

    def _restructure(self, plan: Plan, look: Look) -> None:
        """Tabs and grids as they have to be. After an answer that says nothing, look before doing it again."""
        book = look.book
        for _ in range(TRIES):
            changes = list_structure(plan, book)
            if not changes:
                return
            try:
                self._gateway.restructure(changes)
            except UnclearError:
                self._gateway.wait_a_little()
                book = self._gateway.describe()
            else:
                return
        raise UnavailableError("Google Sheets did not say whether it changed the spreadsheet's tabs.")

    def _write(self, plan: Plan, look: Look, state: MirrorState) -> None:
        """Everything in as few calls as it fits into; each is noted as soon as it has arrived."""
        blocks = [block for tab in plan.tabs for block in list_blocks(tab, WRITE_CHARACTERS)]
        told = describe_identity(state, plan.sums, is_whole=True)
        if not blocks and told == {key: value for key, value in look.identity.items() if key in told}:
            return
        # Before anything is written: of two copies of a database the one that knows of fewer runs stops.
        state = replace(state, run_no=max(state.run_no, read_run_no(look.identity)) + 1)
        self._store.execute("upsert_metadata", key="mirror_run", value=str(state.run_no))
        packs = list(_pack(blocks)) or [[]]
        last_packs = {block.title: number for number, pack in enumerate(packs) for block in pack}
        for number, pack in enumerate(packs):
            is_last = number == len(packs) - 1
            is_told = (
                [render_identity(state, self._store, plan.sums, is_whole=is_last)] if is_last or number == 0 else []
            )
            self._gateway.write([*is_told, *pack])
            self._note_written(pack, [title for title, last in last_packs.items() if last == number])

    def _note_written(self, pack: Sequence[Block], finished: Sequence[str]) -> None:
        with self._store.transaction():
            for block in pack:
                bottom = block.top + len(block.rows) - 1
                rows = self._store.execute("confirm_mirror_rows", title=block.title, top=block.top, bottom=bottom)
                self.written[block.title] = self.written.get(block.title, 0) + rows
            self._store.execute("confirm_mirror_tabs", titles=list(finished))

    def _finish(self, plan: Plan, look: Look, state: MirrorState) -> None:
        """What waited has arrived. Admins hear of tabs that got their names back, and of a sheet that fills up."""
        with self._store.transaction():
            if plan.changes.numbers:
                self._store.execute("delete_sync_outbox", numbers=list(plan.changes.numbers))
            title, row_no = look.checked_to
            self._store.execute("mark_mirror_checked", title=title, row_no=row_no)
            tell_of_damage(self._store, [tab for tab in plan.tabs if not tab.is_rebuild])
            self._tell_if_filling_up(look, state)

    def _tell_if_filling_up(self, look: Look, state: MirrorState) -> None:
        now = self._store.clock()
        share = look.book.cell_count / CELL_LIMIT
        is_due = state.told_full_at is None or now - state.told_full_at >= TELL_FULL_EVERY
        if share >= CELLS_TOLD_AT and is_due:
            self._store.tell_admins("mirror_full", {"percent": int(share * 100)})
            self._store.execute("mark_mirror_told_full", at=now)


def refuse_foreign(look: Look, state: MirrorState) -> None:
    """Raise ForeignSheetError for a spreadsheet that is not this database's mirror, or may not be (TECH T25)."""
    found = look.identity.get("database_uuid")
    if is_ours(look, state):
        return
    if found == state.database_uuid:
        raise ForeignSheetError(
            "The spreadsheet is ahead of this database: a copy of it that is at work elsewhere has written there, or "
            f"this one was restored from an older backup (run {read_run_no(look.identity)} of timeline "
            f"{read_timeline(look.identity)} there, {state.run_no} of {state.timeline} here). Nothing was written. To "
            "restore what the spreadsheet has into an empty database: python migrate_to_postgres.py --source sheets "
            "--execute. To let this database take it over: python -m sheets_backup --adopt, which keeps a copy of each "
            "tab."
        )
    if found:
        raise ForeignSheetError(
            "The spreadsheet is the mirror of another database, so nothing was written. To restore this database from "
            "it: python migrate_to_postgres.py --source sheets --execute. To let this database take it over: "
            "python -m sheets_backup --adopt, which keeps a copy of each tab."
        )
    filled = [title for title, one in look.findings.items() if _has_rows(one.condition, one.content)]
    if filled:
        raise ForeignSheetError(
            f"The spreadsheet has rows in {', '.join(filled[:3])} but no tab {IDENTITY_TAB} that tells whose they are, "
            "so nothing was written. To let this database take it over: python -m sheets_backup --adopt, which keeps "
            "a copy of each tab."
        )


def is_ours(look: Look, state: MirrorState) -> bool:
    """Whether the spreadsheet is as this very database left it, or as it was when this one was restored from it."""
    if look.identity.get("database_uuid") != state.database_uuid:
        return False
    timeline, run_no = read_timeline(look.identity), read_run_no(look.identity)
    return (timeline == state.timeline and run_no <= state.run_no) or (
        timeline == state.restored_from and run_no == state.run_no
    )


def _has_rows(condition: Condition, content: Any) -> bool:
    return content.has_rows if content is not None else condition is Condition.SOUND


def _pack(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Blocks in the same order, as few writes as they fit into."""
    pack: list[Block] = []
    size = 0
    for block in blocks:
        length = sum(map(len, block.rows))
        if pack and size + length > WRITE_CHARACTERS:
            yield pack
            pack, size = [], 0
        pack.append(block)
        size += length
    if pack:
        yield pack
