"""The audit log in words: who changed what, when, from what to what."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from bot.keyboards.audit import LONGEST_SUBJECT, build_audit
from bot.screen import Screen
from bot.views.amounts import format_pct, spell_balance
from bot.views.gifts import compare_gifts, name_gift
from bot.views.settings import name_setting, spell_value
from bot.words import Html, Words, clean_name, clean_words, shorten
from payroll.audit import OWN_SUFFIX, AuditEntry, AuditPage
from payroll.business_time import BusinessZone, format_date

LONGEST_FACT = 300
_WITHOUT_HISTORY = {"books", "import", "invite", "month", "ranks", "rates", "telegram"}
_PLAIN = re.compile(rf"[A-Za-z0-9_.:-]{{1,{LONGEST_SUBJECT}}}")


def render_audit(words: Words, zone: BusinessZone, page: AuditPage, *, origin: int | None = None) -> Screen:
    """A page of the log. Its entries are numbered, and those that can have more about the same thing have a button.

    `origin` is the page of the log from which one thing is followed.
    """
    numbered = [(number, one) for number, one in enumerate(page.entries, 1)]
    lines: list[str | None] = [words("audit-title")]
    if page.subject is not None and page.entries:
        lines = [words("audit-title-about", subject=_name_subject(words, page, page.entries[0]))]
    if not page.entries:
        lines += ["", words("audit-nothing")]
    for number, entry in numbered:
        lines += ["", *_describe(words, zone, page, entry, None if page.subject else number)]
    histories = [] if page.subject else [(number, one.subject) for number, one in numbered if _has_history(one)]
    return Screen(words.lines(lines), build_audit(words, page, histories, origin))


def _describe(
    words: Words, zone: BusinessZone, page: AuditPage, entry: AuditEntry, number: int | None
) -> list[str | None]:
    admin = clean_name(entry.actor_name) if entry.actor_name else words.plain("audit-nobody")
    head = words("audit-head", at=zone.format(entry.at), admin=admin)
    action = entry.action.removesuffix(OWN_SUFFIX)
    key = f"audit-{action.replace(' ', '-')}"
    said = words(key) if words.has(key) else action
    subject = _name_subject(words, page, entry)
    shown = words("audit-line", action=said, subject=subject) if subject else said
    lines: list[str | None] = [
        words("audit-numbered", number=str(number), line=head) if number is not None else head,
        shown,
        words("audit-own") if entry.action.endswith(OWN_SUFFIX) else None,
        words("audit-hidden") if entry.is_hidden else None,
        *_list_differences(words, zone, page, entry),
        words("audit-reason", reason=_cut(clean_words(entry.reason))) if entry.reason else None,
    ]
    return lines


def _name_subject(words: Words, page: AuditPage, entry: AuditEntry) -> str:
    """What it is about: a person by name, a shift by number and person, a setting by what it is called."""
    kind, _, rest = entry.subject.partition(":")
    number = rest.partition(":")[0]
    name = clean_name(entry.about_name) if entry.about_name else ""
    match kind:
        case "employee":
            return name or number
        case "period":
            start = rest.partition(":")[2].replace("-", "/")
            return words.plain("audit-subject-period", start=start, name=name)
        case "product":
            return clean_name(page.products.get(number, number))
        case "setting":
            return name_setting(words, number)
        case "books" | "rates" | "ranks" | "month":
            return ""
    key = f"audit-subject-{kind}"
    shown = words.plain(key, number=number) if words.has(key) else entry.subject
    return f"{shown}, {name}" if name else shown


def _has_history(entry: AuditEntry) -> bool:
    kind = entry.subject.partition(":")[0]
    return kind not in _WITHOUT_HISTORY and _PLAIN.fullmatch(entry.subject) is not None


def _list_differences(words: Words, zone: BusinessZone, page: AuditPage, entry: AuditEntry) -> list[str | None]:
    """One line a thing that changed, old → new, or what it is where it was nothing before."""
    old, new = dict(entry.old or {}), dict(entry.new or {})
    if "ranks" in new:
        return [*_list_rank_differences(words, old.get("ranks", []), new["ranks"])]
    lines: list[str | None] = []
    for name in sorted({*old, *new}, key=lambda one: (_ORDER.get(one, 0), one)):
        spell = _FIELDS.get(name, _spell_text)
        before, after = (
            _cut(spell(words, zone, page, side[name])) if side.get(name) is not None else None for side in (old, new)
        )
        if name in _UNSAID or before == after:
            continue
        what = (
            words(f"audit-field-{name.replace('_', '-')}")
            if words.has(f"audit-field-{name.replace('_', '-')}")
            else name
        )
        is_told_alone = name != "value" and (before is None or after is None)
        if is_told_alone:
            lines.append(words("audit-fact", what=what, value=after or before or ""))
        else:
            lines.append(_spell_change(words, what, before, after))
    return lines


def _spell_change(words: Words, what: str, before: str | None, after: str | None) -> Html:
    nothing = words("audit-default")
    return words("audit-change", what=what, old=before or nothing, new=after or nothing)


def _list_rank_differences(words: Words, old: list[Any], new: list[Any]) -> list[Html]:
    """Of a table of ranks what is another way in it."""
    before = {row.get("rank_id", row["name"]): row for row in old}
    after = {row.get("rank_id", row["name"]): row for row in new}
    lines = [words("audit-rank-gone", name=row["name"]) for key, row in before.items() if key not in after]
    for key, row in after.items():
        if key not in before:
            lines.append(words("audit-rank-new", name=row["name"], start=_spell_amount(row["min_sales"])))
            continue
        for field, spell in _RANK_FIELDS.items():
            pair = [spell(words, one.get(field)) for one in (before[key], row)]
            if pair[0] != pair[1]:
                what = words("audit-rank-field", name=row["name"], what=words(f"rank-table-{_RANK_WORDS[field]}"))
                lines.append(_spell_change(words, what, _cut(pair[0]), _cut(pair[1])))
        changed = compare_gifts(words, before[key]["bonuses"], row["bonuses"])
        lines += [words("audit-rank-gift", name=row["name"], change=change) for change in changed]
    return lines


Spell: TypeAlias = Callable[[Words, BusinessZone, AuditPage, Any], str]


def _spell_text(_words: Words, _zone: BusinessZone, _page: AuditPage, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return clean_words(str(value))


def _spell_amount(value: Any) -> str:
    return spell_balance(Decimal(str(value)))


def _spell_day(value: Any) -> str:
    return format_date(date.fromisoformat(str(value)))


def _spell_sold(products: Mapping[str, Any], page: AuditPage) -> str:
    return ", ".join(
        f"{clean_name(page.products.get(number, number))} {_spell_amount(sold)}" for number, sold in products.items()
    )


def _spell_rates(rates: list[Any]) -> str:
    return " · ".join(f"{_spell_amount(start)}: {format_pct(Decimal(str(pct)))}" for start, pct in rates)


def _spell_instant(zone: BusinessZone, value: Any) -> str:
    return zone.format(datetime.fromisoformat(str(value)))


def _spell_role(words: Words, value: Any) -> str:
    key = f"role-{value}"
    return words.plain(key) if words.has(key) else str(value)


def _cut(text: str) -> str:
    return shorten(text, LONGEST_FACT)


_AMOUNT: Spell = lambda _words, _zone, _page, value: _spell_amount(value)  # noqa: E731
_DAY: Spell = lambda _words, _zone, _page, value: _spell_day(value)  # noqa: E731
_INSTANT: Spell = lambda _words, zone, _page, value: _spell_instant(zone, value)  # noqa: E731
_FLAG: Spell = lambda words, _zone, _page, value: words.plain("audit-yes" if value else "audit-no")  # noqa: E731
_FIELDS: Mapping[str, Spell] = {
    "time_in": _INSTANT,
    "time_out": _INSTANT,
    "products": lambda _words, _zone, page, value: _spell_sold(value, page),
    "total_made": _AMOUNT,
    "hourly_wage": _AMOUNT,
    "amount": _AMOUNT,
    "units": _AMOUNT,
    "opening_balance": _AMOUNT,
    "closing_balance": _AMOUNT,
    "base_pct": lambda _words, _zone, _page, value: format_pct(Decimal(str(value))),
    "left_date": _DAY,
    "day": _DAY,
    "closed_at": _INSTANT,
    "is_active": _FLAG,
    "is_confirmed": _FLAG,
    "role": lambda words, _zone, _page, value: _spell_role(words, value),
    "bonus": lambda words, _zone, _page, value: name_gift(words, str(value)),
    "rates": lambda _words, _zone, _page, value: _spell_rates(value),
    "value": lambda words, _zone, _page, value: spell_value(words, str(value)),
    "platform_cut_pct": lambda _words, _zone, _page, value: format_pct(Decimal(str(value))),
    "dynamic_basis": lambda words, _zone, _page, value: spell_value(words, str(value)),
    "valid_from": _DAY,
}
_ORDER = {name: place for place, name in enumerate(_FIELDS, 1)}
"""The database does not keep the order of what is noted."""
_UNSAID = {"employee_id"}
_RANK_FIELDS: Mapping[str, Callable[[Words, Any], str]] = {
    "name": lambda _words, value: str(value),
    "emoji": lambda _words, value: str(value or ""),
    "text": lambda _words, value: str(value or ""),
    "min_sales": lambda _words, value: _spell_amount(value),
}
_RANK_WORDS = {"name": "name", "emoji": "emoji", "text": "message", "min_sales": "from"}
