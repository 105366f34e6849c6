"""People who use the bot as people do, and remember what they were told: the model that the books must equal.

They live beside the emulator, on its loop. When nothing answers they tap again; a tap whose effect was seen is not
repeated. What they want is in `goals`.
"""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from playground import people
from playground.records import Message, Press, Profile
from playground.world import World
from tests.faults.canary import CANARY_NAME
from tests.faults.goals import (
    MINUTES,
    Action,
    Approve,
    Correct,
    Delete,
    Goal,
    Join,
    Look,
    Record,
    Seen,
    Tap,
    Told,
    Work,
)

PRODUCTS = ("Model A", "Model B", "Model C", "Model D")
LOOKS = {"/help": "How this works", "/ranks": "Rookie", "/balance": "", "/start": "What would you like to do?"}
LONGEST_PATIENCE = 5.0
FIRST_ID = 1001
ADMIN_ID = 9001
STRANGERS_FROM = 5001


@dataclass(slots=True)
class Person:
    """Somebody with a chat: what they see, and what they know to be recorded.

    `patience` is the seconds after which somebody taps again when nothing answers, twice as many each further time.
    """

    world: World
    profile: Profile
    dice: random.Random
    patience: float
    told: dict[int, Told] = field(default_factory=dict)
    goals: int = 0
    dropped: int = 0
    repeats: int = 0
    actions: int = 0
    goal: Goal | None = None
    is_ending: bool = False
    _seq: int = 0
    _next_minute: int = 1
    _next_amount: int = 0
    _pressed: Press | None = None

    @property
    def id(self) -> int:
        """Their account, and their number as an employee."""
        return self.profile.id

    async def live(self) -> None:
        """Pursue one goal after the other until told to end."""
        while not self.is_ending:
            await self.pursue(self._choose_goal())

    async def pursue(self, goal: Goal) -> None:
        """Go on until the goal is reached, or dropped."""
        self.goal = goal
        wait = self.patience
        while not goal.is_over():
            screen = self.find_screen()
            action = goal.next(screen)
            if goal.is_over():
                break
            if action is not None:
                self._act(action)
            is_answered = await self._wait_for_change(goal, screen, wait * self.dice.uniform(0.7, 1.3))
            wait = self.patience if is_answered else min(2 * wait, max(LONGEST_PATIENCE, self.patience))
        self.goals += goal.is_done
        self.dropped += goal.is_dropped
        self.goal = None

    def find_screen(self) -> Seen | None:
        """The newest message with buttons, or that asks for a text."""
        for message in reversed(self.world.chats[self.id].messages.values()):
            if message.is_from_bot and next(message.list_buttons(), None) is not None:
                return see(message)
        return None

    def _act(self, action: Action) -> None:
        self.actions += 1
        if isinstance(action, Tap):
            self._pressed = people.press_data(self.world, self.id, action.data, action.message_id)
        else:
            people.send_text(self.world, self.id, action.text)

    async def _wait_for_change(self, goal: Goal, before: Seen | None, seconds: float) -> bool:
        """Wait until the newest screen is another one or the goal is reached; False after so many seconds."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while (remaining := deadline - loop.time()) > 0:
            events = await self.world.events.wait_after(self._seq, self.id, remaining)
            for event in events:
                self._seq = event.seq
                if event.kind in {"message", "edited"} and event.chat_id == self.id:
                    self._read(goal, event.body["message_id"])
            if goal.is_done or (events and self.find_screen() != before):
                return True
        self.repeats += 1
        return False

    def _read(self, goal: Goal, message_id: object) -> None:
        message = self.world.chats[self.id].messages.get(int(str(message_id)))
        if message is not None and message.is_from_bot:
            goal.hear(message.content.text, self.told)

    def _choose_goal(self) -> Goal:
        known = [shift_id for shift_id, told in self.told.items() if not told.is_deleted][-1:]
        dice = self.dice.random()
        if dice < 0.62 or (not known and dice < 0.9):
            return self._choose_shift()
        if dice < 0.80:
            product = self.dice.choice(list(self.told[known[0]].products))
            return Correct(known[0], product, self._pick_amount())
        if dice < 0.85:
            return Delete(known[0], "", Decimal(0))
        if dice < 0.90:
            return Work(start=0, end=0, sales=self._pick_sales())
        command = self.dice.choice(list(LOOKS))
        return Look(command, LOOKS[command])

    def _choose_shift(self) -> Goal:
        start = self._next_minute
        end = start + self.dice.randrange(1, 3)
        self._next_minute = end + 1
        return Record(start, end, self._pick_sales()) if end < MINUTES else Look("/help", LOOKS["/help"])

    def _pick_sales(self) -> dict[str, Decimal]:
        products = self.dice.sample(PRODUCTS, self.dice.choice([1, 1, 1, 2]))
        return {product: self._pick_amount() for product in products}

    def _pick_amount(self) -> Decimal:
        """An amount that this person enters only once."""
        self._next_amount += 1
        return Decimal(10000 + self._next_amount) / 100


@dataclass(slots=True)
class Stranger(Person):
    """Somebody who wants to be let in, once; then as the others."""

    async def live(self) -> None:
        await self.pursue(Join())
        await super(Stranger, self).live()


@dataclass(slots=True)
class Admin(Person):
    """Lets in whoever asks."""

    async def live(self) -> None:
        await self.pursue(Look("/start", "What would you like to do?"))
        await self.pursue(Approve())

    def find_screen(self) -> Seen | None:
        """The newest request that waits for an answer."""
        for message in reversed(self.world.chats[self.id].messages.values()):
            if message.is_from_bot and any(button.get("text") == "Approve" for button in message.list_buttons()):
                return see(message)
        return None


@dataclass(slots=True)
class Crowd:
    """Everybody who uses the bot in a test."""

    people: list[Person]
    admin: Admin
    _tasks: dict[int, asyncio.Task[None]] = field(default_factory=dict)

    def begin(self) -> None:
        """Let everybody pursue their goals."""
        for person in [*self.people, self.admin]:
            person.is_ending = False
            self._tasks[person.id] = asyncio.create_task(person.live(), name=person.profile.first_name)

    def check(self) -> None:
        """Raise what went wrong in somebody's life."""
        for task in self._tasks.values():
            if task.done():
                task.result()

    def freeze(self) -> None:
        """Everybody stops where they are, in the middle of whatever they do."""
        for task in self._tasks.values():
            task.cancel()

    async def come_to_an_end(self, seconds: float) -> None:
        """Everybody finishes what they have begun, and begins nothing else. Raises TimeoutError, saying who did not."""
        for person in self.people:
            person.is_ending = True
        _, late = await asyncio.wait([self._tasks[person.id] for person in self.people], timeout=seconds)
        self._tasks[self.admin.id].cancel()
        self.check_ended()
        if late:
            raise TimeoutError(f"after {seconds} s {len(late)} are not done: {list(self._describe_late())}")

    def check_ended(self) -> None:
        """Raise what went wrong in somebody's life that is over."""
        for task in self._tasks.values():
            if task.done() and not task.cancelled():
                task.result()

    def count(self, what: str) -> int:
        """The sum of a person's counter over all."""
        return sum(getattr(person, what) for person in self.people)

    def _describe_late(self) -> Iterator[str]:
        for person in self.people:
            if not self._tasks[person.id].done():
                yield f"{person.id} wants {person.goal} and sees {person.find_screen()}"


def see(message: Message) -> Seen:
    """A message as a person sees it."""
    buttons = [(str(button.get("text")), str(button.get("callback_data"))) for button in message.list_buttons()]
    return Seen(message.message_id, message.content.text, tuple(buttons))


def make_crowd(world: World, seed: int, *, people_count: int, strangers: int, patience: float) -> Crowd:
    """People with Telegram accounts: employees, strangers who will ask to join, an admin."""
    dice = random.Random(seed)
    made: list[Person] = []
    for number in range(people_count + strangers):
        is_stranger = number >= people_count
        person_id = (STRANGERS_FROM if is_stranger else FIRST_ID) + number
        profile = Profile(person_id, f"{'Stranger' if is_stranger else 'Worker'} {number}" if number else CANARY_NAME)
        kind = Stranger if is_stranger else Person
        made.append(kind(world, profile, random.Random(dice.random()), patience))
    admin = Admin(world, Profile(ADMIN_ID, "Olga"), random.Random(dice.random()), patience)
    for person in [*made, admin]:
        world.add_person(person.profile)
    return Crowd(made, admin)
