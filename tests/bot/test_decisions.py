"""Every decision of admins × about whom × who else could take it: refused or allowed as PAYROLL D38 says."""

from collections import Counter

import pytest
from aiogram import Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery

from bot.handlers import build_routers
from bot.policies import Who, allow
from postgres_service import PostgresService
from tests.rights.decisions import ROWS, By, Office, Outcome, list_cells, list_features, play_cell


def test_every_decision_of_admins_has_its_row() -> None:
    assert {row.feature for row in ROWS} == list_features(build_routers())


class FireButton(CallbackData, prefix="fire"):
    """A button that the table knows nothing of."""

    employee_id: int


@allow(Who.ADMIN)
async def fire(_query: CallbackQuery) -> None: ...


def test_a_new_button_without_a_row_is_named() -> None:
    router = Router()
    router.callback_query.register(fire, FireButton.filter())
    (new,) = list_features([*build_routers(), router]) - list_features(build_routers())
    assert new.endswith("test_decisions.fire")


@pytest.mark.parametrize("by", By)
def test_who_gains_or_loses_their_place_decides_only_where_nobody_else_can_and_who_loses_is_told(
    service: PostgresService, by: By
) -> None:
    office = Office(service)
    office.fill()
    cells, faults = list_cells(by), []
    for cell in cells:
        played = play_cell(office, cell)
        if played.outcome != cell.expected:
            faults.append(f"{cell}: {played.outcome}, not {cell.expected}")
        if played.untold:
            faults.append(f"{cell}: {', '.join(played.untold)} lost by it and was not told")
    print(f"{by}: {len(cells)} decisions of {len(ROWS)} kinds: {Counter(str(cell.expected) for cell in cells)}")
    assert faults == []
    assert {cell.row.feature for cell in cells} == list_features(build_routers()) - {
        row.feature for row in ROWS if set(row.rule[by].values()) == {Outcome.NOT_THERE}
    }
