"""A team of ten and two admins who live through November 2026 in the chat, while somebody keeps the sheet by hand."""

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from playground.client import Emulator, Person
from playground.screens import Screen
from postgres_service import PostgresService
from tests.bot.conftest import Chat
from tests.bot.shifts import begin, find_receipt, open_edit, say
from tests.clock import SteppingClock
from tests.month.by_hand import NOTHING, RANKS, Book, HandBonus, HandShift, name_rank

MOST_PAGES = 12
NEW_YORK = ZoneInfo("America/New_York")
MODELS = ("Model A", "Model B", "Model C", "Model D")
TEAM = ("Ann", "Boris", "Cem", "Dana", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jan")
FIRST_DAY, LAST_DAY = date(2026, 11, 1), date(2026, 11, 30)
INVITED = ("Ines", "Jan")
USD = r"([-−]?\$?[-−]?[0-9][0-9,]*\.[0-9][0-9])"
_BONUSES = {
    r"\$([0-9.,]+)(?:, booked on your shift| on your next shift)": "flat",
    r"\+([0-9.]+)% on your next shift": "percent_next",
    r"(double commission) on your next shift": "double_commission",
    r"([0-9.]+)% of the net sales of the chatter before you": "percent_prev",
    r"([0-9.]+)% of everybody else’s net sales": "percent_all",
    r"(a paid day off)": "paid_day_off",
    r"(Telegram Premium)": "telegram_premium",
}


def read_usd(text: str) -> Decimal:
    """An amount as the bot writes it."""
    return Decimal(text.replace(",", "").replace("$", "").replace("−", "-"))


def find_usd(pattern: str, text: str) -> Decimal:
    """The amount that a text gives, in a pattern's first group; what an edit changed is read as it is now."""
    found = re.search(pattern, text)
    assert found is not None, f"{pattern} is not in:\n{text}"
    return read_usd(found[1])


def read_bonus(text: str, rank: str | None) -> HandBonus:
    """The bonus that a message names."""
    for pattern, code in _BONUSES.items():
        if found := re.search(pattern, text):
            value = read_usd(found[1]) if re.match("[0-9]", found[1]) else NOTHING
            return HandBonus(code, value, rank)
    raise AssertionError(f"no bonus in:\n{text}")


@dataclass(slots=True)
class Month:
    """The month so far: the chat, who is in it, and the sheet by hand."""

    chat: Chat
    dice: random.Random
    works: Callable[[int, int], bool]
    book: Book = field(default_factory=Book)
    people: dict[str, Person] = field(default_factory=dict)
    olga: Person = field(init=False)
    pavel: Person = field(init=False)
    by_number: dict[int, HandShift] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)
    off: set[tuple[str, date]] = field(default_factory=set)

    # --- who is there ---------------------------------------------------------------------------------------------

    async def gather(self) -> None:
        """Two admins; ten people come in, most of them by asking, some by a link."""
        self.go_to(FIRST_DAY, time(8))
        self.olga = await self.chat.admin("Olga", 9001)
        self.pavel = await self.ask_to_join("Pavel", 9002)
        await self.open_member("Pavel")
        await self.olga.tap("🎖 Role")
        await self.olga.tap("Manager")
        await self.olga.tap("Yes")
        await self.pavel.wait_for("Your role is manager now")
        for number, name in enumerate(TEAM, 1001):
            come = self.use_invite if name in INVITED else self.ask_to_join
            self.people[name] = await come(name, number)
            self.book.hire(name)

    async def ask_to_join(self, name: str, number: int) -> Person:
        """Somebody asks, and the owner lets them in."""
        person = await self.chat.stranger(name, number)
        await person.send("/start")
        await person.tap("Ask to join")
        notice = await self.olga.wait_for(f"{name} would like to join")
        await self.olga.tap("Approve", message_id=notice.message_id)
        await person.wait_for("Welcome to the team!")
        return person

    async def use_invite(self, name: str, number: int) -> Person:
        """Somebody brings the code of an invite link."""
        await say(self.olga, "/admin")
        await self.olga.tap("Invite link")
        found = re.search(r"/start (\S+)", (await self.olga.screen()).text)
        assert found is not None
        person = await self.chat.stranger(name, number)
        await person.send(f"/start {found[1]}")
        await person.wait_for("Welcome to the team!")
        return person

    def go_to(self, day: date, at: time) -> None:
        """So late is it now, in New York."""
        self.chat.clock.now = datetime.combine(day, at, NEW_YORK).astimezone(UTC)

    async def open_member(self, name: str, admin: Person | None = None) -> Screen:
        """Somebody's page on an admin's screen."""
        admin = admin or self.olga
        await say(admin, "/admin")
        await admin.tap("👥 Team")
        await tap_what_has(admin, name)
        return await admin.screen()

    # --- shifts ---------------------------------------------------------------------------------------------------

    async def work(self, name: str, day: date, start: str, end: str, sales: Mapping[str, str]) -> HandShift:
        """Somebody types a shift of today; the receipt is what the sheet says."""
        person = self.people[name]
        asked = await begin(person, day="Today", start=start, end=end)
        if "longer than usual" in asked.text:
            await person.tap("Yes")
        receipt = await self._sell(person, sales)
        fell_on = {
            code: found[1]
            for code, pattern in (
                ("percent_prev", r"the chatter before sold on ([^:(\n]+?)(?: \(|:)"),
                ("percent_all", r"the others sold that day on ([^:(\n]+?)(?: \(|:)"),
            )
            if (found := re.search(pattern, receipt.text))
        }
        shift = self.record_by_hand(name, day, start, end, sales, fell_on)
        found = re.search(r"Shift (\d+) is saved", receipt.text)
        assert found is not None
        self.by_number[int(found[1])] = shift
        await self.follow_rank(shift)
        check_receipt(shift, receipt.text)
        return shift

    def record_by_hand(
        self,
        name: str,
        day: date,
        start: str,
        end: str,
        sales: Mapping[str, str],
        fell_on: Mapping[str, str] = {},
    ) -> HandShift:
        """A new row of the sheet."""
        times = [datetime.combine(day, _read_clock(clock)) for clock in (start, end)]
        sold = {model: Decimal(amount) for model, amount in sorted(sales.items())}
        return self.book.record(name, times[0], times[1], sold, fell_on)

    async def _sell(self, person: Person, sales: Mapping[str, str]) -> Screen:
        """As `sell`, and an amount that is far above the usual is confirmed."""
        for model, amount in sales.items():
            await person.tap(model)
            asked = await say(person, amount)
            if "far more than you usually enter" in asked.text:
                await person.tap("Yes")
        await person.tap("Save shift" if sales else "No sales")
        return await find_receipt(person)

    async def correct(self, name: str, model: str, amount: str) -> None:
        """Somebody corrects what they sold of a model on their newest shift."""
        person = self.people[name]
        shift = [one for one in self.book.shifts if one.who == name][-1]
        await open_edit(person)
        await person.tap("Sales of a model")
        await person.tap(model)
        asked = await say(person, amount)
        if "far more than you usually enter" in asked.text:
            await person.tap("Yes")
        await person.settled()
        self.book.edit(shift, {**shift.sales, model: Decimal(amount)})
        await self.follow_rank(shift)
        corrected = [screen for screen in await person.screens() if "is corrected" in screen.text][-1]
        check_receipt(shift, _read_as_it_is_now(corrected.html))

    async def follow_rank(self, shift: HandShift) -> None:
        """What the person is told of their rank is what the sheet says, and what chance decided goes into it."""
        key = (shift.who, shift.day.replace(day=1))
        held = self.book.ranks.get(key, "Rookie")
        rank = name_rank(self.book.get_month(*key))
        if rank == held:
            return
        person = self.people[shift.who]
        if _is_below(rank, held):
            told = await person.wait_for(re.compile(f"After a correction you are .*{rank}, no longer .*{held}"))
            assert "Withdrawn for now" in told.text
            self.book.lose(shift)
        elif (*key, rank) in self.book.drawn:
            await person.wait_for(f"You are a {rank} again.")
            self.book.regain(shift)
        else:
            told = await person.wait_for(f"You are a {rank} now!")
            self.book.reach(shift, read_bonus(told.text, rank))

    async def live_through(self, first: int, last: int) -> None:
        """Every evening of these days of November those who worked type their shift, one of them a second one."""
        for day in [date(2026, 11, number) for number in range(first, last + 1)]:
            self.go_to(day, time(23, 30))
            for place, name in enumerate(TEAM):
                is_there = name not in self.left and (name, day) not in self.off
                if is_there and self.works(place, day.day):
                    await self.work(name, day, *self._roll_times(), self._roll_sales())
                    if day.day % len(TEAM) == place:
                        await self.work(name, day, "22:00", "23:15", self._roll_sales())

    async def race(self, name: str, day: date) -> None:
        """Somebody reaches the next rank, loses it by a correction, and reaches it again by another."""
        sold = self.book.get_month(name, day.replace(day=1))
        missing = min(least for _, least in RANKS if least > sold) - sold
        shift = await self.work(name, day, "0:05", "3:00", {"Model B": str(missing + Decimal("10.55"))})
        made = shift.made
        await self.correct(name, "Model B", "5")
        await self.correct(name, "Model B", str(missing + Decimal("10.55")))
        assert shift.made == made

    def _roll_times(self) -> tuple[str, str]:
        start = datetime(2026, 1, 1, self.dice.randint(6, 12), self.dice.choice((0, 5, 10, 20, 30, 45)))  # noqa: DTZ001
        end = start + timedelta(minutes=self.dice.randint(240, 540))
        return f"{start:%H:%M}", f"{end:%H:%M}"

    def _roll_sales(self) -> dict[str, str]:
        models = self.dice.sample(MODELS, self.dice.choice((0, 1, 1, 2, 2, 3)))
        return {model: str(Decimal(self.dice.randint(2_000, 60_000)) / 100) for model in models}


async def tap_what_has(admin: Person, text: str) -> None:
    """Tap the button of the list that is opening which has a text in it, on whatever page."""
    buttons: tuple[str, ...] = ()
    for _ in range(MOST_PAGES):
        buttons = (await admin.screen()).buttons
        found = [button for button in buttons if text in button]
        if found:
            await admin.tap(found[0])
            return
        if "Next page ›" in buttons:
            await admin.tap("Next page ›")
        await admin.settled(quiet=0.04)
    raise AssertionError(f"no button has {text} in it; the last page has {buttons}")


def check_receipt(shift: HandShift, text: str) -> None:
    """Every figure of a receipt is that of the sheet."""
    found = {
        "Total sales": find_usd(f"Total sales: {USD}", text),
        "Net sales": find_usd(f"Net sales: {USD}", text),
        "Rate": find_usd(f"Rate: {USD}%", text),
        "Hourly": find_usd(f"Hourly: {USD}", text),
        "Commissions": find_usd(f"Commissions: {USD}", text),
        "made": find_usd(f"[mM]ade {USD}", text),
    }
    expected = {
        "Total sales": shift.total,
        "Net sales": shift.net,
        "Rate": shift.pct,
        "Hourly": shift.hourly,
        "Commissions": shift.commissions,
        "made": shift.made,
    }
    assert found == expected, text


def _read_as_it_is_now(html: str) -> str:
    """The text of a corrected receipt without what is crossed out."""
    return re.sub(r"<[^>]*>", "", re.sub(r"<s>.*?</s>( → )?", "", html))


def _is_below(rank: str, other: str) -> bool:
    ladder = ("Rookie", "Hustler", "Closer", "Shark", "King of Greed", "Chatting God")
    return ladder.index(rank) < ladder.index(other)


def _read_clock(text: str) -> time:
    hour, _, minute = text.partition(":")
    return time(int(hour), int(minute))


def start(
    emulator: Emulator, service: PostgresService, clock: SteppingClock, works: Callable[[int, int], bool]
) -> Month:
    """Nobody is there yet. `works` says who works when, by their place in the team and the day of the month."""
    return Month(Chat(emulator, service, clock), random.Random(7), works)
