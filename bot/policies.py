"""Who may do what, and where from: each handler says it at its definition, `bot.middlewares.rights` enforces it.

    @allow(Who.ADMIN)
    async def create_invite(_query: CallbackQuery, …) -> Screen:

This decides only whether a handler is asked at all. The use case checks roles and ownership again, on its own.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from aiogram import Router, flags
from aiogram.dispatcher.event.handler import HandlerObject
from aiogram.enums import ChatType
from aiogram.types import CallbackQuery, Message, TelegramObject, User

from payroll.errors import ForbiddenError
from payroll.people import Person

Callback = TypeVar("Callback", bound=Callable[..., Any])

_LARGEST_ID = 2**52 - 1
# What Telegram puts in place of a person: anonymous admins of any group, channels, and its own service messages.
_SHARED_IDS = frozenset({1087968824, 136817688, 777000})
_FLAG = "policy"


class Who(StrEnum):
    """For whom a handler is. Somebody who has left the team is none of these, but a LEAVER until all is settled.

    LEAVER is what members do that also who has left may finish (PAYROLL D36). FORMER is what is theirs to read for
    good: their own pay and statements.
    """

    ANYBODY = "anybody"
    STRANGER = "stranger"
    LEAVER = "leaver"
    FORMER = "former"
    MEMBER = "member"
    ADMIN = "admin"
    OWNER = "owner"


class Where(StrEnum):
    """What a handler takes, always in the private chat with the bot.

    OWN is a text that its sender typed there, or their own tap. ANYTHING is also what was forwarded, changed later or
    made by another bot, and pictures with captions: for handlers that act on nothing of it.
    """

    OWN = "own"
    ANYTHING = "anything"


class Refusal(StrEnum):
    """Why a handler is not asked."""

    NOT_PRIVATE = "not in a private chat"
    LEFT = "has left"
    STRANGER = "a stranger"
    NOT_OWN = "not their own text or tap"
    NOT_A_STRANGER = "not a stranger"
    NOT_ADMIN = "not an admin"
    NOT_OWNER = "not the owner"


@dataclass(frozen=True, slots=True)
class Policy:
    """Whom a handler is for, and what it takes."""

    who: Who
    where: Where = Where.OWN

    def find_refusal(self, event: TelegramObject, person: Person | None) -> Refusal | None:
        """Why this person may not have this done, None where they may; `person` is None for a stranger."""
        if find_private_user(event) is None:
            return Refusal.NOT_PRIVATE
        if person is not None and person.has_left and not self._is_for_leaver(person):
            return Refusal.LEFT
        if person is None and self.who not in (Who.ANYBODY, Who.STRANGER):
            return Refusal.STRANGER
        if self.where is Where.OWN and not is_own(event):
            return Refusal.NOT_OWN
        return None if person is None else self._judge_role(person)

    def _is_for_leaver(self, person: Person) -> bool:
        return self.who is Who.FORMER or (person.has_open_matters and self.who in (Who.ANYBODY, Who.LEAVER))

    def _judge_role(self, person: Person) -> Refusal | None:
        if self.who is Who.STRANGER:
            return Refusal.NOT_A_STRANGER
        try:
            if self.who is Who.ADMIN:
                person.require_admin()
            if self.who is Who.OWNER:
                person.require_owner()
        except ForbiddenError:
            return Refusal.NOT_ADMIN if self.who is Who.ADMIN else Refusal.NOT_OWNER
        return None


class PolicyMissingError(TypeError):
    """A handler does not say whom it is for: an error of the program."""


def allow(who: Who, where: Where = Where.OWN) -> Callable[[Callback], Callback]:
    """Say at a handler's definition whom it is for, and what it takes."""

    def declare(callback: Callback) -> Callback:
        flags.policy(Policy(who, where))(callback)
        return callback

    return declare


def get_policy(handler: HandlerObject) -> Policy:
    """What a handler's definition says. Raises PolicyMissingError where it says nothing."""
    policy = handler.flags.get(_FLAG)
    if not isinstance(policy, Policy):
        raise PolicyMissingError(f"{name_handler(handler)} has no policy: put @allow(…) above it")
    return policy


def name_handler(handler: HandlerObject) -> str:
    """A handler for the log, by its module and function."""
    callback = handler.callback
    return f"{getattr(callback, '__module__', '')}.{getattr(callback, '__qualname__', callback)}"


def list_handlers(routers: Iterable[Router]) -> list[tuple[str, HandlerObject]]:
    """Every handler of some routers and those included in them, with the type of update it is registered for."""
    return [
        (update_type, handler)
        for router in routers
        for each in router.chain_tail
        for update_type, observer in each.observers.items()
        for handler in observer.handlers
    ]


def find_private_user(event: TelegramObject) -> User | None:
    """Who writes or taps, None where that is no person in their own chat with the bot.

    In a group, admins may write as the group, and its channel does: neither is a person, whatever id they share.
    """
    if isinstance(event, CallbackQuery):
        chat = event.message.chat if event.message is not None else None
        is_elsewhere = event.inline_message_id is not None
    elif isinstance(event, Message):
        chat, is_elsewhere = event.chat, event.sender_chat is not None
    else:
        return None
    user = event.from_user
    if user is None or is_elsewhere or not _is_person(user):
        return None
    is_private = chat is None or (chat.type == ChatType.PRIVATE and chat.id == user.id)
    return user if is_private else None


def _is_person(user: User) -> bool:
    return not user.is_bot and user.id not in _SHARED_IDS and 0 < user.id <= _LARGEST_ID


def is_own(event: TelegramObject) -> bool:
    """Whether it is a text that its sender typed, or a tap: not a caption, and nothing forwarded, changed or made."""
    if isinstance(event, Message):
        is_passed_on = event.forward_origin is not None or event.via_bot is not None or event.edit_date is not None
        return event.text is not None and not is_passed_on
    return isinstance(event, CallbackQuery)
