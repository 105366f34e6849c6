"""What can be done to the bot, worked out from its routers: each command, each kind of button, texts and nonsense.

A handler that is found by something else than a command or a button, or a button that names something of which nobody
has said here whose it is, is an error that names it: no new handler stays without its cases.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import EnumType, StrEnum
from typing import Any

from aiogram import Router
from aiogram.dispatcher.event.handler import HandlerObject
from aiogram.filters.callback_data import CallbackData, CallbackQueryFilter
from pydantic.fields import FieldInfo

from bot.errands import AdminErrand, ErrandAct, OwnErrand
from bot.filters import Typed
from bot.forms import Act
from bot.keyboards.errand import BeginAdminErrand, BeginOwnErrand, ErrandButton
from bot.keyboards.form import DiscardButton, FormButton
from bot.keyboards.history import HistoryPage
from bot.keyboards.inbox import DecideDead
from bot.keyboards.join import DecideJoin
from bot.keyboards.menu import MenuButton, Place
from bot.keyboards.receipt import EditShift, ShowShift
from bot.policies import list_handlers, name_handler
from tests.rights.world import MADE_UP_ID, MADE_UP_SHIFT, MADE_UP_UPDATE, STRANGERS, Whom, Whose, World


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
    choices = {name: _list_choices(field) for name, field in kind.model_fields.items()}
    open_fields = [name for name, values in choices.items() if values is None]
    make = _MAKERS.get(kind)
    if open_fields and make is None:
        raise UncoveredError(f"{handler}: say in {__name__} what stands for {open_fields} of {kind.__name__}")
    closed = {name: values for name, values in choices.items() if values is not None}
    for chosen in itertools.product(*closed.values()):
        values = dict(zip(closed, chosen, strict=True))
        sample = kind.model_construct(**{**dict.fromkeys(open_fields, 0), **values})
        if found.rule is None or found.rule.resolve(sample):
            yield _tap(kind, values, make, is_about=bool(open_fields) and kind is not HistoryPage)


def _list_choices(field: FieldInfo) -> list[Any] | None:
    """All values of a field that has few, None for a field that may be anything."""
    kind: Any = field.annotation
    if kind is bool:
        return [False, True]
    return list(kind) if isinstance(kind, EnumType) else None


def _tap(kind: type[CallbackData], values: dict[str, Any], make: "MakeButton | None", *, is_about: bool) -> Action:
    def write(world: World, whom: Whom, whose: Whose, account: int) -> str | None:
        more = make(world, whom, whose, account, values) if make else {}
        return None if more is None else kind(**values, **more).pack()

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


def _make_running(
    world: World, whom: Whom, whose: Whose, _account: int, _values: dict[str, Any]
) -> dict[str, Any] | None:
    if whose is Whose.MADE_UP:
        return {"shift_id": MADE_UP_SHIFT}
    holder = find_holder(whom, whose)
    return {"shift_id": world.run_shift(holder)} if holder and holder is not Whom.LEFT else None


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
        return {"request_id": world.ask_to_join()}
    return {"request_id": world.find_request(account)} if whom is Whom.WAITING else None


def _make_dead(
    world: World, _whom: Whom, whose: Whose, _account: int, _values: dict[str, Any]
) -> dict[str, Any] | None:
    if whose is Whose.MADE_UP:
        return {"update_id": MADE_UP_UPDATE}
    return {"update_id": world.set_aside()} if whose is Whose.OTHERS else None


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


def _make_place(world: World, whom: Whom, _whose: Whose, _account: int, values: dict[str, Any]) -> dict[str, Any]:
    if whom not in (*STRANGERS, Whom.LEFT):
        if values["to"] in (Place.START_NOW, Place.FINISH_NOW):
            world.end_running_shift(whom)
        if values["to"] is Place.FINISH_NOW:
            world.run_shift(whom)
    return {}


_VALUES = {
    Act.DAY: "1", Act.HALF: "PM", Act.HOUR: "9", Act.TWICE: "earlier", Act.PRODUCT: "1", Act.FIELD: "total",
}  # fmt: skip
_MAKERS: dict[type[CallbackData], MakeButton] = {
    ShowShift: _make_shift,
    EditShift: _make_shift,
    DiscardButton: _make_running,
    FormButton: _make_form,
    DecideJoin: _make_request,
    MenuButton: _make_place,
    HistoryPage: lambda *_: {"page": 0},
    DecideDead: _make_dead,
    BeginAdminErrand: _make_subject,
    BeginOwnErrand: _make_subject,
    ErrandButton: _make_errand,
}
WITHOUT_SUBJECT: frozenset[AdminErrand | OwnErrand] = frozenset()
"""The errands that are about nothing in particular."""
SUBJECTS: dict[AdminErrand | OwnErrand, Callable[[World, Whom], str | int]] = {}
"""What an errand is about that is about no person: something of the holder's."""


# --- what no filter tells --------------------------------------------------------------------------------------------


def _make_amount(world: World, whom: Whom, _whose: Whose, _account: int) -> str:
    if whom not in STRANGERS:
        world.open_form(whom, None)
    return "500"


def _make_chatter(world: World, whom: Whom, _whose: Whose, _account: int) -> str:
    if whom not in STRANGERS:
        world.service.drafts.cancel_open(world.people[whom].employee_id)
    return "hello"


def _make_cancel(world: World, whom: Whom, whose: Whose, account: int) -> str:
    _make_amount(world, whom, whose, account)
    return "/cancel"


_TEXTS = (
    Action("/cancel of an open form", Kind.TEXT, _make_cancel),
    Action("an amount", Kind.TEXT, _make_amount),
    Action("chatter", Kind.TEXT, _make_chatter),
    Action("/start with an invite", Kind.TEXT, lambda world, *_: f"/start {world.invite()}"),
)
_NONSENSE = (Action("a made-up button", Kind.TAP, lambda *_: "nonsense"),)

CHANGING = {
    "start.cancel", "shift.begin", "shift.press", "shift.type_text", "edit.begin", "running.start_now",
    "running.finish_now", "running.discard", "admin.decide", "admin.decide_in_list", "admin.create_invite",
    "admin_inbox.decide", "join.ask_to_join",
}  # fmt: skip
"""The handlers that change something where they are asked about one's own things; no other may."""
MAY_CHANGE = {"errands.begin_for_admin", "errands.begin", "errands.press"}
"""The handlers that change something only where what they are about allows it just then."""
