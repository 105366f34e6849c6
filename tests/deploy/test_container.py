"""The container's files, and what they run: here without an engine, as another user, in a tree that is read-only."""

import asyncio
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml

from own_cluster import _can_unshare
from tests.bot.far import start_far_emulator
from tests.bot.processes import BotProcess, find_free_port
from tests.databases import connect, fetch_all
from tests.deploy.image import (
    ROOT,
    clear_away,
    find_last,
    lay_out,
    list_context,
    read_environment,
    read_stages,
)
from tests.deploy.servers import RemoteServer, open_remote_server

TOKEN = "4242424242:AAcanaryCANARYcanaryCANARYcanary1234"
STAGES = read_stages((ROOT / "Dockerfile").read_text(encoding="utf-8"))
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
BUILD, FINAL = STAGES[0], STAGES[-1]
IN_THE_IMAGE = "/opt/shift-bot"


# --- what the files say ----------------------------------------------------------------------------------------------


def test_every_image_is_pinned_by_its_version() -> None:
    images = [find_last(stage, "FROM").rest.split()[0] for stage in STAGES]
    images += [one["image"] for one in COMPOSE["services"].values() if "build" not in one]
    assert len(set(images[:2])) == 1, "what was built for one Python would run on another"
    for image in images:
        assert re.fullmatch(r"[a-z]+:\d+\.\d+(\.\d+)?-(slim-)?bookworm", image), image


def test_only_pins_with_hashes_are_installed_and_only_where_the_image_is_built() -> None:
    (install,) = [one.rest for one in BUILD if one.name == "RUN" and " install " in one.rest and "pip" in one.rest]
    assert {"--require-hashes", "--no-deps", "--only-binary"} <= set(install.split())
    assert install.endswith("-r requirements.txt")
    assert "requirements-dev" not in install
    final = " ".join(one.rest for one in FINAL if one.name == "RUN")
    assert not re.search(r"apt|gcc|build-essential|pip install|curl|wget", final)
    assert "pip uninstall" in final


def test_the_image_runs_as_a_numbered_user_who_is_not_root_and_owns_none_of_the_program() -> None:
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", find_last(FINAL, "USER").rest)
    copied = [one.rest for one in FINAL if one.name == "COPY"]
    assert copied
    assert not any("--chown" in one for one in copied)
    assert all(one.startswith("--from=build ") for one in copied)
    user, _, group = find_last(FINAL, "USER").rest.partition(":")
    made = " ".join(one.rest for one in FINAL if one.name == "RUN")
    assert f"groupadd --system --gid {group} shift-bot" in made, "whom a volume belongs to is said by numbers"
    assert f"useradd --system --uid {user} --gid {group} " in made


def test_no_secret_and_nothing_that_the_bot_does_not_run_on_gets_into_the_image() -> None:
    names = {path.as_posix() for path in list_context(ROOT)}
    assert {"bot/__main__.py", "config.py", "sql/schema.sql", "bot/locales/en/menu.ftl", "deploy/health.py"} <= names
    tops = {name.partition("/")[0] for name in names}
    assert not tops & {".env", ".git", ".venv", "tests", "benchmarks", "docs", "data", "Makefile", "systemd"}
    assert not [name for name in names if "__pycache__" in name or name.endswith((".pyc", ".env", ".sh"))]
    settings = set(read_environment(FINAL))
    assert not settings & {"BOT_TOKEN", "DATABASE_URL", "POSTGRES_PASSWORD", "WEBHOOK_SECRET", "GOOGLE_SA_JSON"}
    assert not [one for one in (*BUILD, *FINAL) if one.name in {"ARG", "ADD", "VOLUME", "EXPOSE"}]


def test_compose_gives_the_bot_no_more_than_it_needs_and_waits_for_the_database() -> None:
    bot, database, schema = (COMPOSE["services"][name] for name in ("bot", "database", "schema"))
    for service in (bot, database):
        assert service["restart"] == "unless-stopped"
    for service in (bot, database, schema):
        assert service["read_only"] is True
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["tmpfs"]
        assert "ports" not in service
        assert "privileged" not in service
    assert bot["cap_drop"] == schema["cap_drop"] == ["ALL"]
    assert schema["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert bot["depends_on"] == {"schema": {"condition": "service_completed_successfully"}}
    # What .env has for the others does not reach the bot.
    assert bot["environment"]["POSTGRES_OWNER_PASSWORD"] == bot["environment"]["DATABASE_OWNER_URL"] == ""
    assert "healthcheck" in database
    assert find_last(FINAL, "HEALTHCHECK").command == ["python", "-m", "deploy.health"]
    kept = {volume.partition(":")[0] for volume in database["volumes"] if not volume.startswith("./")}
    assert kept <= set(COMPOSE["volumes"])
    for service in (bot, database):
        assert service["environment"]["POSTGRES_PASSWORD"].startswith("${POSTGRES_PASSWORD:?")
    for volume in database["volumes"]:
        source = volume.partition(":")[0]
        assert not source.startswith("./") or (ROOT / source).is_file()


def test_every_setting_that_compose_and_the_image_make_is_one() -> None:
    known = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    given = {*COMPOSE["services"]["bot"]["environment"], *COMPOSE["services"]["schema"]["environment"]}
    made = (given | set(read_environment(FINAL))) - known
    assert {name for name in made if not name.startswith("PYTHON")} == {"PATH", "POSTGRES_OWNER_PASSWORD"}


# --- what they run ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def program(run_dir: Path) -> Iterator[Path]:
    """The program as it lies in the image."""
    tree = lay_out(run_dir / "image")
    yield tree
    clear_away(tree)


@pytest.fixture(scope="module")
def remote(run_dir: Path) -> Iterator[RemoteServer]:
    """PostgreSQL behind TCP, with a password."""
    with open_remote_server(run_dir) as server:
        yield server


@pytest.fixture
def scratch(run_dir: Path) -> Iterator[Path]:
    """The empty directory that is all the room there is."""
    place = run_dir / "tmpfs"
    place.mkdir(mode=0o700)
    yield place
    shutil.rmtree(place)


def list_command(name: str) -> list[str]:
    """The command of an instruction of the image, with the Python of these tests, as a user who is not root."""
    first, *rest = find_last(FINAL, name).command
    assert first == "python"
    return [*as_somebody(), sys.executable, *rest]


def as_somebody() -> list[str]:
    """In front of a command: root's number becomes another, and with it goes all that root may."""
    if os.geteuid() != 0:
        return []
    assert _can_unshare(), "run this as a normal user: here root cannot become one"
    user, _, group = find_last(FINAL, "USER").rest.partition(":")
    return ["unshare", "--user", f"--map-user={user}", f"--map-group={group}"]


def as_the_images_account(place: Path) -> list[str]:
    """As somebody whose number has a name too, as it has in the image: PostgreSQL asks for one."""
    if not as_somebody():
        return []
    user, _, group = find_last(FINAL, "USER").rest.partition(":")
    names = place / "passwd"
    names.write_text(f"shift-bot:x:{user}:{group}::/tmp:/usr/sbin/nologin\n")
    script = 'mount --bind "$1" /etc/passwd && shift && exec "$@"'
    return ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh", str(names), *as_somebody()]


def make_environment(scratch: Path, **settings: str) -> dict[str, str]:
    """Nothing but what the image sets, the one directory there is, and the settings."""
    return {**read_environment(FINAL), "TMPDIR": str(scratch), "HOME": str(scratch), **settings}


async def run(command: list[str], program: Path, environment: dict[str, str]) -> BotProcess:
    """Start it in the program's directory."""
    process = await asyncio.create_subprocess_exec(
        *command, cwd=program, env=environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    return BotProcess(process)


def list_files(tree: Path) -> list[tuple[str, int]]:
    return sorted((str(path.relative_to(tree)), path.stat().st_mtime_ns) for path in tree.rglob("*"))


async def test_the_image_s_command_serves_people_from_a_read_only_tree_with_an_empty_disk_and_a_database_by_tcp(
    program: Path, remote: RemoteServer, scratch: Path
) -> None:
    before = list_files(program)
    port = str(find_free_port())
    async with start_far_emulator(TOKEN) as emulator:
        environment = make_environment(
            scratch, BOT_TOKEN=TOKEN, ADMIN_IDS="9001", TELEGRAM_API_URL=emulator.api_url, DATABASE_URL=remote.url(),
            PORT=port, LOG_LEVEL="DEBUG",
        )  # fmt: skip
        bot = await run(list_command("CMD"), program, environment)
        try:
            await bot.wait_for("running as @")
            olga = await emulator.add_person(9001, "Olga")
            await olga.send("/start")
            assert "Create shift" in (await olga.screen()).buttons
            await olga.tap("📊 Statistics")  # draws a picture, with the fonts that came along
            health = await run(list_command("HEALTHCHECK"), program, environment)
            assert await health.wait_for_end() == 0, health.said
        finally:
            status = await bot.stop()
        assert status == 0
        unwell = await run(list_command("HEALTHCHECK"), program, environment)
        assert await unwell.wait_for_end() == 1
    tables = fetch_all(remote.superuser_params | {"database": "shiftbot"}, "SELECT version_num FROM alembic_version")
    assert len(tables) == 1
    assert list_files(program) == before
    assert list_files(scratch) == []
    assert bot.complaints == []
    for secret in (TOKEN, remote.password, remote.url()):
        assert secret not in bot.said


def test_nobody_comes_into_the_database_of_compose_as_its_superuser_from_elsewhere(remote: RemoteServer) -> None:
    superuser = {**remote.params(), "user": remote.superuser_params["user"], "database": "postgres"}
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(superuser)


async def test_a_backup_is_made_and_checked_in_the_container_too(
    program: Path, remote: RemoteServer, scratch: Path, tmp_path: Path
) -> None:
    account = as_the_images_account(tmp_path)
    environment = make_environment(
        scratch, DATABASE_URL=remote.url(), BACKUP_DIR=str(scratch / "backups"), DATA_DIR=str(program / "data")
    )
    said = []
    for words in (["pg_schema.py"], ["-m", "backup", "make", "--now"], ["-m", "backup", "check"]):
        done = await run([*account, sys.executable, *words], program, environment)
        assert await done.wait_for_end() == 0, done.said
        said.append(done.said)
    assert remote.password not in "".join(said)
    assert "restores: 0 shifts" in said[-1]
    left = sorted(Path(name).suffix for name, _ in list_files(scratch / "backups"))
    assert left == [".dump", ".json", ".sha256"], "nothing stays of the server that the check had"


async def test_without_a_database_the_image_says_so_and_makes_none_that_would_go_with_the_container(
    program: Path, scratch: Path
) -> None:
    data_dir = Path(read_environment(FINAL)["DATA_DIR"])
    assert not [one.rest for one in FINAL if one.name in {"RUN", "COPY"} and str(data_dir) in one.rest.split()]
    # Here / may be writable, in the image it is not.
    refused = program / data_dir.name
    settings = {"DATA_DIR": str(refused), "HEALTH_LISTEN": "off"}
    bot = await run(
        list_command("CMD"), program, make_environment(scratch, BOT_TOKEN=TOKEN, ADMIN_IDS="9001", **settings)
    )
    assert await bot.wait_for_end() == 1
    assert f"the data directory {refused} cannot be made" in bot.said
    assert "Traceback" not in bot.said


async def test_nothing_of_the_program_can_be_written_to_by_the_one_who_runs_it(program: Path, scratch: Path) -> None:
    script = "import os, pathlib; print(os.getuid()); pathlib.Path('config.py').open('a')"
    done = await run([*as_somebody(), sys.executable, "-c", script], program, make_environment(scratch))
    assert await done.wait_for_end() == 1
    assert "PermissionError" in done.said
    assert done.lines[0] != "0\n"
