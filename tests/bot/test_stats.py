"""Statistics, ranks, one's own shifts and the balance. The clock says Monday 2026-11-16 20:00 in New York."""

import asyncio
import re
from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO

from PIL import Image

from bot.spoken import spell_day
from bot.words import load_words
from payroll.adjustments import AdjustmentKind
from playground.client import Person
from playground.screens import Screen
from tests.bot.conftest import Chat
from tests.bot.shifts import log, say
from tests.owners import FIRST_HALF


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


async def test_statistics_of_somebody_new_are_all_zero_and_tell_no_average(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    text = await read(alice, "/stats")
    assert "Sales this month: $0.00, 0 shifts" in text
    assert "Rolling average" not in text


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


def day_of(chat: Chat, number: int = 0) -> str:
    """On which day the newest line of Alice's ledger was booked, or an older one, as people say it."""
    at = chat.service.statements.list_bookings(1001, 1, skip=number)[0].at
    return spell_day(load_words("en"), chat.service.rules.zone.date_of(at))


async def open_balance(person: Person) -> Screen:
    """What one is owed, and the newest lines of one's ledger."""
    return await say(person, "/balance")


async def test_the_balance_is_what_the_ledger_says_with_its_entries_by_period(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await log_days(chat, alice, ["500"])
    times = {"clock_in": "2026/11/15 09:00:00", "clock_out": "2026/11/15 17:00:00"}
    shift_id = await asyncio.to_thread(log, chat, alice, **times, Model_A="400", Model_B="100")
    await asyncio.to_thread(chat.service.update_shift_field, shift_id, "Model A", Decimal(80))
    assert (await read(alice, "/balance")).splitlines() == [
        "💵 You are owed $291.52",
        "",
        "Pay period 2026/11/15 – 2026/11/30",
        f"{day_of(chat)} · −$28.48",
        "Correction of the shift of Sun 15 Nov: Model A, Model B",
        f"{day_of(chat, 1)} · +$160.00",
        "Pay for the shift of Sun 15 Nov: Model A, Model B",
        "",
        "Pay period 2026/11/01 – 2026/11/14",
        f"{day_of(chat, 2)} · +$160.00",
        "Pay for the shift of Sun 1 Nov: Model A",
        "",
        "Tap one below for what it is about.",
    ]


async def test_every_line_of_the_ledger_is_there_page_by_page(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await log_days(chat, alice, [f"{number}0" for number in range(1, 14)])
    pages = [await open_balance(alice)]
    while "Next page ›" in pages[-1].buttons:
        await alice.tap("Next page ›")
        pages.append(await alice.screen())
    assert [page.text.splitlines()[1] for page in pages] == ["Page 1 of 3", "Page 2 of 3", "Page 3 of 3"]
    days = [day for page in pages for day in re.findall(r"shift of \w+ (\d+) Nov", page.text)]
    assert days == [str(day) for day in range(13, 0, -1)]
    await alice.tap("‹ Back a page")
    assert (await alice.screen()).text == pages[1].text


async def test_a_line_about_a_shift_opens_its_receipt_and_leads_back_to_its_page(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await log_days(chat, alice, ["10", "20", "30", "40", "50", "60", "500"])
    await open_balance(alice)
    await alice.tap("Next page ›")
    listed = await alice.screen()
    await alice.tap(f"{day_of(chat, 6)} · +$120.64")
    assert "You made $120.64" in (await alice.screen()).text
    await alice.tap("Back")
    assert (await alice.screen()).text == listed.text


async def test_what_was_refunded_given_and_taken_says_why_and_opens_the_shift_or_the_statement(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    owner = chat.find(olga)
    assert owner is not None
    times = {"clock_in": "2026/11/15 09:00:00", "clock_out": "2026/11/15 17:00:00"}
    shift_id = await asyncio.to_thread(log, chat, alice, **times, Model_A="500")
    chat.service.refunds.book(shift_id, 1, Decimal(100), "chargeback", actor=owner)
    chat.service.adjustments.book(1001, AdjustmentKind.DEDUCTION, Decimal("7.50"), "a lost key", actor=owner)
    shown = await open_balance(alice)
    assert f"{day_of(chat)} · −$7.50\nDeduction: a lost key" in shown.text
    refund = "Pay for 100.00 of Model A that was refunded, the shift of Sun 15 Nov: chargeback"
    assert f"{day_of(chat, 1)} · −$8.00\n{refund}" in shown.text
    await alice.tap(f"{day_of(chat, 1)} · −$8.00")
    assert "Refunded on Model A: 100.00" in (await alice.screen()).text
    await alice.tap("Back")
    await alice.tap(f"{day_of(chat)} · −$7.50")
    assert (await alice.screen()).text.startswith("📄 Statement 2026/11/15 to 2026/11/30")


async def test_a_payout_opens_the_statement_of_the_period_that_was_paid(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    owner = chat.find(olga)
    assert owner is not None
    await log_days(chat, alice, ["500"])
    chat.service.periods.close(FIRST_HALF, actor=owner)
    chat.service.payouts.pay(actor=owner, employee_id=1001)
    shown = await open_balance(alice)
    assert f"{day_of(chat)} · −$160.00\nPaid out for the period from Sun 1 Nov" in shown.text
    await alice.tap(f"{day_of(chat)} · −$160.00")
    assert (await alice.screen()).text.startswith("📄 Statement 2026/11/01 to 2026/11/14")


async def test_a_deleted_shift_is_taken_off_the_balance_and_leads_to_the_statement(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await log_days(chat, alice, ["500"])
    (shift,) = await asyncio.to_thread(chat.service.get_last_shifts, 1001)
    await asyncio.to_thread(chat.service.shifts.delete, shift["shift_id"])
    text = (await open_balance(alice)).text
    assert "Nothing is owed to you right now." in text
    assert "−$160.00\nPay for the shift of Sun 1 Nov taken back, as it was deleted: Model A" in text
    await alice.tap(f"{day_of(chat)} · −$160.00")
    assert (await alice.screen()).text.startswith("📄 Statement 2026/11/01 to 2026/11/14")


async def test_a_page_of_the_longest_names_and_reasons_fits_and_has_all_its_buttons(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    owner = chat.find(olga)
    assert owner is not None
    for number in range(8):
        reason = f"{number}" + "🙂" * 999
        chat.service.adjustments.book(1001, AdjustmentKind.BONUS, Decimal(number + 1), reason, actor=owner)
    shown = await open_balance(alice)
    assert [button for button in shown.buttons if "+$" in button] == [
        f"{day_of(chat, number)} · +${8 - number}.00" for number in range(6)
    ]
    assert [f"Bonus: {number}🙂" in shown.text for number in range(8)] == [False] * 2 + [True] * 6


async def test_a_page_of_the_balance_that_does_not_exist_is_the_nearest_that_does(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await log_days(chat, alice, ["500"])
    listed = await open_balance(alice)
    for page in ("99", "-1", "9" * 20):
        await alice.press(f"bg:{page}", message_id=listed.message_id, wait=False)
    await alice.settled()
    assert (await alice.screen()).text == listed.text


async def test_somebody_new_is_owed_nothing(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    assert await read(alice, "/balance") == "💵 Nothing is owed to you right now."
