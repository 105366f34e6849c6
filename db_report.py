"""`make db-report`: what the database server knows of its own work, as tables for a terminal.

The size of each table and its last vacuum, the use of each index, the slowest queries where the server keeps them
(`pg_stat_statements`), connections, and the age of the oldest transaction. Changes nothing; no query is shown with its
values. The same is on /admin in the chat.
"""

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, TextIO

import psycopg

from config import Config, ConfigError
from payroll.business_time import BusinessZone
from payroll.errors import DomainError, UnavailableError
from pg_schema import PostgresSchema
from postgres_service import PostgresService
from program import run
from repository.db_report import DatabaseReport, render_size
from repository.rules import Rules

Table = Sequence[Sequence[str]]

_IDS_BEFORE_STOP = 2_000_000_000


def render_report(report: DatabaseReport, zone: BusinessZone) -> str:
    """The report as text for a terminal; times in the business zone."""
    return "\n".join(_list_lines(report, zone)) + "\n"


def _list_lines(report: DatabaseReport, zone: BusinessZone) -> Iterator[str]:
    facts = report.facts
    age = facts.oldest_transaction_seconds
    since = "it was made" if facts.counted_since is None else zone.format(facts.counted_since)
    yield f"{facts.database}: {render_size(facts.size_bytes)}, PostgreSQL {facts.server_version}"
    yield f"connections: {facts.connections} of {facts.most_connections}"
    yield f"oldest open transaction: {'none' if age is None else f'{age:,} s'}"
    yield f"transactions since the oldest that is not frozen: {facts.transaction_ids_used:,} of {_IDS_BEFORE_STOP:,}"
    yield f"counted since {since}; rows are estimates"
    yield ""
    yield from _align([["table", "rows", "dead", "size", "indexes", "last vacuum"], *_list_tables(report, zone)])
    yield ""
    yield from _align([["index", "of", "used", "size", ""], *_list_indexes(report)], texts=2)
    yield ""
    if not facts.keeps_queries:
        yield "slowest queries: not known; the server would need pg_stat_statements"
        return
    rows = [[one.text, f"{one.calls:,}", f"{one.mean_ms:,}", f"{one.total_ms:,}"] for one in report.slowest]
    yield from _align([["slowest queries", "calls", "mean ms", "total ms"], *rows])


def _list_tables(report: DatabaseReport, zone: BusinessZone) -> Iterator[list[str]]:
    for one in report.tables:
        yield [
            one.name, f"{one.rows:,}", f"{one.dead_rows:,}", render_size(one.size_bytes), render_size(one.index_bytes),
            _spell_time(one.vacuumed_at, zone),
        ]  # fmt: skip


def _list_indexes(report: DatabaseReport) -> Iterator[list[str]]:
    for one in report.indexes:
        note = "unused" if one.is_idle else "keeps a rule" if one.is_constraint else ""
        yield [one.name, one.table, f"{one.scans:,}", render_size(one.size_bytes), note]


def _spell_time(at: datetime | None, zone: BusinessZone) -> str:
    return "never" if at is None else zone.format(at)


def _align(table: Table, texts: int = 1) -> Iterator[str]:
    """Columns below each other: so many of texts to the left, the others to the right."""
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    for row in table:
        cells = [
            cell.ljust(width) if column < texts else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def find_params(config: Config) -> dict[str, Any]:
    """The configured database; where nothing is configured and it is empty, that of the playground.

    Raises ConfigError, UnavailableError.
    """
    params = config.get_database_params()
    # Asked in any case: unlike the pool it says at once, and why, where the database is away.
    version = PostgresSchema(**params, config=config).get_schema_version()
    return config.get_playground_params() if version == 0 and config.is_playground else params


def main(out: TextIO) -> int:
    """Print the report of the configured database; the exit status."""
    try:
        config = Config.load()
        params, rules = find_params(config), Rules.from_config(config)
        with PostgresService(rules=rules, pool_size=1, **params) as service:
            report = service.db_report.get()
    except UnavailableError as error:
        sys.stderr.write(f"database: {error.facts.get('reason') or error}\n")
    except (ConfigError, DomainError) as error:
        sys.stderr.write(f"{error}\n")
    except psycopg.Error as error:
        sys.stderr.write(f"database: {error.diag.message_primary or type(error).__name__}\n")
    else:
        out.write(render_report(report, rules.zone))
        return 0
    return 1


if __name__ == "__main__":
    run(lambda: main(sys.stdout))
