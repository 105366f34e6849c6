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
    """Where it listens, its superuser's parameters, the passwords of `shiftbot` and of the owner, if that logs in."""

    host: str
    port: int
    superuser_params: dict[str, Any]
    password: str
    owner_password: str = ""

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

    @property
    def owner_url(self) -> str:
        """A DATABASE_OWNER_URL."""
        password = quote(self.owner_password, safe="")
        return f"postgresql://shiftbot_owner:{password}@{self.host}:{self.port}/shiftbot?sslmode=prefer"

    def ask(self, script: str, **environment: str) -> str:
        """What one of the scripts for install.sh answers, run as its superuser."""
        params = self.superuser_params
        names = ["-v", "account=shiftbot", "-v", "database=shiftbot"]
        psql = [str(own_cluster.list_binaries()[18] / "psql"), "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", *names]
        place = ["-h", str(params["host"]), "-p", str(params["port"]), "-U", str(params["user"]), "-d", "postgres"]
        done = subprocess.run(
            [*psql, *place, "-f", str(ROOT / "deploy" / script)], env=environment, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@contextlib.contextmanager
def open_remote_server(run_dir: Path, *, has_two_logins: bool = False) -> Iterator[RemoteServer]:
    """A server of its own, with the roles and the database as the script of docker-compose.yml makes them.

    Without two logins as a managed server that has one, or as what was made before there were two.
    """
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
        owner_password = f"0wn3r p@ss/w:rd {secrets.token_hex(6)}" if has_two_logins else ""
        _make_database(place / "data", params, password, owner_password)
        yield RemoteServer(host, int(params["port"]), params, password, owner_password)


def _make_database(data_dir: Path, params: dict[str, Any], password: str, owner_password: str) -> None:
    """By the script, with nothing but what it finds in its container."""
    binaries = own_cluster._find_binaries(own_cluster.Cluster(data_dir).major)
    environment = {
        "PATH": f"{binaries}:/usr/bin:/bin",
        "PGHOST": str(params["host"]),
        "PGPORT": str(params["port"]),
        "POSTGRES_PASSWORD": password,
        "POSTGRES_OWNER_PASSWORD": owner_password,
        "DATABASE_SQL": str(ROOT / "deploy" / "database.sql"),
    }
    script = ROOT / "deploy" / "container-database.sh"
    done = subprocess.run(["sh", str(script)], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert password not in done.stdout + done.stderr
    assert not owner_password or owner_password not in done.stdout + done.stderr
