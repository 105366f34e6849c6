"""What each errand asks and does, said by its topic; `bot.use_cases.errands` goes through it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from bot.errands import LATEST_DAY, YES, Choice, Errand, Question
from payroll.amounts import parse_amount
from payroll.business_time import format_date
from payroll.checks import EARLIEST_DATE
from payroll.errors import ErrorKey, InvalidInputError, NotFoundError
from payroll.names import tidy_line
from payroll.people import Person
from payroll.typed_dates import Looking, parse_day
from postgres_service import PostgresService

LONGEST_TEXT = 500
SURE = "sure"
"""The last question of whatever changes anything by a button: whether it is right."""

Ask: TypeAlias = Callable[[PostgresService, Person, Errand], Question | None]
Do: TypeAlias = Callable[[PostgresService, Person, Errand], Any]


@dataclass(frozen=True, slots=True)
class ErrandRules:
    """An errand's rules.

    `require` raises ForbiddenError for who may not have it done (`Person.require_admin`). `ask` gives the next question
    from the answers so far, None once everything is known. `do` carries it out, in the transaction that ends the
    dialogue, tells whom it concerns through the outbox, and returns what the view shows. Both raise domain errors: what
    was answered then stays as it was before.
    """

    require: Callable[[Person], None]
    ask: Ask
    do: Do


def ask_sure(
    service: PostgresService, person: Person, errand: Errand, do: Do, choices: Sequence[Choice] = (YES,)
) -> Question | None:
    """The last question, with what carrying the errand out would give just now. Raises what that raises."""
    if SURE in errand.answers:
        return None
    rehearsed: list[Any] = []
    with service.rehearsal():
        rehearsed.append(do(service, person, errand))
    return Question(SURE, choices, columns=1, shown=rehearsed[0])


def read_text(field: str, longest: int = LONGEST_TEXT) -> Callable[[str], str]:
    """Reads a text of any words, such as a reason; runs of white space become one space.

    Neither PostgreSQL nor Telegram takes NUL or half a character: they are left out.
    """

    def read(text: str) -> str:
        kept = " ".join(tidy_line(text).split())
        if not kept:
            raise InvalidInputError(ErrorKey.FIELD_MISSING, field=field, value=text, allowed="a few words")
        if len(kept) > longest:
            raise InvalidInputError(
                ErrorKey.TEXT_TOO_LONG, field=field, value=f"{len(kept)} characters", allowed=f"up to {longest}"
            )
        return kept

    return read


def read_subject(errand: Errand) -> int:
    """The number of what an errand is about. Raises NotFoundError for a made-up one."""
    if not errand.subject.isascii() or not errand.subject.isdigit() or int(errand.subject) >= 2**63:
        raise NotFoundError(ErrorKey.REQUEST_UNKNOWN, field="subject", value=errand.subject, allowed="a number")
    return int(errand.subject)


def read_amount(text: str) -> str:
    """Reads an amount above zero in USD, kept as a plain decimal."""
    return str(parse_amount(text))


def read_pct(field: str, allowed: str = "0 to 100, with at most two decimals") -> Callable[[str], str]:
    """Reads a percentage from 0 to 100 with at most two decimals, kept as a plain decimal.

    `allowed` is what is said to be right, where whoever reads it takes less than that.
    """

    def read(text: str) -> str:
        given = text.strip().removesuffix("%").rstrip().replace(",", ".")
        whole, _, decimals = given.partition(".")
        is_plain = whole.isascii() and whole.isdigit() and len(decimals) <= 2 and (not decimals or decimals.isdigit())
        if not is_plain or (given != whole and not decimals) or not 0 <= Decimal(given) <= 100:
            raise InvalidInputError(ErrorKey.VALUE_INVALID, field=field, value=text, allowed=allowed)
        return str(Decimal(given))

    return read


def read_date(field: str, today: date, looking: Looking = Looking.EITHER) -> Callable[[str], str]:
    """Reads a date of this century as people type it on `today`, kept as `2026-11-22`."""

    def read(text: str) -> str:
        day = parse_day(text, today, looking, field=field)
        if not EARLIEST_DATE <= day <= LATEST_DAY:
            allowed = f"{format_date(EARLIEST_DATE)} to {format_date(LATEST_DAY)}"
            raise InvalidInputError(ErrorKey.VALUE_INVALID, field=field, value=format_date(day), allowed=allowed)
        return day.isoformat()

    return read


def offer_dates(*days: date) -> tuple[Choice, ...]:
    """Buttons for dates."""
    return tuple(Choice(day.isoformat(), label=format_date(day)) for day in days)
