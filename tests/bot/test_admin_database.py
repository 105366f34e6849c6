"""Admins look at the database in the chat."""

import re

import pytest

from bot.keyboards.database import DatabasePart, ShowDatabase
from bot.use_cases.database import get_report
from payroll.errors import ForbiddenError
from playground.client import Person
from tests.bot.conftest import Chat


async def open_database(admin: Person) -> str:
    await admin.send("/admin")
    await admin.tap("🗄 Database")
    return (await admin.screen()).text


async def test_an_admin_sees_the_database_its_largest_tables_and_goes_through_them(chat: Chat) -> None:
    olga = await chat.admin("Olga", 9001)
    text = await open_database(olga)
    assert re.search(r"[\d.]+ MiB, PostgreSQL 1\d", text)
    assert re.search(r"Connections: \d+ of \d+", text)
    names = set(re.findall(r"^(\w+) [\d.,]+ [KM]iB: \d+, ", text, re.MULTILINE))
    assert len(names) == 12
    while "Next page ›" in (await olga.screen()).buttons:
        await olga.tap("Next page ›")
        names |= set(re.findall(r"^(\w+) [\d.,]+ [KM]iB: \d+, ", (await olga.screen()).text, re.MULTILINE))
    assert names == {one.name for one in chat.service.db_report.get().tables}


async def test_indexes_and_queries_are_a_tap_away(chat: Chat) -> None:
    olga = await chat.admin("Olga", 9001)
    await open_database(olga)
    await olga.tap("Indexes")
    screen = await olga.screen()
    assert re.search(r"^\w+_pkey [\d.,]+ [KM]iB: [\d,]+$", screen.text, re.MULTILINE)
    assert {"Tables", "Slowest queries", "Next page ›"} <= set(screen.buttons)
    await olga.tap("Slowest queries")
    assert "This server does not keep track of its queries" in (await olga.screen()).text
    await olga.tap("Tables")
    assert "Tables, the largest first" in (await olga.screen()).text


async def test_a_page_that_is_not_there_is_the_last_one(chat: Chat) -> None:
    olga = await chat.admin("Olga", 9001)
    await open_database(olga)
    await olga.press(
        ShowDatabase(part=DatabasePart.TABLES, page=99).pack(), message_id=(await olga.screen()).message_id
    )
    screen = await olga.screen()
    assert "Next page ›" not in screen.buttons
    assert "‹ Back a page" in screen.buttons


async def test_an_employee_is_shown_nothing_of_it(chat: Chat) -> None:
    dana = await chat.employee("Dana", 1001)
    await dana.send("/start")
    screen = await dana.screen()
    await dana.press(ShowDatabase(part=DatabasePart.TABLES).pack(), message_id=screen.message_id)
    assert "PostgreSQL" not in (await dana.screen()).text
    found = chat.find(dana)
    assert found is not None
    with pytest.raises(ForbiddenError):
        get_report(chat.service, found)
