"""`make doctor` says in a line each what is well and what is not, and what to do."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config import Config
from doctor import Finding, Level, examine
from payroll.schedule import Every
from postgres_service import PostgresService
from repository.due_work import Job
from tests.clock import SteppingClock
from tests.databases import DatabaseServer, connect, fetch_all
from tests.integration.schema.rows import connect_as_owner
from tests.shift_data import make_shift_data

ROOT = Path(__file__).resolve().parents[2]
NO_ENV_FILE = Path("/nonexistent/.env")


@pytest.fixture
def look(database: dict[str, Any]) -> Callable[..., list[Finding]]:
    """Everything that the doctor finds with the test's database, but how the tests' server is made.

    A backup has just been made and copied.
    """
    log_backup(database, "made", None)

    def look_now(env_file: Path = NO_ENV_FILE, **more: Any) -> list[Finding]:
        settings: dict[str, Any] = {"database": database, "bot_token": "1:x", "backup_target": "/mnt/usb", **more}
        found = examine(Config(**settings), env_file)
        return [
            finding
            for finding in found
            if not finding.what.startswith(("data checksums are", "the bot's login"))
            and "a power cut could lose" not in finding.what
        ]

    return look_now


@pytest.fixture
def service(make_service: Callable[..., PostgresService], clock: SteppingClock) -> PostgresService:
    """A service by the computer's own clock, as the doctor's is."""
    clock.now = datetime.now(UTC).replace(microsecond=0)
    return make_service()


def log_backup(database: dict[str, Any], kind: str, error: str | None, *, hours_ago: int = 0) -> None:
    with connect(database) as connection:
        connection.execute(
            "INSERT INTO backup_runs (kind, status, error, started_at, finished_at)"
            " SELECT %s, %s, %s, at, at FROM (SELECT now() - make_interval(hours => %s) AS at) t",
            [kind, "ok" if error is None else "failed", error, hours_ago],
        )


def list_bad(findings: list[Finding]) -> list[tuple[Level, str]]:
    return [(finding.level, finding.what) for finding in findings if finding.level is not Level.OK]


def record_shift(service: PostgresService) -> int:
    yesterday = service.rules.today() - timedelta(days=1)
    return service.create_shift(make_shift_data(day=f"{yesterday:%Y/%m/%d}"))


def test_where_all_is_well_every_line_says_so(look: Callable[..., list[Finding]], service: PostgresService) -> None:
    record_shift(service)
    service.reconciliation.run()
    findings = look()
    assert list_bad(findings) == []
    said = "\n".join(map(str, findings))
    for what in (
        "settings can be read", "tables of version", "the clock says",
        "0 updates wait to be handled, 0 messages to be sent", "the bot checked the books last on",
        "the books agree, looked at just now: 1 shifts, 1 ledger lines",
    ):  # fmt: skip
        assert what in said, said
    assert all(line.startswith("ok    ") for line in said.splitlines())


def test_where_there_is_no_backup_that_is_said_with_what_to_do(
    look: Callable[..., list[Finding]], database: dict[str, Any]
) -> None:
    with connect(database) as connection:
        connection.execute("DELETE FROM backup_runs")
    (found,) = [finding for finding in look() if "backup" in finding.what]
    assert (found.level, found.what) == (Level.WARN, "there is no backup of the database")
    assert found.advice.startswith("make backup")


def test_backups_that_are_old_or_fail_or_never_leave_the_machine_are_named(
    look: Callable[..., list[Finding]], database: dict[str, Any]
) -> None:
    with connect(database) as connection:
        connection.execute("DELETE FROM backup_runs")
    log_backup(database, "made", None, hours_ago=4)
    log_backup(database, "checked", "shiftbot-x.dump is damaged.")
    bad = [line for line in list_bad(look(backup_target=None)) if "backup" in line[1]]
    assert [level for level, _ in bad] == [Level.WARN, Level.FAIL, Level.WARN]
    assert bad[0][1].startswith("the last backup was made on ")
    assert bad[1:] == [
        (Level.FAIL, "backups: shiftbot-x.dump is damaged."),
        (Level.WARN, "the backups are on this machine only"),
    ]


def test_a_server_that_a_power_cut_would_hurt_is_named_with_what_to_do(
    database: dict[str, Any], server: DatabaseServer
) -> None:
    unsafe = [
        one for one in examine(Config(database=database, bot_token="1:x"), NO_ENV_FILE) if "power cut" in one.what
    ]
    settings = fetch_all(
        database,
        "SELECT name || ' = ' || setting FROM pg_settings"
        " WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off'",
    )
    assert len(unsafe) == bool(settings)
    for finding in unsafe:
        assert finding.level is Level.FAIL
        assert all(setting in finding.what for (setting,) in settings)
        assert "postgresql.conf" in finding.advice


def test_whether_the_bots_login_owns_the_tables_is_told(database: dict[str, Any], server: DatabaseServer) -> None:
    def find(params: dict[str, Any]) -> list[tuple[Level, str]]:
        found = examine(Config(database=params, bot_token="1:x"), NO_ENV_FILE)
        return [(one.level, one.advice) for one in found if one.what.startswith("the bot's login")]

    ((level, advice),) = find({**server.maker, "database": database["database"]})
    assert (level, "two logins" in advice) == (Level.WARN, True)
    if server.owner is not None:
        assert find(database) == [(Level.OK, "")]


def test_whether_the_server_has_data_checksums_is_told(database: dict[str, Any]) -> None:
    (told,) = [
        one for one in examine(Config(database=database, bot_token="1:x"), NO_ENV_FILE) if "checksums" in one.what
    ]
    ((setting,),) = fetch_all(database, "SHOW data_checksums")
    assert told.what.startswith(f"data checksums are {setting}")
    assert told.level is (Level.OK if setting == "on" else Level.WARN)


def test_books_that_differ_are_named_without_an_amount(
    look: Callable[..., list[Finding]], service: PostgresService, server: DatabaseServer, database: dict[str, Any]
) -> None:
    shift_id = record_shift(service)
    with connect({**server.maker, "database": database["database"]}) as connection:
        connection.execute("UPDATE shifts SET net_sales = 390")
    bad = list_bad(look())
    assert bad == [
        (Level.FAIL, f"the books differ: shift:{shift_id}: net-sales"),
        (Level.FAIL, f"the books differ: shift:{shift_id}: commissions"),
        (Level.FAIL, "2 differences in all; nothing is closed or paid out"),
    ]


def test_what_waits_and_what_failed_is_told(
    look: Callable[..., list[Finding]], service: PostgresService, clock: SteppingClock, database: dict[str, Any]
) -> None:
    owner = service.people.ensure_owner(9001, "Olga")
    for _ in range(2):
        service.outbox.add(owner.employee_id, "welcome", {})
    fetch_all(
        database,
        "UPDATE outbox SET failed_at = CASE outbox_id WHEN 1 THEN now() END, error = 'blocked',"
        " created_at = now() - interval '1 hour' RETURNING 1",
    )
    fetch_all(
        database,
        "INSERT INTO inbox (update_id, payload, state, error, done_at)"
        " VALUES (1, '{}', 'dead', 'reason', now()) RETURNING 1",
    )

    def break_down(_period: str) -> None:
        raise ZeroDivisionError

    job = Job("statement", Every.DAY, break_down)
    service.due_work.plan(job)
    clock.move(days=1)
    service.due_work.plan(job)
    with pytest.raises(ZeroDivisionError):
        service.due_work.do_next({"statement": job})
    period = service.rules.today() - timedelta(days=1)
    assert list_bad(look()) == [
        # The third is the notice about the work that failed.
        (Level.WARN, "0 updates wait to be handled, 2 messages to be sent, for over ten minutes"),
        (Level.WARN, "1 updates could not be handled"),
        (Level.WARN, "1 messages could not be delivered in the last days"),
        (Level.WARN, f"statement of {period} has failed 1 times"),
    ]


def test_a_clock_that_lies_before_what_is_recorded_fails(
    look: Callable[..., list[Finding]], service: PostgresService, clock: SteppingClock
) -> None:
    clock.move(days=5)
    record_shift(service)
    bad = list_bad(look())
    assert [level for level, _ in bad] == [Level.FAIL]
    assert bad[0][1].startswith("the clock cannot be right: clock:")
    assert any("delete shift 1 (" in finding.advice for finding in look() if finding.advice)


def test_a_bot_that_checks_nothing_any_more_is_noticed(
    look: Callable[..., list[Finding]], service: PostgresService, clock: SteppingClock
) -> None:
    clock.move(hours=-3)
    service.reconciliation.run()
    (finding,) = list_bad(look())
    assert finding[0] is Level.WARN
    assert finding[1].startswith("the bot checked the books last on")


@pytest.mark.parametrize(
    ("status", "error", "hours_ago", "bad"),
    [
        ("ok", None, 0, []),
        ("failed", "quota", 0, ["the mirror failed on"]),
        ("ok", None, 2, ["the mirror ran last on"]),
    ],
)
def test_the_mirrors_last_run_is_told_where_there_is_one(
    look: Callable[..., list[Finding]],
    database: dict[str, Any],
    status: str,
    error: str | None,
    hours_ago: int,
    bad: list[str],
) -> None:
    mirrored = {"spreadsheet_id": "sheet"}
    assert [what for _, what in list_bad(look(**mirrored))] == ["the mirror has never run"]
    fetch_all(
        database,
        "INSERT INTO sync_log (sync_type, direction, status, error, started_at, finished_at)"
        " VALUES ('mirror', 'push', %s, %s, now() - %s * interval '1 hour', now()) RETURNING id",
        status, error, hours_ago,
    )  # fmt: skip
    assert [what.rsplit(" on ", 1)[0] + " on" for _, what in list_bad(look(**mirrored))] == bad


def test_settings_that_others_can_read_are_told(look: Callable[..., list[Finding]], tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("BOT_TOKEN=1:x\n")
    env_file.chmod(0o644)
    (finding,) = list_bad(look(env_file=env_file))
    assert finding == (Level.WARN, ".env can be read by others (mode 0644)")
    env_file.chmod(stat.S_IRUSR | stat.S_IWUSR)
    assert list_bad(look(env_file=env_file)) == []


def test_a_database_that_is_not_there_fails_with_what_to_do() -> None:
    nowhere = {"host": "127.0.0.1", "port": 9, "database": "x", "user": "x", "password": "canary"}
    findings = list(examine(Config(database=nowhere, bot_token="1:x"), NO_ENV_FILE))
    assert [finding.level for finding in findings if finding.what.startswith("database: ")] == [Level.FAIL]
    assert "canary" not in "".join(map(str, findings))


def test_tables_of_an_older_program_fail(
    look: Callable[..., list[Finding]], server: DatabaseServer, database: dict[str, Any]
) -> None:
    with connect({**server.maker, "database": database["database"]}) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    (finding,) = list_bad(look())
    assert finding[0] is Level.FAIL
    assert "tables of version 1, not " in finding[1]


def test_a_shift_of_an_older_version_with_a_mistyped_year_is_named(
    look: Callable[..., list[Finding]], server: DatabaseServer, database: dict[str, Any], service: PostgresService
) -> None:
    shift_id = service.create_shift(make_shift_data(day=f"{service.rules.today() - timedelta(days=2):%Y/%m/%d}"))
    with connect_as_owner(database, server) as connection:
        connection.execute(
            "UPDATE shifts SET is_date_kept = true, shift_date = '1926-11-29' WHERE shift_id = %s", [shift_id]
        )
    found = [finding.what for finding in look() if finding.level is Level.WARN]
    assert f"shift {shift_id} is dated 1926/11/29: its pay period is open, and no later one can be closed" in found


def run_doctor(**settings: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "doctor.py"], cwd=ROOT, env={**os.environ, **settings}, capture_output=True, text=True,
        timeout=90, check=False,
    )  # fmt: skip


def test_with_nothing_configured_all_is_well(run_dir: Path) -> None:
    done = run_doctor(DATA_DIR=str(run_dir / "doctor"))
    assert done.stderr == ""
    assert done.returncode == 0, done.stdout
    assert "database: shiftbot on" in done.stdout
    assert not (run_dir / "doctor" / "postgres" / "postmaster.pid").exists()


def test_settings_that_cannot_be_used_are_named_and_the_exit_status_says_so() -> None:
    done = run_doctor(PAY_DAYS="40", TIMEZONE="Mars/Olympus")
    assert done.returncode == 1
    assert [line[:20] for line in done.stdout.splitlines() if line.startswith("FAIL")] == [
        "FAIL  settings: TIME", "FAIL  settings: PAY_",
    ]  # fmt: skip
