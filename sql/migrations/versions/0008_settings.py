"""Settings that change at run time. What each is for: sql/schema.sql."""

from alembic import op

revision = "0008"
down_revision = "0007"

DDL = """
CREATE TABLE settings (
    key text CONSTRAINT settings_pkey PRIMARY KEY,
    category text NOT NULL,
    value text,
    type text NOT NULL,
    default_value text NOT NULL,
    is_secret boolean NOT NULL DEFAULT false,
    changed_by bigint,
    changed_at timestamptz,
    CONSTRAINT settings_changed_by_fkey FOREIGN KEY (changed_by) REFERENCES employees (employee_id),
    CONSTRAINT settings_key_check CHECK (char_length(key) BETWEEN 1 AND 60),
    CONSTRAINT settings_category_check CHECK (char_length(category) BETWEEN 1 AND 60),
    CONSTRAINT settings_value_check CHECK (char_length(value) <= 1000),
    CONSTRAINT settings_type_check CHECK (type IN ('flag', 'whole', 'amount'))
);
SELECT mirror_changes_of('settings', 'key');
"""


def upgrade() -> None:
    """Add them."""
    op.execute(DDL)
