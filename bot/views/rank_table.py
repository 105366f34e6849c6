"""The rank table as admins see it, as screens."""

from collections.abc import Mapping, Sequence

from aiogram.filters.callback_data import CallbackData

from bot.errands import AdminErrand, Errand, ErrandDone, ErrandKind, Question
from bot.keyboards.admin import Desk, DeskButton
from bot.keyboards.errand import build_back
from bot.keyboards.ranks import RANKS_ON_A_PAGE, RanksPage, ShowRank, build_rank, build_ranks
from bot.screen import Screen
from bot.views.errand_view import ErrandView
from bot.views.gifts import compare_gifts, list_gifts, name_gift
from bot.views.months import spell_month
from bot.words import Html, Words, clean_name
from payroll.amounts import format_amount
from payroll.business_time import BusinessZone
from payroll.rank_tables import RankChange, RankMove, RankPreview, RankRow, RecalcReport

MOST_SHOWN = 15
RankNames = Mapping[int, tuple[str, str, str]]


def render_ranks(words: Words, rows: Sequence[RankRow], page: int = 0) -> Screen:
    """A page of the table of this month."""
    page_count = max(1, -(-len(rows) // RANKS_ON_A_PAGE))
    shown = min(page, page_count - 1)
    lines: list[str | None] = [words("rank-table-title"), ""]
    for row in rows[shown * RANKS_ON_A_PAGE : (shown + 1) * RANKS_ON_A_PAGE]:
        lines += _describe(words, row)
    text = words.lines([*lines, "", words("rank-table-hint")])
    return Screen(text, build_ranks(words, rows, shown, page_count), again=RanksPage(page=shown).pack())


def render_rank(words: Words, row: RankRow) -> Screen:
    """A rank of it, with what people read when they reach it."""
    lines = [*_describe(words, row), "", words("rank-table-text"), row.text or words("rank-table-no-text")]
    return Screen(words.lines(lines), build_rank(words, row))


def ask_rank(words: Words, _zone: BusinessZone, errand: Errand, question: Question) -> Html:
    """The question, under the rank as it is; the last one shows what changes and for whom."""
    if question.name == "sure":
        return words.lines([*_list_changes(words, question.shown), "", words("terms-sure")])
    row: RankRow | None = question.shown
    now = [*_describe(words, row), ""] if row else [words("rank-table-new"), ""]
    is_flat = errand.answers.get("type") == "flat"
    key = "ask-gift-value-flat" if question.name == "value" and is_flat else f"ask-rank-{question.name}"
    return words.lines([*now, words(key)])


def render_done(words: Words, _zone: BusinessZone, done: ErrandDone) -> Screen:
    """The rank as it is now."""
    change: RankChange = done.outcome
    lines: list[str | None] = [words("rank-table-done"), ""]
    lines += _describe(words, change.new) if change.new else [_name_gone(words, change.old)]
    return Screen(words.lines(lines), build_back(words, DeskButton(to=Desk.RANKS)))


def render_recalculated(words: Words, report: RecalcReport, names: RankNames) -> Screen:
    """What working it out again changed this month, and what it found in months that are over."""
    lines: list[str | None] = [words("recalc-title"), ""]
    if report.settled:
        lines.append(words("recalc-changed", count=len(report.settled)))
        lines += [line for one in report.settled[:MOST_SHOWN] for line in _describe_move(words, one, names)]
    else:
        lines.append(words("recalc-nothing"))
    if report.past:
        lines += ["", words("recalc-past")]
        lines += [_describe_past(words, one, names) for one in report.past[:MOST_SHOWN]]
    hidden = max(0, len(report.settled) - MOST_SHOWN) + max(0, len(report.past) - MOST_SHOWN)
    if hidden:
        lines.append(words("terms-more-touched", count=hidden))
    return Screen(words.lines(lines), build_back(words, DeskButton(to=Desk.RANKS)))


def _describe(words: Words, row: RankRow) -> list[Html]:
    head = words("ranks-rank", emoji=row.emoji, name=row.name)
    gifts = words("ranks-bonuses", bonuses=list_gifts(words, row.offers)) if row.offers else words("ranks-no-bonus")
    return [head, words("rank-table-line", span=_spell_range(words, row), gifts=gifts)]


def _spell_range(words: Words, row: RankRow) -> Html:
    start = format_amount(row.min_sales)
    if row.max_sales is None:
        return words("ranks-range-top", **{"from": start})
    return words("ranks-range", **{"from": start, "to": format_amount(row.max_sales)})


def _list_changes(words: Words, change: RankChange) -> list[str | None]:
    lines: list[str | None] = []
    if change.new is None:
        lines += [_name_gone(words, change.old), *_name_heir(words, change)]
    else:
        lines += [*_describe(words, change.new), *([change.new.text] if change.old is None else [])]
        lines += _list_differences(words, change.old, change.new)
    moved = change.moved or ()
    if not moved:
        return [*lines, "", words("rank-table-moves-nobody")]
    lines += ["", words("rank-table-moves", count=len(moved))]
    lines += [_describe_preview(words, one) for one in moved[:MOST_SHOWN]]
    if len(moved) > MOST_SHOWN:
        lines.append(words("terms-more-touched", count=len(moved) - MOST_SHOWN))
    return [*lines, words("rank-table-keeps")]


def _list_differences(words: Words, old: RankRow | None, new: RankRow) -> list[Html]:
    """What is another way than it was, old → new."""
    if old is None:
        return []
    pairs = {
        "name": (old.name, new.name),
        "emoji": (old.emoji, new.emoji),
        "message": (old.text, new.text),
        "from": (f"${format_amount(old.min_sales)}", f"${format_amount(new.min_sales)}"),
    }
    changed = [
        words("rank-table-change", what=words(f"rank-table-{what}"), old=before, new=after)
        for what, (before, after) in pairs.items()
        if before != after
    ]
    offers = [[offer.code for offer in row.offers] for row in (old, new)]
    return [*changed, *compare_gifts(words, *offers)]


def _name_gone(words: Words, row: RankRow | None) -> Html:
    return words("rank-table-gone", emoji=row.emoji if row else "", name=row.name if row else "")


def _name_heir(words: Words, change: RankChange) -> list[Html]:
    """The rank that gets the range of one that goes."""
    start = change.old.min_sales if change.old else None
    heirs = [row for row in change.rows if start is not None and row.min_sales <= start]
    return [words("rank-table-heir", name=heirs[-1].name, span=_spell_range(words, heirs[-1]))] if heirs else []


def _describe_preview(words: Words, moved: RankPreview) -> Html:
    facts = {"name": clean_name(moved.name), "old": moved.old_rank, "new": moved.new_rank}
    return words("rank-table-move", sales=format_amount(moved.sales), **facts)


def _describe_move(words: Words, move: RankMove, names: RankNames) -> list[Html]:
    facts = {"name": clean_name(move.name), "old": names[move.old_rank_id][0], "new": names[move.new_rank_id][0]}
    is_moved = move.old_rank_id != move.new_rank_id
    lines = [
        words("recalc-move", **facts) if is_moved else words("recalc-stays", name=facts["name"], rank=facts["new"])
    ]
    if move.drawn:
        lines.append(words("recalc-drawn", bonuses=name_gift(words, move.drawn)))
    if move.returned:
        lines.append(words("recalc-returned", bonuses=list_gifts(words, move.returned)))
    if move.withdrawn:
        lines.append(words("recalc-withdrawn", bonuses=list_gifts(words, move.withdrawn)))
    return lines


def _describe_past(words: Words, move: RankMove, names: RankNames) -> Html:
    facts = {"name": clean_name(move.name), "held": names[move.old_rank_id][0], "due": names[move.new_rank_id][0]}
    return words("recalc-past-line", month=spell_month(words, move.month), **facts)


def _go_home(errand: Errand) -> CallbackData:
    is_new = errand.kind is AdminErrand.RANK_ADD
    return DeskButton(to=Desk.RANKS) if is_new else ShowRank(rank_id=int(errand.subject))


_VIEW = ErrandView(_go_home, render_done, ask_rank)
ERRAND_VIEWS: Mapping[ErrandKind, ErrandView] = dict.fromkeys(
    (
        AdminErrand.RANK_ADD,
        AdminErrand.RANK_NAME,
        AdminErrand.RANK_EMOJI,
        AdminErrand.RANK_TEXT,
        AdminErrand.RANK_FROM,
        AdminErrand.RANK_REMOVE,
        AdminErrand.GIFT_ADD,
        AdminErrand.GIFT_REMOVE,
    ),
    _VIEW,
)
