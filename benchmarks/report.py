"""The tables, for a terminal and as the page in docs/."""

from collections.abc import Iterator, Mapping, Sequence

from benchmarks.cases import Case, Contestant
from benchmarks.crowd import CrowdResult
from benchmarks.figures import Figure, compute_ratio
from benchmarks.migration import MigrationResult
from benchmarks.process import ProcessResult
from benchmarks.programs import LOOKERS, TEAM
from benchmarks.taps import FAST_PEOPLE, FAST_SECONDS, FAST_TAPS, TapResult
from benchmarks.timing import Key, Timing

Table = Sequence[Sequence[str]]

_HEAD = ("", "service", "p95", "floor", "p95", "ratio", "connect per call", "p95", "ratio")

_INTRODUCTION = """\
# Speed

Written by `make bench`, which measures again and ends with status 1 where a figure is missed. It takes a few minutes,
uses a PostgreSQL of its own in a temporary directory (or the server that `TEST_DATABASE_URL` names, where it makes and
drops databases of its own), and is best left alone on the machine. `.venv/bin/python -m benchmarks --help` tells how to
measure less.

**service** is the method of `PostgresService` on its pool, as the bot uses it (ranks are settled, unless the row says
otherwise). **floor** is the same rows by plain psycopg2 on one connection that is held, every statement prepared:
the least that anybody would spend. **connect per call** is the same statements with a connection opened and closed for
each call. Times are µs, median and 95th percentile; the ratios are of medians: the service by its floor, and how many
times longer a connection per call takes than the service. All take turns in rounds, the sizes too, so that whatever
else the machine does hits all alike. Whatever is asked for is anywhere in the past, however long that is: one team of
40 people, a shift a day each.

The floor of `create_shift` is BEGIN, four statements, COMMIT: insert the shift with its pay computed beforehand; insert
its two products; mark one pending bonus as used; insert the ledger line that continues the person's balance. Where
ranks are settled, it also reads the month's sales and the rank they make, which nobody who settles ranks can do
without; the new rank's rows are not in it. The service besides reads and checks the input, takes the person's lock,
reads wage, rates, the day, the month, the pending bonuses and what would overlap, prices the shift, settles the rank
and writes the messages about it. The floors of the
other changes are their rows in one transaction too, computed beforehand.
"""


def render_timings(
    cases: Sequence[Case], timings: Mapping[Key, Timing], size: int, *, smallest: int
) -> list[list[str]]:
    """One size as a table: a row a case."""
    grows = size != smallest
    table = [[*_HEAD, f"by {smallest:,}"] if grows else list(_HEAD)]
    for case in cases:
        service, floor, connecting = (timings[case.label, size, who] for who in Contestant)
        by_floor = compute_ratio(timings, case.label, size, Contestant.FLOOR)
        row = [case.label, *_render(service), *_render(floor), f"{by_floor:.2f}", *_render(connecting)]
        row.append(f"{connecting.median / service.median:.1f}")
        if grows:
            row.append(f"{service.median / timings[case.label, smallest, Contestant.SERVICE].median:.2f}")
        table.append(row)
    return table


def render_crowds(crowds: Sequence[CrowdResult]) -> list[list[str]]:
    """The crowds as a table."""
    head = ["threads", "shifts", "seconds", "a second", "bonuses given", "faults"]
    return [
        head,
        *(
            [
                str(one.threads), f"{one.shifts:,}", f"{one.seconds:.1f}", f"{one.per_second:,.0f}",
                f"{one.bonuses:,}", "; ".join(one.faults) or "none",
            ]
            for one in crowds
        ),
    ]  # fmt: skip


def render_migration(result: MigrationResult) -> list[list[str]]:
    """The migration as a table."""
    return [
        ["shifts", "reading, s", "into PostgreSQL, s", "shifts a second"],
        [
            f"{result.shifts:,}", f"{result.read_seconds:.2f}", f"{result.load_seconds:.2f}",
            f"{result.loaded_per_second:,.0f}",
        ],
    ]  # fmt: skip


def render_processes(result: ProcessResult) -> list[list[str]]:
    """The two processes as a table."""
    head = ["", "start, s", "slowest", "memory at rest, MiB", "updates", "in s", "memory then", "at most"]
    return [
        head,
        *(
            [
                name, f"{one.start:.2f}", f"{max(one.starts):.2f}", f"{one.rest_mib:.0f}", f"{one.updates:,}",
                f"{one.seconds:.0f}", f"{one.mib:.0f}", f"{one.most_mib:.0f}",
            ]
            for name, one in (("the bot", result.bot), ("bare aiogram", result.bare))
        ),
        [
            "ratio", f"{result.start_ratio:.2f}", "", f"{result.bot.rest_mib / result.bare.rest_mib:.2f}", "", "",
            f"{result.memory_ratio:.2f}", f"{result.bot.most_mib / result.bare.most_mib:.2f}",
        ],
    ]  # fmt: skip


def render_taps(result: TapResult) -> Table:
    """How long a tap takes to its answer, in ms, beside bare aiogram."""
    return [
        ["ms", "median", "p95"],
        ["a tap in the bot", f"{result.bot.median:.1f}", f"{result.bot.p95:.1f}"],
        ["a tap in bare aiogram", f"{result.bare.median:.1f}", f"{result.bare.p95:.1f}"],
        ["ratio", f"{result.ratio:.2f}", f"{result.bot.p95 / result.bare.p95:.2f}"],
    ]


def render_figures(figures: Sequence[Figure]) -> list[list[str]]:
    """What must hold as a table."""
    head = ["", "measured", "allowed", ""]
    return [head, *([one.what, one.found, one.allowed, "met" if one.is_met else "MISSED"] for one in figures)]


def render_text(table: Table) -> str:
    """A table for a terminal: the first column to the left, the others to the right."""
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in table
    )


def render_markdown(table: Table) -> str:
    """A table for the page."""
    head, *rows = table
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, rule, *rows])


def render_page(
    machine: Mapping[str, str],
    tables: Mapping[int, Table],
    crowds: Table,
    migration: Table,
    processes: Table,
    taps: Table,
    figures: Table,
) -> str:
    """docs/performance.md."""
    return "\n\n".join(_list_sections(machine, tables, crowds, migration, processes, taps, figures)) + "\n"


def _list_sections(
    machine: Mapping[str, str],
    tables: Mapping[int, Table],
    crowds: Table,
    migration: Table,
    processes: Table,
    taps: Table,
    figures: Table,
) -> Iterator[str]:
    yield _INTRODUCTION.rstrip()
    yield "## The machine"
    yield render_markdown([["", ""], *([name, value] for name, value in machine.items())])
    yield "## What must hold"
    yield render_markdown(figures)
    for size, table in tables.items():
        yield f"## {size:,} shifts"
        yield render_markdown(table)
    yield "## Many at once"
    yield (
        "Threads record shifts through one service with its usual pool, several for the same person, who has bonuses of"
        " every kind waiting. Afterwards the database is asked whether each was used exactly once, and whether pay,"
        " ledger, balances and ranks are whole."
    )
    yield render_markdown(crowds)
    yield "## A spreadsheet migrated"
    yield (
        "A workbook of the old bot's six worksheets, downloaded as .xlsx, into an empty database: reading it into"
        " records, and pricing, comparing and loading these in one transaction, its commit included. The fastest of"
        " three runs."
    )
    yield render_markdown(migration)
    yield "## The process, beside bare aiogram"
    yield (
        "`python -m bot` on a PostgreSQL that is up and has its tables, as on every start but the first, beside a bot"
        " of aiogram alone that sends back what it is sent and keeps nothing (`benchmarks/bare.py`). Both poll the"
        " playground's emulator. **Start** is from the start of the process to the answer to a message that waited"
        " already: the median of several, the two by turns, after one of each that is not counted. **Memory** is what"
        " is resident (VmRSS) of the one process; PostgreSQL is another, and is not in it. It is taken at rest, after"
        " one answer, and again after as many updates as a busy hour brings, one a second, sent as fast as they are"
        f" taken: {TEAM} people who record, correct and delete shifts by the buttons, while {LOOKERS} look at"
        " statistics with their picture, at shifts, ranks and pay; bare aiogram gets as many texts. So it is not an"
        " hour by the clock, but all that the bot does in one is in it: what is due each hour and each day, a backup,"
        " and its check. Not in it are the mirror, which is not set (what it needs while it runs stands above), and a"
        " statement as PDF, the first of which takes 29 MiB more. The bot keeps to Telegram's limit of messages a"
        " second meanwhile, which is most of its seconds. **At most** is the highest that the memory ever was (VmHWM)."
        " While it loads, the bot has Python look for no garbage, and the C library's free memory in two pools; bare"
        " aiogram is left as it is."
    )
    yield render_markdown(processes)
    yield "## From a tap to the answer"
    yield (
        "One person taps again and again on buttons that show another screen; the time is from the update at the"
        " emulator to the edited message there, the two programs by turns. The bot keeps each update, what came of it,"
        " and what it sends; bare aiogram edits the message and keeps nothing. The age of the newest screen is another"
        f" run: {FAST_PEOPLE} people tap {FAST_TAPS} times in {FAST_SECONDS:g} seconds each, and the emulator takes one"
        " message a second in a chat; it is the time from the last tap until its screen is there, the worst of all."
    )
    yield render_markdown(taps)


def _render(timing: Timing) -> tuple[str, str]:
    return f"{timing.median:,.0f}", f"{timing.p95:,.0f}"
