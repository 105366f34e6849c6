"""Amounts that may be negative, in words."""

from decimal import Decimal

from payroll.amounts import format_amount


def spell_balance(amount: Decimal) -> str:
    """An amount in USD with its sign before the dollar: `$15.50`, `−$15.50`."""
    return f"{'−' if amount < 0 else ''}${format_amount(abs(amount))}"


def format_pct(pct: Decimal) -> str:
    """Percent points as a part of a sum: `8.0%`, `8.25%`."""
    shown = pct.quantize(Decimal("0.1")) if pct == pct.quantize(Decimal("0.1")) else pct.quantize(Decimal("0.01"))
    return f"{shown:,}%"
