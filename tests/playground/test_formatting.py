"""Telegram's HTML: text and entities in UTF-16 units, and back."""

from __future__ import annotations

import pytest

from playground.entities import Entity, FormattedText, parse_html, render_html


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("<b>160.00</b>", "160.00", [Entity("bold", 0, 6)]),
        ("🦈 <b>Shark</b>", "🦈 Shark", [Entity("bold", 3, 5)]),
        ("<b>a<i>b</i></b>", "ab", [Entity("bold", 0, 2), Entity("italic", 1, 1)]),
        ("<u>1</u><s>2</s>", "12", [Entity("underline", 0, 1), Entity("strikethrough", 1, 1)]),
        (
            '<a href="https://t.me/x?a=1&amp;b=2">link</a>',
            "link",
            [Entity("text_link", 0, 4, "https://t.me/x?a=1&b=2")],
        ),
        ("<code>1+1</code>", "1+1", [Entity("code", 0, 3)]),
        ('<pre><code class="language-sql">SELECT</code></pre>', "SELECT", [Entity("pre", 0, 6, "sql")]),
        ("<tg-spoiler>x</tg-spoiler>", "x", [Entity("spoiler", 0, 1)]),
        ("<blockquote>q</blockquote>", "q", [Entity("blockquote", 0, 1)]),
        ("<blockquote expandable>q</blockquote>", "q", [Entity("expandable_blockquote", 0, 1)]),
    ],
)
def test_markup_becomes_entities_and_markup_again(html: str, text: str, entities: list[Entity]) -> None:
    parsed = parse_html(html)
    assert parsed == FormattedText(text, tuple(entities))
    assert parse_html(render_html(parsed)) == parsed


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Tom &amp; Jerry &lt;3", "Tom & Jerry <3"),
        ("&quot;&#33;&#x21;&nbsp;&unknown", '"!!&nbsp;&unknown'),
        ("a > b & c", "a > b & c"),
    ],
)
def test_escaped_characters(html: str, text: str) -> None:
    assert parse_html(html).text == text
    assert parse_html(render_html(FormattedText(text))).text == text


def test_surrounding_space_goes_and_entities_move_along() -> None:
    cleaned = parse_html(" \n <b>bold</b> text\x00 ").cleaned()
    assert cleaned == FormattedText("bold text", (Entity("bold", 0, 4),))


def test_commands_and_links_are_found_by_themselves() -> None:
    found = FormattedText("Try /shift or https://example.org/a/b.").with_detected()
    assert found.entities == (Entity("bot_command", 4, 6), Entity("url", 14, 23))
    assert FormattedText("9/10 a/b </b>").with_detected().entities == ()
