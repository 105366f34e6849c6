"""Whatever the audit log says was done, and every setting, has its words."""

import re
from pathlib import Path

import pytest

from bot.words import list_languages, load_words
from payroll.adjustments import AdjustmentKind
from payroll.correction_requests import CorrectionState
from payroll.offers import BonusType
from payroll.settings import SettingKey

REPOSITORY = Path(__file__).resolve().parents[2] / "repository"
NOTED = re.compile(r"""(?:_audit|\.audit|note_settings|describe_change)\(\s*(?:actor,\s*|admin,\s*)?"([a-z -]+)",""")
SPELLED = {
    *(f"{kind} booked" for kind in AdjustmentKind),
    *(f"correction {state}" for state in CorrectionState if state is not CorrectionState.OPEN),
    "join request approved",
    "join request rejected",
    "period confirmed",
    "period not confirmed",
    "history imported",
    "books sealed",
}


def list_actions() -> list[str]:
    """Every action that the domain notes."""
    found = {action for path in REPOSITORY.glob("*.py") for action in NOTED.findall(path.read_text(encoding="utf-8"))}
    return sorted(found | SPELLED)


def test_the_actions_are_found_where_they_are_noted() -> None:
    assert {"wage changed", "shift edited", "setting changed", "period closed", "refund booked"} <= set(list_actions())


@pytest.mark.parametrize("language", list_languages())
@pytest.mark.parametrize("action", list_actions())
def test_every_action_has_words(language: str, action: str) -> None:
    assert load_words(language, is_strict=True).has(f"audit-{action.replace(' ', '-')}")


@pytest.mark.parametrize("language", list_languages())
@pytest.mark.parametrize("key", list(SettingKey))
def test_every_setting_is_named_and_explained(language: str, key: SettingKey) -> None:
    words = load_words(language, is_strict=True)
    name = key.replace("_", "-")
    assert words.has(f"setting-{name}")
    assert words.has(f"setting-about-{name}")


@pytest.mark.parametrize("bonus_type", list(BonusType))
def test_every_bonus_has_words_for_who_gives_it(bonus_type: BonusType) -> None:
    words = load_words("en", is_strict=True)
    name = bonus_type.replace("_", "-")
    assert words.has(f"gift-{name}")
    assert words.has(f"gift-type-{name}")
