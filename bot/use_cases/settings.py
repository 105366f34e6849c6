"""The settings as admins see and the owner changes them (SPEC 4.27, PAYROLL D40)."""

from collections.abc import Mapping
from functools import partial

from bot.errands import AdminErrand, Choice, Errand, ErrandKind, Question
from bot.use_cases.errand_rules import ErrandRules, ask_sure
from payroll.errors import ErrorKey, NotFoundError
from payroll.people import Person
from payroll.settings import DEFINITIONS, Setting, SettingChange, SettingKey, SettingType, check_value
from postgres_service import PostgresService

ON = Choice("true", key="setting-on")
OFF = Choice("false", key="setting-off")
DEFAULT = Choice("default", key="setting-to-default")


def list_settings(service: PostgresService, admin: Person) -> tuple[list[Setting], Mapping[int, str]]:
    """Every setting, and the names of those who changed any. Raises ForbiddenError."""
    admin.require_admin()
    settings = service.settings.list_all()
    changed_by = {one.changed_by for one in settings if one.changed_by is not None}
    return settings, {employee_id: service.people.get(employee_id).name for employee_id in changed_by}


def ask(service: PostgresService, owner: Person, errand: Errand) -> Question | None:
    """The new value, and whether it is right."""
    setting = service.settings.find(_read_key(errand))
    definition = setting.definition
    if "value" not in errand.answers:
        is_flag = definition.type is SettingType.FLAG
        choices = (*((ON, OFF) if is_flag else ()), *((DEFAULT,) if setting.is_set else ()))
        read = None if is_flag else partial(check_value, definition)
        return Question("value", choices, read=read, shown=SettingChange(setting, setting))
    return ask_sure(service, owner, errand, do)


def do(service: PostgresService, owner: Person, errand: Errand) -> SettingChange:
    """Change it."""
    key, said = _read_key(errand), errand.answers["value"]
    old = service.settings.find(key)
    service.settings.change(key, None if said == DEFAULT.value else said, actor=owner)
    return SettingChange(old, service.settings.find(key))


def _read_key(errand: Errand) -> SettingKey:
    if errand.subject not in list(DEFINITIONS):
        raise NotFoundError(ErrorKey.SETTING_UNKNOWN, field="setting", value=errand.subject, allowed="one of the list")
    return SettingKey(errand.subject)


ERRANDS: Mapping[ErrandKind, ErrandRules] = {AdminErrand.SETTING: ErrandRules(Person.require_owner, ask, do)}
