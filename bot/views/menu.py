"""The main menu and the help, as texts."""

from datetime import datetime

from bot.commands import LISTED
from bot.keyboards.menu import build_leaver_menu, build_main_menu, build_main_menu_only
from bot.screen import Screen
from bot.words import Html, Words, clean_name
from payroll.business_time import BusinessZone
from payroll.people import Person


def render_menu(
    words: Words, person: Person, zone: BusinessZone, running_since: datetime | None, first: Html | None = None
) -> Screen:
    """The main menu; `first` is a line of its own above it."""
    lines: list[str | None] = [first, "" if first else None, words("menu-greeting", name=clean_name(person.name))]
    if running_since is not None:
        lines += ["", words("menu-running", since=zone.format(running_since))]
    if person.has_left:
        lines += ["", words("menu-left")]
        return Screen(words.lines(lines), build_leaver_menu(words, is_running=running_since is not None))
    keyboard = build_main_menu(words, is_running=running_since is not None, is_admin=person.is_admin)
    return Screen(words.lines(lines), keyboard)


def render_help(words: Words, person: Person) -> Screen:
    """How it works, and the commands that this person has."""
    commands = [command for command in LISTED if person.is_admin or not command.is_for_admins]
    lines = [
        words("help-title"),
        "",
        words("help-text"),
        "",
        words("help-commands"),
        *(words("help-command", name=one.name, description=words.plain(f"command-{one.name}")) for one in commands),
    ]
    return Screen(words.lines(lines), build_main_menu_only(words))
