"""Settings, rate tables and ranks through the service (SPEC 5, PAYROLL D6, D18, D20, TECH T10, T11)."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from payroll.errors import DomainError, ErrorKey, InvalidInputError, NotFoundError
from payroll.tables import RateStep
from postgres_service import PostgresService
from tests.clock import SteppingClock
from tests.databases import connect, fetch_all
from tests.shift_data import ANN, BEN, make_shift_data

NEW_YORK = ZoneInfo("America/New_York")


def usd(amount: str | int) -> Decimal:
    return Decimal(amount).quantize(Decimal("0.01"))


def make_steps(*steps: tuple[int, str]) -> list[RateStep]:
    """A rate table from (from-amount, percent)."""
    ends: list[Decimal | None] = [*(usd(start) for start, _ in steps[1:]), None]
    return [RateStep(usd(start), end, usd(pct)) for (start, pct), end in zip(steps, ends, strict=True)]


def get_pct(service: PostgresService, day: str, **data: Any) -> Decimal:
    shift = service.get_shift_by_id(service.create_shift(make_shift_data(day=day, **data)))
    assert shift is not None
    pct: Decimal = shift["%"]
    return pct


# --- a person's settings ----------------------------------------------------------------------------------------------


def test_unknown_person_has_no_settings(service: PostgresService) -> None:
    assert service.get_employee_settings(ANN) is None
    assert (service.get_employee_settings(ANN) or []) == []


def test_default_settings_are_the_starting_values(service: PostgresService) -> None:
    expected = {"EmployeeId": ANN, "Hourly wage": usd("15.00"), "Sales commission": usd("8.00")}
    assert service.create_default_employee_settings(ANN) == expected
    assert service.get_employee_settings(ANN) == expected


def test_default_settings_replace_nobodys_own(service: PostgresService) -> None:
    service.create_default_employee_settings(ANN)
    service.set_employee_settings(ANN, hourly_wage=usd(20), base_pct=usd(10))
    assert service.create_default_employee_settings(ANN)["Hourly wage"] == usd(20)


def test_change_holds_from_its_date_on_and_recorded_shifts_keep_theirs(
    service: PostgresService, clock: SteppingClock
) -> None:
    first = service.create_shift(make_shift_data(day="2026/11/15"))
    service.set_employee_settings(ANN, hourly_wage=usd(20), valid_from=date(2026, 11, 15))
    service.set_employee_settings(ANN, base_pct=usd(10), valid_from=date(2026, 11, 17))
    shifts = [service.get_shift_by_id(first), service.get_shift_by_id(service.create_shift(make_shift_data()))]
    assert [shift["Total made"] for shift in shifts if shift] == [usd(160), usd(200)]
    assert service.get_employee_settings(ANN) == {
        "EmployeeId": ANN, "Hourly wage": usd(20), "Sales commission": usd(8),
    }  # fmt: skip
    clock.now = datetime(2026, 11, 17, 20, tzinfo=NEW_YORK)
    settings = service.get_employee_settings(ANN)
    assert settings is not None
    assert (settings["Hourly wage"], settings["Sales commission"]) == (usd(20), usd(10))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"hourly_wage": Decimal("-0.01")}, "hourly_wage"),
        ({"hourly_wage": Decimal("10000.00")}, "hourly_wage"),
        ({"hourly_wage": Decimal("15.001")}, "hourly_wage"),
        ({"base_pct": Decimal("-0.01")}, "base_pct"),
        ({"base_pct": Decimal("100.01")}, "base_pct"),
        ({"base_pct": Decimal("NaN")}, "base_pct"),
        ({"base_pct": 8.505}, "base_pct"),
        ({"base_pct": "much"}, "base_pct"),
    ],
)
def test_setting_outside_its_range_is_refused(service: PostgresService, values: dict[str, Any], field: str) -> None:
    service.create_default_employee_settings(ANN)
    with pytest.raises(InvalidInputError) as caught:
        service.set_employee_settings(ANN, **values)
    assert caught.value.field == field
    settings = service.get_employee_settings(ANN)
    assert settings is not None
    assert (settings["Hourly wage"], settings["Sales commission"]) == (usd(15), usd(8))


def test_settings_are_read_as_other_amounts_are(service: PostgresService) -> None:
    service.create_default_employee_settings(ANN)
    as_sheets_gave: dict[str, Any] = {"hourly_wage": 16.5, "base_pct": 8.1}
    service.set_employee_settings(ANN, **as_sheets_gave)
    settings = service.get_employee_settings(ANN)
    assert settings is not None
    assert (settings["Hourly wage"], settings["Sales commission"]) == (usd("16.50"), usd("8.10"))


def test_setting_of_somebody_unknown_is_refused(service: PostgresService) -> None:
    with pytest.raises(NotFoundError) as caught:
        service.set_employee_settings(ANN, hourly_wage=usd(20))
    assert (caught.value.key, caught.value.value) == (ErrorKey.EMPLOYEE_UNKNOWN, ANN)


# --- rates ------------------------------------------------------------------------------------------------------------


def test_rates_of_today_as_the_sheet_had_them(service: PostgresService) -> None:
    assert service.get_dynamic_rates() == [
        {"Min Amount": usd(0), "Max Amount": usd(500), "Percentage": usd(0)},
        {"Min Amount": usd(500), "Max Amount": usd(1000), "Percentage": usd(2)},
        {"Min Amount": usd(1000), "Max Amount": usd(2000), "Percentage": usd(4)},
        {"Min Amount": usd(2000), "Max Amount": None, "Percentage": usd(6)},
    ]


@pytest.mark.parametrize(
    ("sales", "pct"), [("0", 0), ("499.99", 0), ("500", 2), ("999.99", 2), ("1000", 4), ("1999.99", 4), ("2000", 6)]
)
def test_rate_of_a_day_with_so_much_sold(service: PostgresService, sales: str, pct: int) -> None:
    assert service.calculate_dynamic_rate(ANN, "2026-11-16", sales) == usd(pct)


def test_rate_counts_what_is_recorded_of_that_person_and_date(service: PostgresService) -> None:
    service.create_shift(make_shift_data(400))
    service.create_shift(make_shift_data(5000, who=BEN))
    service.create_shift(make_shift_data(5000, day="2026/11/15"))
    assert service.calculate_dynamic_rate(ANN, "2026-11-16") == usd(0)
    assert service.calculate_dynamic_rate(ANN, date(2026, 11, 16), 100) == usd(2)
    assert service.calculate_dynamic_rate(ANN, "2026/11/16", Decimal("99.99")) == usd(0)


def test_rate_by_the_shift_alone(service: PostgresService, server: Any, database: dict[str, Any]) -> None:
    with connect({**server.maker, "database": database["database"]}) as connection:
        connection.execute("INSERT INTO pay_terms VALUES ('2026-11-16', 20, 'shift')")
    assert get_pct(service, "2026/11/16", products=600, start="01:00", end="02:00") == usd(10)
    assert get_pct(service, "2026/11/16", products=600) == usd(10)
    assert service.calculate_dynamic_rate(ANN, "2026-11-16", 600) == usd(2)
    assert get_pct(service, "2026/11/15", products=600, start="01:00", end="02:00") == usd(10)
    assert get_pct(service, "2026/11/15", products=600) == usd(12)


def test_new_rate_table_holds_from_its_date_on(service: PostgresService, clock: SteppingClock) -> None:
    recorded = service.create_shift(make_shift_data(day="2026/11/14"))
    service.set_dynamic_rates(make_steps((0, "1.5"), (100, "5")), valid_from=date(2026, 11, 15))
    service.set_dynamic_rates(make_steps((0, "9")), valid_from=date(2026, 11, 17))
    assert get_pct(service, "2026/11/13") == usd(10)
    assert get_pct(service, "2026/11/15") == usd(13)
    assert get_pct(service, "2026/11/16", products=50) == usd("9.5")
    assert [rate["Percentage"] for rate in service.get_dynamic_rates()] == [usd("1.5"), usd(5)]
    service.update_shift_field(recorded, "Model A", 600)
    shift = service.get_shift_by_id(recorded)
    assert shift is not None
    assert shift["%"] == usd(10), "priced with the table it was recorded with"
    clock.move(days=1)
    assert [rate["Percentage"] for rate in service.get_dynamic_rates()] == [usd(9)]


def test_newest_of_two_tables_from_the_same_date_holds(service: PostgresService) -> None:
    service.set_dynamic_rates(make_steps((0, "1")))
    service.set_dynamic_rates(make_steps((0, "2")))
    assert get_pct(service, "2026/11/16") == usd(10)


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [RateStep(usd(1), None, usd(1))],
        [RateStep(usd(0), usd(10), usd(1))],
        [RateStep(usd(0), usd(10), usd(1)), RateStep(usd(11), None, usd(2))],
        [RateStep(usd(0), usd(10), usd(1)), RateStep(usd(9), None, usd(2))],
        [RateStep(usd(0), None, usd(1)), RateStep(usd(9), None, usd(2))],
        [RateStep(usd(0), usd(0), usd(1)), RateStep(usd(0), None, usd(2))],
        [RateStep(usd(0), None, Decimal("100.01"))],
        [RateStep(usd(0), None, Decimal(-1))],
        [RateStep(usd(0), None, Decimal("1.005"))],
        [RateStep(usd(0), Decimal("10.001"), usd(1)), RateStep(Decimal("10.001"), None, usd(2))],
    ],
)
def test_rate_table_that_is_not_whole_is_refused(
    service: PostgresService, database: dict[str, Any], steps: list[RateStep]
) -> None:
    with pytest.raises(InvalidInputError):
        service.set_dynamic_rates(steps)
    assert fetch_all(database, "SELECT count(*) FROM dynamic_rate_versions") == [(1,)]


@pytest.mark.parametrize("day", ["tomorrow", "2026-13-01", 5, None])
def test_rate_of_a_date_that_is_none_is_refused(service: PostgresService, day: object) -> None:
    with pytest.raises(InvalidInputError) as caught:
        service.calculate_dynamic_rate(ANN, day)
    assert (caught.value.key, caught.value.field) == (ErrorKey.DATE_NOT_READABLE, "shift_date")


# --- ranks ------------------------------------------------------------------------------------------------------------


def test_ranks_as_the_sheet_had_them(service: PostgresService) -> None:
    ranks = service.get_ranks()
    assert [(rank["Rank Name"], rank["Emoji"], rank["Min Amount"], rank["Max Amount"]) for rank in ranks] == [
        ("Rookie", "🧑‍🚀", usd(0), usd(2000)),
        ("Hustler", "💪", usd(2000), usd(4000)),
        ("Closer", "💼", usd(4000), usd(7000)),
        ("Shark", "🦈", usd(7000), usd(10000)),
        ("King of Greed", "💀", usd(10000), usd(15000)),
        ("Chatting God", "🔥", usd(15000), None),
    ]
    assert list(ranks[1]) == [
        "Rank Name", "Min Amount", "Max Amount", "Emoji", "Bonus 1", "Bonus 2", "Bonus 3", "TEXT",
    ]  # fmt: skip
    assert [ranks[0][f"Bonus {number}"] for number in (1, 2, 3)] == [None, None, None]
    assert [ranks[5][f"Bonus {number}"] for number in (1, 2, 3)] == ["flat_200", "double_commission", "flat_125"]


@pytest.mark.parametrize(
    ("name", "bonuses"),
    [
        ("Rookie", []),
        ("Hustler", ["flat_10", "percent_next_1", "percent_prev_1"]),
        ("Closer", ["flat_25", "percent_next_2", "flat_15"]),
        ("Shark", ["flat_50", "paid_day_off", "percent_next_3"]),
        ("King of Greed", ["flat_100", "percent_all_2", "telegram_premium"]),
        ("Chatting God", ["flat_200", "double_commission", "flat_125"]),
    ],
)
def test_bonuses_and_text_of_a_rank(service: PostgresService, name: str, bonuses: list[str]) -> None:
    assert service.get_rank_bonuses(name) == bonuses
    assert service.get_rank_text(name)


def test_unknown_rank_is_answered_with_those_there_are(service: PostgresService) -> None:
    for ask in (service.get_rank_bonuses, service.get_rank_text):
        with pytest.raises(NotFoundError, match=r"rank: Boss \(allowed: .*Rookie.*Chatting God"):
            ask("Boss")
    with pytest.raises(NotFoundError):
        service.update_employee_rank(ANN, "Boss", 2026, 11)


@pytest.mark.parametrize(
    ("sales", "name"),
    [
        (0, "Rookie"), ("1999.99", "Rookie"), (2000, "Hustler"), ("3999.99", "Hustler"), (4000, "Closer"),
        (7000, "Shark"), (10000, "King of Greed"), ("14999.99", "King of Greed"), (15000, "Chatting God"),
    ],
)  # fmt: skip
def test_rank_of_a_months_sales(service: PostgresService, sales: int | str, name: str) -> None:
    service.create_shift(make_shift_data(sales))
    service.create_shift(make_shift_data(9000, who=BEN))
    assert service.determine_rank(ANN, 2026, 11) == name
    assert service.determine_rank(ANN, 2026, 10) == "Rookie"


def test_month_counts_by_the_shift_date(service: PostgresService) -> None:
    service.create_shift(make_shift_data(1500, day="2026/11/01", start="00:00", end="01:00"))
    service.create_shift({
        **make_shift_data(600), "clock_in": "2026/10/31 22:00:00", "clock_out": "2026/10/31 23:59:59",
    })  # fmt: skip
    assert service.determine_rank(ANN, 2026, 11) == "Rookie"
    service.create_shift(make_shift_data(500, day="2026/11/02"))
    assert service.determine_rank(ANN, 2026, 11) == "Hustler"


@pytest.mark.parametrize(("year", "month"), [(2026, 0), (2026, 13), (0, 1), (10000, 1), ("2026", "x")])
def test_month_that_is_none_is_refused(service: PostgresService, year: Any, month: Any) -> None:
    asks: list[Callable[[], object]] = [
        lambda: service.determine_rank(ANN, year, month),
        lambda: service.update_employee_rank(ANN, "Hustler", year, month),
    ]
    for ask in asks:
        with pytest.raises(DomainError) as caught:
            ask()
        assert caught.value.field == "month"


def test_stored_rank_of_a_month(service: PostgresService) -> None:
    assert service.get_employee_rank(ANN, 2026, 11) is None
    service.create_shift(make_shift_data(2500))
    assert service.get_employee_rank(ANN, 2026, 11) == {
        "EmployeeId": ANN, "Current Rank": "Hustler", "Previous Rank": "Rookie", "Month": 11, "Year": 2026,
        "Notified": True, "Last Updated": "2026/11/16 20:00:00",
    }  # fmt: skip
    assert service.get_employee_rank(ANN, 2026, 10) is None


def test_rank_is_stored_and_told_by_the_caller_where_it_is_left_to_them(
    make_service: Callable[..., PostgresService],
) -> None:
    service = make_service(settle_ranks=False)
    assert service.mark_rank_notified(ANN, 2026, 11) is False
    service.update_employee_rank(ANN, "Hustler", 2026, 11)
    rank = service.get_employee_rank(ANN, 2026, 11)
    assert rank is not None
    assert (rank["Current Rank"], rank["Previous Rank"], rank["Notified"]) == ("Hustler", None, False)
    assert service.mark_rank_notified(ANN, 2026, 11) is True
    service.update_employee_rank(ANN, "Hustler", 2026, 11)
    rank = service.get_employee_rank(ANN, 2026, 11)
    assert rank is not None
    assert (rank["Previous Rank"], rank["Notified"]) == (None, True), "the same rank again is no change"
    service.update_employee_rank(ANN, "Shark", 2026, 11, last_updated="2026/11/10 08:00:00")
    rank = service.get_employee_rank(ANN, 2026, 11)
    assert rank is not None
    assert (rank["Current Rank"], rank["Previous Rank"]) == ("Shark", "Hustler")
    assert (rank["Notified"], rank["Last Updated"]) == (False, "2026/11/10 08:00:00")


def test_ranks_are_left_to_the_caller_but_pending_bonuses_are_used(
    make_service: Callable[..., PostgresService],
) -> None:
    service = make_service(settle_ranks=False)
    service.create_bonus(ANN, "flat", 5)
    shift_id = service.create_shift(make_shift_data(2500))
    assert [bonus["Bonus Type"] for bonus in service.get_shift_applied_bonuses(shift_id)] == ["flat"]
    assert service.determine_rank(ANN, 2026, 11) == "Hustler"
    assert service.get_employee_rank(ANN, 2026, 11) is None
    assert service.get_active_bonuses(ANN) == []
    assert service.outbox.list_unsent() == []


def test_new_month_begins_at_the_lowest_rank(service: PostgresService, clock: SteppingClock) -> None:
    service.create_shift(make_shift_data(2500))
    clock.now = datetime(2026, 12, 1, 20, tzinfo=NEW_YORK)
    service.create_shift(make_shift_data(100, day="2026/12/01"))
    rank = service.get_employee_rank(ANN, 2026, 12)
    assert rank is not None
    assert (rank["Current Rank"], rank["Previous Rank"]) == ("Rookie", None)
    assert [notice.kind for notice in service.outbox.list_unsent()] == ["rank_up"]


def test_rank_of_an_instant_is_shown_in_business_time(service: PostgresService) -> None:
    service.update_employee_rank(ANN, "Hustler", 2026, 11, last_updated=datetime(2026, 11, 10, 13, tzinfo=UTC))
    rank = service.get_employee_rank(ANN, 2026, 11)
    assert rank is not None
    assert rank["Last Updated"] == "2026/11/10 08:00:00"
