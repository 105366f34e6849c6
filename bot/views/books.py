"""What admins read about the check of the books. No amount: the message says where to look."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.words import Html, Words
from payroll.business_time import BusinessZone
from payroll.reconciliation import Difference, Report


def render_books_line(words: Words, zone: BusinessZone, report: Report | None) -> Html:
    """The last check in one line, for the admins' menu."""
    if report is None:
        return words("books-unchecked")
    at = zone.format(report.finished_at)
    if not report.differences:
        return words("books-agree", at=at)
    return words("books-differ", at=at, count=len(report.differences))


def render_books_notice(words: Words, payload: Mapping[str, Any]) -> Html:
    """That differences have come, changed or gone; `differences` are pairs of check and subject."""
    count, named = payload["count"], payload["differences"]
    if not count:
        return words("notice-books-agree")
    more = words("books-more", count=count - len(named)) if count > len(named) else None
    return words.lines([words("notice-books-differ", count=count), "", *_list_differences(words, named), more])


def name_difference(words: Words, one: Difference) -> str:
    """Where the books differ and what is wrong there, as a piece of a sentence; plain."""
    return words.plain(
        "books-difference", subject=_name_subject(words, one.subject), what=words(f"books-check-{one.check}")
    )


def _list_differences(words: Words, named: Sequence[Sequence[str]]) -> list[Html]:
    return [
        words("books-line", subject=_name_subject(words, subject), what=words(f"books-check-{check}"))
        for check, subject in named
    ]


def _name_subject(words: Words, subject: str) -> Html:
    kind, _, number = subject.partition(":")
    return words(f"books-subject-{kind}", id=number)
