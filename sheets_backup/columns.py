"""What is mirrored, declared once, column by column.

Every table that must last has a tab of its own, `data_<table>`, with the table's columns under their own names: from
these a restore reads. Adding a table to the mirror is one entry in `TABLES`, in an order in which foreign keys can be
satisfied, and one `SELECT mirror_changes_of(...)` in its migration. A test compares this list with the database.

The worksheets of the old bot, for people who look, are in `worksheets.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sheets_backup.cells import Kind

DATA_PREFIX = "data_"
IDENTITY_TAB = "Mirror"
"""The tab with the identity of the database (TECH T25): key and value a row."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table, under the same name in its tab."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the database as a tab. `key` names the columns of its primary key, which are among `columns`."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    identity: str | None = None
    """The column that a sequence numbers."""

    @property
    def title(self) -> str:
        """The name of its tab."""
        return f"{DATA_PREFIX}{self.name}"

    @property
    def headers(self) -> tuple[str, ...]:
        """The tab's first row."""
        return tuple(column.name for column in self.columns)

    def write_key(self, row: Sequence[Any]) -> str:
        """The key of a row of the declared columns, as the trigger `note_changes` writes it."""
        names = self.headers
        return ":".join(_write_key(row[names.index(name)]) for name in self.key)


def _write_key(value: Any) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _table(name: str, *columns: Column, key: str, identity: str | None = None) -> Table:
    return Table(name, tuple(key.split(", ")), columns, identity)


def _whole(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, Kind.WHOLE) for name in names)


def _amount(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, Kind.AMOUNT) for name in names)


def _text(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, Kind.TEXT) for name in names)


def _date(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, Kind.DATE) for name in names)


def _instant(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, Kind.INSTANT) for name in names)


def _flag(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, Kind.FLAG) for name in names)


def _json(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, Kind.JSON) for name in names)


def _uuid(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, Kind.UUID) for name in names)


TABLES: tuple[Table, ...] = (
    _table(
        "employees",
        *_whole("employee_id"),
        *_uuid("sub"),
        *_whole("telegram_id"),
        *_text("name", "role", "status"),
        *_date("left_date"),
        *_text("language"),
        *_instant("created_at", "unreachable_since"),
        *_text("unreachable_reason"),
        *_date("closed_until"),
        key="employee_id",
    ),
    _table(
        "employee_settings",
        *_whole("employee_id"),
        *_date("valid_from"),
        *_amount("hourly_wage", "base_pct"),
        *_whole("changed_by"),
        *_instant("changed_at"),
        key="employee_id, valid_from",
    ),
    _table(
        "pay_terms",
        *_date("valid_from"),
        *_amount("platform_cut_pct"),
        *_text("dynamic_basis"),
        *_instant("changed_at"),
        key="valid_from",
    ),
    _table(
        "dynamic_rate_versions",
        *_whole("version_id"),
        *_date("valid_from"),
        *_instant("created_at"),
        *_whole("created_by"),
        key="version_id",
        identity="version_id",
    ),
    _table(
        "dynamic_rates",
        *_whole("version_id"),
        *_amount("min_sales", "max_sales", "percentage"),
        key="version_id, min_sales",
    ),
    _table(
        "ranks",
        *_whole("rank_id"),
        *_text("rank_name", "emoji", "rank_text"),
        key="rank_id",
        identity="rank_id",
    ),
    _table(
        "rank_versions",
        *_whole("version_id"),
        *_date("valid_from"),
        *_instant("created_at"),
        *_whole("created_by"),
        key="version_id",
        identity="version_id",
    ),
    _table(
        "rank_ranges",
        *_whole("version_id", "rank_id"),
        *_amount("min_sales", "max_sales"),
        key="version_id, rank_id",
    ),
    _table(
        "rank_bonuses",
        *_whole("version_id", "rank_id", "slot"),
        *_text("bonus_type"),
        *_amount("value"),
        key="version_id, rank_id, slot",
    ),
    _table(
        "products",
        *_whole("product_id"),
        *_text("name"),
        *_flag("is_active"),
        *_instant("created_at"),
        key="product_id",
        identity="product_id",
    ),
    _table(
        "shifts",
        *_whole("shift_id", "employee_id"),
        *_text("employee_name", "status"),
        *_date("shift_date"),
        *_instant("time_in", "time_out", "recorded_at"),
        *_text("note", "request_id"),
        *_amount("hourly_wage", "base_pct", "platform_cut_pct"),
        *_text("dynamic_basis"),
        *_whole("rate_version_id", "worked_seconds"),
        *_amount("worked_hours", "total_sales", "net_sales", "dynamic_pct", "commission_pct", "total_per_hour"),
        *_amount("commissions", "bonus_pay", "total_made"),
        *_instant("created_at"),
        *_text("request_digest"),
        *_flag("is_imported"),
        *_amount("imported_difference"),
        *_flag("is_date_kept"),
        key="shift_id",
        identity="shift_id",
    ),
    _table(
        "shift_products",
        *_whole("shift_id", "product_id"),
        *_amount("amount"),
        key="shift_id, product_id",
    ),
    _table(
        "imported_shifts",
        *_whole("shift_id", "worked_seconds"),
        *_amount("total_per_hour", "total_sales", "net_sales", "commission_pct"),
        *_flag("is_pct_fixed"),
        *_amount("commissions", "paid_before"),
        *_date("period_start", "period_end"),
        *_text("digest"),
        *_instant("imported_at"),
        key="shift_id",
    ),
    _table(
        "active_bonuses",
        *_whole("bonus_id", "employee_id"),
        *_text("bonus_type"),
        *_amount("value"),
        *_text("state"),
        *_whole("draw", "earned_shift_id", "rank_id"),
        *_date("rank_month"),
        *_whole("shift_id", "product_id", "source_shift_id"),
        *_amount("basis_net", "amount"),
        *_text("voided_by"),
        *_instant("created_at"),
        *_flag("is_credited"),
        *_date("day_off_date"),
        *_instant("seen_at"),
        key="bonus_id",
        identity="bonus_id",
    ),
    _table(
        "employee_ranks",
        *_whole("employee_id", "year", "month", "current_rank_id", "previous_rank_id"),
        *_flag("notified"),
        *_instant("last_updated"),
        key="employee_id, year, month",
    ),
    _table(
        "rank_awards",
        *_whole("employee_id"),
        *_date("rank_month"),
        *_whole("rank_id"),
        *_flag("is_drawn"),
        *_whole("bonus_id"),
        *_instant("created_at"),
        key="employee_id, rank_month, rank_id",
    ),
    _table(
        "balance_transactions",
        *_whole("id"),
        *_uuid("sub"),
        *_whole("entry_no"),
        *_text("direction"),
        *_amount("units", "balance_after"),
        *_date("period_start", "period_end"),
        *_text("ref", "reason", "source_service"),
        *_instant("created_at"),
        key="id",
        identity="id",
    ),
    _table(
        "pay_periods",
        *_whole("employee_id"),
        *_date("start_date", "end_date"),
        *_text("state"),
        *_whole("closing_no"),
        *_instant("confirmed_at"),
        *_text("confirmed_digest", "missing"),
        *_amount("opening_balance", "closing_balance"),
        *_instant("closed_at"),
        *_whole("closed_by"),
        *_instant("paid_at"),
        *_whole("paid_by"),
        *_amount("paid_units"),
        key="employee_id, start_date",
    ),
    _table(
        "correction_requests",
        *_whole("correction_id", "employee_id"),
        *_text("kind"),
        *_whole("shift_id"),
        *_instant("time_in", "time_out"),
        *_json("products"),
        *_text("reason", "state"),
        *_whole("requested_by"),
        *_instant("requested_at"),
        *_whole("decided_by"),
        *_instant("decided_at"),
        *_text("decision"),
        *_whole("result_shift_id"),
        key="correction_id",
        identity="correction_id",
    ),
    _table(
        "adjustments",
        *_whole("adjustment_id", "employee_id"),
        *_text("kind"),
        *_amount("amount"),
        *_text("reason"),
        *_whole("shift_id", "bonus_id", "made_by"),
        *_instant("made_at"),
        key="adjustment_id",
        identity="adjustment_id",
    ),
    _table(
        "refunds",
        *_whole("refund_id", "employee_id", "shift_id", "product_id"),
        *_amount("amount", "units"),
        *_flag("lowers_rank"),
        *_text("reason"),
        *_whole("made_by"),
        *_instant("made_at"),
        *_amount("withdrawn_units"),
        *_text("withdrawn_reason"),
        *_whole("withdrawn_by"),
        *_instant("withdrawn_at"),
        key="refund_id",
        identity="refund_id",
    ),
    _table(
        "shift_versions",
        *_whole("version_no", "shift_id", "employee_id"),
        *_date("period_start"),
        *_whole("closing_no"),
        *_json("content"),
        *_text("reason"),
        *_whole("correction_id", "xid"),
        *_instant("created_at"),
        key="version_no",
        identity="version_no",
    ),
    _table(
        "settings",
        *_text("key", "category", "value", "type", "default_value"),
        *_flag("is_secret"),
        *_whole("changed_by"),
        *_instant("changed_at"),
        key="key",
    ),
    _table(
        "questions",
        *_whole("question_id", "employee_id", "shift_id"),
        *_date("period_start"),
        *_text("state"),
        *_whole("taken_by", "rating"),
        key="question_id",
        identity="question_id",
    ),
    _table(
        "question_messages",
        *_whole("message_no", "question_id", "author_id"),
        *_text("message"),
        *_instant("created_at"),
        key="message_no",
        identity="message_no",
    ),
    _table(
        "question_events",
        *_whole("event_no", "question_id"),
        *_text("state"),
        *_whole("actor_id"),
        *_text("reason"),
        *_instant("created_at"),
        key="event_no",
        identity="event_no",
    ),
    _table(
        "audit_log",
        *_whole("id"),
        *_instant("at"),
        *_whole("actor_id"),
        *_text("action", "subject"),
        *_json("old", "new"),
        *_text("reason"),
        key="id",
        identity="id",
    ),
    _table(
        "audit_chain",
        *_whole("position", "audit_id"),
        *_text("digest"),
        key="position",
    ),
    _table(
        "join_requests",
        *_text("request_id"),
        *_whole("telegram_id"),
        *_text("name", "language", "state"),
        *_instant("created_at"),
        *_whole("decided_by"),
        *_instant("decided_at"),
        key="request_id",
    ),
)

TABLES_BY_NAME: Mapping[str, Table] = {table.name: table for table in TABLES}

NOT_MIRRORED: Mapping[str, str] = {
    "schema_metadata": "the tab Mirror holds what must last of it",
    "alembic_version": "Alembic's own",
    "inbox": "what Telegram sent lives for days",
    "outbox": "what is to be sent lives until it is sent",
    "drafts": "dialogues in progress",
    "chat_screens": "messages of the moment",
    "invites": "links of a day, and the hashes of secrets",
    "due_work": "what is due is worked out again",
    "reconciliations": "the books are checked again",
    "sync_log": "about the mirror itself",
    "sync_outbox": "about the mirror itself",
    "mirror_state": "about the mirror itself",
    "mirror_tabs": "about the mirror itself",
    "mirror_rows": "about the mirror itself",
    "backup_runs": "about the dumps of this machine",
}
"""Tables that are left out, and why."""
