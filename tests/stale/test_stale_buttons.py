"""Every button that decides, pressed when what was shown is not what is: nothing is done, and what is there is shown.

Worked out from the routers: a handler that changes something belongs to a button that decides, or is named here with
why not; a button that decides and an errand that ends in a Yes has its cases, or is an error that names it.
"""

import asyncio
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from aiogram.filters.callback_data import CallbackData, CallbackQueryFilter

from bot.errands import Errand, ErrandAct
from bot.handlers import build_routers
from bot.keyboards.deciding import Deciding, list_kinds, list_prefixes
from bot.keyboards.errand import ErrandButton
from bot.policies import list_handlers, name_handler
from bot.screen import Answer, Screen, Toast
from bot.seals import OF_ANOTHER_TIMELINE, seal
from bot.use_cases.errands import RULES
from payroll.errors import DomainError
from payroll.people import Person
from playground.client import run_emulator
from postgres_service import PostgresService
from tests.clock import SteppingClock
from tests.databases import connect
from tests.rights.actions import CHANGING, MAY_CHANGE
from tests.rights.world import World
from tests.stale.buttons import SHOWN, Shown
from tests.stale.errands import DECIDING, IN_WORDS, READY, REPEATED, Ready, Team
from tests.watched import WatchedBot, run_watched_bot

OVERTAKEN = "It has changed since. Nothing was done."
NOTHING_SHOWN = {
    "shift.begin", "shift.begin_anew", "running.start_now", "running.finish_now", "running.finish_earlier",
    "edit.begin", "team.add_shift", "join.ask_to_join", "admin.create_invite", "rank_table.recalculate",
    "errands.begin", "errands.begin_for_admin",
}  # fmt: skip
"""These begin something, or do it anew: there is no figure that a tap on them agrees to."""
OWN_FORM = {"shift.press", "running.discard", "running.undo"}
"""One's own shift in the making, which nobody else changes: the revision of its form guards it."""
_numbers = itertools.count(1)


def test_whatever_changes_something_by_a_button_is_a_button_that_decides() -> None:
    for kind, name in _list_changing():
        assert issubclass(kind, Deciding) or name in NOTHING_SHOWN | OWN_FORM, f"{name}: {kind.__name__} has no seal"


def test_every_button_that_decides_has_its_cases() -> None:
    assert set(SHOWN) | {ErrandButton} == set(list_kinds())
    assert set(READY) == set(DECIDING)
    assert set(RULES) == set(DECIDING) | IN_WORDS


def _list_changing() -> Iterator[tuple[type[CallbackData], str]]:
    for _, handler in list_handlers(build_routers()):
        name = name_handler(handler).removeprefix("bot.handlers.")
        found = [one.callback for one in handler.filters or () if isinstance(one.callback, CallbackQueryFilter)]
        if name in CHANGING | MAY_CHANGE:
            yield from ((one.callback_data, name) for one in found)


class Stage:
    """The bot at work, and those who tap."""

    def __init__(self, bot: WatchedBot, world: World) -> None:
        self._bot = bot
        self.world = world
        self.timeline = 1

    async def press(self, by: Person, data: str, *, timeline: int | None = None) -> Answer:
        """A tap on a button that was sent on a timeline, this one where nothing else is said."""
        user = {"id": by.telegram_id, "is_bot": False, "first_name": by.name, "language_code": "en"}
        chat = {"id": by.telegram_id, "type": "private", "first_name": by.name}
        message = {"chat": chat, "message_id": 1, "date": 1, "text": "…"}
        tapped = {"id": str(next(_numbers)), "from": user, "chat_instance": "1", "message": message}
        seen = await self._bot.deliver({"callback_query": {**tapped, "data": _stamp(data, timeline or self.timeline)}})
        # Of an update that was tried again, as after a deadlock, only the last answer was sent.
        return seen.answers[-1]

    async def restore(self) -> None:
        """The database is another timeline's."""
        self.timeline += 1
        query = "UPDATE schema_metadata SET value = %s WHERE key = 'timeline'"
        await asyncio.to_thread(self.world.connection.execute, query, [str(self.timeline)])

    async def expect_nothing(self, by: Person, data: str, *, timeline: int | None = None) -> Answer:
        """A tap that does nothing and says so; what is shown then."""
        before = await asyncio.to_thread(self.world.digest)
        answer = await self.press(by, data, timeline=timeline)
        after = await asyncio.to_thread(self.world.digest)
        assert [name for name in after if after[name] != before[name]] == []
        is_refused = isinstance(answer, Toast) and answer.is_alert
        assert is_refused or (isinstance(answer, Screen) and answer.toast == OVERTAKEN), answer
        return answer

    async def expect_done(self, by: Person, data: str) -> None:
        """A tap that does something."""
        before = await asyncio.to_thread(self.world.digest)
        answer = await self.press(by, data)
        assert await asyncio.to_thread(self.world.digest) != before, answer


def _stamp(data: str, timeline: int) -> str:
    """The data of a button as it was sent on a timeline."""
    return f"{data}~{timeline}" if data.partition(":")[0] in list_prefixes() else data


def find_button(answer: Answer, kind: type[CallbackData], value: str | None = None) -> str:
    """The first button of a kind on a screen, with that value."""
    assert isinstance(answer, Screen), answer
    assert answer.keyboard is not None
    for button in itertools.chain.from_iterable(answer.keyboard.inline_keyboard):
        data = button.callback_data or ""
        if data.startswith(f"{kind.__prefix__}:") and value in (None, getattr(kind.unpack(data), "value", None)):
            return data
    raise AssertionError(f"no {kind.__name__} on {answer}")


async def test_nothing_is_done_where_it_is_not_what_was_shown(
    service: PostgresService, database: dict[str, Any], clock: SteppingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with run_emulator() as emulator, connect(database) as connection:
        world = World(service, connection, clock)
        await asyncio.to_thread(world.fill)
        connection.execute("UPDATE employees SET role = 'owner' WHERE role = 'manager'")
        team = Team(world)
        async with run_watched_bot(emulator, service, connection, monkeypatch) as bot:
            stage = Stage(bot, world)
            faults = []
            for kind, play in itertools.product(DECIDING, _ERRAND_CASES):
                try:
                    await play(stage, team, kind, await asyncio.to_thread(READY[kind], team, kind))
                except (AssertionError, DomainError) as error:
                    faults.append(f"{kind}, {play.__name__}: {error}")
            for (button, show), play in itertools.product(SHOWN.items(), _BUTTON_CASES):
                try:
                    await play(stage, button, await asyncio.to_thread(show, team))
                except (AssertionError, DomainError) as error:
                    faults.append(f"{button.__name__}, {play.__name__}: {error}")
            assert not faults, "\n".join(faults)


# --- errands at their Yes ---------------------------------------------------------------------------------------------


async def _ask(stage: Stage, team: Team, kind: Any, ready: Ready) -> tuple[Person, str]:
    """Who is asked, and the Yes they see."""
    by = ready.by or team.olga
    errand = Errand(kind, subject=ready.subject, answers=ready.answers)
    draft = await asyncio.to_thread(team.service.drafts.open, by.employee_id, kind, "sure", errand.dump())
    show = ErrandButton(seen=seal(), draft_id=draft.draft_id, revision=draft.revision, act=ErrandAct.SHOW)
    return by, find_answer(await stage.press(by, show.pack()))


def find_answer(answer: Answer) -> str:
    """The Yes of a question."""
    for value in ("reprice", "yes"):
        try:
            return find_button(answer, ErrandButton, value)
        except AssertionError:
            continue
    raise AssertionError(f"no Yes on {answer}")


async def _another_did_it(stage: Stage, team: Team, kind: Any, ready: Ready) -> None:
    if kind in REPEATED:
        return
    by, yes = await _ask(stage, team, kind, ready)
    await asyncio.to_thread(team.do, kind, ready.subject, ready.answers, ready.by)
    await stage.expect_nothing(by, yes)


async def _it_changed(stage: Stage, team: Team, kind: Any, ready: Ready) -> None:
    by, yes = await _ask(stage, team, kind, ready)
    await asyncio.to_thread(ready.change)
    await stage.expect_nothing(by, yes)


async def _it_was_restored(stage: Stage, team: Team, kind: Any, ready: Ready) -> None:
    by, yes = await _ask(stage, team, kind, ready)
    former = stage.timeline
    await stage.restore()
    shown = await stage.expect_nothing(by, yes, timeline=former)
    await stage.expect_done(by, find_answer(shown))


_ERRAND_CASES: tuple[Callable[..., Any], ...] = (
    _another_did_it,
    _it_changed,
    _it_was_restored,
)


# --- the other buttons ------------------------------------------------------------------------------------------------


async def _look(stage: Stage, button: type[Deciding], shown: Shown) -> str:
    if shown.at is None:
        return shown.data or ""
    return find_button(await stage.press(shown.by, shown.at.pack()), button)


async def _it_was_decided(stage: Stage, button: type[Deciding], shown: Shown) -> None:
    data = await _look(stage, button, shown)
    await asyncio.to_thread(shown.decide)
    await stage.expect_nothing(shown.by, data)


async def _it_is_another_matter(stage: Stage, button: type[Deciding], shown: Shown) -> None:
    data = await _look(stage, button, shown)
    if shown.change is not None:
        await asyncio.to_thread(shown.change)
        await stage.expect_nothing(shown.by, data)
    await stage.expect_nothing(shown.by, _unseal(data))


async def _it_is_another_timeline(stage: Stage, button: type[Deciding], shown: Shown) -> None:
    data, former = await _look(stage, button, shown), stage.timeline
    await stage.restore()
    now = await stage.expect_nothing(shown.by, data, timeline=former)
    await stage.expect_done(shown.by, find_button(now, button))


def _unseal(data: str) -> str:
    prefix, _, *rest = data.split(":")
    return ":".join([prefix, OF_ANOTHER_TIMELINE, *rest])


_BUTTON_CASES: tuple[Callable[..., Any], ...] = (
    _it_was_decided,
    _it_is_another_matter,
    _it_is_another_timeline,
)
