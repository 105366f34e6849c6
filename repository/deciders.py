"""The admins who decide, with all that is theirs (PAYROLL D38)."""

from payroll.decisions import Admin, Council, Effect, list_councils
from payroll.errors import ErrorKey, ForbiddenError
from payroll.people import Person, Role
from repository.database import Database


class Deciders:
    """Reads who the admins are by now: roles change while an update is on its way."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get_council(self, actor: Person) -> Council:
        """Who decides, and who else could. Raises ForbiddenError for who is no admin by now."""
        for council in self._list_councils():
            if council.actor.employee_id == actor.employee_id:
                return council
        raise ForbiddenError(ErrorKey.NOT_ALLOWED, field="role", value=actor.role, allowed="owner or manager")

    def list_deciders(self, effect: Effect) -> list[int]:
        """The numbers of the admins who may take such a decision."""
        return [one.actor.employee_id for one in self._list_councils() if one.may_decide(effect)]

    def _list_councils(self) -> list[Council]:
        rows = self._database.fetch_all("select_deciders")
        return list_councils(
            Admin(employee_id, Role(role), frozenset(accounts), frozenset(records))
            for employee_id, role, accounts, records in rows
        )
