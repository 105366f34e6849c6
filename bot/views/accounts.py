"""Telegram accounts of the team, as screens, and how the person reads of it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bot.errands import AdminErrand, Errand, ErrandDone, ErrandKind, Question
from bot.keyboards.errand import build_back
from bot.keyboards.member import go_to_member
from bot.screen import Screen
from bot.views.amounts import spell_balance
from bot.views.errand_view import ErrandView
from bot.words import Html, Words, clean_name
from payroll.business_time import BusinessZone
from payroll.staff import AccountLink, MovedShifts


def ask_link(words: Words, _zone: BusinessZone, _errand: Errand, question: Question) -> Html:
    """Which account; and who has it now."""
    link: AccountLink = question.shown
    name = clean_name(link.person.name)
    if question.name == "account":
        return words.lines([words("ask-link-account", name=name), _spell_account(words, link)])
    lines = [words("ask-link-sure", name=name, id=str(link.telegram_id)), _spell_account(words, link)]
    if link.holder is not None:
        lines.append(words("link-held", name=clean_name(link.holder.name)))
    return words.lines([*lines, "", words("terms-sure")])


def render_linked(words: Words, _zone: BusinessZone, done: ErrandDone) -> Screen:
    """From which account the person writes now."""
    link: AccountLink = done.outcome
    text = words("done-link", name=clean_name(link.person.name), id=str(link.telegram_id))
    return Screen(text, build_back(words, go_to_member(done.errand)))


def ask_move(words: Words, _zone: BusinessZone, _errand: Errand, question: Question) -> Html:
    """Whose shifts; and what both are owed once they are moved."""
    moved: MovedShifts = question.shown
    if question.name == "from":
        return words("ask-move-from", name=clean_name(moved.taker.name))
    names = {"giver": clean_name(moved.giver.name), "taker": clean_name(moved.taker.name)}
    if not moved.count:
        return words("move-nothing", **names)
    return words.lines(
        [words("ask-move-sure", **names, count=moved.count), "", *_list_balances(words, moved), words("terms-sure")]
    )


def render_moved(words: Words, _zone: BusinessZone, done: ErrandDone) -> Screen:
    """How many shifts were moved, and what both are owed now."""
    moved: MovedShifts = done.outcome
    names = {"giver": clean_name(moved.giver.name), "taker": clean_name(moved.taker.name)}
    lines = [words("done-move", **names, count=moved.count), "", *_list_balances(words, moved)]
    return Screen(words.lines(lines), build_back(words, go_to_member(done.errand)))


def render_account_linked(words: Words, payload: Mapping[str, Any]) -> Html:
    """What is read in the account that is this person's now, by who had it before too: they have left by that."""
    told = words("notice-account-linked", name=clean_name(payload["name"]))
    if payload["given_up"] is None:
        return told
    given_up = words("notice-account-given-up", name=clean_name(payload["given_up"]), admin=_name_admin(payload))
    return words.lines([told, "", given_up])


def render_account_lost(words: Words, payload: Mapping[str, Any]) -> Html:
    """What is read in the account that is this person's no longer."""
    return words("notice-account-lost", name=clean_name(payload["name"]), admin=_name_admin(payload))


def render_shifts_moved(words: Words, payload: Mapping[str, Any]) -> Html:
    """What the person reads whose shifts they are now."""
    balance = spell_balance(Decimal(payload["balance"]))
    return words("notice-shifts-moved", count=payload["count"], giver=clean_name(payload["from"]), balance=balance)


def render_shifts_taken(words: Words, payload: Mapping[str, Any]) -> Html:
    """What the person reads whose shifts they were."""
    balance = spell_balance(Decimal(payload["balance"]))
    facts = {"count": payload["count"], "taker": clean_name(payload["to"]), "admin": _name_admin(payload)}
    return words("notice-shifts-taken", **facts, balance=balance)


def _name_admin(payload: Mapping[str, Any]) -> str:
    return clean_name(payload["admin"])


def _spell_account(words: Words, link: AccountLink) -> Html:
    if link.person.telegram_id is None:
        return words("link-none")
    return words("link-now", id=str(link.person.telegram_id))


def _list_balances(words: Words, moved: MovedShifts) -> list[Html]:
    return [
        words("move-balance", name=clean_name(person.name), amount=spell_balance(balance))
        for person, balance in ((moved.giver, moved.giver_balance), (moved.taker, moved.balance))
        if balance is not None
    ]


ERRAND_VIEWS: Mapping[ErrandKind, ErrandView] = {
    AdminErrand.LINK: ErrandView(go_to_member, render_linked, ask_link),
    AdminErrand.MOVE: ErrandView(go_to_member, render_moved, ask_move),
}
NOTICES = {
    "account_linked": render_account_linked,
    "account_lost": render_account_lost,
    "shifts_moved": render_shifts_moved,
    "shifts_taken": render_shifts_taken,
}
