"""Who decides what: by what a decision does to whom, whatever it is called (PAYROLL D38)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from payroll.errors import ErrorKey, ForbiddenError
from payroll.people import Role

Numbers = frozenset[int]


@dataclass(frozen=True, slots=True)
class Admin:
    """An owner or a manager by number.

    `accounts` are the Telegram accounts that they write from or once wrote from, `records` the numbers of the people
    whom one of these stands or stood for: themselves, and what they were before another account was linked.
    """

    employee_id: int
    role: Role
    accounts: Numbers = frozenset()
    records: Numbers = frozenset()


@dataclass(frozen=True, slots=True)
class Effect:
    """What a decision does, to people by number.

    Who `gains` money, a bonus or the right to change a closed period, who `loses` any; a wage is both, for it may be
    either. `places` are those whose role, membership or account it changes, with the role concerned; `accounts` the
    Telegram accounts that it gives away.
    """

    gains: Numbers = frozenset()
    loses: Numbers = frozenset()
    places: Mapping[int, Role] = field(default_factory=dict)
    accounts: Numbers = frozenset()

    def is_about(self, admin: Admin) -> bool:
        """Whether it touches what is this admin's own.

        A loss counts as a gain does: who could book a small refund against themselves would leave none for the whole.
        """
        concerned = self.gains | self.loses | self.places.keys()
        return bool(concerned & {admin.employee_id, *admin.records} or self.accounts & admin.accounts)

    def is_for_owners(self) -> bool:
        """Whether it changes a manager's or an owner's role, place or account: that is for owners."""
        return any(role is not Role.EMPLOYEE for role in self.places.values())


def give(employee_id: int) -> Effect:
    """Something is given to a person: a bonus, a payout, a refund taken back."""
    return Effect(gains=frozenset({employee_id}))


def take(employee_id: int) -> Effect:
    """Something is taken from a person: a deduction, a refund, a bonus that waited."""
    return Effect(loses=frozenset({employee_id}))


def change_pay(employee_id: int) -> Effect:
    """A person's pay becomes more or less: a wage, a shift that an admin enters, a correction."""
    return Effect(gains=frozenset({employee_id}), loses=frozenset({employee_id}))


def move_pay(giver_id: int, taker_id: int) -> Effect:
    """What was one person's is another's from now on."""
    return Effect(gains=frozenset({taker_id}), loses=frozenset({giver_id}))


def change_place(employee_id: int, role: Role) -> Effect:
    """A person becomes something else, leaves or comes back."""
    return Effect(places={employee_id: role})


@dataclass(frozen=True, slots=True)
class Council:
    """The admin who decides, and all the others who could."""

    actor: Admin
    others: tuple[Admin, ...] = ()

    def judge(self, effect: Effect) -> bool:
        """Whether a decision is about the admin's own, who takes it all the same because nobody else can.

        Of the owners Olga and Omar and the manager Max: Max's wage is Olga's or Omar's to set, Olga's place Omar's
        alone, Max's account no manager's; with Omar and Max gone all of hers is hers. Raises ForbiddenError.
        """
        if not _has_role_for(self.actor, effect):
            raise ForbiddenError(ErrorKey.OWNER_ONLY, field="role", value=self.actor.role, allowed=Role.OWNER)
        if self.is_left_to_another(effect):
            raise ForbiddenError(
                ErrorKey.OWN_MATTER, field="admin", value=self.actor.employee_id, allowed="another admin than oneself"
            )
        return effect.is_about(self.actor)

    def is_left_to_another(self, effect: Effect) -> bool:
        """Whether it is about the admin's own and there is another one whom it is not about, and who may."""
        return effect.is_about(self.actor) and any(_can(other, effect) for other in self.others)

    def may_decide(self, effect: Effect) -> bool:
        """Whether `judge` lets it pass."""
        return _has_role_for(self.actor, effect) and not self.is_left_to_another(effect)


def list_councils(admins: Iterable[Admin]) -> list[Council]:
    """Each admin as the one who decides."""
    everybody = tuple(admins)
    return [Council(one, tuple(other for other in everybody if other is not one)) for one in everybody]


def _can(admin: Admin, effect: Effect) -> bool:
    return _has_role_for(admin, effect) and not effect.is_about(admin)


def _has_role_for(admin: Admin, effect: Effect) -> bool:
    return admin.role is Role.OWNER or not effect.is_for_owners()
