"""Roles, names, leaving and coming back, as screens, and how the person reads of it."""

from collections.abc import Mapping
from typing import Any

from bot.errands import AdminErrand, Errand, ErrandDone, ErrandKind, Question
from bot.keyboards.errand import build_back
from bot.keyboards.member import go_to_member
from bot.screen import Screen
from bot.views.amounts import spell_balance
from bot.views.errand_view import ErrandView
from bot.views.gifts import name_gift
from bot.words import Html, Words, clean_name
from payroll.business_time import BusinessZone, format_date
from payroll.records import BonusState
from payroll.staff import Departure, Leaving, PersonChange


def ask_role(words: Words, _zone: BusinessZone, _errand: Errand, question: Question) -> Html:
    """Which role; and what it means before it is given."""
    change: PersonChange = question.shown
    name, old = clean_name(change.old.name), words(f"role-{change.old.role}")
    if question.name == "role":
        return words("ask-role-role", name=name, role=old)
    role = change.new.role
    asked = words("ask-role-sure", name=name, old=old, new=words(f"role-{role}"))
    return words.lines([asked, "", words(f"role-means-{role}")])


def ask_name(words: Words, _zone: BusinessZone, _errand: Errand, question: Question) -> Html:
    """The new name; old and new before it is changed."""
    change: PersonChange = question.shown
    return words(f"ask-rename-{question.name}", old=clean_name(change.old.name), new=clean_name(change.new.name))


def ask_leaving(words: Words, _zone: BusinessZone, _errand: Errand, question: Question) -> Html:
    """The last day; and what leaving then does."""
    departure: Departure = question.shown
    leaving = departure.leaving
    name = clean_name(leaving.person.name)
    if question.name == "day":
        return words("ask-leave-day", name=name)
    lines: list[str | None] = [
        words("ask-leave-sure", name=name, date=format_date(leaving.left_date)),
        *([words("leave-working", name=name)] if departure.is_working else []),
        *_list_bonuses(words, leaving),
        "",
        words("leave-unpriced")
        if departure.balance is None
        else words("leave-balance", amount=spell_balance(departure.balance)),
        words("terms-sure"),
    ]
    return words.lines(lines)


def ask_rehire(words: Words, _zone: BusinessZone, _errand: Errand, question: Question) -> Html:
    """Whether somebody who left is taken back."""
    change: PersonChange = question.shown
    return words("ask-rehire-sure", name=clean_name(change.old.name))


def render_person_done(words: Words, _zone: BusinessZone, done: ErrandDone) -> Screen:
    """What the person is now: their role, their name, in the team again."""
    person = done.outcome.new
    facts = {"name": clean_name(person.name), "role": words(f"role-{person.role}")}
    return Screen(words(f"done-{done.errand.kind}", **facts), build_back(words, go_to_member(done.errand)))


def render_left(words: Words, _zone: BusinessZone, done: ErrandDone) -> Screen:
    """Who left, and what became of their bonuses."""
    leaving: Leaving = done.outcome.leaving
    date = format_date(leaving.left_date)
    head = words("done-leave", name=clean_name(leaving.person.name), date=date)
    return Screen(words.lines([head, *_list_bonuses(words, leaving)]), build_back(words, go_to_member(done.errand)))


def render_role_changed(words: Words, payload: Mapping[str, Any]) -> Html:
    """What the person reads of their new role."""
    role = payload["role"]
    return words.lines([words("notice-role", role=words(f"role-{role}")), words(f"role-means-{role}")])


def render_left_team(words: Words, payload: Mapping[str, Any]) -> Html:
    """What somebody reads who was noted as having left."""
    return words("notice-left", date=payload["left_date"].replace("-", "/"))


def render_rehired(words: Words, _payload: Mapping[str, Any]) -> Html:
    """What somebody reads who was taken back."""
    return words("notice-rehired")


def _list_bonuses(words: Words, leaving: Leaving) -> list[Html]:
    """The bonuses that waited: credited, or void."""
    return [
        words(
            "leave-credited" if one.bonus.state is BonusState.APPLIED else "leave-void",
            bonus=name_gift(words, one.bonus.offer),
        )
        for one in leaving.bonuses
    ]


ERRAND_VIEWS: Mapping[ErrandKind, ErrandView] = {
    AdminErrand.ROLE: ErrandView(go_to_member, render_person_done, ask_role),
    AdminErrand.RENAME: ErrandView(go_to_member, render_person_done, ask_name),
    AdminErrand.LEAVE: ErrandView(go_to_member, render_left, ask_leaving),
    AdminErrand.REHIRE: ErrandView(go_to_member, render_person_done, ask_rehire),
}
NOTICES = {"role_changed": render_role_changed, "left_team": render_left_team, "rehired": render_rehired}
