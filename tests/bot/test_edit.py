"""Correcting a shift in the chat: the list, the sales, the total, deletion, and who may."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from playground.screens import Screen
from tests.bot.conftest import Chat
from tests.bot.shifts import NO_SALES, count_shifts, deactivate, log, open_edit, record, say
from tests.bot.team import open_member
from tests.databases import connect, fetch_all

FIELDS = (("Clock in", "Clock out"), ("Sales of a model", "Total sales"), ("🗑 Delete",), ("Back", "Main menu"))


def log_day(chat: Chat, person: Any, day: int, **products: str) -> int:
    """A shift of November from 9 to 5, recorded past the chat."""
    return log(chat, person, clock_in=f"2026/11/{day:02} 09:00:00", clock_out=f"2026/11/{day:02} 17:00:00", **products)


async def test_the_list_shows_the_last_three_shifts_newest_first_each_one_button(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    for day in (2, 3, 4, 5):
        log_day(chat, alice, day, Model_A=f"{day}00")
    await say(alice, "/start")
    await alice.tap("Edit shift")
    screen = await alice.screen()
    assert screen.rows == (
        ("✏️ 2026/11/05 09:00 · 500.00",),
        ("✏️ 2026/11/04 09:00 · 400.00",),
        ("✏️ 2026/11/03 09:00 · 300.00",),
        ("Main menu",),
    )
    assert [button for button in screen.buttons if re.search("[0-9]", button)] == list(screen.buttons[:3])


async def test_two_shifts_of_a_date_can_be_told_apart(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await record(alice, start="9 AM", end="11:00")
    await record(alice, start="11:00", end="15:00")
    assert len(set((await say(alice, "/edit")).buttons[:2])) == 2


async def test_newest_is_what_began_last_whenever_it_was_recorded_and_an_edit_changes_no_place(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    log_day(chat, alice, 9, Model_A="900")
    chat.clock.move(minutes=1)
    log_day(chat, alice, 2, Model_A="200")
    chat.clock.move(minutes=1)
    await open_edit(alice, 1)
    await alice.tap("Total sales")
    await say(alice, "201")
    assert (await say(alice, "/edit")).buttons[:2] == ("✏️ 2026/11/09 09:00 · 900.00", "✏️ 2026/11/02 09:00 · 201.00")


async def test_without_shifts_there_is_nothing_to_correct(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    screen = await say(alice, "/edit")
    assert "nothing to correct" in screen.text
    assert screen.buttons == ("Main menu",)


async def test_a_shift_shows_what_it_is_and_asks_what_to_correct(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    shift_id = log_day(chat, alice, 5, Model_A="500", Model_B="99.90")
    screen = await open_edit(alice)
    assert screen.text.splitlines() == [
        f"✏️ Shift {shift_id} · Alice",
        "2026/11/05 09:00:00 → 2026/11/05 17:00:00",
        "Model A: 500.00",
        "Model B: 99.90",
        "Total sales: 599.90",
        "",
        "What needs correcting?",
    ]
    assert screen.rows == FIELDS


async def test_back_from_every_step_of_an_edit_leads_one_step_back(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    log_day(chat, alice, 5, Model_A="500")
    fields = await open_edit(alice)
    for path in (
        ("Clock in", "Thu 5 Nov"),
        ("Clock out",),
        ("Sales of a model", "Model A"),
        ("Total sales",),
        ("🗑 Delete",),
    ):
        shown = [await alice.screen()]
        for button in path:
            await alice.tap(button)
            shown.append(await alice.screen())
        for before in reversed(shown[:-1]):
            await alice.tap("Back")
            screen = await alice.screen()
            assert (screen.text, screen.rows) == (before.text, before.rows), path
    assert (await alice.screen()).text == fields.text
    await alice.tap("Back")
    assert "Which shift do you want to correct?" in (await alice.screen()).text
    assert count_shifts(chat) == 1


async def test_the_sales_of_a_model_are_corrected_and_shown_old_and_new(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await record(alice, "500")
    await open_edit(alice)
    await alice.tap("Sales of a model")
    await alice.tap("Model A")
    assert "Model A stands at 500.00" in (await alice.screen()).text
    receipt = await say(alice, "400")
    for line in (
        "Model A: 500.00 → 400.00",
        "Total sales: 500.00 → 400.00",
        "Net sales: 400.00 → 320.00",
        "Rate: 10.00% → 8.00% (8.0% base + 0.0% dynamic)",
        "Hourly: 120.00",
        "Commissions: 40.00 → 25.60",
        "💰 You made $160.00 → $145.60",
    ):
        assert line in receipt.text.splitlines()
    assert receipt.buttons == ("Why?", "✏️ Edit", "❓ Ask the admins", "Main menu")


async def test_sales_of_another_model_are_added_by_an_edit(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await record(alice, "500")
    await open_edit(alice)
    await alice.tap("Sales of a model")
    await alice.tap("Model C")
    assert "How much did you sell on Model C?" in (await alice.screen()).text
    receipt = await say(alice, "99,90")
    assert "Model C: 0.00 → 99.90" in receipt.text
    assert "Total sales: 500.00 → 599.90" in receipt.text


async def test_0_removes_a_model(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await record(alice, {"Model A": "500", "Model B": "99.90"})
    await open_edit(alice)
    await alice.tap("Sales of a model")
    await alice.tap("Model B")
    receipt = await say(alice, "0")
    assert "Model B: 99.90 → 0.00" in receipt.text
    assert "Total sales: 599.90 → 500.00" in receipt.text
    assert "Model B" not in (await open_edit(alice)).text


async def test_0_on_the_only_model_leaves_a_shift_without_sales(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await record(alice, "500")
    await open_edit(alice)
    await alice.tap("Sales of a model")
    await alice.tap("Model A")
    assert "You made $160.00 → $120.00" in (await say(alice, "0")).text


async def test_an_amount_that_cannot_be_read_is_asked_again_and_changes_nothing(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await record(alice, "500")
    await open_edit(alice)
    for button in ("Sales of a model", "Total sales"):
        await alice.tap(button)
        if button == "Sales of a model":
            await alice.tap("Model A")
        for typed in ("1,234", "-5", "much", "100000000"):
            screen = await say(alice, typed)
            assert f"“{typed}”" in screen.text
            assert "stands at 500.00" in screen.text
        await open_edit(alice)
    assert chat.service.get_all_shifts()[0]["Total sales"] == Decimal("500.00")


async def test_an_edited_amount_far_above_the_usual_is_confirmed(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    for day in range(2, 7):
        log_day(chat, alice, day, Model_A="100")
    await open_edit(alice)
    await alice.tap("Total sales")
    screen = await say(alice, "500.01")
    assert "500.01 is far more than you usually enter" in screen.text
    await alice.tap("Yes")
    assert "Total sales: 100.00 → 500.01" in (await alice.screen()).text


async def test_the_total_is_spread_over_the_models_to_the_cent(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await record(alice, {"Model A": "100", "Model B": "100", "Model C": "100"})
    await open_edit(alice)
    await alice.tap("Total sales")
    assert "The total stands at 300.00" in (await alice.screen()).text
    receipt = await say(alice, "100")
    for line in (
        "Model A: 100.00 → 33.34",
        "Model B: 100.00 → 33.33",
        "Model C: 100.00 → 33.33",
        "Total sales: 300.00 → 100.00",
    ):
        assert line in receipt.text.splitlines()


async def test_the_total_of_a_shift_without_sales_asks_for_a_model(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await record(alice, NO_SALES)
    await open_edit(alice)
    await alice.tap("Total sales")
    screen = await alice.screen()
    assert "Which model did you sell?" in screen.text
    await alice.tap("Model B")
    receipt = await say(alice, "500")
    assert "Model B: 0.00 → 500.00" in receipt.text
    assert "You made $120.00 → $160.00" in receipt.text


async def test_deleting_asks_first(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await record(alice, "500")
    await open_edit(alice)
    await alice.tap("🗑 Delete")
    screen = await alice.screen()
    assert "Delete this shift? The $160.00 it made is taken back." in screen.text
    assert screen.rows == (("Yes",), ("Back", "Main menu"))
    await alice.tap("Back")
    assert count_shifts(chat) == 1
    await alice.tap("🗑 Delete")
    await alice.tap("Yes")
    screen = await alice.screen()
    assert screen.text == "🗑 Shift 1 is deleted. The $160.00 it made is taken back."
    assert screen.buttons == ("Main menu",)
    assert count_shifts(chat) == 0
    assert chat.service.statistics.get_balance(alice.id) == 0


async def test_yes_tapped_five_times_deletes_once(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await record(alice, "500")
    await record(alice, "300", start="6 AM", end="8:00")
    await open_edit(alice)
    await alice.tap("🗑 Delete")
    screen = await alice.screen()
    await alice.press_many(screen.data["Yes"], screen.message_id, 5)
    await alice.settled()
    assert count_shifts(chat) == 1


async def test_the_receipt_of_a_deleted_shift_answers_that_it_is_gone(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    receipt = await record(alice, "500")
    await open_edit(alice)
    await alice.tap("🗑 Delete")
    await alice.tap("Yes")
    for button in ("Why?", "✏️ Edit"):
        toast = await alice.press(receipt.data[button], message_id=receipt.message_id)
        assert (toast.text, toast.is_alert) == ("There is no shift number 1. It may have been deleted.", True)


async def test_the_time_of_a_deleted_shift_is_free_again(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await record(alice, "500")
    await open_edit(alice)
    await alice.tap("🗑 Delete")
    await alice.tap("Yes")
    assert "You made $160.00" in (await record(alice, "500")).text


async def test_edit_on_a_receipt_opens_below_it_and_the_receipt_stays(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    receipt = await record(alice, "500")
    await alice.tap("✏️ Edit")
    await alice.settled(quiet=0.04)
    screens = await alice.screens()
    assert screens[-1].rows == FIELDS
    assert [one.text for one in screens if one.message_id == receipt.message_id] == [receipt.text]


async def test_an_admin_may_correct_anyones_shift_and_it_is_logged_as_theirs(
    chat: Chat, database: dict[str, Any]
) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    receipt = await record(alice, "500")
    menu = await say(olga, "/start")
    await olga.press(receipt.data["✏️ Edit"], message_id=menu.message_id)
    assert "Shift 1 · Alice" in (await olga.screen()).text
    await olga.tap("Sales of a model")
    await olga.tap("Model A")
    corrected = await say(olga, "300")
    assert "📅 2026/11/15 · Alice" in corrected.text
    assert "Total sales: 500.00 → 300.00" in corrected.text
    assert chat.service.get_all_shifts()[0]["employee_id"] == alice.id
    assert read_audit(database) == [(olga.id, "shift edited", "shift:1")]


async def test_who_is_no_admin_any_more_cannot_go_on_correcting_somebody_elses_shift(
    chat: Chat, database: dict[str, Any]
) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    receipt = await record(alice, "500")
    menu = await say(olga, "/start")
    await olga.press(receipt.data["✏️ Edit"], message_id=menu.message_id)
    await olga.tap("Total sales")
    with connect(database) as connection:
        connection.execute("UPDATE employees SET role = 'employee' WHERE employee_id = %s", [olga.id])
    screen = await say(olga, "1")
    assert "That is somebody else’s shift." in screen.text
    assert "Alice" not in screen.text
    assert chat.service.get_all_shifts()[0]["Total sales"] == Decimal("500.00")


async def test_sales_on_a_deactivated_model_can_be_edited_but_not_begun(chat: Chat, database: dict[str, Any]) -> None:
    alice = await chat.employee("Alice", 1001)
    await record(alice, {"Model A": "300", "Model B": "200"})
    deactivate(database, "Model B")
    deactivate(database, "Model C")
    await open_edit(alice)
    await alice.tap("Sales of a model")
    assert (await alice.screen()).buttons == ("Model A", "Model B", "Model D", "Back", "Main menu")
    await alice.tap("Model B")
    receipt = await say(alice, "250")
    assert "Total sales: 500.00 → 550.00" in receipt.text


async def test_a_correction_prices_the_later_shifts_of_the_day_anew(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    first = await record(alice, "500", start="9 AM", end="11:00")
    chat.clock.move(minutes=1)
    second = await record(alice, "700", start="11:00", end="15:00")
    assert "Rate: 12.00% (8.0% base + 4.0% dynamic)" in second.text
    await open_edit(alice, 1)
    await alice.tap("Sales of a model")
    await alice.tap("Model A")
    corrected = await say(alice, "100")
    assert "This moves other shifts too:\n• " in corrected.text
    moved = "Sun 15 Nov, shift 2: $127.20 → $116.00 (the day’s sales make it 12.00% → 10.00%)"
    assert moved in corrected.text
    balance = (await say(alice, "/balance")).text
    shift = "the shift of Sun 15 Nov"
    assert f"−$11.20\nPay for {shift} worked out again, as {shift} changed: Model A" in balance
    await alice.press(second.data["Why?"], message_id=second.message_id)
    why = next(screen for screen in await alice.screens() if screen.message_id == second.message_id)
    assert "+ 2.0%, as the day’s sales stood at 800.00" in why.text
    await alice.tap("🧾 Receipt", message_id=second.message_id)
    again = next(screen for screen in await alice.screens() if screen.message_id == second.message_id)
    assert "Rate: 10.00% (8.0% base + 2.0% dynamic)" in again.text
    assert "Commissions: 56.00" in again.text
    assert first.message_id != second.message_id


async def test_the_shifts_that_a_correction_moves_are_listed_by_their_start_the_newest_first(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    for start, end in (("9 AM", "10:00"), ("11 AM", "12:00"), ("1 PM", "14:00")):
        await record(alice, "100", start=start, end=end)
        chat.clock.move(minutes=1)
    await open_edit(alice, 2)
    await alice.tap("Total sales")
    corrected = await say(alice, "450")
    moved = [line for line in corrected.text.splitlines() if line.startswith("• Sun 15 Nov, shift ")]
    assert [line.split(":")[0] for line in moved] == ["• Sun 15 Nov, shift 3", "• Sun 15 Nov, shift 2"]


async def test_an_earlier_shift_of_the_day_keeps_its_rate(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    first = await record(alice, "500", start="9 AM", end="11:00")
    chat.clock.move(minutes=1)
    await record(alice, "700", start="11:00", end="15:00")
    await alice.tap("Why?", message_id=first.message_id)
    await alice.tap("🧾 Receipt", message_id=first.message_id)
    again = next(screen for screen in await alice.screens() if screen.message_id == first.message_id)
    assert "Rate: 10.00% (8.0% base + 2.0% dynamic)" in again.text


async def test_a_text_where_a_button_is_asked_for_loses_nothing(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await record(alice, "500")
    await open_edit(alice)
    screen = await say(alice, "the sales")
    assert "Please answer with one of the buttons below." in screen.text
    assert screen.rows == FIELDS


@pytest.mark.parametrize("button", ["Clock in", "Clock out", "Sales of a model", "Total sales", "🗑 Delete"])
async def test_cancel_leaves_an_edit_without_a_change(chat: Chat, button: str) -> None:
    alice = await chat.employee("Alice", 1001)
    await record(alice, "500")
    await open_edit(alice)
    await alice.tap(button)
    await say(alice, "/cancel")
    await say(alice, "300")
    assert chat.service.get_all_shifts()[0]["Total made"] == Decimal("160.00")


def read_audit(database: dict[str, Any]) -> list[tuple[Any, ...]]:
    return fetch_all(database, "SELECT actor_id, action, subject FROM audit_log ORDER BY id")


# --- in which order shifts are listed --------------------------------------------------------------------------------


async def test_lists_of_shifts_go_by_their_start_however_late_one_was_recorded(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    for day in (12, 10, 13, 11):
        chat.clock.move(minutes=1)
        log_day(chat, alice, day, Model_A="100")
    newest_first = ["2026/11/13", "2026/11/12", "2026/11/11", "2026/11/10"]
    assert read_dates(await say(alice, "/edit")) == newest_first[:3]
    assert read_dates(await say(alice, "/history")) == newest_first
    await open_member(olga, "Alice")
    await olga.tap("🧾 Shifts")
    assert read_dates(await olga.screen()) == newest_first
    statement = chat.service.statements.get(1001, date(2026, 11, 10))
    assert [one.shift_id for one in statement.shifts] == [3, 1, 4, 2]
    assert [shift["ID"] for shift in chat.service.get_last_shifts(1001, 4)] == [4, 3, 2, 1]


def read_dates(screen: Screen) -> list[str]:
    return [found[0] for button in screen.buttons if (found := re.search(r"\d{4}/\d\d/\d\d", button))]
