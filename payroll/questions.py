"""Questions of people to the admins (SPEC 4.23)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class QuestionState(StrEnum):
    """Asked, taken by an admin, answered."""

    REQUESTED = "requested"
    ACTIVE = "active"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Question:
    """A question about a shift, the statement of a period (by its first day), or anything; `rating` 1 to 5."""

    question_id: int
    employee_id: int
    name: str
    shift_id: int | None
    period_start: date | None
    state: QuestionState
    taken_by: int | None
    rating: int | None


@dataclass(frozen=True, slots=True)
class QuestionMessage:
    """What the person or an admin wrote."""

    author_id: int
    author: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class QuestionEvent:
    """A change of state: into which, who, when, why."""

    state: QuestionState
    actor_id: int
    actor: str
    reason: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Thread:
    """A question with all that was written and happened, oldest first; `admin` is who has taken it.

    `is_own`: who looks has asked it.
    """

    question: Question
    messages: tuple[QuestionMessage, ...]
    events: tuple[QuestionEvent, ...]
    admin: str | None
    is_own: bool

    @property
    def is_answered(self) -> bool:
        """Whether somebody else than who asked took it, wrote something or says that it is answered."""
        others = [one.actor_id for one in self.events] + [one.author_id for one in self.messages]
        return any(one != self.question.employee_id for one in others)
