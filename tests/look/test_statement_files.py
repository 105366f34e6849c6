"""Statements and reports in the programs that people open them with: LibreOffice, and a PDF's pages as pictures.

The pages of a statement as an employee gets it are left in `.look`; docs/statement*.png are copies of them.
"""

import csv
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from bot.documents.paper import BOTTOM, LEFT, RIGHT, TOP
from bot.documents.reports import render_report_xlsx
from bot.documents.statement_pdf import render_statement_pdf
from bot.documents.statement_xlsx import render_statement_xlsx
from bot.documents.tables import clean_cell
from payroll.adjustments import AdjustmentKind
from payroll.money import ZERO
from payroll.reports import PeopleReport, PersonTotals
from payroll.shifts import NewShift
from payroll.statements import LineKind, Statement
from postgres_service import PostgresService
from tests.clock import SteppingClock
from tests.documents.made import (
    HOSTILE_NAMES,
    WORDS,
    ZONE,
    make_full_statement,
    make_line,
    make_shift,
    make_statement,
    usd,
)
from tests.documents.reading import to_cents
from tests.owners import FIRST_HALF, SECOND_HALF, hire_owner, move_to
from tests.shift_data import ANN, BEN, make_shift_data

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / ".look"
# Commas, quotes, UTF-8, raw values and no formulas, each sheet a file.
AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
DPI = 100

Sheets = dict[str, list[list[str]]]
Open = Callable[[bytes], Sheets]


@pytest.fixture(scope="module")
def office(run_dir: Path) -> Open:
    """Opens a workbook in LibreOffice, which works out every formula itself, and reads what its sheets then show."""
    profile = run_dir / "office"
    opened = 0

    def open_book(xlsx: bytes) -> Sheets:
        nonlocal opened
        opened += 1
        folder = run_dir / f"book-{opened}"
        folder.mkdir()
        book = folder / "book.xlsx"
        book.write_bytes(xlsx)
        forget_results(book)
        command = ["soffice", "--headless", f"-env:UserInstallation=file://{profile}", "--convert-to", AS_CSV]
        subprocess.run([*command, "--outdir", folder, book], check=True, capture_output=True, timeout=180)
        return {path.stem.removeprefix("book-"): read_rows(path) for path in folder.glob("*.csv")}

    return open_book


def forget_results(book: Path) -> None:
    """Take the results of formulas out of a workbook: whoever shows one has worked it out."""
    full = book.with_suffix(".full")
    shutil.move(book, full)
    with zipfile.ZipFile(full) as source, zipfile.ZipFile(book, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.startswith("xl/worksheets/"):
                content = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", content)
            target.writestr(name, content)


def read_rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def make_hostile_statement() -> Statement:
    """Every hostile name as a product, a note and a reason."""
    shifts = [
        make_shift(1 + place % 13, {name[:40]: 500}, note=name, shift_id=place)
        for place, name in enumerate(HOSTILE_NAMES)
    ]
    lines = [make_line(LineKind.BONUS, 1, note=name * 3) for name in HOSTILE_NAMES]
    return make_statement(shifts, lines, opening="-0.01", name='=HYPERLINK("http://x","Ann")' + "W" * 170)


@pytest.mark.parametrize("make", [make_full_statement, make_hostile_statement, make_statement])
def test_libreoffice_comes_to_the_figures_of_the_statement(office: Open, make: Callable[[], Statement]) -> None:
    statement = make()
    sheets = office(render_statement_xlsx(WORDS, ZONE, statement))
    shifts, entries = sheets["Shifts"], sheets["Other entries"]
    totals = dict(zip(shifts[2], shifts[-1], strict=True))
    assert to_cents(sheets["Statement"][-1][2]) == statement.closing
    assert to_cents(entries[-1][-1]) == sum((line.amount for line in statement.lines), ZERO)
    if statement.shifts:
        assert to_cents(totals["Made"]) == statement.shift_total
        assert to_cents(totals["Total sales"]) == statement.total_sales
        assert to_cents(totals["Hours"]) == statement.worked_hours
        made = shifts[2].index("Made")
        assert [to_cents(row[made]) for row in shifts[3:-1]] == [shift.booked for shift in statement.shifts]
    parts = {row[0]: row[1] or row[2] for row in sheets["Statement"]}
    if statement.list_lines(LineKind.BONUS):
        assert to_cents(parts["Bonuses given"]) == statement.sum_lines(LineKind.BONUS)


def test_libreoffice_takes_no_name_for_a_formula(office: Open) -> None:
    statement = make_hostile_statement()
    sheets = office(render_statement_xlsx(WORDS, ZONE, statement))
    shown = [clean_cell(name) for name in HOSTILE_NAMES]
    notes = sheets["Shifts"][2].index("Note")
    assert [row[notes] for row in sheets["Shifts"][3:-1]] == shown
    assert {clean_cell(name[:40]) for name in HOSTILE_NAMES} <= set(sheets["Shifts"][2])
    assert sheets["Statement"][2][1] == clean_cell(statement.of.name)
    people = [PersonTotals(place, name, 1, 3600, *[usd(1)] * 6) for place, name in enumerate(HOSTILE_NAMES)]
    report = office(render_report_xlsx(WORDS, PeopleReport(FIRST_HALF, SECOND_HALF, people)))["People"]
    assert [row[1] for row in report[3:-1]] == shown
    assert to_cents(report[-1][4]) == len(HOSTILE_NAMES)


def draw_pages(pdf: bytes, folder: Path, name: str) -> list[Image.Image]:
    """The pages as pictures, left in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.pdf"
    file.write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", str(DPI), "-png", file, folder / name], check=True, timeout=60)
    return [Image.open(path).convert("L") for path in sorted(folder.glob(f"{name}-*.png"))]


@pytest.mark.parametrize("make", [make_full_statement, make_hostile_statement, make_statement])
def test_nothing_leaves_the_page(tmp_path: Path, make: Callable[[], Statement]) -> None:
    pages = draw_pages(render_statement_pdf(WORDS, ZONE, make()), tmp_path, "page")
    for page in pages:
        box = ImageChops.invert(page).getbbox()
        assert box is not None
        left, top, right, bottom = (side * 25.4 / DPI for side in box)
        assert left >= LEFT - 0.5
        assert top >= TOP - 0.5
        assert right <= RIGHT + 0.5
        assert bottom <= BOTTOM + 10


def write_books(service: PostgresService, clock: SteppingClock) -> Statement:
    """Half a month of Alice's: the half before paid, a shift of it corrected since, one sale of it refunded."""
    olga = hire_owner(service)
    service.people.join(ANN, "Alice Johnson", "en")
    service.people.join(BEN, "Ben", "en")
    sold_before = [(3, 640), (5, "512.40"), (9, 380), (12, "905.15")]
    before = [log(service, day, {"Model A": amount}) for day, amount in sold_before]
    service.periods.close(FIRST_HALF, actor=olga)
    service.payouts.pay(actor=olga)
    log(service, 15, {"Model A": "420.00", "Model B": "310.50"}, end="18:30")
    log(service, 16, {"Model B": "188.75"}, start="10:15", end="15:00")
    move_to(clock, date(2026, 11, 29))
    log(service, 15, {"Model A": "300"}, who=BEN)
    service.create_bonus(ANN, "flat", 10)
    service.create_bonus(ANN, "double_commission", None)
    log(service, 18, {"Model A": "655.20", "Model C": "74.80"}, start="21:00", clock_out="2026/11/19 05:00:00")
    log(service, 20, {}, end="13:00", note="Training, no sales")
    service.create_bonus(ANN, "percent_next", 1)
    log(service, 23, {"Model A": "812.00", "Model B": "146.10"})
    log(service, 25, {"Model A": "233.30"}, start="12:00", end="16:45")
    log(service, 27, {"Model C": "1104.99"})
    alice = service.people.get(ANN)
    time_in, time_out = datetime(2026, 11, 7, 14, tzinfo=UTC), datetime(2026, 11, 7, 20, tzinfo=UTC)
    missing = NewShift(ANN, time_in, time_out, {1: usd("260.00")})
    request = service.corrections.ask_new(missing, "I forgot to log the Saturday", actor=alice)
    service.corrections.approve(request.correction_id, actor=olga)
    service.adjustments.book(ANN, AdjustmentKind.BONUS, usd(40), "covering for Ben on Sunday", actor=olga)
    service.adjustments.book(ANN, AdjustmentKind.DEDUCTION, usd("12.50"), "lost key card", actor=olga)
    service.refunds.book(before[1], 1, usd("120.00"), "chargeback of 14 November", actor=olga)
    move_to(clock, date(2026, 12, 1))
    service.periods.close(SECOND_HALF, actor=olga)
    return service.statements.get(ANN, SECOND_HALF)


def log(service: PostgresService, day: int, products: dict[str, object], *, who: int = ANN, **more: str) -> int:
    name = {ANN: "Alice Johnson", BEN: "Ben"}[who]
    data = make_shift_data(products, who=who, day=f"2026/11/{day:02}", employee_name=name, **more)
    return service.create_shift(data)


def test_a_statement_as_an_employee_gets_it(service: PostgresService, clock: SteppingClock) -> None:
    statement = write_books(service, clock)
    pages = draw_pages(render_statement_pdf(WORDS, ZONE, statement), PICTURES, "statement")
    assert len(pages) == 2
    assert statement.opening + statement.earned - statement.paid_out == statement.closing
