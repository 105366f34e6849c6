"""The receipt and its Why?, word by word."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from tests.bot.conftest import Chat
from tests.bot.shifts import NO_SALES, begin, log, open_edit, record, say, sell

PLAIN = """\
✅ Shift 1 is saved

📅 2026/11/15 · Alice
Start: 2026/11/15 09:00:00
End: 2026/11/15 17:00:00
Hours: 8.00

Model A: 500.00
Total sales: 500.00
Net sales: 400.00
Rate: 10.00% (8.0% base + 2.0% dynamic)

Hourly: 120.00
Commissions: 40.00

💰 You made $160.00"""

PLAIN_WHY = """\
🔍 Shift 1, step by step

Time
8 h 00 min × 15.00 an hour = 120.00

Sales
Model A: 500.00
Less 20.0% for the platform = 400.00 net

Rate
8.0% is the base rate
+ 2.0%, as the day’s sales stood at 500.00
= 10.00%

Commissions
400.00 × 10.00% = 40.00
· base 32.00
· dynamic 8.00

120.00 + 40.00 = $160.00"""

TWO_PRODUCTS = """\
Model A: 500.00
Model C: 99.90
Total sales: 599.90
Net sales: 479.92
Rate: 10.00% (8.0% base + 2.0% dynamic)

Hourly: 120.00
Commissions: 47.99

💰 You made $167.99"""

TWO_PRODUCTS_WHY = """\
Sales
Model A: 500.00
Model C: 99.90
Together: 599.90
Less 20.0% for the platform = 479.92 net

Rate
8.0% is the base rate
+ 2.0%, as the day’s sales stood at 599.90
= 10.00%

Commissions
479.92 × 10.00% = 47.99
· base 38.39
· dynamic 9.60

120.00 + 47.99 = $167.99"""

NOTHING_SOLD = """\
No sales
Total sales: 0.00
Net sales: 0.00
Rate: 8.00% (8.0% base + 0.0% dynamic)

Hourly: 120.00
Commissions: 0.00

💰 You made $120.00"""

NOTHING_SOLD_WHY = """\
Sales
No sales
Less 20.0% for the platform = 0.00 net

Rate
8.0% is the base rate
+ 0.0%, as the day’s sales stood at 0.00
= 8.00%

Commissions
0.00 × 8.00% = 0.00

120.00 + 0.00 = $120.00"""

DOUBLED = """\
Rate: 20.00% ((8.0% base + 2.0% dynamic) × 2)

Hourly: 120.00
Commissions: 80.00
🎁 Double commission

💰 You made $200.00"""

DOUBLED_WHY = """\
Rate
8.0% is the base rate
+ 2.0%, as the day’s sales stood at 500.00
× 2 for the double commission bonus
= 20.00%

Commissions
400.00 × 20.00% = 80.00
· base 32.00
· dynamic 8.00
· doubling 40.00

120.00 + 80.00 = $200.00"""

ONE_PERCENT_MORE = """\
Rate: 11.00% (8.0% base + 2.0% dynamic + 1.0% bonus)

Hourly: 120.00
Commissions: 44.00
🎁 +1.0% on this shift

💰 You made $164.00"""

ONE_PERCENT_MORE_WHY = """\
Rate
8.0% is the base rate
+ 2.0%, as the day’s sales stood at 500.00
+ 1.0% for the bonus
= 11.00%

Commissions
400.00 × 11.00% = 44.00
· base 32.00
· dynamic 8.00
· bonus 4.00

120.00 + 44.00 = $164.00"""

FLAT = """\
Commissions: 40.00
🎁 Flat bonus: 10.00

💰 You made $170.00"""

FLAT_WHY = """\
Bonuses
🎁 Flat bonus: 10.00

120.00 + 40.00 + 10.00 = $170.00"""

NOBODY_BEFORE = """\
Commissions: 40.00
🎁 1.0% of the chatter before, who sold none of these models: 0.00

💰 You made $160.00"""

NOBODY_BEFORE_WHY = """\
Bonuses
🎁 1.0% of the chatter before, who sold none of these models: 0.00

120.00 + 40.00 = $160.00"""

NOBODY_THAT_DAY = """\
Commissions: 40.00
🎁 2.0% of the others, who sold nothing of that model that day: 0.00

💰 You made $160.00"""

SOMEBODY_BEFORE = """\
Commissions: 40.00
🎁 1.0% of the 400.00 net that the chatter before sold on Model A: 4.00

💰 You made $164.00"""

SOMEBODY_BEFORE_WHY = """\
Bonuses
🎁 1.0% of the 400.00 net that the chatter before sold on Model A: 4.00

120.00 + 40.00 + 4.00 = $164.00"""

THE_OTHERS_THAT_DAY = """\
Commissions: 40.00
🎁 2.0% of the 400.00 net that the others sold that day on Model A: 8.00

💰 You made $168.00"""


async def test_the_receipt_of_a_plain_shift(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    assert (await record(alice, "500")).text == PLAIN


async def test_why_shows_the_sum_step_by_step_and_back_again_in_the_same_message(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    receipt = await record(alice, "500")
    await alice.tap("Why?")
    why = await alice.screen()
    assert why.text == PLAIN_WHY
    assert why.buttons == ("🧾 Receipt", "✏️ Edit", "❓ Ask the admins", "Main menu")
    assert why.message_id == receipt.message_id
    await alice.tap("🧾 Receipt")
    again = await alice.screen()
    assert again.text == PLAIN.replace("✅ Shift 1 is saved", "🧾 Shift 1")
    assert again.buttons == receipt.buttons
    assert again.message_id == receipt.message_id


@pytest.mark.parametrize(
    ("sales", "receipt", "why"),
    [
        pytest.param({"Model A": "500", "Model C": "99.90"}, TWO_PRODUCTS, TWO_PRODUCTS_WHY, id="two products"),
        pytest.param(NO_SALES, NOTHING_SOLD, NOTHING_SOLD_WHY, id="no sales"),
    ],
)
async def test_a_receipt_and_its_why(chat: Chat, sales: Mapping[str, str], receipt: str, why: str) -> None:
    alice = await chat.employee("Alice", 1001)
    assert (await record(alice, sales)).text.endswith("\n\n" + receipt)
    await alice.tap("Why?")
    assert (await alice.screen()).text.endswith("\n\n" + why)


@pytest.mark.parametrize(
    ("bonus_type", "value", "receipt", "why"),
    [
        ("double_commission", None, DOUBLED, DOUBLED_WHY),
        ("percent_next", 1, ONE_PERCENT_MORE, ONE_PERCENT_MORE_WHY),
        ("flat", 10, FLAT, FLAT_WHY),
        ("percent_prev", 1, NOBODY_BEFORE, NOBODY_BEFORE_WHY),
        (
            "percent_all",
            2,
            NOBODY_THAT_DAY,
            "who sold nothing of that model that day: 0.00\n\n120.00 + 40.00 = $160.00",
        ),
    ],
    ids=["double", "percent_next", "flat", "percent_prev without a source", "percent_all without a source"],
)
async def test_a_bonus_on_a_receipt_and_in_its_why(
    chat: Chat, bonus_type: str, value: int | None, receipt: str, why: str
) -> None:
    alice = await chat.employee("Alice", 1001)
    chat.service.create_bonus(alice.id, bonus_type, value)
    assert (await record(alice, "500")).text.endswith(receipt)
    await alice.tap("Why?")
    assert why in (await alice.screen()).text


@pytest.mark.parametrize(
    ("bonus_type", "value", "receipt", "why"),
    [
        ("percent_prev", 1, SOMEBODY_BEFORE, SOMEBODY_BEFORE_WHY),
        ("percent_all", 2, THE_OTHERS_THAT_DAY, "120.00 + 40.00 + 8.00 = $168.00"),
    ],
    ids=["percent_prev", "percent_all"],
)
async def test_a_bonus_taken_from_others_names_the_model_and_what_it_is_taken_from(
    chat: Chat, bonus_type: str, value: int, receipt: str, why: str
) -> None:
    alice, boris = await chat.employee("Alice", 1001), await chat.employee("Boris", 1002)
    await record(boris, "500")
    chat.clock.move(minutes=1)
    chat.service.create_bonus(alice.id, bonus_type, value)
    shown = await record(alice, "500")
    assert shown.text.endswith(receipt)
    assert "Boris" not in shown.text
    await alice.tap("Why?")
    assert (await alice.screen()).text.endswith(why)


async def test_a_second_shift_of_the_day_says_what_its_rate_follows(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await record(alice, "500", start="9 AM", end="11:00")
    chat.clock.move(minutes=1)
    await record(alice, "700", start="11:00", end="15:00")
    await alice.tap("Why?")
    assert "+ 4.0%, as the day’s sales stood at 1,200.00" in (await alice.screen()).text


async def test_a_receipt_stays_in_the_chat_when_the_menu_is_opened(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    receipt = await record(alice, "500")
    await alice.tap("Main menu")
    await alice.settled(quiet=0.04)
    screens = await alice.screens()
    assert "Create shift" in screens[-1].buttons
    kept = next(screen for screen in screens if screen.message_id == receipt.message_id)
    assert (kept.text, kept.rows) == (receipt.text, receipt.rows)


async def test_the_receipts_of_several_shifts_stay_and_answer_each(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    first = await record(alice, "500", start="9 AM", end="11:00")
    second = await record(alice, "300", start="12:00", end="14:00")
    await alice.tap("Why?", message_id=first.message_id)
    await alice.tap("Why?", message_id=second.message_id)
    shown = {screen.message_id: screen.text for screen in await alice.screens()}
    assert shown[first.message_id].startswith("🔍 Shift 1")
    assert shown[second.message_id].startswith("🔍 Shift 2")


async def test_a_dialogue_goes_on_while_an_old_receipt_is_read(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    receipt = await record(alice, "500", start="9 AM", end="11:00")
    await begin(alice, start="12:00", end="14:00")
    await alice.tap("Why?", message_id=receipt.message_id)
    assert "Shift 2 is saved" in (await sell(alice, "300")).text


async def test_a_name_and_a_note_with_signs_of_html_are_shown_as_they_are(chat: Chat) -> None:
    alice = await chat.employee("Alice <3 & Co", 1001)
    receipt = await record(alice, "500")
    assert "Alice <3 & Co" in receipt.text
    shift_id = log(chat, alice, clock_in="2026/11/14 09:00:00", clock_out="2026/11/14 10:00:00")
    chat.service.update_shift_field(shift_id, "Note", "<b>late</b> & tired")
    await say(alice, "/start")
    shown = await alice.screen()
    await alice.press(f"r:{shift_id}:r", message_id=shown.message_id)
    assert "Note: <b>late</b> & tired" in (await alice.screen()).text


async def test_a_wage_of_today_changes_no_old_receipt(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await record(alice, "500")
    chat.service.set_employee_settings(alice.id, hourly_wage=Decimal("20.00"))
    await alice.tap("Why?")
    assert "8 h 00 min × 15.00 an hour = 120.00" in (await alice.screen()).text


async def test_an_admin_reads_anybodys_receipt(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    receipt = await record(alice, "500")
    menu = await say(olga, "/start")
    await olga.press("r:1:r", message_id=menu.message_id)
    theirs = receipt.text.replace("✅ Shift 1 is saved", "🧾 Shift 1").replace("You made", "Made")
    assert (await olga.screen()).text == theirs


async def test_a_corrected_receipt_strikes_out_the_old_figure_and_prints_the_new_one_bold(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await record(alice, "500")
    await open_edit(alice)
    await alice.tap("Total sales")
    receipt = await say(alice, "400")
    assert "Total sales: <s>500.00</s> → <b>400.00</b>" in receipt.html
    await alice.tap("Why?")
    await alice.tap("🧾 Receipt")
    assert "Total sales: 400.00" in (await alice.screen()).text
