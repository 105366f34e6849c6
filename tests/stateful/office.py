"""The office that a stateful test runs: how a step is done by service and model, and how the two are compared."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar, TypeVar

from hypothesis.stateful import RuleBasedStateMachine

from payroll.errors import DomainError
from postgres_service import PostgresService
from tests.model.days import find_instant, get_date, to_wall, write_wall
from tests.model.numbers import to_decimal
from tests.model.records import SHIFT_BONUSES, Bonus, Shift
from tests.model.world import DRAW_LIMIT, Books, World
from tests.stateful import actions, views
from tests.stateful.stage import ADMIN, RANKS, Stage

Item = TypeVar("Item")
Result = TypeVar("Result")


class Office(RuleBasedStateMachine):
    """Three chatters and an admin. `stage` is set before it runs; `counts` says what happened in all runs."""

    stage: ClassVar[Stage]
    counts: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.world = World(ranks=dict(RANKS), admins=(ADMIN,))
        self.steps = -1
        self.books: Books = {}
        self.lines: list[views.Line] = []
        self.requests: list[tuple[int, dict[str, object]]] = []
        self.earlier_sales: dict[int, list[dict[int, int]]] = {}

    @property
    def service(self) -> PostgresService:
        """The service under test, as this run uses it."""
        return self.stage.settling if self.world.is_settled else self.stage.not_settling

    def reconcile(self) -> None:
        """Whatever happened, the service's own check of its books finds nothing."""
        report = self.service.reconciliation.run()
        assert report.differences == ()
        self.counts["shifts reconciled"] += report.checked.get("shifts", 0)

    # --- steps -------------------------------------------------------------------------------------------------------

    def open(self, begins: datetime, seed: int, *, is_known: bool, is_settled: bool) -> None:
        """An empty company; `is_known`: with everybody's starting values."""
        self.world.now = begins.astimezone(UTC)
        self.world.is_settled = is_settled
        self.stage.sweep(self.world.now, seed)
        self.world.meet(ADMIN)
        for who in actions.CHATTERS if is_known else ():
            self.service.create_default_employee_settings(who)
            self.world.meet(who)

    def attempt(self, reasons: set[str], call: Callable[[], Result]) -> Result | None:
        """Let the service do it; where there are reasons not to, it must refuse with one of them."""
        try:
            result = call()
        except DomainError as error:
            if error.key not in reasons:
                raise
            self.counts[f"refused: {error.key}"] += 1
            return None
        assert not reasons, f"to be refused: {reasons}"
        return result

    def record_shift(self, who: int, slot: actions.Slot, sold: dict[int, int], recorded: int | None = None) -> None:
        """Somebody sends a shift; `recorded` is how many minutes after its end it says it was, None for now."""
        self.let_time_pass(1)
        wall_in = slot.get_wall_in(to_wall(self.world.now))
        begins = find_instant(wall_in) or self.world.now
        self.record_times(who, wall_in, to_wall(begins + timedelta(minutes=slot.minutes)), sold, recorded)

    def record_times(
        self, who: int, wall_in: datetime, wall_out: datetime, sold: dict[int, int], recorded: int | None = None
    ) -> None:
        """The same by the times on the wall."""
        time_in, time_out = find_instant(wall_in), find_instant(wall_out)
        data: dict[str, object] = {
            "employee_id": who,
            "employee_name": actions.NAMES[who],
            "clock_in": write_wall(wall_in),
            "clock_out": write_wall(wall_out),
            "products": {views.PRODUCTS[product]: to_decimal(cents) for product, cents in sold.items()},
            "request_id": f"request {len(self.requests)}",
        }
        if time_in is None or time_out is None:
            self.attempt({"time-does-not-exist"}, lambda: self.service.create_shift(data))
            return
        recorded_at = None if recorded is None else find_instant(to_wall(time_out) + timedelta(minutes=recorded))
        if recorded_at is not None and recorded_at <= self.world.now:
            data["date"] = write_wall(to_wall(recorded_at))
        else:
            recorded_at = self.world.now
        expected_id = self.service.get_next_id()
        reasons = self.world.list_refusals(who, time_in, time_out)
        shift_id = self.attempt(reasons, lambda: self.service.create_shift(data))
        if shift_id is not None:
            assert shift_id == expected_id
            self.requests.append((shift_id, data))
            self.enter(shift_id, who, (time_in, time_out), sold, recorded_at)
            self.counts["recorded late" if "date" in data else "recorded"] += 1

    def enter(
        self, shift_id: int, who: int, times: tuple[datetime, datetime], sold: dict[int, int], recorded_at: datetime
    ) -> None:
        """The model records what the service has recorded."""
        is_running = who in self.world.running and self.world.running[who][0] == shift_id
        name = self.world.people[who].name if is_running else actions.NAMES[who]
        self.world.meet(who, name)
        day = get_date(times[0])
        shift = Shift(shift_id, who, name, day, *times, dict(sold), self.world.get_terms(who, day), recorded_at)
        self.world.create(shift, self.stage.draw.take)

    def give(self, who: int, offer: tuple[str, int | None], hours_ago: int | None, earned_by: Shift | None) -> None:
        """An admin gives a bonus, said to be made so many hours ago."""
        kind, value = offer
        made_at = self.world.now if hours_ago is None else self.world.now - timedelta(hours=hours_ago)
        bonus_id = self.service.create_bonus(
            who,
            kind,
            None if value is None else to_decimal(value),
            created_at=None if hours_ago is None else made_at,
            shift_id=earned_by.shift_id if earned_by else None,
        )
        draw = self.stage.draw.take(DRAW_LIMIT)
        self.world.grant(Bonus(who, kind, value, draw, made_at, earned_by, bonus_id=bonus_id))
        self.counts["granted"] += 1

    def keep_sales(self, shift: Shift) -> None:
        """Remember what a shift said, to come back to it."""
        self.earlier_sales.setdefault(shift.shift_id, []).append(dict(shift.sales))

    def let_time_pass(self, seconds: int) -> None:
        """Move both clocks."""
        self.world.now += timedelta(seconds=seconds)
        self.stage.clock.now = self.world.now

    # --- choices -----------------------------------------------------------------------------------------------------

    def choose_shift(self, index: int) -> Shift:
        """One of the recorded shifts, the newest number first."""
        return choose(sorted(self.world.list_recorded(), key=lambda shift: -shift.shift_id), index)

    def list_deleted(self) -> list[Shift]:
        """The shifts that were deleted."""
        return [shift for shift in self.world.shifts.values() if shift.is_deleted]

    def list_refusals(self, shift: Shift, time_in: datetime, time_out: datetime) -> set[str]:
        """Why a shift cannot have these times."""
        return self.world.list_refusals(shift.employee_id, time_in, time_out, instead_of=shift.shift_id)

    def list_usable(self) -> list[tuple[Bonus, Shift]]:
        """Pending bonuses that act on shifts, each with every shift of the same person."""
        return [
            (bonus, shift)
            for shift in self.world.list_recorded()
            for bonus in self.world.list_pending(shift.employee_id)
            if bonus.kind in SHIFT_BONUSES
        ]

    # --- the comparison ----------------------------------------------------------------------------------------------

    def compare(self) -> None:
        """Everything that the service keeps against everything that the model says."""
        self.steps += 1
        assert not self.stage.draw.tape, "the service drew what the rules draw not"
        seen, said = views.read_service(self.stage, self.service), views.read_model(self.world)
        lines, balances = seen.pop("lines"), seen.pop("balances")
        assert seen.keys() == said.keys()
        for part, expected in said.items():
            assert seen[part] == expected, views.describe_difference(part, seen[part], expected)
        books = self.world.read_books()
        assert lines[: len(self.lines)] == self.lines, "a line of the ledger changed"
        assert sorted(lines[len(self.lines) :]) == views.list_lines(self.books, books)
        _assert_ledger_holds(books, lines, balances)
        self.books, self.lines = books, lines

    def count(self) -> None:
        """What this run brought."""
        self.counts["runs"] += 1
        self.counts["runs of 30 steps"] += self.steps >= 30
        self.counts["steps"] += self.steps
        for told in self.world.told:
            self.counts[f"told: {told.kind}"] += 1
            for what in ("drawn", "returned", "withdrawn"):
                self.counts[f"rank bonuses {what}"] += bool(getattr(told, what))
        for bonus in self.world.bonuses:
            self.counts[f"{bonus.kind} {bonus.state} at the end"] += 1
            if bonus.basis:
                self.counts[f"{bonus.kind} took from others"] += 1


def _assert_ledger_holds(books: Books, lines: Sequence[views.Line], balances: Mapping[int, int]) -> None:
    """Each period of each person holds what its shifts made and nothing else; the balances are the sums of that."""
    booked: Counter[tuple[int, date]] = Counter()
    for employee_id, cents, start, _, _ in lines:
        booked[employee_id, start] += cents
    for employee_id, start, cents in books.values():
        booked[employee_id, start] -= cents
    assert not any(booked.values())
    made: Counter[int] = Counter()
    for employee_id, _, cents in books.values():
        made[employee_id] += cents
    assert all(balances[employee_id] == made[employee_id] for employee_id in balances)


def choose(items: Sequence[Item], index: int) -> Item:
    """One of them, whatever the index."""
    return items[index % len(items)]
