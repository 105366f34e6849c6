"""What a bot is started with by the fork server: one line of JSON."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Order:
    """A bot to run: its database and Bot API, its clock, and where it dies.

    `target` is the named point at which it dies when reaching it for the `nth` time, or at any point after `patience`
    seconds; "" to live on. `clock_base` is unix time: the business clock starts there at `clock_start` (unix time on
    this machine's clock) and runs `clock_speed` times as fast, up to `clock_end`. With `sleep_speed` its timers and its
    monotonic clock run so many times faster. `is_paced`: it keeps to Telegram's limits on messages. `constants` are set
    before it starts, `module:NAME` by value.
    """

    database: dict[str, Any]
    api_url: str
    token: str
    log: str
    clock_base: float
    clock_start: float
    clock_speed: float
    clock_end: float
    seed: int
    target: str = ""
    nth: int = 1
    patience: float = 1.0
    sleep_speed: float = 1.0
    is_paced: bool = False
    constants: dict[str, float] = field(default_factory=dict)

    def dump(self) -> str:
        """The order as a line."""
        return json.dumps(asdict(self)) + "\n"

    @classmethod
    def load(cls, line: str) -> Self:
        """The order of a line."""
        return cls(**json.loads(line))
