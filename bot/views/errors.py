"""What went wrong, as a sentence for the person (SPEC 5 "Errors", TECH T15)."""

from datetime import date
from decimal import Decimal

from aiogram.types import CallbackQuery, TelegramObject

from bot.keyboards.menu import build_main_menu_only
from bot.screen import Answer, Screen, Toast
from bot.views.books import name_difference
from bot.words import Html, Words, clean_words, shorten
from payroll.amounts import format_amount
from payroll.business_time import format_date
from payroll.errors import DomainError, ErrorKey
from payroll.reconciliation import Difference

_LONGEST_VALUE = 60


def render_error(words: Words, error: DomainError, event: TelegramObject) -> Answer:
    """The sentence `error-<key>`: an alert on a tap, which leaves the screen as it is; a message otherwise."""
    # A second tap is no mistake to be confirmed.
    is_alert = error.key is not ErrorKey.DRAFT_SAVED
    return _render(words, f"error-{error.key}", event, _list_facts(words, error), is_alert=is_alert)


def render_sentence(words: Words, error: DomainError) -> Html:
    """The sentence alone, to stand above a question that is asked again."""
    return words(f"error-{error.key}", **_list_facts(words, error))


def render_failure(words: Words, event: TelegramObject) -> Answer:
    """What nobody expected: an apology; the log has the rest."""
    return _render(words, "error-failure", event, {})


def _render(words: Words, key: str, event: TelegramObject, facts: dict[str, str], *, is_alert: bool = True) -> Answer:
    if isinstance(event, CallbackQuery):
        return Toast(words.plain(key, **facts), is_alert=is_alert)
    return Screen(words(key, **facts), build_main_menu_only(words))


def _list_facts(words: Words, error: DomainError) -> dict[str, str]:
    facts = {"field": error.field, "value": error.value, "allowed": error.allowed, **error.facts}
    return {name: _show(words, fact) for name, fact in facts.items()}


def _show(words: Words, fact: object) -> str:
    if isinstance(fact, Difference):
        return name_difference(words, fact)
    if isinstance(fact, Decimal):
        return format_amount(fact)
    if isinstance(fact, date):
        return format_date(fact)
    return shorten(clean_words(str(fact)), _LONGEST_VALUE)
