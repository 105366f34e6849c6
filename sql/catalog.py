"""What a database consists of, from PostgreSQL's own catalogs, for comparing the declared schema with the migrated one.

Two dumps never match (column order, random markers), so the parts are compared by their names (TECH T17).
"""

from typing import Any

from psycopg import Connection

# Everything in the schema public but Alembic's own table: kind and name of a part, and its definition as text.
_CATALOG = b"""
WITH relation AS (
    SELECT * FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE 'alembic_version%'
)
SELECT 'relation ' || relname,
       concat_ws(' ', relkind, relpersistence, relrowsecurity, reloptions::text)
  FROM relation
UNION ALL
SELECT format('column %s.%s', relname, attname),
       concat_ws(' ', format_type(atttypid, atttypmod), CASE WHEN attnotnull THEN 'NOT NULL' END,
                 'identity=' || attidentity::text, 'generated=' || attgenerated::text, attcollation::regcollation::text,
                 'DEFAULT ' || pg_get_expr(adbin, adrelid))
  FROM relation
  JOIN pg_attribute ON attrelid = relation.oid AND attnum > 0 AND NOT attisdropped
  LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
 WHERE relkind IN ('r', 'p')
UNION ALL
SELECT format('constraint %s.%s', relname, conname), pg_get_constraintdef(pg_constraint.oid)
  FROM relation
  JOIN pg_constraint ON conrelid = relation.oid
UNION ALL
SELECT 'index ' || relname, concat_ws(' ', pg_get_indexdef(indexrelid), CASE WHEN NOT indisvalid THEN 'INVALID' END)
  FROM relation
  JOIN pg_index ON indexrelid = relation.oid
UNION ALL
SELECT 'sequence ' || relname,
       concat_ws(' ', seqtypid::regtype, seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle)
  FROM relation
  JOIN pg_sequence ON seqrelid = relation.oid
UNION ALL
SELECT 'function ' || pg_proc.oid::regprocedure, pg_get_functiondef(pg_proc.oid)
  FROM pg_proc
 WHERE pronamespace = 'public'::regnamespace AND prokind IN ('f', 'p')
UNION ALL
SELECT format('trigger %s.%s', relname, tgname), concat_ws(' ', pg_get_triggerdef(pg_trigger.oid), tgenabled)
  FROM relation
  JOIN pg_trigger ON tgrelid = relation.oid AND NOT tgisinternal
"""


def read_catalog(connection: Connection[Any]) -> dict[str, str]:
    """Each part of the schema `public` by kind and name (`column shifts.note`), with its definition."""
    return dict(connection.execute(_CATALOG).fetchall())


def list_differences(declared: dict[str, str], migrated: dict[str, str]) -> list[str]:
    """One line for each part that only one of them has, or that is defined differently."""
    return [
        f"{part}: declared {declared.get(part, 'nowhere')!r}, migrated {migrated.get(part, 'nowhere')!r}"
        for part in sorted(declared.keys() | migrated.keys())
        if declared.get(part) != migrated.get(part)
    ]
