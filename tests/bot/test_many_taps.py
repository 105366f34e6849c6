"""The same tap many times at once, and ranks that are reached at the same moment: everything happens once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from itertools import count
from typing import Any

from bot.application import Application, at_work, build_bot
from bot.delivery.pace import Pace
from bot.forms import Act
from bot.left import Begun
from bot.use_cases import answering, new_shift
from bot.use_cases.answering import Answered
from bot.use_cases.dialogs import Asked
from payroll.errors import ConflictError
from playground.client import Emulator, Person
from postgres_service import PostgresService
from tests.bot.conftest import Chat, Session, run_bot
from tests.bot.far import start_far_emulator
from tests.bot.shifts import log, say
from tests.clock import SteppingClock
from tests.databases import fetch_all

DRAFTS, TAPS = 200, 50
PATIENCE = 100.0


def prepare(chat: Chat, person: Person, amount: str = "500") -> str:
    """A shift of yesterday, 9 to 5, on Model A, of which only Finish is left to say; the data of that button."""
    employee = chat.find(person)
    assert employee is not None
    asked: Answered | Begun | None = new_shift.begin(chat.service, employee)
    for act, value in ((Act.DAY, "2026-11-15"), (Act.HOUR, "9"), (Act.HOUR, "17"), (Act.PRODUCT, "1")):
        assert isinstance(asked, Asked)
        asked = answering.press(chat.service, employee, asked.form.draft_id, asked.form.revision, act, value)
    asked = answering.type_text(chat.service, employee, 1, amount)
    assert isinstance(asked, Asked)
    return f"f:{asked.form.draft_id}:{asked.form.revision}:f:"


async def hammer(person: Person, data: str, times: int = TAPS) -> None:
    await person.press_many(data, (await person.screen()).message_id, times)


async def test_the_same_finish_50_times_at_once_for_each_of_200_drafts_makes_200_shifts(
    service: PostgresService, clock: SteppingClock, database: dict[str, Any]
) -> None:
    async with start_far_emulator() as emulator, run_bot(emulator, service):
        chat = Chat(emulator, service, clock)
        people = [await chat.employee(f"Person {number}", 1000 + number) for number in range(DRAFTS)]
        await asyncio.gather(*(person.send("/start") for person in people))
        buttons = [await asyncio.to_thread(prepare, chat, person) for person in people]
        await asyncio.gather(*map(hammer, people, buttons))
        async with asyncio.timeout(PATIENCE):
            while await emulator.count_calls("answerCallbackQuery") < DRAFTS * TAPS:  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.2)
        for person in people:
            await person.settled(quiet=0)
        assert Counter(shift["employee_id"] for shift in service.get_all_shifts()) == {one.id: 1 for one in people}
        for person in people:
            assert Counter(toast.text for toast in await person.toasts()) == {
                "Saved ✅": 1,
                "Done already. Nothing was done twice.": TAPS - 1,
            }
            receipts = [screen.text for screen in await person.screens() if "is saved" in screen.text]
            assert len(receipts) == 1
            assert "You made $160.00" in receipts[0]
    lines = fetch_all(database, "SELECT sub, entry_no, direction, units, balance_after FROM balance_transactions")
    assert len({sub for sub, *_ in lines}) == DRAFTS
    assert [line[1:] for line in lines] == [(1, "credit", Decimal("160.00"), Decimal("160.00"))] * DRAFTS
    assert fetch_all(database, "SELECT state, count(*) FROM drafts GROUP BY state") == [("saved", DRAFTS)]


async def reach_hustler(chat: Chat, person: Person) -> str:
    """A month at 1,500 and 600 more of which only Finish is left to say; the data of that button."""
    log(chat, person, clock_in="2026/11/02 09:00:00", clock_out="2026/11/02 17:00:00", Model_A="1500")
    await say(person, "/start")
    return prepare(chat, person, "600")


async def assert_promoted_once(chat: Chat, database: dict[str, Any], person: Person) -> None:
    await person.wait_for("You are a Hustler now!")
    await person.settled()
    told = [screen.text for screen in await person.screens()]
    assert sum("You are a Hustler now!" in text for text in told) == 1
    assert sum("is saved" in text for text in told) == 1
    drawn = fetch_all(database, "SELECT count(*) FROM active_bonuses WHERE employee_id = %s AND rank_id = 2", person.id)
    awarded = fetch_all(database, "SELECT count(*) FROM rank_awards WHERE employee_id = %s AND rank_id = 2", person.id)
    assert (drawn, awarded) == ([(1,)], [(1,)])
    assert len(chat.service.get_last_shifts(person.id, 10)) == 2


async def test_two_people_promoted_at_once_get_one_bonus_each(chat: Chat, database: dict[str, Any]) -> None:
    alice, boris = await chat.employee("Alice", 1001), await chat.employee("Boris", 1002)
    buttons = [await reach_hustler(chat, person) for person in (alice, boris)]
    await asyncio.gather(hammer(alice, buttons[0], 20), hammer(boris, buttons[1], 20))
    for person in (alice, boris):
        await assert_promoted_once(chat, database, person)


@asynccontextmanager
async def open_second_device(
    emulator: Emulator, service: PostgresService, database: dict[str, Any]
) -> AsyncIterator[Callable[[Person, str, int], Any]]:
    """Another bot process on the same database, to which taps are delivered by hand."""
    bot = build_bot(emulator.token, emulator.api_url, Session())
    app = Application(bot, service, is_strict=True, pace=Pace(None, None))
    numbers = count(1)

    async def tap(person: Person, data: str, message_id: int) -> None:
        message = {"message_id": message_id, "date": 1, "chat": {"id": person.id, "type": "private"}, "text": "-"}
        sender = {"id": person.id, "is_bot": False, "first_name": "Alice"}
        query = {"id": "1", "from": sender, "chat_instance": "1", "message": message, "data": data}
        await app.intake.receive([{"update_id": next(numbers), "callback_query": query}])
        while fetch_all(database, "SELECT FROM inbox WHERE state = 'waiting' AND sender_id = %s", person.id):  # noqa: ASYNC110
            await asyncio.sleep(0.02)

    try:
        async with at_work(app._workers.run()):  # what it has to send, the first one sends
            yield tap
    finally:
        await bot.session.close()


async def test_one_person_on_two_devices_at_once_saves_one_shift_and_gets_one_bonus(
    emulator: Emulator, make_service: Callable[..., PostgresService], clock: SteppingClock, database: dict[str, Any]
) -> None:
    chat = Chat(emulator, make_service(), clock)
    device = open_second_device(emulator, make_service(seed=2), database)
    async with run_bot(emulator, chat.service), device as tap_elsewhere:
        for telegram_id in range(1001, 1009):
            alice = await chat.employee("Alice", telegram_id)
            chat.service.create_bonus(alice.id, "double_commission")
            chat.service.create_bonus(alice.id, "percent_next", 1)
            button = await reach_hustler(chat, alice)
            chat.service.create_bonus(alice.id, "percent_next", 2)
            message_id = (await alice.screen()).message_id
            elsewhere = [tap_elsewhere(alice, button, message_id) for _ in range(5)]
            await asyncio.gather(hammer(alice, button, 5), *elsewhere)
            await assert_promoted_once(chat, database, alice)
            newest, oldest = chat.service.get_last_shifts(alice.id, 2)
            carried = [
                Counter(bonus["Bonus Type"] for bonus in chat.service.get_shift_applied_bonuses(shift["shift_id"]))
                for shift in (oldest, newest)
            ]
            assert carried[0] == {"double_commission": 1, "percent_next": 1}
            assert carried[1]["percent_next"] == 1
            assert "double_commission" not in carried[1]


async def test_the_loser_on_another_device_hears_that_it_is_saved_already(
    emulator: Emulator, make_service: Callable[..., PostgresService], clock: SteppingClock
) -> None:
    chat = Chat(emulator, make_service(), clock)
    alice = await chat.employee("Alice", 1001)
    employee = chat.find(alice)
    assert employee is not None
    _, draft_id, revision, *_ = prepare(chat, alice).split(":")
    services = [make_service() for _ in range(4)]

    def finish(service: PostgresService) -> str:
        try:
            answering.press(service, employee, draft_id, int(revision), Act.FINISH, "")
        except ConflictError as error:
            return str(error.key)
        return "saved"

    said = await asyncio.gather(*(asyncio.to_thread(finish, service) for service in services))
    assert sorted(said) == ["draft-saved", "draft-saved", "draft-saved", "saved"]
