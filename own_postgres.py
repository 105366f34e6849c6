"""The PostgreSQL that comes along: start it, share it, stop it (SPEC 9, TECH T2 to T4).

Where no database is configured, every entry point takes a `lease` on the cluster in `DATA_DIR/postgres`. The first one
starts the server, all share it, the last one out stops it. The kernel counts the users: each process holds a shared
`flock` on `postgres.users`, so one that was killed counts no more, and the next one out stops what it left running.

By hand: `python own_postgres.py stop|status [DATA_DIR]`.
"""

import atexit
import contextlib
import fcntl
import os
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from own_cluster import (
    OWNER,
    PORT,
    SUPERUSER,
    USER,
    Cluster,
    OwnPostgresError,
    Server,
    StartOptions,
    belongs_to_another,
)
from program import run

__all__ = ["DATABASE", "OWNER", "USER", "Lease", "OwnPostgresError", "find_server", "lease", "stop"]

DATABASE = "shiftbot"


@dataclass(slots=True, eq=False)
class _Hold:
    """This process's share in one cluster, for as long as any lease stands on it."""

    cluster: Cluster
    users_fd: int
    """The users file, locked shared."""
    leases: int = 0
    pid: int = 0
    """The server last seen, on which `databases` are known to exist."""
    databases: set[str] = field(default_factory=set)


_process_lock = threading.RLock()
_holds: dict[Path, _Hold] = {}


class Lease:
    """The right to use a database of the own server until `release()`, or until the process ends."""

    def __init__(self, hold: _Hold, database: str, options: StartOptions, socket_dir: Path) -> None:
        self._hold: _Hold | None = hold
        self._database = database
        self._options = options
        self._socket_dir = socket_dir

    @property
    def params(self) -> dict[str, Any]:
        """Connection parameters of the bot's role: host (the socket's directory), port, database, user, password."""
        return self._build_params(self._database, USER)

    @property
    def superuser_params(self) -> dict[str, Any]:
        """The same for the superuser and its database `postgres`; for tests, which make databases."""
        return self._build_params(SUPERUSER, SUPERUSER)

    def ensure_running(self) -> None:
        """Start the server again if it was stopped or killed meanwhile. Raises OwnPostgresError."""
        with _process_lock:
            hold = self._hold
            if hold is None or _holds.get(hold.cluster.data_dir) is not hold:
                raise OwnPostgresError("this lease on the project's own PostgreSQL has been released")
            self._socket_dir = _ensure_database(hold, self._database, self._options)

    def make_anew(self) -> None:
        """Drop the database with all that is in it and make it again, empty.

        Raises OwnPostgresError, also where anybody is connected to it.
        """
        with _process_lock:
            self.ensure_running()
            hold = self._hold
            if hold is not None:
                with _exclusively(hold.cluster):
                    hold.cluster.drop_database(hold.cluster.ensure_server(self._options), self._database)
                hold.databases.discard(self._database)
            self.ensure_running()

    def release(self) -> None:
        """Give the lease back (again: nothing). The last lease of the last process stops the server."""
        with _process_lock:
            hold, self._hold = self._hold, None
            if hold is None or _holds.get(hold.cluster.data_dir) is not hold:
                return
            hold.leases -= 1
            if hold.leases == 0:
                _let_go(hold)

    def _build_params(self, database: str, user: str) -> dict[str, Any]:
        return {"host": str(self._socket_dir), "port": PORT, "database": database, "user": user, "password": ""}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def lease(
    data_dir: Path, database: str = DATABASE, settings: Mapping[str, str] | None = None, *, major: int | None = None
) -> Lease:
    """Make sure that the server runs and has the database, and keep it until the lease is released.

    Safe from any number of processes and threads at once. `settings` (such as `{"fsync": "off"}`) count only for the
    call that starts the server, `major` (PostgreSQL's version, 16 or 18; the newer by default) for the one that makes
    the cluster. Raises OwnPostgresError.
    """
    cluster = Cluster(Path(data_dir).absolute())
    options = StartOptions(dict(settings or {}), major)
    with _process_lock:
        hold = _holds.get(cluster.data_dir) or _take_hold(cluster)
        with contextlib.ExitStack() as unless_there:
            if hold.leases == 0:
                unless_there.callback(_let_go, hold)
            socket_dir = _ensure_database(hold, database, options)
            unless_there.pop_all()
        hold.leases += 1
        return Lease(hold, database, options, socket_dir)


def stop(data_dir: Path) -> bool:
    """Stop the server of this data directory, whoever uses it; True if one ran. Raises OwnPostgresError."""
    cluster = Cluster(Path(data_dir).absolute())
    if not cluster.has_data_dir():
        return False
    with _exclusively(cluster):
        server = cluster.find_server()
        if server is not None:
            cluster.shut_down(server)
        return server is not None


def find_server(data_dir: Path) -> Server | None:
    """The server that runs for this data directory, if one does."""
    return Cluster(Path(data_dir).absolute()).find_server()


def _ensure_database(hold: _Hold, database: str, options: StartOptions) -> Path:
    """The directory of the socket at which the database can be reached now."""
    with _exclusively(hold.cluster):
        server = hold.cluster.ensure_server(options)
        if server.pid != hold.pid or database not in hold.databases:
            server = hold.cluster.ensure_database(options, database)
        if server.pid != hold.pid:
            hold.pid, hold.databases = server.pid, set()
        hold.databases.add(database)
        return server.socket_dir


def _take_hold(cluster: Cluster) -> _Hold:
    cluster.make_data_dir()
    users_fd = _open_lock_file(cluster.data_dir / "postgres.users")
    fcntl.flock(users_fd, fcntl.LOCK_SH)
    hold = _holds[cluster.data_dir] = _Hold(cluster, users_fd)
    return hold


def _let_go(hold: _Hold) -> None:
    """Give up the hold. Whoever can lock the users file exclusively then is the last one out and stops the server."""
    del _holds[hold.cluster.data_dir]
    try:
        if hold.cluster.has_data_dir():
            with _exclusively(hold.cluster):
                server = hold.cluster.find_server() if _is_last_one(hold) else None
                if server is not None:
                    hold.cluster.shut_down(server)
    finally:
        os.close(hold.users_fd)


def _is_last_one(hold: _Hold) -> bool:
    try:
        fcntl.flock(hold.users_fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def _exclusively(cluster: Cluster) -> Iterator[None]:
    """One process at a time starts or stops the server. Taken after the lock on the users file, never before."""
    fd = _open_lock_file(cluster.data_dir / "postgres.lock")
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


def _open_lock_file(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except PermissionError as error:
        raise belongs_to_another(path) from error


def _let_go_of_all() -> None:
    with _process_lock:
        for hold in list(_holds.values()):
            _let_go(hold)


def _forget_all() -> None:
    """In a forked child: the holds are the parent's; the child takes its own when it asks for a lease."""
    global _process_lock
    _process_lock = threading.RLock()
    for hold in _holds.values():
        os.close(hold.users_fd)
    _holds.clear()


atexit.register(_let_go_of_all)
os.register_at_fork(after_in_child=_forget_all)


def main(arguments: Sequence[str]) -> int:
    """`stop` or `status`, and the data directory (`data` beside this file by default); the exit status."""
    data_dir = Path(arguments[1]) if len(arguments) == 2 else Path(__file__).resolve().parent / "data"
    command = arguments[0] if len(arguments) in (1, 2) else None
    if command == "stop":
        print("PostgreSQL stopped" if stop(data_dir) else "PostgreSQL was not running")
    elif command == "status":
        server = find_server(data_dir)
        print(f"PostgreSQL runs: process {server.pid}, {server.state}" if server else "PostgreSQL is not running")
    else:
        print("usage: python own_postgres.py stop|status [DATA_DIR]", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    run(lambda: main(sys.argv[1:]))
