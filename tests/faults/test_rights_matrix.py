"""Every role × action × owner × chat type × origin, worked out from the routers (FAULTS "People")."""

from typing import Any

import pytest

from bot.handlers import build_routers
from playground.client import Emulator, run_emulator
from postgres_service import PostgresService
from tests.clock import SteppingClock
from tests.databases import connect
from tests.rights.actions import list_actions
from tests.rights.cases import list_cases
from tests.rights.stage import run_stage
from tests.rights.world import World


async def test_what_may_pass_passes_and_everything_else_is_refused_and_changes_nothing(
    service: PostgresService, database: dict[str, Any], clock: SteppingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = list_cases(list_actions(build_routers()))
    emulator: Emulator
    with run_emulator() as emulator, connect(database) as connection:
        async with run_stage(emulator, World(service, connection, clock), monkeypatch) as stage:
            for cell in cells:
                await stage.play(cell)
    print(
        f"\n{len(cells)} cells of {len(stage.handlers)} handlers: {stage.passed} passed, {stage.refused} refused, "
        f"{len(cells) - stage.passed - stage.refused} cannot be (a stranger's own shift), {len(stage.faults)} faults"
    )
    assert stage.faults == []
    assert stage.find_never_asked() == set()
