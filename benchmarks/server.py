"""The server to measure on: one of our own in a temporary directory, or the one that TEST_DATABASE_URL names."""

import contextlib
import os
from collections.abc import Iterator

import own_postgres
from benchmarks.places import SERVER, open_place
from config import parse_database_url
from tests.databases import DatabaseServer


@contextlib.contextmanager
def open_server() -> Iterator[DatabaseServer]:
    """A server with PostgreSQL's own settings, durable as in production; nothing of it is left behind (TECH T6)."""
    url = os.environ.get("TEST_DATABASE_URL", "").strip()
    if url:
        params = parse_database_url(url)
        yield DatabaseServer(maker=params, login=params, owner=None)
        return
    with open_place() as place, own_postgres.lease(place / SERVER) as lease:
        yield DatabaseServer(maker=lease.superuser_params, login=lease.params, owner=own_postgres.OWNER)
