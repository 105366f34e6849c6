"""What admins read about the database: the figures of `make db-report`, page by page."""

from collections.abc import Sequence

from bot.keyboards.database import DatabasePart, build_database
from bot.screen import Screen
from bot.words import Html, Words
from payroll.business_time import BusinessZone
from repository.db_report import DatabaseFacts, DatabaseReport, IndexUse, SlowQuery, TableUse, render_size

PAGE_SIZE = 12


def render_database(words: Words, zone: BusinessZone, report: DatabaseReport, part: DatabasePart, page: int) -> Screen:
    """The facts there is one of, and a page of one of the lists; the last page where there is none so far."""
    lines = {
        DatabasePart.TABLES: [_render_table(words, zone, one) for one in report.tables],
        DatabasePart.INDEXES: [_render_index(words, one) for one in report.indexes],
        DatabasePart.QUERIES: [_render_query(words, one) for one in report.slowest],
    }[part]
    if not lines:
        key = "database-no-queries" if report.facts.keeps_queries else "database-queries-unknown"
        lines = [words(key)]
    page_count = -(-len(lines) // PAGE_SIZE)
    page = min(page, page_count - 1)
    head = words(f"database-head-{part.name.lower()}")
    shown = _render_facts(words, zone, report.facts) if page == 0 else [words("database-title"), ""]
    text = words.lines([*shown, head, *lines[page * PAGE_SIZE :][:PAGE_SIZE]])
    return Screen(text, build_database(words, part, page, page_count))


def _render_facts(words: Words, zone: BusinessZone, facts: DatabaseFacts) -> Sequence[str | None]:
    age = facts.oldest_transaction_seconds
    return [
        words("database-title"),
        "",
        words("database-size", size=render_size(facts.size_bytes), version=facts.server_version),
        words("database-connections", count=str(facts.connections), most=str(facts.most_connections)),
        words("database-no-transaction") if age is None else words("database-transaction", seconds=f"{age:,}"),
        words("database-since", at=zone.format(facts.counted_since)) if facts.counted_since is not None else None,
        "",
    ]


def _render_table(words: Words, zone: BusinessZone, table: TableUse) -> Html:
    vacuumed = words.plain("database-never") if table.vacuumed_at is None else zone.format(table.vacuumed_at)
    return words(
        "database-table", name=table.name, size=render_size(table.size_bytes), rows=f"{table.rows:,}", at=vacuumed
    )


def _render_index(words: Words, index: IndexUse) -> Html:
    key = "database-index-idle" if index.is_idle else "database-index"
    return words(key, name=index.name, size=render_size(index.size_bytes), scans=f"{index.scans:,}")


def _render_query(words: Words, query: SlowQuery) -> Html:
    return words("database-query", text=query.text, mean=f"{query.mean_ms:,}", calls=f"{query.calls:,}")
