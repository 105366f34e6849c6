"""The receipt of a migrated shift adds up like any other (SPEC 3.12, TECH T24)."""

from dataclasses import replace

from bot.views.receipt import render_receipt, render_why
from bot.words import load_words
from payroll.business_time import BusinessZone
from payroll.imports import HistoricShift, RecordedPay, import_shift
from payroll.shifts import StoredShift
from tests.factories import make_bonus, make_terms, make_work, usd

ZONE = BusinessZone.named("America/New_York")
NAMES = {1: "Model A"}


def make_stored(made: int, codes: tuple[str, ...] = ()) -> StoredShift:
    """A shift of 500.00 that is 160.00 by the rules, with something else recorded, and bonuses used up."""
    bonuses = tuple(
        replace(make_bonus(code, bonus_id=number, shift_id=1, amount=0), basis_net=usd(0))
        for number, code in enumerate(codes, 1)
    )
    work = make_work()
    history = HistoricShift(1, 100, (work.time_out, 1), work, make_terms(), usd(2), bonuses)
    shift, _ = import_shift(history, RecordedPay(total_made=usd(made)))
    return StoredShift(shift, "Anna", None)


def test_a_difference_is_a_line_of_the_receipt_and_of_the_sum() -> None:
    words = load_words("en")
    assert "Taken over from the old sheet: 11.00" in render_receipt(words, ZONE, make_stored(171), NAMES).text
    why = render_why(words, make_stored(150), usd(500), NAMES).text
    assert "Taken over from the old sheet: -10.00" in why
    assert "120.00 + 40.00 + -10.00 = $150.00" in why


def test_what_a_bonus_took_from_others_is_shown_though_nobody_knows_from_whom() -> None:
    text = render_receipt(load_words("en"), ZONE, make_stored(164, ("percent_prev_1",)), NAMES).text
    assert "1.0% of the net sales, on one model, of the chatter before: 4.00" in text
    assert "old sheet" not in text
