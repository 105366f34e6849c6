"""Each command once: read by the menu, the help and the handlers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BotCommand:
    """A command; its description is the message `command-<name>`."""

    name: str
    is_for_admins: bool = False
    is_listed: bool = True


START = BotCommand("start", is_listed=False)
SHIFT = BotCommand("shift")
EDIT = BotCommand("edit")
STATS = BotCommand("stats")
RANKS = BotCommand("ranks")
HISTORY = BotCommand("history")
BALANCE = BotCommand("balance")
HELP = BotCommand("help")
CANCEL = BotCommand("cancel")
ADMIN = BotCommand("admin", is_for_admins=True)
RECALC_RANKS = BotCommand("recalc_ranks", is_for_admins=True)

LISTED = (SHIFT, EDIT, STATS, RANKS, HISTORY, BALANCE, HELP, CANCEL, ADMIN, RECALC_RANKS)
"""The commands that the menu and the help show, in that order; those for admins only to admins."""
