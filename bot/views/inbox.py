"""What admins read about updates that could not be handled. Not what stood in them: that is nobody else's business."""

from collections.abc import Sequence

from bot.keyboards.inbox import build_dead_list
from bot.screen import Screen
from bot.seals import seal
from bot.words import LONGEST_ERROR, Html, Words, clean_name, shorten
from payroll.business_time import BusinessZone
from repository.inbox import DeadUpdate

MOST_SHOWN = 8


def render_dead(words: Words, zone: BusinessZone, letters: Sequence[DeadUpdate], toast: str | None = None) -> Screen:
    """The list, oldest first, with what can be done about each."""
    shown = letters[:MOST_SHOWN]
    lines = [words("dead-title"), "", words("dead-explained") if shown else words("dead-none")]
    if shown:
        lines += ["", *(_render_line(words, zone, number, one) for number, one in enumerate(shown, 1))]
    if len(letters) > len(shown):
        lines.append(words("dead-more"))
    buttons = build_dead_list(words, [(one.update_id, _seal(one)) for one in shown])
    return Screen(words.lines(lines), buttons, toast=toast)


def _render_line(words: Words, zone: BusinessZone, number: int, letter: DeadUpdate) -> Html:
    sender = clean_name(letter.sender) if letter.sender is not None else words.plain("dead-stranger")
    at = zone.format(letter.received_at)
    return words("dead-line", number=str(number), at=at, sender=sender, reason=shorten(letter.error, LONGEST_ERROR))


def _seal(letter: DeadUpdate) -> str:
    return seal(letter.received_at, letter.sender, letter.error)
