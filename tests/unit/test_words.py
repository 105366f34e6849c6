"""The words files: every message there is a use for, and a message for every use, with the same facts everywhere."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from aiogram.types import CallbackQuery, Chat, Message, User
from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl
from fluent.syntax.visitor import Visitor

from bot.commands import LISTED
from bot.screen import Screen, Toast
from bot.views.bonuses import describe_bonus, read_code
from bot.views.errors import render_error
from bot.views.notices import NOTICE_KINDS
from bot.words import LOCALES, Html, MissingWordsError, Words, clean_name, list_languages, load_words
from payroll.bonuses import RULES
from payroll.errors import ConflictError, ErrorKey
from payroll.offers import BonusOffer, BonusType
from payroll.ranks import NoticeKind
from payroll.reconciliation import Check, Difference
from payroll.starting_values import RANKS
from playground.entities import parse_html

BOT = LOCALES.parent
ENGLISH = load_words("en", is_strict=True)


class _Facts(Visitor):
    """The variables of a message."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: ftl.VariableReference) -> None:  # noqa: N802 - called by that name
        self.names.add(node.id.name)


class _References(Visitor):
    """The other messages and terms that a message refers to."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_MessageReference(self, node: ftl.MessageReference) -> None:  # noqa: N802 - called by that name
        self.names.add(node.id.name)

    def visit_TermReference(self, node: ftl.TermReference) -> None:  # noqa: N802 - called by that name
        self.names.add(node.id.name)


def read_messages(language: str) -> dict[str, frozenset[str]]:
    """Every message of a language with its variables. Two of one name, or one that is no Fluent, fail here."""
    messages: dict[str, frozenset[str]] = {}
    for path in sorted((LOCALES / language).glob("*.ftl")):
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            assert not isinstance(entry, ftl.Junk), f"{path.name}: {entry.content}"
            if isinstance(entry, ftl.Message):
                facts = _Facts()
                facts.visit(entry)
                assert entry.id.name not in messages, f"{path.name}: {entry.id.name} a second time"
                messages[entry.id.name] = frozenset(facts.names)
    return messages


def list_texts(path: Path) -> Iterator[re.Pattern[str]]:
    """Every text in a module that may be a key; one that begins as a key does, `f"error-{key}"`, as a pattern."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.JoinedStr(values=[ast.Constant(value=str() as head), *rest]) if re.match(r"[a-z]{3,}-", head):
                tail = "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in rest)
                yield re.compile(re.escape(head) + tail)
            case ast.Constant(value=str() as text):
                yield re.compile(re.escape(text))


def list_asked_keys(path: Path) -> Iterator[str]:
    """The keys that a module asks for by name: `words("key")`, `words.plain("key")`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id="words"), args=[ast.Constant(value=str() as key), *_]):
                yield key
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="words"), attr="plain"),
                args=[ast.Constant(value=str() as key), *_],
            ):
                yield key


MODULES = sorted(BOT.rglob("*.py"))
MESSAGES = read_messages("en")


# --- every key and every language ------------------------------------------------------------------------------------


def test_every_key_that_is_asked_for_exists() -> None:
    missing = {key for path in MODULES for key in list_asked_keys(path) if key not in MESSAGES}
    assert missing == set()


def test_every_message_is_used() -> None:
    patterns = [pattern for path in MODULES for pattern in list_texts(path)]
    unused = [key for key in MESSAGES if not any(pattern.fullmatch(key) for pattern in patterns)]
    assert unused == []


@pytest.mark.parametrize("language", list_languages())
def test_every_language_has_the_same_messages_with_the_same_facts(language: str) -> None:
    assert read_messages(language) == MESSAGES


def test_no_message_refers_to_another_for_each_is_read_when_it_is_asked_for() -> None:
    for language in list_languages():
        for path in (LOCALES / language).glob("*.ftl"):
            found = _References()
            found.visit(FluentParser().parse(path.read_text(encoding="utf-8")))
            assert found.names == set(), path.name


@pytest.mark.parametrize("language", list_languages())
def test_each_message_reads_as_it_stands_in_its_file(language: str) -> None:
    words, whole = load_words(language, is_strict=True), FluentBundle([language], use_isolating=False)
    for path in (LOCALES / language).glob("*.ftl"):
        whole.add_resource(FluentResource(path.read_text(encoding="utf-8")))
    for key, facts in read_messages(language).items():
        given: dict[str, str | int] = {name: 2 if name == "count" else f"<{name}>" for name in facts}
        pattern = whole.get_message(key).value
        assert pattern is not None
        assert words.plain(key, **given) == whole.format_pattern(pattern, given)[0]


def test_english_is_there() -> None:
    assert "en" in list_languages()


# --- what the rules name ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", list(ErrorKey))
def test_every_error_has_a_sentence_for_a_message_and_for_a_tap(key: ErrorKey) -> None:
    first = Difference(Check.COMMISSION_PCT, "adjustment:123456", "1", "2")
    facts = {"reading_1": "1,234.00", "reading_2": "1.234", "name": "Hustler", "since": "2026/11/16", "first": first}
    error = ConflictError(key, field="Clock in", value="<1,234>", allowed="something else", **facts)
    user, chat = User(id=1, is_bot=False, first_name="A"), Chat(id=1, type="private")
    message = Message(message_id=1, date=datetime(2026, 11, 16, tzinfo=UTC), chat=chat, from_user=user, text="x")
    screen = render_error(ENGLISH, error, message)
    assert isinstance(screen, Screen)
    assert screen.keyboard is not None
    assert "<1" not in screen.text
    toast = render_error(ENGLISH, error, CallbackQuery(id="1", from_user=user, chat_instance="1"))
    assert isinstance(toast, Toast)
    assert toast.is_alert is (key is not ErrorKey.DRAFT_SAVED)
    assert 10 < len(toast.text) <= 200


@pytest.mark.parametrize("check", list(Check))
def test_books_that_differ_are_told_in_a_tap_by_what_is_wrong_where(check: Check) -> None:
    first = Difference(check, "adjustment:123456", "1", "2")
    error = ConflictError(ErrorKey.BOOKS_DIFFER, field="books", value=1000, allowed="no difference", first=first)
    user = User(id=1, is_bot=False, first_name="A")
    toast = render_error(ENGLISH, error, CallbackQuery(id="1", from_user=user, chat_instance="1"))
    assert isinstance(toast, Toast)
    assert f"adjustment 123456: {ENGLISH.plain(f'books-check-{check}')}" in toast.text
    assert len(toast.text) <= 200


def test_every_kind_of_notice_has_words() -> None:
    assert set(NoticeKind) <= set(NOTICE_KINDS)


def test_every_command_has_a_description() -> None:
    for command in LISTED:
        assert ENGLISH.plain(f"command-{command.name}")


@pytest.mark.parametrize("bonus_type", list(BonusType))
def test_every_bonus_has_words(bonus_type: BonusType) -> None:
    offer = BonusOffer(bonus_type, Decimal("2.00") if RULES[bonus_type].has_value else None)
    assert describe_bonus(ENGLISH, offer) == describe_bonus(ENGLISH, offer.code)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("flat_10", "$10.00 on the spot"),
        ("flat_1234.5", "$1,234.50 on the spot"),
        ("percent_next_1", "+1% on your next shift"),
        ("percent_next_2.5", "+2.5% on your next shift"),
        ("double_commission", "double commission on your next shift"),
        ("paid_day_off", "a paid day off"),
        ("telegram_premium", "Telegram Premium"),
    ],
)
def test_bonuses_in_words(code: str, text: str) -> None:
    assert describe_bonus(ENGLISH, code) == text


def test_the_code_of_every_starting_bonus_is_read_back() -> None:
    for rank in RANKS:
        for offer in rank.offers:
            assert read_code(offer.code) == offer


# --- how texts are put together --------------------------------------------------------------------------------------


def test_facts_are_escaped_once_and_finished_html_is_not_escaped_again() -> None:
    inner = ENGLISH("receipt-product", product="<b>A&B</b>", amount="1.00")
    assert inner == "&lt;b&gt;A&amp;B&lt;/b&gt;: 1.00"
    assert ENGLISH("receipt-bonus-gone", bonus=inner) == f"<s>{inner}</s>"
    assert isinstance(inner, Html)


@pytest.mark.parametrize("key", MESSAGES)
def test_no_message_lets_a_fact_in_as_markup(key: str) -> None:
    facts: dict[str, str | int] = {name: f"<i>&{name}</i>" for name in MESSAGES[key] - {"count"}}
    shown = parse_html(ENGLISH(key, count=2, **facts))
    assert "italic" not in {entity.type for entity in shown.entities}
    for name in facts:
        assert name.startswith("previous") or f"<i>&{name}</i>" in shown.text


def test_buttons_are_not_escaped() -> None:
    assert ENGLISH.plain("button-approve-name", name="A & B") == "Approve A & B"


def test_lines_escape_what_is_not_html_and_leave_out_what_is_none() -> None:
    assert ENGLISH.lines([Html("<b>a</b>"), None, "", "<c>"]) == "<b>a</b>\n\n&lt;c&gt;"


def test_a_missing_message_or_fact_is_an_error_of_the_program() -> None:
    with pytest.raises(MissingWordsError):
        ENGLISH("no-such-message")
    with pytest.raises(MissingWordsError):
        ENGLISH("menu-greeting")


def test_in_production_a_missing_fact_is_logged_and_the_rest_is_shown(caplog: pytest.LogCaptureFixture) -> None:
    words = load_words("en")
    assert words("menu-greeting").startswith("Hi, ")
    assert "menu-greeting" in caplog.text


@pytest.mark.parametrize("language", ["xx", "", "..", "../../locales/en"])
def test_a_language_without_words_is_answered_in_english(language: str) -> None:
    words: Words = load_words(language)
    assert words.language == "en"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Alice", "Alice"),
        ("A\x00l\nice", "Alice"),
        ("\u202eAlice\u2066", "Alice"),
        ("עומר", "\u2068עומר\u2069"),
        ("Al\ud800ice", "Alice"),
        ("Анна", "Анна"),
    ],
)
def test_names_cannot_turn_the_text_around_them(name: str, shown: str) -> None:
    assert clean_name(name) == shown
