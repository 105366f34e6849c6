"""The main menu and the help, as texts."""

from datetime import datetime

from bot.commands import LISTED
from bot.keyboards.menu import build_leaver_menu, build_main_menu, build_main_menu_only
from bot.left import Home
from bot.screen import Screen
from bot.views.clock import render_clock
from bot.views.left import render_continue
from bot.words import Html, Words, clean_name
from payroll.business_time import BusinessZone
from payroll.people import Person


def render_welcome(words: Words, person: Person, zone: BusinessZone) -> Screen:
    """The main menu for the first time."""
    return _render_menu(words, person, zone, Home(), [words("joined-openly")])


def render_menu(words: Words, person: Person, zone: BusinessZone, home: Home, first: Html | None = None) -> Screen:
    """The main menu; `first` is a line of its own above it. What was left can be gone on with."""
    greeting = words("menu-greeting", name=clean_name(person.name))
    return _render_menu(words, person, zone, home, [first, "" if first else None, greeting])


def _render_menu(words: Words, person: Person, zone: BusinessZone, home: Home, lines: list[str | None]) -> Screen:
    is_running = home.running is not None
    if home.running is not None:
        lines += ["", words("menu-running", since=zone.format(home.running.time_in))]
    begun = [[render_continue(words, zone, one)] for one in home.left]
    undo = home.running.shift_id if home.running is not None and home.may_undo else None
    if person.has_left:
        lines += ["", words("menu-left")]
        return Screen(words.lines(lines), build_leaver_menu(words, begun, is_running=is_running))
    keyboard = build_main_menu(words, begun, is_running=is_running, is_admin=person.is_admin, undo=undo)
    return Screen(words.lines(lines), keyboard)


def render_help(words: Words, person: Person, zone: BusinessZone, now: datetime) -> Screen:
    """How it works, whose clock it goes by, and the commands that this person has."""
    commands = [command for command in LISTED if person.is_admin or not command.is_for_admins]
    lines = [
        words("help-title"),
        "",
        words("help-text"),
        "",
        render_clock(words, zone, now),
        "",
        words("help-commands"),
        *(words("help-command", name=one.name, description=words.plain(f"command-{one.name}")) for one in commands),
    ]
    return Screen(words.lines(lines), build_main_menu_only(words))
