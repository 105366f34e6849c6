"""EmployeeRanks: what a person was told and drew, month by month; nothing is told or drawn again (PAYROLL D43)."""

from datetime import date
from typing import Any, TypeAlias

from migration.books import Job, Rank, StoredRank
from migration.rows import EmployeeRankRow, get_month_begin
from payroll.records import get_month

TAB = "EmployeeRanks"
Award: TypeAlias = tuple[int, date, int]
"""Person, month, rank."""


def import_employee_ranks(job: Job) -> None:
    """The ranks of the sheet, then those that the sales of months without a row make; each with all below it drawn."""
    by_month: dict[tuple[int, date], EmployeeRankRow] = {}
    drawn: set[Award] = set()
    before = dict(job.books.employee_ranks)
    due = _list_due(job)
    for row in job.reading.employee_ranks:
        key = (row.employee_id, row.month)
        first = by_month.setdefault(key, row)
        if first is row:
            drawn |= _import_row(job, row, due.get(key))
        else:
            job.reject(TAB, row.row_no, "Month", row.month.month, f"stands in row {first.row_no} too for this person")
    for (employee_id, month), rank_id in due.items():
        if (employee_id, month) not in job.books.employee_ranks:
            begin = get_month_begin(job.rules.zone, month)
            job.books.employee_ranks[employee_id, month] = StoredRank(rank_id, None, begin)
            drawn |= _list_drawn(job, employee_id, month, rank_id)
    changed = [(key, rank) for key, rank in job.books.employee_ranks.items() if before.get(key) != rank]
    job.store.execute_many("upsert_employee_rank", [_write(*key, rank) for key, rank in changed])
    job.store.copy("copy_awards", ((*award, True) for award in sorted(drawn - job.books.awards)))


def _list_due(job: Job) -> dict[tuple[int, date], int]:
    """The rank of the sales of each person's months that have migrated shifts."""
    due = {}
    for employee_id, month, sales in job.store.fetch("select_month_sales"):
        table = job.books.get_rank_table(month)
        due[employee_id, month] = table.steps[table.find_position(sales)].rank_id
    return due


def _import_row(job: Job, row: EmployeeRankRow, due_id: int | None) -> set[Award]:
    """What counts as drawn. `due_id` is the rank of the month's sales; in a month that goes on it is the one held."""
    current = _find_rank(job, row, "Current Rank", row.rank)
    previous = _find_rank(job, row, "Previous Rank", row.previous) if row.previous else None
    if current is None or (row.previous and previous is None):
        return set()
    held_id = current.rank_id
    if due_id is not None and due_id != held_id:
        name = next(rank.name for rank in job.books.ranks.values() if rank.rank_id == due_id)
        job.report.warn(TAB, row.row_no, f"{row.rank} in {row.month:%Y-%m}, by the month's sales {name}")
        held_id = due_id if row.month >= get_month(job.rules.zone.date_of(job.rules.now)) else held_id
    _take_over(job, row, StoredRank(held_id, previous.rank_id if previous else None, row.last_updated))
    return _list_drawn(job, row.employee_id, row.month, current.rank_id)


def _find_rank(job: Job, row: EmployeeRankRow, column: str, name: str) -> Rank | None:
    rank = job.books.ranks.get(name.casefold())
    if rank is None:
        job.reject(TAB, row.row_no, column, name, "is no rank")
    return rank


def _take_over(job: Job, row: EmployeeRankRow, new: StoredRank) -> None:
    """What the bot has settled since is newer than the sheet, and stays."""
    tally = job.report.tallies[TAB]
    stored = job.books.employee_ranks.get((row.employee_id, row.month))
    if stored is not None and (stored == new or stored.last_updated > new.last_updated):
        tally.unchanged += 1
        return
    tally.inserted += stored is None
    tally.updated += stored is not None
    job.books.employee_ranks[row.employee_id, row.month] = new


def _write(employee_id: int, month: date, rank: StoredRank) -> dict[str, Any]:
    return {
        "employee_id": employee_id,
        "year": month.year,
        "month": month.month,
        "rank_id": rank.rank_id,
        "previous_rank_id": rank.previous_rank_id,
        "last_updated": rank.last_updated,
    }


def _list_drawn(job: Job, employee_id: int, month: date, rank_id: int) -> set[Award]:
    """The rank and all below it in the table of its month."""
    table = job.books.get_rank_table(month)
    place = table.find_position_of(rank_id) or 0
    below = [step.rank_id for step in table.steps[:place]]
    return {(employee_id, month, one) for one in (*below, rank_id)}
