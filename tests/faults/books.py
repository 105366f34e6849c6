"""What must hold in the database after everything that went wrong: the model's shifts, and books that balance."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, LiteralString

import psycopg

from postgres_service import PostgresService
from tests.databases import connect, fetch_all
from tests.faults.crowd import Person
from tests.faults.goals import Told

_SHIFTS: LiteralString = """
SELECT s.employee_id, s.shift_id, s.status, to_char(s.time_in AT TIME ZONE 'America/New_York', 'HH24:MI'),
       to_char(s.time_out AT TIME ZONE 'America/New_York', 'HH24:MI'),
       coalesce((SELECT jsonb_object_agg(p.name, sp.amount::text)
                   FROM shift_products sp JOIN products p USING (product_id)
                  WHERE sp.shift_id = s.shift_id), '{}')
  FROM shifts s
"""
_UNBALANCED: LiteralString = """
WITH ledger AS (
    SELECT sub, entry_no, balance_after, CASE direction WHEN 'credit' THEN units ELSE -units END AS amount,
           row_number() OVER entries AS expected_no,
           sum(CASE direction WHEN 'credit' THEN units ELSE -units END) OVER entries AS expected_balance
      FROM balance_transactions WINDOW entries AS (PARTITION BY sub ORDER BY entry_no)
), balances AS (
    SELECT sub, sum(amount) AS balance,
           bool_and(entry_no = expected_no AND balance_after = expected_balance) AS is_whole
      FROM ledger GROUP BY sub
), made AS (
    SELECT employee_id, sum(total_made) AS made FROM shifts WHERE status = 'recorded' GROUP BY employee_id
)
SELECT e.employee_id, coalesce(b.balance, 0), coalesce(m.made, 0), coalesce(b.is_whole, true)
  FROM employees e LEFT JOIN balances b USING (sub) LEFT JOIN made m USING (employee_id)
 WHERE coalesce(b.balance, 0) <> coalesce(m.made, 0) OR NOT coalesce(b.is_whole, true)
"""
_UNEQUAL_TOTALS: LiteralString = """
SELECT s.shift_id FROM shifts s
 WHERE s.status = 'recorded'
   AND (s.total_sales <> coalesce((SELECT sum(amount) FROM shift_products sp WHERE sp.shift_id = s.shift_id), 0)
        OR s.total_made <> s.commissions + s.total_per_hour + s.bonus_pay)
"""
_LEFT_OVER: LiteralString = """
SELECT 'inbox ' || state, count(*) FROM inbox WHERE state <> 'done' GROUP BY state
UNION ALL SELECT 'outbox unsent', count(*) FROM outbox WHERE sent_at IS NULL AND failed_at IS NULL HAVING count(*) > 0
UNION ALL SELECT 'outbox failed: ' || string_agg(DISTINCT kind || ' ' || error, ', '), count(*)
  FROM outbox WHERE failed_at IS NOT NULL HAVING count(*) > 0
UNION ALL SELECT 'bonus used twice', count(*) FROM (SELECT 1 FROM active_bonuses WHERE shift_id IS NOT NULL
                                                     GROUP BY bonus_id HAVING count(*) > 1) t HAVING count(*) > 0
"""
_NOTICES: LiteralString = """
SELECT count(*) FROM outbox
 WHERE employee_id = %s AND kind IN ('rank_up', 'rank_regained', 'rank_down', 'rank_bonus') AND sent_at IS NOT NULL
"""
_ABOUT_A_RANK = re.compile("You are a .* now!|You are a .* again[.]|After a correction you are|A bonus for your rank")


@dataclass(slots=True)
class Findings:
    """What is wrong, in sentences; `shifts` and `notices` count what was compared."""

    shifts: int = 0
    notices: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)
    unbalanced: list[str] = field(default_factory=list)
    left_over: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """The counts, as the tests print them."""
        return (
            f"shifts={self.shifts} notices={self.notices} lost={len(self.lost)} doubled={len(self.doubled)} "
            f"different={len(self.different)} out_of_balance={len(self.unbalanced)} left_over={len(self.left_over)}"
        )

    def refuse_any(self) -> None:
        """Raise AssertionError with everything that is wrong."""
        wrong = [*self.lost, *self.doubled, *self.different, *self.unbalanced, *self.left_over]
        assert not wrong, f"{self}:\n" + "\n".join(wrong[:40])


def compare(database: Mapping[str, Any], people: Iterable[Person]) -> Findings:
    """Compare what people were told with what is stored, to the cent and the minute, and every sum with its parts."""
    found = Findings()
    stored: dict[int, dict[int, tuple[Any, ...]]] = {}
    for employee_id, shift_id, *rest in fetch_all(dict(database), _SHIFTS):
        stored.setdefault(employee_id, {})[shift_id] = tuple(rest)
    for person in people:
        _compare_person(found, person, stored.pop(person.id, {}))
        _count_notices(found, person, dict(database))
    found.doubled += [f"nobody recorded shift {shift_id}" for shifts in stored.values() for shift_id in shifts]
    found.unbalanced += [
        f"employee {employee_id}: balance {balance}, made {made}, ledger in order: {is_whole}"
        for employee_id, balance, made, is_whole in fetch_all(dict(database), _UNBALANCED)
    ]
    found.unbalanced += [
        f"shift {row[0]}: total and parts differ" for row in fetch_all(dict(database), _UNEQUAL_TOTALS)
    ]
    with PostgresService(**database) as service:
        found.unbalanced += [f"reconciliation: {one}" for one in service.reconciliation.run().differences]
    found.left_over += [f"{what}: {count}" for what, count in fetch_all(dict(database), _LEFT_OVER)]
    return found


def _compare_person(found: Findings, person: Person, stored: dict[int, tuple[Any, ...]]) -> None:
    found.shifts += len(person.told)
    for shift_id, told in person.told.items():
        if shift_id not in stored:
            found.lost.append(f"{person.id}: shift {shift_id} {told} is not stored")
            continue
        status, start, end, products = stored.pop(shift_id)
        if not _is_as_told(told, status, start, end, products):
            found.different.append(
                f"{person.id}: shift {shift_id} {told} is stored as {status} {start} {end} {products}"
            )
    found.doubled += [
        f"{person.id}: shift {shift_id} {row}, of which nobody was told" for shift_id, row in stored.items()
    ]


def _count_notices(found: Findings, person: Person, database: dict[str, Any]) -> None:
    """Each notice of a rank has arrived; one may have come twice."""
    ((sent,),) = fetch_all(database, _NOTICES, person.id)
    read = sum(
        message.is_from_bot and _ABOUT_A_RANK.search(message.content.text) is not None
        for message in person.world.chats[person.id].messages.values()
    )
    found.notices += sent
    if read < sent:
        found.lost.append(f"{person.id}: {sent} notices of ranks were sent, {read} have arrived")


def _is_as_told(told: Told, status: str, start: str, end: str, products: Mapping[str, str]) -> bool:
    sold = {name: Decimal(amount) for name, amount in products.items()}
    has_clocks = told.start in {None, start} and told.end in {None, end}
    return (status == "deleted") == told.is_deleted and (told.is_deleted or (sold == told.products and has_clocks))


@dataclass(slots=True)
class ConfirmationWatch:
    """Looks, at each confirmation of updates, whether they are stored: before the emulator forgets them.

    Where the database cannot be asked at that moment it is asked later whether they had arrived by then.
    """

    database: dict[str, Any]
    checked: int = 0
    checked_later: int = 0
    unstored: list[int] = field(default_factory=list)
    _later: list[tuple[datetime, list[int]]] = field(default_factory=list)
    _connection: "psycopg.Connection[Any] | None" = None

    def __call__(self, update_ids: list[int]) -> None:
        """An offset is about to confirm these."""
        try:
            stored = self._list_stored(update_ids)
        except psycopg.Error:
            self._connection = None
            self.checked_later += len(update_ids)
            self._later.append((datetime.now(UTC), list(update_ids)))
            return
        self.checked += len(update_ids)
        self.unstored += [update_id for update_id in update_ids if update_id not in stored]

    def settle(self) -> None:
        """Check what could not be checked at its moment, now that the database is there."""
        for moment, update_ids in self._later:
            query: LiteralString = "SELECT update_id FROM inbox WHERE update_id = ANY(%s) AND received_at <= %s"
            stored = {row[0] for row in fetch_all(self.database, query, update_ids, moment)}
            self.unstored += [update_id for update_id in update_ids if update_id not in stored]
        self._later.clear()
        self.close()

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _list_stored(self, update_ids: list[int]) -> set[int]:
        if self._connection is None:
            self._connection = connect(self.database, connect_timeout=1)
        query: LiteralString = "SELECT update_id FROM inbox WHERE update_id = ANY(%s)"
        return {row[0] for row in self._connection.execute(query, [update_ids])}
