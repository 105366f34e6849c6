"""Pay lines by the million: rounded by the one rounder in Python, and by PostgreSQL."""

import random
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, LiteralString

import psycopg

from payroll.money import HUNDRED, compute_percent_of, round_cents
from payroll.pricing import compute_hourly_pay, compute_net_sales

_TABLE: LiteralString = """
    CREATE TEMPORARY TABLE pay_lines (
        sales numeric(12,2), cut numeric(5,2), pct numeric(7,2), minutes integer, wage numeric(6,2), raw numeric(20,6),
        net numeric(12,2), commissions numeric(12,2), hourly numeric(12,2), refund numeric(12,2), rounded numeric(20,2))
"""
# Multiplied first, as in Python: 50 / 60.0 is cut off before it is 0.8333…, and 0.03 times that is less than 0.025.
_DIFFERENT: LiteralString = """
    SELECT count(*) FILTER (WHERE round(sales * (100 - cut) / 100, 2) <> net),
           count(*) FILTER (WHERE round(net * pct / 100, 2) <> commissions),
           count(*) FILTER (WHERE round(minutes * wage / 60, 2) <> hourly),
           count(*) FILTER (WHERE round(-net * pct / 100, 2) <> refund),
           count(*) FILTER (WHERE round(raw, 2) <> rounded),
           count(*) FILTER (WHERE refund <> -commissions),
           count(*)
      FROM pay_lines
"""
_HALVES: LiteralString = """
    SELECT count(*) FILTER (WHERE abs(net * pct / 100 * 1000) % 10 = 5),
           count(*) FILTER (WHERE abs(raw * 1000) % 10 = 5),
           count(*) FILTER (WHERE raw < 0 AND abs(raw * 1000) % 10 = 5 AND rounded < raw)
      FROM pay_lines
"""
_CHECKS = ("net sales", "commissions", "hourly pay", "refunds", "any amount", "signs")


def compare(connection: "psycopg.Connection[tuple[Any, ...]]", lines: int, seed: int) -> Counter[str]:
    """Price so many lines both ways; how many differ, by what, and how many lay on half a cent."""
    connection.execute(_TABLE)
    with connection.cursor() as cursor, cursor.copy("COPY pay_lines FROM STDIN") as copy:
        for line in _make_lines(random.Random(seed), lines):
            copy.write("\t".join(map(str, line)) + "\n")
    *different, number = connection.execute(_DIFFERENT).fetchall()[0]
    halves, raw_halves, away_from_zero = connection.execute(_HALVES).fetchall()[0]
    counts = Counter({f"different {name}": count for name, count in zip(_CHECKS, different, strict=True)})
    counts["lines"] = number
    counts["commissions on half a cent"] = halves
    counts["amounts on half a cent"] = raw_halves
    counts["negative halves that went away from zero"] = away_from_zero
    return counts


def _make_lines(chance: random.Random, number: int) -> Iterator[tuple[object, ...]]:
    for _ in range(number):
        sales = Decimal(chance.randrange(1, chance.choice((10_000, 100_000, 9_999_999_999)))) / HUNDRED
        cut = Decimal(chance.choice((2000, 0, 1250, 3333, chance.randrange(10_001)))) / HUNDRED
        pct = Decimal(chance.choice((1000, 1250, 250, 50, chance.randrange(20_001)))) / HUNDRED
        minutes, wage = chance.randrange(1, 1441), Decimal(chance.randrange(1, 10_000)) / HUNDRED
        raw = Decimal(chance.randrange(-10_000_000, 10_000_000)) / chance.choice((1000, 10_000, 100_000, 1_000_000))
        net = compute_net_sales(sales, cut)
        yield (
            sales, cut, pct, minutes, wage, raw,
            net, compute_percent_of(net, pct), compute_hourly_pay(minutes * 60, wage), compute_percent_of(-net, pct),
            round_cents(raw),
        )  # fmt: skip
