"""A month of a team of ten through chat only, against an independent calculation; the long form is in `tests/long`."""

from typing import Any

from playground.client import Emulator
from postgres_service import PostgresService
from tests.bot.conftest import run_bot
from tests.clock import SteppingClock
from tests.month.checks import check_everything
from tests.month.play import start
from tests.month.story import tell


async def test_everything_that_a_month_shows_agrees_to_the_cent_with_the_sheet_by_hand(
    emulator: Emulator, service: PostgresService, clock: SteppingClock, database: dict[str, Any]
) -> None:
    month = start(emulator, service, clock, lambda place, day: (place + day) % 10 == 0)
    async with run_bot(emulator, service):
        await tell(month)
        await check_everything(month, database, ("Ann", "Farid", "Hugo", "Jan"))
