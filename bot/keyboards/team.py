"""The team: the list, a person's page and their shifts."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from pydantic import Field

from bot.errands import AdminErrand
from bot.keyboards.admin import Desk, DeskButton
from bot.keyboards.errand import begin_button, build_back, turn_buttons
from bot.keyboards.history import history_button
from bot.keyboards.left import DraftId
from bot.keyboards.member import PersonId, ShowMember, member_button
from bot.keyboards.menu import MenuButton, Place, main_menu_button
from bot.keyboards.receipt import Listing, ShowShift
from bot.words import Words, clean_name
from payroll.staff import Member, MemberCard, MemberList, MemberShifts, Working

PageNumber = Annotated[int, Field(ge=0, lt=2**31)]


class TeamPage(CallbackData, prefix="tp"):
    """A page of the team; `with_left` shows who has left too."""

    page: PageNumber
    with_left: bool


class ShowShifts(CallbackData, prefix="ts"):
    """A page of a person's shifts, the newest on page 0."""

    employee_id: PersonId
    page: PageNumber


class AddShift(CallbackData, prefix="ta"):
    """An admin enters a shift for somebody, or ends the one that runs."""

    employee_id: PersonId
    is_running: bool


class AddShiftAnew(AddShift, prefix="taa"):
    """The same, instead of the one that was begun before."""

    instead_of: DraftId


def build_team(words: Words, team: MemberList) -> InlineKeyboardMarkup:
    """A button a person, the pages, and the switch for who has left."""
    rows = [[_member_button(words, one)] for one in team.members]
    turns = turn_buttons(words, team.page, team.page_count, lambda to: TeamPage(page=to, with_left=team.with_left))
    switch = InlineKeyboardButton(
        text=words.plain("button-team-without-left" if team.with_left else "button-team-with-left"),
        callback_data=TeamPage(page=0, with_left=not team.with_left).pack(),
    )
    return build_back(words, MenuButton(to=Place.ADMIN), *rows, *([turns] if turns else []), [switch])


def build_member(words: Words, card: MemberCard) -> InlineKeyboardMarkup:
    """What an admin can do about a person."""
    employee_id = card.member.person.employee_id
    shifts = InlineKeyboardButton(
        text=words.plain("button-member-shifts"), callback_data=ShowShifts(employee_id=employee_id, page=0).pack()
    )
    begun = [False, *([True] if card.working_since is not None else [])]
    entering = [_add_button(words, employee_id, is_running=one) for one in begun]
    rows = [[begin_button(words, kind, employee_id) for kind in row] for row in _list_errands(card)]
    return build_back(words, DeskButton(to=Desk.TEAM), [shifts, *entering], *rows)


def _add_button(words: Words, employee_id: int, *, is_running: bool) -> InlineKeyboardButton:
    text = words.plain("button-member-finish" if is_running else "button-member-add")
    return InlineKeyboardButton(
        text=text, callback_data=AddShift(employee_id=employee_id, is_running=is_running).pack()
    )


def _list_errands(card: MemberCard) -> Iterator[Sequence[AdminErrand]]:
    if card.member.hourly_wage is not None and card.may_decide:
        yield AdminErrand.WAGE, AdminErrand.BASE_RATE
    if card.planned and card.may_decide:
        yield (AdminErrand.UNPLAN,)
    if card.may_decide:
        yield (AdminErrand.ADJUST,)
    person = card.member.person
    has_left = person.has_left
    is_role_theirs = card.may_give_roles and card.may_place and not has_left
    yield (AdminErrand.ROLE, AdminErrand.RENAME) if is_role_theirs else (AdminErrand.RENAME,)
    linking = [AdminErrand.LINK] if card.may_place else []
    moving = [AdminErrand.MOVE] if card.may_decide else []
    if linking or moving:
        yield (*linking, *moving)
    if card.may_place:
        yield (AdminErrand.REHIRE if has_left else AdminErrand.LEAVE,)


def build_working(words: Words, working: Sequence[Working]) -> InlineKeyboardMarkup:
    """A button to each person's page."""
    rows = [
        [member_button(words.plain("button-member-working", name=clean_name(one.shift.name)), one.shift.employee_id)]
        for one in working
    ]
    return build_back(words, MenuButton(to=Place.ADMIN), *rows)


def build_shifts(words: Words, found: MemberShifts) -> InlineKeyboardMarkup:
    """A button a shift, to its receipt, and the pages."""
    employee_id = found.person.employee_id
    rows = [
        [history_button(words, one, Listing.MEMBER, found.page, is_pay_shown=found.is_pay_shown)]
        for one in found.shifts
    ]
    turns = turn_buttons(words, found.page, found.page_count, lambda to: ShowShifts(employee_id=employee_id, page=to))
    return build_back(words, ShowMember(employee_id=employee_id), *rows, *([turns] if turns else []))


def _member_button(words: Words, member: Member) -> InlineKeyboardButton:
    person = member.person
    state = "left" if person.has_left else "working" if member.running_shift_id is not None else "free"
    return member_button(words.plain(f"button-member-{state}", name=clean_name(person.name)), person.employee_id)


def build_shift_notice(words: Words, payload: Mapping[str, Any]) -> InlineKeyboardMarkup:
    """The receipt of the shift that a notice is about, as long as there is one."""
    data = ShowShift(shift_id=payload["shift_id"]).pack()
    receipt = [InlineKeyboardButton(text=words.plain("button-receipt"), callback_data=data)] if payload["after"] else []
    return InlineKeyboardMarkup(inline_keyboard=[[*receipt, main_menu_button(words)]])
