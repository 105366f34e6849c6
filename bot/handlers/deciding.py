"""Deciding: done only where it is still what was shown; otherwise nothing is done, and what is there now is shown."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from aiogram.filters.callback_data import CallbackData

from bot.caller import Caller
from bot.keyboards.deciding import Deciding, has_alike, has_button
from bot.screen import Screen
from bot.use_cases import deciders
from bot.words import Words
from payroll.people import Person


async def decide(
    call: Caller,
    person: Person,
    words: Words,
    tapped: Deciding,
    *,
    look: Callable[[], Awaitable[Screen]],
    do: Callable[[], Awaitable[Screen]],
) -> Screen:
    """Do what a button says where the screen about it, as it is now, has that very button.

    `look` makes that screen, under the lock of the books that are decided about: what it shows is what is done.
    """
    await call(deciders.hold_books, person)
    screen = await look()
    if has_button(screen.keyboard, tapped):
        return await do()
    # Also below a notice: what it said is taken away with it.
    return replace(say_overtaken(words, screen, tapped), lasts=screen.lasts or has_alike(screen.keyboard, tapped))


def say_overtaken(words: Words, screen: Screen, tapped: CallbackData) -> Screen:
    """The screen as it is now, which says that nothing was done; above it too, where it can still be decided."""
    if not has_alike(screen.keyboard, tapped):
        return screen.with_toast(screen.toast or words.plain("toast-overtaken"))
    text = words.lines([words("overtaken"), "", screen.text])
    return replace(screen, text=text, toast=words.plain("toast-overtaken"))
