"""What every kind of notice says."""

import pytest

from bot.delivery.refusals import Unreachable
from bot.views.notices import NOTICE_KINDS, render_notice
from bot.words import load_words
from payroll.reconciliation import Check
from tests.documents.made import ZONE, make_statement

WORDS = load_words("en", is_strict=True)
RANKS = {1: ("Rookie", "🧑‍🚀", "Welcome."), 2: ("Hustler", "💪", "Nice <work>."), 3: ("Closer", "💼", "Wow.")}
MOVED = {"employee_id": 1001, "employee_name": "Alice", "month": "2026-11-01", "rank_id": 2, "previous_rank_id": 3}


TOLD_IN_THE_CHAT = {
    "correction_requested", "correction_decided", "refund_booked", "refund_withdrawn", "bonus_cut",
    "question_asked", "question_taken", "question_message", "question_resolved", "question_closed", "question_rated",
    "day_off_requested", "day_off_approved", "day_off_refused", "premium_due", "premium_given", "shift_on_day_off",
    "shift_overdue", "day_summary",
    "terms_changed", "terms_withdrawn", "role_changed", "left_team", "rehired", "account_linked", "account_lost",
    "shifts_moved", "shifts_taken",
    "adjusted", "shift_by_admin", "bonus_granted", "bonus_voided", "rates_changed",
    "settings_changed", "pay_terms_changed",
}  # fmt: skip
"""What tests/bot reads where it arrives."""


def render(kind: str, **payload: object) -> str:
    return render_notice(WORDS, kind, payload, RANKS).text


def test_rank_up_says_the_rank_its_text_its_bonus_and_the_month() -> None:
    assert render("rank_up", **MOVED, drawn="flat_10", booked_on="2026-11-29").splitlines() == [
        "💪 <b>You are a Hustler now!</b>",
        "Nice &lt;work&gt;.",
        "",
        "🎁 Your bonus: <b>$10.00, booked on your shift of Sun 29 Nov</b>",
        "Your rank for November 2026.",
    ]


def test_rank_up_without_a_bonus_names_none() -> None:
    assert "bonus" not in render("rank_up", **MOVED)


def test_rank_regained_says_what_comes_back() -> None:
    text = render("rank_regained", **MOVED, returned=["percent_next_1", "flat_10"])
    assert "You are a Hustler again." in text
    assert "You have it back: <b>+1% on your next shift · $10.00 on your next shift</b>" in text


def test_rank_down_says_from_where_what_is_withdrawn_and_what_stays() -> None:
    text = render("rank_down", **MOVED, withdrawn=["flat_25"], kept=["double_commission"], drawn="flat_10")
    assert "you are 💪 <b>Hustler</b>, no longer 💼 Closer." in text
    assert "Withdrawn for now: $25.00." in text
    assert "You keep what you have used already: Double commission" in text
    assert "Your bonus: <b>$10.00 on your next shift</b>" in text


def test_a_bonus_without_a_move_is_told() -> None:
    text = render("rank_bonus", **MOVED, drawn="paid_day_off")
    assert "A bonus for your rank, Hustler:" in text
    assert "a paid day off" in text


def test_the_admins_hear_whose_used_bonus_stays() -> None:
    text = render("bonus_kept", **MOVED, kept=["percent_next_2"])
    assert text.startswith("<b>Alice</b> is no longer 💼 Closer in November 2026")
    assert "+2% on the next shift" in text
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


def test_books_that_differ_are_told_with_where_to_look_and_no_amount() -> None:
    named = [["commissions", "shift:12"], ["chain", "employee:100"]]
    assert render("books", count=3, differences=named).splitlines() == [
        "⚠️ <b>The books differ in 3 places.</b> Nothing is closed or paid out until that is put right.",
        "",
        "• shift 12: the commissions are not the net sales times the rate",
        "• employee 100: a balance is not the one before it with its line",
        "… and 1 more",
    ]
    assert "in one place" in render("books", count=1, differences=named[:1])
    assert render("books", count=0, differences=[]) == "📒 The books agree again."


@pytest.mark.parametrize("check", list(Check))
def test_every_check_of_the_books_has_its_words(check: Check) -> None:
    assert "bonus 3: " in render("books", count=1, differences=[[check, "bonus:3"]])


def test_work_that_failed_is_told_with_its_period() -> None:
    text = render("job_failed", job="reconcile", period="2026-11-16T22Z")
    assert text.startswith("⚠️ The check of the books failed (2026-11-16T22Z).")


def test_a_database_that_could_lose_something_is_told_with_its_settings() -> None:
    assert "if the power fails: fsync = off." in render("unsafe_database", settings=["fsync = off"])


def test_a_shift_that_a_clock_recorded_ahead_is_named() -> None:
    text = render("shift_ahead", name="<Alice", day="2026-12-05", shift_id=7, at="2026/12/05 09:00:00")
    assert text.startswith("🕰 Shift 7 of <b>&lt;Alice</b> (Sat 5 Dec) was recorded at 2026/12/05 09:00:00, which is")


def test_a_webhook_that_somebody_set_or_took_away_is_told_with_its_host() -> None:
    assert "deliver to evil.example what you all write" in render("webhook_moved", host="evil.example")
    assert "deliver nowhere what you all write" in render("webhook_moved", host="")


@pytest.mark.parametrize("kind", ["welcome", "failure"])
def test_the_others_need_no_facts(kind: str) -> None:
    assert render(kind)


@pytest.mark.parametrize("level", ["narrow", "full", "roomy"])
def test_the_admins_hear_how_full_the_disk_is(level: str) -> None:
    assert "83 %" in render("disk", level=level, used_pct=83)


def test_the_admins_hear_what_became_of_tabs_of_the_mirror() -> None:
    tabs = [
        {"title": "Shifts", "what": "changed", "kept": "Shifts (kept 2026-11-16)"},
        {"title": "Ranks", "what": "deleted", "kept": None},
        {"title": "DynamicRates", "what": "renamed", "kept": None},
    ]
    assert render("mirror_damage", tabs=tabs).splitlines()[2:] == [
        "• Shifts was changed. What was there is kept in the tab “Shifts (kept 2026-11-16)”.",
        "• Ranks was deleted and is there again.",
        "• DynamicRates was renamed and has its name again.",
    ]


@pytest.mark.parametrize("what", ["changed", "renamed", "deleted"])
@pytest.mark.parametrize("kept", [None, "Shifts (kept 2026-11-16)"])
def test_every_damage_to_the_mirror_has_its_words(what: str, kept: str | None) -> None:
    assert ("kept in the tab" in render("mirror_damage", tabs=[{"title": "Shifts", "what": what, "kept": kept}])) == (
        kept is not None
    )


def test_the_admins_hear_that_the_mirror_fails_and_why() -> None:
    error = "Google Sheets cannot be reached."
    assert "behind since 2026/11/16 20:00:00" in render("mirror_failing", since="2026/11/16 20:00:00", error=error)
    assert error in render("mirror_stopped", error=error)
    assert "71 % full" in render("mirror_full", percent=71)


@pytest.mark.parametrize("reason", list(Unreachable))
def test_the_admins_hear_who_cannot_be_reached_and_why(reason: Unreachable) -> None:
    told = render("unreachable", employee_name="<b>Alice", reason=reason)
    assert told.startswith("📵 <b>&lt;b&gt;Alice</b> cannot be reached: the")


OF_PERIOD = {
    "employee_id": 1001, "employee_name": "<b>Alice", "start": "2026-11-01", "end": "2026-11-14", "amount": "1234.50",
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "facts", "told"),
    [
        ("period_paid", {}, "💵 <b>$1,234.50</b> is paid out to you for 2026/11/01 – 2026/11/14."),
        ("period_reopened", {"reason": "<i>late"}, "Why: “&lt;i&gt;late”"),
        ("confirm_period", {"count": 2, "digest": "a digest"}, "It has 2 shifts so far."),
        ("period_missing", {"text": "my <i>shift"}, "<b>&lt;b&gt;Alice</b> says that something is missing in the pay "),
        ("periods_wait", {"count": 2, "silent": 0}, "2026/11/01 – 2026/11/14 waits to be closed for 2 people."),
    ],
)
def test_what_becomes_of_a_pay_period_is_told_with_its_dates(kind: str, facts: dict[str, object], told: str) -> None:
    assert told in render(kind, **OF_PERIOD, **facts)


def test_a_closed_period_is_told_with_its_statement() -> None:
    text = render("period_closed", **OF_PERIOD, statement=make_statement(), zone=ZONE)
    assert text.splitlines()[2] == "Closing balance: <b>$1,234.50</b>. Here is your statement."
    assert "Statement 2026/11/01 to 2026/11/14" in text


def test_a_months_leaderboard_is_told_with_ones_own_place() -> None:
    places = [[1, "<b>Boris", "1000.00"], [2, "Alice", "500.00"]]
    text = render("leaderboard", month="2026-11-01", places=places, own=[2, "500.00"])
    assert "🥇 <b>&lt;b&gt;Boris</b> · $1,000.00" in text
    assert text.endswith("You: place 2 with $500.00.")
    assert "You:" not in render("leaderboard", month="2026-11-01", places=places, own=None)


def test_no_kind_is_without_a_test() -> None:
    tested = {"rank_up", "rank_regained", "rank_down", "rank_bonus", "bonus_kept", "join_request", "long_shift"}
    tested |= {"mirror_damage", "mirror_failing", "mirror_stopped", "mirror_full"}
    tested |= {"disk", "webhook_moved", "shift_ahead", "books", "job_failed", "unsafe_database", "backup_failed"}
    tested |= {"period_closed", "period_paid", "period_reopened", "confirm_period", "period_missing", "periods_wait"}
    tested |= {"leaderboard", *TOLD_IN_THE_CHAT}
    assert set(NOTICE_KINDS) == tested | {"month_changed", "welcome", "failure", "file_failed", "unreachable"}


def test_what_is_said_again_says_so() -> None:
    facts = {"shift_id": 7, "since": "Sun 29 Nov 20:00", "hours": 13}
    first, again = render("shift_overdue", **facts), render("shift_overdue", **facts, is_repeat=True)
    assert again == f"🔁 Once more, now in time: my clock was ahead when I wrote this before.\n\n{first}"
