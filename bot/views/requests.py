"""The list of what waits for the admins."""

from collections.abc import Iterator, Sequence

from bot.keyboards.errand import build_back, turn_buttons
from bot.keyboards.menu import MenuButton, Place
from bot.keyboards.questions import build_own
from bot.keyboards.requests import Matter, RequestsPage, ShowMatter, button
from bot.screen import Screen
from bot.words import Html, Words, clean_name
from payroll.business_time import BusinessZone
from payroll.correction_requests import CorrectionRequest
from payroll.held_bonuses import HeldBonus
from payroll.questions import Question

PAGE_SIZE = 8

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
    words: Words, zone: BusinessZone, corrections: Sequence[CorrectionRequest], questions: Sequence[Question]
) -> Screen:
    """What one has asked the admins for, and what became of it."""
    lines: list[str | None] = [words("own-requests-title"), ""]
    lines += [
        words(f"own-correction-{one.state}", what=words.plain(f"own-{one.kind}"), at=zone.format(one.requested_at))
        for one in corrections
    ]
    lines += [words(f"own-question-{one.state}", number=str(one.question_id)) for one in questions]
    if not corrections and not questions:
        lines.append(words("own-requests-none"))
    return Screen(words.lines(lines), build_own(words, questions))


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
