"""Settings in the database: read where they are used, changed by an owner (SPEC 4.27)."""

from typing import Any

from payroll.people import Person
from payroll.settings import DEFINITIONS, Setting, SettingKey, check_value, read_value
from repository.database import unit_of_work
from repository.desk import Desk

MASK = "•••"


class Settings:
    """The door to the settings of the database."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._database = desk.database

    def list_all(self) -> list[Setting]:
        """Every setting, by category; a secret value is masked."""
        rows = {row[0]: row[1:] for row in self._database.fetch_all("select_settings_of_database")}
        return [_read_setting(key, rows.get(key)) for key in DEFINITIONS]

    def get(self, key: SettingKey) -> Any:
        """The value in force: bool, int or Decimal."""
        definition = DEFINITIONS[key]
        row = self._database.fetch_one("select_setting", {"key": key})
        return read_value(definition, row[0] if row else definition.default)

    @unit_of_work
    def change(self, key: SettingKey, text: str | None, *, actor: Person) -> None:
        """Give a setting another value, None for its default. By an owner.

        Raises ForbiddenError, InvalidInputError for a value that is not of its type or out of range.
        """
        self._desk.require_owner(actor)
        definition = DEFINITIONS[key]
        value = check_value(definition, text) if text is not None else None
        row = self._database.fetch_one("lock_setting", {"key": key})
        old = row[0] if row else None
        params = {
            "key": key,
            "category": definition.category,
            "value": value,
            "type": definition.type,
            "default_value": definition.default,
            "is_secret": definition.is_secret,
            "changed_by": actor.employee_id,
            "changed_at": self._desk.rules.clock(),
        }
        self._database.execute("upsert_setting", params)
        shown = [MASK if definition.is_secret and one is not None else one for one in (old, value)]
        self._desk.audit(actor, "setting changed", f"setting:{key}", old={"value": shown[0]}, new={"value": shown[1]})


def _read_setting(key: SettingKey, row: tuple[Any, ...] | None) -> Setting:
    definition = DEFINITIONS[key]
    value, default, changed_by, changed_at = row or (None, definition.default, None, None)
    shown = value if value is not None else default
    return Setting(
        definition, MASK if definition.is_secret else shown, default, value is not None, changed_by, changed_at
    )
