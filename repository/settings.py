"""Settings in the database: read where they are used, changed by an owner (SPEC 4.27)."""

from datetime import date, datetime
from typing import Any

from payroll.pay_periods import PayDays
from payroll.people import Person
from payroll.settings import DEFINITIONS, Definition, Setting, SettingKey, check_value, read_value
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
        today = self._desk.rules.today()
        return [_read_setting(key, rows.get(key), today) for key in DEFINITIONS]

    def find(self, key: SettingKey) -> Setting:
        """One of them."""
        return next(one for one in self.list_all() if one.definition.key is key)

    def get(self, key: SettingKey) -> Any:
        """The value in force: bool, int, Decimal, or PayDays with those to come."""
        definition = DEFINITIONS[key]
        row = self._database.fetch_one("select_setting", {"key": key})
        return read_value(definition, row[0] if row else definition.default)

    @unit_of_work
    def change(self, key: SettingKey, text: str | None, *, actor: Person) -> None:
        """Give a setting another value, None for its default. By an owner.

        Other pay days hold from the first pay day after today, and after every period that is closed or has anything
        booked already (PAYROLL D40).

        Raises ForbiddenError, InvalidInputError for a value that is not of its type or out of range.
        """
        self._desk.require_owner(actor)
        definition = DEFINITIONS[key]
        value = check_value(definition, text) if text is not None else None
        row = self._database.fetch_one("lock_setting", {"key": key})
        old, default = row or (None, definition.default)
        if definition.is_pay_days:
            value = self._change_pay_days(PayDays.parse(old or default), value or default)
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
        shown = [_describe(definition, one, default) for one in (old, value)]
        self._desk.audit(actor, "setting changed", f"setting:{key}", old=shown[0], new=shown[1])

    def _change_pay_days(self, pay_days: PayDays, days: str) -> str:
        row = self._database.fetch_one("select_last_period_end")
        after = max(filter(None, [self._desk.rules.today(), row[0] if row else None]))
        return pay_days.change([int(day) for day in days.split(",")], after=after).dump()


def _describe(definition: Definition, value: str | None, default: str) -> dict[str, Any]:
    """A value as the audit log keeps it; None is the default."""
    if definition.is_pay_days:
        since, days = PayDays.parse(value or default).versions[-1]
        held = {} if since == date.min else {"valid_from": since}
        return {"value": ",".join(map(str, days)), **held}
    return {"value": MASK if definition.is_secret and value is not None else value}


def _read_setting(key: SettingKey, row: tuple[Any, ...] | None, today: date) -> Setting:
    definition = DEFINITIONS[key]
    value, default, changed_by, changed_at = row or (None, definition.default, None, None)
    shown = value if value is not None else default
    if definition.is_pay_days:
        return _read_pay_days(definition, shown, default, changed_by, changed_at, today)
    return Setting(
        definition, MASK if definition.is_secret else shown, default, value is not None, changed_by, changed_at
    )


def _read_pay_days(
    definition: Definition, text: str, default: str, changed_by: int | None, changed_at: datetime | None, today: date
) -> Setting:
    versions = PayDays.parse(text).versions
    (since, days), before = versions[-1], versions[-2] if len(versions) > 1 else None
    value = ",".join(map(str, days))
    is_to_come = since > today
    return Setting(
        definition, value, default, value != default, changed_by, changed_at,
        since=since if is_to_come else None,
        value_before=",".join(map(str, before[1])) if is_to_come and before else None,
    )  # fmt: skip
