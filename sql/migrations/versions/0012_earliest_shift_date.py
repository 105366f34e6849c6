"""No shift is dated before 2000. What the column and the constraint are for: sql/schema.sql."""

from alembic import op

revision = "0012"
down_revision = "0011"

# A closed period lets nothing of it be changed, and nothing but the mark is.
DDL = """
ALTER TABLE shifts ADD COLUMN is_date_kept boolean NOT NULL DEFAULT false;
ALTER TABLE shifts DISABLE TRIGGER shifts_period_closed_check;
UPDATE shifts SET is_date_kept = true WHERE shift_date < DATE '2000-01-01';
ALTER TABLE shifts ENABLE TRIGGER shifts_period_closed_check;
ALTER TABLE shifts ADD CONSTRAINT shifts_shift_date_check CHECK (shift_date >= DATE '2000-01-01' OR is_date_kept);
"""


def upgrade() -> None:
    """Refuse earlier dates; shifts that have one stay as they are until somebody corrects or deletes them."""
    op.execute(DDL)
