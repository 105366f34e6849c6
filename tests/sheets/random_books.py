"""Random databases: what people and the service could have written, with texts that look like something else."""

import dataclasses
import json
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from payroll.errors import DomainError
from payroll.tables import RateStep
from postgres_service import PostgresService
from tests.databases import connect
from tests.sheets.shifts import record
from tests.sheets.test_hostile import HOSTILE

TEXTS = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1, max_size=30),
)
AMOUNTS = st.decimals("0.01", "99999999.99", places=2)
PEOPLE = st.integers(101, 104)
PRODUCTS = st.sampled_from(["Model A", "Model B", "Model C", "Model D"])


@dataclasses.dataclass(frozen=True, slots=True)
class Deed:
    """Something that is done to a database: a method of `Doer` and what it takes."""

    name: str
    given: Sequence[Any]


def _deed(name: str, *given: st.SearchStrategy[Any]) -> st.SearchStrategy[Deed]:
    return st.tuples(*given).map(lambda values: Deed(name, values))


DEEDS = st.lists(
    st.one_of(
        _deed("work", PEOPLE, st.integers(1, 40), st.dictionaries(PRODUCTS, AMOUNTS, max_size=3)),
        _deed("sell", st.integers(1, 12), PRODUCTS, AMOUNTS),
        _deed("annotate", st.integers(1, 12), TEXTS),
        _deed("delete", st.integers(1, 12)),
        _deed("rename", st.integers(1, 12), TEXTS),
        _deed("grant", PEOPLE, st.sampled_from(["flat", "percent_next", "percent_prev"]), st.integers(1, 100)),
        _deed("pay", PEOPLE, st.decimals("0.01", "9999.99", places=2), st.integers(0, 40)),
        _deed("rate", st.decimals("0.01", "999999", places=2), st.decimals(0, 100, places=2)),
        _deed("log", TEXTS, st.recursive(st.none() | st.integers() | TEXTS, st.lists, max_leaves=4)),
        _deed("ask", st.integers(1, 2**52), TEXTS),
        _deed("offer", TEXTS),
        _deed("run"),
    ),
    max_size=20,
)
"""A history; `run` is a run of the mirror in the middle of it."""


class Doer:
    """Does deeds to a database; one that the rules refuse is not done."""

    def __init__(self, service: PostgresService, params: dict[str, Any]) -> None:
        self._service = service
        self._params = params

    def do(self, deed: Deed) -> None:
        try:
            getattr(self, f"_{deed.name}")(*deed.given)
        except DomainError:
            return

    def _work(self, employee_id: int, number: int, products: dict[str, Decimal]) -> None:
        sold: dict[str, Any] = {name.replace(" ", "_"): str(amount) for name, amount in products.items()}
        record(self._service, number, employee_id=employee_id, name=f"Person {employee_id}", **sold)

    def _sell(self, shift_id: int, product: str, amount: Decimal) -> None:
        self._service.update_shift_field(shift_id, product, amount)

    def _annotate(self, shift_id: int, text: str) -> None:
        self._service.update_shift_field(shift_id, "Note", text)

    def _delete(self, shift_id: int) -> None:
        self._service.shifts.delete(shift_id)

    def _rename(self, shift_id: int, text: str) -> None:
        self._write("UPDATE shifts SET employee_name = %s WHERE shift_id = %s", text, shift_id)

    def _grant(self, employee_id: int, bonus_type: str, value: int) -> None:
        self._service.create_bonus(employee_id, bonus_type, value)

    def _pay(self, employee_id: int, wage: Decimal, days: int) -> None:
        since = self._service.rules.today() + timedelta(days=days)
        self._service.set_employee_settings(employee_id, hourly_wage=wage, valid_from=since)

    def _rate(self, middle: Decimal, pct: Decimal) -> None:
        steps = [RateStep(Decimal(0), middle, pct), RateStep(middle, None, Decimal(0))]
        self._service.set_dynamic_rates(steps)

    def _log(self, text: str, value: Any) -> None:
        told = json.dumps(value).replace("\\u0000", "")
        self._write("INSERT INTO audit_log (action, subject, old, new) VALUES (%s, '', %s, NULL)", text, told)

    def _ask(self, telegram_id: int, name: str) -> None:
        self._write(
            "INSERT INTO join_requests (request_id, telegram_id, name) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            f"r:{telegram_id}",
            telegram_id,
            name,
        )

    def _offer(self, name: str) -> None:
        self._write("INSERT INTO products (name, is_active) VALUES (%s, false) ON CONFLICT DO NOTHING", name[:40])

    def _write(self, statement: Any, *values: Any) -> None:
        with connect(self._params) as connection:
            connection.execute(statement, values)
