"""A month of a team of ten, more than 200 shifts, through chat only, against an independent calculation."""

from typing import Any

from playground.client import Emulator
from postgres_service import PostgresService
from tests.bot.conftest import emulator as emulator  # noqa: PLC0414 - a fixture
from tests.bot.conftest import run_bot
from tests.clock import SteppingClock
from tests.month.checks import check_everything
from tests.month.play import TEAM, start
from tests.month.story import tell

FEWEST_SHIFTS = 200


async def test_everything_that_a_full_month_shows_agrees_to_the_cent_with_the_sheet_by_hand(
    emulator: Emulator, service: PostgresService, clock: SteppingClock, database: dict[str, Any]
) -> None:
    month = start(emulator, service, clock, lambda place, day: (place + day) % 4 != 0)
    async with run_bot(emulator, service):
        await tell(month)
        await check_everything(month, database, TEAM)
    drawn = sorted(f"{bonus.code} {bonus.value}" for bonus in month.book.drawn.values())
    print(f"{len(month.book.shifts)} shifts, {len(drawn)} bonuses of ranks: {', '.join(drawn)}")
    assert len(month.book.shifts) >= FEWEST_SHIFTS
