"""The cases: who does what, to whose things, in which chat, how it came; and what has to come of it."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from aiogram import Router
from aiogram.types import CallbackQuery, Message, TelegramObject

from bot.keyboards.deciding import list_prefixes
from bot.policies import Policy, Where, Who, get_policy, name_handler
from bot.seals import unstamp
from tests.rights.actions import CHANGING, MAY_CHANGE, Action, Kind, find_holder
from tests.rights.world import ADMINS, STRANGERS, TELLTALES, TIMELINE, Whom, Whose, World
from tests.watched import Seen

GROUP_ADMIN = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
OTHER_BOT = {"id": 4_343, "is_bot": True, "first_name": "Other", "username": "other_bot"}
THE_BOT = {"id": 4_242, "is_bot": True, "first_name": "Bot", "username": "shift_playground_bot"}
MEMBERS = (Whom.EMPLOYEE, Whom.ANOTHER, *ADMINS)
ALLOWED: Mapping[Who, Sequence[Whom]] = {
    Who.ANYBODY: (*STRANGERS, *MEMBERS, Whom.LEFT),
    Who.LEAVER: (*MEMBERS, Whom.LEFT),
    Who.FORMER: (*MEMBERS, Whom.LEFT),
    Who.STRANGER: STRANGERS,
    Who.MEMBER: MEMBERS,
    Who.ADMIN: ADMINS,
    Who.OWNER: (Whom.OWNER,),
}
REFUSALS = (
    "Hello! This bot is for the members of a team.",
    "Your request is with the admins.",
    "You are no longer a member of the team.",
    "That is for admins only.",
    "That is for the owner only.",
    "I only read what you write yourself",
    "I can only read text.",
    "I do not see changes to messages",
    "That button is from an older message.",
    "That works only in your own chat with me.",
)


class ChatType(StrEnum):
    """Where it happens."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


class Origin(StrEnum):
    """How it came: the first and the last three for taps, all but the last two for texts."""

    OWN = "own"
    FORWARDED = "forwarded"
    VIA_BOT = "via another bot"
    ANONYMOUS = "anonymous group admin"
    EDITED = "edited"
    CAPTION = "caption of a photo"
    INACCESSIBLE = "below a message that is too old"
    INLINE = "below an inline message"


ORIGINS: Mapping[Kind, Sequence[Origin]] = {
    Kind.TEXT: tuple(Origin)[:6],
    Kind.TAP: (Origin.OWN, Origin.ANONYMOUS, Origin.INACCESSIBLE, Origin.INLINE),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One cell of the matrix."""

    whom: Whom
    action: Action
    whose: Whose
    chat: ChatType
    origin: Origin

    def __str__(self) -> str:
        return f"{self.whom}: {self.action.name}, {self.whose}, in a {self.chat} chat, {self.origin}"


def list_cases(actions: Sequence[Action]) -> list[Case]:
    """The whole matrix."""
    return [
        Case(whom, action, whose, chat, origin)
        for action in actions
        for whom, whose, chat, origin in itertools.product(Whom, action.owners, ChatType, ORIGINS[action.kind])
        if origin is not Origin.INLINE or chat is ChatType.PRIVATE
    ]


# --- updates ---------------------------------------------------------------------------------------------------------

_numbers = itertools.count(1)


def write_update(case: Case, account: int, said: str) -> dict[str, Any]:
    """The update of a case, as Telegram would send it or somebody would forge it."""
    user = {"id": account, "is_bot": False, "first_name": "Name", "language_code": "en"}
    chat = _write_chat(case.chat, account)
    sender: dict[str, Any] = {"from": user}
    if case.origin is Origin.ANONYMOUS:
        sender = {"from": GROUP_ADMIN}
    if case.action.kind is Kind.TAP:
        return {"callback_query": {"id": str(next(_numbers)), **sender, "chat_instance": "1", "data": said,
                                   **_write_tapped(case, chat)}}  # fmt: skip
    message = {"message_id": next(_numbers), "date": 1, "chat": chat, **sender, "text": said}
    match case.origin:
        case Origin.FORWARDED:
            message["forward_origin"] = {"type": "hidden_user", "date": 1, "sender_user_name": "Somebody"}
        case Origin.VIA_BOT:
            message["via_bot"] = OTHER_BOT
        case Origin.ANONYMOUS:
            message["sender_chat"] = chat
        case Origin.EDITED:
            return {"edited_message": {**message, "edit_date": 2}}
        case Origin.CAPTION:
            photo = {"file_id": "x", "file_unique_id": "x", "width": 1, "height": 1}
            del message["text"]
            message |= {"photo": [photo], "caption": said}
    return {"message": message}


def _write_chat(kind: ChatType, account: int) -> dict[str, Any]:
    if kind is ChatType.PRIVATE:
        return {"id": account, "type": kind, "first_name": "Name"}
    return {"id": -5 if kind is ChatType.GROUP else -1_000_000_000_005, "type": kind, "title": "Team"}


def _write_tapped(case: Case, chat: dict[str, Any]) -> dict[str, Any]:
    if case.origin is Origin.INLINE:
        return {"inline_message_id": "1"}
    if case.origin is Origin.INACCESSIBLE:
        return {"message": {"chat": chat, "message_id": next(_numbers), "date": 0}}
    return {"message": {"chat": chat, "message_id": next(_numbers), "date": 1, "from": THE_BOT, "text": "…"}}


# --- what has to come of it ------------------------------------------------------------------------------------------


async def find_handler(routers: Sequence[Router], update: Mapping[str, Any]) -> tuple[str, Policy]:
    """Which handler answers an update, and its policy: the first whose filters let it through."""
    kind, body = next(iter(update.items()))
    if kind == "callback_query" and "data" in body:
        body = {**body, "data": unstamp(body["data"], list_prefixes(), TIMELINE)}
    event: TelegramObject = (CallbackQuery if kind == "callback_query" else Message).model_validate(body)
    for router in routers:
        for handler in router.observers[kind].handlers:
            if (await handler.check(event))[0]:
                return name_handler(handler).removeprefix("bot.handlers."), get_policy(handler)
    raise AssertionError(f"no handler answers {update}")


def find_fault(case: Case, handler: str, policy: Policy, seen: Seen, changed: Sequence[str]) -> str | None:
    """What is wrong about what came of a case, None where it is right; `changed` are the tables that did."""
    if not is_allowed(case, policy):
        return next(_list_faults_of_refusal(case, seen, changed), None)
    return next(_list_faults_of_passing(case, handler, seen, changed), None)


def is_allowed(case: Case, policy: Policy) -> bool:
    """Whether the handler is to be asked."""
    is_here = case.chat is ChatType.PRIVATE and case.origin not in (Origin.ANONYMOUS, Origin.INLINE)
    is_own = case.origin in (Origin.OWN, Origin.INACCESSIBLE)
    return is_here and case.whom in ALLOWED[policy.who] and (is_own or policy.where is Where.ANYTHING)


def _list_faults_of_refusal(case: Case, seen: Seen, changed: Sequence[str]) -> Iterator[str]:
    if seen.ran:
        yield f"{seen.ran} was asked"
    if changed:
        yield f"{changed} changed"
    if any(not any(refusal in text for refusal in REFUSALS) for text in seen.said):
        yield f"this was said: {seen.said}"
    if case.action.kind is Kind.TAP and not seen.said:
        yield "the tap was not answered"
    if case.action.kind is Kind.TEXT and case.chat is not ChatType.PRIVATE and seen.said:
        yield f"this was said in a {case.chat}: {seen.said}"


def _list_faults_of_passing(case: Case, handler: str, seen: Seen, changed: Sequence[str]) -> Iterator[str]:
    if seen.ran[:1] != (handler,):
        yield f"{handler} was not asked, but {seen.ran}; {seen.said}"
    if not seen.said:
        yield "nothing was said"
    if bool(changed) != _is_changing(case, handler) and not _may_change(case, handler):
        yield f"{changed or 'nothing'} changed; {seen.said}"
    if case.whose is Whose.OWN and seen.error is not None and handler not in MAY_CHANGE:
        yield f"it was refused: {seen.error}"
    holder = find_holder(case.whom, Whose.OTHERS)
    telltale = f"{TELLTALES[holder]:,}" if holder else ""
    is_shown = any(telltale in text for text in seen.said)
    if case.whom not in ADMINS and is_shown:
        yield f"somebody else's sales were shown: {seen.said}"
    if case.whom in ADMINS and handler.startswith("edit.show_") and case.whose is Whose.OTHERS and not is_shown:
        yield f"an admin was not shown somebody's shift: {seen.said}"


def _may_change(case: Case, handler: str) -> bool:
    """Whether it depends on more than is known here; never so for a made-up thing, nor for what is somebody else's."""
    is_admins = handler == "errands.begin_for_admin" or (handler == "errands.begin" and case.whom in ADMINS)
    is_theirs = case.whose is Whose.OWN or (case.whose is Whose.OTHERS and is_admins)
    return handler in MAY_CHANGE and is_theirs


def _is_changing(case: Case, handler: str) -> bool:
    if handler == "start.start":
        return case.whom in STRANGERS and case.action.name == "/start with an invite"
    if handler == "shift.begin_anew":
        # Whatever it is to be instead of: a form of one's own begins.
        return True
    if handler not in CHANGING or case.whose is Whose.MADE_UP:
        return False
    deciding = ("admin.decide", "admin_inbox.decide", "requests.approve", "requests.give", "questions.take")
    if handler.startswith(deciding):
        return case.whose is Whose.OTHERS
    if case.whose is Whose.OTHERS:
        return handler in ("edit.begin", "team.add_shift") and case.whom in ADMINS
    unchanging = ("chatter", "/cancel", "/cancel some words", "FormButton(act=s)")
    if handler == "join.ask_to_join":
        return case.whom is Whom.STRANGER
    return case.action.name not in unchanging


def prepare(world: World, case: Case) -> tuple[int, str] | None:
    """Make what a case needs: the account and what it says; None where there is no such case."""
    account = world.come(case.whom)
    said = case.action.make(world, case.whom, case.whose, account)
    return None if said is None else (account, said)
