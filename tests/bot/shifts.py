"""What people do with shifts in the chat, as tests say it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from playground.client import Person
from playground.screens import Screen
from tests.bot.conftest import Chat
from tests.databases import connect

NO_SALES: Mapping[str, str] = {}


async def say(person: Person, text: str) -> Screen:
    """Write to the bot and wait until all that it does about it is done, an old keyboard's end included."""
    await person.send(text)
    await person.settled(quiet=0.04)
    return await person.screen()


async def begin(person: Person, *, day: str = "Yesterday", start: str = "9 AM", end: str = "5 PM") -> Screen:
    """A new shift up to the question for the model, or whatever is asked after the end.

    One that was begun before and left is dropped.
    """
    if "Start anew" in (await say(person, "/shift")).buttons:
        await person.tap("Start anew")
    await person.tap(f"{day}…")
    await set_hour(person, start)
    await set_hour(person, end)
    return await person.screen()


async def record(
    person: Person,
    sales: Mapping[str, str] | str = "500",
    *,
    day: str = "Yesterday",
    start: str = "9 AM",
    end: str = "5 PM",
) -> Screen:
    """Record a shift by taps and typed amounts; the receipt. One amount alone is sold on Model A."""
    await begin(person, day=day, start=start, end=end)
    return await sell(person, sales)


async def sell(person: Person, sales: Mapping[str, str] | str) -> Screen:
    """From the question for the model to the receipt."""
    by_product = {"Model A": sales} if isinstance(sales, str) else sales
    if not by_product:
        await person.tap("No sales")
        return await find_receipt(person)
    for product, amount in by_product.items():
        await person.tap(product)
        await say(person, amount)
    await person.tap("Save shift")
    return await find_receipt(person)


async def find_receipt(person: Person) -> Screen:
    """The receipt of the shift that was saved last; a message about a rank may stand below it."""
    receipts = [screen for screen in await person.screens() if "is saved" in screen.text]
    # A bot that keeps Telegram's pace may have tidied up an older message before it sends this one.
    return receipts[-1] if receipts else await person.wait_for("is saved")


async def set_hour(person: Person, hour: str) -> None:
    """Tap an hour, `9 AM`, on the other page if need be, or type a time, `8:30`."""
    if ":" in hour:
        await say(person, hour)
        return
    half = hour[-2:]
    if half in (await person.screen()).buttons:
        await person.tap(half)
    await person.tap(hour)


async def open_edit(person: Person, number: int = 0) -> Screen:
    """The question what to correct about a shift of the edit list, the newest first.

    A correction that was begun before and left is dropped.
    """
    await say(person, "/edit")
    await person.tap((await person.screen()).buttons[number])
    if "Start anew" in (await person.screen()).buttons:
        await person.tap("Start anew")
    return await person.screen()


def log(chat: Chat, person: Person, *, clock_in: str, clock_out: str, **products: str) -> int:
    """Record a shift past the chat, `Model_A="500"`; its number."""
    sold = {name.replace("_", " "): Decimal(amount) for name, amount in products.items()}
    data = {"employee_id": person.id, "clock_in": clock_in, "clock_out": clock_out, "products": sold}
    return chat.service.create_shift(data)


def count_shifts(chat: Chat) -> int:
    """How many shifts are recorded."""
    return len(chat.service.get_all_shifts())


def deactivate(database: Mapping[str, Any], product: str) -> None:
    """What an admin will do to a product: from now on it cannot be picked."""
    with connect(dict(database)) as connection:
        connection.execute("UPDATE products SET is_active = false WHERE name = %s", [product])


def let_go(database: Mapping[str, Any], employee_id: int) -> None:
    """What an admin will do to a person: they left long ago."""
    with connect(dict(database)) as connection:
        connection.execute(
            "UPDATE employees SET status = 'left', left_date = '2026-01-31' WHERE employee_id = %s", [employee_id]
        )
