"""Errands: what takes a few questions before it is done, as screens show it and drafts keep it.

Setting a wage, booking a refund, asking for a day off: each asks one thing after the other, by buttons or for a typed
text, and is carried out once, by the last answer. What each asks and does stands in the use case of its topic.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any, Self

EARLIEST_DAY, LATEST_DAY = date(2, 1, 1), date(2100, 12, 31)
"""The first and the last date that a button can name.

No shift is dated before 2000 any more, but one of an older version may be, and the pay period that it lies in is shown.
"""


class AdminErrand(StrEnum):
    """What only admins can begin."""

    WAGE = "wage"
    CLOSE = "close"
    REOPEN = "reopen"
    PAY = "pay"
    REMIND = "remind"
    DATES = "dates"
    BASE_RATE = "base"
    UNPLAN = "unplan"
    ROLE = "role"
    RENAME = "rename"
    LEAVE = "leave"
    REHIRE = "rehire"
    LINK = "link"
    MOVE = "move"
    ADJUST = "adjust"
    REFUSE_CORRECTION = "fix-no"
    REFUND = "refund"
    WITHDRAW_REFUND = "unrefund"
    CUT_BONUS = "cut-bonus"
    REFUSE_DAY_OFF = "day-no"
    PRODUCT_ADD = "model-add"
    PRODUCT_NAME = "model-name"
    PRODUCT_OFF = "model-off"
    PRODUCT_ON = "model-on"
    RATE_ADD = "rate-add"
    RATE_FROM = "rate-from"
    RATE_PCT = "rate-pct"
    RATE_REMOVE = "rate-remove"
    PAY_TERMS = "pay-terms"
    RANK_ADD = "rank-add"
    RANK_NAME = "rank-name"
    RANK_EMOJI = "rank-emoji"
    RANK_TEXT = "rank-text"
    RANK_FROM = "rank-from"
    RANK_REMOVE = "rank-remove"
    GIFT_ADD = "gift-add"
    GIFT_REMOVE = "gift-remove"
    GRANT = "grant"
    VOID = "void"
    SETTING = "setting"


class OwnErrand(StrEnum):
    """What everybody in the team can begin."""

    MISSING = "missing"
    QUESTION = "question"
    REPLY = "reply"
    RESOLVE = "resolve"
    DAY_OFF = "day-off"


ErrandKind = AdminErrand | OwnErrand


class ErrandAct(StrEnum):
    """What a tap on an errand says."""

    ANSWER = "a"
    READ = "r"
    BACK = "b"
    TURN = "p"
    SHOW = "s"


@dataclass(frozen=True, slots=True)
class Choice:
    """A button that answers: `label` is what it says (a name, a date), or `key` the message that does.

    `facts` are what that message needs.
    `value` is what is kept, at most 30 plain characters without a colon. An empty one fills a gap in a row.
    """

    value: str
    label: str = ""
    key: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


YES = Choice("yes", key="button-yes")
NO = Choice("no", key="button-no")
SKIP = Choice("skip", key="button-skip")


@dataclass(frozen=True, slots=True)
class Question:
    """What an errand asks next. Its words are `ask-<kind>-<name>` where the topic's view has nothing better.

    `read` turns a typed text into what is kept, raising InvalidInputError; without it only the buttons answer.
    `shown` is what the view shows beside the question: what would change, say. `stands_on` is what a yes is to beside
    that: all amounts where not each is shown, the version of a table. `page_count` pages of choices are turned by
    buttons; `choices` are those of the errand's page.
    """

    name: str
    choices: Sequence[Choice] = ()
    columns: int = 2
    read: Callable[[str], str] | None = None
    shown: Any = None
    stands_on: object = ()
    page_count: int = 1


@dataclass(frozen=True, slots=True)
class PeriodSubject:
    """What an errand about a pay period is about: its first day, and a person where it is not about everybody."""

    start: date
    employee_id: int | None = None

    def dump(self) -> str:
        """As an errand's `subject`: the number of the day, and the person's."""
        return f"{self.start.toordinal()}" + (f".{self.employee_id}" if self.employee_id is not None else "")

    @classmethod
    def load(cls, subject: str) -> Self:
        """Out of an errand's `subject`. Raises ValueError for what nobody wrote."""
        number, _, employee_id = subject.partition(".")
        if not EARLIEST_DAY.toordinal() <= int(number) <= LATEST_DAY.toordinal():
            raise ValueError(f"no pay period: {subject}")
        return cls(date.fromordinal(int(number)), int(employee_id) if employee_id else None)


@dataclass(frozen=True, slots=True)
class Errand:
    """An errand in progress.

    `subject` is what it is about, an id as a text, often a person's; empty where it is about nothing. `answers` maps
    the questions to what was kept, in the order of the answers: Back takes the last one away. `texts` are the ids of
    the messages that were taken as answers.
    """

    kind: ErrandKind
    draft_id: str = ""
    revision: int = 0
    subject: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    page: int = 0
    texts: tuple[int, ...] = ()

    def answer(self, question: str, kept: str) -> Self:
        """The errand with one more answer."""
        return replace(self, answers={**self.answers, question: kept}, page=0)

    def go_back(self) -> Self:
        """The errand without its last answer. At the first question it stays."""
        return replace(self, answers=dict(list(self.answers.items())[:-1]), page=0)

    @property
    def is_at_start(self) -> bool:
        """Whether there is nothing to go back to."""
        return not self.answers

    def dump(self) -> dict[str, Any]:
        """The errand as a draft keeps it: JSON without what the draft has of its own."""
        kept = asdict(self)
        for name in ("kind", "draft_id", "revision"):
            kept.pop(name)
        # JSONB does not keep the order of an object's keys.
        return {**kept, "answers": list(self.answers.items())}

    @classmethod
    def load(cls, *, kind: str, draft_id: str, revision: int, data: Mapping[str, Any]) -> Self:
        """The errand of a draft. What an older version kept and this one does not know is left out."""
        known = {one.name for one in fields(cls)}
        given = {name: value for name, value in data.items() if name in known}
        given |= {"answers": dict(data.get("answers", [])), "texts": tuple(data.get("texts", ()))}
        return cls(kind=read_kind(kind), draft_id=draft_id, revision=revision, **given)


@dataclass(frozen=True, slots=True)
class ErrandAsked:
    """An errand with its next question.

    `is_stale`: the tap was on an older question; this is where one is. `needs_tap`: a text was typed where only the
    buttons answer. `is_resumed`: it had been left for another screen, and is gone on with.
    """

    errand: Errand
    question: Question
    is_stale: bool = False
    needs_tap: bool = False
    is_resumed: bool = False

    @property
    def draft_id(self) -> str:
        """The draft that keeps it."""
        return self.errand.draft_id


@dataclass(frozen=True, slots=True)
class ErrandDone:
    """An errand that was carried out, with what came of it."""

    errand: Errand
    outcome: Any


def is_errand(kind: str) -> bool:
    """Whether a draft of this kind is an errand."""
    return kind in [*AdminErrand, *OwnErrand]


def read_kind(kind: str) -> ErrandKind:
    """The errand of that name. Raises ValueError for none."""
    return AdminErrand(kind) if kind in list(AdminErrand) else OwnErrand(kind)
