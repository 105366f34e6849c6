"""The mirror is switched on and off by the bot's login, which owns no table. What it is for: sql/schema.sql."""

from alembic import op

revision = "0016"
down_revision = "0015"

DDL = """
CREATE FUNCTION switch_mirror(is_on boolean) RETURNS integer LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wanted "char" := CASE WHEN is_on THEN 'O' ELSE 'D' END;
    switched integer := 0;
    relation regclass;
    name name;
BEGIN
    FOR relation, name IN
        SELECT t.tgrelid::regclass, t.tgname FROM pg_trigger t
         WHERE t.tgfoid = 'public.note_changes'::regproc AND t.tgenabled <> wanted ORDER BY t.tgname
    LOOP
        EXECUTE format('ALTER TABLE %s %s TRIGGER %I', relation, CASE WHEN is_on THEN 'ENABLE' ELSE 'DISABLE' END,
            name);
        switched := switched + 1;
    END LOOP;
    RETURN switched;
END
$$;
REVOKE ALL ON FUNCTION switch_mirror(boolean) FROM PUBLIC;
"""


def upgrade() -> None:
    """Add the function."""
    op.execute(DDL)
