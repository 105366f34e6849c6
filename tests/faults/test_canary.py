"""A whole bot at LOG_LEVEL=DEBUG through joining, shifts, refusals and faults: not one canary in all that it says."""

import asyncio
import re
from datetime import date
from typing import Any

from aiohttp import ClientSession

from playground.client import Emulator, EmulatorError, Person
from postgres_service import PostgresService
from tests.bot.far import start_far_emulator
from tests.bot.processes import BotProcess, Relay, describe_database, find_free_port, open_relay, start_bot
from tests.bot.shifts import begin, record
from tests.databases import DatabaseServer, connect
from tests.faults.canary import (
    CANARY_NAME,
    CANARY_NOTE,
    CANARY_PASSWORD,
    CANARY_PAY,
    CANARY_SALES,
    CANARY_TOKEN,
    CANARY_WAGE,
    CANARY_WEBHOOK_SECRET,
    assert_clean,
)

LEAST_AMOUNT = 100
REFUSES_WITH_ALL_IT_KNOWS = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% made % at % an hour', NEW.employee_name, NEW.total_made, NEW.hourly_wage
        USING DETAIL = NEW::text;
END
$$;
CREATE TRIGGER refuse BEFORE INSERT ON shifts FOR EACH ROW EXECUTE FUNCTION refuse();
"""


async def test_no_secret_no_name_no_text_and_no_amount_is_in_the_log(
    server: DatabaseServer, empty_database: dict[str, Any]
) -> None:
    async with (
        open_relay(empty_database) as relay,
        start_far_emulator(CANARY_TOKEN) as emulator,
        start_bot(_settings(emulator, relay)) as bot,
    ):
        await bot.wait_for("running as @")
        person = await _join(emulator)
        amounts = await _earn(person, empty_database)
        await bot.catch_up()
        await _be_refused(person)
        await bot.catch_up()
        await _fail_inside(person, {**server.maker, "database": empty_database["database"]})
        await bot.catch_up()
        await _send_what_no_bot_can_read(emulator, person)
        await _lose_telegram(emulator, person)
        await bot.catch_up()
        await _lose_the_database(bot, relay, person)
        await bot.catch_up()
        assert await bot.stop() == 0
    assert str(CANARY_PAY) in amounts
    assert str(CANARY_SALES) in amounts
    for amount in amounts:
        assert not re.search(rf"(?<![\d.]){amount}(?!\d)", bot.said), amount
    assert_clean(bot.said)
    # It had every reason to talk.
    talked_of = ("refused", "Traceback", "RaiseException", "database-away", "TelegramBadRequest", "cannot be read")
    assert [what for what in talked_of if what not in bot.said] == []
    print(f"{len(bot.lines)} lines with {len(amounts)} amounts to look for: none of them tells a canary")


async def test_no_secret_of_a_webhook_is_in_the_log(empty_database: dict[str, Any]) -> None:
    async with start_far_emulator(CANARY_TOKEN) as emulator, open_relay(empty_database) as relay:
        webhook = {"WEBHOOK_URL": "https://bot.example.org/webhook", "WEBHOOK_SECRET": CANARY_WEBHOOK_SECRET}
        address = f"127.0.0.1:{find_free_port()}"
        async with start_bot(_settings(emulator, relay) | webhook | {"HEALTH_LISTEN": address}) as bot:
            await bot.wait_for("running as @")
            statuses = [
                await _deliver(f"http://{address}/webhook", secret, body)
                for secret, body in (
                    (CANARY_WEBHOOK_SECRET[:-1], b'{"update_id": 1}'),
                    (CANARY_WEBHOOK_SECRET, f'{{"update_id": 1, "message": "{CANARY_NAME}"}}'.encode()),
                    (CANARY_WEBHOOK_SECRET, f"{CANARY_NOTE}".encode()),
                )
            ]
            await relay.close()
            statuses.append(await _deliver(f"http://{address}/webhook", CANARY_WEBHOOK_SECRET, b'{"update_id": 2}'))
            await bot.catch_up()
            assert await bot.stop() == 0
    assert statuses == [403, 200, 400, 503]
    assert_clean(bot.said)


def _settings(emulator: Emulator, relay: Relay) -> dict[str, str]:
    database = describe_database({**relay.params, "password": relay.params.get("password") or CANARY_PASSWORD})
    return {
        "BOT_TOKEN": CANARY_TOKEN,
        "ADMIN_IDS": "9001",
        "TELEGRAM_API_URL": emulator.api_url,
        "LOG_LEVEL": "DEBUG",
        **database,
    }


async def _join(emulator: Emulator) -> Person:
    olga = await emulator.add_person(9001, "Olga")
    await olga.send("/start")
    person = await emulator.add_person(1001, CANARY_NAME)
    await person.send("/start")
    await person.tap("Ask to join")
    await olga.wait_for(CANARY_NAME)
    await olga.tap("Approve")
    await person.wait_for("Welcome to the team!")
    return person


async def _earn(person: Person, database: dict[str, Any]) -> set[str]:
    """A shift at the canary wage, looked at from all sides; every amount that was shown and stands out."""
    with PostgresService(**database) as service:
        service.set_employee_settings(person.id, hourly_wage=CANARY_WAGE, valid_from=date(2001, 1, 1))
    await record(person, str(CANARY_SALES))
    await person.tap("Why?")
    await person.send("/stats")
    await person.send("/ranks")
    texts = " ".join(screen.text for screen in await person.screens())
    shown = {one.replace(",", "") for one in re.findall(r"\d[\d,]*\.\d\d", texts)}
    return {one for one in shown if float(one) >= LEAST_AMOUNT}


async def _be_refused(person: Person) -> None:
    await person.send(CANARY_NOTE)
    await person.send(f"/start {CANARY_NOTE}")
    await person.press(CANARY_NOTE[:60], message_id=(await person.screen()).message_id)
    await begin(person, start="6 AM", end="8:00")
    await person.tap("Model A")
    await person.send(CANARY_NOTE)
    await person.send(f"-{CANARY_WAGE}")
    await person.send("/cancel")


async def _fail_inside(person: Person, owner: dict[str, Any]) -> None:
    """The database refuses a shift with a text that recites it."""
    with connect(owner) as connection:
        connection.execute(REFUSES_WITH_ALL_IT_KNOWS)
    await begin(person, start="6 AM", end="8:00")
    await person.tap("Model A")
    await person.send(str(CANARY_SALES))
    assert "went wrong" in (await person.tap("Save shift")).text
    with connect(owner) as connection:
        connection.execute("DROP TRIGGER refuse ON shifts")


async def _send_what_no_bot_can_read(emulator: Emulator, person: Person) -> None:
    unreadable: list[dict[str, object]] = [
        {"message": {"text": CANARY_NOTE, "from": CANARY_NAME}},
        {"message": {"message_id": CANARY_NAME, "date": CANARY_NOTE}},
        {"callback_query": {"id": "1", "data": CANARY_NOTE}},
        {CANARY_NOTE: {}},
    ]
    for update in unreadable:
        await emulator.inject(update)
    await person.send("/start")


async def _lose_telegram(emulator: Emulator, person: Person) -> None:
    await emulator.fail(
        "sendMessage", 400, f'Bad Request: can\'t parse entities: unsupported start tag "{CANARY_NAME}"'
    )
    await person.send("/start", wait=False)
    await asyncio.sleep(1)
    await emulator.fail("getUpdates", 502, CANARY_NOTE, times=2)
    await emulator.fail("", 500, "Internal Server Error", times=2)
    await emulator.drop_answers("sendMessage")
    await person.send("/stats", wait=False)
    await person.settled(timeout=60)


async def _lose_the_database(bot: BotProcess, relay: Relay, person: Person) -> None:
    await relay.close()
    for text in (CANARY_NOTE, "/stats"):
        await person.send(text, wait=False)
    await asyncio.sleep(3)
    await bot.catch_up()
    await relay.open()
    for _ in range(30):
        try:
            await person.send("/start", timeout=1)
        except EmulatorError:
            continue
        return
    raise AssertionError("the bot did not come back")


async def _deliver(url: str, secret: str, body: bytes) -> int:
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret, "Content-Type": "application/json"}
    async with ClientSession() as session, session.post(url, data=body, headers=headers) as response:
        return response.status
