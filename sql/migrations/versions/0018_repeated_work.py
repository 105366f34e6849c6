"""What was done by a clock that was ahead is done again when its time comes, and said as a repeat."""

from alembic import op

revision = "0018"
down_revision = "0017"

DDL = """
ALTER TABLE due_work ADD COLUMN doubted_at timestamptz;
"""


def upgrade() -> None:
    """Nothing that was done so far is doubted."""
    op.execute(DDL)
