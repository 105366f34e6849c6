"""The way to a person's page, from wherever admins meet them."""

from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton
from pydantic import Field

from bot.errands import Errand

PersonId = Annotated[int, Field(gt=-(2**63), lt=2**63)]
"""What the database can hold; some numbers are negative, and a made-up button may say anything."""


class ShowMember(CallbackData, prefix="tm"):
    """A person's page."""

    employee_id: PersonId


def member_button(text: str, employee_id: int) -> InlineKeyboardButton:
    """The button to a person's page."""
    return InlineKeyboardButton(text=text, callback_data=ShowMember(employee_id=employee_id).pack())


def go_to_member(errand: Errand) -> ShowMember:
    """Where an errand about a person is begun from: their page."""
    return ShowMember(employee_id=int(errand.subject))
