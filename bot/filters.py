"""Who may come in, and what counts as a command. Asynchronous: aiogram runs any other filter through a thread."""

from typing import Any

from aiogram.filters import Filter
from aiogram.types import Message, TelegramObject

from bot.commands import BotCommand
from payroll.people import Person


class IsStranger(Filter):
    """Somebody unknown, or somebody who has left: gets no data."""

    async def __call__(self, _event: TelegramObject, person: Person | None) -> bool:
        """Whether it is one."""
        return person is None or person.left_date is not None


class IsAdmin(Filter):
    """The owner or a manager."""

    async def __call__(self, _event: TelegramObject, person: Person | None) -> bool:
        """Whether it is one."""
        return person is not None and person.is_admin


class Typed(Filter):
    """A command that the person typed: not one in a caption, and not one that was forwarded (FAULTS "Telegram")."""

    def __init__(self, command: BotCommand) -> None:
        self._name = command.name

    async def __call__(self, message: Message) -> bool | dict[str, Any]:
        """`argument`: what stands after the command, often nothing."""
        if not is_own_text(message):
            return False
        head, _, rest = (message.text or "").partition(" ")
        name, _, _ = head.partition("@")
        return {"argument": rest.strip()} if name.lower() == f"/{self._name}" else False


class IsOwnText(Filter):
    """Text that the person typed themselves, commands included."""

    async def __call__(self, message: Message) -> bool:
        """Whether it is."""
        return is_own_text(message)


def is_own_text(message: Message) -> bool:
    """Whether its sender typed it: neither forwarded, nor made by another bot, nor a picture's caption."""
    return message.text is not None and message.forward_origin is None and message.via_bot is None
