"""The audit log."""

from collections.abc import Sequence
from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from pydantic import Field

from bot.keyboards.admin import Desk, DeskButton
from bot.keyboards.errand import build_back, turn_buttons
from bot.keyboards.menu import MenuButton, Place
from bot.keyboards.team import PageNumber
from bot.words import Words
from payroll.audit import AuditPage

LONGEST_SUBJECT = 36


class ShowAudit(CallbackData, prefix="al"):
    """A page of the log; of one subject where one is given, written with ~ for its colons."""

    page: PageNumber = 0
    subject: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.~-]{0,36}$")] = ""

    @property
    def about(self) -> str | None:
        """The subject as the log has it."""
        return self.subject.replace("~", ":") or None


class ShowHistory(ShowAudit, prefix="ah"):
    """The same of one subject, out of the log's page `origin`, to which Back leads."""

    origin: PageNumber


def write_subject(subject: str | None) -> str:
    """A subject of the log as buttons carry it."""
    return (subject or "").replace(":", "~")


def audit_button(words: Words, subject: str) -> InlineKeyboardButton:
    """To everything that the log has about something."""
    data = ShowAudit(subject=write_subject(subject))
    return InlineKeyboardButton(text=words.plain("button-audit"), callback_data=data.pack())


def build_audit(
    words: Words, page: AuditPage, numbered: Sequence[tuple[int, str]], origin: int | None
) -> InlineKeyboardMarkup:
    """The pages, and for each numbered entry everything about its subject; back to the page `origin` of the log."""
    data = [(number, ShowHistory(subject=write_subject(subject), origin=page.page)) for number, subject in numbered]
    buttons = [
        InlineKeyboardButton(text=words.plain("button-audit-about", number=str(number)), callback_data=one.pack())
        for number, one in data
    ]
    about = write_subject(page.subject)
    rows = [buttons] if buttons else []
    if origin is not None:
        turns = turn_buttons(
            words, page.page, page.page_count, lambda to: ShowHistory(page=to, subject=about, origin=origin)
        )
        return build_back(words, ShowAudit(page=origin), *rows, *([turns] if turns else []))
    turns = turn_buttons(words, page.page, page.page_count, lambda to: ShowAudit(page=to, subject=about))
    back = DeskButton(to=Desk.AUDIT) if page.subject else MenuButton(to=Place.ADMIN)
    return build_back(words, back, *rows, *([turns] if turns else []))
