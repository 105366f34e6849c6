"""A4 pages with a table that goes on from one to the next: how every PDF looks. Sizes in mm, type in points."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from anyascii import anyascii
from fpdf import FPDF
from fpdf.fonts import TTFFont

from bot.words import Words, clean_words

ASSETS = Path(__file__).resolve().parent.parent / "assets"

LEFT, RIGHT, TOP, BOTTOM = 12.0, 285.0, 12.0, 194.0
WIDTH = RIGHT - LEFT
INK, PALE_INK, RULE, SHADE = "#17212b", "#5b6874", "#ccd4db", "#f0f3f6"

_FONT = "DejaVu"
# Words are set down to this share of their size and then cut; a figure is never cut.
_SMALLEST_SHARE = 0.85
_SMALLEST_FIGURE = 2.0
_ALL_PAGES = "{nb}"  # becomes the number of pages when the file is written
_UNREADABLE = "?"
_MOST_MARKS = 2
_TURNED = ("R", "AL", "AN")
# Isolates are for chats; what joins or colors emoji has nothing to join where the font has no emoji.
_UNSEEN = {*"\u2066\u2067\u2068\u2069\u200b\u200d\ufeff", *map(chr, range(0xFE00, 0xFE10))}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its width in mm; figures stand to the right."""

    label: str
    width: float
    is_figure: bool = False


_PADDING = 1.0
_PADDING_AFTER_FIGURES = 4.0


class Paper(FPDF):
    """Landscape A4 with a footer of whose paper it is and which page; type that has Latin, Cyrillic, Greek and more."""

    def __init__(self, words: Words, title: str, created_at: datetime) -> None:
        super().__init__(orientation="landscape", unit="mm", format="A4")
        self._words = words
        self.add_font(_FONT, "", ASSETS / "DejaVuSans.ttf")
        self.add_font(_FONT, "B", ASSETS / "DejaVuSans-Bold.ttf")
        self.set_fallback_fonts([_FONT], exact_match=False)
        fonts = (font for font in self.fonts.values() if isinstance(font, TTFFont))
        self._glyphs = frozenset(code for font in fonts for code in font.cmap)
        self.set_auto_page_break(auto=False)
        self.set_margins(LEFT, TOP, LEFT)
        self.c_margin = 0.0
        self.set_creation_date(created_at)
        self.set_title(title)
        self.set_lang(words.language)
        self._foot = title
        self.add_page()

    def write_foot(self, foot: str) -> None:
        """What stands at the foot of every page from now on."""
        self._foot = foot

    def footer(self) -> None:
        """Whose paper it is, and which page of how many."""
        self.set_y(BOTTOM + 5)
        page = self._words.plain("paper-page", page=str(self.page_no()), pages=_ALL_PAGES)
        self.put(LEFT, WIDTH - 60, self._foot, size=7, color=PALE_INK)
        wider = self.get_string_width(_ALL_PAGES) - self.get_string_width("0")
        self.put(RIGHT - 60 + wider, 60, page, size=7, color=PALE_INK, align="R")

    def get_string_width(self, s: str, normalized: bool = False, markdown: bool = False) -> float:
        """Of a text in mm. Where the type has every letter of it, which is nearly always, that is a sum.

        fpdf looks for each letter in all its fonts and makes fragments, three times a cell: seconds a thousand shifts.
        """
        font = self.current_font
        if self.text_shaping or not isinstance(font, TTFFont) or not self._has_all(font, s):
            return super().get_string_width(s, normalized, markdown)
        return font.get_text_width(s, self.font_size_pt, None)[1] / self.k

    def put(
        self, x: float, width: float, text: str, *, size: float = 8, style: str = "", color: str = INK,
        align: str = "L",
    ) -> None:  # fmt: skip
        """One line at the present height, never wider than its place: set smaller, and words then cut.

        What stands to the right is a figure.
        """
        if not text:
            return
        is_figure = align == "R"
        smallest = _SMALLEST_FIGURE if is_figure else size * _SMALLEST_SHARE
        self.set_font(_FONT, style, size)
        needed = self.get_string_width(text)
        if needed > width:
            self.set_font(_FONT, style, max(smallest, int(size * width / needed * 10) / 10))
        self.set_text_color(color)
        self.set_text_shaping(any(unicodedata.bidirectional(char) in _TURNED for char in text))
        self.set_x(x)
        shown = text if is_figure else self._cut(text, width)
        font = self.current_font
        has_all = isinstance(font, TTFFont) and self._has_all(font, shown)
        self.set_fallback_fonts([] if has_all else [_FONT], exact_match=False)
        self.cell(width, size * 0.45, shown, align=align)
        self.set_fallback_fonts([_FONT], exact_match=False)
        self.set_text_shaping(False)

    def wrap(self, text: str, width: float, *, size: float = 8, style: str = "", most: int = 99) -> list[str]:
        """A text as lines of a width, divided at spaces where there are any; beyond `most` lines it ends in `…`."""
        self.set_font(_FONT, style, size)
        lines = [""]
        for word in text.split(" "):
            longer = f"{lines[-1]} {word}".lstrip(" ")
            if self.get_string_width(longer) <= width:
                lines[-1] = longer
            else:
                lines += self._divide(word, width)
        lines = [line for line in lines if line] or [""]
        return lines if len(lines) <= most else [*lines[: most - 1], self._cut(lines[most - 1], width, has_more=True)]

    def clean(self, text: str) -> str:
        """A text of which every character can be printed, on one line.

        What the type has no letter for is written as it sounds, in Latin letters; a picture is left out; marks over
        marks are thinned out.
        """
        kept: list[str] = []
        marks = 0
        for char in clean_words(" ".join(text.split())):
            category = unicodedata.category(char)
            marks = marks + 1 if category in ("Mn", "Me") else 0
            if char in _UNSEEN or marks > _MOST_MARKS:
                continue
            if ord(char) in self._glyphs:
                kept.append(char)
            elif category[0] not in "SC":
                kept.append(self._spell(char) or ("" if category[0] == "M" else _UNREADABLE))
        return " ".join("".join(kept).split()).replace(_ALL_PAGES, "{nb }") or "?"

    def rule(self, y: float, *, width: float = 0.2, color: str = RULE) -> None:
        """A line across the page."""
        self.set_draw_color(color)
        self.set_line_width(width)
        self.line(LEFT, y, RIGHT, y)

    def _spell(self, char: str) -> str:
        return "".join(one for one in anyascii(char) if ord(one) in self._glyphs)

    @staticmethod
    def _has_all(font: TTFFont, text: str) -> bool:
        return font.cmap.keys() >= set(map(ord, text)) and _ALL_PAGES not in text

    def _divide(self, word: str, width: float) -> list[str]:
        pieces = [""]
        for char in word:
            if pieces[-1] and self.get_string_width(pieces[-1] + char) > width:
                pieces.append("")
            pieces[-1] += char
        return pieces

    def _cut(self, text: str, width: float, *, has_more: bool = False) -> str:
        if not has_more and self.get_string_width(text) <= width:
            return text
        while text and self.get_string_width(f"{text}…") > width:
            text = text[:-1]
        return f"{text.rstrip()}…"


class Table:
    """Rows below each other, a row kept on one page where that is possible, the head repeated on every page.

    Lines that belong to a row and to no column begin below column `details_from`.
    """

    LINE = 4.1
    SIZE = 7.5
    _GAP = 1.4

    def __init__(self, paper: Paper, columns: Sequence[Column], *, details_from: int = 0) -> None:
        self._paper = paper
        self._columns = columns
        self._places = _list_places(columns)
        self._detail_start = self._places[details_from][0]
        if paper.get_y() + 4 * self.LINE > BOTTOM:
            paper.add_page()
            paper.set_y(TOP)
        self._draw_head()

    def add(self, cells: Sequence[Sequence[str]], details: Iterable[str] = ()) -> None:
        """A row: for each column its lines, and below them lines as wide as `detail_width`."""
        height = max(len(cell) for cell in cells)
        lines = [[cell[place] if place < len(cell) else "" for cell in cells] for place in range(height)]
        more = list(details)
        self._make_room(len(lines) + len(more))
        for line in lines:
            self._draw(line, "")
        for text in more:
            self._draw_detail(text)
        self._paper.rule(self._paper.get_y() + self._GAP / 2)
        self._paper.set_y(self._paper.get_y() + self._GAP)

    def add_total(self, cells: Sequence[str]) -> None:
        """The last row."""
        self._make_room(1)
        y = self._paper.get_y() - self._GAP / 2
        self._paper.rule(y, width=0.5, color=INK)
        self._draw(cells, "B")

    @property
    def detail_width(self) -> float:
        """How wide lines below a row are: from the column where they begin to the right edge."""
        return RIGHT - self._detail_start

    def _make_room(self, lines: int) -> None:
        height = lines * self.LINE + self._GAP
        if self._paper.get_y() + height > BOTTOM and height < (BOTTOM - TOP) / 2:
            self._turn_page()

    def _turn_page(self) -> None:
        self._paper.add_page()
        self._paper.set_y(TOP)
        self._draw_head()

    def _draw_head(self) -> None:
        y = self._paper.get_y()
        self._paper.set_fill_color(SHADE)
        self._paper.rect(LEFT, y, WIDTH, self.LINE + 2.4, style="F")
        self._paper.set_y(y + 1.4)
        self._put([column.label for column in self._columns], "B", PALE_INK)
        self._paper.set_y(y + self.LINE + 2.4 + self._GAP)

    def _draw(self, line: Sequence[str], style: str) -> None:
        if self._paper.get_y() + self.LINE > BOTTOM:
            self._turn_page()
        y = self._paper.get_y()
        self._put(line, style, INK)
        self._paper.set_y(y + self.LINE)

    def _draw_detail(self, text: str) -> None:
        if self._paper.get_y() + self.LINE > BOTTOM:
            self._turn_page()
        y = self._paper.get_y()
        self._paper.put(self._detail_start, self.detail_width, text, size=self.SIZE, color=PALE_INK)
        self._paper.set_y(y + self.LINE)

    def _put(self, texts: Sequence[str], style: str, color: str) -> None:
        y = self._paper.get_y()
        for column, (x, width), text in zip(self._columns, self._places, texts, strict=True):
            align = "R" if column.is_figure else "L"
            self._paper.set_y(y)
            self._paper.put(x, width, text, size=self.SIZE, style=style, color=color, align=align)
        self._paper.set_y(y)


def _list_places(columns: Sequence[Column]) -> list[tuple[float, float]]:
    """Where the text of each column begins, and how wide it may be; words keep away from figures before them."""
    places = []
    x, is_after_figure = LEFT, False
    for column in columns:
        padding = _PADDING if column.is_figure or not is_after_figure else _PADDING_AFTER_FIGURES
        places.append((x + padding, column.width - padding - _PADDING))
        x, is_after_figure = x + column.width, column.is_figure
    return places
