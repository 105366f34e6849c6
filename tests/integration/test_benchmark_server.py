"""What the benchmarks start is gone when they are, however they are ended."""

import os
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path

import own_postgres
from config import HERE

COMMAND = [sys.executable, "-m", "benchmarks", "--quick"]


def end_a_run(base: Path, how: signal.Signals) -> tuple[int, Path]:
    """Start the benchmarks with `base` for temporary files, and end them when their server runs; its data too."""
    others = set(base.iterdir())
    environ = {**os.environ, "TMPDIR": str(base), "TEST_DATABASE_URL": ""}
    with subprocess.Popen(COMMAND, cwd=HERE, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        deadline = time.monotonic() + 60
        while not (found := _find_ready(base, others)):
            assert run.poll() is None, run.stderr and run.stderr.read()
            assert time.monotonic() < deadline, "waited in vain"
            time.sleep(0.01)
        run.send_signal(how)
        run.communicate(timeout=60)
    return run.returncode, found[0]


def _find_ready(base: Path, others: set[Path]) -> list[Path]:
    mine = [place / "server" for place in base.iterdir() if place not in others and (place / "server").is_dir()]
    servers = [(data_dir, own_postgres.find_server(data_dir)) for data_dir in mine]
    return [data_dir for data_dir, server in servers if server is not None and server.state == "ready"]


def test_a_run_that_is_told_to_end_takes_its_server_along_and_what_a_killed_one_left(run_dir: Path) -> None:
    base = run_dir / f"bench-{secrets.token_hex(3)}"
    base.mkdir(mode=0o755)
    status, killed = end_a_run(base, signal.SIGKILL)
    assert (status, own_postgres.find_server(killed) is None) == (-signal.SIGKILL, False)
    status, ended = end_a_run(base, signal.SIGTERM)
    assert status == 128 + signal.SIGTERM
    assert (own_postgres.find_server(killed), own_postgres.find_server(ended)) == (None, None)
    assert list(base.iterdir()) == []
