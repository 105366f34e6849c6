"""More models than Telegram shows in one keyboard: it refuses over a hundred buttons (FACTS "Telegram Bot API 10")."""

import asyncio

from tests.bot.conftest import Chat
from tests.bot.shifts import begin, sell

TELEGRAMS_LIMIT = 100


async def test_of_a_hundred_and_twenty_models_the_last_one_can_be_sold_too(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    olga = await asyncio.to_thread(chat.service.people.ensure_owner, 9001, "Olga")

    def add_models() -> None:
        for number in range(5, 121):
            chat.service.products.add(f"Model {number:03}", actor=olga)

    await asyncio.to_thread(add_models)
    await begin(alice)
    pages = [await alice.screen()]
    while "Model 120" not in pages[-1].buttons:
        await alice.tap("Next page ›")
        pages.append(await alice.screen())
    assert len(pages) > 1
    for page in pages:
        assert len(page.buttons) <= TELEGRAMS_LIMIT
        assert {"Back", "Main menu"} <= set(page.buttons)
    receipt = await sell(alice, {"Model 120": "500"})
    assert "Model 120: 500.00" in receipt.text
