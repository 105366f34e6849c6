-- Queries of backup/, by name; as in queries.sql. They run on databases of any earlier schema version too.


-- ---------------------------------------------------------------------------------------------------------------
-- Figures of one snapshot
-- ---------------------------------------------------------------------------------------------------------------

-- name: set_plain_spelling
-- Rows as text must read the same on every server.
SELECT set_config(name, value, true) FROM (VALUES
    ('TimeZone', 'UTC'), ('DateStyle', 'ISO, YMD'), ('IntervalStyle', 'postgres'), ('bytea_output', 'hex'),
    ('client_encoding', 'UTF8'), ('statement_timeout', '0'), ('lock_timeout', '30s'),
    ('idle_in_transaction_session_timeout', '0')) AS s (name, value)

-- name: export_snapshot
SELECT pg_export_snapshot(), current_setting('server_version'),
       current_setting('server_version_num')::integer / 10000

-- name: select_identity
SELECT value FROM public.schema_metadata WHERE key = 'database_uuid'

-- name: select_ledger_sums
SELECT reason, count(*), coalesce(sum(units) FILTER (WHERE direction = 'credit'), 0)::text,
       coalesce(sum(units) FILTER (WHERE direction = 'debit'), 0)::text
  FROM public.balance_transactions
 GROUP BY reason
 ORDER BY reason

-- name: select_month_hashes
-- One hash a month over every column of its shifts and of what was sold on them.
SELECT to_char(s.shift_date, 'YYYY-MM'), count(*),
       encode(sha256(convert_to(string_agg(concat_ws(' ', s::text, p.sold), E'\n' ORDER BY s.shift_id), 'UTF8')), 'hex')
  FROM public.shifts s
  LEFT JOIN (SELECT shift_id, string_agg(line::text, ' ' ORDER BY product_id) AS sold
               FROM public.shift_products line
              GROUP BY shift_id) p ON p.shift_id = s.shift_id
 GROUP BY 1
 ORDER BY 1


-- ---------------------------------------------------------------------------------------------------------------
-- Restoring
-- ---------------------------------------------------------------------------------------------------------------

-- name: count_routines
SELECT count(*)
  FROM pg_proc p
 WHERE p.pronamespace = 'public'::regnamespace
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')

-- name: drop_everything
-- All tables, views, sequences and functions of the schema public but those of extensions.
DO $$
DECLARE
    statement text;
BEGIN
    FOREACH statement IN ARRAY ARRAY(
        SELECT format('DROP %s IF EXISTS %s CASCADE', CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
                      WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, c.oid::regclass)
          FROM pg_class c
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
           AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                              AND d.deptype IN ('e', 'i', 'a'))
        UNION ALL
        SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', p.oid::regprocedure)
          FROM pg_proc p
         WHERE p.pronamespace = 'public'::regnamespace
           AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
                              AND d.deptype = 'e'))
    LOOP
        EXECUTE statement;
    END LOOP;
END
$$


-- ---------------------------------------------------------------------------------------------------------------
-- The log
-- ---------------------------------------------------------------------------------------------------------------

-- name: take_backup_lock
SELECT pg_try_advisory_lock(%(key)s)

-- name: has_backup_log
SELECT to_regclass('public.backup_runs') IS NOT NULL

-- name: insert_backup_run
INSERT INTO backup_runs (kind, status, file_name, size_bytes, error, is_told, started_at, finished_at)
VALUES (%(kind)s, CASE WHEN %(error)s::text IS NULL THEN 'ok' ELSE 'failed' END, %(file_name)s, %(size_bytes)s,
        %(error)s, %(is_told)s, %(started_at)s, %(finished_at)s)

-- name: has_been_told
-- Whether the admins know that this fails: told since it last went well, and not longer ago than a day.
SELECT EXISTS (
    SELECT FROM backup_runs
     WHERE kind = %(kind)s AND is_told AND finished_at > %(since)s
       AND id > coalesce((SELECT max(id) FROM backup_runs WHERE kind = %(kind)s AND status = 'ok'), 0))

-- name: purge_backup_runs
-- The last good one of each kind stays, however old.
DELETE FROM backup_runs
 WHERE finished_at < %(before)s
   AND id NOT IN (SELECT max(id) FROM backup_runs WHERE status = 'ok' GROUP BY kind)

-- name: delete_failed_copies
DELETE FROM backup_runs WHERE kind = 'copied' AND status = 'failed'

-- name: select_last_check
-- By its number: the clock may have been put back since.
SELECT max(finished_at) FROM backup_runs WHERE id = (SELECT max(id) FROM backup_runs WHERE kind = 'checked')
