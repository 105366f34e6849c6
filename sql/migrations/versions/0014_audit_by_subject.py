"""What was done about one thing is found in the audit log without reading it all. What for: sql/schema.sql."""

from alembic import op

revision = "0014"
down_revision = "0013"

# What a build that was broken off left behind is invalid, and would be taken for the index.
DDL = (
    "DROP INDEX CONCURRENTLY IF EXISTS idx_audit_log_subject",
    "CREATE INDEX CONCURRENTLY idx_audit_log_subject ON audit_log (subject)",
)


def upgrade() -> None:
    """Build it while others write."""
    with op.get_context().autocommit_block():
        for statement in DDL:
            op.execute(statement)
