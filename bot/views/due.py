"""Why another amount is due of a closed pay period than it was closed with, in words (SPEC 4.22, PAYROLL D34)."""

from bot.words import Words
from payroll.amounts import format_amount
from payroll.periods import Due


def spell_difference(words: Words, due: Due, *, unit: str = "$") -> str:
    """What makes the difference, `less $128.40 taken back since`; empty where there is none.

    `unit` stands before an amount; a statement is in USD throughout and has none.
    """
    if not due.has_difference:
        return ""
    parts = (("due-paid-since", min(due.paid_since, due.closing)), ("due-taken-back", due.taken_back))
    return ", ".join(words.plain(key, amount=unit + format_amount(amount)) for key, amount in parts if amount)
