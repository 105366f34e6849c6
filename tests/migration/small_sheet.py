"""A small spreadsheet in order, for tests that put one thing wrong with it."""

from tests.migration.sample_sheet import Cell, Tabs, make_ranks, make_rates

ANNA, BORIS = 1001, 1002


def make_small_tabs() -> Tabs:
    """Two people, three shifts in September 2025, a bonus used up and one that waits."""
    return {
        "Shifts": [
            [
                "ID", "Date", "EmployeeId", "EmployeeName", "Clock in", "Clock out", "Worked hours/shift", "Model A",
                "Model B", "Total sales", "Net sales", "%", "Total per hour", "Commissions", "Total made",
            ],
            make_row(1, ANNA, "Anna", "2025/09/01", model_a=500, pct=10, commissions=40, made=160),
            make_row(2, BORIS, "Boris", "2025/09/01", model_a=300, model_b=300, pct=11, commissions=52.8, made=172.8),
            make_row(3, ANNA, "Anna", "2025/09/02", model_b=100, pct=8, commissions=6.4, made=126.4),
        ],
        "EmployeeSettings": [["EmployeeId", "Hourly wage", "Sales commission"], [ANNA, 15, 8], [BORIS, 15, 8]],
        "DynamicRates": make_rates("Min Amount", "Max Amount", "Percentage"),
        "Ranks": make_ranks(),
        "EmployeeRanks": [
            ["EmployeeId", "Current Rank", "Previous Rank", "Month", "Year", "Notified", "Last Updated"],
            [ANNA, "Rookie", None, 9, 2025, True, "2025/09/02 18:00:00"],
        ],
        "ActiveBonuses": [
            ["ID", "EmployeeId", "Bonus Type", "Value", "Applied", "Shift ID", "Created At"],
            [1, BORIS, "percent_next", 1, True, 2, "2025/08/30 10:00:00"],
            [2, ANNA, "flat", 10, False, 3, "2025/09/02 18:00:00"],
        ],
    }  # fmt: skip


def make_row(
    shift_id: int,
    employee_id: int,
    name: str,
    day: str,
    *,
    start: str = "09:00:00",
    end: str = "17:00:00",
    model_a: float | None = None,
    model_b: float | None = None,
    pct: float,
    commissions: float,
    made: float,
) -> list[Cell]:
    """A shift of 8 hours at 15.00, as the old bot would have it."""
    total = (model_a or 0) + (model_b or 0)
    return [
        shift_id, f"{day} 17:05:00", employee_id, name, f"{day} {start}", f"{day} {end}", 8, model_a, model_b, total,
        total * 0.8, pct, 120, commissions, made,
    ]  # fmt: skip


def put(tabs: Tabs, title: str, row: int, header: str, cell: Cell) -> Tabs:
    """The worksheets with another value in a cell; `row` as the sheet numbers it."""
    tabs[title][row - 1][tabs[title][0].index(header)] = cell
    return tabs
