"""What the database server says of itself: its version, and whether what it confirms survives a power cut."""

from dataclasses import dataclass
from datetime import datetime

from repository.database import Database, unit_of_work
from repository.health import HealthFigures
from repository.outbox import Outbox

_FACT = "unsafe_settings"
_UNSAFE = {"fsync": ("off",), "full_page_writes": ("off",), "synchronous_commit": ("off",)}


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """A server as a connection of the bot finds it. `unsafe_settings` reads like `fsync = off`; `now` is its clock.

    `is_owner`: the bot's login owns the tables, or may become who does (TECH T19).
    """

    version: str
    unsafe_settings: tuple[str, ...]
    has_checksums: bool
    now: datetime
    is_owner: bool


class Server:
    """The door to these facts."""

    def __init__(self, database: Database, health: HealthFigures, outbox: Outbox) -> None:
        self._database = database
        self._health = health
        self._outbox = outbox

    def get(self) -> ServerFacts:
        """The facts of this moment. Raises UnavailableError."""
        version, settings, now, is_owner = self._database.fetch_all("select_server_facts")[0]
        unsafe = tuple(f"{name} = {settings[name]}" for name, values in _UNSAFE.items() if settings[name] in values)
        return ServerFacts(version, unsafe, settings["data_checksums"] == "on", now, is_owner)

    @unit_of_work
    def tell_if_unsafe(self) -> None:
        """Leave the admins a notice where a power cut would lose what was confirmed; again only where that changes."""
        unsafe = self.get().unsafe_settings
        if (self._health.find_fact(_FACT) or "") == ", ".join(unsafe):
            return
        self._health.put_fact(_FACT, ", ".join(unsafe))
        if unsafe:
            self._outbox.add_for_admins("unsafe_database", {"settings": unsafe})
