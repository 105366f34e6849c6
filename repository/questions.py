"""Questions: asked by a person, taken by one admin, resolved, rated; each change of state is recorded (SPEC 4.23)."""

from datetime import date

from payroll.errors import ConflictError, ErrorKey, ForbiddenError, InvalidInputError, NotFoundError
from payroll.people import Person
from payroll.questions import Question, QuestionEvent, QuestionMessage, QuestionState
from repository.database import Row, unit_of_work
from repository.desk import Desk, read_reason

LONGEST_MESSAGE = 4000


class Questions:
    """The door to questions."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._database = desk.database

    @unit_of_work
    def ask(
        self, text: str, *, actor: Person, shift_id: int | None = None, period_start: date | None = None
    ) -> Question:
        """Ask the admins about a shift or a statement of one's own, or anything. Raises InvalidInputError."""
        params = {"employee_id": actor.employee_id, "shift_id": shift_id, "period_start": period_start}
        row = self._database.fetch_one("insert_question", params)
        if row is None:
            raise ForbiddenError(
                ErrorKey.SHIFT_NOT_YOURS, field="shift_id", value=shift_id, allowed="a shift of one's own"
            )
        self._note(row[0], QuestionState.REQUESTED, actor, None)
        self._write(row[0], text, actor)
        return self.get(row[0])

    def get(self, question_id: int) -> Question:
        """A question by its number. Raises NotFoundError."""
        row = self._database.fetch_one("select_question", {"question_id": question_id})
        if row is None:
            raise NotFoundError(
                ErrorKey.QUESTION_UNKNOWN, field="question", value=question_id, allowed="a question's number"
            )
        return _read(row)

    def list_open(self, limit: int, *, skip: int = 0) -> list[Question]:
        """What is not resolved, oldest first."""
        params = {"limit": limit, "skip": skip}
        return [_read(row) for row in self._database.fetch_all("select_open_questions", params)]

    def list_of(self, employee_id: int, limit: int, *, skip: int = 0) -> list[Question]:
        """A person's questions, newest first."""
        params = {"employee_id": employee_id, "limit": limit, "skip": skip}
        return [_read(row) for row in self._database.fetch_all("select_questions_of", params)]

    def list_messages(self, question_id: int) -> list[QuestionMessage]:
        """What was written, oldest first."""
        rows = self._database.fetch_all("select_question_messages", {"question_id": question_id})
        return [QuestionMessage(*row) for row in rows]

    def list_events(self, question_id: int) -> list[QuestionEvent]:
        """Every change of state, oldest first."""
        rows = self._database.fetch_all("select_question_events", {"question_id": question_id})
        return [QuestionEvent(QuestionState(state), *rest) for state, *rest in rows]

    @unit_of_work
    def take(self, question_id: int, *, actor: Person) -> Question:
        """Make it one's own to answer; the first admin has it. Raises ForbiddenError, ConflictError QUESTION_STATE."""
        self._desk.require_admin(actor)
        self._move(question_id, QuestionState.REQUESTED, QuestionState.ACTIVE, actor, None, taken_by=actor.employee_id)
        return self.get(question_id)

    @unit_of_work
    def add_message(self, question_id: int, text: str, *, actor: Person) -> Question:
        """Pass a message on, of the person or of an admin. Raises ForbiddenError, ConflictError once it is resolved."""
        question = self._lock(question_id)
        self._desk.require_self_or_admin(actor, question.employee_id)
        if question.state is QuestionState.RESOLVED:
            raise _refuse_state(question)
        self._write(question_id, text, actor)
        return question

    @unit_of_work
    def resolve(self, question_id: int, *, actor: Person, reason: str | None = None) -> Question:
        """Note that it is answered; by an admin or who asked. Raises ForbiddenError, ConflictError QUESTION_STATE."""
        self._desk.require_self_or_admin(actor, self.get(question_id).employee_id)
        why = read_reason(reason) if reason else None
        self._move(question_id, None, QuestionState.RESOLVED, actor, why, taken_by=None)
        return self.get(question_id)

    @unit_of_work
    def rate(self, question_id: int, rating: int, *, actor: Person) -> Question:
        """Say from 1 to 5 how well it was answered; by who asked. Raises ForbiddenError, InvalidInputError."""
        question = self._lock(question_id)
        if question.employee_id != actor.employee_id:
            raise ForbiddenError(ErrorKey.NOT_ALLOWED, field="question", value=question_id, allowed="who asked")
        if not 1 <= rating <= 5:
            raise InvalidInputError(ErrorKey.VALUE_INVALID, field="rating", value=rating, allowed="1 to 5")
        if question.state is not QuestionState.RESOLVED:
            raise _refuse_state(question)
        self._database.execute("rate_question", {"question_id": question_id, "rating": rating})
        return self.get(question_id)

    def _move(
        self,
        question_id: int,
        only_from: QuestionState | None,
        state: QuestionState,
        actor: Person,
        reason: str | None,
        *,
        taken_by: int | None,
    ) -> None:
        question = self._lock(question_id)
        if question.state is QuestionState.RESOLVED or (only_from is not None and question.state is not only_from):
            raise _refuse_state(question)
        params = {"question_id": question_id, "state": state, "taken_by": taken_by}
        self._database.execute("move_question", params)
        self._note(question_id, state, actor, reason)

    def _lock(self, question_id: int) -> Question:
        self._database.fetch_one("lock_question", {"question_id": question_id})
        return self.get(question_id)

    def _note(self, question_id: int, state: QuestionState, actor: Person, reason: str | None) -> None:
        params = {
            "question_id": question_id,
            "state": state,
            "actor_id": actor.employee_id,
            "reason": reason,
            "at": self._desk.rules.clock(),
        }
        self._database.execute("insert_question_event", params)

    def _write(self, question_id: int, text: str, actor: Person) -> None:
        message = text.replace("\0", "").strip()
        if not 1 <= len(message) <= LONGEST_MESSAGE:
            raise InvalidInputError(
                ErrorKey.TEXT_TOO_LONG,
                field="message",
                value=len(message),
                allowed=f"1 to {LONGEST_MESSAGE} characters",
            )
        params = {
            "question_id": question_id,
            "author_id": actor.employee_id,
            "message": message,
            "at": self._desk.rules.clock(),
        }
        self._database.execute("insert_question_message", params)


def _refuse_state(question: Question) -> ConflictError:
    return ConflictError(
        ErrorKey.QUESTION_STATE, field="question", value=question.state, allowed="a question in another state"
    )


def _read(row: Row) -> Question:
    question_id, employee_id, name, shift_id, period_start, state, taken_by, rating = row
    return Question(question_id, employee_id, name, shift_id, period_start, QuestionState(state), taken_by, rating)
