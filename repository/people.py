"""People: who they are, how they come in (SPEC 4 "Strangers", TECH T1)."""

import hashlib
import re
import secrets
from datetime import timedelta

from payroll.decisions import Effect
from payroll.errors import ConflictError, ErrorKey, ForbiddenError, NotFoundError
from payroll.names import NAMELESS, name_admin, name_employee, tidy_name
from payroll.people import Invite, JoinRequest, Person, Role
from payroll.starting_values import NEW_EMPLOYEE, SINCE_EVER
from repository.audit import AuditLog
from repository.database import Database, Row, unit_of_work
from repository.deciders import Deciders
from repository.rules import Rules

INVITE_LIFETIME = timedelta(hours=24)
_INVITE_BYTES = 16
_REQUEST_BYTES = 9
# A language as Telegram tells it, such as `pt-br`; anything else is no language.
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")


class People:
    """The door to people."""

    def __init__(self, database: Database, rules: Rules) -> None:
        self._database = database
        self._rules = rules
        self._audit_log = AuditLog(database)
        self._deciders = Deciders(database)

    def find_by_telegram(self, telegram_id: int) -> Person | None:
        """The person of a Telegram account, None for a stranger."""
        row = self._database.fetch_one("select_person_by_telegram", {"telegram_id": telegram_id})
        return read_person(row) if row else None

    def hold(self, employee_id: int) -> None:
        """Nobody else changes a person's shifts, bonuses or ledger before this transaction ends."""
        self._database.execute("lock_employee", {"employee_id": employee_id})

    def get(self, employee_id: int) -> Person:
        """A person by number. Raises NotFoundError."""
        row = self._database.fetch_one("select_person", {"employee_id": employee_id})
        if row is None:
            raise NotFoundError(
                ErrorKey.EMPLOYEE_UNKNOWN, field="employee_id", value=employee_id, allowed="an employee's number"
            )
        return read_person(row)

    def list_admins(self) -> list[Person]:
        """The active owners and managers, by number."""
        return [read_person(row) for row in self._database.fetch_all("select_admins")]

    def list_active(self) -> list[Person]:
        """Everybody who is in the team, by number."""
        return [read_person(row) for row in self._database.fetch_all("select_active_people")]

    @unit_of_work
    def ensure_employee(self, employee_id: int, name: str | None) -> None:
        """Make an employee with the starting values where there is none of that number (SPEC 5)."""
        known_as = tidy_name(name or name_employee(employee_id))
        params = {"employee_id": employee_id, "name": known_as, "now": self._rules.clock()}
        if self._database.fetch_one("select_person", {"employee_id": employee_id}) is None:
            self.lock_joining()
            self._database.execute("ensure_employee", params)
        self._give_starting_values(employee_id)

    @unit_of_work
    def ensure_owner(self, telegram_id: int, name: str | None = None) -> Person:
        """Make the person of an account an owner, as `ADMIN_IDS` says; a stranger is taken in first."""
        person = self.find_by_telegram(telegram_id)
        if person is None:
            person = self.join(telegram_id, name or name_admin(telegram_id), None)
        self._database.execute("make_owner", {"employee_id": person.employee_id})
        return self.get(person.employee_id)

    def lock_joining(self) -> None:
        """Wait for who makes a new person or moves an account; before any person is locked."""
        self._database.execute("lock_joining")

    @unit_of_work
    def join(self, telegram_id: int, name: str, language: str | None) -> Person:
        """Take a stranger in as an employee with the starting values; a known account is answered as it is."""
        params = {
            "telegram_id": telegram_id,
            "name": tidy_name(name),
            "language": _read_language(language),
            "now": self._rules.clock(),
        }
        self.lock_joining()
        self._database.execute("insert_joining_employee", params)
        person = self.find_by_telegram(telegram_id)
        if person is None:
            raise LookupError("an employee who has just been inserted is there")
        self._give_starting_values(person.employee_id)
        return person

    @unit_of_work
    def introduce(self, person: Person, name: str) -> Person:
        """Call a person by the name that they gave themselves, where the records only have one that stands in."""
        told = tidy_name(name)
        if not person.is_nameless or told in (NAMELESS, person.name):
            return person
        self._database.execute("set_name", {"employee_id": person.employee_id, "name": told})
        subject = f"employee:{person.employee_id}"
        self._audit_log.add(person, "name changed", subject, old={"name": person.name}, new={"name": told})
        return self.get(person.employee_id)

    @unit_of_work
    def request_to_join(self, telegram_id: int, name: str, language: str | None) -> tuple[JoinRequest, bool]:
        """A stranger's open request, and whether it is new; asking twice makes one."""
        request_id = secrets.token_urlsafe(_REQUEST_BYTES)
        params = {
            "request_id": request_id,
            "telegram_id": telegram_id,
            "name": tidy_name(name),
            "language": _read_language(language),
        }
        self.lock_joining()
        self._database.execute("insert_join_request", params)
        request = self.find_open_request(telegram_id)
        if request is None:
            raise LookupError("a request that has just been inserted is there")
        return request, request.request_id == request_id

    def find_open_request(self, telegram_id: int) -> JoinRequest | None:
        """A stranger's request that waits for an admin, None where there is none."""
        row = self._database.fetch_one("select_open_join_request", {"telegram_id": telegram_id})
        return JoinRequest(*row) if row else None

    def list_open_requests(self) -> list[JoinRequest]:
        """Everybody who waits to be let in, oldest first."""
        return [JoinRequest(*row) for row in self._database.fetch_all("select_open_join_requests")]

    @unit_of_work
    def decide(self, request_id: str, *, is_approved: bool, admin: Person) -> tuple[JoinRequest, Person | None]:
        """Let a stranger in or not; the request and the new person. The first admin's word counts.

        Raises ForbiddenError for who is no admin, or once wrote from that account themselves (PAYROLL D38),
        ConflictError for a request that is decided or not there.
        """
        council = self._deciders.get_council(admin)
        params = {
            "request_id": request_id,
            "state": "approved" if is_approved else "rejected",
            "decided_by": admin.employee_id,
            "decided_at": self._rules.clock(),
        }
        self.lock_joining()
        row = self._database.fetch_one("decide_join_request", params)
        if row is None:
            raise ConflictError(
                ErrorKey.REQUEST_DECIDED, field="request", value=request_id, allowed="a request that is still open"
            )
        request = JoinRequest(*row)
        is_own = council.judge(Effect(accounts=frozenset({request.telegram_id})))
        person = self.join(request.telegram_id, request.name, request.language) if is_approved else None
        self._audit(admin, f"join request {request.state}", f"telegram:{request.telegram_id}", is_own=is_own)
        return request, person

    def find_decision(self, request_id: str) -> tuple[JoinRequest, str] | None:
        """A decided request and the name of the admin who decided it, None where there is none of that id."""
        row = self._database.fetch_one("select_decided_request", {"request_id": request_id})
        return (JoinRequest(*row[:-1]), row[-1]) if row else None

    @unit_of_work
    def create_invite(self, admin: Person) -> Invite:
        """A one-time invite that holds for 24 hours. Raises ForbiddenError for who is no admin."""
        code = secrets.token_urlsafe(_INVITE_BYTES)
        now = self._rules.clock()
        self.get(admin.employee_id).require_admin()
        params = {
            "invite_id": secrets.token_hex(8),
            "code_hash": _hash(code),
            "created_by": admin.employee_id,
            "created_at": now,
            "expires_at": now + INVITE_LIFETIME,
        }
        self._database.execute("insert_invite", params)
        self._audit(admin, "invite created", f"invite:{params['invite_id']}")
        return Invite(code, now + INVITE_LIFETIME)

    @unit_of_work
    def accept_invite(self, code: str, telegram_id: int, name: str, language: str | None) -> Person:
        """Take in who brings an invite code. Raises ForbiddenError for one that is unknown, used or over."""
        person = self.find_by_telegram(telegram_id) or self.join(telegram_id, name, language)
        params = {"code_hash": _hash(code), "used_by": person.employee_id, "used_at": self._rules.clock()}
        if self._database.execute("use_invite", params) != 1:
            raise ForbiddenError(
                ErrorKey.INVITE_INVALID, field="invite", value="this link", allowed="an unused one of the last 24 h"
            )
        return person

    def _give_starting_values(self, employee_id: int) -> None:
        params = {
            "employee_id": employee_id,
            "valid_from": SINCE_EVER,
            "hourly_wage": NEW_EMPLOYEE.hourly_wage,
            "base_pct": NEW_EMPLOYEE.base_pct,
            "changed_by": None,
        }
        self._database.execute("insert_employee_settings", params)

    def _audit(self, admin: Person, action: str, subject: str, *, is_own: bool = False) -> None:
        self._audit_log.add(admin, action, subject, is_own=is_own)


def read_person(row: Row) -> Person:
    """A row of the query part `person`."""
    employee_id, sub, telegram_id, name, role, left_date, language = row
    return Person(employee_id, sub, telegram_id, name, Role(role), left_date, language)


def _hash(code: str) -> bytes:
    # What somebody typed as a code may hold halves of characters, and is then simply none that was given out.
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).digest()


def _read_language(language: str | None) -> str | None:
    return language if language is not None and _LANGUAGE.fullmatch(language) else None
