"""What strangers read, and what admins read about them."""

from collections.abc import Sequence
from dataclasses import replace

from bot.keyboards.errand import build_back
from bot.keyboards.join import build_admin_menu, build_ask_to_join, build_decision
from bot.keyboards.menu import MenuButton, Place, build_places
from bot.screen import Letter, Screen
from bot.words import Html, Words, clean_name, load_words
from payroll.business_time import BusinessZone
from payroll.people import Invite, JoinRequest

MOST_SHOWN = 10


def render_greeting(words: Words) -> Screen:
    """What somebody unknown reads, whatever they tap or type."""
    return Screen(words("stranger-greeting"), build_ask_to_join(words))


def render_asked(words: Words) -> Screen:
    """The request is with the admins."""
    return Screen(words("stranger-asked"))


def render_left(words: Words) -> Screen:
    """What somebody reads who has left the team, with the way to their own statements."""
    return Screen(words("stranger-left"), build_places(words, [[Place.PAY]]))


def render_bad_invite(words: Words) -> Screen:
    """The invite link does not work; one can still ask."""
    return Screen(words("error-invite-invalid"), build_ask_to_join(words))


def render_admin(words: Words, waiting: Sequence[JoinRequest], books: Html | None = None, *, dead: int = 0) -> Screen:
    """Who waits, and what an admin can do; `books` says how they are, `dead` counts what could not be handled."""
    shown = waiting[:MOST_SHOWN]
    lines = [words("admin-title"), ""]
    if not waiting:
        lines.append(words("admin-nobody-waits"))
    else:
        lines.append(words("admin-waiting", count=len(waiting)))
        lines += [words("admin-person", name=clean_name(one.name), id=str(one.telegram_id)) for one in shown]
        if len(waiting) > len(shown):
            lines.append(words("admin-more-waiting"))
    if books is not None:
        lines += ["", books]
    return Screen(words.lines(lines), build_admin_menu(words, shown, dead=dead))


def render_request(words: Words, request_id: str, telegram_id: int, name: str) -> Screen:
    """The notice of a request that waits."""
    text = words("notice-join-request", name=clean_name(name), id=str(telegram_id))
    return Screen(text, build_decision(words, request_id, telegram_id, name), lasts=True)


def render_decision(words: Words, request: JoinRequest) -> Screen:
    """The notice of a request once it is decided."""
    key = "admin-approved" if _is_approved(request) else "admin-rejected"
    return Screen(words(key, name=clean_name(request.name)), lasts=True, letter=_write_rejection(request))


def render_decided_before(words: Words, decision: tuple[JoinRequest, str] | None) -> Screen:
    """The notice of a request that is decided already, by another admin or another tap."""
    if decision is None:
        return Screen(words("admin-decided"), lasts=True)
    request, admin = decision
    key = "admin-approved-by" if _is_approved(request) else "admin-rejected-by"
    return Screen(words(key, name=clean_name(request.name), admin=clean_name(admin)), lasts=True)


def say_decided(words: Words, screen: Screen, decided: JoinRequest) -> Screen:
    """The admins' page after a tap in it; `decided` is whom that was about."""
    key = "admin-toast-approved" if _is_approved(decided) else "admin-toast-rejected"
    return replace(screen, toast=words.plain(key, name=clean_name(decided.name)), letter=_write_rejection(decided))


def render_invite(words: Words, zone: BusinessZone, invite: Invite, bot_name: str) -> Screen:
    """An invite link to pass on."""
    link = f"https://t.me/{bot_name}?start={invite.code}"
    text = words("admin-invite", until=zone.format(invite.expires_at), link=link, code=invite.code)
    return Screen(text, build_back(words, MenuButton(to=Place.ADMIN)), must_arrive=True)


def _write_rejection(request: JoinRequest) -> Letter | None:
    """What somebody reads who was not let in; None for who was, who gets a notice."""
    if _is_approved(request):
        return None
    words = load_words((request.language or "").partition("-")[0])
    return Letter(request.telegram_id, words("stranger-rejected"))


def _is_approved(request: JoinRequest) -> bool:
    return request.state == "approved"
