"""Running what others wrote: PostgreSQL's own programs, rsync, restic; in bounded time, with no secret in argv."""

import contextlib
import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from psycopg.conninfo import make_conninfo

from backup.errors import BackupError
from own_cluster import list_binaries

DEBIAN_PROGRAMS = Path("/usr/lib/postgresql")
LONGEST_SECONDS = 1800.0
"""For a program that reads or writes a whole dump; a day's work of a team takes seconds."""
_INSTALL = {"rsync": "sudo apt install rsync", "restic": "sudo apt install restic", "ssh": "sudo apt install ssh"}
_NOT_FOR_CHILDREN = (
    "BOT_TOKEN",
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "POSTGRES_PASSWORD",
    "WEBHOOK_SECRET",
    "GOOGLE_SA_JSON",
    "CREDENTIALS_DIRECTORY",
)
_FURTHER_SECRETS = ("sslpassword", "scram_client_key", "oauth_client_secret")


def list_installations() -> dict[int, Path]:
    """The directories of PostgreSQL's programs by major version: Debian's, and those that the project brings along."""
    found = list_binaries()
    for directory in DEBIAN_PROGRAMS.glob("*/bin"):
        if directory.parent.name.isdecimal() and (directory / "pg_dump").exists():
            found[int(directory.parent.name)] = directory
    return found


def find_pg_dump(server_major: int) -> Path:
    """The `pg_dump` nearest to a server and not older, for an older one refuses it. Raises BackupError."""
    found = list_installations()
    fitting = [major for major in found if major >= server_major]
    if not fitting:
        there = ", ".join(map(str, sorted(found))) or "none"
        raise BackupError(
            f"The database runs PostgreSQL {server_major}, and pg_dump of that version or newer is needed (found: "
            f"{there}): sudo apt install postgresql-client-{server_major}"
        )
    return found[min(fitting)] / "pg_dump"


def find_pg_restore() -> Path:
    """The newest `pg_restore`: it reads what any older or equal `pg_dump` wrote. Raises BackupError."""
    found = list_installations()
    if not found:
        raise BackupError("pg_restore is needed: make setup, or sudo apt install postgresql-client")
    return found[max(found)] / "pg_restore"


def describe_connection(params: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """Connection parameters for a program: a connection string without a secret, and what its environment adds.

    `params` are as `Config.get_db_params()` gives them. Raises BackupError for a secret that no program takes safely.
    """
    libpq = {("dbname" if name == "database" else name): value for name, value in params.items()}
    password = libpq.pop("password", None)
    if further := [name for name in _FURTHER_SECRETS if libpq.get(name)]:
        raise BackupError(f"DATABASE_URL has {further[0]}, which pg_dump cannot be given without showing it to others.")
    return make_conninfo(**libpq), {"PGPASSWORD": str(password)} if password else {}


def run_program(
    command: Sequence[str | Path], *, environment: Mapping[str, str] | None = None, seconds: float = LONGEST_SECONDS
) -> str:
    """What it printed. Raises BackupError with its last words, or that it is missing, or was still at work after that.

    It has a process group of its own, which is ended with it: an ssh that hangs too.
    """
    name = Path(command[0]).name
    with tempfile.TemporaryFile() as said, _started(command, environment, subprocess.PIPE, said) as process:
        try:
            printed, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired as error:
            raise BackupError(f"{name} was still at work after {seconds:,.0f} seconds and was ended.") from error
        _require_success(name, process.returncode, said, printed)
    return printed.decode(errors="replace")


@contextlib.contextmanager
def reading_from(command: Sequence[str | Path]) -> Iterator[IO[bytes]]:
    """What a program prints, as it comes. Raises BackupError at the end of the block where the program failed."""
    name = Path(command[0]).name
    with tempfile.TemporaryFile() as said, _started(command, None, subprocess.PIPE, said) as process:
        overdue = threading.Timer(LONGEST_SECONDS, _end, [process])
        overdue.start()
        try:
            if process.stdout is None:
                raise LookupError("a pipe was asked for")
            yield process.stdout
            process.stdout.read()
            process.wait()
        finally:
            overdue.cancel()
        _require_success(name, process.returncode, said, b"")


@contextlib.contextmanager
def _started(
    command: Sequence[str | Path], environment: Mapping[str, str] | None, stdout: int, stderr: IO[bytes]
) -> Iterator["subprocess.Popen[bytes]"]:
    inherited = {name: value for name, value in os.environ.items() if name not in _NOT_FOR_CHILDREN}
    try:
        process = subprocess.Popen(
            list(map(str, command)),
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            env={**inherited, "LC_ALL": "C", **(environment or {})},
            umask=0o077,
            start_new_session=True,
        )
    except FileNotFoundError as error:
        name = Path(command[0]).name
        advice = f": {_INSTALL[name]}" if name in _INSTALL else "."
        raise BackupError(f"The program {name} is not installed{advice}") from error
    except OSError as error:
        raise BackupError(f"{Path(command[0]).name} cannot be started: {error.strerror}.") from error
    try:
        yield process
    finally:
        _end(process)
        process.communicate()


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _tell_status(status: int) -> str:
    return f"it was ended by {signal.Signals(-status).name}" if status < 0 else f"it ended with status {status}"


def _require_success(name: str, status: int, said: IO[bytes], printed: bytes) -> None:
    if status == 0:
        return
    said.seek(0)
    lines = (said.read().strip() or printed.strip()).decode(errors="replace").splitlines()
    words = " / ".join(line.strip() for line in lines[-3:]) or _tell_status(status)
    raise BackupError(f"{name} failed: {words}")
