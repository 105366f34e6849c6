"""One company's days: every action is done by the service and by the model, then all books are compared."""

from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from payroll.shifts import Correction, NewShift
from payroll.tables import RateStep
from tests.model.days import find_instant, get_date, get_month, get_period, to_wall, write_wall
from tests.model.numbers import to_decimal, to_hundredths
from tests.model.world import DRAW_LIMIT
from tests.stateful import actions, views
from tests.stateful.office import Office, choose
from tests.stateful.stage import RANK_NAMES

INDEX = st.integers(0, 30)
WHO = st.sampled_from((101, 101, *actions.CHATTERS))
RECORDED = st.sampled_from((None, None, None, 0, 30, 1500))
MOSTLY = st.sampled_from((True, True, True, False))


class Company(Office):
    """What people may do, in any order."""

    @initialize(
        begins=st.sampled_from(actions.BEGINNINGS), seed=st.integers(0, 2**32 - 1), is_known=MOSTLY, is_settled=MOSTLY
    )
    def open_for_business(self, begins: datetime, seed: int, is_known: bool, is_settled: bool) -> None:
        self.open(begins, seed, is_known=is_known, is_settled=is_settled)

    @invariant()
    def service_and_model_agree(self) -> None:
        self.compare()

    def teardown(self) -> None:
        self.reconcile()
        self.count()

    # --- recording ---------------------------------------------------------------------------------------------------

    @rule(who=WHO, slot=actions.slots, sold=actions.sales, recorded=RECORDED)
    def record(self, who: int, slot: actions.Slot, sold: dict[int, int], recorded: int | None) -> None:
        self.record_shift(who, slot, sold, recorded)

    @rule(who=WHO, hour=st.integers(0, 19), sold=actions.some_sales)
    def record_an_hour(self, who: int, hour: int, sold: dict[int, int]) -> None:
        self.record_shift(who, actions.Slot(0, hour, 0, 0, 60), sold)

    @rule(who=WHO, hour=st.integers(0, 23), sold=actions.some_sales, recorded=RECORDED)
    def record_an_hour_of_yesterday(self, who: int, hour: int, sold: dict[int, int], recorded: int | None) -> None:
        self.record_shift(who, actions.Slot(1, hour, 0, 0, 60), sold, recorded)

    @rule(hour=st.integers(0, 19), days_ago=st.sampled_from((0, 1, 2)), sold=actions.some_sales)
    def record_together(self, hour: int, days_ago: int, sold: dict[int, int]) -> None:
        """Everybody the same: what one takes from the others is seen."""
        for who in actions.CHATTERS:
            self.record_shift(who, actions.Slot(days_ago, hour, 15, 0, 60), sold)

    @rule(who=WHO, days_ago=st.sampled_from((5, 14, 20, 33)), hour=st.integers(0, 23), sold=actions.some_sales)
    def record_long_ago(self, who: int, days_ago: int, hour: int, sold: dict[int, int]) -> None:
        self.record_shift(who, actions.Slot(days_ago, hour, 30, 0, 45), sold)

    @rule(who=WHO, days_ago=actions.DAYS_AGO, hour=st.integers(20, 23), sold=actions.sales)
    def record_over_midnight(self, who: int, days_ago: int, hour: int, sold: dict[int, int]) -> None:
        self.record_shift(who, actions.Slot(days_ago + 1, hour, 30, 0, 480), sold)

    @rule(who=WHO, hour=st.integers(0, 23), product=st.integers(1, 4), cents=st.integers(1_500_00, 16_000_00))
    def record_a_great_day(self, who: int, hour: int, product: int, cents: int) -> None:
        self.record_shift(who, actions.Slot(1, hour, 0, 0, 61), {product: cents})

    @precondition(lambda self: self.list_deleted())
    @rule(index=INDEX, sold=st.one_of(st.none(), actions.sales))
    def record_again(self, index: int, sold: dict[int, int] | None) -> None:
        """What was deleted comes anew at the same times: corrected by deleting, as some people do."""
        shift = choose(self.list_deleted(), index)
        self.record_times(
            shift.employee_id, to_wall(shift.time_in), to_wall(shift.time_out), shift.sales if sold is None else sold
        )

    @precondition(lambda self: self.requests)
    @rule(index=INDEX)
    def send_again(self, index: int) -> None:
        """The same request, also where its shift was edited or deleted since (PAYROLL D39)."""
        shift_id, data = choose(self.requests, index)
        assert self.attempt(set(), lambda: self.service.create_shift(data)) == shift_id
        self.counts["repeated requests"] += 1

    @precondition(lambda self: len(self.world.people) > 1)
    @rule(who=WHO, minutes_ago=st.sampled_from((0, 1, 59, 240, 600, 1500)))
    def clock_in(self, who: int, minutes_ago: int) -> None:
        self.let_time_pass(60)
        at = self.world.now - timedelta(minutes=minutes_ago)
        reasons = {"shift-running"} if who in self.world.running else set()
        if any(shift.time_out > at for shift in self.world.list_recorded(who)):
            reasons.add("shift-overlaps")
        if who not in self.world.people:
            reasons = {"employee-unknown"}
        running = self.attempt(reasons, lambda: self.service.shifts.start_running(who, at))
        if running:
            self.world.start_running(who, running.shift_id, at)

    @precondition(lambda self: self.world.running)
    @rule(index=INDEX, minutes_ago=st.sampled_from((0, 0, 0, 30, 300)), sold=actions.sales)
    def clock_out(self, index: int, minutes_ago: int, sold: dict[int, int]) -> None:
        who = choose(sorted(self.world.running), index)
        shift_id, time_in = self.world.running[who]
        time_out = self.world.now - timedelta(minutes=minutes_ago)
        reasons = self.world.list_refusals(who, time_in, time_out, instead_of=shift_id)
        products = {product: to_decimal(cents) for product, cents in sold.items()}
        new = NewShift(who, time_in, time_out, products, running_shift_id=shift_id)
        if self.attempt(reasons, lambda: self.service.shifts.record(new)):
            self.enter(shift_id, who, (time_in, time_out), sold, self.world.now)
            self.counts["clocked out"] += 1

    @precondition(lambda self: self.world.running)
    @rule(index=INDEX)
    def forget_clock_in(self, index: int) -> None:
        who = choose(sorted(self.world.running), index)
        self.service.shifts.discard_running(who)
        self.world.discard_running(who)

    # --- correcting --------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.world.list_recorded())
    @rule(
        index=INDEX,
        field=st.sampled_from(("Clock in", "Clock out", "time_in", "time_out")),
        minutes=st.sampled_from((-1500, -720, -60, -30, -1, 0, 1, 29, 30, 60, 600, 1440)),
    )
    def correct_clock(self, index: int, field: str, minutes: int) -> None:
        shift = self.choose_shift(index)
        is_start = field in ("Clock in", "time_in")
        wall = to_wall(shift.time_in if is_start else shift.time_out) + timedelta(minutes=minutes)
        at = find_instant(wall)
        time_in, time_out = (at, None) if is_start else (None, at)
        reasons = self.list_refusals(shift, time_in or shift.time_in, time_out or shift.time_out)
        if at is None:
            reasons = {"time-does-not-exist"}
        text = write_wall(wall)
        if self.attempt(reasons, lambda: self.service.update_shift_field(shift.shift_id, field, text)):
            self.world.edit(shift, self.stage.draw.take, time_in=time_in, time_out=time_out)
            self.counts["clocks corrected"] += 1

    @precondition(lambda self: self.world.list_recorded())
    @rule(
        index=INDEX, days=st.sampled_from((-33, -15, -3, -1, 1, 1, 2, 9, 15, 31)), minutes=st.sampled_from((0, 0, 90))
    )
    def move(self, index: int, days: int, minutes: int) -> None:
        """To another date, period or month, and perhaps longer."""
        shift = self.choose_shift(index)
        time_in = find_instant(to_wall(shift.time_in) + timedelta(days=days))
        time_out = find_instant(to_wall(shift.time_out) + timedelta(days=days, minutes=minutes))
        if time_in is None or time_out is None:
            return
        correction = Correction(time_in=time_in, time_out=time_out)
        reasons = self.list_refusals(shift, time_in, time_out)
        if self.attempt(reasons, lambda: self.service.shifts.edit(shift.shift_id, correction)):
            self.counts["moves to another period"] += get_period(shift.date) != get_period(get_date(time_in))
            self.counts["moves to another month"] += get_month(shift.date) != get_month(get_date(time_in))
            self.world.edit(shift, self.stage.draw.take, time_in=time_in, time_out=time_out)
            self.counts["moves"] += 1

    @precondition(lambda self: self.world.list_recorded())
    @rule(index=INDEX, product=st.integers(1, 4), cents=st.one_of(st.just(0), actions.amounts))
    def correct_sales(self, index: int, product: int, cents: int) -> None:
        shift = self.choose_shift(index)
        name, amount = views.PRODUCTS[product], to_decimal(cents)
        assert self.attempt(set(), lambda: self.service.update_shift_field(shift.shift_id, name, amount))
        self.keep_sales(shift)
        self.world.edit(shift, self.stage.draw.take, sales={**shift.sales, product: cents})
        self.counts["sales corrected"] += 1

    @precondition(lambda self: any(self.earlier_sales.values()))
    @rule(index=INDEX)
    def correct_back(self, index: int) -> None:
        """The sales of a shift as they were before: nothing is lost by correcting a mistake (PAYROLL D15)."""
        shift_id = choose(sorted(one for one, sales in self.earlier_sales.items() if sales), index)
        shift, sales = self.world.shifts[shift_id], self.earlier_sales[shift_id].pop()
        if shift.is_deleted:
            return
        correction = Correction(products={product: to_decimal(sales.get(product, 0)) for product in views.PRODUCTS})
        assert self.attempt(set(), lambda: self.service.shifts.edit(shift_id, correction))
        self.keep_sales(shift)
        self.world.edit(shift, self.stage.draw.take, sales=sales)
        self.counts["sales corrected back"] += 1

    @precondition(lambda self: self.world.list_recorded())
    @rule(index=INDEX, cents=st.one_of(st.just(0), actions.amounts, actions.amounts))
    def correct_total(self, index: int, cents: int) -> None:
        shift = self.choose_shift(index)
        reasons = set() if shift.sales else {"shift-without-sales"}
        amount = to_decimal(cents)
        if self.attempt(reasons, lambda: self.service.update_total_sales(shift.shift_id, amount)):
            self.keep_sales(shift)
            self.world.spread_total(shift, cents, self.stage.draw.take)
            self.counts["totals corrected"] += 1

    @precondition(lambda self: self.world.list_recorded())
    @rule(index=INDEX)
    def compute_again(self, index: int) -> None:
        """Nothing may come of it."""
        shift = self.choose_shift(index)
        assert self.attempt(set(), lambda: self.service.recalculate_worked_hours(shift.shift_id))
        self.world.edit(shift, self.stage.draw.take)

    @precondition(lambda self: self.world.list_recorded())
    @rule(index=INDEX)
    def delete(self, index: int) -> None:
        shift = self.choose_shift(index)
        assert self.attempt(set(), lambda: self.service.shifts.delete(shift.shift_id))
        self.world.delete(shift, self.stage.draw.take)
        self.counts["deleted"] += 1

    # --- terms and bonuses -------------------------------------------------------------------------------------------

    @rule(change=actions.changes, days_ago=st.integers(-2, 20))
    def change_terms(self, change: actions.Change, days_ago: int) -> None:
        """From some date on, before or after today; what is recorded keeps what it was priced with (PAYROLL D6)."""
        since = get_date(self.world.now) - timedelta(days=days_ago)
        match change:
            case actions.Settings(who, wage, base) if who in self.world.people:
                wage_usd, base_pct = to_decimal(wage), to_decimal(base)
                self.service.set_employee_settings(who, hourly_wage=wage_usd, base_pct=base_pct, valid_from=since)
                self.world.set_settings(who, since, wage, base)
            case actions.PayTerms(cut, basis):
                self.stage.set_pay_terms(since, cut, basis)
                self.world.cuts[since] = (to_hundredths(cut), basis)
            case tuple(rates):
                ends = [to_decimal(start) for start, _ in rates[1:]]
                rows = zip(rates, [*ends, None], strict=True)
                steps = [RateStep(to_decimal(start), end, to_decimal(pct)) for (start, pct), end in rows]
                self.service.set_dynamic_rates(steps, valid_from=since)
                self.world.rates.append((since, rates))
        self.counts[f"terms changed: {type(change).__name__}"] += 1

    @rule(
        who=WHO,
        offers=st.lists(st.sampled_from(actions.OFFERS), min_size=1, max_size=4),
        hours_ago=st.sampled_from((None, None, 5)),
    )
    def grant(self, who: int, offers: list[tuple[str, int | None]], hours_ago: int | None) -> None:
        for offer in offers:
            self.give(who, offer, hours_ago, None)

    @precondition(lambda self: self.world.list_recorded())
    @rule(index=INDEX, offer=st.sampled_from(actions.OFFERS))
    def grant_for_shift(self, index: int, offer: tuple[str, int | None]) -> None:
        shift = self.choose_shift(index)
        self.give(shift.employee_id, offer, None, shift)

    @precondition(lambda self: self.list_usable())
    @rule(index=INDEX, other=INDEX)
    def use_by_hand(self, index: int, other: int) -> None:
        bonus, shift = choose(self.list_usable(), index * 31 + other)
        bonus_id = views.find_bonus_id(self.stage, bonus)
        reasons = set()
        if not shift.sales and bonus.kind != "flat":
            reasons.add("shift-without-sales")
        if bonus.kind == "double_commission" and any(one.kind == bonus.kind for one in self.world.list_carried(shift)):
            reasons.add("bonus-doubled-already")
        if self.attempt(reasons, lambda: self.service.apply_bonus(bonus_id, shift.shift_id)):
            self.world.use(bonus, shift)
            self.counts["used by hand"] += 1

    # --- looking, time -----------------------------------------------------------------------------------------------

    @rule(who=WHO, cents=actions.amounts, month=st.booleans())
    def ask(self, who: int, cents: int, month: bool) -> None:
        """Figures about a person are those of the model."""
        world, service, today = self.world, self.service, get_date(self.world.now)
        day = get_month(today) if month else today
        terms_known = who in world.people
        basis = world.cuts[max(since for since in world.cuts if since <= day)][1]
        sales = cents + (world.compute_day_sales(who, day) if basis == "day" else 0)
        rate = [pct for start, pct in world.get_rates(day) if sales >= start][-1]
        assert service.calculate_dynamic_rate(who, day, to_decimal(cents)) == to_decimal(rate)
        rank = world.get_rank_table(get_month(day))[world.find_rank(who, get_month(day))]
        assert service.determine_rank(who, day.year, day.month) == RANK_NAMES[rank.rank_id]
        newest = [shift.shift_id for shift in reversed(world.list_recorded(who))]
        assert [shift["ID"] for shift in service.get_last_shifts(who)] == newest[:3]
        assert [one["Value"] for one in service.get_active_bonuses(who)] == [
            None if one.value is None else to_decimal(one.value) for one in world.list_pending(who)
        ]
        summary = service.statistics.get_summary(who)
        assert summary.rolling_average == (to_decimal(world.compute_rolling_average(who)) if newest else None)
        assert summary.last_pay_day == get_period(today)[0]
        assert summary.made_since_pay_day == to_decimal(world.compute_made_since(who, get_period(today)[0]))
        assert (service.get_employee_settings(who) is not None) == terms_known

    @precondition(lambda self: self.world.list_recorded())
    @rule(index=INDEX, kind=st.sampled_from(("prev", "all")), value=st.integers(1, 100_00))
    def compute_a_bonus(self, index: int, kind: str, value: int) -> None:
        """What a bonus would bring; nothing is written (TECH T14)."""
        shift = self.choose_shift(index)
        record = self.service.get_shift_by_id(shift.shift_id)
        assert record is not None
        compute = self.service.apply_percent_prev_bonus if kind == "prev" else self.service.apply_percent_all_bonus
        amount = compute(shift.employee_id, record, to_decimal(value))
        draw = self.stage.draw.take(DRAW_LIMIT)
        assert amount == to_decimal(self.world.compute_taken(f"percent_{kind}", value, draw, shift))
        self.counts["bonuses computed"] += 1

    @rule(seconds=actions.pauses)
    def wait(self, seconds: int) -> None:
        self.let_time_pass(seconds)
