"""Many at once: threads that record shifts for ten seconds, and what the database says about it afterwards."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import LiteralString

from benchmarks.dataset import MODELS, Member
from benchmarks.stage import Stage
from payroll.offers import BonusType

THREADS = (50, 100, 200)
# For each person, before it begins. A shift doubles once, so that the doublings wait in line for five shifts.
GRANTED = (
    *[(BonusType.DOUBLE_COMMISSION, None)] * 5,
    *[(BonusType.PERCENT_NEXT, "1.00")] * 3,
    *[(BonusType.FLAT, "10.00")] * 2,
    (BonusType.PERCENT_PREV, "1.00"),
    (BonusType.PERCENT_ALL, "2.00"),
)
_LATER = timedelta(days=10_000)

# Each gives what must not be: rows of it are the number of cases. %(first)s is the first shift that the crowd recorded.
CHECKS: dict[str, LiteralString] = {
    "bonuses given that were not used, or more than once": """
        SELECT FROM active_bonuses b
         WHERE b.bonus_id = ANY (%(bonus_ids)s)
           AND (b.state <> 'applied' OR b.shift_id < %(first)s
                OR NOT EXISTS (SELECT FROM shifts s WHERE s.shift_id = b.shift_id AND s.employee_id = b.employee_id))
    """,
    "shifts whose pay is not what their bonuses make of it": """
        SELECT FROM shifts s
          LEFT JOIN (SELECT shift_id, count(*) FILTER (WHERE bonus_type = 'double_commission') AS doublings,
                            sum(value) FILTER (WHERE bonus_type = 'percent_next') AS points, sum(amount) AS amount
                       FROM active_bonuses WHERE state = 'applied' GROUP BY shift_id) b ON b.shift_id = s.shift_id
         WHERE s.shift_id >= %(first)s
           AND (coalesce(b.doublings, 0) > 1
                OR s.commission_pct <> (s.base_pct + s.dynamic_pct) * (1 + coalesce(b.doublings, 0))
                                       + coalesce(b.points, 0)
                OR s.commissions <> round(s.net_sales * s.commission_pct / 100, 2)
                OR s.bonus_pay <> coalesce(b.amount, 0)
                OR s.total_sales <> (SELECT sum(p.amount) FROM shift_products p WHERE p.shift_id = s.shift_id))
    """,
    "shifts whose ledger lines do not add up to their pay": """
        SELECT FROM shifts s
          LEFT JOIN (SELECT ref, sum(CASE direction WHEN 'credit' THEN units ELSE -units END) AS booked
                       FROM balance_transactions GROUP BY ref) l ON l.ref = 'shift:' || s.shift_id
         WHERE s.shift_id >= %(first)s AND s.total_made IS DISTINCT FROM coalesce(l.booked, 0)
    """,
    "people whose ledger is broken or whose balance is not what they made": """
        SELECT FROM employees e
          JOIN (SELECT sub, count(*) AS lines, max(entry_no) AS last,
                       sum(CASE direction WHEN 'credit' THEN units ELSE -units END) AS booked,
                       (array_agg(balance_after ORDER BY entry_no DESC))[1] AS balance
                  FROM balance_transactions GROUP BY sub) l ON l.sub = e.sub
          JOIN (SELECT employee_id, sum(total_made) AS made FROM shifts WHERE status = 'recorded'
                 GROUP BY employee_id) s ON s.employee_id = e.employee_id
         WHERE l.lines <> l.last OR l.booked <> l.balance OR l.balance <> s.made
    """,
    "months whose rank is not the one of their sales": """
        SELECT FROM employee_ranks r
          JOIN rank_ranges g ON g.rank_id = r.current_rank_id
          JOIN (SELECT employee_id, extract(year FROM shift_date) AS year, extract(month FROM shift_date) AS month,
                       sum(total_sales) AS sales
                  FROM shifts WHERE status = 'recorded' GROUP BY 1, 2, 3) s
            ON s.employee_id = r.employee_id AND s.year = r.year AND s.month = r.month
         WHERE NOT numrange(g.min_sales, g.max_sales) @> s.sales
    """,
}


@dataclass(frozen=True, slots=True)
class CrowdResult:
    """What a crowd did. `faults` are sentences: errors that were raised, and what the database has wrong."""

    threads: int
    shifts: int
    seconds: float
    bonuses: int
    faults: tuple[str, ...]

    @property
    def per_second(self) -> float:
        """Shifts recorded in a second."""
        return self.shifts / self.seconds


@dataclass(slots=True)
class _Crowd:
    """Threads that begin together and go on until the time is over."""

    stage: Stage
    threads: int
    seconds: float
    deadline: float = 0.0
    calendar_lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self) -> tuple[list[Future[list[int]]], float]:
        """What each thread recorded, and the seconds from the common start to the last end."""
        gate = threading.Barrier(self.threads, action=self._set_deadline)
        with ThreadPoolExecutor(self.threads) as pool:
            futures = [pool.submit(self._work, gate, number) for number in range(self.threads)]
        return futures, time.monotonic() - (self.deadline - self.seconds)

    def _set_deadline(self) -> None:
        self.deadline = time.monotonic() + self.seconds

    def _work(self, gate: threading.Barrier, number: int) -> list[int]:
        """Several threads share a person: they wait for the same lock."""
        employee_id = self.stage.team[number % len(self.stage.team)].employee_id
        recorded = []
        gate.wait()
        while time.monotonic() < self.deadline:
            with self.calendar_lock:
                work = self.stage.calendar.make_work(employee_id)
            shift_data = {
                "employee_id": employee_id,
                "date": work.time_out,
                "clock_in": work.time_in,
                "clock_out": work.time_out,
                "products": {MODELS[product_id]: amount for product_id, amount in work.products.items()},
            }
            recorded.append(self.stage.settling.create_shift(shift_data))
        return recorded


def measure_crowd(stage: Stage, threads: int, seconds: float) -> CrowdResult:
    """Let a crowd record shifts, then look whether everything is right."""
    stage.clock.now += _LATER
    bonus_ids = _grant(stage, stage.team[:threads])
    first = stage.settling.get_next_id()
    futures, taken = _Crowd(stage, threads, seconds).run()
    errors = [error for future in futures if (error := future.exception()) is not None]
    recorded = [shift_id for future in futures if future.exception() is None for shift_id in future.result()]
    faults = [f"{type(error).__name__}: {error}" for error in errors]
    faults += _list_faults(stage, bonus_ids, first, recorded, complete=not errors)
    return CrowdResult(threads, len(recorded), taken, len(bonus_ids), tuple(faults))


def _grant(stage: Stage, team: Sequence[Member]) -> list[int]:
    query = (
        "INSERT INTO active_bonuses (employee_id, bonus_type, value, draw) VALUES (%s, %s, %s, %s) RETURNING bonus_id"
    )
    with stage.side.transaction():
        return [
            stage.side.execute(query, [one.employee_id, bonus_type, value, stage.rng.randrange(2**32)]).fetchall()[0][0]
            for one in team
            for bonus_type, value in GRANTED
        ]


def _list_faults(
    stage: Stage, bonus_ids: Sequence[int], first: int, recorded: Sequence[int], *, complete: bool
) -> list[str]:
    params = {"bonus_ids": list(bonus_ids), "first": first}
    found = {what: stage.side.execute(query, params).rowcount for what, query in CHECKS.items()}
    (stored,) = stage.side.execute(
        "SELECT count(*) FROM shifts WHERE shift_id >= %(first)s AND status = 'recorded'", params
    ).fetchall()[0]
    if complete:
        found["shifts too many or too few"] = abs(stored - len(set(recorded)))
    return [f"{count:,} {what}" for what, count in found.items() if count]
