"""People, and how strangers become some of them (SPEC 4 "Strangers", TECH T1)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from payroll.errors import ErrorKey, ForbiddenError
from payroll.names import NAMELESS, name_admin, name_employee


class Role(StrEnum):
    """What a person may do; owner and manager are admins."""

    OWNER = "owner"
    MANAGER = "manager"
    EMPLOYEE = "employee"


@dataclass(frozen=True, slots=True)
class Person:
    """An employee or admin. `employee_id` never changes, `telegram_id` is the account they write from (TECH T1).

    `has_open_matters`: who has left is not paid out yet, and may still finish and ask for corrections (PAYROLL D36).
    """

    employee_id: int
    sub: UUID
    telegram_id: int | None
    name: str
    role: Role
    left_date: date | None
    language: str | None
    has_open_matters: bool = False

    @property
    def has_left(self) -> bool:
        """Whether this was a member of the team: what is theirs stays, but they enter and see nothing any more."""
        return self.left_date is not None

    @property
    def is_nameless(self) -> bool:
        """Whether the name only stands in for one that nobody has told yet."""
        stand_ins = {NAMELESS, name_employee(self.employee_id)}
        return self.name in stand_ins or (self.telegram_id is not None and self.name == name_admin(self.telegram_id))

    @property
    def is_admin(self) -> bool:
        """Whether this is the owner or a manager."""
        return self.role is not Role.EMPLOYEE and not self.has_left

    def require_member(self) -> None:
        """Raise ForbiddenError for who has left."""
        if self.has_left:
            raise ForbiddenError(ErrorKey.NOT_A_MEMBER, field="status", value="left", allowed="a member of the team")

    def require_open_matters(self) -> None:
        """Raise ForbiddenError for who has left and is paid out (PAYROLL D36)."""
        if not self.has_open_matters:
            self.require_member()

    def require_admin(self) -> None:
        """Raise ForbiddenError for who is no admin."""
        if not self.is_admin:
            raise ForbiddenError(ErrorKey.NOT_ALLOWED, field="role", value=self.role, allowed="owner or manager")

    def require_owner(self) -> None:
        """Raise ForbiddenError for who is not the owner."""
        self.require_admin()
        if self.role is not Role.OWNER:
            raise ForbiddenError(ErrorKey.OWNER_ONLY, field="role", value=self.role, allowed="owner")


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """A stranger who asks to join; `state` is open, approved or rejected."""

    request_id: str
    telegram_id: int
    name: str
    language: str | None
    state: str


@dataclass(frozen=True, slots=True)
class Invite:
    """A one-time invite: the code is known only to who made it, the database keeps a hash."""

    code: str
    expires_at: datetime
