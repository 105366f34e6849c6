"""Screens of any length, as Telegram takes them: pages of texts and keyboards, what is left out where none turn."""

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.paging import LONGEST_TEXT, MOST_BUTTONS, fit, measure, read_turn, split
from bot.screen import Screen
from bot.words import Html, load_words
from playground.entities import parse_html

WORDS = load_words("en", is_strict=True)
BACK = InlineKeyboardButton(text="Back", callback_data="m:main")


def make_keyboard(count: int) -> InlineKeyboardMarkup:
    buttons = [InlineKeyboardButton(text=f"Button {n}", callback_data=f"b:{n}") for n in range(count)]
    return InlineKeyboardMarkup(inline_keyboard=[*([one] for one in buttons), [BACK]])


def list_buttons(screen: Screen) -> list[str]:
    rows = screen.keyboard.inline_keyboard if screen.keyboard else []
    return [button.text for row in rows for button in row]


def turn(screen: Screen) -> list[Screen]:
    """All pages, by the buttons that turn them."""
    pages = [fit(WORDS, screen)]
    while True:
        rows = pages[-1].keyboard.inline_keyboard if pages[-1].keyboard else []
        data = [one.callback_data or "" for row in rows for one in row if one.text == "Next page ›"]
        if not data:
            return pages
        page, again = read_turn(data[0])
        assert (page, again) == (len(pages), screen.again)
        pages.append(fit(WORDS, screen, page))


def test_what_fits_stays_as_it_is() -> None:
    screen = Screen(Html("short"), make_keyboard(3), again="x")
    assert fit(WORDS, screen) is screen


def test_markup_and_entities_do_not_count_and_a_pair_of_surrogates_counts_twice() -> None:
    assert measure("<b>a&lt;🦈</b>") == 4
    assert measure("<b>a&lt;🦈</b>") == parse_html("<b>a&lt;🦈</b>").utf16_length


def test_a_long_text_is_turned_page_by_page_and_nothing_of_it_is_lost() -> None:
    lines = [f"<b>{number}</b> &amp; {'é🦈' * 30}" for number in range(200)]
    pages = turn(Screen(Html("\n".join(lines)), make_keyboard(1), again="m:ranks"))
    assert len(pages) > 1
    assert [line for page in pages for line in page.text.split("\n")] == lines
    assert all(parse_html(page.text).utf16_length <= LONGEST_TEXT for page in pages)
    assert list_buttons(pages[0]) == ["Button 0", "Next page ›", "Back"]
    assert list_buttons(pages[1]) == ["Button 0", "‹ Back a page", "Next page ›", "Back"]


def test_a_tag_over_many_lines_is_whole_on_every_page() -> None:
    inside = "\n".join("x" * 90 for _ in range(100))
    first, *_, last = split(Html(f"head\n<blockquote expandable>{inside}</blockquote>\ntail"))
    assert first.endswith("</blockquote>")
    assert last.startswith("<blockquote expandable>")
    assert last.endswith("</blockquote>\ntail")


def test_one_endless_line_is_divided_between_characters() -> None:
    parts = split(Html("&lt;🦈" * 5000))
    assert "".join(parts).replace("\n", "") == "&lt;🦈" * 5000
    assert all(parse_html(part).utf16_length <= LONGEST_TEXT for part in parts)


def test_a_keyboard_of_any_size_is_turned_with_the_way_back_on_every_page() -> None:
    pages = turn(Screen(Html("Which one?"), make_keyboard(250), again="f:abc:1:s:"))
    shown = [one for page in pages for one in list_buttons(page) if one.startswith("Button")]
    assert shown == [f"Button {n}" for n in range(250)]
    assert all(list_buttons(page)[-1] == "Back" and len(list_buttons(page)) <= MOST_BUTTONS for page in pages)


def test_what_cannot_be_shown_again_keeps_its_beginning_and_its_question() -> None:
    lines = ["Title", *("x" * 100 for _ in range(100)), "Is that right?"]
    text = fit(WORDS, Screen(Html("\n".join(lines)))).text
    assert text.startswith("Title\n")
    assert text.endswith("\n… some lines in between are not shown here …\nIs that right?")
    assert measure(text) <= LONGEST_TEXT
