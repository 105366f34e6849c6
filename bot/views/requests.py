"""The list of what waits for the admins, and of what one has asked them for."""

from collections.abc import Iterator, Sequence

from aiogram.types import InlineKeyboardButton

from bot.keyboards.errand import build_back, turn_buttons
from bot.keyboards.menu import MenuButton, Place
from bot.keyboards.questions import build_own
from bot.keyboards.requests import Matter, RequestsPage, ShowMatter, ShowOwnCorrection, button
from bot.screen import Screen
from bot.words import Html, Words, clean_name
from payroll.business_time import BusinessZone, format_date
from payroll.correction_requests import CorrectionKind, CorrectionRequest
from payroll.held_bonuses import DayOffDecision, HeldBonus
from payroll.questions import Question

PAGE_SIZE = 8
_LONGEST_SAID = 100

_Line = tuple[Matter, int, str, str]


def render_waiting(
    words: Words,
    corrections: Sequence[CorrectionRequest],
    questions: Sequence[Question],
    days_off: Sequence[HeldBonus],
    premium: Sequence[HeldBonus],
    page: int,
) -> Screen:
    """How many of each kind there are, and a page of them as buttons; a page too far is the last one."""
    counts = {
        Matter.CORRECTION: len(corrections),
        Matter.QUESTION: len(questions),
        Matter.DAY_OFF: len(days_off),
        Matter.PREMIUM: len(premium),
    }
    lines = [words(f"requests-{matter.name.lower().replace('_', '-')}", count=count)
             for matter, count in counts.items() if count]  # fmt: skip
    listed = [*_list_corrections(corrections), *_list_questions(questions), *_list_bonuses(days_off, premium)]
    page_count = max(1, -(-len(listed) // PAGE_SIZE))
    shown = min(page, page_count - 1)
    rows = [
        [button(words, f"button-request-{matter}-{state}", ShowMatter(matter=matter, number=number), name=name)]
        for matter, number, name, state in listed[shown * PAGE_SIZE : (shown + 1) * PAGE_SIZE]
    ]
    turns = turn_buttons(words, shown, page_count, lambda to: RequestsPage(page=to))
    text = words.lines([words("requests-title"), "", *(lines or [words("requests-none")])])
    return Screen(text, build_back(words, MenuButton(to=Place.ADMIN), *rows, *([turns] if turns else [])))


def render_own(
    words: Words,
    zone: BusinessZone,
    corrections: Sequence[CorrectionRequest],
    questions: Sequence[Question],
    days_off: Sequence[DayOffDecision],
    premium: Sequence[HeldBonus],
) -> Screen:
    """What one has asked the admins for, and what became of it; each correction and each question as a button."""
    lines = [
        *(_spell_own_correction(words, zone, one) for one in corrections),
        *(words(f"own-question-{one.state}", number=str(one.question_id)) for one in questions),
        *(_spell_own_day_off(words, one) for one in days_off),
        *(words(f"own-premium-{one.bonus.state}") for one in premium),
    ]
    buttons = [[_own_button(words, zone, one)] for one in corrections]
    text = words.lines([words("own-requests-title"), "", *(lines or [words("own-requests-none")])])
    return Screen(text, build_own(words, buttons, questions))


def _spell_own_correction(words: Words, zone: BusinessZone, one: CorrectionRequest) -> Html:
    asked_on = format_date(zone.date_of(one.requested_at))
    asked = (
        words("own-asked-by", who=clean_name(one.asked_by), date=asked_on)
        if one.is_for_another
        else words("own-asked", date=asked_on)
    )
    what = words(f"own-correction-{one.kind}", shift=_name_shift(words, zone, one), asked=asked)
    if one.kind is CorrectionKind.NEW and one.result_shift_id is not None:
        return words("own-correction-added", what=what, id=str(one.result_shift_id))
    return words(f"own-request-{one.state}", what=what, said=_quote(words, one.decision))


def _own_button(words: Words, zone: BusinessZone, one: CorrectionRequest) -> InlineKeyboardButton:
    to = ShowOwnCorrection(correction_id=one.correction_id)
    return button(words, f"button-own-request-{one.state}", to, what=_name_shift(words, zone, one))


def _name_shift(words: Words, zone: BusinessZone, one: CorrectionRequest) -> str:
    """Which shift a correction is about: one that is there by its number, a missing one by its date."""
    day = zone.date_of(one.time_in) if one.kind is CorrectionKind.NEW and one.time_in is not None else one.shift_date
    date = format_date(day) if day is not None else ""
    if one.kind is CorrectionKind.NEW:
        return words.plain("own-shift-missing", date=date)
    return words.plain("own-shift", id=str(one.shift_id), date=date)


def _spell_own_day_off(words: Words, one: DayOffDecision) -> Html:
    facts = {"day": format_date(one.day), "who": clean_name(one.admin or "")}
    if one.is_approved is None:
        return words("own-day-off-open", day=facts["day"])
    if one.is_approved:
        return words("own-day-off-approved", **facts)
    return words("own-day-off-refused", **facts, said=_quote(words, one.reason))


def _quote(words: Words, said: str | None) -> str:
    """What an admin said, after a comma; a long word is cut: the request itself has it whole."""
    if not said:
        return ""
    return words("own-said", text=said if len(said) <= _LONGEST_SAID else said[: _LONGEST_SAID - 1] + "…")


def render_requests_line(words: Words, count: int) -> Html | None:
    """How much waits, for /admin; None where nothing does."""
    return words("requests-wait", count=count) if count else None


def _list_corrections(corrections: Sequence[CorrectionRequest]) -> Iterator[_Line]:
    for one in corrections:
        yield Matter.CORRECTION, one.correction_id, clean_name(one.name), one.kind


def _list_questions(questions: Sequence[Question]) -> Iterator[_Line]:
    for one in questions:
        yield Matter.QUESTION, one.question_id, clean_name(one.name), one.state


def _list_bonuses(days_off: Sequence[HeldBonus], premium: Sequence[HeldBonus]) -> Iterator[_Line]:
    for matter, held in ((Matter.DAY_OFF, days_off), (Matter.PREMIUM, premium)):
        for one in held:
            yield matter, one.bonus.bonus_id or 0, clean_name(one.name), "open"
