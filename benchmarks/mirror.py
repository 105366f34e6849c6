"""The mirror in Google Sheets: how many calls a run takes, how long, and how much memory.

Each run is a process of its own against the fake Google of the tests, which is in this one:
`python -m benchmarks.mirror` with an order as JSON is such a run.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.figures import Figure
from benchmarks.stage import open_stage
from config import Address, Config
from pg_schema import PostgresSchema
from tests.databases import DatabaseServer, connect
from tests.fake_sheets.server import FakeSheets, serve

SIZE = 20_000
MOST_CALLS_FULL = 40
MOST_CALLS = 6
MOST_MIB = 150
CHANGED = (1, 1_000)
_KIB_PER_MIB = 1024


@dataclass(frozen=True, slots=True)
class MirrorRun:
    """A run: after what, how many rows it wrote with how many calls, in how many seconds, with how much more memory."""

    what: str
    rows: int
    calls: int
    seconds: float
    mib: float


def measure_mirror(server: DatabaseServer) -> list[MirrorRun]:
    """A first run of everything, one after each number of changed shifts, and one that writes everything anew."""
    with open_stage(server, SIZE) as stage, serve(FakeSheets()) as fake:
        order = {"params": dict(stage.params), "host": fake.host, "spreadsheet_id": fake.book.spreadsheet_id}
        PostgresSchema(**stage.params, config=_read_config(order)).init_schema()
        runs = [_run(f"everything, {SIZE:,} shifts", order)]
        for count in CHANGED:
            with connect(dict(stage.params)) as connection:
                connection.execute("UPDATE shifts SET note = %s WHERE shift_id <= %s", [f"run {count}", count])
            runs.append(_run(f"{count:,} shifts changed", order))
        runs.append(_run(f"everything anew, {SIZE:,} shifts", {**order, "kind": "full"}))
        return runs


def list_mirror_figures(runs: list[MirrorRun]) -> Iterator[Figure]:
    """What must hold of the mirror."""
    for run in runs:
        most = MOST_CALLS_FULL if run.what.startswith("everything") else MOST_CALLS
        found = f"{run.calls} calls, {run.rows:,} rows, {run.seconds:.1f} s"
        yield Figure(f"mirror: {run.what}", found, f"{most} calls", run.calls <= most)
    most_mib = max(run.mib for run in runs)
    yield Figure("mirror: memory", f"{most_mib:.0f} MiB more", f"{MOST_MIB} MiB", most_mib < MOST_MIB)


def _run(what: str, order: Mapping[str, Any]) -> MirrorRun:
    command = [sys.executable, "-m", "benchmarks.mirror"]
    done = subprocess.run(command, input=json.dumps(order), capture_output=True, text=True, check=True)
    return MirrorRun(what, **json.loads(done.stdout))


def _read_config(order: Mapping[str, Any]) -> Config:
    host, _, port = order["host"].partition(":")
    return Config(spreadsheet_id=order["spreadsheet_id"], sheets_emulator_host=Address(host, int(port)))


def _read_memory(what: str) -> float:
    """`VmRSS` or `VmHWM` in MiB. Not `getrusage`: its maximum is that of the process which started this one, too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(what)) / _KIB_PER_MIB


def main() -> None:
    """One run, as it was ordered."""
    from sheets_backup.mirror import RunKind, run_mirror

    order = json.load(sys.stdin)
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    idle = _read_memory("VmRSS")
    began = perf_counter()
    kind = RunKind(order.get("kind", RunKind.INCREMENTAL))
    report = run_mirror(_read_config(order), order["params"], kind=kind)
    if report.error is not None:
        raise report.error
    seconds = perf_counter() - began
    mib = _read_memory("VmHWM") - idle
    print(json.dumps({"rows": report.rows, "calls": report.calls, "seconds": seconds, "mib": mib}))


if __name__ == "__main__":
    main()
