"""A person's Telegram account: another one linked, and the shifts of one that was used by mistake (PAYROLL D37)."""

from collections.abc import Mapping
from dataclasses import replace

from bot.errands import AdminErrand, Choice, Errand, ErrandKind, Question
from bot.use_cases.errand_rules import ErrandRules, ask_sure
from bot.use_cases.team import PAGE_SIZE, read_employee_id
from payroll.decisions import change_place, give, move_pay
from payroll.errors import ConflictError, ErrorKey, InvalidInputError
from payroll.people import Person
from payroll.staff import AccountLink, MovedShifts
from postgres_service import PostgresService

MOST_MEMBERS = 1000
_LARGEST_ID = 2**52 - 1


# --- another account --------------------------------------------------------------------------------------------------


def ask_link(service: PostgresService, admin: Person, errand: Errand) -> Question | None:
    """Which account, of those that ask to join or by its number, and whether that is right."""
    person = service.people.get(read_employee_id(errand))
    if "account" not in errand.answers:
        service.staff.require_decider(admin, change_place(person.employee_id, person.role))
        waiting = service.people.list_open_requests()[:PAGE_SIZE]
        choices = [Choice(str(one.telegram_id), label=f"{one.name} · {one.telegram_id}") for one in waiting]
        return Question("account", choices, columns=1, read=_read_account, shown=AccountLink(person, None, None))
    return ask_sure(service, admin, errand, do_link)


def do_link(service: PostgresService, admin: Person, errand: Errand) -> AccountLink:
    """Link it and tell the person, there; a request to join of that account is answered by it.

    Who reads the account that is theirs no longer is told too (PAYROLL D38): somebody may have taken it from them.
    """
    person, telegram_id = service.people.get(read_employee_id(errand)), int(errand.answers["account"])
    holder = service.people.find_by_telegram(telegram_id)
    if holder is not None and holder.employee_id == person.employee_id:
        raise ConflictError(ErrorKey.ACCOUNT_IN_USE, field="account", value=person.name, allowed="another account")
    service.staff.link_account(person.employee_id, telegram_id, actor=admin)
    for request in service.people.list_open_requests():
        if request.telegram_id == telegram_id:
            service.people.decide(request.request_id, is_approved=True, admin=admin)
    facts = {"name": person.name, "admin": admin.name, "given_up": holder.name if holder is not None else None}
    service.outbox.add(person.employee_id, "account_linked", facts)
    if person.telegram_id is not None:
        service.outbox.add_to_chat(person.telegram_id, "account_lost", facts)
    return AccountLink(person, telegram_id, holder)


def _read_account(text: str) -> str:
    given = text.strip()
    if not given.isascii() or not given.isdigit() or not 0 < int(given[:20]) <= _LARGEST_ID:
        raise InvalidInputError(
            ErrorKey.VALUE_INVALID, field="Telegram id", value=text, allowed="a number such as 123456789"
        )
    return str(int(given))


# --- shifts of another account ----------------------------------------------------------------------------------------


def ask_move(service: PostgresService, admin: Person, errand: Errand) -> Question | None:
    """Whose shifts to take over, and whether that is right: with what both are owed then."""
    person = service.people.get(read_employee_id(errand))
    if "from" not in errand.answers:
        council = service.staff.get_council(admin)
        council.judge(give(person.employee_id))
        members = service.staff.list_members(MOST_MEMBERS, actor=admin, with_left=True)
        others = [
            one.person
            for one in members
            if one.person.employee_id != person.employee_id
            and council.may_decide(move_pay(one.person.employee_id, person.employee_id))
        ]
        shown = others[errand.page * PAGE_SIZE : (errand.page + 1) * PAGE_SIZE]
        choices = [Choice(str(one.employee_id), label=one.name) for one in shown]
        page_count = max(1, -(-len(others) // PAGE_SIZE))
        return Question("from", choices, shown=MovedShifts(person, person), page_count=page_count)
    question = ask_sure(service, admin, errand, do_move)
    if question is not None and not question.shown.count:
        return replace(question, choices=())
    return question


def do_move(service: PostgresService, admin: Person, errand: Errand) -> MovedShifts:
    """Move them and tell both, whose they were and whose they are now (PAYROLL D38)."""
    taker = service.people.get(read_employee_id(errand))
    giver = service.people.get(int(errand.answers["from"]))
    count = service.staff.move_shifts(giver.employee_id, taker.employee_id, actor=admin)
    left, balance = (service.statistics.get_balance(one.employee_id) for one in (giver, taker))
    facts = {"count": count, "from": giver.name, "to": taker.name, "admin": admin.name}
    service.outbox.add(taker.employee_id, "shifts_moved", {**facts, "balance": str(balance)})
    service.outbox.add(giver.employee_id, "shifts_taken", {**facts, "balance": str(left)})
    hidden = service.staff.list_hidden(admin, (giver.employee_id, taker.employee_id))
    shown = (None if one.employee_id in hidden else amount for one, amount in ((giver, left), (taker, balance)))
    return MovedShifts(giver, taker, count, *shown)


ERRANDS: Mapping[ErrandKind, ErrandRules] = {
    AdminErrand.LINK: ErrandRules(Person.require_admin, ask_link, do_link),
    AdminErrand.MOVE: ErrandRules(Person.require_admin, ask_move, do_move),
}
