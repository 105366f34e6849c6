"""A PostgreSQL that is reached by TCP with a password, as a managed one is, or the one of docker-compose.yml."""

import contextlib
import secrets
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import own_cluster
import own_postgres
from tests.conftest import FAST, ROOT
from tests.databases import connect

_ACCESS = """\
local all all trust
host all all 127.0.0.0/8 scram-sha-256
"""


@dataclass(frozen=True, slots=True)
class RemoteServer:
    """Where it listens, its superuser's parameters, and the password of `shiftbot`."""

    host: str
    port: int
    superuser_params: dict[str, Any]
    password: str

    def params(self, password: str | None = None) -> dict[str, Any]:
        """The bot's way to its database."""
        return {
            "host": self.host, "port": self.port, "database": "shiftbot", "user": "shiftbot",
            "password": self.password if password is None else password,
        }  # fmt: skip

    def url(self, password: str | None = None) -> str:
        """The same as a DATABASE_URL."""
        params = self.params(password)
        login = f"{params['user']}:{quote(params['password'], safe='')}"
        return f"postgresql://{login}@{self.host}:{self.port}/{params['database']}?sslmode=prefer"


@contextlib.contextmanager
def open_remote_server(run_dir: Path) -> Iterator[RemoteServer]:
    """A server of its own, with the roles and the database as the script of docker-compose.yml makes them."""
    place = run_dir / f"remote-{secrets.token_hex(3)}"
    place.mkdir(mode=0o755)
    access = place / "access.conf"
    access.write_text(_ACCESS)
    # An address of this machine that nothing else listens on, so that the port need not be another than the usual.
    host = f"127.{secrets.randbelow(200) + 20}.{secrets.randbelow(250)}.{secrets.randbelow(250) + 1}"
    settings = {**FAST, "listen_addresses": host, "hba_file": str(access)}
    with own_postgres.lease(place / "data", own_cluster.SUPERUSER, settings) as lease:
        params = lease.superuser_params
        with connect(params) as connection:  # as the one in a container begins
            connection.execute("DROP ROLE shiftbot, shiftbot_owner")
        password = f"c4n4ry p@ss/w:rd {secrets.token_hex(6)}"
        _make_database(place / "data", params, password)
        yield RemoteServer(host, int(params["port"]), params, password)


def _make_database(data_dir: Path, params: dict[str, Any], password: str) -> None:
    """By the script, with nothing but what it finds in its container."""
    binaries = own_cluster._find_binaries(own_cluster.Cluster(data_dir).major)
    environment = {
        "PATH": f"{binaries}:/usr/bin:/bin",
        "PGHOST": str(params["host"]),
        "PGPORT": str(params["port"]),
        "POSTGRES_PASSWORD": password,
        "DATABASE_SQL": str(ROOT / "deploy" / "database.sql"),
    }
    script = ROOT / "deploy" / "container-database.sh"
    done = subprocess.run(["sh", str(script)], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert password not in done.stdout + done.stderr
