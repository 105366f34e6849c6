"""An amount that somebody types is understood in one way only, or asked for again."""

from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from payroll.amounts import format_amount, parse_amount
from payroll.errors import ErrorKey, InvalidInputError
from payroll.money import MAX_AMOUNT

NO_BREAK, NARROW_NO_BREAK, THIN, MINUS = "\u00a0", "\u202f", "\u2009", "\u2212"
CENTS = st.integers(0, 9_999_999_999).map(lambda cents: Decimal(cents).scaleb(-2))
# Text that comes close to amounts finds more than text that never does.
NEARLY_AMOUNTS = st.text("0123456789.,$ -+eE\u00a0\u202f\u2212٣\n", max_size=24)


def refuse(text: str, *, zero_allowed: bool = False) -> InvalidInputError:
    with pytest.raises(InvalidInputError) as refusal:
        parse_amount(text, zero_allowed=zero_allowed)
    return refusal.value


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("99.90", "99.90"),
        ("99,90", "99.90"),
        ("$1 234.50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("500", "500.00"),
        ("  500\n", "500.00"),
        ("1234", "1234.00"),
        ("007", "7.00"),
        ("99.9", "99.90"),
        ("0.01", "0.01"),
        (".5", "0.50"),
        (",50", "0.50"),
        ("1 234", "1234.00"),
        ("1 234,5", "1234.50"),
        ("1 234 567.89", "1234567.89"),
        ("1,234,567", "1234567.00"),
        ("1.234.567", "1234567.00"),
        ("1.234.567,8", "1234567.80"),
        ("1,234.00", "1234.00"),
        (f"1{NO_BREAK}234,50", "1234.50"),
        (f"1{NARROW_NO_BREAK}234.50{NO_BREAK}$", "1234.50"),
        (f"1{THIN}234", "1234.00"),
        ("$5", "5.00"),
        ("$ 5", "5.00"),
        ("5$", "5.00"),
        ("5 $", "5.00"),
        ("99,999,999.99", "99999999.99"),
        ("00000000099999999.99", "99999999.99"),
    ],
)
def test_what_can_be_read_one_way_is_read(typed: str, amount: str) -> None:
    assert str(parse_amount(typed)) == amount


@pytest.mark.parametrize(
    ("typed", "reading_1", "reading_2"),
    [
        ("1,234", "1,234.00", "1.234"),
        ("12.345", "12,345.00", "12.345"),
        ("1.000", "1,000.00", "1.000"),
        ("$999,999", "999,999.00", "999.999"),
        ("10,000 $", "10,000.00", "10.000"),
    ],
)
def test_what_can_be_read_two_ways_is_asked_with_both_readings(typed: str, reading_1: str, reading_2: str) -> None:
    error = refuse(typed)
    assert error.key is ErrorKey.AMOUNT_AMBIGUOUS
    assert error.facts == {"reading_1": reading_1, "reading_2": reading_2}
    assert str(error) == f"amount: {typed} (allowed: {reading_1} or {reading_2})"


@pytest.mark.parametrize("typed", ["1,234", "12.345"])
def test_either_reading_is_accepted_when_it_is_typed_with_two_decimals(typed: str) -> None:
    thousands, decimals = map(str, refuse(typed).facts.values())
    assert format_amount(parse_amount(thousands)) == thousands
    assert str(parse_amount(decimals[:-1])) == decimals[:-1]


@pytest.mark.parametrize(
    "typed",
    ["1.2345", "0.125", "0,125", "012.345", ".125", "1234.567", "1 234,567", "1,234.567", "1.234,567", "5.0012"],
)
def test_more_than_two_decimals_are_refused(typed: str) -> None:
    assert refuse(typed).key is ErrorKey.AMOUNT_TOO_PRECISE


@pytest.mark.parametrize(
    "typed",
    ["-5", "- 5", "-$5", "$-5", "$ - 5", "-5 $", f"{MINUS}5", "\u20135", "\u20145", "-0", "-1,234", "-0.001"],
)
def test_a_negative_amount_is_refused_as_negative(typed: str) -> None:
    assert refuse(typed).key is ErrorKey.AMOUNT_NEGATIVE
    assert refuse(typed, zero_allowed=True).key is ErrorKey.AMOUNT_NEGATIVE


@pytest.mark.parametrize("typed", ["0", "0.00", "0,0", "$0", "000"])
def test_zero_is_refused_unless_the_question_allows_it(typed: str) -> None:
    assert refuse(typed).key is ErrorKey.AMOUNT_NOT_POSITIVE
    assert str(parse_amount(typed, zero_allowed=True)) == "0.00"


@pytest.mark.parametrize("typed", ["100000000", "100,000,000.00", "99999999991", "9" * 10_000, "0" + "9" * 4096])
def test_an_amount_over_the_limit_is_refused(typed: str) -> None:
    error = refuse(typed)
    assert error.key is ErrorKey.AMOUNT_TOO_LARGE
    assert error.allowed == "0.01 to 99,999,999.99"


def test_a_very_long_answer_is_not_repeated_in_full() -> None:
    assert len(str(refuse("9" * 10_000).value)) <= 40
    assert len(str(refuse("x" * 100_000).value)) <= 40


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "$", "-", "$-", ".", ",", "abc", "five", "5 usd", "€5", "5.", "5,", "+5", "--5", "5-", "(5)",
        "$$5", "$5$", "1e5", "1E-2", "inf", "-inf", "Infinity", "nan", "sNaN", "0x10", "1_000", "1'234.50",
        "12 34", "1  234", "1 23", "0 234.50", "0,234.50", "1,23,456", "1,234,56", "1.234.56", "1,234.567,89",
        "1 234,567.00", "1.2.3", "5 5 5", "5\n6", "٣٤", "5٣", "½", "²", "\uff15", "5%", "=5", "\u200b5", "\x005",
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused(typed: str) -> None:
    assert refuse(typed).key is ErrorKey.AMOUNT_NOT_A_NUMBER


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("1234.5", "1,234.50"),
        ("0", "0.00"),
        ("-0.00", "0.00"),
        ("-1234.50", "-1,234.50"),
        ("99999999.99", "99,999,999.99"),
        ("2.665", "2.67"),
        ("999.995", "1,000.00"),
    ],
)
def test_an_amount_is_shown_with_thousands_and_two_decimals(amount: str, text: str) -> None:
    assert format_amount(Decimal(amount)) == text


@given(CENTS)
@settings(deadline=None)
def test_what_is_shown_can_be_typed_back(amount: Decimal) -> None:
    shown = format_amount(amount)
    continental = shown.translate(str.maketrans(",.", ".,"))
    for typed in (shown, f"${shown}", continental, continental.replace(".", NO_BREAK), str(amount)):
        assert parse_amount(typed, zero_allowed=True) == amount


@given(text=st.one_of(st.text(), NEARLY_AMOUNTS), zero_allowed=st.booleans())
@example(text="9" * 10_000, zero_allowed=False)
@example(text="1" + ",000" * 2_000, zero_allowed=False)
@settings(deadline=None)
def test_any_text_gives_cents_within_the_limit_or_a_refusal(text: str, *, zero_allowed: bool) -> None:
    try:
        amount = parse_amount(text, zero_allowed=zero_allowed)
    except InvalidInputError as error:
        assert error.field == "amount"  # noqa: PT017
        return
    assert 0 <= amount <= MAX_AMOUNT
    assert amount > 0 or zero_allowed
    assert amount.as_tuple().exponent == -2
