"""Who may have forgotten to clock out is asked once, and admins read what the day came to (SPEC 4.24, PAYROLL D12)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

from bot.jobs import Jobs
from bot.use_cases.day_end import ask_overdue, tell_day
from payroll.settings import SettingKey
from playground.client import Person
from tests.bot.conftest import Chat
from tests.bot.shifts import find_receipt, log, say
from tests.databases import fetch_all


async def start_shift(chat: Chat, name: str = "Alice", telegram_id: int = 1001) -> Person:
    """Somebody who has begun a shift at 20:00."""
    person = await chat.employee(name, telegram_id)
    await say(person, "/start")
    await person.tap("Start now")
    return person


async def test_who_forgot_to_clock_out_is_asked_once_and_says_when_it_ended(chat: Chat) -> None:
    alice = await start_shift(chat)
    chat.clock.move(hours=12)
    assert ask_overdue(chat.service) == 0
    chat.clock.move(minutes=1)
    assert ask_overdue(chat.service) == 1
    assert ask_overdue(chat.service) == 0
    asked = await alice.wait_for("Did you forget to clock out?", timeout=10)
    assert "running since 2026/11/16 20:00:00" in asked.text
    await alice.press(asked.data["⏱ It ended earlier"], message_id=asked.message_id)
    assert "What time did you really stop?" in (await alice.screen()).text
    await say(alice, "23:30")
    await alice.tap("No sales")
    receipt = await find_receipt(alice)
    assert "End: 2026/11/16 23:30:00" in receipt.text
    assert chat.service.running.list_all() == []


async def test_nothing_is_closed_by_guess(chat: Chat) -> None:
    alice = await start_shift(chat)
    chat.clock.move(days=3)
    ask_overdue(chat.service)
    await alice.wait_for("Did you forget", timeout=10)
    [running] = chat.service.running.list_all()
    assert running.employee_id == 1001
    assert chat.service.get_all_shifts() == []


async def test_twice_ones_usual_is_asked_about_too(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    for day in range(10, 15):
        log(chat, alice, clock_in=f"2026/11/{day} 09:00:00", clock_out=f"2026/11/{day} 12:00:00", Model_A="100")
    await say(alice, "/start")
    await alice.tap("Start now")
    chat.clock.move(hours=6)
    assert ask_overdue(chat.service) == 0
    chat.clock.move(minutes=1)
    assert ask_overdue(chat.service) == 1
    await alice.wait_for("That is 6 hours", timeout=10)


async def test_two_who_look_at_once_ask_once(chat: Chat, database: dict[str, object]) -> None:
    await start_shift(chat)
    chat.clock.move(hours=13)
    with ThreadPoolExecutor(4) as threads:
        asked = list(threads.map(lambda _: ask_overdue(chat.service), range(4)))
    assert sorted(asked) == [0, 0, 0, 1]
    assert fetch_all(database, "SELECT count(*) FROM outbox WHERE kind = 'shift_overdue'") == [(1,)]


async def test_a_button_of_a_shift_that_is_over_or_somebody_elses_does_nothing(chat: Chat) -> None:
    alice, ben = await start_shift(chat), await chat.employee("Ben", 1002)
    [running] = chat.service.running.list_all()
    await say(ben, "/start")
    toast = await ben.press(f"fe:{running.shift_id}", message_id=(await ben.screen()).message_id)
    assert "No shift is running" in toast.text
    chat.service.shifts.discard_running(1001)
    toast = await alice.press(f"fe:{running.shift_id}", message_id=(await alice.screen()).message_id)
    assert "No shift is running" in toast.text


async def test_the_admins_read_what_the_day_came_to(chat: Chat) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    ben = await start_shift(chat, "Ben", 1002)
    log(chat, alice, clock_in="2026/11/15 09:00:00", clock_out="2026/11/15 17:00:00", Model_A="500")
    log(chat, ben, clock_in="2026/11/15 09:00:00", clock_out="2026/11/15 10:00:00", Model_A="100")
    log(chat, alice, clock_in="2026/11/16 09:00:00", clock_out="2026/11/16 17:00:00", Model_A="900")
    tell_day(chat.service, date(2026, 11, 15))
    summary = await olga.wait_for("🌙 2026/11/15", timeout=10)
    assert summary.text.splitlines() == [
        "🌙 2026/11/15",
        "2 shifts · sold $600.00 · made $181.40",
        "",
        "Alice: one shift, sold $500.00, made $160.00",
        "Ben: one shift, sold $100.00, made $21.40",
        "",
        "On shift now:",
        "🟢 Ben since 2026/11/16 20:00:00",
    ]


async def test_the_summary_comes_in_the_morning_after_by_itself_once_for_each_day(chat: Chat) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    jobs = Jobs(chat.service)
    await jobs.tick()
    log(chat, alice, clock_in="2026/11/16 09:00:00", clock_out="2026/11/16 17:00:00", Model_A="500")
    chat.clock.move(hours=12)
    await jobs.tick()
    assert not [screen for screen in await olga.screens() if "🌙" in screen.text]
    chat.clock.move(hours=1)
    await jobs.tick()
    await jobs.tick()
    await olga.wait_for("🌙 2026/11/16", timeout=10)
    chat.clock.move(days=3)
    await jobs.tick()
    waiting = chat.service.outbox.list_unsent()
    assert [one for one in waiting if one.kind == "day_summary"] == []
    assert len([screen for screen in await olga.screens() if "🌙" in screen.text]) == 1


async def test_it_can_be_switched_off(chat: Chat, database: dict[str, object]) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    log(chat, alice, clock_in="2026/11/16 09:00:00", clock_out="2026/11/16 17:00:00", Model_A="500")
    owner = chat.find(olga)
    assert owner is not None
    chat.service.settings.change(SettingKey.DAY_SUMMARY_SENT, "false", actor=owner)
    tell_day(chat.service, chat.service.rules.today())
    assert fetch_all(database, "SELECT count(*) FROM outbox WHERE kind = 'day_summary'") == [(0,)]
