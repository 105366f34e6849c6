"""What the driver raises, as the service's own errors: recognised by the constraint's name, the cause chained."""

import psycopg
from psycopg import errors as pg
from psycopg_pool import PoolTimeout

from payroll.business_time import format_date
from payroll.checks import EARLIEST_DATE
from payroll.errors import ConflictError, DomainError, ErrorKey, InvalidInputError, UnavailableError

_BY_CONSTRAINT: dict[str, tuple[type[DomainError], ErrorKey, str, str]] = {
    "shifts_employee_id_time_in_time_out_excl": (
        ConflictError,
        ErrorKey.SHIFT_OVERLAPS,
        "time_in",
        "a time outside the person's other shifts",
    ),
    "shifts_employee_id_running_key": (
        ConflictError,
        ErrorKey.SHIFT_RUNNING,
        "time_in",
        "one running shift at a time",
    ),
    "shifts_period_closed_check": (
        ConflictError,
        ErrorKey.PERIOD_CLOSED,
        "shift_date",
        "a date after the last closed pay period",
    ),
    "balance_transactions_period_closed_check": (
        ConflictError,
        ErrorKey.PERIOD_CLOSED,
        "period",
        "a period after the last closed one",
    ),
    "shifts_shift_date_check": (
        InvalidInputError,
        ErrorKey.DATE_TOO_EARLY,
        "shift_date",
        f"{format_date(EARLIEST_DATE)} or later",
    ),
    "shifts_request_id_key": (
        ConflictError,
        ErrorKey.VALUE_INVALID,
        "request_id",
        "one that no other person has used",
    ),
    "active_bonuses_employee_id_day_off_date_key": (
        ConflictError,
        ErrorKey.DAY_TAKEN,
        "day",
        "a day without a shift or a day off",
    ),
    "products_name_key": (
        ConflictError,
        ErrorKey.NAME_TAKEN,
        "name",
        "a name that no other product has",
    ),
    "ranks_rank_name_key": (
        ConflictError,
        ErrorKey.NAME_TAKEN,
        "name",
        "a name that no other rank has",
    ),
    "shifts_refunds_check": (
        ConflictError,
        ErrorKey.SHIFT_REFUNDED,
        "shift_id",
        "a shift without a refund",
    ),
    "employees_telegram_id_key": (
        ConflictError,
        ErrorKey.VALUE_INVALID,
        "telegram_id",
        "an account that belongs to nobody else",
    ),
}


_SERVER_IS_GOING = ("57P01", "57P02", "57P03")


def is_connection_lost(error: psycopg.Error) -> bool:
    """Whether the way to the server broke, or the server is going down or coming up, as far as the driver knows."""
    return isinstance(error, pg.OperationalError | pg.InterfaceError) and (
        error.sqlstate is None or error.sqlstate in _SERVER_IS_GOING
    )


def is_worth_another_try(error: DomainError) -> bool:
    """Whether the same unit of work may go well at once: not where no connection can be had at all."""
    cause = error.__cause__
    if isinstance(cause, pg.DeadlockDetected | pg.SerializationFailure):
        return True
    return isinstance(cause, psycopg.Error) and not isinstance(cause, PoolTimeout) and is_connection_lost(cause)


def translate(error: psycopg.Error) -> Exception:
    """The error to raise in place of the driver's; one that nobody expects stays as it is."""
    if isinstance(error, pg.DiskFull):
        return UnavailableError(ErrorKey.DISK_FULL, field="disk", value="full", allowed="a disk with space left")
    # A PoolTimeout is an OperationalError to psycopg_pool.
    if isinstance(error, pg.OperationalError | pg.InterfaceError):
        return UnavailableError(
            ErrorKey.DATABASE_AWAY, field="database", value="not answering", allowed="a PostgreSQL that can be reached"
        )
    if isinstance(error, pg.UndefinedTable | pg.UndefinedColumn):
        return UnavailableError(
            ErrorKey.SCHEMA_MISSING, field="schema", value="missing or older", allowed="run: python pg_schema.py"
        )
    known = _BY_CONSTRAINT.get(error.diag.constraint_name or "")
    if known is not None:
        kind, key, field, allowed = known
        value = error.diag.message_detail if key is ErrorKey.SHIFT_REFUNDED else error.diag.constraint_name
        return kind(key, field=field, value=value, allowed=allowed)
    if isinstance(error, pg.DataError):
        return InvalidInputError(
            ErrorKey.VALUE_INVALID,
            field=error.diag.column_name or "value",
            value=error.diag.message_primary or "not storable",
            allowed="text without NUL, numbers within their range",
        )
    return error
