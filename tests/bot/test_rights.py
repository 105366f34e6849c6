"""Who may do what: every role × action × owner × chat type × origin, worked out from the routers; a sample of it here.

The whole of it is in `tests/faults`.
"""

import random
from typing import Any

import pytest
from aiogram import F, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery

from bot.handlers import build_routers
from bot.policies import Who, allow
from playground.client import Emulator
from postgres_service import PostgresService
from tests.clock import SteppingClock
from tests.databases import connect
from tests.rights.actions import UncoveredError, list_actions
from tests.rights.cases import ChatType, Origin, list_cases
from tests.rights.stage import run_stage
from tests.rights.world import Whom, World

SAMPLE = 250


async def test_what_may_pass_passes_and_everything_else_is_refused_and_changes_nothing(
    emulator: Emulator,
    service: PostgresService,
    database: dict[str, Any],
    clock: SteppingClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cells = list_cases(list_actions(build_routers()))
    # What an owner or a stranger says in their own chat, and what they change later, leads to every handler; the rest
    # is refused for the most part.
    open_ways = [
        cell
        for cell in cells
        if cell.chat is ChatType.PRIVATE
        and cell.origin in (Origin.OWN, Origin.EDITED)
        and cell.whom in (Whom.STRANGER, Whom.OWNER)
    ]
    rest = random.Random(1).sample([cell for cell in cells if cell not in open_ways], SAMPLE)
    with connect(database) as connection:
        async with run_stage(emulator, World(service, connection, clock), monkeypatch) as stage:
            for cell in (*open_ways, *rest):
                await stage.play(cell)
    print(f"{len(open_ways) + SAMPLE} of {len(cells)} cells: {stage.passed} passed, {stage.refused} refused")
    assert stage.faults == []
    assert stage.find_never_asked() == set()


# --- a new handler ---------------------------------------------------------------------------------------------------


class PayButton(CallbackData, prefix="pay"):
    """A button that the tests know nothing of."""

    payout_id: int


@allow(Who.ADMIN)
async def pay(_query: CallbackQuery) -> None: ...


def test_a_new_handler_for_a_button_that_nobody_told_the_tests_about_is_an_error_that_names_it() -> None:
    router = Router()
    router.callback_query.register(pay, PayButton.filter())
    with pytest.raises(UncoveredError, match=r"test_rights\.pay: .* \['payout_id'\] of PayButton"):
        list_actions([*build_routers(), router])


def test_so_is_one_that_is_found_in_a_way_that_the_tests_do_not_know() -> None:
    router = Router()
    router.callback_query.register(pay, F.data == "pay")
    with pytest.raises(UncoveredError, match=r"test_rights\.pay"):
        list_actions([*build_routers(), router])
