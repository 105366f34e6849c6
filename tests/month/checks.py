"""Whether all that the bot shows of the month is what the sheet by hand says, to the cent."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from playground.client import Person
from playground.screens import Screen
from tests.bot.shifts import say
from tests.databases import fetch_all
from tests.documents.reading import read_amounts, read_book, read_csv, read_lines, read_sheet, to_cents
from tests.month.by_hand import NOTHING, HandShift, HandStatement, get_period
from tests.month.owners_side import go_to_desk, open_period
from tests.month.play import USD, Month, check_receipt, find_usd, tap_what_has

PERIODS = (date(2026, 11, 1), date(2026, 11, 15))
# What a statement calls the lines that are no shifts.
LABELS = {
    "correction": "Corrections of closed periods",
    "bonus": "Bonuses given",
    "paid day off": "Paid days off",
    "flat at leaving": "Bonuses paid at leaving",
    "deduction": "Deductions",
    "refund": "Refunds",
    "payout": "Payouts",
}
AUDITED = {
    "join request approved": 9,
    "invite created": 2,
    "role changed": 1,
    "wage changed": 1,
    "bonus granted": 8,
    "bonus booked": 1,
    "deduction booked": 1,
    "day off requested": 1,
    "day off approved": 1,
    "premium given": 1,
    "refund booked": 2,
    "person left": 1,
    "correction requested": 2,
    "correction approved": 2,
    "shift edited": 3,
    "period confirmed": 2,
    "period closed": 20,
    "period paid": 20,
}


async def check_everything(month: Month, database: Mapping[str, Any], people: Sequence[str]) -> None:
    """Receipts, these people's statements in three forms, reports as CSV, balances, the ledger, the audit log."""
    await check_receipts(month)
    for start in PERIODS:
        for name in people:
            await check_statement(month, name, start)
    await check_reports(month)
    await check_leaderboard(month)
    await check_balances(month)
    check_ledger(month, database)
    check_audit_log(database)


async def check_receipts(month: Month) -> None:
    """Every receipt, as an admin sees it."""
    await say(month.olga, "/start")
    for number, shift in month.by_number.items():
        await month.olga.press(f"r:{number}:r", message_id=(await month.olga.screen()).message_id)
        # A notice that waited for its turn may come below it.
        check_receipt(shift, (await month.olga.wait_for(f"Shift {number}\n")).text)


async def check_statement(month: Month, name: str, start: date) -> None:
    """A statement in its three forms."""
    expected = month.book.statements[name, start]
    olga, end = month.olga, get_period(start)[1]
    await open_period(olga, start, end)
    await tap_what_has(olga, f" {name}")
    await olga.tap("📄 Statement")
    card = await olga.wait_for("Closing balance")
    rows = dict(re.findall(r"^(?:· )?([^:\n]+): (-?[0-9.,]+)$", card.text, re.MULTILINE))
    check_rows(expected, {label: Decimal(amount.replace(",", "")) for label, amount in rows.items()})
    for form, read in (("PDF", read_pdf_rows), ("XLSX", read_xlsx_rows)):
        check_rows(expected, read(await download(month, card, form)))


def check_rows(expected: HandStatement, found: Mapping[str, Decimal]) -> None:
    """The summary of a statement, whatever it came as."""
    made = [amount for label, amount in found.items() if re.match(r"Made on \d+ shift|No shifts", label)]
    assert made == [sum(expected.made.values(), NOTHING)]
    labelled = {label: expected.lines.get(reason, NOTHING) for reason, label in LABELS.items()}
    labelled |= {"Opening balance": expected.opening, "Closing balance": expected.closing}
    if expected.made:
        labelled |= {"Hourly": expected.hourly, "Commissions": expected.commissions, "Bonuses": expected.bonus_pay}
    for label, amount in labelled.items():
        assert found.get(label, NOTHING) == amount, (label, found)


def read_pdf_rows(file: bytes) -> dict[str, Decimal]:
    """The summary on the paper: it comes first, each of its rows ends in an amount."""
    rows: dict[str, Decimal] = {}
    for line in read_lines(file):
        if (found := re.fullmatch(r"(\D.*?) (-?[0-9,]+\.\d\d)", line)) and found[1] not in rows:
            rows[found[1]] = read_amounts(line)[-1]
    return rows


def read_xlsx_rows(file: bytes) -> dict[str, Decimal]:
    """The summary of the first sheet, results for formulas."""
    rows = read_book(file, has_results=True)["Statement"].iter_rows(values_only=True)
    amounts = {str(label): part if amount is None else amount for label, part, amount in rows}
    return {label: to_cents(amount) for label, amount in amounts.items() if isinstance(amount, int | float)}


async def check_reports(month: Month) -> None:
    """November by person, by day and by model, and who sold most, as files."""
    shifts = month.book.shifts
    people = _sum_by(shifts, lambda shift: shift.who)
    shown = await open_report(month, "By person")
    assert {row["Name"]: _read(row) for row in read_csv(await download(month, shown, "CSV"))} == people
    *rows, together = read_sheet(await download(month, shown, "XLSX"), "People")
    assert {str(row["Name"]): {name: to_cents(row[name]) for name in _FIGURES} for row in rows} == people
    assert to_cents(together["Made"]) == sum(figures["Made"] for figures in people.values())
    days = read_csv(await download(month, await open_report(month, "By day"), "CSV"))
    assert {row["Date"]: Decimal(row["Made"]) for row in days} == {
        day: figures["Made"] for day, figures in _sum_by(shifts, lambda shift: f"{shift.day}").items()
    }
    models = read_csv(await download(month, await open_report(month, "By model"), "CSV"))
    sold, refunded = Counter[str](), Counter[str]()
    for shift in shifts:
        sold.update(shift.sales)
        refunded.update(shift.refunded)
    assert {row["Name"]: Decimal(row["Total sales"]) for row in models if Decimal(row["Total sales"])} == sold
    assert {row["Name"]: Decimal(row["Refunded"]) for row in models if Decimal(row["Refunded"])} == refunded


async def open_report(month: Month, title: str) -> Screen:
    """A report of November on the owner's screen."""
    await go_to_desk(month.olga, "📊 Reports")
    await month.olga.tap("Last month")
    if title in (await month.olga.screen()).buttons:
        await month.olga.tap(title)
    return await month.olga.wait_for(title)


async def check_leaderboard(month: Month) -> None:
    """Who sold how much in November."""
    await go_to_desk(month.olga, "📊 Reports")
    await month.olga.tap("🏁 Leaderboard")
    await month.olga.tap("‹ Month before")
    places = read_csv(await download(month, await month.olga.wait_for("Leaderboard, November"), "CSV"))
    assert {row["Name"]: Decimal(row["Total sales"]) for row in places} == {
        name: figures["Total sales"]
        for name, figures in _sum_by(month.book.shifts, lambda shift: shift.who).items()
        if figures["Total sales"]
    }


async def check_balances(month: Month) -> None:
    """What each is owed after the last pay day, as they see it."""
    for name, person in month.people.items():
        if name not in month.left:
            shown = (await say(person, "/balance")).text
            owed = NOTHING if "Nothing is owed" in shown else find_usd(f"You are owed {USD}", shown)
            assert owed == month.book.get_balance(name), shown


def check_ledger(month: Month, database: Mapping[str, Any]) -> None:
    """The ledger holds what was booked, period by period."""
    lines = fetch_all(
        dict(database),
        "SELECT e.name, t.period_start, sum(CASE t.direction WHEN 'credit' THEN t.units ELSE -t.units END)"
        "  FROM balance_transactions t JOIN employees e USING (sub) GROUP BY 1, 2",
    )
    booked = Counter[tuple[str, date]]()
    for (who, start, _), amount in month.book.booked.items():
        booked[who, start] += amount  # type: ignore[assignment]
    assert {(name, start): amount for name, start, amount in lines if amount} == {
        key: amount for key, amount in booked.items() if amount
    }


def check_audit_log(database: Mapping[str, Any]) -> None:
    """All that was done is there, as often as it was, and nothing else."""
    counted = Counter(action for (action,) in fetch_all(dict(database), "SELECT action FROM audit_log"))
    assert counted == AUDITED


async def download(month: Month, shown: Screen, button: str) -> bytes:
    """The file that a button sends."""
    olga: Person = month.olga
    seen = {screen.message_id for screen in await olga.screens()}
    await olga.press(shown.data[button], message_id=shown.message_id)
    await olga.settled()
    sent = [screen for screen in await olga.screens() if screen.message_id not in seen and screen.document_url]
    assert len(sent) == 1
    return await month.chat.emulator.fetch(sent[0].document_url or "")


def _sum_by(shifts: list[HandShift], key: Any) -> dict[str, dict[str, Decimal]]:
    sums: dict[str, dict[str, Decimal]] = {}
    for shift in shifts:
        of = sums.setdefault(key(shift), dict.fromkeys(_FIGURES, NOTHING))
        for name, amount in zip(
            _FIGURES,
            (Decimal(1), shift.total, shift.net, shift.hourly, shift.commissions, shift.bonus_pay, shift.made),
            strict=True,
        ):
            of[name] += amount
    return sums


def _read(row: Mapping[str, str]) -> dict[str, Decimal]:
    return {name: Decimal(row[name]) for name in _FIGURES}


_FIGURES = ("Shifts", "Total sales", "Net", "Hourly", "Commissions", "Bonuses", "Made")
