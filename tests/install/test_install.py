"""deploy/install.sh in a fresh Debian, from nothing to an upgrade that fails: everything is real but process 1.

In the order in which it happens to a machine: each test goes on where the one before it stopped.
"""

import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.client import Emulator, Person
from tests.bot.processes import find_free_port
from tests.bot.shifts import record
from tests.install.root import ROOT, Debian, find_missing, open_debian

SUITE = os.environ.get("SUITE") or "bookworm"
TOKEN = "4242424242:AAcanaryCANARYcanaryCANARYcanary1234"
INSTALL = "/src/deploy/install.sh"
# What a machine writes by itself: processes, logs, and the server's own files, of which the catalog is compared.
LISTING = r"""
find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp -o -path /var/log \
    -o -path /var/lib/postgresql -o -path /var/lib/shift-bot/backups -o -path /src \) -prune \
    -o -printf '%y %m %u:%g %p %l\n' -type f -exec sha256sum {} +
"""
DUMPS = (("pg_dumpall", "--globals-only"), ("pg_dump", "--schema-only", "--create", "shiftbot"))
SERVER = "SELECT name, setting FROM pg_settings WHERE source = 'configuration file' ORDER BY name"
FACTS = "SELECT m.*, v.* FROM schema_metadata m, alembic_version v ORDER BY key"


@pytest.fixture(scope="module", autouse=True)
def has_all() -> None:
    missing = find_missing()
    if missing is not None:
        pytest.fail(missing, pytrace=False)


@pytest.fixture(scope="module")
def debian(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Debian]:
    folder = tmp_path_factory.mktemp("debian")
    folder.chmod(0o755)
    with open_debian(folder, SUITE) as made:
        copy_program(made)
        yield made
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def health_port() -> int:
    return find_free_port()


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """Telegram, one and the same for all that happens to the machine."""
    command = [sys.executable, "-m", "playground", "--port", "0", "--token", TOKEN, "--user", "9001:Olga"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = re.search(r"TELEGRAM_API_URL=(\S+)", process.stdout.readline() + process.stdout.readline())
        assert found is not None
        yield Emulator(found[1], TOKEN)
        process.terminate()


def copy_program(debian: Debian) -> None:
    """What is in this work tree, as a checkout on the machine."""
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.split(b"\0")
    for name in filter(None, names):
        source, target = ROOT / os.fsdecode(name), debian.folder / "src" / os.fsdecode(name)
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)


def describe(debian: Debian) -> str:
    """All files with their rights and checksums, and what is in the database's catalog."""
    dumps = [debian.ask("runuser", "-u", "postgres", "--", *command) for command in DUMPS]
    catalog = [line for dump in dumps for line in dump.splitlines() if not re.match(r"\\(un)?restrict ", line)]
    return "\n".join([debian.ask("sh", "-c", LISTING), *catalog, debian.sql(SERVER), debian.sql(FACTS, "shiftbot")])


async def greet(emulator: Emulator) -> Person:
    """The admin writes and gets the menu."""
    olga = emulator.person(9001)
    await olga.send("/start")
    assert "Create shift" in (await olga.screen()).buttons
    return olga


def read_version(debian: Debian) -> str:
    return Path(debian.ask("readlink", "/opt/shift-bot/current")).name


# --- the first time --------------------------------------------------------------------------------------------------


def test_a_dry_run_says_what_it_would_do_and_changes_nothing(debian: Debian) -> None:
    before = debian.ask("sh", "-c", LISTING)
    done = debian.run(INSTALL, "--dry-run")
    assert done.status == 0, done.said
    for words in ("would install python3-venv postgresql", "would make the system account shiftbot", "would enable"):
        assert words in done.said
    assert debian.ask("sh", "-c", LISTING) == before


def test_without_a_token_it_says_so_and_has_changed_nothing(debian: Debian) -> None:
    before = debian.ask("sh", "-c", LISTING)
    done = debian.run(INSTALL)
    assert (done.status, done.said.count("\n")) == (1, 1)
    assert done.said.startswith("install.sh: BOT_TOKEN is not known")
    assert debian.ask("sh", "-c", LISTING) == before


def test_one_command_installs_everything(debian: Debian, emulator: Emulator, health_port: int) -> None:
    (debian.folder / "root/token").write_text(f"{TOKEN}\n")
    settings = {"ADMIN_IDS": "9001", "HEALTH_LISTEN": f"127.0.0.1:{health_port}", "TELEGRAM_API_URL": emulator.api_url}
    # With the umask of a root who keeps things to himself.
    private = ("sh", "-c", 'umask 077 && exec "$0" "$@"')
    done = debian.run(*private, INSTALL, "--token-file", "/root/token", **settings)
    assert done.status == 0, done.said
    print(done.said)
    assert "systemd is not at work here" in done.said
    assert TOKEN not in done.said


def test_the_server_keeps_what_it_confirms(debian: Debian) -> None:
    for name in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"):
        assert debian.sql(f"SHOW {name}") == "on", name
    assert debian.sql("SELECT count(*) FROM pg_file_settings WHERE error IS NOT NULL") == "0"
    assert debian.sql("SELECT count(*) FROM pg_settings WHERE pending_restart") == "0"
    assert debian.sql("SHOW shared_buffers") == "256MB"


def test_the_bots_role_is_no_superuser_and_owns_no_table(debian: Debian) -> None:
    roles = "SELECT rolname, rolcanlogin, rolsuper, rolinherit, rolcreaterole FROM pg_roles WHERE rolname ~ 'shiftbot'"
    assert sorted(debian.sql(roles).splitlines()) == ["shiftbot_owner|t|f|t|f", "shiftbot|t|f|f|f"]
    owners = "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
    assert debian.sql(owners, "shiftbot") == "shiftbot_owner"


def test_nobody_but_the_bots_account_gets_into_the_database(debian: Debian) -> None:
    as_bot = ("psql", "-X", "-At", "-d", "shiftbot", "-U", "shiftbot", "-c", "SELECT current_user")
    assert debian.ask("runuser", "-u", "shiftbot", "--", *as_bot) == "shiftbot"
    refused = debian.run("runuser", "-u", "nobody", "--", *as_bot)
    assert refused.status != 0
    assert "Peer authentication failed" in refused.said
    debian.ask("useradd", "--system", "somebody")
    debian.ask("runuser", "-u", "postgres", "--", "createuser", "somebody")
    stranger = debian.run("runuser", "-u", "somebody", "--", "psql", "-X", "-d", "shiftbot", "-c", "SELECT 1")
    assert "permission denied for database" in stranger.said
    debian.ask("runuser", "-u", "postgres", "--", "dropuser", "somebody")
    debian.ask("userdel", "somebody")


def test_settings_and_data_are_the_accounts_alone_and_the_program_is_nobodys(debian: Debian) -> None:
    listed = debian.ask("stat", "-c", "%a %U:%G %n", "/etc/shift-bot", "/etc/shift-bot/env", "/var/lib/shift-bot")
    assert listed.splitlines() == [
        "750 root:shiftbot /etc/shift-bot", "600 shiftbot:shiftbot /etc/shift-bot/env",
        "700 shiftbot:shiftbot /var/lib/shift-bot",
    ]  # fmt: skip
    assert debian.ask("find", "/opt/shift-bot", "!", "-user", "root", "-o", "-perm", "/022", "!", "-type", "l") == ""
    assert f"BOT_TOKEN={TOKEN}" in debian.read("/etc/shift-bot/env")


def test_units_are_there_and_enabled(debian: Debian) -> None:
    for unit in (ROOT / "systemd").iterdir():
        assert debian.read(f"/etc/systemd/system/{unit.name}") == unit.read_text()
    wanted = ("shift-bot.service", "shift-bot-backup.timer", "shift-bot-restore-check.timer")
    assert debian.ask("systemctl", "is-enabled", *wanted).split() == ["enabled"] * 3
    assert debian.run("systemctl", "is-enabled", "shift-bot-mirror.timer").said.strip() == "disabled"
    assert debian.run("systemd-analyze", "verify", "/etc/systemd/system/shift-bot.service").said == ""


def test_the_second_run_changes_nothing(debian: Debian) -> None:
    before = describe(debian)
    done = debian.run(INSTALL)
    assert done.status == 0, done.said
    assert re.fullmatch(r"Nothing to do: version [0-9a-f]{12} is installed\.\n", done.said)
    assert describe(debian) == before
    print(f"{len(before.splitlines()):,} lines of files and catalog are the same")


async def test_the_bot_answers(debian: Debian, emulator: Emulator) -> None:
    with debian.running("shift-bot", "-m", "bot"):
        debian.ask("sh", "-c", "for i in $(seq 60); do shift-bot -m deploy.health && exit; sleep 1; done; exit 1")
        olga = await greet(emulator)
        assert (
            "You made $160.00"
            in (await record(olga, {"Model A": "500"}, day="Yesterday", start="9 AM", end="5 PM")).text
        )


def test_backups_are_made_and_can_be_restored_as_the_timers_do(debian: Debian) -> None:
    ask_command = "from installation import name_command; print(name_command('backup'))"
    told = debian.ask("shift-bot", "-c", ask_command)
    assert told == "sudo shift-bot -m backup make --now"
    debian.ask(*told.split()[1:])
    assert "every count, sum and hash is as it was" in debian.ask("shift-bot", "-m", "backup", "check")


# --- with something in the place of systemd --------------------------------------------------------------------------


async def test_where_systemd_is_at_work_the_same_command_starts_the_bot(debian: Debian, emulator: Emulator) -> None:
    debian.ask("mkdir", "-p", "/run/systemd/system")
    target = debian.folder / "usr/local/sbin/systemctl"
    shutil.copy(Path(__file__).with_name("systemctl.py"), target)
    target.chmod(0o755)
    done = debian.run(INSTALL)
    assert done.status == 0, done.said
    assert "start the bot" in done.said
    assert "start shift-bot-backup.timer" in done.said
    await greet(emulator)
    environ = debian.ask("sh", "-c", "cat /proc/$(pgrep -u shiftbot -f 'python -m bot')/environ | tr '\\0' '\\n'")
    assert "CREDENTIALS_DIRECTORY=" in environ
    assert TOKEN not in environ
    assert "Nothing to do" in debian.run(INSTALL).said


def change_program(debian: Debian, path: str, old: str, new: str) -> None:
    place = debian.folder / "src" / path
    text = place.read_text()
    assert old in text
    place.write_text(text.replace(old, new, 1))


async def test_an_upgrade_makes_a_dump_and_starts_the_new_version(debian: Debian, emulator: Emulator) -> None:
    before = read_version(debian)
    change_program(debian, "bot/__main__.py", '"""`python -m bot`', '"""A newer `python -m bot`')
    done = debian.run(INSTALL)
    assert done.status == 0, done.said
    print(done.said)
    assert "dump the database" in done.said
    after = read_version(debian)
    assert (after == before, Path(debian.ask("readlink", "/opt/shift-bot/previous")).name) == (False, before)
    assert "install the pinned packages" not in done.said  # they are the same, and shared
    await greet(emulator)


async def test_one_command_goes_back(debian: Debian, emulator: Emulator) -> None:
    before, after = (Path(debian.ask("readlink", f"/opt/shift-bot/{name}")).name for name in ("previous", "current"))
    done = debian.run(INSTALL, "--rollback")
    assert done.status == 0, done.said
    assert (read_version(debian), Path(debian.ask("readlink", "/opt/shift-bot/previous")).name) == (before, after)
    await greet(emulator)


async def test_a_version_that_does_not_get_well_goes_by_itself(debian: Debian, emulator: Emulator) -> None:
    before = read_version(debian)
    change_program(debian, "bot/run.py", "    vitals = Vitals()\n", '    raise RuntimeError("broken")\n')
    done = debian.run(INSTALL, "--wait", "20")
    assert done.status == 1
    assert f"version {before} runs as before" in done.said, done.said
    assert read_version(debian) == before
    await greet(emulator)


async def test_a_version_that_does_not_get_well_leaves_the_tables_and_the_data_as_they_were(
    debian: Debian, emulator: Emulator
) -> None:
    before, shifts = read_version(debian), debian.sql("SELECT * FROM shifts", "shiftbot")
    schema = debian.sql("SELECT version_num FROM alembic_version", "shiftbot")
    add_migration(debian, schema)
    done = debian.run(INSTALL, "--wait", "20")
    assert done.status == 1
    assert "put the data of" in done.said, done.said
    assert debian.sql("SELECT version_num FROM alembic_version", "shiftbot") == schema
    assert debian.sql("SELECT * FROM shifts", "shiftbot") == shifts != ""
    assert read_version(debian) == before
    assert debian.ask("sh", "-c", "ls /var/lib/shift-bot/backups/before-rollback-*.dump")
    await greet(emulator)


async def test_going_back_over_a_migration_asks_whether_the_data_of_then_are_meant(
    debian: Debian, emulator: Emulator
) -> None:
    before = read_version(debian)
    change_program(debian, "bot/run.py", '    raise RuntimeError("broken")\n', "    vitals = Vitals()\n")
    assert debian.run(INSTALL).status == 0
    await greet(emulator)
    refused = debian.run(INSTALL, "--rollback")
    assert refused.status == 1
    assert "add --with-dump" in refused.said
    done = debian.run(INSTALL, "--rollback", "--with-dump")
    assert done.status == 0, done.said
    assert read_version(debian) == before
    assert debian.sql("SELECT count(*) FROM shifts", "shiftbot") == "1"


async def test_after_an_upgrade_of_debian_the_packages_of_the_old_version_are_not_needed(
    debian: Debian, emulator: Emulator
) -> None:
    """As from 12 to 13: the Python of the old version's packages is another one now, which finds none of them."""
    before = read_version(debian)
    debian.ask("python3", "-m", "venv", "--without-pip", "/opt/shift-bot/environments/gone")
    debian.ask("ln", "-sfn", "/opt/shift-bot/environments/gone", f"/opt/shift-bot/releases/{before}/.venv")
    assert debian.run("shift-bot", "doctor.py").status != 0
    change_program(debian, "bot/__main__.py", '"""A newer', '"""An even newer')
    done = debian.run(INSTALL)
    assert done.status == 0, done.said
    assert read_version(debian) != before
    await greet(emulator)
    refused = debian.run(INSTALL, "--rollback")
    assert refused.status == 1
    assert "for another Python" in refused.said
    await greet(emulator)


def test_only_the_dumps_of_the_versions_that_there_are_stay(debian: Debian) -> None:
    names = debian.ask("sh", "-c", "cut -d' ' -f3- /opt/shift-bot/releases/*/.came-from").splitlines()
    found = debian.ask("sh", "-c", "ls /var/lib/shift-bot/backups/before-upgrade-*.dump").splitlines()
    assert sorted(found) == sorted({*names})
    assert 0 < len(found) <= 2


def add_migration(debian: Debian, newest: str) -> None:
    number = f"{int(newest) + 1:04d}"
    text = f'''
        """One table more."""

        from alembic import op

        revision = "{number}"
        down_revision = "{newest}"


        def upgrade() -> None:
            op.execute("CREATE TABLE one_more (id bigint)")
    '''
    place = debian.folder / f"src/sql/migrations/versions/{number}_one_more.py"
    place.write_text(textwrap.dedent(text).lstrip())


# --- away ------------------------------------------------------------------------------------------------------------


async def test_the_uninstall_leaves_the_data_and_says_where(debian: Debian, emulator: Emulator) -> None:
    debian.ask("mkdir", "-p", "/var/lib/systemd/timers")
    debian.ask("touch", "/var/lib/systemd/timers/stamp-shift-bot-backup.timer")
    kept = ("sh", "-c", "find /var/lib/shift-bot /etc/shift-bot -type f | sort | xargs sha256sum")
    shifts = debian.sql("SELECT * FROM shifts", "shiftbot")
    debian.ask("systemctl", "stop", "shift-bot.service")
    before = debian.ask(*kept)
    done = debian.run(INSTALL, "--uninstall")
    assert done.status == 0, done.said
    for place in ("shiftbot in PostgreSQL", "/etc/shift-bot/env", "/var/lib/shift-bot"):
        assert place in done.said
    assert "/conf.d/shift-bot.conf" in done.said
    stamps = "/var/lib/systemd/timers/stamp-shift-bot*"
    left = f"ls -d {stamps} /opt/shift-bot /usr/local/bin/shift-bot /etc/systemd/system/shift-bot* 2>/dev/null"
    assert debian.run("sh", "-c", left).said == ""
    assert debian.run("pgrep", "-f", "python -m bot").said == ""
    assert debian.ask(*kept) == before
    assert debian.sql("SELECT * FROM shifts", "shiftbot") == shifts != ""


async def test_installed_again_it_goes_on_with_them(debian: Debian, emulator: Emulator) -> None:
    done = debian.run(INSTALL)
    assert done.status == 0, done.said
    await greet(emulator)
    assert debian.sql("SELECT total_made FROM shifts", "shiftbot") == "160.00"


# --- a new card ------------------------------------------------------------------------------------------------------


async def test_a_backup_is_restored_on_a_new_card_before_the_bot_runs(
    debian: Debian, emulator: Emulator, health_port: int
) -> None:
    debian.ask("shift-bot", "-m", "backup", "make", "--now")
    take_card_away(debian)
    settings = {"ADMIN_IDS": "9001", "HEALTH_LISTEN": f"127.0.0.1:{health_port}", "TELEGRAM_API_URL": emulator.api_url}
    done = debian.run(INSTALL, "--token-file", "/root/token", "--restore", "/mnt/my usb", **settings)
    assert done.status == 0, done.said
    print(done.said)
    assert done.said.index("- restore the backup /mnt/my usb into the database") < done.said.index("- start the bot")
    assert "every count, sum and hash is as it was" in done.said
    await greet(emulator)
    assert debian.sql("SELECT total_made FROM shifts", "shiftbot") == "160.00"
    assert "restore-" not in debian.ask("ls", "/var/lib/shift-bot")


def take_card_away(debian: Debian) -> None:
    """What is left is a disk with the newest backups, of an account and a mode that are another machine's."""
    debian.ask("mkdir", "-p", "/mnt/my usb")
    debian.ask("sh", "-c", "cp /var/lib/shift-bot/backups/shiftbot-* '/mnt/my usb/'")
    debian.ask("sh", "-c", "chmod 0600 '/mnt/my usb'/* && chmod 0700 '/mnt/my usb' && chown -R 4711:4711 '/mnt/my usb'")
    debian.ask(INSTALL, "--uninstall")
    debian.ask("runuser", "-u", "postgres", "--", "dropdb", "shiftbot")
    debian.ask("rm", "-rf", "/var/lib/shift-bot", "/etc/shift-bot")


def test_nothing_is_restored_over_what_is_there(debian: Debian) -> None:
    shifts = debian.sql("SELECT * FROM shifts", "shiftbot")
    refused = debian.run(INSTALL, "--restore", "/mnt/my usb")
    assert refused.status == 1
    assert refused.said.startswith("install.sh: --restore is for a database that is empty, and the bot works with this")
    debian.ask("systemctl", "stop", "shift-bot.service")
    refused = debian.run(INSTALL, "--restore", "/mnt/my usb")
    assert refused.status == 1
    assert "The database shiftbot is not empty" in refused.said
    assert "without --restore" in refused.said
    assert debian.sql("SELECT * FROM shifts", "shiftbot") == shifts != ""
    assert "restore-" not in debian.ask("ls", "/var/lib/shift-bot")
    assert debian.run(INSTALL).status == 0


def test_backups_on_another_disk_can_be_written_and_are_told_in_a_dry_run(debian: Debian) -> None:
    target = {"BACKUP_TARGET": "restic:/mnt/my usb/repo"}
    assert "would let shift-bot write to the places of the backups" in debian.ask(INSTALL, "--dry-run", **target)
    debian.ask(INSTALL, **target)
    drop_in = "/etc/systemd/system/shift-bot-backup.service.d/backup-places.conf"
    assert debian.read(drop_in) == '[Service]\nReadWritePaths="-/mnt/my usb/repo"\n'
    assert debian.run("systemd-analyze", "verify", "/etc/systemd/system/shift-bot-backup.service").said == ""
    assert "Nothing to do" in debian.run(INSTALL, "--dry-run").said
    refused = debian.run(INSTALL, BACKUP_TARGET="/home/pi/backups")
    assert refused.status == 1
    assert "BACKUP_TARGET is /home/pi/backups, which the services cannot see" in refused.said
