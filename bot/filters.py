"""What counts as a command. Asynchronous: aiogram runs any other filter through a thread."""

import re
from typing import Any

from aiogram.filters import Filter
from aiogram.types import Message

from bot.commands import BotCommand

_COMMAND = re.compile(r"/([A-Za-z]\w{0,31})(?:@\w*)?(?: |\Z)", re.ASCII)


def find_command(message: Message) -> str | None:
    """What Telegram shows as a command at the beginning of a text, without the slash; None where there is none."""
    found = _COMMAND.match(message.text or "")
    return found[1] if found else None


class Typed(Filter):
    """A command in a message's text; one in a caption is none."""

    def __init__(self, command: BotCommand) -> None:
        self.command = command

    async def __call__(self, message: Message) -> bool | dict[str, Any]:
        """`argument`: what stands after the command, often nothing."""
        head, _, rest = (message.text or "").partition(" ")
        name, _, _ = head.partition("@")
        return {"argument": rest.strip()} if name.lower() == f"/{self.command.name}" else False
