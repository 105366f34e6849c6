"""Runs of the mirror that end with `kill -9` at a step: `python -m tests.sheets.killable` forks them.

A line with an order as JSON comes in, a run is forked and killed before or after that many of its steps (statements of
the mirror, calls to Google), and a line with how it ended goes out. A run that has fewer steps ends by itself.
"""

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from config import Address, Config
from sheets_backup.gateway import SheetsClient
from sheets_backup.mirror import RunKind, run_mirror
from sheets_backup.quota import Pace
from sheets_backup.store import Store

ROOT = Path(__file__).resolve().parents[2]


@dataclass(slots=True)
class Killer:
    """The process that forks runs."""

    process: "subprocess.Popen[str]"

    def run(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """How the run ended: `signal`, and the number of `steps` where it ended by itself."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer


@contextmanager
def start_killer() -> Iterator[Killer]:
    """The process, until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.sheets.killable"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Killer(process)
    finally:
        process.kill()
        process.communicate()


def make_order(
    params: Mapping[str, Any], host: str, spreadsheet_id: str, now: datetime, *, step: float, kind: RunKind
) -> dict[str, Any]:
    """A run to be killed at a step; one at a half is killed once that step is done, its answer unread."""
    return {
        "params": dict(params),
        "host": host,
        "spreadsheet_id": spreadsheet_id,
        "now": now.isoformat(),
        "step": step,
        "kind": kind,
    }


class _Steps:
    """Counts what a run does, and kills it at one of them."""

    def __init__(self, last: float) -> None:
        self._last = last
        self.count = 0

    def watch(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*args: Any, **kwargs: Any) -> Any:
            self.count += 1
            if self.count == self._last:
                os.kill(os.getpid(), signal.SIGKILL)
            done = work(*args, **kwargs)
            if self.count == self._last - 0.5:
                os.kill(os.getpid(), signal.SIGKILL)
            return done

        return watched


def _run(order: Mapping[str, Any]) -> int:
    steps = _Steps(order["step"])
    Store._execute = steps.watch(Store._execute)  # type: ignore[method-assign]
    SheetsClient._try = steps.watch(SheetsClient._try)  # type: ignore[method-assign]
    host, _, port = order["host"].partition(":")
    config = Config(spreadsheet_id=order["spreadsheet_id"], sheets_emulator_host=Address(host, int(port)))
    now = datetime.fromisoformat(order["now"])
    pace = Pace(sleep=lambda _: None, jitter=random.random)
    report = run_mirror(config, order["params"], kind=RunKind(order["kind"]), clock=lambda: now, pace=pace)
    return steps.count if report.error is None else -1


def main() -> None:
    """Fork a run for each line."""
    for line in sys.stdin:
        order = json.loads(line)
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            os.write(writer, str(_run(order)).encode())
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as told:
            steps = told.read()
        _, status = os.waitpid(child, 0)
        ended = {"signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0, "steps": int(steps or 0)}
        print(json.dumps(ended), flush=True)


if __name__ == "__main__":
    main()
