"""The month's picture: a PNG of the right size whose bars are where the sales were."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from PIL import Image

from bot.views.chart import HEIGHT, WIDTH, render_chart
from bot.words import load_words
from payroll.money import ZERO
from payroll.standing import DayTotal, Rank, Standing, Summary

ROOKIE = Rank(1, "Rookie", "🧑‍🚀", "", Decimal(0), Decimal(2000), ())
HUSTLER = Rank(2, "Hustler", "💪", "", Decimal(2000), None, ())
BAR, BEST_BAR, FILL = (74, 155, 224), (31, 111, 181), (53, 179, 107)


def draw(sales: dict[int, str], *, ranks: tuple[Rank, ...] = (ROOKIE, HUSTLER), position: int = 0) -> Image.Image:
    """The picture of November 2026 with sales by day."""
    days = tuple(DayTotal(date(2026, 11, day), Decimal(amount), ZERO) for day, amount in sales.items())
    standing = Standing(date(2026, 11, 1), sum((day.sales for day in days), ZERO), ranks, position)
    summary = Summary(standing, ZERO, date(2026, 11, 15), date(2026, 12, 1), ZERO, len(days), days)
    image = Image.open(BytesIO(render_chart(load_words("en", is_strict=True), summary)))
    image.load()
    return image


def count(image: Image.Image, color: tuple[int, int, int]) -> int:
    return sum(number for number, found in image.getcolors(WIDTH * HEIGHT) or [] if found == color)


def measure_bar(image: Image.Image, color: tuple[int, int, int]) -> tuple[int, int]:
    """The highest and the lowest line on which the color stands."""
    lines = [y for y in range(HEIGHT) if any(image.getpixel((x, y)) == color for x in range(WIDTH))]
    return lines[0], lines[-1]


@pytest.mark.parametrize(
    "sales",
    [
        pytest.param({}, id="nothing sold"),
        pytest.param({1: "0.00"}, id="a day without sales"),
        pytest.param({1: "0.01"}, id="one cent"),
        pytest.param({30: "99999999.99", 1: "0.01"}, id="the largest amount and the least"),
        pytest.param(dict.fromkeys(range(1, 31), "500"), id="every day"),
    ],
)
def test_it_is_a_png_of_800_by_450(sales: dict[int, str]) -> None:
    image = draw(sales)
    assert (image.format, image.size) == ("PNG", (800, 450))


def test_twice_the_sales_is_twice_as_high() -> None:
    image = draw({10: "200", 20: "400"})
    top, bottom = measure_bar(image, BAR)
    best_top, best_bottom = measure_bar(image, BEST_BAR)
    assert bottom == best_bottom
    assert best_bottom - best_top == pytest.approx(2 * (bottom - top), abs=3)


def test_the_best_day_stays_within_the_picture() -> None:
    for amount in ("0.99", "999.99", "1000", "1180", "2000.01", "99999999.99"):
        top, _ = measure_bar(draw({15: amount}), BEST_BAR)
        assert top >= 90, amount


def test_without_sales_there_are_no_bars() -> None:
    image = draw({3: "0.00"})
    assert count(image, BAR) == count(image, BEST_BAR) == 0


def test_the_way_to_the_next_rank_fills_with_the_sales() -> None:
    empty, half, full = draw({}), draw({5: "1000"}), draw({5: "1999.99"})
    assert count(empty, FILL) == 0
    assert count(full, FILL) == pytest.approx(2 * count(half, FILL), rel=0.05)


def test_at_the_top_the_way_is_full() -> None:
    assert count(draw({5: "5000"}, position=1), FILL) >= count(draw({5: "1999.99"}), FILL)


def test_a_very_long_name_of_a_rank_does_no_harm() -> None:
    long = Rank(1, "R" * 60, "", "", Decimal(0), Decimal(2000), ())
    assert draw({5: "10"}, ranks=(long, HUSTLER)).size == (800, 450)
