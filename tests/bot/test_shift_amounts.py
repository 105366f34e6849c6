"""Amounts typed for a shift in the chat: what is taken, and the sentence for everything else (SPEC 4 "Amounts")."""

import pytest

from tests.bot.conftest import Chat
from tests.bot.shifts import begin, count_shifts, say


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("500", "500.00"),
        ("99.90", "99.90"),
        ("99,90", "99.90"),
        ("$1 234.50", "1,234.50"),
        ("1,234.50", "1,234.50"),
        ("1.234,50", "1,234.50"),
        ("1\u202f234,50 $", "1,234.50"),
        (" 0.01 ", "0.01"),
        ("99999999.99", "99,999,999.99"),
    ],
)
async def test_an_amount_is_taken_as_people_write_it(chat: Chat, typed: str, shown: str) -> None:
    alice = await chat.employee("Alice", 1001)
    await begin(alice)
    await alice.tap("Model A")
    assert f"Model A: {shown}" in (await say(alice, typed)).text


BAD_AMOUNTS = {
    "1,234": "“1,234” can be read as 1,234.00 or as 1.234, which has three decimals.",
    "12.345": "“12.345” can be read as 12,345.00 or as 12.345, which has three decimals.",
    "0": "An amount has to be more than zero.",
    "0,00": "An amount has to be more than zero.",
    "-5": "“-5” is negative.",
    "−5": "“−5” is negative.",
    "five hundred": "“five hundred” is not an amount.",
    "100000000": "“100000000” is too much for one amount: 99,999,999.99 is the limit.",
    "99999999.995": "“99999999.995” has more than two decimals.",
    "0.1234": "“0.1234” has more than two decimals.",
    "1e3": "“1e3” is not an amount.",
    "nan": "“nan” is not an amount.",
    "5 00": "“5 00” is not an amount.",
    "1,2,3": "“1,2,3” is not an amount.",
    "500 + 20": "“500 + 20” is not an amount.",
    "$": "“$” is not an amount.",
    "٥٠٠": "“٥٠٠” is not an amount.",
    "500€": "“500€” is not an amount.",
    "<i>500</i>": "“<i>500</i>” is not an amount.",
    "9" * 4000: "is too much for one amount",
    "8:30": "“8:30” is not an amount.",
    "/500": "“/500” is not an amount.",
}


async def test_what_is_no_amount_gets_its_sentence_and_loses_nothing(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await begin(alice)
    await alice.tap("Model B")
    await say(alice, "99.90")
    await alice.tap("Model A")
    asked = await alice.screen()
    for typed, sentence in BAD_AMOUNTS.items():
        screen = await say(alice, typed)
        assert sentence in screen.text, typed
        assert "How much did you sell on Model A?" in screen.text
        assert "Model B: 99.90" in screen.text
        assert screen.rows == asked.rows
    assert count_shifts(chat) == 0
    await say(alice, "400.10")
    await alice.tap("Save shift")
    assert "Total sales: 500.00" in (await alice.screen()).text


async def test_a_picture_a_sticker_or_a_forwarded_amount_is_no_answer_and_loses_nothing(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await begin(alice)
    await alice.tap("Model A")
    await alice.send_photo(PIXEL, caption="500")
    await alice.settled()
    await alice.send("500", forwarded_from="Boris")
    await alice.settled()
    assert not any("Model A: 500.00" in screen.text for screen in await alice.screens())
    assert "Model A: 500.00" in (await say(alice, "500")).text


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63fcffff3f0300080401"
    "01aacd7c060000000049454e44ae426082"
)
