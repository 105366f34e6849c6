"""A local Telegram: a Bot API emulator over real HTTP and its page, for trying the bot and for the tests."""

from playground.records import Profile
from playground.server import Playground, start_playground

__all__ = ["Playground", "Profile", "start_playground"]
