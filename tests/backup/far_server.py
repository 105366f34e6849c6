"""A PostgreSQL of another version that is reached over TCP with a password, as a managed one is."""

import contextlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg import sql

from backup.programs import list_installations
from own_cluster import Cluster, _choose_account, _run
from tests.bot.processes import find_free_port
from tests.databases import connect

PASSWORD = "ge/he:im @7%"
_SPEED = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=20"


@dataclass(frozen=True, slots=True)
class FarServer:
    """The server's superuser, on 127.0.0.1."""

    params: dict[str, Any]

    def create_database(self, role: str, *, may_create: bool = False) -> dict[str, Any]:
        """An empty database with a role of its own that owns it; its parameters."""
        name, login = f"{role}_data", sql.Identifier(role)
        with connect(self.params) as connection:
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} {}").format(
                    login, sql.Literal(PASSWORD), sql.SQL("CREATEDB" if may_create else "NOCREATEDB")
                )
            )
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), login))
        return {**self.params, "database": name, "user": role}

    def list_databases(self) -> set[str]:
        """The names of all databases."""
        with connect(self.params) as connection:
            return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}


@contextlib.contextmanager
def start_far_server(place: Path) -> Iterator[FarServer]:
    """The oldest PostgreSQL that this machine has, in a directory that any account can pass, until the block ends."""
    installed = list_installations()
    binaries, data_dir = installed[min(installed)], place / f"far-{secrets.token_hex(3)}"
    prefix = _choose_account(Cluster(data_dir)).prefix
    key = place / f"{data_dir.name}.key"
    key.write_text(PASSWORD)
    port = find_free_port()
    access = ["-U", "root", "--auth-local=reject", "--auth-host=scram-sha-256", f"--pwfile={key}"]
    _run([*prefix, str(binaries / "initdb"), "-D", str(data_dir), "--encoding=UTF8", "--locale=C.UTF-8", "-N", *access])
    listen = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='' {_SPEED}"
    control = [*prefix, str(binaries / "pg_ctl"), "-D", str(data_dir), "-s", "-w"]
    _run([*control, "-l", str(place / f"{data_dir.name}.log"), "-o", listen, "start"])
    try:
        yield FarServer(
            {"host": "127.0.0.1", "port": port, "database": "postgres", "user": "root", "password": PASSWORD}
        )
    finally:
        _run([*control, "-m", "immediate", "stop"])
