"""Shows screens: edits in place, sends anew where that cannot be, and sorts Telegram's refusals by meaning."""

import html
import logging
import re
from dataclasses import dataclass, replace
from typing import TypeVar

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramRetryAfter
from aiogram.methods import EditMessageMedia, EditMessageText, SendDocument, SendMessage, SendPhoto, TelegramMethod
from aiogram.types import BufferedInputFile, CallbackQuery, InputMediaPhoto, Message

from bot.delivery.pace import Pace
from bot.delivery.parcels import Tapped
from bot.delivery.refusals import SEND_ERRORS, is_bad_markup, is_long_keyboard, is_not_modified
from bot.paging import fit
from bot.screen import Answer, Screen, Toast
from bot.words import DEFAULT_LANGUAGE, Html, load_words

T = TypeVar("T")

SEND_SECONDS = 15
"""How long Telegram may take for one call; what it answers later is lost, and the call made again."""
_LONGEST_TOAST = 200
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shown:
    """What became of a chat: `live_id` carries the live keyboard from now on, `record_id` does no longer.

    `replaced_id` is a message that the new one stands for, `former_id` the live one before, `ended_id` that one where
    its question is over: what is left to tidy up.
    """

    live_id: int | None = None
    record_id: int | None = None
    replaced_id: int | None = None
    former_id: int | None = None
    ended_id: int | None = None


class Presenter:
    """Makes the calls. Nothing that is saved depends on whether one succeeds."""

    def __init__(self, bot: Bot, pace: Pace) -> None:
        self._bot = bot
        self._pace = pace

    async def answer_tap(self, query: CallbackQuery, answer: Answer | None) -> None:
        """Answer a tap, with a short text where there is one. What Telegram does not take is logged."""
        text = answer.text if isinstance(answer, Toast) else answer.toast if answer else None
        is_alert = isinstance(answer, Toast) and answer.is_alert
        await self.answer_query(query.id, text, is_alert=is_alert)

    async def answer_query(self, query_id: str, text: str | None, *, is_alert: bool = False) -> None:
        """As `answer_tap`, where nothing is known of the tap but its id."""
        try:
            await self._bot.answer_callback_query(
                query_id, text=_shorten(text), show_alert=is_alert, request_timeout=SEND_SECONDS
            )
        except SEND_ERRORS as error:
            # Mostly: the tap was too long ago to be answered. What it did is shown all the same.
            _log.info("a tap could not be answered: %s", error)

    async def show(self, chat_id: int, screen: Screen, tapped: Tapped | None, live_id: int | None) -> Shown:
        """Show a screen in a chat whose live message is `live_id`. Raises Telegram's errors."""
        if screen.file is not None:
            await self.send(chat_id, screen)
            return Shown()
        if tapped is None or screen.is_new or not (screen.lasts or live_id == tapped.message_id):
            return await self._send_new(chat_id, screen, live_id)
        if tapped.has_photo != (screen.photo is not None):
            return await self._send_new(chat_id, screen, live_id, in_place_of=tapped.message_id)
        try:
            await self._make(_edit(chat_id, screen, tapped.message_id))
        except TelegramBadRequest as error:
            if not is_not_modified(error):
                _log.info("a message could not be edited: %s", error)
                return await self._send_new(chat_id, screen, live_id)
        return Shown(record_id=tapped.message_id if screen.lasts else None)

    async def send(self, chat_id: int, screen: Screen) -> Message:
        """Send a message of its own, beside the live screen. Raises Telegram's errors."""
        try:
            return await self._make(_send(chat_id, screen))
        except TelegramBadRequest as error:
            if is_long_keyboard(error) and screen.keyboard is not None:
                _log.error("sent without its buttons, which were refused: %s", error)
                return await self.send(chat_id, _take_buttons(screen))
            if not is_bad_markup(error):
                raise
            _log.warning("sent as plain text, the markup was refused: %s", error)
            return await self._make(
                SendMessage(
                    chat_id=chat_id, text=_strip_markup(screen.text), reply_markup=screen.keyboard, parse_mode=None
                )
            )

    async def tidy(self, chat_id: int, shown: Shown) -> None:
        """Take away what a new message has replaced, and the keyboard of the one before.

        Whatever else goes wrong leaves an old keyboard, whose taps are answered politely. Raises TelegramRetryAfter.
        """
        try:
            if shown.ended_id is not None and not await self._delete(chat_id, shown.ended_id):
                await self._shrink(chat_id, shown.ended_id)
            is_gone = shown.replaced_id is not None and await self._delete(chat_id, shown.replaced_id)
            if shown.former_id is not None and not (is_gone and shown.former_id == shown.replaced_id):
                await self._take_keyboard(chat_id, shown.former_id)
        except TelegramRetryAfter:
            raise
        except SEND_ERRORS as error:
            _log.info("an old keyboard stays: %s", error)

    async def _send_new(
        self, chat_id: int, screen: Screen, former_id: int | None, *, in_place_of: int | None = None
    ) -> Shown:
        sent = await self.send(chat_id, screen)
        live_id = None if screen.lasts else sent.message_id
        record_id = former_id if screen.lasts else None
        if screen.ends_question:
            replaced_id = in_place_of if in_place_of != former_id else None
            return Shown(live_id, record_id, replaced_id=replaced_id, ended_id=former_id)
        return Shown(live_id, record_id, replaced_id=in_place_of, former_id=former_id)

    async def _delete(self, chat_id: int, message_id: int) -> bool:
        try:
            return await self._bot.delete_message(chat_id, message_id, request_timeout=SEND_SECONDS)
        except TelegramBadRequest as error:
            # Two days old or more: it can only lose its buttons.
            _log.debug("a message stays: %s", error)
            return False

    async def _shrink(self, chat_id: int, message_id: int) -> None:
        """A question that is over and too old to be deleted: one line stays of it."""
        await self._pace.take_turn()
        text = load_words(DEFAULT_LANGUAGE)("question-over")
        try:
            await self._bot.edit_message_text(
                text=text, chat_id=chat_id, message_id=message_id, reply_markup=None, request_timeout=SEND_SECONDS
            )
        except TelegramBadRequest as error:
            _log.debug("a question stays: %s", error)

    async def _take_keyboard(self, chat_id: int, message_id: int) -> None:
        await self._pace.take_turn()
        try:
            await self._bot.edit_message_reply_markup(
                chat_id=chat_id, message_id=message_id, reply_markup=None, request_timeout=SEND_SECONDS
            )
        except TelegramBadRequest as error:
            _log.debug("an old keyboard was gone already: %s", error)

    async def _make(self, method: TelegramMethod[T]) -> T:
        await self._pace.take_turn()
        return await self._bot(method, request_timeout=SEND_SECONDS)


def _edit(chat_id: int, screen: Screen, message_id: int) -> EditMessageMedia | EditMessageText:
    keyboard = screen.keyboard
    if screen.photo is None:
        return EditMessageText(chat_id=chat_id, message_id=message_id, text=screen.text, reply_markup=keyboard)
    media = InputMediaPhoto(media=_as_file(screen.photo), caption=screen.text)
    return EditMessageMedia(chat_id=chat_id, message_id=message_id, media=media, reply_markup=keyboard)


def _send(chat_id: int, screen: Screen) -> SendDocument | SendPhoto | SendMessage:
    keyboard = screen.keyboard
    if screen.file is not None:
        document = BufferedInputFile(screen.file.content, screen.file.name)
        return SendDocument(chat_id=chat_id, document=document, caption=screen.text, reply_markup=keyboard)
    if screen.photo is None:
        return SendMessage(chat_id=chat_id, text=screen.text, reply_markup=keyboard)
    return SendPhoto(chat_id=chat_id, photo=_as_file(screen.photo), caption=screen.text, reply_markup=keyboard)


def _take_buttons(screen: Screen) -> Screen:
    """The screen without a keyboard that Telegram does not take, with a sentence that leads on."""
    words = load_words(DEFAULT_LANGUAGE)
    text = words.lines([screen.text, "", words("screen-without-buttons")])
    return fit(words, replace(screen, keyboard=None, text=text))


def _as_file(picture: bytes) -> BufferedInputFile:
    return BufferedInputFile(picture, filename="month.png")


def _shorten(text: str | None) -> str | None:
    return text if text is None or len(text) <= _LONGEST_TOAST else text[: _LONGEST_TOAST - 1] + "…"


def _strip_markup(text: Html) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", text))
