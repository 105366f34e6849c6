"""Bonuses through the service: given, drawn, used up, withdrawn, given back (SPEC 3.13 to 3.16, PAYROLL D13 to D28)."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from payroll.errors import ConflictError, ErrorKey, InvalidInputError, NotFoundError
from payroll.shifts import Correction
from postgres_service import PostgresService
from tests.clock import SteppingClock
from tests.databases import fetch_all
from tests.shift_data import ANN, BEN, CID, count_rows, fetch_amounts, list_lines, make_drawing_service, make_shift_data

HUSTLER, SHARK, GOD = 2500, 7500, 20000


def usd(amount: str | int) -> Decimal:
    return Decimal(amount).quantize(Decimal("0.01"))


@pytest.fixture
def drawing(database: dict[str, Any], clock: SteppingClock) -> Iterator[Callable[..., PostgresService]]:
    """Makes a service whose ranks draw these offers of their lists, counted from 0, and nothing beyond them."""
    services = []

    def make(*offers: int) -> PostgresService:
        services.append(make_drawing_service(database, clock, *offers))
        return services[-1]

    yield make
    for service in services:
        service.close()


def read(service: PostgresService, shift_id: int) -> Mapping[str, Any]:
    found = service.get_shift_by_id(shift_id)
    assert found is not None
    return found


def list_used(service: PostgresService, shift_id: int) -> list[str]:
    return [bonus["Bonus Type"] for bonus in service.get_shift_applied_bonuses(shift_id)]


def list_waiting(service: PostgresService, who: int = ANN) -> list[str]:
    return [bonus["Bonus Type"] for bonus in service.get_active_bonuses(who)]


# --- giving -----------------------------------------------------------------------------------------------------------


def test_pending_bonus_as_the_sheet_had_it(service: PostgresService) -> None:
    bonus_id = service.create_bonus(ANN, "percent_next", "2.5", created_at="2026/11/10 08:00:00")
    assert service.get_active_bonuses(ANN) == [{
        "ID": bonus_id, "EmployeeId": ANN, "Bonus Type": "percent_next", "Value": usd("2.5"), "Applied": False,
        "Shift ID": None, "Created At": "2026/11/10 08:00:00",
    }]  # fmt: skip
    assert service.get_active_bonuses(BEN) == service.get_active_bonuses(999) == []
    assert service.get_shift_applied_bonuses(999) == []


def test_bonus_without_a_number_has_none(service: PostgresService) -> None:
    service.create_bonus(ANN, "double_commission")
    assert [bonus["Value"] for bonus in service.get_active_bonuses(ANN)] == [None]


def test_bonus_gives_an_unknown_employee_the_starting_values(service: PostgresService) -> None:
    service.create_bonus(ANN, "flat", 10)
    assert service.get_employee_settings(ANN) is not None


def test_bonus_remembers_the_shift_that_earned_it(service: PostgresService) -> None:
    shift_id = service.create_shift(make_shift_data())
    service.create_bonus(ANN, "flat", 10, shift_id=shift_id)
    assert [bonus["Shift ID"] for bonus in service.get_active_bonuses(ANN)] == [shift_id]


@pytest.mark.parametrize(
    ("bonus_type", "value", "key"),
    [
        ("flat_10", None, ErrorKey.BONUS_TYPE_UNKNOWN),
        ("gift", 10, ErrorKey.BONUS_TYPE_UNKNOWN),
        ("flat", None, ErrorKey.VALUE_INVALID),
        ("flat", 0, ErrorKey.VALUE_INVALID),
        ("flat", -1, ErrorKey.AMOUNT_NEGATIVE),
        ("flat", "ten", ErrorKey.AMOUNT_NOT_A_NUMBER),
        ("percent_next", "100.01", ErrorKey.VALUE_INVALID),
        ("percent_all", "0.001", ErrorKey.AMOUNT_TOO_PRECISE),
        ("double_commission", 2, ErrorKey.VALUE_INVALID),
        ("paid_day_off", 1, ErrorKey.VALUE_INVALID),
    ],
)
def test_bonus_that_there_is_not_is_refused(
    service: PostgresService, database: dict[str, Any], bonus_type: str, value: object, key: ErrorKey
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        service.create_bonus(ANN, bonus_type, value)
    assert caught.value.key == key
    assert set(count_rows(database)) == {0}


def test_bonus_for_somebody_elses_shift_is_refused(service: PostgresService) -> None:
    shift_id = service.create_shift(make_shift_data(who=BEN))
    with pytest.raises(InvalidInputError):
        service.create_bonus(ANN, "flat", 10, shift_id=shift_id)
    with pytest.raises(NotFoundError):
        service.create_bonus(ANN, "flat", 10, shift_id=999)


# --- using up ---------------------------------------------------------------------------------------------------------


def test_several_percent_next_add_up_beside_a_doubling(service: PostgresService) -> None:
    for bonus in (("percent_next", 1), ("double_commission", None), ("percent_next", "2.5"), ("flat", 10)):
        service.create_bonus(ANN, *bonus)
    shift = read(service, service.create_shift(make_shift_data()))
    assert (shift["%"], shift["Total made"]) == (usd("23.50"), usd("224.00"))  # 2 × 10 + 3.5; 94 + 120 + 10
    assert list_waiting(service) == []


def test_shift_doubles_once_and_takes_the_oldest(service: PostgresService) -> None:
    younger = service.create_bonus(ANN, "double_commission", created_at="2026/11/11 08:00:00")
    older = service.create_bonus(ANN, "double_commission", created_at="2026/11/10 08:00:00")
    shift_id = service.create_shift(make_shift_data())
    assert [bonus["ID"] for bonus in service.get_shift_applied_bonuses(shift_id)] == [older]
    assert [bonus["ID"] for bonus in service.get_active_bonuses(ANN)] == [younger]


def test_shift_without_sales_uses_flats_only(service: PostgresService) -> None:
    service.create_bonus(ANN, "double_commission")
    for bonus_type in ("percent_next", "percent_prev", "percent_all", "flat"):
        service.create_bonus(ANN, bonus_type, 10)
    shift_id = service.create_shift(make_shift_data(0))
    assert list_used(service, shift_id) == ["flat"]
    assert read(service, shift_id)["Total made"] == usd(130)
    assert len(list_used(service, service.create_shift(make_shift_data(day="2026/11/15")))) == 4


def test_what_acts_on_no_shift_waits_for_an_admin(service: PostgresService) -> None:
    service.create_bonus(ANN, "paid_day_off")
    service.create_bonus(ANN, "telegram_premium")
    assert list_used(service, service.create_shift(make_shift_data())) == []
    assert list_waiting(service) == ["paid_day_off", "telegram_premium"]


def test_earned_bonus_waits_for_a_shift_that_starts_no_earlier(service: PostgresService) -> None:
    earner = service.create_shift(make_shift_data())
    service.create_bonus(ANN, "flat", 10, shift_id=earner)
    old = service.create_shift(make_shift_data(start="08:00", end="09:00"))
    assert list_used(service, old) == []
    assert list_used(service, service.create_shift(make_shift_data(start="17:00", end="18:00"))) == ["flat"]


def test_earned_bonus_waits_for_a_shift_that_is_recorded_later(service: PostgresService) -> None:
    earner = service.create_shift(make_shift_data(start="01:00", end="02:00", date="2026/11/16 10:00:00"))
    service.create_bonus(ANN, "flat", 10, shift_id=earner)
    before = make_shift_data(start="03:00", end="04:00", date="2026/11/16 09:59:59")
    assert list_used(service, service.create_shift(before)) == []
    same_second = make_shift_data(start="05:00", end="06:00", date="2026/11/16 10:00:00")
    assert list_used(service, service.create_shift(same_second)) == ["flat"], "the higher number came later"


def test_granted_bonus_is_used_by_the_next_shift_entered_however_old(service: PostgresService) -> None:
    service.create_bonus(ANN, "flat", 10)
    old = make_shift_data(day="2026/11/02", date="2026/11/02 18:00:00")
    assert list_used(service, service.create_shift(old)) == ["flat"]


# --- taking from others -----------------------------------------------------------------------------------------------


def test_percent_prev_takes_from_the_newest_earlier_shift_that_shares_a_model(
    service: PostgresService, database: dict[str, Any], clock: SteppingClock
) -> None:
    service.create_shift(make_shift_data({"Model A": 1000}, who=BEN, day="2026/11/10"))
    clock.move(minutes=1)
    source = service.create_shift(make_shift_data({"Model A": "333.33", "Model B": 50}, who=CID))
    clock.move(minutes=1)
    service.create_shift(make_shift_data({"Model C": 1000}, who=BEN))
    service.create_bonus(ANN, "percent_prev", 5)
    shift_id = service.create_shift(make_shift_data({"Model A": 300, "Model D": 10}))
    # 333.33 × 0.8 = 266.66 net; 5 % of it
    query = "SELECT product_id, source_shift_id, basis_net, amount FROM active_bonuses WHERE employee_id = %s"
    assert fetch_amounts(database, query, ANN) == [(1, source, "266.66", "13.33")]
    assert read(service, shift_id)["Total made"] == usd("153.17")  # 248 × 8 % = 19.84, 120.00, 13.33


def test_percent_all_takes_from_all_others_of_the_date_recorded_earlier(
    service: PostgresService, database: dict[str, Any], clock: SteppingClock
) -> None:
    for who, products in ((BEN, {"Model A": "0.99"}), (CID, {"Model A": "0.99", "Model B": 900})):
        service.create_shift(make_shift_data(products, who=who))
    service.create_shift(make_shift_data({"Model A": 1000}, who=BEN, day="2026/11/15"))
    service.create_shift(make_shift_data({"Model A": 1000}, day="2026/11/16", start="01:00", end="02:00"))
    clock.move(minutes=1)
    service.create_bonus(ANN, "percent_all", 50)
    service.create_shift(make_shift_data({"Model A": 100}))
    service.create_shift(make_shift_data({"Model A": 1000}, who=CID, start="17:00", end="18:00"))
    # each net is rounded, 0.79 twice; the percentage once, on the sum
    assert fetch_amounts(database, "SELECT product_id, basis_net, amount FROM active_bonuses") == [(1, "1.58", "0.79")]


def test_with_nobody_to_take_from_it_is_used_up_for_nothing(service: PostgresService, database: dict[str, Any]) -> None:
    for bonus_type in ("percent_prev", "percent_all"):
        service.create_bonus(ANN, bonus_type, 5)
    shift_id = service.create_shift(make_shift_data())
    assert sorted(list_used(service, shift_id)) == ["percent_all", "percent_prev"]
    assert fetch_amounts(database, "SELECT DISTINCT amount, state FROM active_bonuses") == [("0.00", "applied")]


def test_model_takes_part_with_at_least_one_percent_of_the_sales(service: PostgresService) -> None:
    service.create_shift(make_shift_data({"Model B": 1000}, who=BEN))
    service.create_bonus(ANN, "percent_prev", 10)
    too_little = service.create_shift(make_shift_data({"Model A": "99.01", "Model B": "0.99"}))
    assert read(service, too_little)["Total made"] == usd("126.40")
    service.create_bonus(ANN, "percent_prev", 10)
    enough = service.create_shift(make_shift_data({"Model A": 99, "Model B": 1}, day="2026/11/15"))
    assert read(service, enough)["Total made"] == usd("206.40")


def test_amount_taken_is_fixed_whatever_becomes_of_the_source_or_the_shift(service: PostgresService) -> None:
    source = service.create_shift(make_shift_data(who=BEN))
    service.create_bonus(ANN, "percent_prev", 1)
    shift_id = service.create_shift(make_shift_data(300))
    service.update_shift_field(source, "Model A", 5000)
    service.shifts.delete(source)
    assert read(service, shift_id)["Total made"] == usd("143.20")
    service.update_shift_field(shift_id, "Model A", 0)
    assert read(service, shift_id)["Total made"] == usd("124.00")
    service.shifts.delete(shift_id)
    assert list_waiting(service) == ["percent_prev"]
    assert service.statistics.get_balance(ANN) == 0


def test_computing_a_bonus_writes_nothing(service: PostgresService, database: dict[str, Any]) -> None:
    service.create_shift(make_shift_data(who=BEN))
    shift = read(service, service.create_shift(make_shift_data(300)))
    before = count_rows(database)
    assert service.apply_percent_prev_bonus(ANN, shift, 1) == usd(4)
    assert service.apply_percent_all_bonus(ANN, shift, "2") == usd(8)
    assert service.apply_percent_all_bonus(ANN, dict(shift), Decimal(2)) == usd(8)
    assert count_rows(database) == before
    assert dict(read(service, shift["ID"])) == dict(shift)
    with pytest.raises(InvalidInputError):
        service.apply_percent_prev_bonus(BEN, shift, 1)
    with pytest.raises(InvalidInputError):
        service.apply_percent_prev_bonus(ANN, shift, 0)


# --- by hand ----------------------------------------------------------------------------------------------------------


def test_a_bonus_is_computed_of_a_record_by_either_name_of_its_number(service: PostgresService) -> None:
    service.create_shift(make_shift_data(who=BEN, date="2026/11/16 17:00:00"))
    shift_id = service.create_shift(make_shift_data(who=ANN, date="2026/11/16 18:00:00"))
    for given in ({"ID": shift_id}, {"shift_id": shift_id}):
        assert service.apply_percent_prev_bonus(str(ANN), given, 1) == Decimal("4.00")  # type: ignore[arg-type]
    with pytest.raises(InvalidInputError, match=r"^ID: None"):
        service.apply_percent_all_bonus(ANN, {}, 1)


@pytest.mark.parametrize(
    "give",
    [
        lambda service, who: service.create_bonus(who, "flat", 5),
        lambda service, who: service.create_default_employee_settings(who),
        lambda service, who: service.update_employee_rank(who, "Rookie", 2026, 11),
    ],
)
def test_who_gets_something_has_a_number(
    give: Callable[[PostgresService, object], object], service: PostgresService
) -> None:
    with pytest.raises(InvalidInputError, match=r"^employee_id: None"):
        give(service, None)
    give(service, str(CID))
    assert service.get_employee_settings(CID) is not None


def test_bonus_used_by_hand_is_paid(service: PostgresService, database: dict[str, Any]) -> None:
    shift_id = service.create_shift(make_shift_data())
    bonus_id = service.create_bonus(ANN, "percent_next", 1)
    assert service.apply_bonus(bonus_id, shift_id) is True
    assert read(service, shift_id)["Total made"] == usd(164)
    assert list_lines(database)[-1] == ("4.00", "2026-11-15", "164.00")
    assert list_waiting(service) == []


def test_without_such_a_shift_no_bonus_is_used(service: PostgresService) -> None:
    bonus_id = service.create_bonus(ANN, "flat", 10)
    assert service.apply_bonus(bonus_id, 999) is False
    assert list_waiting(service) == ["flat"]


def test_bonus_that_cannot_be_used_on_a_shift_is_refused(service: PostgresService) -> None:
    shift_id = service.create_shift(make_shift_data())
    empty_id = service.create_shift(make_shift_data(0, day="2026/11/15"))
    flat, doubling = service.create_bonus(ANN, "flat", 10), service.create_bonus(ANN, "double_commission")
    second, day_off = service.create_bonus(ANN, "double_commission"), service.create_bonus(ANN, "paid_day_off")
    theirs = service.create_bonus(BEN, "flat", 10)
    service.apply_bonus(flat, shift_id)
    service.apply_bonus(doubling, shift_id)
    before = dict(read(service, shift_id)), dict(read(service, empty_id))
    for bonus_id, on_id, error, key in (
        (flat, shift_id, ConflictError, ErrorKey.BONUS_NOT_PENDING),
        (flat, empty_id, ConflictError, ErrorKey.BONUS_NOT_PENDING),
        (second, shift_id, ConflictError, ErrorKey.BONUS_DOUBLED_ALREADY),
        (theirs, shift_id, ConflictError, ErrorKey.BONUS_NOT_THEIRS),
        (day_off, shift_id, InvalidInputError, ErrorKey.BONUS_NOT_FOR_SHIFTS),
        (999, shift_id, NotFoundError, ErrorKey.BONUS_UNKNOWN),
    ):
        with pytest.raises(error) as caught:
            service.apply_bonus(bonus_id, on_id)
        assert caught.value.key == key
    assert (dict(read(service, shift_id)), dict(read(service, empty_id))) == before


def test_shift_without_sales_takes_only_a_flat_by_hand(service: PostgresService) -> None:
    shift_id = service.create_shift(make_shift_data(0))
    percent, flat = service.create_bonus(ANN, "percent_next", 1), service.create_bonus(ANN, "flat", 10)
    with pytest.raises(InvalidInputError):
        service.apply_bonus(percent, shift_id)
    assert service.apply_bonus(flat, shift_id) is True
    assert list_waiting(service) == ["percent_next"]


# --- ranks ------------------------------------------------------------------------------------------------------------


def test_flat_of_a_rank_is_on_the_shift_that_reached_it(drawing: Callable[..., PostgresService]) -> None:
    service = drawing(0)
    shift_id = service.create_shift(make_shift_data(HUSTLER))
    assert list_used(service, shift_id) == ["flat"]
    assert read(service, shift_id)["Total made"] == usd(410)  # 2,000 × 14 %, 120, 10


def test_percentage_of_a_rank_waits_for_the_next_shift(drawing: Callable[..., PostgresService]) -> None:
    service = drawing(1)
    assert list_used(service, service.create_shift(make_shift_data(HUSTLER))) == []
    assert list_waiting(service) == ["percent_next"]
    earlier = service.create_shift(make_shift_data(day="2026/11/15"))
    assert list_used(service, earlier) == [], "it starts before the shift that earned the bonus"
    assert list_used(service, service.create_shift(make_shift_data(start="18:00", end="19:00"))) == ["percent_next"]


def test_ranks_jumped_over_draw_nothing(drawing: Callable[..., PostgresService]) -> None:
    service = drawing(1)
    shift_id = service.create_shift(make_shift_data(SHARK))
    assert list_waiting(service) == ["paid_day_off"]
    (notice,) = service.outbox.list_unsent()
    assert (notice.employee_id, notice.kind, notice.payload["drawn"]) == (ANN, "rank_up", "paid_day_off")
    service.update_shift_field(shift_id, "Model A", SHARK + 100)
    assert len(service.outbox.list_unsent()) == 1, "told once"


def test_correction_that_leads_down_to_a_rank_jumped_over_draws_its_bonus(
    drawing: Callable[..., PostgresService],
) -> None:
    service = drawing(0, 1)
    service.create_shift(make_shift_data(1500, day="2026/11/14"))
    typo = service.create_shift(make_shift_data(6000))
    assert read(service, typo)["Total made"] == usd(842)  # Shark's 50.00 on it: 4,800 × 14 % + 120 + 50
    service.update_shift_field(typo, "Model A", 600)
    assert list_used(service, typo) == []
    assert list_waiting(service) == ["percent_next"]
    assert [notice.kind for notice in service.outbox.list_unsent()] == ["rank_up", "rank_down"]


@pytest.mark.parametrize(("offer", "kind"), [(0, "flat"), (1, "percent_next"), (2, "percent_prev")])
def test_nothing_is_lost_by_correcting_a_mistake(
    drawing: Callable[..., PostgresService], database: dict[str, Any], offer: int, kind: str
) -> None:
    service = drawing(offer)
    service.create_shift(make_shift_data(1500, day="2026/11/14"))
    shift_id = service.create_shift(make_shift_data(600))
    made, lines = read(service, shift_id)["Total made"], list_lines(database)
    for amount in (50, 600, 50, 600):
        service.update_shift_field(shift_id, "Model A", amount)
        found = fetch_all(database, "SELECT bonus_type, state FROM active_bonuses")
        back = "applied" if kind == "flat" else "pending"
        assert found == [(kind, back if amount == 600 else "void")]
    assert read(service, shift_id)["Total made"] == made
    assert list_lines(database)[-1][2] == lines[-1][2]
    kinds = [notice.kind for notice in service.outbox.list_unsent()]
    assert kinds == ["rank_up", "rank_down", "rank_regained", "rank_down", "rank_regained"]


def test_flat_of_a_lost_rank_is_taken_back_from_whichever_shift_carries_it(
    drawing: Callable[..., PostgresService], database: dict[str, Any]
) -> None:
    service = drawing(0)
    first = service.create_shift(make_shift_data(1500, day="2026/11/14"))
    carrier = service.create_shift(make_shift_data(600))
    service.shifts.delete(first)
    assert list_used(service, carrier) == []
    assert read(service, carrier)["Total made"] == usd(168)
    assert list_lines(database)[-2:] == [("-264.00", "2026-11-01", "178.00"), ("-10.00", "2026-11-15", "168.00")]


def test_percentage_already_used_stays_and_the_admins_are_told(drawing: Callable[..., PostgresService]) -> None:
    service = drawing(1)
    service.people.ensure_owner(1)
    earner = service.create_shift(make_shift_data(HUSTLER, day="2026/11/15"))
    user = service.create_shift(make_shift_data(100))
    service.update_shift_field(earner, "Model A", 100)
    assert read(service, user)["%"] == usd(9)
    told = [(one.employee_id, one.kind, one.payload.get("kept")) for one in service.outbox.list_unsent()]
    assert sorted(told[1:]) == [(1, "bonus_kept", ["percent_next_1"]), (ANN, "rank_down", ["percent_next_1"])]
    service.shifts.delete(user)
    assert list_waiting(service) == [], "its rank is lost: it does not come back to be used again"


def test_bonus_of_a_month_whose_rank_is_lost_does_not_come_back_with_another_months_shift(
    drawing: Callable[..., PostgresService], database: dict[str, Any]
) -> None:
    service = drawing(1)
    earner = service.create_shift(make_shift_data(HUSTLER, day="2026/10/31"))
    user = service.create_shift(make_shift_data(100, day="2026/11/02"))
    service.update_shift_field(earner, "Model A", 100)
    assert list_used(service, user) == ["percent_next"]
    service.shifts.delete(user)
    assert list_waiting(service) == []
    assert fetch_all(database, "SELECT state, voided_by FROM active_bonuses") == [("void", "rank")]
    service.update_shift_field(earner, "Model A", HUSTLER)
    assert list_waiting(service) == ["percent_next"], "nothing is lost by correcting a mistake"


def test_move_to_another_month_settles_the_earlier_first(drawing: Callable[..., PostgresService]) -> None:
    service = drawing(0, 0)
    shift_id = service.create_shift(make_shift_data(HUSTLER))
    edited = service.get_shift_by_id(shift_id)
    assert edited is not None
    moved = Correction(
        time_in=edited["time_in"].replace(month=10, day=20), time_out=edited["time_out"].replace(month=10, day=20)
    )
    service.shifts.edit(shift_id, moved)
    ranks = [service.get_employee_rank(ANN, 2026, month) for month in (10, 11)]
    assert [rank["Current Rank"] for rank in ranks if rank] == ["Hustler", "Rookie"]
    assert list_used(service, shift_id) == ["flat"], "October's; November's is withdrawn"
    assert read(service, shift_id)["shift_date"] == date(2026, 10, 20)
