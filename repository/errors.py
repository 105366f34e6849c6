"""What the driver raises, as the service's own errors: recognised by the constraint's name, the cause chained."""

import psycopg
from psycopg import errors as pg

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
    "employees_telegram_id_key": (
        ConflictError,
        ErrorKey.VALUE_INVALID,
        "telegram_id",
        "an account that belongs to nobody else",
    ),
}


def translate(error: psycopg.Error) -> Exception:
    """The error to raise in place of the driver's; one that nobody expects stays as it is."""
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
        return kind(key, field=field, value=error.diag.constraint_name, allowed=allowed)
    if isinstance(error, pg.DataError):
        return InvalidInputError(
            ErrorKey.VALUE_INVALID,
            field=error.diag.column_name or "value",
            value=error.diag.message_primary or "not storable",
            allowed="text without NUL, numbers within their range",
        )
    return error
