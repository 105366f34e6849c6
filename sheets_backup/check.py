"""`--verify` and `--restore-check`: a run of the mirror that writes nothing but its line in the log."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from config import Config
from repository.clock import Clock, read_system_clock
from sheets_backup.errors import MirrorError
from sheets_backup.gateway import open_gateway
from sheets_backup.mirror import PACE, get_zone
from sheets_backup.quota import Pace
from sheets_backup.scratch import open_scratch
from sheets_backup.store import Store
from sheets_backup.verify import Comparison, check_restore, verify_sheet

Scratch = Callable[[Config], AbstractContextManager[Mapping[str, Any]]]


def run_verify(
    config: Config, params: Mapping[str, Any], *, clock: Clock = read_system_clock, pace: Pace = PACE
) -> Comparison:
    """Compare the sheet with the database cell by cell. Raises MirrorError, and BusyError during another run."""
    gateway = open_gateway(config, pace=pace)
    with Store(params, get_zone(config), clock) as store:
        return _log(store, "verify", lambda: verify_sheet(gateway, store))


def run_restore_check(
    config: Config,
    params: Mapping[str, Any],
    *,
    clock: Clock = read_system_clock,
    pace: Pace = PACE,
    scratch: Scratch = open_scratch,
) -> Comparison:
    """Restore the sheet as it is into a scratch database, compare that with this one row by row.

    What waits for the next run is left out. `scratch` makes the database. Raises MirrorError, and BusyError during
    another run.
    """
    gateway = open_gateway(config, pace=pace)
    with Store(params, get_zone(config), clock) as store, scratch(config) as place:
        return _log(store, "restore-check", lambda: check_restore(gateway, store, config, place))


def _log(store: Store, sync_type: str, compare: Callable[[], Comparison]) -> Comparison:
    """Run it under the mirror's lock, with a line in the log."""
    store.take_lock()
    started_at = store.clock()
    run_id = store.fetch("start_sync_run", sync_type=sync_type, direction="pull", at=started_at)[0][0]
    error, compared = "ended with an error", 0
    try:
        comparison = compare()
        compared = comparison.compared
        error = f"{len(comparison.differences)} differ" if comparison.differences else ""
    except MirrorError as refusal:
        error = str(refusal)
        raise
    finally:
        at = max(store.clock(), started_at)
        store.execute(
            "finish_sync_run",
            id=run_id,
            status="failed" if error else "ok",
            error=error or None,
            row_count=compared,
            at=at,
            duration_ms=round((at - started_at).total_seconds() * 1000),
        )
    return comparison
