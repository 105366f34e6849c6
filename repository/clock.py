"""The one place that asks the machine for the time."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
"""Gives the present instant as an aware datetime in UTC."""


def read_system_clock() -> datetime:
    """The present instant, in UTC, cut to the whole second (PAYROLL D1)."""
    return datetime.now(UTC).replace(microsecond=0)
