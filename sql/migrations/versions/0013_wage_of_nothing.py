"""Who lives on commission alone has a wage of 0. What the constraint is for: sql/schema.sql."""

from alembic import op

revision = "0013"
down_revision = "0012"

DDL = """
ALTER TABLE employee_settings
    DROP CONSTRAINT employee_settings_hourly_wage_check,
    ADD CONSTRAINT employee_settings_hourly_wage_check CHECK (hourly_wage >= 0);
"""


def upgrade() -> None:
    """Allow it."""
    op.execute(DDL)
