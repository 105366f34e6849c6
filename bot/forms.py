"""Forms: what a dialogue has gathered so far, as screens show it and drafts keep it."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self


class Kind(StrEnum):
    """What a form is for."""

    NEW = "new"
    EDIT = "edit"


class Step(StrEnum):
    """What a form asks for now."""

    DAY = "day"
    DAY_SURE = "day_sure"
    START = "start"
    END = "end"
    WHICH_END = "which_end"
    TWICE = "twice"
    MOVE_SURE = "move_sure"
    SURE = "sure"
    PRODUCT = "product"
    AMOUNT = "amount"
    AMOUNT_SURE = "amount_sure"
    FIELD = "field"
    TOTAL = "total"
    DELETE = "delete"
    CLOSED = "closed"
    REASON = "reason"
    DONE = "done"


class Act(StrEnum):
    """What a tap on a form says."""

    DAY = "d"
    HALF = "h"
    HOUR = "t"
    END = "z"
    TWICE = "w"
    SURE = "y"
    PRODUCT = "p"
    FINISH = "f"
    NO_SALES = "n"
    FIELD = "e"
    ASK = "k"
    READ = "r"
    BACK = "b"
    SHOW = "s"


class EditField(StrEnum):
    """What can be corrected about a shift in the chat."""

    CLOCK_IN = "in"
    CLOCK_OUT = "out"
    SALES = "sales"
    TOTAL = "total"
    DELETE = "del"


CLOCKS = (EditField.CLOCK_IN, EditField.CLOCK_OUT)
"""What can be corrected about a refunded shift too (PAYROLL D35)."""


class Half(StrEnum):
    """The page of hours that is shown."""

    AM = "AM"
    PM = "PM"


END_OF_BEFORE = "before"
"""The answer to which end holds, where it is not a minute."""

TYPED_STEPS = frozenset({Step.DAY, Step.START, Step.END, Step.WHICH_END, Step.AMOUNT, Step.TOTAL, Step.REASON})
"""The steps that are answered by typing (too)."""

CONFIRMING_STEPS = frozenset({Step.DAY_SURE, Step.MOVE_SURE, Step.SURE, Step.AMOUNT_SURE})
"""The steps that ask "is that right?": typing there answers the step before once more."""


@dataclass(frozen=True, slots=True)
class Form:
    """A dialogue about one shift.

    `day` is a business date; `start` and `end` are instants in UTC; `clock` is a clock time that waits for an answer:
    before or after the clocks went back; `products` maps product ids to USD; `product_id` and `amount` are what is
    being asked for; `running_id` is the running shift that this ends; `shift_id` and `edited` are what this corrects;
    `reason` says why the admins are asked to correct what is closed, or what somebody wants who `has_left`.
    `is_closed`: the date lies in a closed pay period, so that the admins will be asked. `moved_to` are the first and
    the last day of the pay period that a correction moves the shift to, where that is another one.
    `for_id` and `for_name` say whose shift it is where an admin is at somebody else's. `zone` is the name of the
    business zone whose clocks and calendar were meant; None in a form of an older version.
    `trail` are the steps that Back goes through, `texts` the ids of the messages that were taken as answers.
    """

    kind: Kind
    draft_id: str
    revision: int
    step: Step
    day: date | None = None
    half: Half = Half.AM
    clock: time | None = None
    start: datetime | None = None
    end: datetime | None = None
    products: Mapping[int, Decimal] = field(default_factory=dict)
    product_id: int | None = None
    amount: Decimal | None = None
    running_id: int | None = None
    shift_id: int | None = None
    edited: EditField | None = None
    reason: str | None = None
    has_left: bool = False
    is_closed: bool = False
    moved_to: tuple[date, date] | None = None
    for_id: int | None = None
    for_name: str | None = None
    zone: str | None = None
    trail: tuple[Step, ...] = ()
    texts: tuple[int, ...] = ()

    def go(self, step: Step, **changes: Any) -> Self:
        """The form at its next step; Back leads here again."""
        return replace(self, step=step, trail=(*self.trail, self.step), **changes)

    def go_back(self) -> Self:
        """The form one step back, with everything that was said. At the first step it stays."""
        if not self.trail:
            return self
        step = self.trail[-1]
        if self.step is Step.WHICH_END:
            # A question in between: it was asked at any step, and that one goes on as it was.
            return replace(self, step=step, trail=self.trail[:-1])
        half = Half.AM if step is Step.START else self.half
        return replace(self, step=step, trail=self.trail[:-1], half=half, clock=None, amount=None)

    def ask_times_anew(self) -> Self:
        """The form with its date and times to be said once more; the sales stay, and the start of a running shift."""
        asked = replace(
            self, half=Half.AM, end=None, clock=None, product_id=None, amount=None, reason=None, moved_to=None, trail=()
        )
        if self.kind is Kind.EDIT:
            return replace(asked, step=Step.FIELD, edited=None, day=None)
        if self.running_id is not None:
            return replace(asked, step=Step.END)
        return replace(asked, step=Step.DAY, day=None, start=None, is_closed=False)

    @property
    def is_about_times(self) -> bool:
        """Whether what was said in it is read by the clocks and the calendar of a zone."""
        return self.kind is Kind.NEW or self.edited in CLOCKS

    @property
    def is_typed(self) -> bool:
        """Whether the step is answered by typing (too)."""
        return self.step in TYPED_STEPS

    @property
    def is_at_start(self) -> bool:
        """Whether there is nothing to go back to."""
        return not self.trail

    def dump(self) -> dict[str, Any]:
        """The form as a draft keeps it: JSON without what the draft has of its own."""
        kept = {name: value for name, value in asdict(self).items() if value not in (None, (), {})}
        for name in ("kind", "draft_id", "revision", "step"):
            kept.pop(name)
        kept["products"] = {str(product_id): str(amount) for product_id, amount in self.products.items()}
        return {name: _write(value) for name, value in kept.items()}

    @classmethod
    def load(cls, *, kind: str, draft_id: str, revision: int, step: str, data: Mapping[str, Any]) -> Self:
        """The form of a draft. What an older version kept and this one does not know is left out."""
        readers: dict[str, Callable[[Any], Any]] = {
            "day": date.fromisoformat,
            "half": Half,
            "clock": time.fromisoformat,
            "start": datetime.fromisoformat,
            "end": datetime.fromisoformat,
            "products": _read_products,
            "amount": Decimal,
            "edited": EditField,
            "moved_to": _read_dates,
            "trail": _read_trail,
            "texts": tuple,
        }
        known = {one.name for one in fields(cls)}
        given = {
            name: readers[name](value) if name in readers else value for name, value in data.items() if name in known
        }
        return cls(kind=Kind(kind), draft_id=draft_id, revision=revision, step=_read_step(step), **given)


def _write(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_write(one) for one in value]
    return str(value) if isinstance(value, date | time | Decimal) else value


def _read_dates(data: list[str]) -> tuple[date, date]:
    first, last = data
    return date.fromisoformat(first), date.fromisoformat(last)


def _read_products(data: Mapping[str, str]) -> dict[int, Decimal]:
    return {int(product_id): Decimal(amount) for product_id, amount in data.items()}


def _read_trail(data: list[str]) -> tuple[Step, ...]:
    return tuple(_read_step(step) for step in data)


def _read_step(step: str) -> Step:
    """A step as a draft keeps it; an older version looked at the sales in a step of its own."""
    return Step.PRODUCT if step == "review" else Step(step)
