"""What the two admins do in the month, and what the team asks of them."""

import re
from collections.abc import Sequence
from datetime import date, time, timedelta
from decimal import Decimal

from playground.client import Person
from playground.screens import Screen
from tests.bot.shifts import begin, open_edit, say
from tests.month.by_hand import HandBonus, HandShift, get_period
from tests.month.play import USD, Month, find_usd, read_usd, tap_what_has

GIFTS = {
    "flat": "An amount",
    "percent_next": "Percent more on the next shift",
    "double_commission": "Double commission on the next shift",
    "percent_prev": "Percent of the previous chatter’s sales",
    "percent_all": "Percent of everybody else’s sales of a day",
    "paid_day_off": "A paid day off",
    "telegram_premium": "Telegram Premium",
}


async def go_to_desk(admin: Person, desk: str) -> None:
    """A desk, from /admin."""
    await say(admin, "/admin")
    await admin.tap(desk)


async def set_wage(month: Month, name: str, wage: str, since: date) -> None:
    """Another wage from a date on."""
    await month.open_member(name)
    await month.olga.tap("💵 Wage")
    await say(month.olga, wage)
    await say(month.olga, f"{since:%Y/%m/%d}")
    await month.olga.tap("Yes")
    await month.people[name].wait_for(f"from {since:%Y/%m/%d} on")
    month.book.set_wage(name, since, Decimal(wage))


async def give(month: Month, name: str, code: str, value: str = "") -> None:
    """An admin's gift."""
    olga = month.olga
    await go_to_desk(olga, "🎁 Bonuses")
    await tap_what_has(olga, name)
    await olga.tap("🎁 Give one")
    await olga.tap(GIFTS[code])
    if value:
        await say(olga, value)
    await say(olga, "well done")
    await olga.tap("Yes")
    await month.people[name].wait_for("gave you a bonus")
    month.book.give(name, HandBonus(code, Decimal(value or 0)))


async def adjust(month: Month, name: str, amount: str, reason: str, today: date, *, is_bonus: bool) -> None:
    """A bonus or deduction by hand."""
    await month.open_member(name, month.pavel)
    pavel = month.pavel
    await pavel.tap("🎁 Bonus or deduction")
    await pavel.tap("🎁 Bonus" if is_bonus else "➖ Deduction")
    await say(pavel, amount)
    await say(pavel, reason)
    await pavel.tap("Yes")
    await month.people[name].wait_for(reason)
    kind, units = ("bonus", Decimal(amount)) if is_bonus else ("deduction", -Decimal(amount))
    month.book.book(name, today, kind, units)


async def refund(month: Month, shift: HandShift, model: str, amount: str, today: date) -> None:
    """Sales of a shift are taken back; the preview, the notice and the sheet say the same."""
    olga = month.olga
    await month.open_member(shift.who)
    await olga.tap("🧾 Shifts")
    await tap_what_has(olga, f"{shift.day:%Y/%m/%d}")
    await olga.tap("↩️ Refund")
    await olga.tap(model)
    await say(olga, amount)
    await say(olga, "the buyer complained")
    taken = month.book.refund(shift, model, Decimal(amount), today)
    assert find_usd(rf"Pay taken back: {USD}", (await olga.screen()).text) == taken
    await olga.tap("Yes")
    told = await month.people[shift.who].wait_for(f"of your shift {get_number(month, shift)} was refunded")
    assert find_usd(rf"{USD} of your pay", told.text) == taken


async def take_day_off(month: Month, name: str, day: date) -> None:
    """A paid day off that waits is asked for, approved and booked at the wage of its date."""
    person = month.people[name]
    await say(person, "/ranks")
    await person.tap("🏖 Use my day off")
    await say(person, f"{day:%Y/%m/%d}")
    await person.tap("Yes")
    notice = await month.pavel.wait_for(f"{name} asks for a paid day off on {day:%Y/%m/%d}")
    await month.pavel.tap("Approve", message_id=notice.message_id)
    told = await person.wait_for(f"Your day off on {day:%Y/%m/%d} is approved")
    pay = 8 * month.book.get_wage(name, day)
    assert find_usd(rf"{USD} is booked", told.text) == pay
    month.book.pending[name] = [one for one in month.book.pending[name] if one.code != "paid_day_off"]
    month.book.book(name, day, "paid day off", pay)


async def give_premium(month: Month, name: str) -> None:
    """Telegram Premium that was earned is given and seen."""
    await go_to_desk(month.olga, "📨 Requests")
    await month.olga.tap(f"🎁 {name}: Telegram Premium")
    await month.olga.tap("✅ It is given")
    given = await month.people[name].wait_for("Telegram Premium is yours")
    await month.people[name].tap("🎉 Got it, thanks!", message_id=given.message_id)
    month.book.pending[name] = [one for one in month.book.pending[name] if one.code != "telegram_premium"]


async def leave(month: Month, name: str, day: date) -> None:
    """Somebody leaves: flats that wait are credited, everything else that waits is void."""
    await month.open_member(name)
    await month.olga.tap("🚪 Has left")
    await say(month.olga, f"{day:%Y/%m/%d}")
    await month.olga.tap("Yes")
    await month.people[name].wait_for("having left the team")
    for bonus in month.book.pending.pop(name, []):
        if bonus.code == "flat":
            month.book.book(name, day, "flat at leaving", bonus.value)
    month.left.add(name)


async def confirm(month: Month, names: Sequence[str], start: date) -> None:
    """These people say that their period is complete."""
    for name in names:
        person = month.people[name]
        await say(person, "/start")
        await person.tap("💵 My pay")
        await tap_what_has(person, f"{start:%Y/%m/%d}")
        await person.tap("✅ Yes, it is complete")


async def close_and_pay(month: Month, start: date) -> None:
    """On the pay day the owner closes for everybody and pays what is due; each is told both, to the cent."""
    end = get_period(start)[1]
    month.go_to(end + timedelta(days=1), time(10))
    before = {name: month.book.get_balance(name) for name in month.people}
    await open_period(month.olga, start, end)
    await month.olga.tap("🔒 Close for everybody")
    preview = await month.olga.screen()
    for name, balance in before.items():
        assert find_usd(rf"• {name}: balance {USD}", preview.text) == balance
    await month.olga.tap("Yes")
    await _read_all(month.olga, "Closed for")
    month.book.close(start)
    await open_period(month.olga, start, end)
    await month.olga.tap("💵 Pay everybody")
    due = await month.olga.screen()
    assert find_usd(rf"Together: {USD}", due.text) == sum(max(one, Decimal(0)) for one in before.values())
    await month.olga.tap("Yes")
    await _read_all(month.olga, "Booked as paid")
    for name, balance in before.items():
        if balance > 0:
            month.book.book(name, end + timedelta(days=1), "payout", -balance)
        if name in month.left:
            continue
        closed = await month.people[name].wait_for(f"pay period {start:%Y/%m/%d} – {end:%Y/%m/%d} is closed")
        assert find_usd(rf"Closing balance: {USD}", closed.text) == balance
        if balance > 0:
            paid = await month.people[name].wait_for(f"is paid out to you for {start:%Y/%m/%d}")
            assert find_usd(rf"{USD} is paid", paid.text) == balance


async def ask_for_correction(month: Month, shift: HandShift, model: str, amount: str) -> None:
    """A shift of a closed period: what its person types is asked for, approved, booked."""
    name, person = shift.who, month.people[shift.who]
    newest_first = [one for one in reversed(month.book.shifts) if one.who == name]
    await open_edit(person, newest_first.index(shift))
    await person.tap("Sales of a model")
    await person.tap(model)
    await say(person, amount)
    await person.tap("📨 Ask the admins for a correction")
    await say(person, "I typed it wrong")
    notice = await month.pavel.wait_for(re.compile(f"{name} asks to correct a shift"))
    await month.pavel.tap("Approve", message_id=notice.message_id)
    told = await person.wait_for("Your correction is approved")
    before = {one.number: one.made for one in month.book.shifts}
    month.book.edit(shift, {**shift.sales, model: Decimal(amount)})
    await month.follow_rank(shift)
    for one in month.book.shifts:
        if one.made != before[one.number]:
            number = get_number(month, one)
            assert read_difference(told, number) == one.made - before[one.number]
            assert read_difference(notice, number) == one.made - before[one.number], "foretold to who decides"


async def ask_for_missing(month: Month, name: str, start: str, end: str) -> None:
    """A shift without sales of yesterday, whose period is closed: asked for, approved, booked in the open period."""
    person = month.people[name]
    await begin(person, day="Yesterday", start=start, end=end)
    await person.tap("No sales")
    await person.tap("📨 Ask the admins for a correction")
    await say(person, "I forgot it")
    notice = await month.olga.wait_for(f"{name} asks for a shift that is missing")
    await month.olga.tap("Approve", message_id=notice.message_id)
    told = await person.wait_for("Your correction is approved")
    day = month.book.closed_until
    shift = month.record_by_hand(name, day, start, end, {})
    number = int(re.findall(r"Shift (\d+):", told.text)[-1])
    month.by_number[number] = shift
    assert read_difference(told, number) == shift.made


def read_difference(told: Screen, number: int) -> Decimal:
    """What a correction changes about a shift, as somebody is told."""
    found = re.search(rf"Shift {number}: ([+−]) (\$?[0-9.,]+)", told.text)
    assert found is not None, told.text
    return read_usd(found[2]) * (1 if found[1] == "+" else -1)


def get_number(month: Month, shift: HandShift) -> int:
    """The number that the program gave a shift."""
    return next(number for number, one in month.by_number.items() if one is shift)


async def open_period(admin: Person, start: date, end: date) -> None:
    """A pay period on an admin's screen."""
    await go_to_desk(admin, "🗓 Pay periods")
    await tap_what_has(admin, f"{start:%Y/%m/%d} – {end:%Y/%m/%d}")


async def _read_all(admin: Person, expected: str) -> None:
    await admin.settled()
    assert expected in (await admin.screen()).text
