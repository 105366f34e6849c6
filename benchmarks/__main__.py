"""Measure, print the tables, write docs/performance.md; status 1 where a figure is missed."""

import argparse
import contextlib
import gc
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import report
from benchmarks.crowd import THREADS, CrowdResult, measure_crowd
from benchmarks.figures import judge_migration, list_figures
from benchmarks.machine import describe_machine
from benchmarks.migration import SHIFTS, measure_migration
from benchmarks.mirror import list_mirror_figures, measure_mirror
from benchmarks.process import UPDATES_AN_HOUR, list_process_figures, measure_process
from benchmarks.reads import READS
from benchmarks.server import open_server
from benchmarks.stage import open_stage
from benchmarks.taps import list_tap_figures, measure_taps
from benchmarks.timing import Key, Timing, measure
from benchmarks.writes import WRITES
from program import run
from tests.databases import DatabaseServer, connect

SIZES = (1_000, 20_000, 200_000)
CROWD_SIZE = 20_000
CASES = (*READS, *WRITES)
PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"


def main(arguments: Sequence[str]) -> int:
    """The exit status."""
    options = _parse(arguments)
    with open_server() as server:
        with connect(server.maker) as connection:
            machine = describe_machine(connection)
        timings = _measure_methods(server, options.sizes, share=0.1 if options.quick else 1.0)
        crowds = _measure_crowds(server, min(max(options.sizes), CROWD_SIZE), 1.0 if options.quick else 10.0)
        _say("a spreadsheet to migrate")
        migration = measure_migration(server, min(max(options.sizes), SHIFTS))
        _say("a mirror in Google Sheets")
        mirror = measure_mirror(server)
        _say("the bot as a process, beside one of aiogram alone")
        process = measure_process(server, updates=UPDATES_AN_HOUR // 10 if options.quick else UPDATES_AN_HOUR)
        _say("taps, beside bare aiogram")
        taps = measure_taps(server, taps=100 if options.quick else 1000)
    smallest = min(options.sizes)
    tables = {size: report.render_timings(CASES, timings, size, smallest=smallest) for size in options.sizes}
    figures = [*list_figures(CASES, timings, options.sizes, crowds), judge_migration(migration)]
    figures += [*list_mirror_figures(mirror), *list_process_figures(process)]
    figures += list_tap_figures(taps)
    for size, table in tables.items():
        print(f"\n{size:,} shifts, µs\n\n{report.render_text(table)}")
    print(f"\n{report.render_text(report.render_crowds(crowds))}")
    print(f"\n{report.render_text(report.render_migration(migration))}")
    print(f"\n{report.render_text(report.render_processes(process))}")
    print(f"\n{report.render_text(report.render_taps(taps))}")
    if tuple(options.sizes) == SIZES and not options.quick:
        PAGE.parent.mkdir(exist_ok=True)
        page = report.render_page(
            machine,
            tables,
            report.render_crowds(crowds),
            report.render_migration(migration),
            report.render_processes(process),
            report.render_taps(taps),
            report.render_figures(figures),
        )
        PAGE.write_text(page, encoding="utf-8")
        print(f"\nwritten to {PAGE.parent.name}/{PAGE.name}")
    missed = [figure for figure in figures if not figure.is_met]
    for figure in missed:
        print(f"MISSED: {figure.what}: {figure.found}, allowed: {figure.allowed}", file=sys.stderr)
    print(f"\n{len(figures) - len(missed)} of {len(figures)} figures met")
    return 1 if missed else 0


def _measure_methods(server: DatabaseServer, sizes: Sequence[int], *, share: float) -> dict[Key, Timing]:
    timings: dict[Key, Timing] = {}
    with contextlib.ExitStack() as stack:
        stages = []
        for size in sizes:
            _say(f"a database of {size:,} shifts")
            stages.append(stack.enter_context(open_stage(server, size)))
        # What this program itself has made so far is no work of the service's.
        gc.collect()
        gc.freeze()
        for case in CASES:
            _say(case.label)
            timings.update(measure(case, stages, share=share))
    return timings


def _measure_crowds(server: DatabaseServer, size: int, seconds: float) -> list[CrowdResult]:
    crowds = []
    for threads in THREADS:
        _say(f"{threads} threads")
        with open_stage(server, size) as stage:
            crowds.append(measure_crowd(stage, threads, seconds))
    return crowds


def _say(what: str) -> None:
    print(f"... {what}", file=sys.stderr, flush=True)


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--sizes",
        type=lambda text: sorted(int(size) for size in text.split(",")),
        default=list(SIZES),
        help="numbers of shifts, such as 1000,20000; the page is written with all sizes only",
    )
    parser.add_argument("--quick", action="store_true", help="a tenth of the calls, a second of each crowd; no page")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    run(lambda: main(sys.argv[1:]))
