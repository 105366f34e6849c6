"""The emulator refuses what the real Bot API refuses, with its sentences."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import GetMe, TelegramMethod
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup
from aiohttp import ClientSession

from playground.client import Emulator, EmulatorError, Person, run_emulator
from tests.playground.conftest import make_bot


@pytest.fixture
def now() -> list[float]:
    return [1_790_000_000.0]


@pytest.fixture
def emulator(now: list[float]) -> Iterator[Emulator]:
    """An emulator whose clock stands still unless a test moves it."""
    with run_emulator(clock=lambda: now[0]) as running:
        yield running


@pytest.fixture
async def alice(emulator: Emulator) -> Person:
    person = await emulator.add_person(1001, "Alice")
    await person.send("/start", wait=False)
    return person


def button(data: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Tap", callback_data=data)]])


async def test_an_edit_that_changes_nothing(bot: Bot, alice: Person) -> None:
    sent = await bot.send_message(alice.id, "<b>same</b>", parse_mode="HTML", reply_markup=button("x"))
    with pytest.raises(
        TelegramBadRequest,
        match="Bad Request: message is not modified: specified new message content and reply markup are exactly the "
        "same as a current content and reply markup of the message",
    ):
        await bot.edit_message_text(
            "<b>same</b> ", chat_id=alice.id, message_id=sent.message_id, parse_mode="HTML", reply_markup=button("x")
        )


async def test_an_edit_without_a_keyboard_takes_the_keyboard_away(bot: Bot, alice: Person) -> None:
    sent = await bot.send_message(alice.id, "same", reply_markup=button("x"))
    await bot.edit_message_text("same", chat_id=alice.id, message_id=sent.message_id)
    assert (await alice.screen()).buttons == ()
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_reply_markup(chat_id=alice.id, message_id=sent.message_id)


@pytest.mark.parametrize(
    ("message_id", "sentence"),
    [(1, "Bad Request: message can't be edited"), (99, "Bad Request: message to edit not found")],
)
async def test_a_message_that_cannot_be_edited(bot: Bot, alice: Person, message_id: int, sentence: str) -> None:
    with pytest.raises(TelegramBadRequest, match=sentence):
        await bot.edit_message_text("new", chat_id=alice.id, message_id=message_id)


async def test_text_and_caption_are_not_mixed_up(bot: Bot, alice: Person) -> None:
    text = await bot.send_message(alice.id, "text")
    file = await bot.send_document(alice.id, BufferedInputFile(b"x", "x.bin"))
    with pytest.raises(TelegramBadRequest, match="Bad Request: there is no caption in the message to edit"):
        await bot.edit_message_caption(chat_id=alice.id, message_id=text.message_id, caption="c")
    with pytest.raises(TelegramBadRequest, match="Bad Request: there is no text in the message to edit"):
        await bot.edit_message_text("t", chat_id=alice.id, message_id=file.message_id)


async def test_a_tap_can_be_answered_for_150_seconds(
    bot: Bot, emulator: Emulator, alice: Person, now: list[float]
) -> None:
    await bot.send_message(alice.id, "menu", reply_markup=button("x"))
    in_time, late = await alice.tap("Tap", wait=False), await alice.tap("Tap", wait=False)
    now[0] += 150
    assert await bot.answer_callback_query(in_time.query_id, text="here")
    await emulator.advance_clock(1)
    for query_id in (late.query_id, "12345"):
        with pytest.raises(
            TelegramBadRequest,
            match="Bad Request: query is too old and response timeout expired or query ID is invalid",
        ):
            await bot.answer_callback_query(query_id)
    assert [(toast.is_answered, toast.text) for toast in await alice.toasts()] == [(True, "here"), (False, "")]


async def test_old_messages_cannot_be_deleted(bot: Bot, alice: Person, now: list[float]) -> None:
    sent = await bot.send_message(alice.id, "old")
    now[0] += 48 * 3600 + 1
    with pytest.raises(TelegramBadRequest, match="Bad Request: message can't be deleted for everyone"):
        await bot.delete_message(alice.id, sent.message_id)
    with pytest.raises(TelegramBadRequest, match="Bad Request: message to delete not found"):
        await bot.delete_message(alice.id, 99)


async def test_who_can_be_written_to(bot: Bot, emulator: Emulator, alice: Person) -> None:
    boris = await emulator.add_person(1002, "Boris")
    with pytest.raises(TelegramBadRequest, match="Bad Request: chat not found"):
        await bot.send_message(5, "anybody?")
    with pytest.raises(TelegramForbiddenError, match="Forbidden: bot can't initiate conversation with a user"):
        await bot.send_message(boris.id, "hello")
    await alice.block()
    with pytest.raises(TelegramForbiddenError, match="Forbidden: bot was blocked by the user"):
        await bot.send_message(alice.id, "hello")
    await alice.unblock()
    assert (await bot.send_message(alice.id, "hello")).text == "hello"


async def test_blocking_tells_the_bot(bot: Bot, alice: Person) -> None:
    await alice.block()
    await alice.send("/start again", wait=False)
    _, blocked, unblocked, message = await bot.get_updates()
    assert blocked.my_chat_member is not None
    assert unblocked.my_chat_member is not None
    statuses = [
        update.my_chat_member.new_chat_member.status for update in (blocked, unblocked) if update.my_chat_member
    ]
    assert statuses == ["kicked", "member"]
    assert message.message is not None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x" * 4097, "Bad Request: message is too long"),
        ("💰" * 2049, "Bad Request: message is too long"),
        (" \n ", "Bad Request: message text is empty"),
        ("<b></b>", "Bad Request: message text is empty"),
        ("I <3 you", 'Bad Request: can\'t parse entities: Unsupported start tag "3" at byte offset 2'),
        ("ж<b>x</i>", 'can\'t parse entities: Unmatched end tag at byte offset 6, expected "</b>", found "</i>"'),
        ("<b>x", "can't parse entities: Can't find end tag corresponding to start tag \"b\""),
        ("x</b>", "can't parse entities: Unexpected end tag at byte offset 1"),
        ("x<b", "can't parse entities: Unclosed start tag at byte offset 1"),
        ("<b>x</b", "can't parse entities: Unclosed end tag at byte offset 4"),
        ("<a 1>x</a>", "can't parse entities: Expected equal sign in declaration of an attribute of the tag"),
        ("<span>x</span>", 'can\'t parse entities: Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
async def test_texts_that_are_refused(bot: Bot, alice: Person, text: str, sentence: str) -> None:
    with pytest.raises(TelegramBadRequest) as refused:
        await bot.send_message(alice.id, text, parse_mode="HTML")
    assert sentence in refused.value.message


async def test_limits_count_after_parsing(bot: Bot, alice: Person) -> None:
    longest = await bot.send_message(alice.id, f"<b>{'&lt;' * 4096}</b>", parse_mode="HTML")
    assert longest.text == "<" * 4096
    file = BufferedInputFile(b"x", "x.bin")
    await bot.send_document(alice.id, file, caption=f"<b>{'x' * 1024}</b>", parse_mode="HTML")
    with pytest.raises(TelegramBadRequest, match="Bad Request: message caption is too long"):
        await bot.send_document(alice.id, file, caption="x" * 1025)


async def test_callback_data_has_64_bytes(bot: Bot, alice: Person) -> None:
    await bot.send_message(alice.id, "fits", reply_markup=button("ж" * 32))
    with pytest.raises(TelegramBadRequest, match="Bad Request: BUTTON_DATA_INVALID"):
        await bot.send_message(alice.id, "does not", reply_markup=button("ж" * 32 + "x"))


async def test_pictures_and_files_that_are_refused(bot: Bot, alice: Person) -> None:
    with pytest.raises(TelegramBadRequest, match="IMAGE_PROCESS_FAILED"):
        await bot.send_photo(alice.id, BufferedInputFile(b"no picture", "x.png"))
    with pytest.raises(TelegramBadRequest, match="wrong file identifier/HTTP URL specified"):
        await bot.send_photo(alice.id, "made-up")
    with pytest.raises(TelegramBadRequest, match="file must be non-empty"):
        await bot.send_document(alice.id, BufferedInputFile(b"", "x.csv"))
    with pytest.raises(TelegramBadRequest, match="invalid file_id"):
        await bot.get_file("made-up")


async def test_a_wrong_token(emulator: Emulator, alice: Person) -> None:
    async with make_bot(emulator, "4242:wrong") as stranger:
        with pytest.raises(TelegramUnauthorizedError, match="Unauthorized"):
            await stranger.get_me()


async def test_a_method_that_does_not_exist(bot: Bot) -> None:
    class Fly(GetMe):
        __api_method__ = "fly"

    call: TelegramMethod[object] = Fly()  # type: ignore[assignment]
    with pytest.raises(TelegramNotFound, match="Not Found: method not found"):
        await bot(call)


async def test_limits_of_one_message_a_second_and_chat_and_thirty_in_all(
    bot: Bot, emulator: Emulator, alice: Person, now: list[float]
) -> None:
    await emulator.limit()
    await bot.send_message(alice.id, "one")
    with pytest.raises(TelegramRetryAfter, match="Too Many Requests: retry after 1") as refused:
        await bot.send_message(alice.id, "two")
    assert refused.value.retry_after == 1
    now[0] += 1
    await bot.send_message(alice.id, "two")

    people = [await emulator.add_person(2000 + number, "Somebody") for number in range(30)]
    for person in people:
        await person.send("/start", wait=False)
    for person in people[:29]:
        await bot.send_message(person.id, "hello")
    with pytest.raises(TelegramRetryAfter):
        await bot.send_message(people[29].id, "hello")
    assert [screen.text for screen in await alice.screens()] == ["one", "two"]


async def test_calls_fail_on_demand(bot: Bot, emulator: Emulator, alice: Person) -> None:
    await emulator.fail("sendMessage", 502, "Bad Gateway")
    await emulator.fail("sendMessage", 429, "Too Many Requests: retry after 7", parameters={"retry_after": 7})
    with pytest.raises(TelegramServerError, match="Bad Gateway"):
        await bot.send_message(alice.id, "one")
    with pytest.raises(TelegramRetryAfter) as refused:
        await bot.send_message(alice.id, "one")
    assert refused.value.retry_after == 7
    assert (await bot.send_message(alice.id, "one")).message_id == 2
    assert await emulator.count_calls("sendMessage") == 3

    await emulator.fail("", 500, "Internal Server Error", times=100)
    with pytest.raises(TelegramServerError):
        await bot.get_me()
    await emulator.clear_faults()
    assert (await bot.get_me()).id == 4242


@pytest.mark.parametrize(("buttons", "text"), [(101, "x"), (80, "ы" * 45)])
async def test_a_keyboard_of_too_many_buttons_or_bytes(bot: Bot, alice: Person, buttons: int, text: str) -> None:
    row = [InlineKeyboardButton(text=text, callback_data=str(number)) for number in range(buttons)]
    sent = await bot.send_message(alice.id, "few", reply_markup=InlineKeyboardMarkup(inline_keyboard=[row[:50]]))
    refused = InlineKeyboardMarkup(inline_keyboard=[[one] for one in row])
    with pytest.raises(TelegramBadRequest, match="Bad Request: reply markup is too long"):
        await bot.send_message(alice.id, "many", reply_markup=refused)
    with pytest.raises(TelegramBadRequest, match="Bad Request: reply markup is too long"):
        await bot.edit_message_text("many", chat_id=alice.id, message_id=sent.message_id, reply_markup=refused)
    assert [one.text for one in await alice.screens()] == ["few"]


async def test_people_cannot_do_the_impossible(emulator: Emulator, alice: Person) -> None:
    with pytest.raises(EmulatorError, match="there is no person 7"):
        await emulator.person(7).send("hello")
    with pytest.raises(EmulatorError, match="there is no message 50 to reply to"):
        await alice.send("hello", reply_to=50)
    with pytest.raises(EmulatorError, match="there is no button 'Tap'; no message has buttons"):
        await alice.tap("Tap")
    with pytest.raises(EmulatorError, match="an empty message cannot be sent"):
        await alice.send(" ")


async def test_form_json_and_address_are_read_alike(emulator: Emulator, alice: Person) -> None:
    url = f"{emulator.api_url}/bot{emulator.token}/sendMessage"
    args = {"chat_id": str(alice.id), "text": "hi"}
    async with ClientSession() as session:
        for call in (
            session.get(url, params=args),
            session.post(url, params=args),
            session.post(url, data=args),
            session.post(url, json=args),
        ):
            async with call as response:
                answer = await response.json()
                assert (response.status, answer["ok"], answer["result"]["text"]) == (200, True, "hi")
        async with session.post(url, json={"chat_id": 5, "text": "hi"}) as response:
            assert (response.status, await response.json()) == (
                400,
                {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"},
            )
