"""The team as admins see it, as screens."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from bot.keyboards.admin import Desk, DeskButton
from bot.keyboards.team import build_member, build_shift_notice, build_shifts, build_team, build_working
from bot.screen import Screen
from bot.views.amounts import format_pct, spell_balance
from bot.views.moved import list_moved, load_kept, load_moved
from bot.views.stats import describe_shift
from bot.views.wages import describe_plan
from bot.words import Html, Words, clean_name
from payroll.amounts import format_amount
from payroll.business_time import BusinessZone, format_date
from payroll.staff import Member, MemberCard, MemberList, MemberShifts, Working


def render_team(words: Words, team: MemberList) -> Screen:
    """A page of the team."""
    lines = [words("team-title"), "", *(_describe_member(words, one) for one in team.members)]
    return Screen(words.lines([*lines, "", words("team-hint")]), build_team(words, team))


def render_member(words: Words, zone: BusinessZone, card: MemberCard, *, first: Html | None = None) -> Screen:
    """A person's page; `first` is a line of its own above it."""
    member, totals = card.member, card.totals
    person = member.person
    lines: list[str | None] = [
        first,
        "" if first else None,
        words("member-title", name=clean_name(person.name), role=words(f"role-{person.role}")),
    ]
    if person.left_date is not None:
        lines.append(words("member-left", date=format_date(person.left_date)))
    if card.working_since is not None:
        lines.append(words("member-working", since=zone.format(card.working_since)))
    account = str(person.telegram_id) if person.telegram_id is not None else None
    lines.append(words("member-account", id=account) if account else words("member-no-account"))
    lines += ["", *_list_terms(words, member), *(describe_plan(words, one) for one in card.planned)]
    if card.balance is not None:
        lines.append(words("member-balance", amount=spell_balance(card.balance)))
    lines.append("")
    lines.append(
        words("member-period", start=format_date(card.period.start_date), end=format_date(card.period.end_date))
    )
    if totals is None:
        lines.append(words("member-period-empty"))
    else:
        facts = {"hours": str(totals.worked_hours), "sales": format_amount(totals.total_sales)}
        if member.hourly_wage is None:
            lines.append(words("member-period-sold", count=totals.shifts, **facts))
        else:
            made = format_amount(totals.total_made)
            lines.append(words("member-period-so-far", count=totals.shifts, **facts, made=made))
    return Screen(words.lines(lines), build_member(words, card))


def render_working(words: Words, zone: BusinessZone, working: Sequence[Working]) -> Screen:
    """Who is on shift now, since when and for how long."""
    lines = [words("working-title"), "", *(_describe_working(words, zone, one) for one in working)]
    if not working:
        lines.append(words("working-nobody"))
    return Screen(words.lines(lines), build_working(words, working), again=DeskButton(to=Desk.NOW).pack())


def render_shifts(words: Words, zone: BusinessZone, found: MemberShifts) -> Screen:
    """A page of a person's shifts."""
    name = clean_name(found.person.name)
    title = words("member-shifts-title", name=name, page=str(found.page + 1), pages=str(found.page_count))
    shifts = [describe_shift(words, zone, one, is_pay_shown=found.is_pay_shown) for one in found.shifts]
    shifts = shifts or [words("member-shifts-none")]
    return Screen(words.lines([title, "", *shifts]), build_shifts(words, found))


def render_shift_by_admin(words: Words, payload: Mapping[str, Any]) -> Html:
    """What somebody reads whose shift an admin has entered, corrected or deleted, and which others that moved."""
    moved = list_moved(words, load_moved(payload.get("moved", ())), load_kept(payload.get("kept", ())))
    return words.lines([_say_by_admin(words, payload), *moved])


def _say_by_admin(words: Words, payload: Mapping[str, Any]) -> Html:
    before, after = (f"${format_amount(Decimal(payload[one]))}" if payload[one] else "" for one in ("before", "after"))
    facts = {
        "admin": clean_name(payload["admin"]),
        "id": str(payload["shift_id"]),
        "date": payload["date"].replace("-", "/"),
    }
    if not before:
        return words("notice-shift-entered", **facts, after=after)
    if not after:
        return words("notice-shift-deleted", **facts, before=before)
    if before == after:
        return words("notice-shift-corrected-same", **facts, after=after)
    return words("notice-shift-corrected", **facts, made=words("changed", old=before, new=after))


def _describe_working(words: Words, zone: BusinessZone, working: Working) -> Html:
    minutes = int(working.worked.total_seconds()) // 60
    return words(
        "working-person-long" if working.is_long else "working-person",
        name=clean_name(working.shift.name),
        since=zone.format_minute(working.shift.time_in),
        hours=str(minutes // 60),
        minutes=f"{minutes % 60:02}",
    )


def _list_terms(words: Words, member: Member) -> list[Html]:
    if member.hourly_wage is None or member.base_pct is None:
        return [words("member-terms-hidden")]
    return [
        words("member-wage", amount=format_amount(member.hourly_wage)),
        words("member-base", pct=format_pct(member.base_pct)),
    ]


def _describe_member(words: Words, member: Member) -> Html:
    person = member.person
    facts = {"name": clean_name(person.name), "role": words(f"role-{person.role}")}
    if person.left_date is not None:
        return words("team-member-left", **facts, date=format_date(person.left_date))
    return words("team-member-working" if member.running_shift_id is not None else "team-member", **facts)


NOTICES = {"shift_by_admin": render_shift_by_admin}
NOTICE_KEYBOARDS = {"shift_by_admin": build_shift_notice}
