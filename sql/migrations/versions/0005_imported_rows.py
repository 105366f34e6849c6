"""Shifts that were migrated keep what the old sheet said of them. What each column is for: sql/schema.sql."""

from alembic import op

revision = "0005"
down_revision = "0004"

DDL = """
ALTER TABLE shifts
    ALTER COLUMN worked_hours TYPE numeric(9,2),
    ADD COLUMN is_imported boolean NOT NULL DEFAULT false,
    ADD COLUMN imported_difference numeric(12,2) NOT NULL DEFAULT 0,
    DROP CONSTRAINT shifts_worked_seconds_check,
    DROP CONSTRAINT shifts_base_pct_check,
    DROP CONSTRAINT shifts_total_made_check,
    DROP CONSTRAINT shifts_employee_id_time_in_time_out_excl,
    ADD CONSTRAINT shifts_worked_seconds_check CHECK (worked_seconds <= 86400 OR is_imported),
    ADD CONSTRAINT shifts_base_pct_check CHECK (base_pct >= 0 AND (base_pct <= 100 OR is_imported)),
    ADD CONSTRAINT shifts_imported_difference_check CHECK (imported_difference = 0 OR is_imported),
    ADD CONSTRAINT shifts_total_made_check
        CHECK (total_made = total_per_hour + commissions + bonus_pay + imported_difference),
    ADD CONSTRAINT shifts_employee_id_time_in_time_out_excl EXCLUDE USING gist (
        int8range(employee_id, employee_id, '[]') WITH &&,
        tstzrange(time_in, time_out) WITH &&,
        int8range(CASE WHEN is_imported THEN shift_id END, CASE WHEN is_imported THEN shift_id END, '[]') WITH &&
    ) WHERE (status <> 'deleted');
-- Made anew behind the constraint: of two that refuse a row, the older one speaks.
DROP INDEX shifts_employee_id_running_key;
CREATE UNIQUE INDEX shifts_employee_id_running_key ON shifts (employee_id) WHERE status = 'running';

CREATE TABLE imported_shifts (
    shift_id bigint CONSTRAINT imported_shifts_pkey PRIMARY KEY,
    worked_seconds integer NOT NULL,
    total_per_hour numeric(12,2) NOT NULL,
    total_sales numeric(12,2) NOT NULL,
    net_sales numeric(12,2) NOT NULL,
    commission_pct numeric(7,2) NOT NULL,
    is_pct_fixed boolean NOT NULL,
    commissions numeric(12,2) NOT NULL,
    paid_before numeric(12,2),
    period_start date,
    period_end date,
    digest text NOT NULL,
    imported_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT imported_shifts_shift_id_fkey FOREIGN KEY (shift_id) REFERENCES shifts (shift_id),
    CONSTRAINT imported_shifts_worked_seconds_check CHECK (worked_seconds > 0),
    CONSTRAINT imported_shifts_paid_before_period_check
        CHECK (num_nulls(paid_before, period_start, period_end) IN (0, 3) AND period_end >= period_start)
);
SELECT mirror_changes_of('imported_shifts', 'shift_id');
"""


def upgrade() -> None:
    """Add them; no shift that is there is an imported one."""
    op.execute(DDL)
