"""A bot and a person chat through the emulator: texts, buttons, edits, pictures, files, commands."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from aiogram import Bot, F, Router
from aiogram.enums import ParseMode
from aiogram.filters import CommandStart
from aiogram.types import (
    BotCommand,
    BotCommandScopeChat,
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    Message,
    ReplyParameters,
)
from PIL import Image

from playground.client import Emulator, EmulatorError, Person
from tests.playground.conftest import polling


def keyboard(*rows: dict[str, str]) -> InlineKeyboardMarkup:
    """Rows of buttons, each {text: callback data}."""
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=text, callback_data=data) for text, data in row.items()] for row in rows
        ]
    )


def picture(width: int, height: int, kind: str = "PNG") -> bytes:
    stream = BytesIO()
    Image.new("RGB", (width, height), "teal").save(stream, kind)
    return stream.getvalue()


@pytest.fixture
def menu() -> Router:
    """A little bot: /start shows a menu, Count counts in place, Hush only shows a toast."""
    router = Router()

    @router.message(CommandStart())
    async def start(message: Message) -> None:
        await message.answer("Hello <b>you</b>", parse_mode=ParseMode.HTML, reply_markup=keyboard({"Count": "c:1"}))

    @router.callback_query(F.data.startswith("c:"))
    async def count(query: CallbackQuery, bot: Bot) -> None:
        assert isinstance(query.message, Message)
        number = int((query.data or "").removeprefix("c:"))
        await query.answer()
        markup = keyboard({"Count": f"c:{number + 1}"}, {"Hush": "hush"})
        await query.message.edit_text(f"Counted {number}", reply_markup=markup)

    @router.callback_query(F.data == "hush")
    async def hush(query: CallbackQuery) -> None:
        await query.answer("Psst", show_alert=True)

    @router.message(F.text)
    async def echo(message: Message) -> None:
        await message.reply(f"You said {message.text}")

    return router


async def test_a_person_starts_the_bot_and_taps_through_its_menu(bot: Bot, alice: Person, menu: Router) -> None:
    async with polling(bot, menu):
        await alice.send("/start")
        screen = await alice.screen()
        assert (screen.text, screen.html, screen.buttons) == ("Hello you", "Hello <b>you</b>", ("Count",))

        await alice.tap("Count")
        await alice.tap("Count")

    edited = await alice.screen()
    assert (edited.message_id, edited.text, edited.is_edited) == (screen.message_id, "Counted 2", True)
    assert edited.rows == (("Count",), ("Hush",))


async def test_a_toast_is_what_the_tap_was_answered_with(bot: Bot, alice: Person, menu: Router) -> None:
    async with polling(bot, menu):
        await alice.send("/start")
        await alice.tap("Count")
        toast = await alice.tap("Hush")

    assert (toast.text, toast.is_alert, toast.is_answered) == ("Psst", True, True)
    assert toast.took is not None
    assert 0 < toast.took < 5
    assert toast == await alice.toast()


async def test_a_missing_button_is_reported_with_those_there_are(bot: Bot, alice: Person, menu: Router) -> None:
    async with polling(bot, menu):
        await alice.send("/start")
        with pytest.raises(EmulatorError, match=r"no button 'Cuont'.*\['Count'\]"):
            await alice.tap("Cuont")


async def test_waiting_in_vain_says_what_there_is_instead(bot: Bot, alice: Person, menu: Router) -> None:
    async with polling(bot, menu):
        await alice.send("/start")
        with pytest.raises(EmulatorError, match=r"'receipt'.*'Hello you' with the buttons \['Count'\]"):
            await alice.wait_for("receipt", timeout=0.2)


async def test_a_silent_bot_is_noticed(bot: Bot, alice: Person) -> None:
    async with polling(bot, Router()):
        with pytest.raises(EmulatorError, match="did not react to hello; the bot has written nothing yet"):
            await alice.send("hello", timeout=0.2)


async def test_the_newest_matching_message_is_found(bot: Bot, alice: Person, menu: Router) -> None:
    async with polling(bot, menu):
        await alice.send("one", wait=False)
        await alice.send("two", wait=False)
        assert (await alice.wait_for(re.compile(r"said (one|two)$"))).text in {"You said one", "You said two"}
        await alice.settled()
        assert {screen.text for screen in await alice.screens()} == {"You said one", "You said two"}


async def test_a_person_settles_only_when_the_slow_answer_is_there(
    bot: Bot, emulator: Emulator, alice: Person, menu: Router
) -> None:
    async with polling(bot, menu):
        await alice.send("/start")
        await emulator.delay("answerCallbackQuery", 0.3)
        await alice.tap("Count", wait=False)
        await alice.settled()
    assert (await alice.screen()).text == "Counted 1"


async def test_reply_forward_and_caption_reach_the_bot(bot: Bot, alice: Person) -> None:
    router, got = Router(), list[Message]()

    @router.message()
    async def keep(message: Message) -> None:
        got.append(message)
        await message.answer("ok")

    async with polling(bot, router):
        first = await alice.send("first")
        await alice.send("/start", forwarded_from="Mallory", reply_to=first.message_id)
        await alice.send_photo(picture(30, 20, "JPEG"), "/shift")

    _, forwarded, photo = got
    assert forwarded.from_user is not None
    assert (forwarded.from_user.id, forwarded.from_user.username, forwarded.chat.type) == (1001, "alice", "private")
    assert forwarded.forward_origin is not None
    assert forwarded.reply_to_message is not None
    assert forwarded.reply_to_message.text == "first"
    assert forwarded.entities is not None
    assert (forwarded.entities[0].type, forwarded.entities[0].length) == ("bot_command", 6)
    assert photo.photo is not None
    assert (photo.caption, photo.photo[-1].width, photo.photo[-1].height) == ("/shift", 30, 20)


async def test_pictures_are_sent_shown_and_exchanged(bot: Bot, emulator: Emulator, alice: Person) -> None:
    await alice.send("/start", wait=False)
    chart = picture(800, 450)

    sent = await bot.send_photo(1001, BufferedInputFile(chart, "chart.png"), caption="<i>March</i>", parse_mode="HTML")
    screen = await alice.screen()
    assert screen.photo is not None
    assert (screen.text, screen.html) == ("March", "<i>March</i>")
    assert (screen.photo.width, screen.photo.height) == (800, 450)
    assert await emulator.fetch(screen.photo.url) == chart

    smaller = InputMediaPhoto(media=BufferedInputFile(picture(40, 30, "JPEG"), "april.jpg"), caption="April")
    await bot.edit_message_media(smaller, chat_id=1001, message_id=sent.message_id)
    await bot.edit_message_caption(
        chat_id=1001, message_id=sent.message_id, caption="May", reply_markup=keyboard({"Back": "b"})
    )
    changed = await alice.screen()
    assert changed.photo is not None
    assert (changed.message_id, changed.text, changed.photo.width) == (sent.message_id, "May", 40)
    assert changed.buttons == ("Back",)


async def test_documents_can_be_fetched_and_sent_again(bot: Bot, alice: Person) -> None:
    await alice.send("/start", wait=False)
    sent = await bot.send_document(1001, BufferedInputFile(b"id,amount\n1,500.00\n", "shifts.csv"))
    assert sent.document is not None
    assert (sent.document.file_name, sent.document.mime_type) == ("shifts.csv", "text/csv")

    content = await bot.download(sent.document)
    assert content is not None
    assert content.read() == b"id,amount\n1,500.00\n"
    again = await bot.send_document(1001, sent.document.file_id)
    assert again.document is not None
    assert again.document.file_unique_id == sent.document.file_unique_id
    assert (await alice.screen()).document == "shifts.csv"


async def test_deleted_messages_are_gone(bot: Bot, alice: Person) -> None:
    await alice.send("/start", wait=False)
    ids = [(await bot.send_message(1001, text)).message_id for text in ("a", "b", "c")]
    assert await bot.delete_message(1001, ids[0])
    assert await bot.delete_messages(1001, [*ids[:2], 999])
    assert [screen.text for screen in await alice.screens()] == ["c"]


async def test_message_ids_count_up_in_each_chat(bot: Bot, emulator: Emulator, alice: Person) -> None:
    boris = await emulator.add_person(1002, "Boris")
    for person in (alice, boris):
        await person.send("/start", wait=False)
    assert (await bot.send_message(1001, "to Alice")).message_id == 2
    reply = await bot.send_message(1002, "to Boris", reply_parameters=ReplyParameters(message_id=1))
    assert (reply.message_id, reply.reply_to_message is not None) == (2, True)


async def test_the_command_menu_follows_person_and_language(bot: Bot, emulator: Emulator, alice: Person) -> None:
    boris = await emulator.add_person(1002, "Boris", language_code="uk")
    await bot.set_my_commands([BotCommand(command="shift", description="Log a shift")])
    await bot.set_my_commands([BotCommand(command="shift", description="Записати зміну")], language_code="uk")
    await bot.set_my_commands(
        [BotCommand(command="admin", description="Administration")], scope=BotCommandScopeChat(chat_id=1001)
    )

    async def menu_of(person: Person) -> object:
        return (await emulator.get(f"/people/{person.id}"))["commands"]

    assert await menu_of(alice) == [{"command": "admin", "description": "Administration"}]
    assert await menu_of(boris) == [{"command": "shift", "description": "Записати зміну"}]
    assert [each.description for each in await bot.get_my_commands()] == ["Log a shift"]

    await bot.delete_my_commands(scope=BotCommandScopeChat(chat_id=1001))
    assert await menu_of(alice) == [{"command": "shift", "description": "Log a shift"}]


async def test_the_bot_knows_itself_and_the_chat(bot: Bot, alice: Person) -> None:
    me, chat = await bot.me(), await bot.get_chat(alice.id)
    assert (me.id, me.is_bot, me.username) == (4242, True, "shift_playground_bot")
    assert (chat.id, chat.type, chat.first_name) == (1001, "private", "Alice")
    await alice.send("/start", wait=False)
    assert await bot.send_chat_action(alice.id, "typing")
    assert await bot.set_chat_menu_button(alice.id)
