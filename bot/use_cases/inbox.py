"""What could not be handled: looked at and decided about by admins."""

from payroll.people import Person
from postgres_service import PostgresService
from repository.inbox import DeadUpdate


def count_dead(service: PostgresService, admin: Person) -> int:
    """How many there are. Raises ForbiddenError for who is no admin."""
    admin.require_admin()
    return service.inbox.count_dead()


def list_dead(service: PostgresService, admin: Person) -> list[DeadUpdate]:
    """All of them, oldest first. Raises ForbiddenError for who is no admin."""
    admin.require_admin()
    return service.inbox.list_dead()


def decide_dead(
    service: PostgresService, admin: Person, update_id: int, *, is_retried: bool
) -> tuple[bool, list[DeadUpdate]]:
    """Have one tried again or dropped: whether it was still there, and what is left. Raises ForbiddenError."""
    admin.require_admin()
    decide = service.inbox.retry_dead if is_retried else service.inbox.drop_dead
    return decide(update_id), service.inbox.list_dead()
