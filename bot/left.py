"""Dialogues that were begun and left for another screen, as their buttons name them (SPEC 4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.errands import Errand
from bot.forms import Form
from payroll.shifts import RunningShift


@dataclass(frozen=True, slots=True)
class LeftDialogue:
    """A dialogue that can be gone on with.

    What it says is a form or an errand. `day` is the business date that it is about, `name` the person where it is not
    about oneself; `products` are the names of the models that a form has sales of, by their ids.
    """

    draft_id: str
    said: Form | Errand
    day: date | None = None
    name: str | None = None
    products: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Begun:
    """Somebody wants to begin what they have begun before: `left` is that, and nothing has happened to it yet."""

    left: LeftDialogue


@dataclass(frozen=True, slots=True)
class Home:
    """What the main menu says of a person: the shift that they are on, and the dialogues that they left.

    `may_undo`: the shift has just begun, and can be taken back with one tap.
    """

    running: RunningShift | None = None
    left: tuple[LeftDialogue, ...] = ()
    may_undo: bool = False
