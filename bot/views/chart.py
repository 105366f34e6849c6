"""The month as a picture: sales per day as bars, and the way to the next rank below them (SPEC 4 "Statistics")."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from io import BytesIO
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from bot.views.months import spell_month
from bot.words import Words
from payroll.amounts import format_amount
from payroll.standing import Standing, Summary

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

ASSETS = Path(__file__).resolve().parent.parent / "assets"
WIDTH, HEIGHT = 800, 450

_EDGE = 20
_LEFT, _RIGHT = 118, WIDTH - _EDGE
_TOP, _BOTTOM = 132, 310
_TRACK_TOP, _TRACK_BOTTOM = 366, 388
_MOST_LINES = 3
_LONGEST_NAME = 16
# A phone shows the picture at not half its width: what is to be read there is large here.
_HUGE, _LARGE, _SMALL = 36, 28, 25
_LABELLED_DAYS = (1, 5, 10, 15, 20, 25, 30)

_PAPER = "#ffffff"
_INK = "#17212b"
_PALE_INK = "#687582"
_GRID = "#e4e9ee"
_BAR = "#4a9be0"
_BEST_BAR = "#1f6fb5"
_FILL = "#35b36b"


def render_chart(words: Words, summary: Summary) -> bytes:
    """The picture as a PNG of 800 × 450 pixels. Takes some 30 ms: not for the event loop."""
    # Late: 20 MiB that a bot whom nobody asks for statistics need not take.
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    pen = ImageDraw.Draw(image)
    standing = summary.standing
    _draw_head(pen, words.plain("chart-title"), spell_month(words, standing.month), standing.sold)
    sales = {total.day.day: total.sales for total in summary.days if total.sales > 0}
    if sales:
        _draw_days(pen, sales, monthrange(standing.month.year, standing.month.month)[1])
    else:
        middle = (WIDTH / 2, (_TOP + _BOTTOM) / 2)
        pen.text(middle, words.plain("chart-nothing"), _PALE_INK, _load_font(_LARGE), anchor="mm")
    _draw_way(pen, standing, words.plain("chart-top-rank"))
    file = BytesIO()
    image.save(file, "PNG", compress_level=6)
    return file.getvalue()


def _draw_head(pen: "ImageDraw", title: str, month: str, total: Decimal) -> None:
    pen.text((_EDGE, 14), title, _INK, _load_font(_HUGE, is_bold=True))
    pen.text((_EDGE, 58), month, _PALE_INK, _load_font(_LARGE))
    pen.text((_RIGHT, 14), f"${format_amount(total)}", _INK, _load_font(_HUGE, is_bold=True), anchor="ra")


def _draw_days(pen: "ImageDraw", sales: Mapping[int, Decimal], day_count: int) -> None:
    lines = _list_lines(max(sales.values()))
    height = (_BOTTOM - _TOP) / lines[-1]
    for line in lines:
        y = round(_BOTTOM - line * height)
        pen.line((_LEFT, y, _RIGHT, y), _GRID, 2 if line else 3)
        pen.text((_LEFT - 10, y), _spell_line(line), _PALE_INK, _load_font(_SMALL), anchor="rm")
    best_day = max(sales, key=lambda day: sales[day])
    width = (_RIGHT - _LEFT) / day_count
    for day in range(1, day_count + 1):
        middle = _LEFT + (day - 0.5) * width
        if day in sales:
            top = min(round(_BOTTOM - float(sales[day]) * height), _BOTTOM - 3)
            box = (round(middle - width * 0.36), top, round(middle + width * 0.36), _BOTTOM)
            color = _BEST_BAR if day == best_day else _BAR
            pen.rounded_rectangle(box, 4, color, corners=(True, True, False, False))
        if day in _LABELLED_DAYS:
            pen.text((middle, _BOTTOM + 8), str(day), _PALE_INK, _load_font(_SMALL), anchor="ma")
    _draw_best(pen, _LEFT + (best_day - 0.5) * width, _BOTTOM - float(sales[best_day]) * height, sales[best_day])


def _draw_best(pen: "ImageDraw", middle: float, top: float, amount: Decimal) -> None:
    """The amount of the best day, above its bar, within the picture."""
    text, font = f"${format_amount(amount)}", _load_font(_SMALL, is_bold=True)
    half = font.getlength(text) / 2
    pen.text((min(max(middle, _LEFT + half), _RIGHT - half), top - 6), text, _INK, font, anchor="ms")


def _draw_way(pen: "ImageDraw", standing: Standing, top_rank: str) -> None:
    """How far it is from the rank held to the next one."""
    held, target = standing.rank, standing.next_rank
    share = 1.0
    if target is not None:
        share = float((standing.sales - held.min_sales) / (target.min_sales - held.min_sales))
    pen.rounded_rectangle((_EDGE, _TRACK_TOP, _RIGHT, _TRACK_BOTTOM), 11, _GRID)
    length = round((_RIGHT - _EDGE) * min(max(share, 0.0), 1.0))
    if length > 0:
        pen.rounded_rectangle((_EDGE, _TRACK_TOP, _EDGE + max(length, 22), _TRACK_BOTTOM), 11, _FILL)
    y = _TRACK_BOTTOM + 8
    pen.text((_EDGE, y), _shorten(held.name), _INK, _load_font(_LARGE, is_bold=True))
    goal = f"{_shorten(target.name)} ${format_amount(target.min_sales)}" if target else top_rank
    pen.text((_RIGHT, y), goal, _PALE_INK, _load_font(_LARGE), anchor="ra")


def _shorten(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"


def _spell_line(amount: int) -> str:
    """A round amount as short as can be: `$500`, `$20k`, `$5M`."""
    if amount >= 10_000_000:
        return f"${amount // 1_000_000:,}M"
    return f"${amount // 1000:,}k" if amount >= 10_000 else f"${amount:,}"


def _list_lines(largest: Decimal) -> list[int]:
    """Whole amounts for the lines across, from 0 to no less than the largest day."""
    step = next(step for step in _list_steps() if step * _MOST_LINES >= largest)
    return [step * place for place in range(ceil(largest / step) + 1)]


def _list_steps() -> Iterator[int]:
    """1, 2, 5, 10, 20, 50 and so on."""
    power = 1
    while True:
        yield from (power, 2 * power, 5 * power)
        power *= 10


@cache
def _load_font(size: int, *, is_bold: bool = False) -> "FreeTypeFont":
    """The font that comes along: it has Cyrillic, and every machine draws the same."""
    from PIL import ImageFont

    return ImageFont.truetype(ASSETS / ("DejaVuSans-Bold.ttf" if is_bold else "DejaVuSans.ttf"), size)
