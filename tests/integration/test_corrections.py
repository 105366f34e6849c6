"""Corrections after the close, and what is given and taken by hand (SPEC 4.19, PAYROLL D15, D16, D32, D33, D38)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from payroll.adjustments import AdjustmentKind
from payroll.correction_requests import CorrectionRequest, CorrectionState
from payroll.errors import ConflictError, DomainError, ErrorKey, ForbiddenError, InvalidInputError
from payroll.people import Person
from payroll.shifts import Correction, NewShift
from postgres_service import PostgresService
from tests.clock import SteppingClock
from tests.databases import connect, fetch_all
from tests.owners import (
    FIRST_HALF,
    MAX,
    OLGA,
    assert_books_agree,
    hire_owner,
    list_audited,
    list_booked,
    sell,
    usd,
)
from tests.shift_data import ANN, BEN, make_drawing_service

MODEL_A = 1


def at(day: int, hour: int) -> datetime:
    """A clock on the wall of New York in November 2026, after the change to winter time."""
    return datetime(2026, 11, day, tzinfo=UTC) + timedelta(hours=hour + 5)


def missing(day: int = 11, amount: int = 300, who: int = ANN) -> NewShift:
    return NewShift(who, at(day, 9), at(day, 17), {MODEL_A: usd(amount)})


@pytest.fixture
def ann(service: PostgresService, olga: Person) -> Person:
    """Two shifts of the 10th, 500.00 and 300.00, in a closed period."""
    sell(service, 10)
    service.create_shift({
        "employee_id": ANN, "clock_in": "2026/11/10 18:00:00", "clock_out": "2026/11/10 20:00:00",
        "products": {"Model A": 300},
    })  # fmt: skip
    service.periods.close(FIRST_HALF, actor=olga)
    return service.people.get(ANN)


def ask(service: PostgresService, ann: Person) -> CorrectionRequest:
    return service.corrections.ask_new(missing(), "I forgot the 11th", actor=ann)


# --- approved ---------------------------------------------------------------------------------------------------------


def test_an_approved_request_makes_the_shift_itself_and_books_its_pay_in_the_open_period(
    service: PostgresService, database: dict[str, Any], olga: Person, ann: Person
) -> None:
    closed = service.periods.find(ANN, FIRST_HALF)
    request = ask(service, ann)
    assert [one.correction_id for one in service.corrections.list_open(10)] == [request.correction_id]
    result = service.corrections.approve(request.correction_id, actor=olga)
    made = service.get_shift_by_id(result.change.shift_id)
    assert made is not None
    # 8 hours at 15.00, and 300.00 less 20 % at 8 %
    assert (made["Clock in"], made["Total made"]) == ("2026/11/11 09:00:00", usd("139.20"))
    assert list_booked(database)[-1] == (f"shift:{made['ID']}", "correction", "139.20", "2026-11-15")
    assert [(line.ref, line.units) for line in result.lines] == [(f"shift:{made['ID']}", usd("139.20"))]
    after = service.periods.find(ANN, FIRST_HALF)
    assert (after.shifts, after.closing, after.closed_at) == (closed.shifts, closed.closing, closed.closed_at)
    assert (result.request.state, result.request.result_shift_id) == (CorrectionState.APPROVED, made["ID"])
    assert service.corrections.list_open(10) == []
    assert_books_agree(service)


def test_every_shift_whose_pay_changes_is_booked_by_itself(
    service: PostgresService, database: dict[str, Any], olga: Person, ann: Person
) -> None:
    """500.00 corrected to 1,000.00: from 10 % to 12 %, and the later shift of the day from 10 % to 12 % too."""
    before = len(list_booked(database))
    wish = Correction(products={MODEL_A: usd(1000)})
    request = service.corrections.ask_edit(1, wish, "it was twice that", actor=ann)
    assert list_booked(database)[before:] == []
    result = service.corrections.approve(request.correction_id, actor=olga, note="right")
    # 800.00 × 12 % = 96.00 in place of 40.00, and 240.00 × 12 % = 28.80 in place of 24.00
    assert list_booked(database)[before:] == [
        ("shift:1", "correction", "56.00", "2026-11-15"),
        ("shift:2", "correction", "4.80", "2026-11-15"),
    ]
    assert sum(line.units for line in result.lines) == usd("60.80")
    kept = fetch_all(
        database, "SELECT shift_id, reason, content ->> 'total_made' FROM shift_versions ORDER BY shift_id"
    )
    assert kept == [(1, "correction", "160.00"), (2, "correction", "54.00")]
    assert_books_agree(service)


def test_a_shift_is_taken_out_by_a_correction(
    service: PostgresService, database: dict[str, Any], olga: Person, ann: Person
) -> None:
    request = service.corrections.ask_delete(1, "that was somebody else", actor=ann)
    service.corrections.approve(request.correction_id, actor=olga)
    assert service.get_shift_by_id(1) is None
    # The later shift of the day alone: 8 % of 240.00 in place of 10 %.
    assert list_booked(database)[-2:] == [
        ("shift:1", "correction", "-160.00", "2026-11-15"),
        ("shift:2", "correction", "-4.80", "2026-11-15"),
    ]
    assert_books_agree(service)


def test_a_correction_moves_a_shift_into_the_open_period(
    service: PostgresService, database: dict[str, Any], olga: Person, ann: Person
) -> None:
    request = service.corrections.ask_edit(2, Correction(at(15, 18), at(15, 20)), "the 15th", actor=ann)
    service.corrections.approve(request.correction_id, actor=olga)
    # 240.00 at 8 % and 2 hours: 49.20 enters in place of 54.00.
    assert list_booked(database)[-2:] == [
        ("shift:2", "correction", "-54.00", "2026-11-15"),
        ("shift:2", "shift edited", "49.20", "2026-11-15"),
    ]
    assert_books_agree(service)


def test_the_rates_are_those_of_the_shifts_date(service: PostgresService, olga: Person, ann: Person) -> None:
    service.set_employee_settings(ANN, hourly_wage=Decimal(20), valid_from=at(15, 0).date())
    result = service.corrections.approve(ask(service, ann).correction_id, actor=olga)
    made = service.get_shift_by_id(result.change.shift_id)
    assert made is not None
    assert made["Total per hour"] == usd(120)


def test_after_reopening_an_approved_request_is_an_ordinary_change(
    service: PostgresService, database: dict[str, Any], olga: Person, ann: Person
) -> None:
    request = ask(service, ann)
    service.periods.reopen(ANN, FIRST_HALF, actor=olga, reason="easier so")
    service.corrections.approve(request.correction_id, actor=olga)
    assert list_booked(database)[-1][1:] == ("shift recorded", "139.20", "2026-11-01")
    assert_books_agree(service)


# --- looked at beforehand ---------------------------------------------------------------------------------------------


def list_previewed(service: PostgresService, request: CorrectionRequest) -> list[tuple[str, str, str, str]]:
    """What an approval would book, as `list_booked` has it."""
    return [
        (one.ref, one.reason, str(one.units if one.direction == "credit" else -one.units), str(one.period.start_date))
        for one in service.corrections.preview(request.correction_id).entries
    ]


@pytest.mark.parametrize(
    ("ask_for", "count"),
    [
        (lambda corrections, ann: corrections.ask_new(missing(), "forgotten", actor=ann), 1),
        (
            lambda corrections, ann: corrections.ask_edit(1, Correction(products={MODEL_A: usd(1000)}), "x", actor=ann),
            2,
        ),
        (lambda corrections, ann: corrections.ask_edit(2, Correction(at(15, 18), at(15, 20)), "x", actor=ann), 2),
        (lambda corrections, ann: corrections.ask_delete(1, "somebody else's", actor=ann), 2),
    ],
    ids=["missing", "sales", "moved", "deletion"],
)
def test_what_an_approval_would_book_is_known_beforehand_to_the_cent_and_looking_changes_nothing(
    service: PostgresService, database: dict[str, Any], olga: Person, ann: Person, ask_for: Any, count: int
) -> None:
    request = ask_for(service.corrections, ann)
    next_id, before = service.get_next_id(), dump_books(database)
    previewed = list_previewed(service, request)
    assert list_previewed(service, request) == previewed
    assert (service.get_next_id(), dump_books(database)) == (next_id, before)
    booked = len(list_booked(database))
    service.corrections.approve(request.correction_id, actor=olga)
    assert list_booked(database)[booked:] == previewed
    assert len(previewed) == count


def dump_books(database: dict[str, Any]) -> list[Any]:
    """Everything that a change of a shift may touch."""
    tables = ("shifts", "shift_products", "active_bonuses", "employee_ranks", "rank_awards", "shift_versions",
              "balance_transactions", "outbox", "audit_log", "correction_requests")  # fmt: skip
    return [sorted(fetch_all(database, f"SELECT t::text FROM {table} t")) for table in tables]  # noqa: S608 - no input


def test_looking_draws_no_bonus_and_what_only_a_draw_decides_is_not_foretold(
    database: dict[str, Any], clock: SteppingClock
) -> None:
    """The period is open again, so that a flat that is drawn is carried by the shift itself."""
    with make_drawing_service(database, clock, 0) as service:
        olga = hire_owner(service)
        sell(service, 10, 1500)
        service.periods.close(FIRST_HALF, actor=olga)
        request = service.corrections.ask_new(missing(11, 600), "forgotten", actor=service.people.get(ANN))
        service.periods.reopen(ANN, FIRST_HALF, actor=olga, reason="easier so")
        # 120.00, and 480.00 at 10 %; the draw of the rank gives 10.00 more.
        assert [amount for _, _, amount, _ in list_previewed(service, request)] == ["168.00"]
        assert service.get_active_bonuses(ANN) == []
        service.corrections.approve(request.correction_id, actor=olga)
        assert list_booked(database)[-1][2] == "178.00"


def test_a_flat_that_would_be_lost_is_foretold(database: dict[str, Any], clock: SteppingClock) -> None:
    with make_drawing_service(database, clock, 0) as service:
        olga = hire_owner(service)
        sell(service, 10, 1500)
        sell(service, 11, 600)  # reaches Hustler and carries its flat
        service.periods.close(FIRST_HALF, actor=olga)
        wish = Correction(products={MODEL_A: usd(100)})
        request = service.corrections.ask_edit(1, wish, "a mistake", actor=service.people.get(ANN))
        booked, previewed = len(list_booked(database)), list_previewed(service, request)
        service.corrections.approve(request.correction_id, actor=olga)
        assert list_booked(database)[booked:] == previewed
        assert ("shift:2", "correction", "-10.00", "2026-11-15") in previewed


def test_what_can_no_longer_be_carried_out_is_known_beforehand(
    service: PostgresService, olga: Person, ann: Person
) -> None:
    first, second = ask(service, ann), ask(service, ann)
    edit = service.corrections.ask_edit(1, Correction(products={MODEL_A: usd(100)}), "a mistake", actor=ann)
    deletion = service.corrections.ask_delete(1, "somebody else's", actor=ann)
    for request in (first, deletion):
        service.corrections.approve(request.correction_id, actor=olga)
    for request, key in ((second, ErrorKey.SHIFT_OVERLAPS), (edit, ErrorKey.SHIFT_UNKNOWN)):
        with pytest.raises(DomainError) as caught:
            service.corrections.preview(request.correction_id)
        assert caught.value.key is key


# --- ranks ------------------------------------------------------------------------------------------------------------


def test_a_rank_that_a_correction_reaches_gives_its_flat_to_the_next_shift(
    database: dict[str, Any], clock: SteppingClock
) -> None:
    with make_drawing_service(database, clock, 0) as service:
        olga = hire_owner(service)
        sell(service, 10, 1500)
        service.periods.close(FIRST_HALF, actor=olga)
        ann = service.people.get(ANN)
        request = service.corrections.ask_new(missing(11, 600), "forgotten", actor=ann)
        service.corrections.approve(request.correction_id, actor=olga)
        assert [bonus["Bonus Type"] for bonus in service.get_active_bonuses(ANN)] == ["flat"]
        shift = service.get_shift_by_id(sell(service, 16, 100))
        assert shift is not None
        assert shift["Total made"] == usd("136.40"), "120.00 + 6.40 + 10.00"
        assert_books_agree(service)


def test_a_flat_of_a_closed_shift_is_taken_back_as_a_deduction_in_the_open_period(
    database: dict[str, Any], clock: SteppingClock
) -> None:
    with make_drawing_service(database, clock, 0) as service:
        olga = hire_owner(service)
        sell(service, 15, 1500)
        carrier = sell(service, 10, 600)  # reaches Hustler: 120.00 + 480.00 × 10 % + 10.00
        assert list_booked(database)[-1] == (f"shift:{carrier}", "shift recorded", "178.00", "2026-11-01")
        service.periods.close(FIRST_HALF, actor=olga)
        service.update_total_sales(1, 500)
        assert service.determine_rank(ANN, 2026, 11) == "Rookie"
        assert (f"shift:{carrier}", "correction", "-10.00", "2026-11-15") in list_booked(database)
        assert fetch_all(database, "SELECT shift_id, reason FROM shift_versions") == [(carrier, "rank")]
        assert_books_agree(service)


# --- decided once, by the right one -----------------------------------------------------------------------------------


def test_a_request_is_refused_with_a_reason_and_decided_once(
    service: PostgresService, database: dict[str, Any], olga: Person, ann: Person
) -> None:
    lines = list_booked(database)
    number = ask(service, ann).correction_id
    with pytest.raises(InvalidInputError):
        service.corrections.refuse(number, actor=olga, reason="")
    refused = service.corrections.refuse(number, actor=olga, reason="you were on holiday")
    assert (refused.state, refused.decision, refused.decided_by) == ("refused", "you were on holiday", OLGA)
    for decide in (
        lambda: service.corrections.approve(number, actor=olga),
        lambda: service.corrections.refuse(number, actor=olga, reason="again"),
    ):
        with pytest.raises(ConflictError) as caught:
            decide()
        assert caught.value.key is ErrorKey.REQUEST_DECIDED
    assert list_booked(database) == lines
    assert list_audited(database)[-2:] == [
        ("correction requested", f"correction:{number}"), ("correction refused", f"correction:{number}"),
    ]  # fmt: skip


def test_what_fails_when_it_is_carried_out_leaves_the_request_open(
    service: PostgresService, olga: Person, ann: Person
) -> None:
    first, second = ask(service, ann), ask(service, ann)
    service.corrections.approve(first.correction_id, actor=olga)
    with pytest.raises(ConflictError) as caught:
        service.corrections.approve(second.correction_id, actor=olga)
    assert caught.value.key is ErrorKey.SHIFT_OVERLAPS
    assert service.corrections.get(second.correction_id).state is CorrectionState.OPEN


def test_only_admins_decide_and_not_about_themselves(service: PostgresService, olga: Person, ann: Person) -> None:
    number = ask(service, ann).correction_id
    with pytest.raises(ForbiddenError):
        service.corrections.approve(number, actor=ann)
    own = service.corrections.ask_new(missing(who=OLGA), "mine", actor=olga)
    hire_owner(service, MAX)
    with pytest.raises(ForbiddenError) as caught:
        service.corrections.approve(own.correction_id, actor=olga)
    assert caught.value.key is ErrorKey.OWN_MATTER
    assert service.corrections.approve(own.correction_id, actor=service.people.get(MAX)).change.shift_id


def test_what_cannot_be_asked_for_is_refused_when_it_is_asked(
    service: PostgresService, olga: Person, ann: Person
) -> None:
    sell(service, 10, who=BEN)
    ben = service.people.get(BEN)
    with pytest.raises(ForbiddenError):
        service.corrections.ask_new(missing(), "for Ann", actor=ben)
    with pytest.raises(ForbiddenError):
        service.corrections.ask_delete(1, "Ann's", actor=ben)
    with pytest.raises(ConflictError):
        service.corrections.ask_new(missing(10), "overlaps", actor=ann)
    with pytest.raises(InvalidInputError):
        service.corrections.ask_edit(1, Correction(time_out=at(18, 9)), "in the future", actor=ann)
    with pytest.raises(InvalidInputError):
        service.corrections.ask_edit(1, Correction(), "nothing", actor=ann)
    with pytest.raises(InvalidInputError):
        service.corrections.ask_new(missing(), " ", actor=ann)
    with pytest.raises(DomainError):
        service.corrections.get(99)
    assert service.corrections.list_of(ANN, 10) == []


def test_not_even_sql_makes_up_a_correction(service: PostgresService, database: dict[str, Any], ann: Person) -> None:
    number = ask(service, ann).correction_id
    with connect(database) as bot:
        with pytest.raises(psycopg.errors.CheckViolation):
            bot.execute(
                "INSERT INTO shift_versions"
                " (shift_id, employee_id, period_start, closing_no, reason, correction_id, xid)"
                " VALUES (1, 100, '2026-11-01', 1, 'correction', %s, 0)",
                [number],
            )
        with pytest.raises((psycopg.errors.RestrictViolation, psycopg.errors.InsufficientPrivilege)):
            bot.execute("UPDATE correction_requests SET reason = 'other'")


# --- by hand ----------------------------------------------------------------------------------------------------------


def test_what_is_given_and_taken_by_hand_is_booked_with_its_reason(
    service: PostgresService, database: dict[str, Any], olga: Person, ann: Person
) -> None:
    given = service.adjustments.book(ANN, AdjustmentKind.BONUS, Decimal(25), "covered for Ben", actor=olga)
    taken = service.adjustments.book(ANN, AdjustmentKind.DEDUCTION, Decimal(300), "advance", actor=olga, shift_id=1)
    assert [(one.reason, one.amount, one.shift_id) for one in service.adjustments.list_of(ANN, 9)] == [
        ("advance", usd(300), 1), ("covered for Ben", usd(25), None),
    ]  # fmt: skip
    assert list_booked(database)[-2:] == [
        (f"adjustment:{given.adjustment_id}", "bonus", "25.00", "2026-11-15"),
        (f"adjustment:{taken.adjustment_id}", "deduction", "-300.00", "2026-11-15"),
    ]
    assert service.statistics.get_balance(ANN) == usd("-61.00"), "160.00 + 54.00 + 25.00 - 300.00"
    assert list_audited(database)[-2:] == [
        ("bonus booked", f"adjustment:{given.adjustment_id}"),
        ("deduction booked", f"adjustment:{taken.adjustment_id}"),
    ]
    assert_books_agree(service)


@pytest.mark.parametrize("amount", ["0", "-5", "0.001", "100000000"])
def test_an_amount_that_cannot_be_is_not_booked(
    service: PostgresService, database: dict[str, Any], olga: Person, ann: Person, amount: str
) -> None:
    lines = list_booked(database)
    with pytest.raises(InvalidInputError):
        service.adjustments.book(ANN, AdjustmentKind.BONUS, Decimal(amount), "x", actor=olga)
    with pytest.raises(InvalidInputError):
        service.adjustments.book(ANN, AdjustmentKind.BONUS, Decimal(1), "", actor=olga)
    with pytest.raises(ForbiddenError):
        service.adjustments.book(BEN, AdjustmentKind.BONUS, Decimal(1), "x", actor=ann)
    assert list_booked(database) == lines


def test_an_admins_own_bonus_is_another_admins_to_give(service: PostgresService, olga: Person) -> None:
    hire_owner(service, MAX)
    with pytest.raises(ForbiddenError) as caught:
        service.adjustments.book(OLGA, AdjustmentKind.BONUS, Decimal(1), "mine", actor=olga)
    assert caught.value.key is ErrorKey.OWN_MATTER
