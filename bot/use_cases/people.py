"""Who comes in, and how (SPEC 4 "Strangers")."""

from dataclasses import replace

from payroll.people import Invite, JoinRequest, Person
from postgres_service import PostgresService


def find_person(service: PostgresService, telegram_id: int, told_name: str | None = None) -> Person | None:
    """The person of an account, None for a stranger; of who has left, whether all of theirs is settled (D36).

    Who has no name yet is called as Telegram says, where it says so.
    """
    person = service.people.find_by_telegram(telegram_id)
    if person is not None and person.is_nameless and told_name is not None:
        person = service.people.introduce(person, told_name)
    if person is None or not person.has_left:
        return person
    return replace(person, has_open_matters=service.staff.has_open_matters(person.employee_id))


def join_openly(service: PostgresService, telegram_id: int, name: str, language: str | None) -> Person:
    """Take a stranger in without asking, where REGISTRATION=open."""
    return service.people.join(telegram_id, name, language)


def ask_to_join(service: PostgresService, telegram_id: int, name: str, language: str | None) -> JoinRequest:
    """Leave a stranger's request for the admins, who are told once."""
    with service.transaction():
        request, is_new = service.people.request_to_join(telegram_id, name, language)
        if is_new:
            facts = {"request_id": request.request_id, "name": request.name, "telegram_id": request.telegram_id}
            service.outbox.add_for_admins("join_request", facts)
        return request


def has_asked(service: PostgresService, telegram_id: int) -> bool:
    """Whether a stranger waits to be let in."""
    return service.people.find_open_request(telegram_id) is not None


def decide_request(service: PostgresService, admin: Person, request_id: str, *, is_approved: bool) -> JoinRequest:
    """Let a stranger in, who gets a notice of it, or not. Raises ForbiddenError, ConflictError."""
    admin.require_admin()
    with service.transaction():
        request, person = service.people.decide(request_id, is_approved=is_approved, admin=admin)
        if person is not None:
            service.outbox.add(person.employee_id, "welcome", {})
        return request


def find_decision(service: PostgresService, admin: Person, request_id: str) -> tuple[JoinRequest, str] | None:
    """How a request was decided, and by whom. Raises ForbiddenError for who is no admin."""
    admin.require_admin()
    return service.people.find_decision(request_id)


def find_request(service: PostgresService, admin: Person, request_id: str) -> JoinRequest | None:
    """A request that waits, None where it does not any more. Raises ForbiddenError for who is no admin."""
    admin.require_admin()
    waiting = service.people.list_open_requests()
    return next((one for one in waiting if one.request_id == request_id), None)


def accept_invite(service: PostgresService, code: str, telegram_id: int, name: str, language: str | None) -> Person:
    """Take in who brings a valid invite code. Raises ForbiddenError."""
    return service.people.accept_invite(code, telegram_id, name, language)


def list_requests(service: PostgresService, admin: Person) -> list[JoinRequest]:
    """Who waits to be let in. Raises ForbiddenError for who is no admin."""
    admin.require_admin()
    return service.people.list_open_requests()


def create_invite(service: PostgresService, admin: Person) -> Invite:
    """A one-time invite. Raises ForbiddenError for who is no admin."""
    admin.require_admin()
    return service.people.create_invite(admin)
