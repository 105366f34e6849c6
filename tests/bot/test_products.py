"""The desk of products: added, renamed, taken out and put back."""

from typing import Any

from playground.client import Person
from tests.bot.conftest import Chat
from tests.bot.shifts import begin, say
from tests.owners import list_audited


async def open_models(admin: Person) -> None:
    """The list, by taps."""
    await say(admin, "/admin")
    await admin.tap("🗂 Models")


async def test_a_model_is_added_and_can_be_sold_at_once(chat: Chat, database: dict[str, Any]) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    await open_models(olga)
    await olga.tap("➕ New model")
    sure = await say(olga, "  Model   E ")
    assert "Add Model E?" in sure.text
    assert chat.service.get_products()[-1] == "Model D"
    await olga.tap("Yes")
    assert (await olga.screen()).text == "✅ Model E is added."
    added = chat.service.get_catalogue().find("Model E")
    assert list_audited(database) == [("product added", f"product:{added.product_id}")]
    assert "Model E" in (await begin(alice)).buttons
    await olga.tap("Back")
    assert (await olga.screen()).rows[4:] == (("Model E",), ("➕ New model",), ("Back", "Main menu"))


async def test_a_name_that_is_taken_or_no_name_is_asked_again_with_a_sentence(
    chat: Chat, database: dict[str, Any]
) -> None:
    olga = await chat.admin("Olga", 9001)
    await open_models(olga)
    await olga.tap("➕ New model")
    for typed, said in (
        ("model a", "“Model A” is taken. Pick another name."),
        ("Total sales", "“Total sales” does not fit for name."),
        ("x" * 41, "That text is too long. Allowed: up to 40."),
    ):
        screen = await say(olga, typed)
        assert screen.text.startswith(said)
        assert screen.text.endswith("What is it called? Type the name.")
    assert len(chat.service.get_products()) == 4
    assert list_audited(database) == []


async def test_a_model_is_renamed_taken_out_and_put_back(chat: Chat) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    await open_models(olga)
    await olga.tap("Model B")
    await olga.tap("✏️ Rename")
    assert "Call it Bella, in everything that was sold of it too?" in (await say(olga, "Bella")).text
    await olga.tap("Yes")
    assert (await olga.screen()).text == "✅ Model B is called Bella now."
    await olga.tap("Back")
    await olga.tap("Bella")
    await olga.tap("🚫 Take out")
    await olga.tap("Yes")
    assert "Bella" not in (await begin(alice)).buttons
    await olga.tap("Back")
    await olga.tap("🚫 Bella")
    assert "Cannot be picked for new sales." in (await olga.screen()).text
    await olga.tap("✅ Put back")
    await olga.tap("Back")
    await olga.tap("✅ Put back")
    await olga.tap("Yes")
    assert "Bella" in (await begin(alice)).buttons


async def test_what_was_changed_about_a_model_is_one_tap_away(chat: Chat) -> None:
    olga = await chat.admin("Olga", 9001)
    await open_models(olga)
    await olga.tap("Model A")
    await olga.tap("✏️ Rename")
    await say(olga, "Anna")
    await olga.tap("Yes")
    await olga.tap("Back")
    await olga.tap("Anna")
    await olga.tap("📜 What was changed")
    log = await olga.screen()
    assert log.text.startswith("📜 What was changed: Anna")
    assert "· Olga\nModel renamed: Anna\nName: Model A → Anna" in log.text
