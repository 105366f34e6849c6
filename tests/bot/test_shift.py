"""Recording a shift in the chat, step by step, from the first tap to the receipt."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from playground.client import Person
from playground.screens import Screen
from tests.bot.conftest import Chat
from tests.bot.pictures import PICTURE
from tests.bot.shifts import NO_SALES, begin, count_shifts, deactivate, record, say, sell

LAST_ROW = ("Back", "Main menu")
Action = Callable[[Person], Awaitable[object]]


def tap(text: str) -> Action:
    return lambda person: person.tap(text)


def write(text: str) -> Action:
    return lambda person: say(person, text)


STEPS: dict[str, Action] = {
    "the date": tap("Yesterday…"),
    "the start": tap("9 AM"),
    "the end": tap("5 PM"),
    "the model": tap("Model B"),
    "the amount": write("99.90"),
}
"""The step that is answered, and how."""


def show(screen: Screen) -> tuple[str, tuple[tuple[str, ...], ...]]:
    return screen.text, screen.rows


async def test_every_step_asks_one_thing_and_the_last_shows_the_receipt(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await say(alice, "/start")
    await alice.tap("Create shift")
    assert (await alice.screen()).rows == (("Yesterday, Sun 15", "Today, Mon 16"), LAST_ROW)
    await alice.tap("Yesterday…")
    screen = await alice.screen()
    assert "2026/11/15" in screen.text
    assert screen.rows == (
        ("12 AM", "1 AM", "2 AM", "3 AM"),
        ("4 AM", "5 AM", "6 AM", "7 AM"),
        ("8 AM", "9 AM", "10 AM", "11 AM"),
        ("PM",),
        LAST_ROW,
    )
    await alice.tap("9 AM")
    screen = await alice.screen()
    assert "2026/11/15 09:00:00" in screen.text
    assert screen.rows[0] == ("12 PM", "1 PM", "2 PM", "3 PM")
    await alice.tap("5 PM")
    screen = await alice.screen()
    assert "2026/11/15 17:00:00" in screen.text
    assert screen.rows == (("Model A", "Model B"), ("Model C", "Model D"), ("No sales",), LAST_ROW)
    await alice.tap("Model A")
    screen = await alice.screen()
    assert "Model A" in screen.text
    assert screen.rows == (LAST_ROW,)
    await say(alice, "500")
    screen = await alice.screen()
    assert "Model A: 500.00" in screen.text
    assert screen.rows == (("Model A · 500.00", "Model B"), ("Model C", "Model D"), ("Save shift",), LAST_ROW)
    await alice.tap("Save shift")
    screen = await alice.screen()
    assert "You made $160.00" in screen.text
    assert screen.rows == (("Why?", "✏️ Edit"), ("❓ Ask the admins",), ("Main menu",))
    assert (await alice.toast()).text == "Saved ✅"


async def test_taps_edit_the_one_message_and_pile_nothing_up(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await begin(alice)
    assert len(await alice.screens()) == 1


async def test_back_leads_one_step_back_from_every_step_and_keeps_what_was_said(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await say(alice, "/shift")
    for step, answer in STEPS.items():
        before = await alice.screen()
        await answer(alice)
        after = await alice.screen()
        if step == "the amount":  # from there Back leads to the models: the amount is entered already
            continue
        await alice.tap("Back")
        assert show(await alice.screen()) == show(before), step
        await answer(alice)
        assert show(await alice.screen()) == show(after), step
    await alice.tap("Save shift")
    assert "Model B: 99.90" in (await alice.screen()).text


async def test_back_from_the_checklist_leads_to_the_end_with_the_amounts_kept(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await begin(alice)
    await alice.tap("Model A")
    await say(alice, "500")
    await alice.tap("Back")
    screen = await alice.screen()
    assert "Model A: 500.00" in screen.text
    assert "What time did it end?" in screen.text
    await alice.tap("5 PM")
    await alice.tap("Save shift")
    assert "You made $160.00" in (await alice.screen()).text


async def test_back_to_the_start_and_another_hour_keeps_the_models(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await begin(alice)
    await alice.tap("Model A")
    await say(alice, "500")
    for _ in range(2):
        await alice.tap("Back")
    await alice.tap("8 AM")
    await alice.tap("5 PM")
    await alice.tap("Save shift")
    receipt = (await alice.screen()).text
    assert "Start: 2026/11/15 08:00:00" in receipt
    assert "Model A: 500.00" in receipt
    assert "You made $175.00" in receipt


async def test_back_from_the_first_step_is_the_main_menu(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await say(alice, "/shift")
    await alice.tap("Back")
    assert "Create shift" in (await alice.screen()).buttons


async def test_main_menu_is_there_at_every_step_and_saves_nothing(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    for count in range(len(STEPS) + 1):
        if "Start anew" in (await say(alice, "/shift")).buttons:
            await alice.tap("Start anew")
        for answer in list(STEPS.values())[:count]:
            await answer(alice)
        await alice.tap("Main menu")
        assert "Create shift" in (await alice.screen()).buttons
    assert count_shifts(chat) == 0


async def test_a_text_where_only_buttons_answer_loses_nothing(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await begin(alice)
    await alice.tap("Model A")
    await say(alice, "500")
    before = await alice.screen()
    await say(alice, "that was all, thanks")
    screen = await alice.screen()
    assert "Please answer with one of the buttons below." in screen.text
    assert "Model A: 500.00" in screen.text
    assert screen.rows == before.rows
    await alice.tap("Save shift")
    assert "You made $160.00" in (await alice.screen()).text


async def test_cancel_ends_the_dialogue_at_any_step(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await begin(alice)
    await alice.tap("Model A")
    await say(alice, "/cancel")
    await say(alice, "500")
    screen = await alice.screen()
    assert "Save shift" not in screen.buttons
    assert count_shifts(chat) == 0


async def test_several_models_are_added_up(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    receipt = await record(alice, {"Model A": "300", "Model C": "99,90", "Model B": "$1 234.50"})
    lines = receipt.text.splitlines()
    at = lines.index("Model A: 300.00")
    assert lines[at : at + 4] == [
        "Model A: 300.00",
        "Model B: 1,234.50",
        "Model C: 99.90",
        "Total sales: 1,634.40",
    ]


async def test_a_model_picked_again_gets_another_amount_and_no_second_line(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await begin(alice)
    await alice.tap("Model A")
    await say(alice, "300")
    await alice.tap("Model A · 300.00")
    assert "You have 300.00 on Model A so far" in (await alice.screen()).text
    await say(alice, "500")
    await alice.tap("Save shift")
    receipt = (await alice.screen()).text
    assert receipt.count("Model A") == 1
    assert "Total sales: 500.00" in receipt


async def test_0_takes_a_model_out_that_was_added_by_mistake(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await begin(alice)
    for product, amount in (("Model A", "300"), ("Model B", "20")):
        await alice.tap(product)
        await say(alice, amount)
    await alice.tap("Model B · 20.00")
    assert "or 0 to take it out" in (await alice.screen()).text
    assert (await say(alice, "0")).buttons[:2] == ("Model A · 300.00", "Model B")
    await alice.tap("Model A · 300.00")
    assert "No sales" in (await say(alice, "0.00")).buttons
    assert "Hourly: 120.00" in (await sell(alice, {"Model C": "10"})).text


async def test_0_of_a_model_that_was_not_added_is_asked_again(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await begin(alice)
    await alice.tap("Model A")
    assert "How much did you sell on Model A?" in (await say(alice, "0")).text


async def test_no_sales_records_a_shift_of_hours_alone(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    receipt = await record(alice, NO_SALES)
    assert "No sales" in receipt.text
    assert "You made $120.00" in receipt.text


async def test_no_sales_is_offered_only_while_there_are_none(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await begin(alice)
    await alice.tap("Model A")
    await say(alice, "500")
    assert "No sales" not in (await alice.screen()).buttons


async def test_a_shift_over_12_hours_is_confirmed_and_shown_to_the_admins(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    screen = await begin(alice, start="8 AM", end="9 PM")
    assert "13 h 00 min" in screen.text
    assert screen.rows == (("Yes",), LAST_ROW)
    await alice.tap("Yes")
    await sell(alice, "500")
    told = await olga.wait_for(re.compile("Alice"))
    assert "13.00" in told.text


async def test_a_shift_of_12_hours_is_neither_asked_about_nor_shown(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    await begin(alice, start="9 AM", end="9 PM")
    await sell(alice, "500")
    await olga.settled()
    assert not any("Alice" in screen.text for screen in await olga.screens())


async def test_a_long_shift_that_was_a_slip_is_mended_by_typing_the_end(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await begin(alice, start="8 AM", end="9 PM")
    await say(alice, "5 pm")
    receipt = await sell(alice, "500")
    assert "Hours: 9.00" in receipt.text


async def test_an_end_equal_to_the_start_is_24_hours_and_is_confirmed(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    screen = await begin(alice, start="9 AM", end="9 AM")
    assert "24 h 00 min" in screen.text
    await alice.tap("Yes")
    receipt = await sell(alice, NO_SALES)
    assert "End: 2026/11/16 09:00:00" in receipt.text
    assert "Hours: 24.00" in receipt.text


async def test_twice_the_usual_hours_are_confirmed(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    for day in range(5, 10):
        data = {"clock_in": f"2026/11/0{day} 09:00:00", "clock_out": f"2026/11/0{day} 13:00:00"}
        chat.service.create_shift({"employee_id": 1001, "products": {}, **data})
    usual = await begin(alice, start="9 AM", end="5 PM")
    assert "Yes" not in usual.buttons
    longer = await begin(alice, start="9 AM", end="17:30")
    assert "8 h 30 min" in longer.text
    assert "Yes" in longer.buttons


async def test_an_amount_far_above_the_usual_is_confirmed(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    for day in range(5, 10):
        data = {"clock_in": f"2026/11/0{day} 09:00:00", "clock_out": f"2026/11/0{day} 17:00:00"}
        chat.service.create_shift({"employee_id": 1001, "products": {"Model A": 100}, **data})
    await begin(alice)
    await alice.tap("Model B")
    await say(alice, "500.01")
    screen = await alice.screen()
    assert "500.01" in screen.text
    assert screen.rows == (("Yes",), LAST_ROW)
    await alice.tap("Yes")
    assert "Model B: 500.01" in (await alice.screen()).text


@pytest.mark.parametrize("way", ["typed at once", "typed after Back"])
async def test_an_amount_far_above_the_usual_that_was_a_slip_is_typed_again(chat: Chat, way: str) -> None:
    alice = await chat.employee("Alice", 1001)
    for day in range(5, 10):
        data = {"clock_in": f"2026/11/0{day} 09:00:00", "clock_out": f"2026/11/0{day} 17:00:00"}
        chat.service.create_shift({"employee_id": 1001, "products": {"Model A": 100}, **data})
    await begin(alice)
    await alice.tap("Model B")
    await say(alice, "50000")
    if way == "typed after Back":
        await alice.tap("Back")
    await say(alice, "500")
    screen = await alice.screen()
    assert "Model B: 500.00" in screen.text
    assert "Save shift" in screen.buttons


async def test_without_a_history_of_five_no_amount_is_too_large(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    receipt = await record(alice, "99,999,999.99")
    assert "Total sales: 99,999,999.99" in receipt.text


async def test_a_deactivated_model_cannot_be_picked(chat: Chat, database: dict[str, Any]) -> None:
    alice = await chat.employee("Alice", 1001)
    await begin(alice)
    shown = await alice.screen()
    deactivate(database, "Model B")
    toast = await alice.tap("Model B")
    assert toast.is_alert
    assert "Model B" in toast.text
    await begin(alice)
    assert "Model B" not in (await alice.screen()).buttons
    assert "Model B" in shown.buttons


async def test_a_picture_in_the_middle_of_it_does_not_throw_anybody_out(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await begin(alice)
    await alice.tap("Model A")
    await alice.send_photo(PICTURE, "500")
    await alice.settled(quiet=0.04)
    screen = await alice.screen()
    assert "How much did you sell on Model A?" in screen.text
    assert "Back" in screen.buttons
