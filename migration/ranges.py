"""The tables of ranges, DynamicRates and Ranks: a new version of each where the sheet has another (TECH T11)."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Protocol, TypeVar

from migration.books import Job, Rank, find_imported_version
from migration.rows import RankRow
from payroll.starting_values import SINCE_EVER
from payroll.tables import RankStep, RankTable, RateStep, RateTable

_LARGEST_GAP = Decimal(1)
"""Between an end as people write it, 499 or 499.99, and the beginning of the next range, 500."""


class _RangeRow(Protocol):
    @property
    def row_no(self) -> int: ...
    @property
    def min_sales(self) -> Decimal: ...
    @property
    def max_sales(self) -> Decimal | None: ...


R = TypeVar("R", bound=_RangeRow)
T = TypeVar("T")


def import_rates(job: Job) -> None:
    """The dynamic rates, as a version that has held since ever."""
    ends = _find_ends(job, "DynamicRates", job.reading.rates)
    if not ends:
        return
    rows = sorted(job.reading.rates, key=lambda row: row.min_sales)
    steps = tuple(RateStep(row.min_sales, ends[row.row_no], row.pct) for row in rows)
    held = find_imported_version(job.books.rates)
    _count(job, "DynamicRates", steps, held.steps if held else ())
    if held is not None and held.steps == steps:
        return
    version_id = next(job.books.rate_version_ids)
    job.store.execute("insert_rate_version", {"version_id": version_id, "valid_from": SINCE_EVER})
    job.store.execute_many(
        "insert_rate",
        [
            {"version_id": version_id, "min_sales": step.min_sales, "max_sales": step.max_sales, "percentage": step.pct}
            for step in steps
        ],
    )
    _put(job.books.rates, RateTable(version_id, steps))


def import_ranks(job: Job) -> None:
    """The ranks by name, and their ranges and bonuses as a version that has held since ever."""
    rows = _drop_doubled_names(job)
    ends = _find_ends(job, "Ranks", rows)
    if not ends:
        return
    ids = {row.row_no: _take_over_words(job, row) for row in rows}
    steps = tuple(
        RankStep(ids[row.row_no][0], row.min_sales, ends[row.row_no], row.offers)
        for row in sorted(rows, key=lambda row: row.min_sales)
    )
    held = find_imported_version(job.books.rank_tables)
    old = {step.rank_id: step for step in (held.steps if held else ())}
    tally = job.report.tallies["Ranks"]
    for step in steps:
        is_same_words = next(same for rank_id, same in ids.values() if rank_id == step.rank_id)
        tally.inserted += step.rank_id not in old
        tally.unchanged += old.get(step.rank_id) == step and is_same_words
        tally.updated += step.rank_id in old and not (old[step.rank_id] == step and is_same_words)
    if held is None or held.steps != steps:
        _insert_rank_version(job, steps)


def _find_ends(job: Job, tab: str, rows: Sequence[R]) -> Mapping[int, Decimal | None]:
    """The end of each range by row: where the next begins. Nothing where they do not fit together (SPEC 3.6)."""
    if tab not in job.report.tallies:
        return {}
    ordered = sorted(rows, key=lambda row: row.min_sales)
    for row, following in pairwise(ordered):
        if following.min_sales == row.min_sales:
            job.reject(tab, following.row_no, "Min Amount", str(row.min_sales), f"begins as row {row.row_no} does")
        elif row.max_sales is not None and row.max_sales > following.min_sales:
            job.reject(tab, row.row_no, "Max Amount", str(row.max_sales), f"lies over row {following.row_no}")
        elif row.max_sales is not None and following.min_sales - row.max_sales > _LARGEST_GAP:
            job.reject(tab, row.row_no, "Max Amount", str(row.max_sales), f"leaves a gap before row {following.row_no}")
    if ordered and ordered[0].min_sales != 0:
        first = ordered[0]
        job.reject(tab, first.row_no, "Min Amount", str(first.min_sales), "is the lowest and must be 0")
    tally = job.report.tallies[tab]
    if tally.rejected:
        # A table is whole or it is none: the other rows stand or fall with it.
        job.report.note(f"{tab} stays as it is in the database: not all of its rows can be taken over.")
        tally.rejected = tally.read
        return {}
    if not ordered and tally.read == 0 and not job.report.has_faults:
        job.report.note(f"{tab} is empty: the database keeps its own.")
    starts = [row.min_sales for row in ordered]
    return {row.row_no: end for row, end in zip(ordered, [*starts[1:], None], strict=True)} if ordered else {}


def _count(job: Job, tab: str, steps: Sequence[RateStep], held: Sequence[RateStep]) -> None:
    tally = job.report.tallies[tab]
    starts = {step.min_sales for step in held}
    for step in steps:
        if step in held:
            tally.unchanged += 1
        elif step.min_sales in starts:
            tally.updated += 1
        else:
            tally.inserted += 1


def _drop_doubled_names(job: Job) -> list[RankRow]:
    by_name: dict[str, RankRow] = {}
    for row in job.reading.ranks:
        first = by_name.setdefault(row.name.casefold(), row)
        if first is not row:
            job.reject("Ranks", row.row_no, "Rank Name", row.name, f"stands in row {first.row_no} too")
    return list(by_name.values())


def _take_over_words(job: Job, row: RankRow) -> tuple[int, bool]:
    """The rank's number, and whether its emoji and text were the same already."""
    known = job.books.ranks.get(row.name.casefold())
    if known is not None and (known.emoji, known.text) == (row.emoji, row.text):
        return known.rank_id, True
    rank_id = known.rank_id if known else next(job.books.rank_ids)
    rank = Rank(rank_id, known.name if known else row.name, row.emoji, row.text)
    job.store.execute(
        "upsert_rank",
        {"rank_id": rank_id, "rank_name": rank.name, "emoji": rank.emoji, "rank_text": rank.text},
    )
    job.books.ranks[row.name.casefold()] = rank
    return rank_id, False


def _insert_rank_version(job: Job, steps: tuple[RankStep, ...]) -> None:
    version_id = next(job.books.rank_version_ids)
    job.store.execute("insert_rank_version", {"version_id": version_id, "valid_from": SINCE_EVER})
    for step in steps:
        of_rank = {"version_id": version_id, "rank_id": step.rank_id}
        job.store.execute("insert_rank_range", {**of_rank, "min_sales": step.min_sales, "max_sales": step.max_sales})
        job.store.execute_many(
            "insert_rank_bonus",
            [
                {**of_rank, "slot": slot, "bonus_type": str(offer.bonus_type), "value": offer.value}
                for slot, offer in enumerate(step.offers, 1)
            ],
        )
    _put(job.books.rank_tables, RankTable(version_id, steps))


def _put(versions: list[tuple[date, T]], table: T) -> None:
    """Behind the others that hold since ever, before those that hold from a later date."""
    place = sum(since == SINCE_EVER for since, _ in versions)
    versions.insert(place, (SINCE_EVER, table))
