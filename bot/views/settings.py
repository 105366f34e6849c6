"""The settings as screens."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from aiogram.filters.callback_data import CallbackData

from bot.errands import AdminErrand, Errand, ErrandDone, ErrandKind, Question
from bot.keyboards.admin import Desk, DeskButton
from bot.keyboards.errand import build_back
from bot.keyboards.settings import build_changed, build_settings
from bot.screen import Screen
from bot.views.errand_view import ErrandView
from bot.words import Html, Words, clean_name
from payroll.business_time import BusinessZone, format_date
from payroll.settings import Setting, SettingChange

PRICING = ("commission_rate", "dynamic_rate_basis")
"""Those that shifts are priced with."""


def render_settings(
    words: Words, zone: BusinessZone, settings: Sequence[Setting], names: Mapping[int, str], *, is_owner: bool
) -> Screen:
    """Every setting by category, with its default, and who changed it when; `names` of those by their number."""
    lines: list[str | None] = [words("settings-title")]
    for category in dict.fromkeys(one.definition.category for one in settings):
        of_it = [one for one in settings if one.definition.category == category]
        lines += ["", words(f"settings-of-{category}")]
        lines += [line for one in of_it for line in _describe(words, zone, one, names)]
    lines += ["", words("settings-hint" if is_owner else "settings-for-owner")]
    return Screen(words.lines(lines), build_settings(words, settings, is_owner=is_owner))


def ask_setting(words: Words, _zone: BusinessZone, _errand: Errand, question: Question) -> Html:
    """The question; the last one shows old → new, and from when on where that is later."""
    change: SettingChange = question.shown
    key = change.old.definition.key.replace("_", "-")
    title = words("setting-title", name=words(f"setting-{key}"))
    if question.name == "sure":
        return words.lines([title, "", *_list_change(words, change), "", words("terms-sure")])
    explained = words(f"setting-about-{key}")
    return words.lines([title, "", explained, "", _ask_new(words, change.old)])


def render_done(words: Words, _zone: BusinessZone, done: ErrandDone) -> Screen:
    """What it is now."""
    change: SettingChange = done.outcome
    name = name_setting(words, change.new.definition.key)
    lines = [words("setting-done", name=name), "", *_list_change(words, change)]
    return Screen(words.lines(lines), build_back(words, DeskButton(to=Desk.SETTINGS)))


def name_setting(words: Words, key: str) -> str:
    """What a setting is called; one of an older version by its key."""
    name = f"setting-{key.replace('_', '-')}"
    return words.plain(name) if words.has(name) else key


def spell_value(words: Words, value: str) -> str:
    """A value as people read it: on, off, a number, days one after the other."""
    if value in ("true", "false"):
        return words.plain("setting-on" if value == "true" else "setting-off")
    if value in ("day", "shift"):
        return words.plain(f"setting-of-{value}")
    return value.replace(",", ", ")


def render_settings_changed(words: Words, payload: Mapping[str, Any]) -> Html:
    """What admins read where settings of `.env` are other ones than at the last start: old → new, and from when on."""
    lines: list[str | None] = [words("notice-settings-changed"), ""]
    for change in payload["changes"]:
        old, new = (
            spell_value(words, change[side]) if change[side] is not None else words.plain("setting-none")
            for side in ("old", "new")
        )
        name = name_setting(words, change["key"])
        since = {"since": format_date(date.fromisoformat(change["since"]))} if "since" in change else {}
        lines.append(words("setting-other-since" if since else "setting-other", name=name, old=old, new=new, **since))
        about = f"setting-other-{change['key'].replace('_', '-')}"
        lines.append(words(about) if words.has(about) else None)
    return words.lines([*lines, "", words("setting-other-hint")])


def _describe(words: Words, zone: BusinessZone, setting: Setting, names: Mapping[int, str]) -> list[Html | None]:
    name = name_setting(words, setting.definition.key)
    head = words("setting-line", name=name, value=_spell(words, setting))
    default = words("setting-default", value=spell_value(words, setting.default)) if setting.is_set else None
    if setting.changed_by is None or setting.changed_at is None:
        return [head, default]
    admin = clean_name(names.get(setting.changed_by, ""))
    return [head, default, words("setting-changed", admin=admin, at=zone.format(setting.changed_at))]


def _list_change(words: Words, change: SettingChange) -> list[Html]:
    old, new = change.old.value, change.new.value
    lines = [words("setting-change", old=spell_value(words, old), new=spell_value(words, new))]
    if change.new.since is not None:
        lines.append(words("setting-from", since=format_date(change.new.since)))
    return lines


def _ask_new(words: Words, setting: Setting) -> Html:
    key = "setting-now" if setting.since is None else "setting-now-later"
    return words(key, **_list_values(words, setting))


def _spell(words: Words, setting: Setting) -> Html:
    key = "setting-value" if setting.since is None else "setting-value-later"
    return words(key, **_list_values(words, setting))


def _list_values(words: Words, setting: Setting) -> dict[str, str]:
    """What it is now, and what it will be from when on where that was said."""
    value = spell_value(words, setting.value)
    if setting.since is None:
        return {"value": value}
    before = spell_value(words, setting.value_before or "")
    return {"value": before, "later": value, "since": format_date(setting.since)}


def _go_home(_errand: Errand) -> CallbackData:
    return DeskButton(to=Desk.SETTINGS)


ERRAND_VIEWS: Mapping[ErrandKind, ErrandView] = {AdminErrand.SETTING: ErrandView(_go_home, render_done, ask_setting)}
NOTICES = {"settings_changed": render_settings_changed}
NOTICE_KEYBOARDS = {
    "settings_changed": lambda words, payload: build_changed(
        words, may_reprice=any(change["key"] in PRICING for change in payload["changes"])
    )
}
