"""What is due of a closed pay period, and why it is not what it was closed with (SPEC 4.22, PAYROLL D34)."""

from datetime import date

import pytest

from bot.views.due import spell_difference
from bot.words import load_words
from payroll.pay_periods import PayPeriod
from payroll.periods import Due
from tests.factories import usd

FIRST_HALF = PayPeriod(date(2026, 11, 1), date(2026, 11, 14))


@pytest.mark.parametrize(
    ("closing", "paid_since", "balance", "amount", "told"),
    [
        ("500.00", "0", "500.00", "500.00", ""),
        ("500.00", "0", "371.60", "371.60", "less $128.40 taken back since"),
        ("500.00", "0", "700.00", "500.00", ""),
        ("320.00", "160.00", "160.00", "160.00", "less $160.00 paid out since"),
        ("320.00", "160.00", "150.00", "150.00", "less $160.00 paid out since, less $10.00 taken back since"),
        ("100.00", "0", "-20.00", "0.00", "less $100.00 taken back since"),
        ("-40.00", "0", "-40.00", "0.00", ""),
        ("-40.00", "0", "60.00", "0.00", ""),
        ("0.00", "0", "-10.00", "0.00", ""),
    ],
)
def test_what_is_due_is_told_with_what_makes_it_less(
    closing: str, paid_since: str, balance: str, amount: str, told: str
) -> None:
    due = Due(100, "Ann", FIRST_HALF, usd(closing), usd(paid_since), usd(balance))
    assert due.amount == usd(amount)
    assert spell_difference(load_words("en"), due) == told
