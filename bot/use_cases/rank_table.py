"""The rank table as admins see and change it, one thing of one rank at a time (SPEC 3.13, PAYROLL D18, D19).

A rank is from which sales of a month on; it ends where the next begins, so the table has no gap.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from bot.errands import YES, AdminErrand, Errand, ErrandKind, Question
from bot.use_cases.errand_rules import ErrandRules, read_amount, read_subject, read_text
from bot.use_cases.gifts import ask_offer, name_offer, read_offer
from payroll.errors import ConflictError, ErrorKey, NotFoundError
from payroll.people import Person
from payroll.rank_tables import LONGEST_EMOJI, LONGEST_NAME, LONGEST_TEXT, RankChange, RankRow, RecalcReport
from payroll.tables import check_start
from postgres_service import PostgresService

RankNames = Mapping[int, tuple[str, str, str]]
"""Name, emoji and text of every rank by its id."""


def list_ranks(service: PostgresService, admin: Person) -> list[RankRow]:
    """The table of this month. Raises ForbiddenError."""
    admin.require_admin()
    return service.ranks.list_rows()


def get_rank(service: PostgresService, admin: Person, rank_id: int) -> RankRow:
    """A rank of it. Raises ForbiddenError, NotFoundError."""
    return _find(list_ranks(service, admin), rank_id)


def recalculate(service: PostgresService, admin: Person) -> tuple[RecalcReport, RankNames]:
    """Work out this month's ranks for everybody again; what changed, and past months that differ (PAYROLL D19).

    Whose rank changed is told as after a shift. Raises ForbiddenError.
    """
    admin.require_admin()
    return service.ranks.recalculate(actor=admin), service.statistics.get_rank_names()


def ask(service: PostgresService, _admin: Person, errand: Errand) -> Question | None:
    """What is to be another way, and whether it is right: with everybody whom the table would move."""
    rows = service.ranks.list_rows()
    old = None if errand.kind is AdminErrand.RANK_ADD else _find(rows, read_subject(errand))
    for name in _ASKED[errand.kind]:
        if name not in errand.answers:
            return replace(_QUESTIONS[name], shown=old)
    if errand.kind is AdminErrand.GIFT_ADD:
        question = ask_offer(errand)
        if question is not None:
            return replace(question, shown=old)
    if errand.kind is AdminErrand.GIFT_REMOVE and "gift" not in errand.answers and old is not None:
        offers = [name_offer(str(at), offer) for at, offer in enumerate(old.offers)]
        return Question("gift", offers, columns=1, shown=old)
    if "sure" in errand.answers:
        return None
    change = _change(rows, errand)
    moved = service.ranks.preview(change.rows)
    # Of two admins who change the table the second looks again.
    return Question("sure", (YES,), shown=replace(change, moved=tuple(moved)), stands_on=service.ranks.get_version())


def do(service: PostgresService, admin: Person, errand: Errand) -> RankChange:
    """Put the table in force. Whose rank it changes is told as after a shift; nothing is withdrawn (PAYROLL D18)."""
    change = _change(service.ranks.list_rows(), errand)
    service.ranks.change(change.rows, actor=admin)
    return change


def _change(rows: Sequence[RankRow], errand: Errand) -> RankChange:
    """The table with what is said."""
    if errand.kind is AdminErrand.RANK_ADD:
        said = errand.answers
        _refuse_taken(rows, Decimal(said["from"]))
        new = RankRow(None, said["name"], said["emoji"], said["text"], Decimal(said["from"]), None, ())
        return _close(sorted([*rows, new], key=lambda row: row.min_sales), None, new)
    old = _find(rows, read_subject(errand))
    if errand.kind is AdminErrand.RANK_REMOVE:
        return _close([row for row in rows if row is not old], old, None)
    changed = _CHANGES[errand.kind](old, errand)
    check_start(rows, rows.index(old), changed.min_sales, name=old.name)
    return _close([changed if row is old else row for row in rows], old, changed)


def _refuse_taken(rows: Sequence[RankRow], start: Decimal) -> None:
    for row in rows:
        if row.min_sales == start:
            raise ConflictError(ErrorKey.RANK_TAKEN, field="from", value=start, allowed="another amount", name=row.name)


def _close(rows: Sequence[RankRow], old: RankRow | None, new: RankRow | None) -> RankChange:
    """Each rank ends where the next begins; the lowest begins at 0."""
    starts = [row.min_sales for row in rows]
    if old is not None and new is None and starts:
        starts[0] = Decimal(0)
    ends = [*starts[1:], None]
    closed = tuple(
        replace(row, min_sales=start, max_sales=end) for row, start, end in zip(rows, starts, ends, strict=True)
    )
    shown = next((row for row in closed if new is not None and row.rank_id == new.rank_id), None)
    return RankChange(old, shown, closed, None)


def _remove_gift(row: RankRow, errand: Errand) -> RankRow:
    place = int(errand.answers["gift"])
    return replace(row, offers=(*row.offers[:place], *row.offers[place + 1 :]))


def _find(rows: Sequence[RankRow], rank_id: int) -> RankRow:
    for row in rows:
        if row.rank_id == rank_id:
            return row
    names = ", ".join(row.name for row in rows)
    raise NotFoundError(ErrorKey.RANK_UNKNOWN, field="rank", value=rank_id, allowed=names)


_QUESTIONS: Mapping[str, Question] = {
    "name": Question("name", read=read_text("name", LONGEST_NAME)),
    "emoji": Question("emoji", read=read_text("emoji", LONGEST_EMOJI)),
    "text": Question("text", read=read_text("text", LONGEST_TEXT)),
    "from": Question("from", read=read_amount),
}
_ASKED: Mapping[ErrandKind, Sequence[str]] = {
    AdminErrand.RANK_ADD: ("name", "emoji", "text", "from"),
    AdminErrand.RANK_NAME: ("name",),
    AdminErrand.RANK_EMOJI: ("emoji",),
    AdminErrand.RANK_TEXT: ("text",),
    AdminErrand.RANK_FROM: ("from",),
    AdminErrand.RANK_REMOVE: (),
    AdminErrand.GIFT_ADD: (),
    AdminErrand.GIFT_REMOVE: (),
}
_CHANGES: Mapping[ErrandKind, Callable[[RankRow, Errand], RankRow]] = {
    AdminErrand.RANK_NAME: lambda row, errand: replace(row, name=errand.answers["name"]),
    AdminErrand.RANK_EMOJI: lambda row, errand: replace(row, emoji=errand.answers["emoji"]),
    AdminErrand.RANK_TEXT: lambda row, errand: replace(row, text=errand.answers["text"]),
    AdminErrand.RANK_FROM: lambda row, errand: replace(row, min_sales=Decimal(errand.answers["from"])),
    AdminErrand.GIFT_ADD: lambda row, errand: replace(row, offers=(*row.offers, read_offer(errand))),
    AdminErrand.GIFT_REMOVE: _remove_gift,
}
_RULES = ErrandRules(Person.require_admin, ask, do)
ERRANDS: Mapping[ErrandKind, ErrandRules] = dict.fromkeys(_ASKED, _RULES)
