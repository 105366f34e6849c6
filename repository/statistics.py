"""What a person asks about themselves: the month, the rank, the pay since the last pay day, the ledger."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from payroll.money import ZERO
from payroll.pay_periods import compute_last_pay_day, compute_next_pay_day
from payroll.records import Shift, get_month
from payroll.rolling import ROLLING_SHIFTS, compute_rolling_average
from payroll.standing import DayTotal, LedgerLine, Rank, Standing, Summary
from payroll.tables import RankStep
from repository.database import Database
from repository.pay_days import PayDayBook
from repository.rules import Rules
from repository.tables import TableVersions


class Statistics:
    """The door to figures about a person. Each figure has one home: a query or a rule of `payroll`."""

    def __init__(self, database: Database, tables: TableVersions, rules: Rules, pay_days: PayDayBook) -> None:
        self._database = database
        self._tables = tables
        self._rules = rules
        self._pay_days = pay_days

    def get_standing(self, employee_id: int, month: date) -> Standing:
        """The person's place among the ranks of a month, given by its first day (SPEC 3.13)."""
        table = self._tables.get_ranks_of(month)
        row = self._database.fetch_one("sum_month_sales", {"employee_id": employee_id, "month": month})
        sales, refunded = (Decimal(row[0]), Decimal(row[1])) if row else (ZERO, ZERO)
        return Standing(month, sales, self._name_ranks(table.steps), table.find_position(sales), refunded)

    def get_rank_names(self) -> dict[int, tuple[str, str, str]]:
        """Name, emoji and text of every rank by its id."""
        return {row[0]: (row[1], row[2], row[3]) for row in self._database.fetch_all("select_ranks")}

    def get_summary(self, employee_id: int) -> Summary:
        """The person's statistics as of now."""
        today = self._rules.today()
        month = get_month(today)
        pay_days = self._pay_days.get()
        last_pay_day = compute_last_pay_day(today, pay_days)
        days = self._database.fetch_all("select_day_totals", {"employee_id": employee_id, "month": month})
        totals = self._list_last_totals(employee_id)
        return Summary(
            standing=self.get_standing(employee_id, month),
            made_since_pay_day=self._get_amount("sum_made_since", employee_id, since=last_pay_day),
            last_pay_day=last_pay_day,
            next_pay_day=compute_next_pay_day(today, pay_days),
            rolling_average=compute_rolling_average(totals) if totals else None,
            shift_count=sum(row[3] for row in days),
            days=tuple(DayTotal(*row[:3]) for row in days),
        )

    def get_day_sales_until(self, shift: Shift) -> Decimal:
        """A person's sales in USD of a shift's date, up to and including it, which its rate follows (SPEC 3.6)."""
        row = self._database.fetch_one("sum_day_sales_until", {"shift_id": shift.shift_id})
        return Decimal(row[0]) if row else ZERO

    def get_balance(self, employee_id: int) -> Decimal:
        """What the ledger says the person is owed now, in USD; negative where they owe."""
        return self._get_amount("select_balance", employee_id)

    def get_ledger_end(self, employee_id: int) -> tuple[int, Decimal]:
        """How many lines the person's ledger has, and the balance after the last of them, in USD."""
        row = self._database.fetch_one("select_ledger_end", {"employee_id": employee_id})
        return (int(row[0]), Decimal(row[1])) if row else (0, ZERO)

    def list_entries(self, employee_id: int, limit: int) -> list[LedgerLine]:
        """The newest lines of the person's ledger, newest first."""
        params = {"employee_id": employee_id, "limit": limit}
        return [LedgerLine(*row) for row in self._database.fetch_all("select_entries", params)]

    def count_shifts(self, employee_id: int) -> int:
        """How many recorded shifts a person has."""
        row = self._database.fetch_one("count_shifts", {"employee_id": employee_id})
        return int(row[0]) if row else 0

    def list_last_amounts(self, employee_id: int, limit: int) -> list[Decimal]:
        """The amounts of products that the person entered last, in USD, newest shift first (TECH T21)."""
        params = {"employee_id": employee_id, "limit": limit}
        return [row[0] for row in self._database.fetch_all("select_last_amounts", params)]

    def _list_last_totals(self, employee_id: int) -> list[Decimal]:
        params = {"employee_id": employee_id, "limit": ROLLING_SHIFTS}
        return [row[0] for row in reversed(self._database.fetch_all("select_last_totals", params))]

    def _get_amount(self, query: str, employee_id: int, **params: date) -> Decimal:
        row = self._database.fetch_one(query, {"employee_id": employee_id, **params})
        return Decimal(row[0]) if row else ZERO

    def _name_ranks(self, steps: Sequence[RankStep]) -> tuple[Rank, ...]:
        names = self.get_rank_names()
        return tuple(
            Rank(step.rank_id, *names[step.rank_id], step.min_sales, step.max_sales, step.offers) for step in steps
        )
