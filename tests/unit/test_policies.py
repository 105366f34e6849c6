"""Who may do what, and where from: each handler says it, and a handler that says nothing is no handler."""

import ast
import importlib
import inspect
import logging
import operator
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, get_type_hints
from uuid import UUID

import pytest
from aiogram import Router
from aiogram.types import CallbackQuery, Chat, Message, MessageOriginHiddenUser, TelegramObject, User

from bot import handlers
from bot.filters import Typed
from bot.handlers import build_routers
from bot.middlewares.rights import guard
from bot.policies import Policy, PolicyMissingError, Refusal, Where, Who, allow, get_policy, list_handlers, name_handler
from payroll.errors import ErrorKey, ForbiddenError
from payroll.people import Person, Role

NOW = datetime(2026, 11, 16, tzinfo=UTC)
ALICE = User(id=1001, is_bot=False, first_name="Alice")
HER_CHAT = Chat(id=1001, type="private")
GROUP_BOT = User(id=1087968824, is_bot=True, first_name="Group")


def person(role: Role = Role.EMPLOYEE, *, left: bool = False) -> Person:
    left_date = date(2026, 11, 1) if left else None
    return Person(1, UUID(int=1), 1001, "Alice", role, left_date, "en")


def written(**more: Any) -> Message:
    given = {"message_id": 1, "date": NOW, "chat": HER_CHAT, "from_user": ALICE, "text": "/start", **more}
    return Message(**given)


def tapped(**more: Any) -> CallbackQuery:
    return CallbackQuery(**{"id": "1", "from_user": ALICE, "chat_instance": "1", "message": written(), **more})


EMPLOYEE, MANAGER, OWNER = person(), person(Role.MANAGER), person(Role.OWNER)
EVERYBODY = {"stranger": None, "employee": EMPLOYEE, "manager": MANAGER, "owner": OWNER}
ALLOWED = {
    Who.ANYBODY: {"stranger", "employee", "manager", "owner"},
    Who.STRANGER: {"stranger"},
    Who.LEAVER: {"employee", "manager", "owner"},
    Who.FORMER: {"employee", "manager", "owner"},
    Who.MEMBER: {"employee", "manager", "owner"},
    Who.ADMIN: {"manager", "owner"},
    Who.OWNER: {"owner"},
}
FORWARDED = MessageOriginHiddenUser(date=NOW, sender_user_name="Olga")
SUPERGROUP = Chat(id=-1001, type="supergroup")
ELSEWHERE: dict[str, TelegramObject] = {
    "a group": written(chat=Chat(id=-5, type="group")),
    "a supergroup": written(chat=SUPERGROUP),
    "a channel": written(chat=Chat(id=-1002, type="channel")),
    "a group's admin without a name": written(chat=SUPERGROUP, from_user=GROUP_BOT, sender_chat=SUPERGROUP),
    "somebody else's chat": written(chat=Chat(id=1002, type="private")),
    "another bot": written(from_user=User(id=1001, is_bot=True, first_name="Bot")),
    "the shared id in a private chat": written(
        chat=Chat(id=GROUP_BOT.id, type="private"), from_user=GROUP_BOT.model_copy(update={"is_bot": False})
    ),
    "an account that cannot be": written(
        chat=Chat(id=2**63, type="private"), from_user=ALICE.model_copy(update={"id": 2**63})
    ),
    "nobody": written(from_user=None),
    "a tap in a group": tapped(message=written(chat=Chat(id=-5, type="group"))),
    "a tap below an inline message": tapped(message=None, inline_message_id="1"),
    "a tap in somebody else's chat": tapped(message=written(chat=Chat(id=1002, type="private"))),
}
NOT_OWN = {
    "forwarded": written(forward_origin=FORWARDED),
    "made by another bot": written(via_bot=GROUP_BOT),
    "changed later": written(edit_date=2),
    "a caption": written(text=None, caption="/start"),
    "a sticker": written(text=None),
}


@pytest.mark.parametrize("who", list(Who))
@pytest.mark.parametrize("name", EVERYBODY)
@pytest.mark.parametrize("event", [written(), tapped(), tapped(message=None)], ids=["text", "tap", "old tap"])
def test_a_handler_is_asked_by_whom_it_is_for(who: Who, name: str, event: TelegramObject) -> None:
    assert (Policy(who).find_refusal(event, EVERYBODY[name]) is None) == (name in ALLOWED[who])


@pytest.mark.parametrize("who", list(Who))
@pytest.mark.parametrize("role", list(Role))
def test_who_has_left_is_refused_everything_but_their_own_pay(who: Who, role: Role) -> None:
    for where in Where:
        expected = None if who is Who.FORMER else Refusal.LEFT
        assert Policy(who, where).find_refusal(written(), person(role, left=True)) is expected


@pytest.mark.parametrize("who", list(Who))
@pytest.mark.parametrize("role", list(Role))
def test_who_has_left_and_is_not_paid_out_may_finish_and_ask_too_and_nothing_else(who: Who, role: Role) -> None:
    leaver = replace(person(role, left=True), has_open_matters=True)
    expected = None if who in (Who.ANYBODY, Who.LEAVER, Who.FORMER) else Refusal.LEFT
    assert Policy(who).find_refusal(written(), leaver) is expected


@pytest.mark.parametrize("who", list(Who))
@pytest.mark.parametrize("place", ELSEWHERE)
def test_outside_a_persons_own_chat_nothing_is_allowed(who: Who, place: str) -> None:
    for where in Where:
        assert Policy(who, where).find_refusal(ELSEWHERE[place], OWNER) is Refusal.NOT_PRIVATE


@pytest.mark.parametrize("how", NOT_OWN)
def test_what_somebody_did_not_type_themselves_is_refused_where_it_would_be_acted_on(how: str) -> None:
    assert Policy(Who.MEMBER).find_refusal(NOT_OWN[how], OWNER) is Refusal.NOT_OWN
    assert Policy(Who.MEMBER, Where.ANYTHING).find_refusal(NOT_OWN[how], OWNER) is None


def test_each_role_is_refused_by_its_name() -> None:
    assert Policy(Who.MEMBER).find_refusal(written(), None) is Refusal.STRANGER
    assert Policy(Who.STRANGER).find_refusal(written(), EMPLOYEE) is Refusal.NOT_A_STRANGER
    assert Policy(Who.ADMIN).find_refusal(written(), EMPLOYEE) is Refusal.NOT_ADMIN
    assert Policy(Who.OWNER).find_refusal(written(), MANAGER) is Refusal.NOT_OWNER


# --- every handler has one -------------------------------------------------------------------------------------------


async def unguarded(_message: Message) -> None: ...


async def unguarded_twin(_message: Message) -> None: ...


async def refuse(*_: object) -> None: ...


def test_routers_with_a_handler_that_has_no_policy_cannot_be_built() -> None:
    router = Router()
    router.message.register(unguarded)
    with pytest.raises(PolicyMissingError, match=r"test_policies\.unguarded has no policy"):
        guard([router], refuse)


@pytest.mark.parametrize("kind", ["edited_message", "callback_query", "my_chat_member", "inline_query", "channel_post"])
def test_nor_with_one_for_another_kind_of_update_or_deep_inside(kind: str) -> None:
    inner, middle, outer = Router(), Router(), Router()
    inner.observers[kind].register(unguarded)
    middle.include_router(inner)
    outer.include_router(middle)
    with pytest.raises(PolicyMissingError, match="unguarded"):
        guard([outer], refuse)


def test_build_routers_refuses_a_new_handler_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def build() -> Router:
        router = Router()
        router.callback_query.register(unguarded)
        return router

    monkeypatch.setattr(handlers.stats, "build_router", build)
    with pytest.raises(PolicyMissingError, match="unguarded"):
        build_routers()


FOR_ADMINS = {
    "admin", "admin_database", "admin_inbox", "audit", "held_bonuses", "periods", "products", "rank_table", "rates",
    "reports", "requests", "settings", "team",
}  # fmt: skip
"""The modules of handlers that are for admins, all but what is declared otherwise; all others are for members."""
DECLARED = {
    "start.start": Who.ANYBODY,
    "join.ask_to_join": Who.STRANGER,
    "errands.begin_for_admin": Who.ADMIN,
    "questions.show_waiting": Who.ADMIN,
    "questions.take": Who.ADMIN,
    "reports.show_leaderboard": Who.MEMBER,
    "requests.see_premium": Who.MEMBER,
    "requests.show_own_correction": Who.MEMBER,
    **dict.fromkeys(["pay.show_my_pay", "pay.show_my_period", "pay.show_statement", "pay.send_statement"], Who.FORMER),
    **dict.fromkeys(
        [
            *("edit.begin", "edit.list_shifts", "edit.show_receipt", "edit.show_why"),
            *("left.go_on", "shift.begin", "shift.begin_anew", "shift.press"),
            *(
                "running.ask_to_discard",
                "running.discard",
                "running.finish_earlier",
                "running.finish_now",
                "running.undo",
            ),
            *("start.cancel", "start.show_menu", "typed.type_text"),
        ],
        Who.LEAVER,
    ),
}
"""What is for others than the rest of its module: what strangers may do, what who has left may finish (D36) or read."""


def test_the_handlers_are_for_whom_they_should_be() -> None:
    found = {
        name_handler(handler).removeprefix("bot.handlers."): get_policy(handler)
        for _, handler in list_handlers(build_routers())
    }
    usual = {name: Who.ADMIN if name.partition(".")[0] in FOR_ADMINS else Who.MEMBER for name in found}
    assert {name: policy.who for name, policy in found.items()} == usual | DECLARED
    assert [name for name, policy in found.items() if policy.where is Where.ANYTHING] == [
        "fallback.remark_on_odd_message"
    ]
    assert len(found) > 20


def test_a_command_that_only_admins_are_shown_is_for_them_only() -> None:
    for _, handler in list_handlers(build_routers()):
        for one in handler.filters or ():
            if isinstance(one.callback, Typed):
                is_for_admins = get_policy(handler).who in (Who.ADMIN, Who.OWNER)
                assert one.callback.command.is_for_admins == is_for_admins, name_handler(handler)


async def test_a_refusal_is_logged_with_the_handler_and_the_number_of_the_account_only(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    router = Router()
    router.message.register(allow(Who.ADMIN)(unguarded_twin))
    guard([router], refuse)
    await router.propagate_event("message", written(text="my secret", chat=HER_CHAT), person=EMPLOYEE)
    (record,) = caplog.records
    facts = {"handler": f"{__name__}.unguarded_twin", "telegram_id": 1001, "reason": "not an admin"}
    assert {name: getattr(record, name) for name in facts} == facts
    assert "secret" not in str(vars(record))
    assert "Alice" not in str(vars(record))


async def test_the_policy_stands_between_every_kind_of_update_and_its_handler() -> None:
    asked: list[str] = []

    @allow(Who.OWNER)
    async def act(_event: TelegramObject) -> None:
        asked.append("acted")

    async def note(refusal: Refusal, *_: object) -> None:
        asked.append(refusal)

    router, inner = Router(), Router()
    for name, observer in inner.observers.items():
        if name != "error":
            observer.register(act)
    router.include_router(inner)
    guard([router], note)
    kinds = [name for name in inner.observers if name != "error"]
    for kind in kinds:
        await inner.propagate_event(kind, written(), person=MANAGER)
    assert asked == [Refusal.NOT_OWNER] * len(kinds)
    await inner.propagate_event("message", written(), person=OWNER)
    assert asked[-1] == "acted"


# --- the use cases check again ---------------------------------------------------------------------------------------

OPEN_TO_FORMER = {"pay.get_my_pay", "pay.get_my_period", "pay.get_statement"}
"""Who has left reads what is theirs there."""
BY_STRANGERS = {"join_openly", "ask_to_join", "accept_invite", "find_person", "has_asked"}


def list_use_cases() -> Iterator[tuple[str, Callable[..., Any]]]:
    """What the handlers and middlewares call: `call(people.create_invite, …)`."""
    folder = Path(handlers.__file__).parent
    for path in sorted([*folder.glob("*.py"), *(folder.parent / "middlewares").glob("*.py")]):
        module = importlib.import_module(f"bot.{path.parent.name}.{path.stem}")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="call"), args=[use_case, *_]):
                    found = operator.attrgetter(ast.unparse(use_case))(module)
                    yield f"{found.__module__.rpartition('.')[2]}.{found.__name__}", found


USE_CASES = dict(list_use_cases())


class _Untouched:
    """A service that nobody may touch."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"{name} was asked for before the role was checked")


def _find_actor(use_case: Callable[..., Any]) -> str | None:
    hints = get_type_hints(use_case)
    return next((name for name in inspect.signature(use_case).parameters if hints[name] is Person), None)


def test_every_use_case_knows_who_acts() -> None:
    assert len(USE_CASES) >= 20
    for name, use_case in USE_CASES.items():
        assert (_find_actor(use_case) is None) == (name.partition(".")[2] in BY_STRANGERS), name


@pytest.mark.parametrize(
    "name", [name for name, one in USE_CASES.items() if _find_actor(one) and name not in OPEN_TO_FORMER]
)
def test_a_use_case_refuses_who_may_not_before_it_looks_at_anything(name: str) -> None:
    use_case = USE_CASES[name]
    actor = _find_actor(use_case)
    refused_to = [person(role, left=True) for role in Role] + ([EMPLOYEE] if actor == "admin" else [])
    for somebody in refused_to:
        given = dict.fromkeys(list(inspect.signature(use_case).parameters)[1:])
        with pytest.raises(ForbiddenError) as caught:
            use_case(_Untouched(), **{**given, str(actor): somebody})
        assert caught.value.key in (ErrorKey.NOT_A_MEMBER, ErrorKey.NOT_ALLOWED)
