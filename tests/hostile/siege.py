"""Broken updates by way of the Bot API and the poller, with somebody in between who only wants an answer."""

import asyncio
import itertools
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import psycopg

from playground.client import Emulator, Person
from postgres_service import PostgresService
from tests.hostile.corpus import ALICE, LENA, OLGA, Json

BETWEEN = 25
"""So many broken updates stand before each good one."""
ANSWERED_WITHIN = 1.0
_PROBER = 3001


@dataclass(slots=True)
class Siege:
    """What came of it: `slowest` is the longest that the good person waited, in seconds."""

    emulator: Emulator
    service: PostgresService
    connection: "psycopg.Connection[tuple[object, ...]]"
    sent: int = 0
    asked: int = 0
    slowest: float = 0.0
    unanswered: list[int] = field(default_factory=list)

    async def prepare(self) -> Person:
        """The people of the updates: an employee with an open form, the owner, one who has left; and the good one."""
        for account, name in ((ALICE, "Alice"), (LENA, "Lena"), (_PROBER, "Pia")):
            await asyncio.to_thread(self.service.people.join, account, name, "en")
        await asyncio.to_thread(self.service.people.ensure_owner, OLGA, "Olga")
        leaving = "UPDATE employees SET status = 'left', left_date = %s WHERE employee_id = %s"
        self.connection.execute(leaving, [date(2026, 11, 1), LENA])
        for account in (ALICE, OLGA, LENA):
            person = await self.emulator.add_person(account, "Name")
            await person.send("/shift")
        return await self.emulator.add_person(_PROBER, "Pia")

    async def send(self, updates: Iterable[Json]) -> None:
        """All of them, a good one after each few."""
        good = await self.prepare()
        remaining = iter(updates)
        while batch := list(itertools.islice(remaining, BETWEEN)):
            # The emulator sends nothing that the bot has not asked for; with an empty message beside it, it does.
            await asyncio.gather(*(self.emulator.inject({"message": None, **update}) for update in batch))
            self.sent += len(batch)
            await self._ask(good)
        await self._settle()

    async def _ask(self, good: Person) -> None:
        began = time.monotonic()
        await good.send("/help", timeout=30)
        took = time.monotonic() - began
        self.asked += 1
        self.slowest = max(self.slowest, took)
        if took > ANSWERED_WITHIN:
            self.unanswered.append(self.sent)

    async def _settle(self) -> None:
        deadline = time.monotonic() + 60
        while self.count("waiting") or (await self.emulator.get("/counters"))["pending_updates"]:
            assert time.monotonic() < deadline, f"{self.count('waiting')} updates are not handled"
            await asyncio.sleep(0.1)

    def describe(self) -> str:
        """What came of it, in figures."""
        return (
            f"{self.sent} broken updates: {self.count('done')} handled, {self.count('dead')} set aside; "
            f"{self.asked} good ones in between, the slowest answered after {self.slowest:.2f} s"
        )

    def count(self, state: str) -> int:
        """How many updates the inbox has in a state."""
        row = self.connection.execute("SELECT count(*) FROM inbox WHERE state = %s", [state]).fetchone()
        assert row is not None
        return int(str(row[0]))

    def list_reasons(self) -> set[str]:
        """Why updates were set aside."""
        return {str(row[0]) for row in self.connection.execute("SELECT DISTINCT error FROM inbox WHERE state = 'dead'")}
