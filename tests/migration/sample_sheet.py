"""The sample: a spreadsheet as the old bot left it after three months, with what people do to a sheet in it.

    python -m tests.migration.sample_sheet

writes `tests/migration/sample/` anew: `history.xlsx` as Google exports it, and `csv/`, each worksheet as a file. The
same cells every time: a test compares.
"""

import csv
import io
import random
import re
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

Cell: TypeAlias = str | int | float | bool | datetime | None
Tabs: TypeAlias = dict[str, list[list[Cell]]]

SAMPLE = Path(__file__).parent / "sample"
XLSX = SAMPLE / "history.xlsx"
CSV = SAMPLE / "csv"
FIRST_DAY = date(2025, 8, 16)
LAST_DAY = date(2025, 11, 14)
SHIFTS = 500
MODELS = ("Aria", "Bella", "Cleo", "Daisy")
RATES = ((0, 499.99, 0), (500, 999.99, 2), (1000, 1999.99, 4), (2000, None, 6))
RANKS = (
    ("Rookie", 0, "🧑‍🚀", (), "Welcome!"),
    ("Hustler", 2000, "💪", ("flat_10", "percent_next_1", "percent_prev_1"), "You found your rhythm."),
    ("Closer", 4000, "💼", ("flat_25", "percent_next_2", "flat_15"), "You close what you open."),
    ("Shark", 7000, "🦈", ("flat_50", "paid_day_off", "percent_next_3"), "We see your fin."),
    ("King of Greed", 10000, "💀", ("flat_100", "percent_all_2", "telegram_premium"), "Take a bow."),
    ("Chatting God", 15000, "🔥", ("flat_200", "double_commission", "flat_125"), "Nobody is above you."),
)
_PLATFORM_CUT = 0.2
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet knows wall clocks only
_SAVED_AT = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_ZIP_DATE = (2025, 11, 15, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Chatter:
    """One of the team: wage and base rate as they are today, and as they were before `raised_on`."""

    employee_id: int
    name: str
    wage: float = 15
    base: float = 8
    old_wage: float | None = None
    old_base: float | None = None
    raised_on: date = date(2025, 10, 1)

    def get_wage(self, day: date) -> float:
        """The wage of a day."""
        return self.old_wage if self.old_wage is not None and day < self.raised_on else self.wage

    def get_base(self, day: date) -> float:
        """The base rate of a day."""
        return self.old_base if self.old_base is not None and day < self.raised_on else self.base


TEAM = (
    Chatter(120000001, "Anna"),
    Chatter(120000002, "Борис"),
    Chatter(120000003, "Chloé", wage=16.5, old_wage=15),
    Chatter(120000004, "Dmytro", base=9, old_base=8),
    Chatter(120000005, "Eve O'Neill", wage=12.75),
    Chatter(120000006, "=cmd|' /C calc'!A0"),
    Chatter(7120000007, "Grace"),
    Chatter(120000008, "Hugo", base=10),
)


@dataclass(slots=True)
class _OldBot:
    """The old bot at work: floats, hours rounded before they are paid, ranks and bonuses as it had them."""

    rng: random.Random = field(default_factory=lambda: random.Random(2025))
    month_sales: dict[tuple[int, date], float] = field(default_factory=lambda: defaultdict(float))
    day_sales: dict[tuple[int, date], float] = field(default_factory=lambda: defaultdict(float))
    ranks: dict[tuple[int, date], tuple[str, str, datetime]] = field(default_factory=dict)
    pending: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    bonuses: dict[int, list[Cell]] = field(default_factory=dict)
    newest: dict[str, tuple[int, float]] = field(default_factory=dict)
    shifts: list[dict[str, Cell]] = field(default_factory=list)

    def work(self) -> None:
        """Three months of it."""
        days = [FIRST_DAY + timedelta(days=number) for number in range((LAST_DAY - FIRST_DAY).days + 1)]
        while len(self.shifts) < SHIFTS:
            left = SHIFTS - len(self.shifts)
            day = days[min(len(self.shifts) * len(days) // SHIFTS, len(days) - 1)]
            for chatter in self.rng.sample(TEAM, min(left, self.rng.choice((4, 5, 6, 7)))):
                self._log_shift(chatter, day)

    def _log_shift(self, chatter: Chatter, day: date) -> None:
        hour = self.rng.choice((8, 9, 10, 14, 16, 20, 22)) if (chatter.employee_id, day) not in self.day_sales else 3
        start = datetime.combine(day, datetime.min.time()) + timedelta(hours=hour, minutes=self.rng.choice((0, 0, 30)))
        minutes = self.rng.choice((240, 360, 420, 480, 480, 495, 500)) if hour != 3 else 120
        end = start + timedelta(minutes=minutes)
        sold = self.rng.sample(MODELS, self.rng.choice((0, 1, 1, 2, 2, 3)))
        if day > date(2025, 8, 25):
            sold = [model for model in sold if model != "Daisy"]
        sales = {model: self.rng.choice((50, 99.9, 120.5, 200, 249.99, 310, 75.25)) for model in sold}
        self._record(chatter, start, end, sales)

    def _record(self, chatter: Chatter, start: datetime, end: datetime, sales: Mapping[str, float]) -> None:
        day = start.date()
        shift_id = len(self.shifts) + 1
        recorded = end + timedelta(seconds=self.rng.randrange(30, 900))
        total = round(sum(sales.values()), 2)
        self.day_sales[chatter.employee_id, day] += total
        dynamic = next(
            pct for start_at, _, pct in reversed(RATES) if start_at <= self.day_sales[chatter.employee_id, day]
        )
        pct = chatter.get_base(day) + dynamic
        extra, taken = 0.0, 0.0
        for bonus_id in self._use_up(chatter.employee_id, shift_id, total):
            kind, value = str(self.bonuses[bonus_id][2]), float(str(self.bonuses[bonus_id][3] or 0))
            pct = pct * 2 if kind == "double_commission" else pct + value if kind == "percent_next" else pct
            extra += value if kind == "flat" else 0
            taken += self._take(kind, value, sales, chatter.employee_id)
        hours = round((end - start).total_seconds() / 3600, 2)
        hourly = hours * chatter.get_wage(day)
        net = total * (1 - _PLATFORM_CUT)
        commissions = round(net * pct / 100, 2)
        extra += self._reach_rank(chatter, day, total, shift_id, recorded)
        self.shifts.append(
            {
                "ID": shift_id, "Date": recorded, "EmployeeId": chatter.employee_id, "EmployeeName": chatter.name,
                "Clock in": start, "Clock out": end, "Worked hours/shift": hours,
                **{model: sales.get(model) for model in MODELS},
                "Total sales": total, "Net sales": net, "%": pct, "Total per hour": hourly, "Commissions": commissions,
                "Total made": round(commissions + hourly + extra + taken, 2),
            }
        )  # fmt: skip
        for model, amount in sales.items():
            self.newest[model] = (chatter.employee_id, amount)

    def _use_up(self, employee_id: int, shift_id: int, total: float) -> Iterator[int]:
        for bonus_id in list(self.pending[employee_id]):
            kind = self.bonuses[bonus_id][2]
            if kind in ("paid_day_off", "telegram_premium") or (total == 0 and kind != "flat"):
                continue
            self.pending[employee_id].remove(bonus_id)
            self.bonuses[bonus_id][4], self.bonuses[bonus_id][5] = True, shift_id
            yield bonus_id

    def _take(self, kind: str, value: float, sales: Mapping[str, float], employee_id: int) -> float:
        if kind not in ("percent_prev", "percent_all"):
            return 0
        others = [amount for model, (who, amount) in self.newest.items() if model in sales and who != employee_id]
        return round(others[0] * (1 - _PLATFORM_CUT) * value / 100, 2) if others else 0

    def _reach_rank(self, chatter: Chatter, day: date, total: float, shift_id: int, at: datetime) -> float:
        """A flat bonus counts at once, on the shift that reached the rank."""
        key = (chatter.employee_id, day.replace(day=1))
        before, _, _ = self.ranks.get(key, ("Rookie", "", at))
        self.month_sales[key] += total
        rank = [one for one in RANKS if one[1] <= self.month_sales[key]][-1]
        if rank[0] == before:
            self.ranks.setdefault(key, (before, "", at))
            return 0
        self.ranks[key] = (rank[0], before, at)
        code = self.rng.choice(rank[3])
        kind, _, number = code.rpartition("_") if code[-1].isdigit() else (code, "", "")
        bonus_id = len(self.bonuses) + 1
        is_flat = kind == "flat"
        self.bonuses[bonus_id] = [
            bonus_id, chatter.employee_id, kind, float(number) if number else None, is_flat, shift_id, at,
        ]  # fmt: skip
        if not is_flat:
            self.pending[chatter.employee_id].append(bonus_id)
        return float(number) if is_flat else 0


def make_tabs() -> Tabs:
    """The six worksheets as lists of cells, the header first."""
    bot = _OldBot()
    bot.work()
    settings: list[list[Cell]] = [[one.employee_id, one.wage, one.base] for one in TEAM]
    settings[4][1:] = ["12,75", "8 %"]
    settings[5] = [f" {TEAM[5].employee_id} ", "$15.00", "8"]
    return {
        "Shifts": _mess_up(bot),
        "EmployeeSettings": [["EmployeeId", "Hourly wage", "Sales commission"], *settings, [None, None, None]],
        "DynamicRates": make_rates("Percentage", "Min Amount", "Max Amount"),
        "Ranks": make_ranks(),
        "EmployeeRanks": [
            ["EmployeeId", "Current Rank", "Previous Rank", "Month", "Year", "Notified", "Last Updated"],
            *_list_employee_ranks(bot),
        ],
        "ActiveBonuses": [
            ["ID", "EmployeeId", "Bonus Type", "Value", "Applied", "Shift ID", "Created At"],
            *([*row[:4], _vary_flag(number, flag=bool(row[4])), *row[5:]] for number, row in bot.bonuses.items()),
            [],
        ],
    }


def make_rates(*header: str) -> list[list[Cell]]:
    """DynamicRates, its columns in any order, ranges ending where people think that they end."""
    rows: list[dict[str, Cell]] = [
        {"Min Amount": low, "Max Amount": high, "Percentage": pct} for low, high, pct in RATES
    ]
    return [[*header], *([row[name] for name in header] for row in rows)]


def make_ranks() -> list[list[Cell]]:
    """Ranks, the last one with an end that nobody reaches."""
    header: list[Cell] = ["Rank Name", "Min Amount", "Max Amount", "Emoji", "Bonus 1", "Bonus 2", "Bonus 3", "TEXT"]
    ends = [*(rank[1] - 0.01 for rank in RANKS[1:]), 999999]
    rows: list[list[Cell]] = [
        [name, low, end, emoji, *[*codes, None, None, None][:3], text]
        for (name, low, emoji, codes, text), end in zip(RANKS, ends, strict=True)
    ]
    return [header, *rows]


def _list_employee_ranks(bot: _OldBot) -> Iterator[list[Cell]]:
    for (employee_id, month), (rank, previous, at) in sorted(bot.ranks.items()):
        # The old bot forgot some months: their rank is that of their sales.
        if (employee_id + month.month) % 7:
            flag = _vary_flag(employee_id, flag=True)
            yield [employee_id, rank, previous, month.month, month.year, flag, at]


def _mess_up(bot: _OldBot) -> list[list[Cell]]:
    """The shifts as people left them: every way of writing, columns moved and added, rows that break today's rules."""
    _break_rules(bot)
    header = [
        "Date", "ID", " EmployeeId", "EmployeeName", "Clock in", "Clock out", "Worked hours/shift", "Daisy",
        *MODELS[:3], "Comment", "Total sales", "Net sales", "%", "Total per hour", "Commissions", "Total made",
        "Rolling average",
    ]  # fmt: skip
    rows: list[list[Cell]] = [[*header]]
    for number, shift in enumerate(bot.shifts):
        row = {**shift, "Comment": "late, said sorry" if number % 50 == 3 else None, "Rolling average": 123.45}
        for name in ("Date", "Clock in", "Clock out"):
            row[name] = _vary_moment(row[name], number)
        for name in (*MODELS, "Total sales", "Total made"):
            row[name] = _vary_amount(row[name], number)
        row["EmployeeName"] = f"{row['EmployeeName']} " if number % 9 == 0 else row["EmployeeName"]
        row["%"] = f"{row['%']:.2f}%" if number % 31 == 0 else row["%"]
        rows.append([row[name.strip()] for name in header])
    blank: list[Cell] = [None] * len(header)
    return [*rows[:200], blank, *rows[200:], blank, blank, ["", " "]]


def _break_rules(bot: _OldBot) -> None:
    shifts = bot.shifts
    # Recorded by hand, and not the sum of its parts.
    shifts[40]["Total made"] = float(str(shifts[40]["Total made"])) + 11.5
    shifts[41]["Total made"] = float(str(shifts[41]["Total made"])) - 5
    # No moment of record; derived cells that somebody emptied.
    for number in (60, 61, 300):
        shifts[number]["Date"] = None
    for name in ("Net sales", "%", "Total per hour", "Commissions", "Total made", "Worked hours/shift"):
        shifts[63][name] = None
    # Somebody forgot to clock out and did so 30 hours after the beginning.
    long = shifts[80]
    start = _as_moment(long["Clock in"])
    long["Clock out"], long["Date"] = start + timedelta(hours=30), start + timedelta(hours=30, minutes=2)
    # A shift entered twice under another number, half an hour later: it lies over the first.
    twin = shifts[121]
    for name in ("EmployeeId", "EmployeeName"):
        twin[name] = shifts[120][name]
    twin["Clock in"] = _as_moment(shifts[120]["Clock in"]) + timedelta(minutes=30)
    twin["Clock out"] = _as_moment(shifts[120]["Clock out"]) + timedelta(minutes=30)
    # The hour that the autumn of 2025 brought twice.
    night = next(one for one in shifts if _as_moment(one["Clock in"]).date() == date(2025, 11, 1))
    night["Clock in"], night["Clock out"] = _wall(2025, 11, 1, 18, 0), _wall(2025, 11, 2, 1, 30)
    night["Date"] = _wall(2025, 11, 2, 3, 10)


def _as_moment(cell: Cell) -> datetime:
    assert isinstance(cell, datetime)
    return cell


def _wall(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001


def _vary_moment(cell: Cell, number: int) -> Cell:
    if cell is None:
        return None
    moment = _as_moment(cell)
    match number % 6:
        case 0:
            return moment
        case 1:
            return f"{moment:%Y/%m/%d %H/%M/%S}"
        case 2:
            return f"{moment:%Y-%m-%d %H:%M:%S}"
        case 3 if moment.second == 0:
            return f" {moment:%Y/%m/%d} {moment.hour}:{moment:%M}"
        case _:
            return f"{moment:%Y/%m/%d %H:%M:%S}"


def _vary_amount(cell: Cell, number: int) -> Cell:
    if not isinstance(cell, int | float):
        return cell
    match number % 7:
        case 1:
            return f"{cell:.2f}".replace(".", ",")
        case 2:
            return f"${cell:.2f}"
        case 3:
            return f" {cell:,.2f}".replace(",", "\u00a0")
        case 4 if cell == 0:
            return None
        case _:
            return cell


def _vary_flag(number: int, *, flag: bool) -> Cell:
    if not flag:
        return (False, "FALSE", 0, None)[number % 4]
    return (True, "TRUE", "true", 1)[number % 4]


# --- as files --------------------------------------------------------------------------------------------------------


def write_xlsx(tabs: Mapping[str, Sequence[Sequence[Cell]]], path: Path) -> None:
    """A workbook with these cells, the same bytes every time."""
    workbook = Workbook(write_only=True)
    workbook.properties.created = workbook.properties.modified = datetime(2025, 11, 15)  # noqa: DTZ001
    for title, rows in tabs.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append([_as_text(sheet, cell) if isinstance(cell, str) else cell for cell in row])
    written = io.BytesIO()
    workbook.save(written)
    with zipfile.ZipFile(written) as made, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in made.infolist():
            info = zipfile.ZipInfo(entry.filename, _ZIP_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, _SAVED_AT.sub(rb"\g<1>2025-11-15T00:00:00Z\2", made.read(entry)))


def _as_text(sheet: Any, text: str) -> Any:
    """Text that is no formula, whatever it begins with."""
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell


def write_csv(tabs: Mapping[str, Sequence[Sequence[Cell]]], directory: Path) -> None:
    """A file for each worksheet, cells as Google shows them where the date format is YYYY/MM/DD."""
    directory.mkdir(parents=True, exist_ok=True)
    for title, rows in tabs.items():
        with (directory / f"{title}.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([[show(cell) for cell in row] for row in rows])


def show(cell: Cell) -> str:
    """A cell as text."""
    match cell:
        case None:
            return ""
        case bool():
            return str(cell).upper()
        case datetime():
            return f"{cell:%Y/%m/%d %H:%M:%S}"
        case float():
            return f"{cell:.15g}"
        case _:
            return str(cell)


def to_serial(moment: datetime) -> float:
    """A real date as a sheet keeps it: days since 30 December 1899."""
    return (moment - _EPOCH) / timedelta(days=1)


def main() -> int:
    """Write the sample anew."""
    tabs = make_tabs()
    SAMPLE.mkdir(exist_ok=True)
    write_xlsx(tabs, XLSX)
    write_csv(tabs, CSV)
    return 0


if __name__ == "__main__":
    sys.exit(main())
