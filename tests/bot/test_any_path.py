"""Whatever is tapped and typed, in any order: expected refusals only, and books that stay whole."""

import random
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from itertools import count
from typing import Any

import pytest
from aiogram.types import InlineKeyboardMarkup

from bot.handlers.showing import Anew, show
from bot.keyboards.form import BeginShiftAnew, FormButton
from bot.keyboards.left import ContinueDialogue
from bot.keyboards.receipt import EditShiftAnew
from bot.left import Begun
from bot.screen import Screen
from bot.use_cases import answering, edit_shift, home, new_shift
from bot.use_cases.answering import Answered
from bot.use_cases.dialogs import Asked, Saved
from bot.words import load_words
from payroll.errors import DomainError
from payroll.people import Person
from postgres_service import PostgresService
from tests.clock import SteppingClock
from tests.databases import fetch_all

ACCOUNT = 1001
STEPS = 250
TEXTS = (
    "9", "9:00", "1:30", "2:30", "17:00", "11:59 pm", "0", "0.01", "500", "99.90", "1,234", "50000", "-1", "hello",
    "24:00", "100000000", "💥",
)  # fmt: skip
NIGHTS = {
    "a usual evening": datetime(2026, 11, 17, 1, 0, tzinfo=UTC),
    "the day on which the clocks went back": datetime(2026, 11, 1, 20, 0, tzinfo=UTC),
    "the day on which the clocks went forward": datetime(2026, 3, 8, 20, 0, tzinfo=UTC),
}
WORDS = load_words("en", is_strict=True)


class Walker:
    """Somebody who taps and types at random."""

    def __init__(self, service: PostgresService, clock: SteppingClock, person: Person, dice: random.Random) -> None:
        self._service = service
        self._clock = clock
        self._person = person
        self._dice = dice
        self._messages = count(1)
        self._keyboard: InlineKeyboardMarkup | None = None
        self.refusals = 0
        self.saved = 0
        self.resumed = 0
        self.not_taken = 0
        self.asked_about = 0
        self._anew: Anew = BeginShiftAnew

    def step(self) -> None:
        """Do something; what is refused leaves everything as it is."""
        act = self._dice.choices(
            [
                self._tap,
                self._type,
                self._begin,
                self._edit,
                self._start_now,
                self._finish_now,
                self._wait,
                self._look_elsewhere,
                self._go_on,
            ],
            [60, 22, 4, 6, 3, 3, 2, 4, 4],
        )[0]
        try:
            self._look_at(act())
        except DomainError:
            self.refusals += 1

    def _look_at(self, answered: Answered | Begun | None) -> None:
        """Render it, with every word it needs."""
        if answered is None:
            return
        self.saved += isinstance(answered, Saved)
        self.asked_about += isinstance(answered, Begun)
        screen: Screen = show(WORDS, self._service.rules.zone, answered, anew=self._anew)
        assert len(screen.text) < 4096
        assert all(len((data or "").encode()) <= 64 for data in list_data(screen.keyboard))
        self._keyboard = None if isinstance(answered, Saved) else screen.keyboard
        self._service.drafts.note_shown(ACCOUNT, screen.draft_id)

    def _tap(self) -> Answered | Begun | None:
        data = [one for one in list_data(self._keyboard) if one and one.startswith(("f:", "go:", "sa:", "ea:"))]
        if not data:
            return self._begin()
        person, chosen = self._person, self._dice.choice(data)
        if chosen.startswith("go:"):
            return answering.resume(self._service, person, ContinueDialogue.unpack(chosen).draft_id)
        if chosen.startswith("sa:"):
            return self._begin(BeginShiftAnew.unpack(chosen).instead_of)
        if chosen.startswith("ea:"):
            anew = EditShiftAnew.unpack(chosen)
            return edit_shift.begin(self._service, person, anew.shift_id, anew.instead_of)
        button = FormButton.unpack(chosen)
        draft_id = button.draft_id
        return answering.press(self._service, person, draft_id, button.revision, button.act, button.value)

    def _type(self) -> Answered | None:
        current = self._service.drafts.find_current(self._person.employee_id)
        before = self._service.drafts.list_open(self._person.employee_id)
        message_id, text = next(self._messages), self._dice.choice(TEXTS)
        answered = answering.type_text(self._service, self._person, message_id, text)
        if current is None:
            assert answered is None
            assert self._service.drafts.list_open(self._person.employee_id) == before
            self.not_taken += bool(before)
        return answered

    def _begin(self, instead_of: str | None = None) -> Asked | Begun:
        self._anew = BeginShiftAnew
        return new_shift.begin(self._service, self._person, instead_of)

    def _edit(self) -> Asked | Begun | None:
        shifts = edit_shift.list_editable(self._service, self._person)
        chosen = self._dice.choice(shifts) if shifts else None
        if chosen is None:
            return None
        self._anew = partial(EditShiftAnew, shift_id=chosen.shift_id)
        return edit_shift.begin(self._service, self._person, chosen.shift_id)

    def _go_on(self) -> Answered | None:
        offered = home.look(self._service, self._person).left
        if not offered:
            return None
        self.resumed += 1
        return answering.resume(self._service, self._person, self._dice.choice(offered).draft_id)

    def _start_now(self) -> None:
        new_shift.start_now(self._service, self._person)

    def _finish_now(self) -> Asked:
        return new_shift.finish_now(self._service, self._person)

    def _look_elsewhere(self) -> None:
        self._service.drafts.note_shown(ACCOUNT, None)

    def _wait(self) -> None:
        self._clock.move(hours=self._dice.randrange(30), minutes=self._dice.randrange(60))


def list_data(keyboard: InlineKeyboardMarkup | None) -> Iterable[str | None]:
    return [button.callback_data for row in keyboard.inline_keyboard for button in row] if keyboard else []


@pytest.mark.parametrize("night", NIGHTS)
@pytest.mark.parametrize("seed", range(3))
def test_any_path_ends_in_refusals_or_receipts_and_the_ledger_holds_what_was_made(
    make_service: Callable[..., PostgresService], clock: SteppingClock, database: dict[str, Any], night: str, seed: int
) -> None:
    clock.now = NIGHTS[night]
    service = make_service(seed=seed)
    person = service.people.join(ACCOUNT, "Alice", "en")
    walker = Walker(service, clock, person, random.Random(seed))
    for _ in range(STEPS):
        walker.step()
    assert walker.saved > 0
    assert walker.refusals > 0
    assert walker.resumed > 0
    assert walker.not_taken > 0
    assert walker.asked_about > 0
    made = sum(shift["Total made"] for shift in service.get_all_shifts())
    assert service.statistics.get_balance(person.employee_id) == made
    open_ones = "SELECT count(*) FROM drafts WHERE state = 'open' GROUP BY kind, data ? 'running_id'"
    assert all(number == 1 for (number,) in fetch_all(database, open_ones))
