"""The rank table as a whole, as an admin edits it (SPEC 4 "Admin", PAYROLL D18, D19)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from payroll.bonuses import check_offer
from payroll.errors import ConflictError, ErrorKey, InvalidInputError
from payroll.money import MAX_AMOUNT
from payroll.offers import BonusOffer
from payroll.tables import check_whole

LONGEST_NAME = 60
LONGEST_EMOJI = 20
LONGEST_TEXT = 1000
MOST_OFFERS = 20


@dataclass(frozen=True, slots=True)
class RankRow:
    """A rank in the table to come; `rank_id` None is a new one. Renaming an old one gives nothing new (PAYROLL D18)."""

    rank_id: int | None
    name: str
    emoji: str
    text: str
    min_sales: Decimal
    max_sales: Decimal | None
    offers: tuple[BonusOffer, ...]


@dataclass(frozen=True, slots=True)
class RankMove:
    """What a table or a recalculation changes for a person in a month: the rank, and the bonuses that come and go."""

    employee_id: int
    name: str
    month: date
    old_rank_id: int
    new_rank_id: int
    drawn: BonusOffer | None = None
    returned: tuple[BonusOffer, ...] = ()
    withdrawn: tuple[BonusOffer, ...] = ()


@dataclass(frozen=True, slots=True)
class RankPreview:
    """Who would be where with a table, without anything being written; `new_rank` is its name there."""

    employee_id: int
    name: str
    sales: Decimal
    old_rank: str
    new_rank: str


@dataclass(frozen=True, slots=True)
class RankChange:
    """A change of the rank table: one rank as it was (None: it is new) and will be (None: it goes), whom that moves.

    `moved` is None once it is done: they are told by themselves.
    """

    old: RankRow | None
    new: RankRow | None
    rows: tuple[RankRow, ...]
    moved: tuple[RankPreview, ...] | None


@dataclass(frozen=True, slots=True)
class RecalcReport:
    """What recalculating did: this month's changes, and past months whose rank differs from their sales (D19)."""

    settled: tuple[RankMove, ...]
    past: tuple[RankMove, ...]


def check_rows(rows: Sequence[RankRow]) -> None:
    """Refuse a table with a gap or an overlap, and ranks whose words or bonuses cannot be. Raises InvalidInputError."""
    check_whole(rows, field="ranks")
    names = [row.name.strip() for row in rows]
    for row, name in zip(rows, names, strict=True):
        _check_text("name", name, 1, LONGEST_NAME)
        _check_text("emoji", row.emoji, 0, LONGEST_EMOJI)
        _check_text("text", row.text, 0, LONGEST_TEXT)
        if row.min_sales > MAX_AMOUNT or row.min_sales != round(row.min_sales, 2):
            allowed = f"0 to {MAX_AMOUNT} with at most two decimals"
            raise InvalidInputError(ErrorKey.VALUE_INVALID, field="min_sales", value=row.min_sales, allowed=allowed)
        if len(row.offers) > MOST_OFFERS:
            raise InvalidInputError(
                ErrorKey.VALUE_INVALID, field="bonuses", value=len(row.offers), allowed=f"up to {MOST_OFFERS}"
            )
        for offer in row.offers:
            check_offer(offer.bonus_type, offer.value)
    if len({name.casefold() for name in names}) < len(names):
        twice = next(name for place, name in enumerate(names) if name.casefold() in map(str.casefold, names[:place]))
        raise ConflictError(ErrorKey.NAME_TAKEN, field="name", value=twice, allowed="names that are all different")


def _check_text(field: str, text: str, shortest: int, longest: int) -> None:
    if not shortest <= len(text) <= longest or "\0" in text:
        raise InvalidInputError(
            ErrorKey.VALUE_INVALID, field=field, value=text[:40], allowed=f"{shortest} to {longest} characters"
        )
