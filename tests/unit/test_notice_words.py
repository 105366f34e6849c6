"""What every kind of notice says."""

import pytest

from bot.views.notices import NOTICE_KINDS, render_notice
from bot.words import load_words

WORDS = load_words("en", is_strict=True)
RANKS = {1: ("Rookie", "🧑‍🚀", "Welcome."), 2: ("Hustler", "💪", "Nice <work>."), 3: ("Closer", "💼", "Wow.")}
MOVED = {"employee_id": 1001, "employee_name": "Alice", "month": "2026-11-01", "rank_id": 2, "previous_rank_id": 3}


def render(kind: str, **payload: object) -> str:
    return render_notice(WORDS, kind, payload, RANKS).text


def test_rank_up_says_the_rank_its_text_its_bonus_and_the_month() -> None:
    assert render("rank_up", **MOVED, drawn="flat_10").splitlines() == [
        "💪 <b>You are a Hustler now!</b>",
        "Nice &lt;work&gt;.",
        "",
        "🎁 Your bonus: <b>$10.00 on the spot</b>",
        "Counted for November 2026.",
    ]


def test_rank_up_without_a_bonus_names_none() -> None:
    assert "bonus" not in render("rank_up", **MOVED)


def test_rank_regained_says_what_comes_back() -> None:
    text = render("rank_regained", **MOVED, returned=["percent_next_1", "flat_10"])
    assert "You are a Hustler again." in text
    assert "You have it back: <b>+1% on your next shift · $10.00 on the spot</b>" in text


def test_rank_down_says_from_where_what_is_withdrawn_and_what_stays() -> None:
    text = render("rank_down", **MOVED, withdrawn=["flat_25"], kept=["double_commission"], drawn="flat_10")
    assert "you are 💪 <b>Hustler</b>, no longer 💼 Closer." in text
    assert "Withdrawn for now: $25.00 on the spot." in text
    assert "You keep what you have used already: double commission on your next shift" in text
    assert "Your bonus: <b>$10.00 on the spot</b>" in text


def test_a_bonus_without_a_move_is_told() -> None:
    text = render("rank_bonus", **MOVED, drawn="paid_day_off")
    assert "A bonus for your rank, Hustler:" in text
    assert "a paid day off" in text


def test_the_admins_hear_whose_used_bonus_stays() -> None:
    text = render("bonus_kept", **MOVED, kept=["percent_next_2"])
    assert text.startswith("<b>Alice</b> is no longer 💼 Closer in November 2026")
    assert "+2% on your next shift" in text
    assert "Nothing was taken back." in text


def test_a_request_can_be_decided_right_there() -> None:
    screen = render_notice(WORDS, "join_request", {"request_id": "r", "name": "<i>Eve", "telegram_id": 7}, RANKS)
    assert screen.text == "🙋 <b>&lt;i&gt;Eve</b> would like to join (Telegram id 7)."
    assert screen.keyboard is not None
    assert [button.text for button in screen.keyboard.inline_keyboard[0]] == ["Approve", "Reject"]


def test_a_long_shift_is_named_with_its_hours() -> None:
    text = render("long_shift", employee_name="Alice", shift_id=7, hours="13.50")
    assert text == "🕰 <b>Alice</b> has recorded a shift of 13.50 h (shift 7)."


def test_a_shift_that_moved_to_another_month_is_named_with_both() -> None:
    moved = {"employee_name": "Alice", "shift_id": 7, "old_month": "2026-12-01", "new_month": "2026-11-01"}
    assert "moved shift 7 from December 2026 to November 2026" in render("month_changed", **moved)


@pytest.mark.parametrize("kind", ["welcome", "failure"])
def test_the_others_need_no_facts(kind: str) -> None:
    assert render(kind)


def test_no_kind_is_without_a_test() -> None:
    tested = {"rank_up", "rank_regained", "rank_down", "rank_bonus", "bonus_kept", "join_request", "long_shift"}
    assert set(NOTICE_KINDS) == tested | {"month_changed", "welcome", "failure"}
