"""Random databases to the sheet and back."""

import random
from collections.abc import Sequence
from typing import Any

from payroll.business_time import BusinessZone
from pg_schema import PostgresSchema
from postgres_service import PostgresService
from repository.rules import Rules
from sheets_backup.restore import load_contents, read_mirror
from tests.clock import SteppingClock
from tests.databases import DatabaseServer, temporary_database
from tests.fake_sheets.server import FakeSheets, serve
from tests.sheets.mirrors import Mirror, Seconds, dump_database, make_config
from tests.sheets.random_books import Deed, Doer


def go_round(server: DatabaseServer, templates: tuple[str, str], clock: SteppingClock, deeds: Sequence[Deed]) -> int:
    """Do the deeds, mirror, restore into an empty database, compare; the number of rows compared.

    `templates` are names of databases to copy: one that is mirrored, and an empty one.
    """
    seconds = Seconds()
    rules = Rules(BusinessZone.named("America/New_York"), draw=random.Random(1).randrange, clock=clock)
    with (
        temporary_database(server, templates[0]) as params,
        temporary_database(server, templates[1]) as empty,
        PostgresService(settle_ranks=True, rules=rules, pool_size=1, **params) as service,
        serve(FakeSheets(clock=seconds)) as fake,
    ):
        mirror = Mirror(params, fake, clock, seconds)
        doer = Doer(service, params)
        for deed in deeds:
            if deed.name == "run":
                mirror.run_well()
                seconds.sleep(60)
            else:
                doer.do(deed)
        mirror.run_well()
        before = dump_database(params)
        assert restore(mirror, empty) == before
        return sum(map(len, before.values()))


def restore(mirror: Mirror, empty: dict[str, Any]) -> dict[str, list[tuple[Any, ...]]]:
    """What an empty database holds after a restore from the sheet."""
    contents = read_mirror(mirror.open_gateway().read_all_tabs())
    assert contents.rejected == ()
    assert contents.is_whole
    schema = PostgresSchema(**empty, config=make_config(mirror.fake))
    with schema.connect_as_owner() as connection, connection.transaction():
        load_contents(connection, contents)
    return dump_database(empty)
