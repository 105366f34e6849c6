"""The timeline of a database: a number that a restore begins anew (TECH T17).

What was given out after the backup that was restored (numbers, buttons in chats, rows in the mirror) is not of the
restored database. So its numbers go on well ahead of all of those, and what carries the timeline it was shown or
written on is recognised as another's.
"""

import secrets
from collections.abc import Mapping
from typing import Any, TypeAlias

import psycopg
from psycopg import sql

Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]

FIRST = "1"
NUMBERS_AHEAD = 10_000
"""How far every sequence is moved: more than a team gives out of any number in months."""
_LOWEST, _COUNT = 100_000, 900_000


def begin_timeline(connection: Connection, *, facts: Mapping[str, str] | None = None) -> None:
    """Make a database that was just restored one of its own, in the transaction that restored it.

    As the owner of the tables. `facts` are kept beside the new number in `schema_metadata`.
    """
    numbers = {"timeline": str(_LOWEST + secrets.randbelow(_COUNT)), **(facts or {})}
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM public.schema_metadata WHERE key = 'restored_from'")
        cursor.executemany(
            "INSERT INTO public.schema_metadata (key, value) VALUES (%s, %s)"
            " ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value",
            list(numbers.items()),
        )
    _move_numbers_ahead(connection)


def _move_numbers_ahead(connection: Connection) -> None:
    """Unlike setval this is taken back with the transaction (a dry run)."""
    found = connection.execute(
        "SELECT sequencename, max_value FROM pg_sequences WHERE schemaname = 'public'"
    ).fetchall()
    for name, most in found:
        sequence = sql.Identifier("public", name)
        ((last,),) = connection.execute(sql.SQL("SELECT last_value FROM {}").format(sequence)).fetchall()
        following = sql.Literal(min(last + NUMBERS_AHEAD, most))
        connection.execute(sql.SQL("ALTER SEQUENCE {} RESTART WITH {}").format(sequence, following))
