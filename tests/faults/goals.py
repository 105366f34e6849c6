"""What people want from the bot, and how they go about it: each goal looks at the newest screen and goes on from there.

A goal never counts on an answer: whatever the screen shows, it knows what to do next, as people do.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

MINUTES = 24 * 60
_PRODUCT = re.compile(r"^(Model [A-D]): ([\d,.]+)(?: → ([\d,.]+))?$", re.MULTILINE)
_SHIFT = re.compile(r"Shift (\d+) is (saved|corrected|deleted)")
_CLOCK = re.compile(r"(Start|End): \S+ (?:\S+ → \S+ )?(\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class Seen:
    """A message of the bot with its buttons: (text, callback data)."""

    message_id: int
    text: str
    buttons: tuple[tuple[str, str], ...] = ()

    def find(self, text: str, prefix: str = "") -> str | None:
        """The callback data of the button that reads `text` and begins with `prefix`.

        `Yesterday…` is the button that begins so.
        """
        found = (data for label, data in self.buttons if _reads(label, text) and data.startswith(prefix))
        return next(found, None)


@dataclass(frozen=True, slots=True)
class Tap:
    """A button to press."""

    data: str
    message_id: int


@dataclass(frozen=True, slots=True)
class Write:
    """A text to send."""

    text: str


Action = Tap | Write


@dataclass(slots=True)
class Told:
    """What the model knows of a shift: its sales by product and, where chosen, its clocks; `is_deleted` at the end."""

    products: dict[str, Decimal]
    start: str | None = None
    end: str | None = None
    is_deleted: bool = False


@dataclass(slots=True)
class Goal:
    """Something a person wants. `is_done` once its effect was seen; `is_dropped` where it turned out impossible."""

    is_done: bool = field(default=False, init=False)
    is_dropped: bool = field(default=False, init=False)

    def is_over(self) -> bool:
        """Whether it is reached, or dropped."""
        return self.is_done or self.is_dropped

    def next(self, screen: Seen | None) -> Action | None:
        """What to do now; None: wait."""
        raise NotImplementedError

    def hear(self, said: str, told: dict[int, Told]) -> None:
        """The bot has said something: the goal may be reached, and the model grows."""


def read_products(text: str) -> dict[str, Decimal]:
    """Sales by product as a screen or a receipt shows them, the newest where two stand there."""
    return {name: Decimal((new or old).replace(",", "")) for name, old, new in _PRODUCT.findall(text)}


def read_clocks(text: str) -> dict[str, str]:
    """`Start` and `End` as HH:MM, as far as a screen tells them."""
    return dict(_CLOCK.findall(text))


@dataclass(slots=True)
class Record(Goal):
    """Record a shift of yesterday. Once `Save shift` was tapped nothing else is tried until the receipt is there."""

    start: int
    end: int
    sales: Mapping[str, Decimal]
    is_sent: bool = False

    def next(self, screen: Seen | None) -> Action | None:
        step = find_step(screen)
        if screen is None or step is None or not self._fits(screen, step):
            return None if self.is_sent else Write("/shift")
        return getattr(self, f"_answer_{step}")(screen)  # type: ignore[no-any-return]

    def hear(self, said: str, told: dict[int, Told]) -> None:
        shift = _SHIFT.search(said)
        if shift is None or shift[2] != "saved" or read_products(said) != dict(self.sales):
            return
        told[int(shift[1])] = Told(dict(self.sales), write_clock(self.start), write_clock(self.end))
        self.is_done = True

    def _fits(self, screen: Seen, step: str) -> bool:
        """Whether the form is this one, as far as it was filled in."""
        if "✏️" in screen.text:
            return False
        clocks, sold = read_clocks(screen.text), read_products(screen.text)
        wanted = {"Start": write_clock(self.start), "End": write_clock(self.end)}
        is_end_open = step == "sure"
        if any(clock != wanted[name] for name, clock in clocks.items() if not (name == "End" and is_end_open)):
            return False
        return all(self.sales.get(product) == amount for product, amount in sold.items())

    def _answer_day(self, screen: Seen) -> Action:
        return tap(screen, "Yesterday…")

    def _answer_start(self, screen: Seen) -> Action:
        hour, minute = divmod(self.start, 60)
        if minute:
            return Write(f"{hour}:{minute:02}")
        half = "AM" if hour < 12 else "PM"
        return tap(screen, half) if screen.find(half) else tap(screen, f"{(hour - 1) % 12 + 1} {half}")

    def _answer_end(self, _screen: Seen) -> Action:
        return Write(write_clock(self.end))

    def _answer_sure(self, screen: Seen) -> Action:
        if read_clocks(screen.text).get("End") == write_clock(self.end):
            return tap(screen, "Yes")
        return Write(write_clock(self.end))

    def _answer_product(self, screen: Seen) -> Action:
        missing = self._pick_missing(screen)
        if missing is not None:
            return tap(screen, missing)
        self.is_sent = True
        return tap(screen, "Save shift")

    def _answer_amount(self, screen: Seen) -> Action:
        product = next((name for name in self.sales if f"on {name}" in screen.text), None)
        return Write("/shift") if product is None else Write(str(self.sales[product]))

    def _answer_amount_sure(self, screen: Seen) -> Action:
        return tap(screen, "Yes")

    def _answer_begun(self, screen: Seen) -> Action:
        return tap(screen, "Start anew")

    def _answer_which_end(self, screen: Seen) -> Action:
        return tap(screen, "Now, …")

    def _pick_missing(self, screen: Seen) -> str | None:
        sold = read_products(screen.text)
        return next((name for name in self.sales if name not in sold), None)


@dataclass(slots=True)
class Work(Record):
    """Start now, finish now, and say what was sold. Its clocks are the bot's."""

    def next(self, screen: Seen | None) -> Action | None:
        step = find_step(screen)
        if screen is not None and step is not None and self._fits(screen, step) and step not in {"day", "start", "end"}:
            return getattr(self, f"_answer_{step}")(screen)  # type: ignore[no-any-return]
        if self.is_sent:
            return None
        if step is not None:
            return Write("/cancel")  # a form begun for something else would be taken up again
        for name in ("Finish shift", "Start now"):
            if screen is not None and screen.find(name, "m:") is not None:
                return tap(screen, name, "m:")
        return Write("/start")

    def hear(self, said: str, told: dict[int, Told]) -> None:
        shift = _SHIFT.search(said)
        if shift is not None and shift[2] == "saved" and read_products(said) == dict(self.sales):
            told[int(shift[1])] = Told(dict(self.sales))
            self.is_done = True

    def _fits(self, screen: Seen, step: str) -> bool:
        sold = read_products(screen.text)
        return "✏️" not in screen.text and all(self.sales.get(name) == amount for name, amount in sold.items())

    def _answer_sure(self, screen: Seen) -> Action:
        return tap(screen, "Yes")


@dataclass(slots=True)
class Correct(Goal):
    """Correct the sales of one product of a shift."""

    shift_id: int
    product: str
    amount: Decimal
    is_sent: bool = False

    def next(self, screen: Seen | None) -> Action | None:
        if screen is None or f"✏️ Shift {self.shift_id} " not in screen.text:
            return self._open(screen)
        step = find_step(screen)
        if step == "field":
            return tap(screen, "Sales of a model")
        if step == "product":
            return tap(screen, self.product)
        if step == "amount" and self.product in screen.text:
            self.is_sent = True
            return Write(str(self.amount))
        return tap(screen, "Yes") if step == "amount_sure" else Write("/edit")

    def hear(self, said: str, told: dict[int, Told]) -> None:
        shift = _SHIFT.search(said)
        if shift is None or shift[2] != "corrected" or int(shift[1]) != self.shift_id:
            return
        if read_products(said).get(self.product) == self.amount:
            told[self.shift_id].products[self.product] = self.amount
            self.is_done = True

    def _open(self, screen: Seen | None) -> Action | None:
        if find_step(screen) == "begun" and screen is not None:
            return tap(screen, "Start anew")
        button = f"e:{self.shift_id}"
        if screen is not None and any(data == button for _, data in screen.buttons):
            return Tap(button, screen.message_id)
        if screen is not None and "Which shift do you want to correct?" in screen.text and not self.is_sent:
            self.is_dropped = True
        return Write("/edit")


@dataclass(slots=True)
class Delete(Correct):
    """Delete a shift."""

    def next(self, screen: Seen | None) -> Action | None:
        if screen is None or f"✏️ Shift {self.shift_id} " not in screen.text:
            return None if self.is_sent else self._open(screen)
        step = find_step(screen)
        if step == "field":
            return tap(screen, "🗑 Delete")
        if step == "delete":
            self.is_sent = True
            return tap(screen, "Yes")
        return Write("/edit")

    def hear(self, said: str, told: dict[int, Told]) -> None:
        shift = _SHIFT.search(said)
        if shift is not None and shift[2] == "deleted" and int(shift[1]) == self.shift_id:
            told[self.shift_id].is_deleted = True
            self.is_done = True


@dataclass(slots=True)
class Look(Goal):
    """Look something up."""

    command: str
    expected: str

    def next(self, screen: Seen | None) -> Action | None:
        return Write(self.command)

    def hear(self, said: str, told: dict[int, Told]) -> None:
        self.is_done = self.is_done or self.expected in said


@dataclass(slots=True)
class Join(Goal):
    """A stranger asks to be let in, and waits for the welcome."""

    def next(self, screen: Seen | None) -> Action | None:
        if screen is not None and screen.find("Ask to join"):
            return tap(screen, "Ask to join")
        return Write("/start")

    def hear(self, said: str, told: dict[int, Told]) -> None:
        self.is_done = self.is_done or "Welcome to the team!" in said


@dataclass(slots=True)
class Approve(Goal):
    """An admin lets in whoever asks. Never done: there is always the next one."""

    def next(self, screen: Seen | None) -> Action | None:
        return tap(screen, "Approve") if screen is not None and screen.find("Approve") else None


_STEPS = (
    ("When did your shift start?", "day"),
    ("What time did it start?", "start"),
    ("What time did it end?", "end"),
    ("What time did you really stop?", "end"),
    ("longer than usual. Is that right?", "sure"),
    ("Which model did you sell?", "product"),
    ("far more than you usually enter", "amount_sure"),
    ("How much did you sell on", "amount"),
    ("so far. Type the right amount", "amount"),
    ("Type the right amount, or 0", "amount"),
    ("Anything else?", "product"),
    ("When did it really end?", "which_end"),
    ("You have begun one already", "begun"),
    ("What needs correcting?", "field"),
    ("Delete this shift?", "delete"),
)


def find_step(screen: Seen | None) -> str | None:
    """Which question a screen asks, None for none of a form."""
    if screen is None:
        return None
    return next((step for question, step in _STEPS if question in screen.text), None)


def tap(screen: Seen, text: str, prefix: str = "") -> Action:
    """Press the button that reads `text`; where it is not there, go back to the menu."""
    data = screen.find(text, prefix)
    return Write("/start") if data is None else Tap(data, screen.message_id)


def _reads(label: str, text: str) -> bool:
    return label == text or (text.endswith("…") and label.startswith(text[:-1]))


def write_clock(minute: int) -> str:
    """Minutes since midnight as HH:MM."""
    return f"{minute // 60:02}:{minute % 60:02}"
