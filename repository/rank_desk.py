"""The rank table edited as a whole, and ranks settled for everybody (SPEC 4 "Admin", PAYROLL D16, D18, D19)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from payroll.people import Person
from payroll.rank_tables import RankMove, RankPreview, RankRow, RecalcReport, check_rows
from payroll.ranks import RankSettlement, Withdrawing
from payroll.records import get_month
from payroll.tables import find_position
from repository.database import unit_of_work
from repository.desk import Desk
from repository.rows import dump_json
from repository.shifts import ShiftBook
from repository.tables import TableVersions


class RankDesk:
    """The door to ranks for admins."""

    def __init__(self, desk: Desk, shifts: ShiftBook, tables: TableVersions) -> None:
        self._desk = desk
        self._database = desk.database
        self._shifts = shifts
        self._tables = tables

    def list_rows(self) -> list[RankRow]:
        """The rank table of this month, lowest first, ready to be edited."""
        words = {row[0]: (row[1], row[2], row[3]) for row in self._database.fetch_all("select_ranks")}
        steps = self._tables.get_ranks_of(self._get_month()).steps
        return [
            RankRow(step.rank_id, *words[step.rank_id], step.min_sales, step.max_sales, step.offers) for step in steps
        ]

    def get_version(self) -> int:
        """The number of the rank table of this month."""
        return self._tables.get_ranks_of(self._get_month()).version_id

    def preview(self, rows: Sequence[RankRow]) -> list[RankPreview]:
        """Whose rank of this month the table would change; writes nothing. Raises what `check_rows` raises."""
        check_rows(rows)
        month = self._get_month()
        old = self._tables.get_ranks_of(month)
        words = {row[0]: row[1] for row in self._database.fetch_all("select_ranks")}
        found = []
        for employee_id, name, sales, held in self._database.fetch_all("select_month_holders", {"month": month}):
            old_id = held if held is not None else old.steps[old.find_position(sales)].rank_id
            new = rows[find_position(rows, sales)]
            if new.rank_id != old_id:
                found.append(RankPreview(employee_id, name, sales, words[old_id], new.name))
        return found

    @unit_of_work
    def change(self, rows: Sequence[RankRow], *, actor: Person, over: int | None = None) -> list[RankMove]:
        """Put a rank table in force from this month on and settle everybody; nothing is withdrawn (PAYROLL D18).

        `over` is the version that it was made from. What each person's rank or bonuses changed by.

        Raises ForbiddenError, ConflictError with TABLE_CHANGED where the table is another version by now, and what
        `check_rows` raises.
        """
        self._desk.require_admin(actor)
        self._database.fetch_one("lock_ranks")
        self._desk.refuse_overtaken(over, self.get_version())
        check_rows(rows)
        old = self.list_rows()
        month = self._get_month()
        params = {"valid_from": month, "created_by": actor.employee_id}
        row = self._database.fetch_one("insert_rank_version", params)
        version_id = int(row[0]) if row else 0
        ids = [self._save_rank(one) for one in rows]
        ranges = [
            {"rank_id": rank_id, "min_sales": one.min_sales, "max_sales": one.max_sales}
            for rank_id, one in zip(ids, rows, strict=True)
        ]
        offers = [
            {"rank_id": rank_id, "slot": slot, "bonus_type": offer.bonus_type, "value": offer.value}
            for rank_id, one in zip(ids, rows, strict=True)
            for slot, offer in enumerate(one.offers, start=1)
        ]
        self._database.execute("insert_rank_ranges", {"version_id": version_id, "ranges": dump_json(ranges)})
        self._database.execute("insert_rank_offers", {"version_id": version_id, "offers": dump_json(offers)})
        saved = [replace(one, rank_id=rank_id) for rank_id, one in zip(ids, rows, strict=True)]
        shown = [{"ranks": [_describe(one) for one in table]} for table in (old, saved)]
        self._desk.audit(actor, "ranks changed", f"ranks:{version_id}", old=shown[0], new=shown[1])
        return self._settle_everybody(month, Withdrawing.NONE)

    @unit_of_work
    def recalculate(self, *, actor: Person) -> RecalcReport:
        """Settle this month for everybody as saving a shift would, and report past months that differ (PAYROLL D19)."""
        self._desk.require_admin(actor)
        month = self._get_month()
        settled = self._settle_everybody(month, Withdrawing.ALL)
        past = self._list_past_differences(month)
        new = {"settled": len(settled), "past": len(past)}
        self._desk.audit(actor, "ranks recalculated", f"month:{month:%Y-%m}", new=new)
        return RecalcReport(tuple(settled), tuple(past))

    def _settle_everybody(self, month: date, withdrawing: Withdrawing) -> list[RankMove]:
        self._database.execute("lock_everybody")  # who is saving a shift just now may be in the month only after it
        holders = self._database.fetch_all("select_month_holders", {"month": month})
        moves = []
        for employee_id, name, *_ in sorted(holders):
            outcome = self._shifts.settle(employee_id, [month], withdrawing)
            moves += [_read_move(employee_id, name, one) for one in outcome.ranks if _has_changed(one)]
        return moves

    def _list_past_differences(self, before: date) -> list[RankMove]:
        moves = []
        for employee_id, name, month, sales, held in self._database.fetch_all("select_past_ranks", {"before": before}):
            table = self._tables.get_ranks_of(month)
            due = table.steps[table.find_position(sales)].rank_id
            if held != due:
                moves.append(RankMove(employee_id, name, month, held, due))
        return moves

    def _save_rank(self, row: RankRow) -> int:
        words = {"rank_name": row.name.strip(), "emoji": row.emoji, "rank_text": row.text}
        if row.rank_id is not None:
            self._database.execute("update_rank", {"rank_id": row.rank_id, **words})
            return row.rank_id
        inserted = self._database.fetch_one("insert_rank", words)
        return int(inserted[0]) if inserted else 0

    def _get_month(self) -> date:
        return get_month(self._desk.rules.today())


def _has_changed(settled: RankSettlement) -> bool:
    return bool(settled.is_changed or settled.drawn or settled.returned or settled.withdrawn)


def _read_move(employee_id: int, name: str, settled: RankSettlement) -> RankMove:
    return RankMove(
        employee_id,
        name,
        settled.month,
        settled.previous_rank_id,
        settled.rank_id,
        drawn=settled.drawn.offer if settled.drawn else None,
        returned=tuple(bonus.offer for bonus in settled.returned),
        withdrawn=tuple(bonus.offer for bonus in settled.withdrawn),
    )


def _describe(row: RankRow) -> dict[str, object]:
    return {
        "rank_id": row.rank_id,
        "name": row.name,
        "emoji": row.emoji,
        "text": row.text,
        "min_sales": row.min_sales,
        "bonuses": [offer.code for offer in row.offers],
    }
