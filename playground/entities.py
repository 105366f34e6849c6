"""Formatted text: Telegram's HTML subset to text with entities, and back.

Offsets and lengths of entities are in UTF-16 code units, as everywhere in the Bot API.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from html import escape

from playground.errors import ApiError, bad_request

_TAG_TYPES = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
    "a": "text_link", "tg-spoiler": "spoiler", "span": "spoiler", "blockquote": "blockquote",
}  # fmt: skip
_HTML_TAGS = {
    "bold": "b", "italic": "i", "underline": "u", "strikethrough": "s", "code": "code", "pre": "pre",
    "text_link": "a", "spoiler": "tg-spoiler", "blockquote": "blockquote", "expandable_blockquote": "blockquote",
}  # fmt: skip
_NAMED_CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}

_CHARACTER = re.compile(r"&(?:#x([0-9a-fA-F]{1,7})|#([0-9]{1,7})|(lt|gt|amp|quot)(?![a-zA-Z]));?")
_TAG_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE = re.compile(r"""\s+([^\s=>]+)(?:\s*=\s*("[^"]*"|'[^']*'|[\w.-]+))?(?=[\s>])""")
_TAG_END = re.compile(r"\s*>")
_COMMAND = re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/<>])")
_LINK = re.compile(r"(?<!\w)https?://[^\s<>\"]*[^\s<>\".,:;!?)]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class Entity:
    """One formatted stretch of a text; `extra` is the `url` of a link or the `language` of a code block."""

    type: str
    offset: int
    length: int
    extra: str = ""

    def as_json(self) -> dict[str, object]:
        """The entity as the Bot API gives it."""
        plain: dict[str, object] = {"type": self.type, "offset": self.offset, "length": self.length}
        if self.extra:
            plain["url" if self.type == "text_link" else "language"] = self.extra
        return plain


@dataclass(frozen=True, slots=True)
class FormattedText:
    """A text and its entities, ordered by offset, longer ones first."""

    text: str = ""
    entities: tuple[Entity, ...] = ()

    @property
    def utf16_length(self) -> int:
        """Length as Telegram's clients count it."""
        return utf16_length(self.text)

    def cleaned(self) -> FormattedText:
        """Without control characters and without white space at both ends, as the real server stores it."""
        text = _CONTROL.sub(" ", self.text.replace("\r", ""))
        shift = utf16_length(text) - utf16_length(text.lstrip())
        text = text.strip()
        entities = (_clipped(entity, shift, utf16_length(text)) for entity in self.entities)
        return FormattedText(text, _ordered(entity for entity in entities if entity.length > 0))

    def with_detected(self) -> FormattedText:
        """With commands and links marked that nobody formatted: Telegram makes these tappable by itself."""
        found = [
            Entity(kind, utf16_length(self.text[: match.start()]), utf16_length(match.group()))
            for kind, pattern in (("url", _LINK), ("bot_command", _COMMAND))
            for match in pattern.finditer(self.text)
        ]
        taken = [entity for entity in self.entities if entity.type in {"code", "pre", "text_link"}]
        added: list[Entity] = []
        for entity in found:
            if not any(_overlap(entity, other) for other in (*taken, *added)):
                added.append(entity)
        return replace(self, entities=_ordered((*self.entities, *added)))


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units: an emoji counts twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _overlap(one: Entity, other: Entity) -> bool:
    return one.offset < other.offset + other.length and other.offset < one.offset + one.length


def _clipped(entity: Entity, shift: int, limit: int) -> Entity:
    start = min(max(entity.offset - shift, 0), limit)
    end = min(max(entity.offset + entity.length - shift, 0), limit)
    return replace(entity, offset=start, length=end - start)


def _ordered(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    return tuple(sorted(entities, key=lambda entity: (entity.offset, -entity.length)))


def parse_html(source: str) -> FormattedText:
    """Text and entities of `source` in Telegram's HTML.

    Raises the real server's 400 ("can't parse entities: …") for broken markup; byte offsets count UTF-8 bytes.

    >>> parse_html("<b>160.00</b> earned").text
    '160.00 earned'
    """
    return _HtmlParser(source).parse()


@dataclass(frozen=True, slots=True)
class _OpenTag:
    name: str
    extra: str
    offset: int
    text_start: int


class _HtmlParser:
    def __init__(self, source: str) -> None:
        self._source = source
        self._position = 0
        self._text = ""
        self._offset = 0
        self._open: list[_OpenTag] = []
        self._entities: list[Entity] = []

    def parse(self) -> FormattedText:
        while self._position < len(self._source):
            rest = self._source[self._position]
            if rest == "<" and self._source.startswith("</", self._position):
                self._close_tag()
            elif rest == "<":
                self._open_tag()
            else:
                self._character(rest)
        if self._open:
            raise self._error(f'Can\'t find end tag corresponding to start tag "{self._open[-1].name}"')
        return FormattedText(self._text, _ordered(self._entities))

    def _character(self, character: str) -> None:
        match = _CHARACTER.match(self._source, self._position) if character == "&" else None
        if match:
            character = _decode(match)
        self._text += character
        self._offset += utf16_length(character)
        self._position = match.end() if match else self._position + 1

    def _open_tag(self) -> None:
        begin = self._position
        name_match = _TAG_NAME.match(self._source, begin + 1)
        end = name_match.end() if name_match else begin
        if end >= len(self._source):
            raise self._error(f"Unclosed start tag at byte offset {self._bytes(begin)}")
        name = self._source[begin + 1 : end].lower()
        if name not in _TAG_TYPES:
            raise self._error(f'Unsupported start tag "{name}" at byte offset {self._bytes(begin)}')
        extra = self._attributes(name, begin, end)
        if name == "span" and extra != "spoiler":
            raise self._error(f'Tag "span" must have class "tg-spoiler" at byte offset {self._bytes(begin)}')
        self._open.append(_OpenTag(name, extra, self._offset, len(self._text)))

    def _attributes(self, name: str, begin: int, position: int) -> str:
        extra = ""
        while match := _ATTRIBUTE.match(self._source, position):
            attribute, value = match.group(1).lower(), match.group(2)
            if value is None and name != "blockquote":
                break
            extra = _attribute_extra(name, attribute, _attribute_value(value)) or extra
            position = match.end()
        closing = _TAG_END.match(self._source, position)
        if closing is None and ">" not in self._source[position:]:
            raise self._error(f"Unclosed start tag at byte offset {self._bytes(begin)}")
        if closing is None:
            raise self._error(
                f'Expected equal sign in declaration of an attribute of the tag "{name}" '
                f"at byte offset {self._bytes(begin)}"
            )
        self._position = closing.end()
        return extra

    def _close_tag(self) -> None:
        begin = self._position
        if not self._open:
            raise self._error(f"Unexpected end tag at byte offset {self._bytes(begin)}")
        name_match = _TAG_NAME.match(self._source, begin + 2)
        name = name_match.group().lower() if name_match else ""
        closing = _TAG_END.match(self._source, begin + 2 + len(name))
        if closing is None:
            raise self._error(f"Unclosed end tag at byte offset {self._bytes(begin)}")
        opened = self._open.pop()
        if name not in {"", opened.name}:
            raise self._error(
                f'Unmatched end tag at byte offset {self._bytes(begin)}, expected "</{opened.name}>", found "</{name}>"'
            )
        self._position = closing.end()
        self._add(opened)

    def _add(self, opened: _OpenTag) -> None:
        length = self._offset - opened.offset
        kind, extra = _TAG_TYPES[opened.name], opened.extra
        if length == 0:
            return
        if kind == "text_link":
            extra = extra or self._text[opened.text_start :]
            if not re.match(r"(?:https?|tg|mailto|tel):|[\w-]+\.\w", extra):
                return
        if (
            kind == "pre"
            and self._entities
            and self._entities[-1] == Entity("code", opened.offset, length, self._entities[-1].extra)
        ):
            extra = self._entities.pop().extra
        if kind == "blockquote" and extra:
            kind, extra = "expandable_blockquote", ""
        self._entities.append(Entity(kind, opened.offset, length, "" if kind == "spoiler" else extra))

    def _bytes(self, position: int) -> int:
        return len(self._source[:position].encode("utf-8", "surrogatepass"))

    @staticmethod
    def _error(text: str) -> ApiError:
        return ApiError(bad_request(f"can't parse entities: {text}"))


def _decode(match: re.Match[str]) -> str:
    hexadecimal, decimal, name = match.groups()
    if name:
        return _NAMED_CHARACTERS[name]
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return chr(code) if 0 < code < 0x10FFFF and not 0xD800 <= code <= 0xDFFF else match.group()


def _attribute_value(raw: str | None) -> str:
    if raw is None:
        return ""
    value = raw[1:-1] if raw[0] in "\"'" else raw.lower()
    return _CHARACTER.sub(_decode, value)


def _attribute_extra(tag: str, attribute: str, value: str) -> str:
    if (tag, attribute) == ("a", "href"):
        return value
    if (tag, attribute) == ("code", "class") and value.startswith("language-"):
        return value.removeprefix("language-")
    if (tag, attribute) == ("span", "class") and value.startswith("tg-"):
        return value.removeprefix("tg-")
    return "expandable" if (tag, attribute) == ("blockquote", "expandable") else ""


def parse_entities(text: str, plain: Iterable[Mapping[str, object]]) -> FormattedText:
    """Text with the entities that a call gave as JSON instead of markup; impossible ones are dropped."""
    entities = (
        Entity(
            str(each.get("type", "")),
            int(str(each.get("offset", 0))),
            int(str(each.get("length", 0))),
            str(each.get("url", each.get("language", ""))),
        )
        for each in plain
    )
    return FormattedText(text, _ordered(entity for entity in entities if entity.offset >= 0))


def render_html(formatted: FormattedText) -> str:
    """The text as Telegram's HTML, everything else escaped; the reverse of `parse_html`."""
    units = formatted.text.encode("utf-16-le", "surrogatepass")
    tagged = [entity for entity in formatted.entities if entity.type in _HTML_TAGS]
    cuts = {0, len(units) // 2, *(e.offset for e in tagged), *(e.offset + e.length for e in tagged)}
    pieces: list[str] = []
    opened: list[Entity] = []
    ordered_cuts = sorted(cuts)
    for index, cut in enumerate(ordered_cuts):
        while opened and opened[-1].offset + opened[-1].length <= cut:
            pieces.append(_end_tag(opened.pop()))
        for entity in tagged:
            if entity.offset == cut:
                pieces.append(_start_tag(entity))
                opened.append(entity)
        until = ordered_cuts[index + 1] if index + 1 < len(ordered_cuts) else cut
        pieces.append(escape(units[2 * cut : 2 * until].decode("utf-16-le", "surrogatepass"), quote=False))
    return "".join(pieces)


def _start_tag(entity: Entity) -> str:
    if entity.type == "text_link":
        return f'<a href="{escape(entity.extra)}">'
    if entity.type == "expandable_blockquote":
        return "<blockquote expandable>"
    if entity.type == "pre" and entity.extra:
        return f'<pre><code class="language-{escape(entity.extra)}">'
    return f"<{_HTML_TAGS[entity.type]}>"


def _end_tag(entity: Entity) -> str:
    return "</code></pre>" if entity.type == "pre" and entity.extra else f"</{_HTML_TAGS[entity.type]}>"
