"""Shows screens: edits in place, sends anew where that cannot be, and sorts Telegram's refusals by meaning."""

import asyncio
import html
import logging
import re
from collections.abc import Awaitable, Callable
from typing import TypeVar

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramRetryAfter
from aiogram.types import BufferedInputFile, CallbackQuery, InputMediaPhoto, Message, TelegramObject

from bot.delivery.live_screens import LiveScreens
from bot.delivery.refusals import NOT_HEARD, SEND_ERRORS, describe, is_bad_markup, is_not_modified
from bot.screen import Answer, Screen, Toast
from bot.words import Html
from postgres_service import PostgresService

T = TypeVar("T")

_LONGEST_TEXT = 4096
_LONGEST_TOAST = 200
_RETRY_AFTER_SECONDS = (0.5, 2.0)
_log = logging.getLogger(__name__)


class Presenter:
    """Sends what handlers return. Nothing that is saved depends on whether a send succeeds."""

    def __init__(self, bot: Bot, service: PostgresService) -> None:
        self._bot = bot
        self._live = LiveScreens(service)

    async def show(self, event: TelegramObject, answer: Answer | None) -> None:
        """Answer a tap at once, then show the screen. What Telegram does not take is logged."""
        try:
            if isinstance(event, CallbackQuery):
                await self._answer(event, answer)
                if isinstance(answer, Screen):
                    await self._show_after_tap(event, answer)
            elif isinstance(event, Message) and isinstance(answer, Screen):
                await self._send_new(event.chat.id, answer)
            if isinstance(answer, Screen) and answer.letter is not None:
                await self._send(answer.letter.chat_id, Screen(answer.letter.text))
        except SEND_ERRORS as error:
            _log.warning("an answer could not be shown: %s", describe(error))

    async def send(self, chat_id: int, screen: Screen) -> None:
        """Send a message of its own beside the live screen, such as a notice. Raises Telegram's errors."""
        await self._send(chat_id, screen)

    async def _answer(self, query: CallbackQuery, answer: Answer | None) -> None:
        text = answer.text if isinstance(answer, Toast) else answer.toast if answer else None
        is_alert = isinstance(answer, Toast) and answer.is_alert
        try:
            await self._bot.answer_callback_query(query.id, text=_shorten(text), show_alert=is_alert)
        except SEND_ERRORS as error:
            # Mostly: the tap was too long ago to be answered. What it did is shown all the same.
            _log.info("a tap could not be answered: %s", describe(error))

    async def _show_after_tap(self, query: CallbackQuery, screen: Screen) -> None:
        message = query.message
        if screen.is_new or not isinstance(message, Message):
            await self._send_new(message.chat.id if message else query.from_user.id, screen)
            return
        live = await self._live.find(message.chat.id)
        if not screen.lasts and live != message.message_id:
            await self._send_new(message.chat.id, screen)
            return
        try:
            await self._edit(message, screen)
        except TelegramBadRequest as error:
            if not is_not_modified(error):
                _log.info("a message could not be edited: %s", error.message)
                await self._send_new(message.chat.id, screen)
                return
        if screen.lasts:
            await self._live.forget(message.chat.id, message.message_id)

    async def _edit(self, message: Message, screen: Screen) -> None:
        bot, chat_id, message_id, keyboard = self._bot, message.chat.id, message.message_id, screen.keyboard
        if bool(message.photo) != (screen.photo is not None):
            # Telegram cannot turn a text into a picture or back.
            await self._send_new(chat_id, screen, in_place_of=message_id)
        elif screen.photo is not None:
            media = InputMediaPhoto(media=_as_file(screen.photo), caption=screen.text)
            await _patiently(
                lambda: bot.edit_message_media(
                    chat_id=chat_id, message_id=message_id, media=media, reply_markup=keyboard
                )
            )
        else:
            text = _cut(screen.text)
            await _patiently(
                lambda: bot.edit_message_text(chat_id=chat_id, message_id=message_id, text=text, reply_markup=keyboard)
            )

    async def _send_new(self, chat_id: int, screen: Screen, *, in_place_of: int | None = None) -> None:
        """Send below everything else; the live screen before loses its keyboard, `in_place_of` goes away."""
        previous = await self._live.find(chat_id)
        sent = await self._send(chat_id, screen)
        if not screen.lasts:
            await self._live.put(chat_id, sent.message_id)
        elif previous is not None:
            await self._live.forget(chat_id, previous)
        if in_place_of is not None and await self._delete(chat_id, in_place_of) and previous == in_place_of:
            return
        if previous is not None:
            await self._take_keyboard(chat_id, previous)

    async def _delete(self, chat_id: int, message_id: int) -> bool:
        try:
            return await self._bot.delete_message(chat_id, message_id)
        except TelegramBadRequest as error:
            # Two days old or more: it can only lose its buttons.
            _log.debug("a message stays: %s", error.message)
            return False

    async def _take_keyboard(self, chat_id: int, message_id: int) -> None:
        try:
            await self._bot.edit_message_reply_markup(chat_id=chat_id, message_id=message_id, reply_markup=None)
        except TelegramBadRequest as error:
            _log.debug("an old keyboard was gone already: %s", error.message)

    async def _send(self, chat_id: int, screen: Screen) -> Message:
        bot, keyboard = self._bot, screen.keyboard
        try:
            return await _patiently(lambda: self._send_once(chat_id, screen))
        except TelegramBadRequest as error:
            if not is_bad_markup(error):
                raise
            _log.warning("sent as plain text, the markup was refused: %s", error.message)
            plain = _strip_markup(screen.text)
            return await _patiently(lambda: bot.send_message(chat_id, plain, reply_markup=keyboard, parse_mode=None))

    async def _send_once(self, chat_id: int, screen: Screen) -> Message:
        if screen.photo is not None:
            photo = _as_file(screen.photo)
            return await self._bot.send_photo(chat_id, photo, caption=screen.text, reply_markup=screen.keyboard)
        return await self._bot.send_message(chat_id, _cut(screen.text), reply_markup=screen.keyboard)


async def _patiently(call: Callable[[], Awaitable[T]]) -> T:
    """A call that waits as long as Telegram says, and is tried again where it was not heard."""
    for seconds in _RETRY_AFTER_SECONDS:
        try:
            return await call()
        except TelegramRetryAfter as error:
            await asyncio.sleep(error.retry_after)
        except NOT_HEARD as error:
            _log.info("Telegram did not answer, once more: %s", type(error).__name__)
            await asyncio.sleep(seconds)
    return await call()


def _as_file(picture: bytes) -> BufferedInputFile:
    return BufferedInputFile(picture, filename="month.png")


def _shorten(text: str | None) -> str | None:
    return text if text is None or len(text) <= _LONGEST_TOAST else text[: _LONGEST_TOAST - 1] + "…"


def _cut(text: Html) -> str:
    """A text that Telegram takes, cut at a line's end: tags never cross lines."""
    if len(text) <= _LONGEST_TEXT:
        return text
    return text[: _LONGEST_TEXT - 2].rsplit("\n", 1)[0] + "\n…"


def _strip_markup(text: Html) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", _cut(text)))
