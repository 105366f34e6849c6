"""The audit log is chained, and says which wages held and how shifts are dated. What it is for: sql/schema.sql."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from alembic import op
from sqlalchemy import text

revision = "0015"
down_revision = "0014"

DDL = """
CREATE TABLE audit_chain (
    position bigint CONSTRAINT audit_chain_pkey PRIMARY KEY,
    audit_id bigint NOT NULL,
    digest text NOT NULL,
    CONSTRAINT audit_chain_audit_id_key UNIQUE (audit_id),
    CONSTRAINT audit_chain_audit_id_fkey FOREIGN KEY (audit_id) REFERENCES audit_log (id),
    CONSTRAINT audit_chain_position_check CHECK (position > 0),
    CONSTRAINT audit_chain_digest_check CHECK (digest ~ '^[0-9a-f]{64}$')
);

CREATE INDEX idx_audit_log_witness ON audit_log (id) WHERE new ? 'witness';

CREATE FUNCTION chain_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('audit_chain'));
    INSERT INTO public.audit_chain (position, audit_id, digest)
    SELECT coalesce(c.position, 0) + 1, a.id, encode(sha256(convert_to(coalesce(c.digest, '') || jsonb_build_array(
               a.id, (extract(epoch FROM a.at) * 1000000)::bigint, a.actor_id, a.action, a.subject, a.old, a.new,
               a.reason)::text, 'UTF8')), 'hex')
      FROM public.audit_log a
      LEFT JOIN (SELECT position, digest FROM public.audit_chain ORDER BY position DESC LIMIT 1) c ON true
     WHERE a.id = NEW.id AND NOT EXISTS (SELECT FROM public.audit_chain WHERE audit_id = NEW.id);
    RETURN NULL;
END
$$;
"""
TRIGGERS = """
CREATE CONSTRAINT TRIGGER audit_log_chain AFTER INSERT ON audit_log
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION chain_audit();
CREATE TRIGGER audit_chain_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_chain
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
SELECT mirror_changes_of('audit_chain', 'position');
"""
# The rows that are there already, in their order.
FILL = """
DO $$
DECLARE
    last_digest text := '';
    place bigint := 0;
    row audit_log;
BEGIN
    FOR row IN SELECT * FROM audit_log ORDER BY id LOOP
        place := place + 1;
        last_digest := encode(sha256(convert_to(last_digest || jsonb_build_array(
            row.id, (extract(epoch FROM row.at) * 1000000)::bigint, row.actor_id, row.action, row.subject, row.old,
            row.new, row.reason)::text, 'UTF8')), 'hex');
        INSERT INTO audit_chain (position, audit_id, digest) VALUES (place, row.id, last_digest);
    END LOOP;
END
$$;
"""
# Everybody's wages and base rates as they stand, and what shifts were priced with that is none of these: an admin who
# set others from an earlier date on left recorded shifts as they were.
WAGES = """
SELECT jsonb_object_agg(employee_id, terms) FROM (
    SELECT employee_id,
           jsonb_agg(jsonb_build_array(to_char(valid_from, 'YYYY-MM-DD'), hourly_wage::text, base_pct::text)
                     ORDER BY valid_from) AS terms
      FROM employee_settings GROUP BY employee_id) t
"""
OTHER_WAGES = """
SELECT s.shift_id, s.hourly_wage::text, s.base_pct::text
  FROM shifts s
 WHERE s.status = 'recorded'
   AND NOT EXISTS (SELECT FROM imported_shifts i WHERE i.shift_id = s.shift_id)
   AND (s.hourly_wage, s.base_pct) IS DISTINCT FROM (
       SELECT (t.hourly_wage, t.base_pct) FROM employee_settings t
        WHERE t.employee_id = s.employee_id AND t.valid_from <= s.shift_date ORDER BY t.valid_from DESC LIMIT 1)
 ORDER BY s.shift_id
"""
DATES = "SELECT shift_id, shift_date, time_in FROM shifts WHERE status = 'recorded' ORDER BY shift_id"
ZONE = "SELECT value FROM schema_metadata WHERE key = 'time_zone'"
NOTE = """
INSERT INTO audit_log (action, subject, new)
VALUES ('books sealed', 'books:0015', jsonb_build_object('witness', CAST(:witness AS jsonb)))
"""
ROWS_AT_ONCE = 500


def upgrade() -> None:
    """Add the chain. The last of the rows that it begins with says what is there already and cannot be worked out."""
    op.execute(DDL)
    connection = op.get_bind()
    for witness in _list_witnesses(connection):
        connection.execute(text(NOTE), {"witness": json.dumps(witness)})
    op.execute(FILL)
    op.execute(TRIGGERS)


def _list_witnesses(connection: Any) -> Iterator[Mapping[str, object]]:
    terms = connection.execute(text(WAGES)).scalar()
    if terms:
        yield {"terms": terms}
    wages = {str(shift_id): pair for shift_id, *pair in connection.execute(text(OTHER_WAGES))}
    yield from ({"wages": some} for some in _split(wages))
    yield from ({"dates": some} for some in _split(_list_other_dates(connection)))


def _list_other_dates(connection: Any) -> dict[str, str]:
    """Shifts with another date than that of their clock-in in today's business zone: recorded in another one."""
    name = connection.execute(text(ZONE)).scalar()
    try:
        zone = ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    found = connection.execute(text(DATES))
    return {str(number): f"{day}" for number, day, time_in in found if time_in.astimezone(zone).date() != day}


def _split(rows: Mapping[str, object]) -> Iterator[dict[str, object]]:
    """In pieces that fit into a cell of the mirror each."""
    pairs = list(rows.items())
    for start in range(0, len(pairs), ROWS_AT_ONCE):
        yield dict(pairs[start : start + ROWS_AT_ONCE])
