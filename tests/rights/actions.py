"""What can be done to the bot, worked out from its routers: each command, each kind of button, texts and nonsense.

A handler that is found by something else than a command or a button, or a button that names something of which nobody
has said here whose it is, is an error that names it: no new handler stays without its cases.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import EnumType, StrEnum
from typing import Any

from aiogram import Router
from aiogram.dispatcher.event.handler import HandlerObject
from aiogram.filters.callback_data import CallbackData, CallbackQueryFilter
from pydantic.fields import FieldInfo

from bot.errands import AdminErrand, ErrandAct, OwnErrand, PeriodSubject
from bot.filters import Typed
from bot.forms import Act
from bot.keyboards.audit import ShowAudit, ShowHistory
from bot.keyboards.balance import BalancePage
from bot.keyboards.database import ShowDatabase
from bot.keyboards.deciding import Deciding
from bot.keyboards.errand import (
    BeginAdminErrand,
    BeginAdminErrandAnew,
    BeginOwnErrand,
    BeginOwnErrandAnew,
    ErrandButton,
)
from bot.keyboards.form import BeginShiftAnew, DiscardButton, FinishEarlier, FormButton
from bot.keyboards.held_bonuses import HoldersPage, ShowHeld
from bot.keyboards.history import HistoryPage
from bot.keyboards.inbox import DecideDead
from bot.keyboards.join import DecideJoin
from bot.keyboards.left import ContinueDialogue
from bot.keyboards.member import ShowMember
from bot.keyboards.menu import MenuButton, Place, UndoStart
from bot.keyboards.pay import ConfirmPeriod, ShowMyPeriod, ShowStatement, StatementFile
from bot.keyboards.periods import PeriodsPage, ShowPeriod, ShowPersonPeriod
from bot.keyboards.products import ProductsPage, ShowProduct
from bot.keyboards.questions import RateQuestion, ShowQuestion, TakeQuestion
from bot.keyboards.ranks import RanksPage, ShowRank
from bot.keyboards.rates import ShowRate
from bot.keyboards.receipt import EditShift, EditShiftAnew, ShowListedShift, ShowShift
from bot.keyboards.reports import LeaderboardFile, ReportFile, ShowLeaderboard, ShowReport
from bot.keyboards.requests import (
    ApproveCorrection,
    ApproveDayOff,
    GivePremium,
    Matter,
    RequestsPage,
    SeePremium,
    ShowMatter,
    ShowOwnCorrection,
    build_correction,
)
from bot.keyboards.team import AddShift, AddShiftAnew, ShowShifts, TeamPage
from bot.policies import list_handlers, name_handler
from bot.seals import seal
from bot.use_cases import corrections, days_off
from bot.words import load_words
from tests.rights.world import (
    ADMINS,
    FILLED_PERIOD,
    MADE_UP_ID,
    MADE_UP_PERIOD,
    MADE_UP_SHIFT,
    MADE_UP_UPDATE,
    QUIET_MONTH,
    STRANGERS,
    TIMELINE,
    Whom,
    Whose,
    World,
)


class Kind(StrEnum):
    """How an action comes: as a text, or as a tap."""

    TEXT = "text"
    TAP = "tap"


Make = Callable[[World, Whom, Whose, int], str | None]
"""Makes what is needed for an action by an account, and gives its text or callback data; None: there is no such."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be done; `is_about` things that belong to somebody."""

    name: str
    kind: Kind
    make: Make
    is_about: bool = False

    @property
    def owners(self) -> Sequence[Whose]:
        """Whose things it can be about."""
        return tuple(Whose) if self.is_about else (Whose.OWN,)


class UncoveredError(AssertionError):
    """A handler of which the tests do not know what leads to it."""


def list_actions(routers: Sequence[Router]) -> list[Action]:
    """Every action that the routers answer. Raises UncoveredError, which names a handler without one."""
    actions = {action.name: action for _, handler in list_handlers(routers) for action in _list_ways(handler)}
    return [*actions.values(), *_TEXTS, *_NONSENSE]


def _list_ways(handler: HandlerObject) -> Iterator[Action]:
    filters = [one.callback for one in handler.filters or ()]
    match filters:
        case []:
            return  # answers whatever comes: texts and nonsense
        case [Typed() as typed]:
            yield _write(f"/{typed.command.name}")
            yield _write(f"/{typed.command.name} some words")
        case [CallbackQueryFilter() as found]:
            yield from _list_buttons(found, name_handler(handler))
        case _:
            raise UncoveredError(f"{name_handler(handler)}: say in {__name__} what leads to {filters}")


def _list_buttons(found: CallbackQueryFilter, handler: str) -> Iterator[Action]:
    kind = found.callback_data
    choices = {name: _list_choices(field) for name, field in kind.model_fields.items() if name != "seen"}
    open_fields = [name for name, values in choices.items() if values is None]
    make = _MAKERS.get(kind)
    if open_fields and make is None:
        raise UncoveredError(f"{handler}: say in {__name__} what stands for {open_fields} of {kind.__name__}")
    closed = {name: values for name, values in choices.items() if values is not None}
    for chosen in itertools.product(*closed.values()):
        values = dict(zip(closed, chosen, strict=True))
        sample = kind.model_construct(**{**dict.fromkeys(open_fields, 0), **values})
        if found.rule is None or found.rule.resolve(sample):
            yield _tap(kind, values, make, is_about=bool(open_fields) and kind not in (BalancePage, HistoryPage))


def _list_choices(field: FieldInfo) -> list[Any] | None:
    """All values of a field that has few, None for a field that may be anything."""
    kind: Any = field.annotation
    if kind is bool:
        return [False, True]
    return list(kind) if isinstance(kind, EnumType) else None


def _tap(kind: type[CallbackData], values: dict[str, Any], make: "MakeButton | None", *, is_about: bool) -> Action:
    def write(world: World, whom: Whom, whose: Whose, account: int) -> str | None:
        more = make(world, whom, whose, account, values) if make else {}
        if more is None:
            return None
        if not issubclass(kind, Deciding):
            return kind(**values, **more).pack()
        seen = _SEEN[kind](world, whom, {**values, **more}) if whose is not Whose.MADE_UP else seal()
        return f"{kind(seen=seen, **values, **more).pack()}~{TIMELINE}"

    spelled = ", ".join(f"{name}={value}" for name, value in values.items())
    return Action(f"{kind.__name__}({spelled})", Kind.TAP, write, is_about=is_about)


def _write(text: str) -> Action:
    return Action(text, Kind.TEXT, lambda *_: text)


# --- whose the things of buttons are ---------------------------------------------------------------------------------

MakeButton = Callable[[World, Whom, Whose, int, dict[str, Any]], dict[str, Any] | None]


def find_holder(whom: Whom, whose: Whose) -> Whom | None:
    """Whose thing it is; None for a stranger's own, who has none."""
    if whose is Whose.OTHERS:
        return Whom.EMPLOYEE if whom is Whom.ANOTHER else Whom.ANOTHER
    return None if whom in STRANGERS else whom


def _make_shift(
    world: World, whom: Whom, whose: Whose, _account: int, _values: dict[str, Any]
) -> dict[str, Any] | None:
    if whose is Whose.MADE_UP:
        return {"shift_id": MADE_UP_SHIFT}
    holder = find_holder(whom, whose)
    return {"shift_id": world.shifts[holder]} if holder else None


def _make_listed_shift(
    world: World, whom: Whom, whose: Whose, account: int, values: dict[str, Any]
) -> dict[str, Any] | None:
    made = _make_shift(world, whom, whose, account, values)
    return {**made, "page": 0} if made else None


def _make_running(
    world: World, whom: Whom, whose: Whose, _account: int, _values: dict[str, Any]
) -> dict[str, Any] | None:
    if whose is Whose.MADE_UP:
        return {"shift_id": MADE_UP_SHIFT}
    holder = find_holder(whom, whose)
    return {"shift_id": world.run_shift(holder)} if holder else None


def _make_just_begun(
    world: World, whom: Whom, whose: Whose, account: int, values: dict[str, Any]
) -> dict[str, Any] | None:
    holder = find_holder(whom, whose)
    if holder is not None:
        world.end_running_shift(holder)
        world.run_shift(holder, since=timedelta(minutes=1))
    return _make_running(world, whom, whose, account, values)


def _make_left(world: World, whom: Whom, whose: Whose, _account: int, _values: dict[str, Any]) -> dict[str, Any] | None:
    """A dialogue in which something was answered."""
    if whose is Whose.MADE_UP:
        return {"draft_id": MADE_UP_ID}
    holder = find_holder(whom, whose)
    return {"draft_id": world.open_form(holder, Act.BACK)[0]} if holder else None


def _make_anew(make: "MakeButton | None" = None) -> "MakeButton":
    """A button that begins something instead of a dialogue of the same holder's."""

    def write(world: World, whom: Whom, whose: Whose, account: int, values: dict[str, Any]) -> dict[str, Any] | None:
        left = _make_left(world, whom, whose, account, values)
        made = make(world, whom, whose, account, values) if make else {}
        return None if left is None or made is None else {**made, "instead_of": left["draft_id"]}

    return write


def _make_form(world: World, whom: Whom, whose: Whose, _account: int, values: dict[str, Any]) -> dict[str, Any] | None:
    act = values["act"]
    if whose is Whose.MADE_UP:
        return {"draft_id": MADE_UP_ID, "revision": 0, "value": _VALUES.get(act, "")}
    holder = find_holder(whom, whose)
    if holder is None:
        return None
    draft_id, revision = world.open_form(holder, act)
    return {"draft_id": draft_id, "revision": revision, "value": _VALUES.get(act, "")}


def _make_request(
    world: World, whom: Whom, whose: Whose, account: int, _values: dict[str, Any]
) -> dict[str, Any] | None:
    if whose is Whose.MADE_UP:
        return {"request_id": MADE_UP_ID}
    if whose is Whose.OTHERS:
        if whom in ADMINS:
            world.let_nobody_wait()
        return {"request_id": world.ask_to_join()}
    return {"request_id": world.find_request(account)} if whom is Whom.WAITING else None


def _make_dead(world: World, whom: Whom, whose: Whose, _account: int, _values: dict[str, Any]) -> dict[str, Any] | None:
    if whose is Whose.MADE_UP:
        return {"update_id": MADE_UP_UPDATE}
    if whose is not Whose.OTHERS:
        return None
    world.let_nobody_wait()
    return {"update_id": world.set_aside()}


def _make_subject(
    world: World, whom: Whom, whose: Whose, _account: int, values: dict[str, Any]
) -> dict[str, Any] | None:
    """What an errand is about: the person's number, where nothing else is said in SUBJECTS."""
    if values["kind"] in WITHOUT_SUBJECT:
        return {"subject": ""} if whose is Whose.OWN else None
    if whose is Whose.MADE_UP:
        return {"subject": str(MADE_UP_SHIFT)}
    holder = find_holder(whom, whose)
    if holder is None:
        return None
    find = SUBJECTS.get(values["kind"])
    return {"subject": str(find(world, holder) if find else world.people[holder].employee_id)}


def _make_my_period(
    _world: World, whom: Whom, whose: Whose, _account: int, _values: dict[str, Any]
) -> dict[str, Any] | None:
    """One's own pay period: the button names nobody, so that there is no such button of somebody else's."""
    if whose is Whose.MADE_UP:
        return {"start": MADE_UP_PERIOD.toordinal()}
    return {"start": FILLED_PERIOD.toordinal()} if whose is Whose.OWN and whom not in STRANGERS else None


def _make_person_period(
    world: World, whom: Whom, whose: Whose, _account: int, _values: dict[str, Any]
) -> dict[str, Any] | None:
    if whose is Whose.MADE_UP:
        return {"start": FILLED_PERIOD.toordinal(), "employee_id": MADE_UP_SHIFT}
    holder = find_holder(whom, whose)
    return {"start": FILLED_PERIOD.toordinal(), "employee_id": world.people[holder].employee_id} if holder else None


def _make_statement(
    world: World, whom: Whom, whose: Whose, account: int, values: dict[str, Any]
) -> dict[str, Any] | None:
    made = _make_person_period(world, whom, whose, account, values)
    return {**made, "page": 0} if made else None


REPORTED_DATES = {"since": FILLED_PERIOD.toordinal(), "until": FILLED_PERIOD.toordinal()}


def _find_period(world: World, holder: Whom) -> str:
    return PeriodSubject(FILLED_PERIOD, world.people[holder].employee_id).dump()


def _make_errand(
    world: World, whom: Whom, whose: Whose, _account: int, values: dict[str, Any]
) -> dict[str, Any] | None:
    value = {"value": "0" if values["act"] is ErrandAct.TURN else ""}
    if whose is Whose.MADE_UP:
        return {"draft_id": MADE_UP_ID, "revision": 0, **value}
    holder = find_holder(whom, whose)
    if holder is None:
        return None
    draft_id, revision = world.open_errand(holder)
    return {"draft_id": draft_id, "revision": revision, **value}


def _make_product(_world: World, _whom: Whom, whose: Whose, _account: int, _values: dict[str, Any]) -> dict[str, Any]:
    return {"product_id": MADE_UP_SHIFT if whose is Whose.MADE_UP else 1}


def _make_held(world: World, whom: Whom, whose: Whose, account: int, values: dict[str, Any]) -> dict[str, Any] | None:
    made = _make_person_period(world, whom, whose, account, values)
    return {"employee_id": made["employee_id"], "page": 0} if made else None


def _make_place(world: World, whom: Whom, _whose: Whose, _account: int, values: dict[str, Any]) -> dict[str, Any]:
    if whom not in STRANGERS:
        if values["to"] in (Place.START_NOW, Place.FINISH_NOW):
            world.end_running_shift(whom)
        if values["to"] is Place.FINISH_NOW:
            world.run_shift(whom)
    return {}


def _make_member(
    world: World, whom: Whom, whose: Whose, _account: int, _values: dict[str, Any]
) -> dict[str, Any] | None:
    if whose is Whose.MADE_UP:
        return {"employee_id": MADE_UP_SHIFT}
    holder = find_holder(whom, whose)
    return {"employee_id": world.people[holder].employee_id} if holder else None


def _make_running_member(
    world: World, whom: Whom, whose: Whose, account: int, values: dict[str, Any]
) -> dict[str, Any] | None:
    if values["is_running"]:
        _make_running(world, whom, whose, account, values)
    return _make_member(world, whom, whose, account, values)


def _make_member_shifts(
    world: World, whom: Whom, whose: Whose, account: int, values: dict[str, Any]
) -> dict[str, Any] | None:
    made = _make_member(world, whom, whose, account, values)
    return {**made, "page": 0} if made else None


def _make_matter(
    world: World, whom: Whom, whose: Whose, _account: int, values: dict[str, Any]
) -> dict[str, Any] | None:
    if whose is Whose.MADE_UP:
        return {"number": MADE_UP_SHIFT}
    holder = find_holder(whom, whose)
    return {"number": _MATTERS[values["matter"]](world, holder)} if holder else None


def _make_with(name: str, make: Callable[[World, Whom], int], *, is_for_another: bool = False) -> "MakeButton":
    """A button with one number, of something that is made; `is_for_another`: nobody has one of their own."""

    def make_button(
        world: World, whom: Whom, whose: Whose, _account: int, _values: dict[str, Any]
    ) -> dict[str, Any] | None:
        if whose is Whose.MADE_UP:
            return {name: MADE_UP_SHIFT}
        holder = find_holder(whom, whose)
        if holder is None or (is_for_another and whose is Whose.OWN):
            return None
        return {name: make(world, holder)}

    return make_button


def _make_day_off(
    world: World, whom: Whom, whose: Whose, _account: int, _values: dict[str, Any]
) -> dict[str, Any] | None:
    if whose is Whose.MADE_UP:
        return {"bonus_id": MADE_UP_SHIFT, "day": MADE_UP_PERIOD.toordinal()}
    holder = find_holder(whom, whose)
    if holder is None or whose is Whose.OWN:
        return None
    bonus_id, day = world.ask_day_off(holder)
    return {"bonus_id": bonus_id, "day": day.toordinal()}


def _make_rating(
    world: World, whom: Whom, whose: Whose, _account: int, _values: dict[str, Any]
) -> dict[str, Any] | None:
    if whose is Whose.MADE_UP:
        return {"question_id": MADE_UP_SHIFT, "rating": 5}
    holder = find_holder(whom, whose)
    return {"question_id": world.ask_question(holder, is_resolved=True), "rating": 5} if holder else None


def _see_joining(world: World, _whom: Whom, more: dict[str, Any]) -> str:
    asked = {one.request_id: one for one in world.service.people.list_open_requests()}[more["request_id"]]
    return seal(asked.telegram_id, asked.name)


def _see_dead(world: World, _whom: Whom, more: dict[str, Any]) -> str:
    letter = {one.update_id: one for one in world.service.inbox.list_dead()}[more["update_id"]]
    return seal(letter.received_at, letter.sender, letter.error)


def _see_correction(world: World, _whom: Whom, more: dict[str, Any]) -> str:
    found = corrections.find(world.service, world.people[Whom.OWNER], more["correction_id"])
    keyboard = build_correction(load_words("en"), found.facts)
    return ApproveCorrection.unpack(keyboard.inline_keyboard[0][0].callback_data or "").seen


def _see_day_off(world: World, _whom: Whom, more: dict[str, Any]) -> str:
    day = date.fromordinal(more["day"])
    found = days_off.find(world.service, world.people[Whom.OWNER], more["bonus_id"], day)
    return seal(found.held.name, found.day, found.amount)


def _see_period(world: World, whom: Whom, more: dict[str, Any]) -> str:
    """One's own, of which one has not said yet what the button says."""
    person, start = world.people[whom], date.fromordinal(more["start"])
    say = world.service.periods.withdraw_confirmation if more["is_complete"] else world.service.periods.confirm
    say(person.employee_id, start, actor=person)
    return seal(world.service.periods.find(person.employee_id, start).digest)


_SEEN: dict[type[Deciding], Callable[[World, Whom, dict[str, Any]], str]] = {
    ErrandButton: lambda *_: seal(),
    DecideJoin: _see_joining,
    DecideDead: _see_dead,
    ConfirmPeriod: _see_period,
    ApproveCorrection: _see_correction,
    ApproveDayOff: _see_day_off,
    GivePremium: lambda world, _whom, more: seal(world.service.bonuses.get(more["bonus_id"]).name),
    SeePremium: lambda *_: seal(),
    TakeQuestion: lambda world, _whom, more: seal(world.service.questions.get(more["question_id"]).name),
    RateQuestion: lambda *_: seal(),
}
"""What each button that decides carries of what is shown."""
_MATTERS: dict[Matter, Callable[[World, Whom], int]] = {
    Matter.CORRECTION: World.ask_correction,
    Matter.QUESTION: World.ask_question,
    Matter.DAY_OFF: lambda world, holder: world.ask_day_off(holder)[0],
    Matter.PREMIUM: World.earn_premium,
}
_VALUES = {
    Act.DAY: "2026-11-15", Act.READ: "yesterday", Act.HALF: "PM", Act.HOUR: "9", Act.TWICE: "earlier",
    Act.PRODUCT: "1", Act.FIELD: "total", Act.END: "before",
}  # fmt: skip
_MAKERS: dict[type[CallbackData], MakeButton] = {
    ShowShift: _make_shift,
    ShowListedShift: _make_listed_shift,
    EditShift: _make_shift,
    EditShiftAnew: _make_anew(_make_shift),
    BeginShiftAnew: _make_anew(),
    ContinueDialogue: _make_left,
    UndoStart: _make_just_begun,
    DiscardButton: _make_running,
    FormButton: _make_form,
    DecideJoin: _make_request,
    MenuButton: _make_place,
    HistoryPage: lambda *_: {"page": 0},
    BalancePage: lambda *_: {"page": 0},
    DecideDead: _make_dead,
    TeamPage: lambda *_: {"page": 0},
    ShowMember: _make_member,
    AddShift: _make_running_member,
    AddShiftAnew: _make_anew(_make_running_member),
    ShowShifts: _make_member_shifts,
    PeriodsPage: lambda *_: {"page": 0},
    ShowPeriod: lambda *_: {"start": FILLED_PERIOD.toordinal(), "page": 0},
    ShowPersonPeriod: _make_person_period,
    ShowMyPeriod: _make_my_period,
    ConfirmPeriod: _make_my_period,
    ShowStatement: _make_statement,
    StatementFile: _make_person_period,
    ShowReport: lambda *_: {**REPORTED_DATES, "page": 0},
    ReportFile: lambda *_: {**REPORTED_DATES},
    ShowLeaderboard: lambda *_: {"month": QUIET_MONTH.toordinal()},
    LeaderboardFile: lambda *_: {"month": QUIET_MONTH.toordinal()},
    ProductsPage: lambda *_: {"page": 0},
    ShowProduct: _make_product,
    ShowRate: lambda _world, _whom, whose, *_: {"start": "5.00" if whose is Whose.MADE_UP else "500.00"},
    RanksPage: lambda *_: {"page": 0},
    ShowRank: lambda _world, _whom, whose, *_: {"rank_id": MADE_UP_SHIFT if whose is Whose.MADE_UP else 1},
    HoldersPage: lambda *_: {"page": 0},
    ShowHeld: _make_held,
    ShowAudit: lambda *_: {"page": 0, "subject": ""},
    ShowHistory: lambda *_: {"page": 0, "subject": "", "origin": 0},
    ShowDatabase: lambda *_: {"page": 0},
    FinishEarlier: _make_running,
    RequestsPage: lambda *_: {"page": 0},
    ShowMatter: _make_matter,
    ShowOwnCorrection: _make_with("correction_id", World.ask_correction),
    ApproveCorrection: _make_with("correction_id", World.ask_correction, is_for_another=True),
    ApproveDayOff: _make_day_off,
    GivePremium: _make_with("bonus_id", World.earn_premium, is_for_another=True),
    SeePremium: _make_with("bonus_id", lambda world, holder: world.earn_premium(holder, is_given=True)),
    ShowQuestion: _make_with("question_id", World.ask_question),
    TakeQuestion: _make_with("question_id", World.ask_question, is_for_another=True),
    RateQuestion: _make_rating,
    BeginAdminErrand: _make_subject,
    BeginOwnErrand: _make_subject,
    BeginAdminErrandAnew: _make_anew(_make_subject),
    BeginOwnErrandAnew: _make_anew(_make_subject),
    ErrandButton: _make_errand,
}
WITHOUT_SUBJECT: frozenset[AdminErrand | OwnErrand] = frozenset(
    {
        AdminErrand.DATES,
        AdminErrand.PRODUCT_ADD,
        AdminErrand.RATE_ADD,
        AdminErrand.PAY_TERMS,
        AdminErrand.RANK_ADD,
        OwnErrand.DAY_OFF,
    }
)
"""The errands that are about nothing in particular."""
SUBJECTS: dict[AdminErrand | OwnErrand, Callable[[World, Whom], str | int]] = {
    AdminErrand.REFUSE_CORRECTION: World.ask_correction,
    AdminErrand.REFUND: lambda world, holder: world.shifts[holder],
    AdminErrand.WITHDRAW_REFUND: lambda world, holder: world.shifts[holder],
    AdminErrand.REFUSE_DAY_OFF: lambda world, holder: world.ask_day_off(holder)[0],
    OwnErrand.QUESTION: lambda world, holder: f"s{world.shifts[holder]}",
    OwnErrand.REPLY: World.ask_question,
    OwnErrand.RESOLVE: World.ask_question,
    AdminErrand.CLOSE: _find_period,
    AdminErrand.REOPEN: _find_period,
    AdminErrand.PAY: _find_period,
    AdminErrand.REMIND: _find_period,
    OwnErrand.MISSING: _find_period,
    AdminErrand.PRODUCT_NAME: lambda *_: 1,
    AdminErrand.PRODUCT_OFF: lambda *_: 1,
    AdminErrand.PRODUCT_ON: lambda *_: 1,
    AdminErrand.RATE_FROM: lambda *_: "500.00",
    AdminErrand.RATE_PCT: lambda *_: "500.00",
    AdminErrand.RATE_REMOVE: lambda *_: "500.00",
    AdminErrand.RANK_NAME: lambda *_: 2,
    AdminErrand.RANK_EMOJI: lambda *_: 2,
    AdminErrand.RANK_TEXT: lambda *_: 2,
    AdminErrand.RANK_FROM: lambda *_: 2,
    AdminErrand.RANK_REMOVE: lambda *_: 2,
    AdminErrand.GIFT_ADD: lambda *_: 2,
    AdminErrand.GIFT_REMOVE: lambda *_: 2,
    AdminErrand.VOID: lambda world, holder: world.give_bonus(holder, "flat", 10),
    AdminErrand.SETTING: lambda *_: "reminder_days",
    AdminErrand.UNPLAN: World.plan_wage,
}
"""What an errand is about that is about no person: something of the holder's."""


# --- what no filter tells --------------------------------------------------------------------------------------------


def _make_amount(world: World, whom: Whom, _whose: Whose, _account: int) -> str:
    if whom not in STRANGERS:
        world.open_form(whom, None)
    return "500"


def _make_cancel(world: World, whom: Whom, whose: Whose, account: int) -> str:
    _make_amount(world, whom, whose, account)
    return "/cancel"


_TEXTS = (
    Action("/cancel of an open form", Kind.TEXT, _make_cancel),
    Action("an amount", Kind.TEXT, _make_amount),
    Action("chatter", Kind.TEXT, lambda *_: "hello"),
    Action("/start with an invite", Kind.TEXT, lambda world, *_: f"/start {world.invite()}"),
)
_NONSENSE = (Action("a made-up button", Kind.TAP, lambda *_: "nonsense"),)

CHANGING = {
    "start.cancel", "shift.begin", "shift.begin_anew", "shift.press", "running.undo", "typed.type_text", "edit.begin",
    "running.start_now",
    "running.finish_now", "running.discard", "admin.decide", "admin.decide_in_list", "admin.create_invite",
    "admin_inbox.decide", "join.ask_to_join", "running.finish_earlier", "requests.approve_correction",
    "requests.approve_day_off", "requests.give_premium", "requests.see_premium", "questions.take", "questions.rate",
    "pay.confirm", "team.add_shift",
    "rank_table.recalculate",
}  # fmt: skip
"""The handlers that change something where they are asked about one's own things; no other may."""
MAY_CHANGE = {"errands.begin_for_admin", "errands.begin", "errands.press"}
"""The handlers that change something only where what they are about allows it just then."""
