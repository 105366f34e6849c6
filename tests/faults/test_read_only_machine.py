"""What the container runs, where the kernel sees to it that nothing can be written but in one empty directory."""

import asyncio
import sys
from pathlib import Path

from tests.bot.far import start_far_emulator
from tests.bot.processes import find_free_port
from tests.bot.shifts import record
from tests.deploy.image import find_last
from tests.deploy.servers import open_remote_server
from tests.deploy.test_container import FINAL, TOKEN, make_environment, program, run, scratch

__all__ = ["program", "scratch"]

# Every file system is remounted for this process and what it starts, then its number becomes that of the image's user.
ON_A_READ_ONLY_MACHINE = """
set -eu
mount --make-rprivate /
mount -t tmpfs -o size=64m tmpfs "$1"
scratch=$1 user=$2 group=$3; shift 3
awk '$5 !~ "^/(proc|sys|dev)(/|$)" {print $5}' /proc/self/mountinfo | while read -r place; do
    [ "$place" = "$scratch" ] || mount -o remount,bind,ro "$place"
done
exec unshare --user --map-user="$user" --map-group="$group" "$@"
"""
LEFT = "import pathlib, sys; print([str(path) for path in pathlib.Path(sys.argv[1]).rglob('*')])"


def shut_in(scratch: Path, *command: str) -> list[str]:
    """A command on such a machine."""
    user, _, group = find_last(FINAL, "USER").rest.partition(":")
    root_of_it = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", ON_A_READ_ONLY_MACHINE, "sh"]
    return [*root_of_it, str(scratch), user, group, *command]


async def test_people_record_shifts_with_a_bot_that_can_write_nowhere(
    program: Path, scratch: Path, run_dir: Path
) -> None:
    with open_remote_server(run_dir) as remote:
        async with start_far_emulator(TOKEN) as emulator:
            environment = make_environment(
                scratch, BOT_TOKEN=TOKEN, ADMIN_IDS="9001", REGISTRATION="open", PORT=str(find_free_port()),
                TELEGRAM_API_URL=emulator.api_url, DATABASE_URL=remote.url(),
            )  # fmt: skip
            _, *arguments = find_last(FINAL, "CMD").command
            bot = await run(shut_in(scratch, sys.executable, *arguments), program, environment)
            try:
                await bot.wait_for("running as @")
                dana = await emulator.add_person(1001, "Dana")
                await dana.send("/start")
                receipt = await record(dana, {"Model A": "500"})
                assert "You made $160.00" in receipt.text
                await dana.send("/stats")
                files = await look_into(bot.process.pid, scratch)
            finally:
                status = await bot.stop()
    assert status == 0
    assert bot.complaints == []
    assert files == "[]\n"


async def look_into(pid: int, place: Path) -> str:
    """What is in a directory, as a process sees it."""
    inside = ["nsenter", f"--target={pid}", "--user", "--mount", "--preserve-credentials"]
    looking = await asyncio.create_subprocess_exec(
        *inside, sys.executable, "-c", LEFT, str(place), stdout=asyncio.subprocess.PIPE
    )
    said, _ = await looking.communicate()
    return said.decode()
