"""Dialogues that were left: they are kept, and gone on with by their own button alone (SPEC 4)."""

from datetime import date

from bot.errands import AdminErrand, Errand, ErrandKind, OwnErrand, PeriodSubject, is_errand
from bot.forms import Form, Kind, Step
from bot.left import LeftDialogue
from bot.use_cases.errand_rules import SURE
from payroll.errors import NotFoundError
from payroll.people import Person
from payroll.shifts import RunningShift
from postgres_service import PostgresService
from repository.drafts import Draft

MOST_SHOWN = 5
"""How many of them the menu offers, those of which something was said last."""
ABOUT_PEOPLE = frozenset(
    {
        AdminErrand.WAGE,
        AdminErrand.BASE_RATE,
        AdminErrand.UNPLAN,
        AdminErrand.ROLE,
        AdminErrand.RENAME,
        AdminErrand.LEAVE,
        AdminErrand.REHIRE,
        AdminErrand.LINK,
        AdminErrand.MOVE,
        AdminErrand.ADJUST,
        AdminErrand.GRANT,
    }
)
"""The errands whose subject is a person's number."""
ABOUT_PERIODS: frozenset[ErrandKind] = frozenset(
    {AdminErrand.CLOSE, AdminErrand.REOPEN, AdminErrand.PAY, AdminErrand.REMIND, OwnErrand.MISSING}
)
"""The errands whose subject is a `PeriodSubject`."""


def list_left(service: PostgresService, person: Person, running: RunningShift | None) -> tuple[LeftDialogue, ...]:
    """What the person can go on with, of which something was said last first; `running` is their running shift.

    One in which nothing was said yet is offered only as long as it is the last that was begun.
    """
    found = [
        (draft, said)
        for draft in service.drafts.list_open(person.employee_id)
        if _may_go_on(person, said := read_said(draft), running)
    ]
    offered = [one for number, one in enumerate(found) if is_begun(one[1]) or (not number and _asks_for_more(*one))]
    return tuple(describe(service, *one) for one in offered[:MOST_SHOWN])


def find_begun(
    service: PostgresService, person: Person, wanted: Form | Errand, *, instead_of: str | None = None
) -> LeftDialogue | None:
    """What is to be asked about before `wanted` is begun: one of that kind in which something was said.

    There is none where the person has said of it (its id is `instead_of`) that they want to start anew. What is not
    asked about is over.
    """
    same = list_same(service, person, wanted)
    for draft, said in same:
        if draft.draft_id != instead_of and is_begun(said) and _may_go_on(person, said, None):
            return describe(service, draft, said)
    service.drafts.cancel(draft for draft, _ in same)
    return None


def list_same(service: PostgresService, person: Person, wanted: Form | Errand) -> list[tuple[Draft, Form | Errand]]:
    """The person's open dialogues of that kind, the one answered last first."""
    drafts = [one for one in service.drafts.list_open(person.employee_id) if one.kind == wanted.kind]
    return [(one, said) for one in drafts if _name_kind(said := read_said(one)) == _name_kind(wanted)]


def read_said(draft: Draft) -> Form | Errand:
    """What a draft says."""
    return load_errand(draft) if is_errand(draft.kind) else load_form(draft)


def load_form(draft: Draft) -> Form:
    """The form of a draft."""
    return Form.load(
        kind=draft.kind, draft_id=draft.draft_id, revision=draft.revision, step=draft.step, data=draft.data
    )


def load_errand(draft: Draft) -> Errand:
    """The errand of a draft."""
    return Errand.load(kind=draft.kind, draft_id=draft.draft_id, revision=draft.revision, data=draft.data)


def is_begun(said: Form | Errand) -> bool:
    """Whether something was answered that would be lost."""
    return not said.is_at_start or (isinstance(said, Form) and bool(said.products))


def describe(service: PostgresService, draft: Draft, said: Form | Errand) -> LeftDialogue:
    """A dialogue with what its button says."""
    if isinstance(said, Errand):
        name, day = _find_subject(service, said)
        return LeftDialogue(draft.draft_id, said, day, name)
    day = service.rules.zone.date_of(said.start) if said.start is not None else said.day
    names = service.get_catalogue().names if said.products or said.product_id is not None else {}
    return LeftDialogue(draft.draft_id, said, day, said.for_name, names)


def _find_subject(service: PostgresService, errand: Errand) -> tuple[str | None, date | None]:
    """The name of the person that an errand is about, and the first day of its pay period."""
    try:
        if errand.kind in ABOUT_PEOPLE:
            return service.people.get(int(errand.subject)).name, None
        if errand.kind in ABOUT_PERIODS:
            period = PeriodSubject.load(errand.subject)
            is_other = period.employee_id is not None and errand.kind is not OwnErrand.MISSING
            return service.people.get(period.employee_id or 0).name if is_other else None, period.start
    except (ValueError, NotFoundError):
        # Nobody, or no period, of that number: going on with it says so.
        return None, None
    return None, None


def _may_go_on(person: Person, said: Form | Errand, running: RunningShift | None) -> bool:
    if isinstance(said, Errand):
        is_admins = said.kind in list(AdminErrand)
        return not person.has_left and (person.is_admin or not is_admins)
    if said.for_id is not None:
        return person.is_admin
    return said.running_id is None or (running is not None and running.shift_id == said.running_id)


def _asks_for_more(draft: Draft, said: Form | Errand) -> bool:
    """Whether its first question is more than one that everybody begins with, or a plain Yes."""
    if isinstance(said, Errand):
        return draft.step != SURE
    return said.kind is not Kind.NEW or said.step is not Step.DAY


def _name_kind(said: Form | Errand) -> tuple[str, bool, bool]:
    """Finishing a running shift is another kind than recording one, and one's own another than somebody else's."""
    is_finishing = isinstance(said, Form) and said.running_id is not None
    return said.kind, is_finishing, is_finishing and isinstance(said, Form) and said.for_id is not None
