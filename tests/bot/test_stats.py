"""Statistics, ranks, one's own shifts and the balance. The clock says Monday 2026-11-16 20:00 in New York."""

import asyncio
import re
from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO

from PIL import Image

from playground.client import Person
from tests.bot.conftest import Chat
from tests.bot.shifts import log


async def log_days(chat: Chat, person: Person, sales: Sequence[str], *, month: str = "2026/11") -> None:
    """A shift from 9 to 5 on each day from the 1st on, with sales of Model A."""
    for day, amount in enumerate(sales, 1):
        times = {"clock_in": f"{month}/{day:02} 09:00:00", "clock_out": f"{month}/{day:02} 17:00:00"}
        await asyncio.to_thread(log, chat, person, **times, Model_A=amount)


async def read(person: Person, command: str) -> str:
    """What the bot answers; a notice may come after it."""
    await person.send("/start")
    await person.settled()
    sent = await person.send(command)
    return next(screen.text for screen in await person.screens() if screen.message_id > sent.message_id)


# --- statistics ------------------------------------------------------------------------------------------------------


async def test_statistics_say_rank_sales_distance_pay_and_average_below_a_picture(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await log_days(chat, alice, ["100", "200", "300", "400", "500"])
    await alice.send("/stats")
    screen = await alice.screen()
    assert screen.text.splitlines() == [
        "📊 November 2026",
        "",
        "🧑‍🚀 Rookie",
        "Sales this month: $1,500.00, 5 shifts",
        "Next rank: 💪 Hustler, $500.00 to go",
        "",
        "Made on shifts since 2026/11/15: $0.00",
        "Next pay day: 2026/12/01",
        "Rolling average: $366.67 of sales a shift, over your last 7, the newest counting most",
    ]
    assert screen.rows == (("My shifts", "Balance"), ("🏆 Ranks",), ("Main menu",))
    assert screen.photo is not None
    picture = Image.open(BytesIO(await chat.emulator.fetch(screen.photo.url)))
    assert (picture.format, picture.size) == ("PNG", (800, 450))


async def test_what_was_made_since_the_pay_day_counts_from_that_day_on(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    for day in ("14", "15", "16"):
        times = {"clock_in": f"2026/11/{day} 09:00:00", "clock_out": f"2026/11/{day} 17:00:00"}
        await asyncio.to_thread(log, chat, alice, **times, Model_A="500")
    assert "Made on shifts since 2026/11/15: $320.00" in await read(alice, "/stats")


async def test_statistics_of_somebody_new_are_all_zero(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    text = await read(alice, "/stats")
    assert "Sales this month: $0.00, 0 shifts" in text
    assert "Rolling average: $0.00 of sales a shift" in text


async def test_at_the_top_there_is_no_next_rank(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await log_days(chat, alice, ["15000"])
    assert "You hold the highest rank there is." in await read(alice, "/stats")


async def test_the_picture_gives_way_to_the_next_screen(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await alice.send("/start")
    await alice.tap("📊 Statistics")
    await alice.settled()
    assert [bool(screen.photo) for screen in await alice.screens()] == [True]
    await alice.tap("🏆 Ranks")
    await alice.settled()
    assert [bool(screen.photo) for screen in await alice.screens()] == [False]
    assert "Ranks, November 2026" in (await alice.screen()).text


# --- ranks -----------------------------------------------------------------------------------------------------------


async def test_ranks_show_every_rank_with_its_range_and_bonuses_and_where_one_stands(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await log_days(chat, alice, ["1500", "1000"])
    text = await read(alice, "/ranks")
    assert re.findall(r"\$[\d,.]+ (?:to under \$[\d,.]+|and more)", text) == [
        "$0.00 to under $2,000.00",
        "$2,000.00 to under $4,000.00",
        "$4,000.00 to under $7,000.00",
        "$7,000.00 to under $10,000.00",
        "$10,000.00 to under $15,000.00",
        "$15,000.00 and more",
    ]
    assert "🧑‍🚀 Rookie\n$0.00 to under $2,000.00\nno bonus" in text
    assert "🎁 one of: $50.00 on the spot · a paid day off · +3% on your next shift" in text
    assert "👉 💪 Hustler" in text
    assert "Your sales this month: $2,500.00" in text
    assert "$1,500.00 to go to 💼 Closer." in text


async def test_a_new_month_starts_at_the_lowest_rank(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await log_days(chat, alice, ["5000"], month="2026/10")
    assert "👉 🧑‍🚀 Rookie" in await read(alice, "/ranks")


async def test_bonuses_that_wait_are_named(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    assert "Waiting for you" not in await read(alice, "/ranks")
    await asyncio.to_thread(chat.service.create_bonus, 1001, "percent_next", Decimal("1.50"))
    await asyncio.to_thread(chat.service.create_bonus, 1001, "double_commission")
    waiting = "Waiting for you: +1.5% on your next shift · double commission on your next shift"
    assert waiting in await read(alice, "/ranks")


# --- history ---------------------------------------------------------------------------------------------------------


async def test_history_lists_ones_own_shifts_newest_first_page_by_page(chat: Chat) -> None:
    alice, boris = await chat.employee("Alice", 1001), await chat.employee("Boris", 1002)
    await log_days(chat, alice, ["10", "20", "30", "40", "50", "60", "70"])
    await log_days(chat, boris, ["999"])
    await alice.send("/history")
    first = await alice.screen()
    assert "page 1 of 2" in first.text
    assert "2026/11/07, 09:00–17:00, 8.00 h\nSales $70.00 · made $124.48" in first.text
    assert first.buttons[0] == "2026/11/07 · $124.48"
    assert first.buttons[5:] == ("Older ▶", "Main menu")
    await alice.tap("Older ▶")
    second = await alice.screen()
    assert second.buttons == ("2026/11/02 · $121.28", "2026/11/01 · $120.64", "◀ Newer", "Main menu")
    await alice.tap("2026/11/01 · $120.64")
    receipt = await alice.screen()
    assert receipt.rows[-1] == ("Back", "Main menu")
    for button in ("Why?", "🧾 Receipt", "Back"):
        await alice.tap(button)
    assert (await alice.screen()).text == second.text
    await alice.tap("◀ Newer")
    assert (await alice.screen()).text == first.text


async def test_a_shift_of_the_history_opens_its_receipt(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await log_days(chat, alice, ["500"])
    await alice.send("/history")
    await alice.tap("2026/11/01 · $160.00")
    assert "You made $160.00" in (await alice.screen()).text


async def test_a_page_that_does_not_exist_is_the_nearest_that_does(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await log_days(chat, alice, ["500"])
    await alice.send("/history")
    listed = await alice.screen()
    for page in ("99", "-1", "9" * 20):
        await alice.press(f"h:{page}", message_id=listed.message_id, wait=False)
    await alice.settled()
    assert (await alice.screen()).text == listed.text


async def test_somebody_new_has_no_shifts_and_is_told_how_to_log_one(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    assert "Create shift" in await read(alice, "/history")


# --- balance ---------------------------------------------------------------------------------------------------------


async def test_the_balance_is_what_the_ledger_says_with_its_entries_by_period(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await log_days(chat, alice, ["500"])
    times = {"clock_in": "2026/11/15 09:00:00", "clock_out": "2026/11/15 17:00:00"}
    shift_id = await asyncio.to_thread(log, chat, alice, **times, Model_A="500")
    await asyncio.to_thread(chat.service.update_shift_field, shift_id, "Model A", Decimal(100))
    assert (await read(alice, "/balance")).splitlines() == [
        "💵 You are owed $286.40",
        "",
        "Pay period 2026/11/15 – 2026/11/30",
        f"−$33.60 · shift {shift_id}, corrected",
        f"+$160.00 · shift {shift_id}",
        "",
        "Pay period 2026/11/01 – 2026/11/14",
        f"+$160.00 · shift {shift_id - 1}",
    ]


async def test_a_deleted_shift_is_taken_off_the_balance(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await log_days(chat, alice, ["500"])
    (shift,) = await asyncio.to_thread(chat.service.get_last_shifts, 1001)
    await asyncio.to_thread(chat.service.shifts.delete, shift["shift_id"])
    text = await read(alice, "/balance")
    assert "Nothing is owed to you right now." in text
    assert f"−$160.00 · shift {shift['shift_id']}, deleted" in text


async def test_somebody_new_is_owed_nothing(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    assert await read(alice, "/balance") == "💵 Nothing is owed to you right now."
