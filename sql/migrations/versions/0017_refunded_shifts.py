"""A refunded shift keeps its rates only; a withdrawal may change what is closed. What for: sql/schema.sql."""

from alembic import op

revision = "0017"
down_revision = "0016"

DDL = """
DROP TRIGGER shifts_refunds_check ON shifts;
CREATE TRIGGER shifts_refunds_check BEFORE UPDATE ON shifts
    FOR EACH ROW WHEN (OLD.status = 'recorded' AND
        (OLD.status, OLD.employee_id, OLD.shift_date, OLD.platform_cut_pct, OLD.total_sales, OLD.net_sales,
         OLD.dynamic_pct, OLD.commission_pct) IS DISTINCT FROM
        (NEW.status, NEW.employee_id, NEW.shift_date, NEW.platform_cut_pct, NEW.total_sales, NEW.net_sales,
         NEW.dynamic_pct, NEW.commission_pct))
    EXECUTE FUNCTION refuse_change_of_refunded();

ALTER TABLE shift_versions DROP CONSTRAINT shift_versions_reason_check,
    ADD CONSTRAINT shift_versions_reason_check CHECK (reason IN ('correction', 'rank', 'refund'));
"""


def upgrade() -> None:
    """Put the trigger and the check in the place of those that there were."""
    op.execute(DDL)
