-- Every query of the service. A name line begins each; parameters are psycopg's. A part is a piece of SQL that
-- several queries share: it stands in them as {its name}.
-- Conventions: a person's rows are written only under `lock_employee`; "in force on a date" is the newest
-- version whose valid_from is not after it; the one order of shifts is (recorded_at, shift_id).


-- part: bonus
-- A bonus b with the shift e that earned it, in the order of `rows.read_bonus`.
b.bonus_id, b.bonus_type, b.value, b.state, b.draw, b.created_at, b.earned_shift_id, e.recorded_at, e.time_in,
b.rank_id, b.rank_month, b.shift_id, b.product_id, b.source_shift_id, b.basis_net, b.amount, b.voided_by

-- part: priced_shift
-- A recorded shift s with its products, in the order of `rows.read_shift`.
s.shift_id, s.recorded_at, s.shift_date, s.time_in, s.time_out,
s.hourly_wage, s.base_pct, s.platform_cut_pct, s.dynamic_basis, s.rate_version_id,
s.worked_seconds, s.worked_hours, s.total_sales, s.net_sales, s.dynamic_pct, s.commission_pct,
s.total_per_hour, s.commissions, s.bonus_pay, s.total_made,
(SELECT json_agg(json_build_array(p.product_id, p.amount) ORDER BY p.product_id)
   FROM shift_products p WHERE p.shift_id = s.shift_id),
CASE WHEN s.is_imported
     THEN (SELECT json_build_array(i.worked_seconds, i.total_per_hour, i.total_sales, i.net_sales, i.commission_pct,
                                   i.is_pct_fixed, i.commissions, s.imported_difference)
             FROM imported_shifts i WHERE i.shift_id = s.shift_id) END,
EXISTS (SELECT FROM refunds r WHERE r.shift_id = s.shift_id AND r.withdrawn_at IS NULL)

-- part: applied_bonuses
-- The bonuses that a shift s carries.
(SELECT json_agg(json_build_array(
            {bonus}) ORDER BY b.created_at, b.bonus_id)
   FROM active_bonuses b LEFT JOIN shifts e ON e.shift_id = b.earned_shift_id
  WHERE b.shift_id = s.shift_id)

-- part: source
-- A shift s of somebody else, in the order of `rows.read_source`.
s.shift_id, s.platform_cut_pct,
(SELECT json_agg(json_build_array(p.product_id, p.amount)) FROM shift_products p WHERE p.shift_id = s.shift_id)

-- part: record
-- A shift s as `ShiftRecord` keeps it, but for what was sold.
s.shift_id, s.recorded_at, s.employee_id, s.employee_name, s.time_in, s.time_out, s.worked_hours, s.total_sales,
s.net_sales, s.commission_pct, s.total_per_hour, s.commissions, s.total_made, s.shift_date, s.note

-- part: catalogue
-- All products as one text, so that what is made of it can be kept as long as it stays the same.
(SELECT json_agg(json_build_array(c.product_id, c.name, c.is_active) ORDER BY c.product_id)::text FROM products c)

-- part: lowering_refunds
-- Refunds r of shifts f that lower the sales of the sale's month (SPEC 4.20).
refunds r JOIN shifts f ON f.shift_id = r.shift_id AND r.lowers_rank AND r.withdrawn_at IS NULL

-- part: sold
-- What was sold, as one text: most who ask for many shifts do not look at it, and text is the cheapest to carry.
(SELECT json_object_agg(p.product_id, p.amount ORDER BY p.product_id)::text
   FROM shift_products p WHERE p.shift_id = s.shift_id)


-- part: origin_of_bonus
-- Where a bonus b comes from, behind it in FROM: the rank r, or what the log g says of who gave it.
LEFT JOIN ranks r ON r.rank_id = b.rank_id
  LEFT JOIN LATERAL (SELECT n.name, a.reason FROM audit_log a LEFT JOIN employees n ON n.employee_id = a.actor_id
                      WHERE a.subject = 'bonus:' || b.bonus_id AND a.action LIKE 'bonus granted%'
                      ORDER BY a.id LIMIT 1) g ON b.rank_id IS NULL

-- part: statement_shift
-- A shift s as a statement shows it, by name: kept as it is here where a closed one is changed.
jsonb_build_object(
    'shift_id', s.shift_id, 'shift_date', s.shift_date, 'time_in', s.time_in, 'time_out', s.time_out,
    'recorded_at', s.recorded_at, 'note', s.note, 'hourly_wage', s.hourly_wage, 'base_pct', s.base_pct,
    'platform_cut_pct', s.platform_cut_pct, 'worked_hours', s.worked_hours, 'total_sales', s.total_sales,
    'net_sales', s.net_sales, 'dynamic_pct', s.dynamic_pct, 'commission_pct', s.commission_pct,
    'total_per_hour', s.total_per_hour, 'commissions', s.commissions, 'bonus_pay', s.bonus_pay,
    'imported_difference', s.imported_difference, 'total_made', s.total_made,
    'products', (SELECT jsonb_agg(jsonb_build_array(c.name, p.amount) ORDER BY p.product_id)
                   FROM shift_products p JOIN products c ON c.product_id = p.product_id
                  WHERE p.shift_id = s.shift_id),
    'paid_before', (SELECT i.paid_before FROM imported_shifts i WHERE i.shift_id = s.shift_id),
    'bonuses', (SELECT jsonb_agg(jsonb_build_array(b.bonus_type, b.value, b.amount, b.basis_net, o.name,
                                                   r.rank_name, b.rank_month, g.name, g.reason)
                                 ORDER BY b.created_at, b.bonus_id)
                  FROM active_bonuses b
                  LEFT JOIN products o ON o.product_id = b.product_id
                  {origin_of_bonus}
                 WHERE b.shift_id = s.shift_id AND b.state = 'applied'))


-- ---------------------------------------------------------------------------------------------------------------
-- A change of a person's shifts: lock, read the book, write the outcome
-- ---------------------------------------------------------------------------------------------------------------

-- name: lock_employee
-- Held to the end of the transaction: one change of a person's shifts, bonuses and ledger at a time. With the
-- transaction's number, by which it can be found again.
SELECT employee_id, sub, name, status, left_date, closed_until, pg_current_xact_id(),
       {catalogue}
  FROM employees
 WHERE employee_id = %(employee_id)s
   FOR NO KEY UPDATE

-- name: lock_everybody
-- The same lock for all, in one order.
SELECT employee_id FROM employees ORDER BY employee_id FOR NO KEY UPDATE

-- name: lock_employee_of_shift
-- The same lock, for the person of a shift, with the shift as it is under it.
SELECT e.employee_id, e.sub, e.name, e.status, e.left_date, e.closed_until, pg_current_xact_id()
  FROM employees e
 WHERE e.employee_id = (SELECT employee_id FROM shifts WHERE shift_id = %(shift_id)s)
   FOR NO KEY UPDATE

-- name: insert_employee_settings
INSERT INTO employee_settings (employee_id, valid_from, hourly_wage, base_pct, changed_by)
VALUES (%(employee_id)s, %(valid_from)s, %(hourly_wage)s, %(base_pct)s, %(changed_by)s)
ON CONFLICT (employee_id, valid_from) DO NOTHING

-- name: upsert_employee_settings
INSERT INTO employee_settings (employee_id, valid_from, hourly_wage, base_pct, changed_by)
VALUES (%(employee_id)s, %(valid_from)s, %(hourly_wage)s, %(base_pct)s, %(changed_by)s)
ON CONFLICT (employee_id, valid_from)
DO UPDATE SET hourly_wage = EXCLUDED.hourly_wage, base_pct = EXCLUDED.base_pct, changed_by = EXCLUDED.changed_by,
              changed_at = now()

-- name: select_all_settings_of
SELECT valid_from, hourly_wage, base_pct FROM employee_settings WHERE employee_id = %(employee_id)s ORDER BY valid_from

-- name: carry_settings_on
-- A wage or base rate that changed from a date on holds in the person's later rows too, which say the other one's
-- change: up to the first that has another value than the one that was in force.
UPDATE employee_settings s
   SET hourly_wage = CASE WHEN s.valid_from < own.wage_from THEN %(hourly_wage)s ELSE s.hourly_wage END,
       base_pct = CASE WHEN s.valid_from < own.pct_from THEN %(base_pct)s ELSE s.base_pct END
  FROM (SELECT coalesce(min(valid_from) FILTER (WHERE hourly_wage <> %(old_wage)s), 'infinity') AS wage_from,
               coalesce(min(valid_from) FILTER (WHERE base_pct <> %(old_pct)s), 'infinity') AS pct_from
          FROM employee_settings
         WHERE employee_id = %(employee_id)s AND valid_from > %(valid_from)s) AS own
 WHERE s.employee_id = %(employee_id)s AND s.valid_from > %(valid_from)s
   AND s.valid_from < greatest(own.wage_from, own.pct_from)

-- name: read_book
-- All that the rules need of a person for a change of the shift %(shift_id)s (a new one where it is null) that
-- touches %(dates)s and settles the ranks of %(months)s. One JSON array. For a new shift also what it is priced with on
-- %(shift_date)s, and whether %(request_id)s was recorded before. The shifts that are touched come first, the bonuses
-- once for all that speak of them: those that wait, that such a shift carries, that a rank of the months gave.
-- Numbers are used up for good, so a new shift draws one only where it is recorded: one that is refused or was recorded
-- before has 0, one that is only rehearsed a number below that, of which no other transaction has any.
WITH touched AS MATERIALIZED (
    SELECT s.shift_id, json_build_array(
               {priced_shift}) AS priced
      FROM shifts s
     WHERE s.status = 'recorded'
       AND s.shift_id = ANY (
           %(shift_id)s::bigint
           || ARRAY(SELECT d.shift_id FROM shifts d
                     WHERE d.employee_id = %(employee_id)s AND d.shift_date = ANY (%(dates)s::date[]))
           || ARRAY(SELECT c.shift_id FROM active_bonuses c
                     WHERE c.employee_id = %(employee_id)s AND c.rank_month = ANY (%(months)s::date[])))
), overlapping AS MATERIALIZED (
    SELECT json_build_array(o.shift_id, o.status, o.time_in, o.time_out) AS shift FROM shifts o
    WHERE o.status <> 'deleted' AND o.shift_id IS DISTINCT FROM %(shift_id)s::bigint
        AND tstzrange(o.time_in, o.time_out) && tstzrange(%(time_in)s::timestamptz, %(time_out)s::timestamptz)
        -- The range says whose, as in the constraint; the column besides would have the person's whole past looked up.
        AND int8range(o.employee_id, o.employee_id, '[]')
            && int8range(%(employee_id)s::bigint, %(employee_id)s::bigint, '[]')
    ORDER BY o.time_in LIMIT 1
), repeated AS MATERIALIZED (
    SELECT json_build_array(r.shift_id, r.status, r.employee_id, r.request_digest) AS shift FROM shifts r
     WHERE r.request_id = %(request_id)s
)
SELECT json_build_array(
       (SELECT r.shift FROM repeated r),
       (SELECT json_build_array(w.hourly_wage, w.base_pct) FROM employee_settings w
         WHERE w.employee_id = %(employee_id)s AND w.valid_from <= %(shift_date)s::date
         ORDER BY w.valid_from DESC LIMIT 1),
       (SELECT json_build_array(t.platform_cut_pct, t.dynamic_basis) FROM pay_terms t
         WHERE t.valid_from <= %(shift_date)s::date ORDER BY t.valid_from DESC LIMIT 1),
       (SELECT v.version_id FROM dynamic_rate_versions v
         WHERE v.valid_from <= %(shift_date)s::date
         ORDER BY v.valid_from DESC, v.version_id DESC LIMIT 1),
       coalesce(%(shift_id)s::bigint,
                CASE WHEN %(is_refused)s OR EXISTS (SELECT FROM repeated) OR EXISTS (SELECT FROM overlapping) THEN 0
                     WHEN %(is_rehearsed)s THEN -10000 * pg_current_xact_id()::text::bigint
                                                - (SELECT count(*) FROM shifts n WHERE n.shift_id < 0)
                     ELSE nextval('shifts_shift_id_seq') END),
       (SELECT json_agg(t.priced) FROM touched t),
       (SELECT json_agg(json_build_array(
                   {bonus}) ORDER BY b.created_at, b.bonus_id)
          FROM active_bonuses b LEFT JOIN shifts e ON e.shift_id = b.earned_shift_id
         WHERE b.bonus_id = ANY (
               ARRAY(SELECT c.bonus_id FROM active_bonuses c
                      WHERE c.employee_id = %(employee_id)s AND c.state = 'pending')
               || ARRAY(SELECT c.bonus_id FROM active_bonuses c
                         WHERE c.employee_id = %(employee_id)s AND c.rank_month = ANY (%(months)s::date[]))
               || ARRAY(SELECT c.bonus_id FROM active_bonuses c
                         WHERE c.shift_id = ANY (ARRAY(SELECT t.shift_id FROM touched t))))),
       (SELECT json_agg(json_build_array(
                   m.month,
                   (SELECT coalesce(sum(s.total_sales), 0.00) FROM shifts s
                     WHERE s.employee_id = %(employee_id)s AND s.status = 'recorded'
                       AND s.shift_date >= m.month AND s.shift_date < (m.month + interval '1 month')::date)
                   - (SELECT coalesce(sum(r.amount), 0.00) FROM {lowering_refunds}
                       WHERE r.employee_id = %(employee_id)s
                         AND f.shift_date >= m.month AND f.shift_date < (m.month + interval '1 month')::date),
                   (SELECT v.version_id FROM rank_versions v
                     WHERE v.valid_from <= m.month ORDER BY v.valid_from DESC, v.version_id DESC LIMIT 1),
                   (SELECT r.current_rank_id FROM employee_ranks r
                     WHERE r.employee_id = %(employee_id)s
                       AND r.year = date_part('year', m.month)::int AND r.month = date_part('month', m.month)::int),
                   (SELECT json_agg(json_build_array(a.rank_id, a.is_drawn, a.bonus_id) ORDER BY a.rank_id)
                      FROM rank_awards a
                     WHERE a.employee_id = %(employee_id)s AND a.rank_month = m.month)) ORDER BY m.month)
          FROM unnest(%(months)s::date[]) AS m (month)),
       (SELECT o.shift FROM overlapping o))

-- name: select_request
-- The shift that a request made.
SELECT shift_id, status, employee_id, request_digest FROM shifts WHERE request_id = %(request_id)s

-- name: read_previous_source
-- percent_prev: the newest earlier-recorded shift of somebody else that sold one of the models.
SELECT {source}
  FROM shifts s
 WHERE s.status = 'recorded' AND s.employee_id <> %(employee_id)s
   AND (s.recorded_at, s.shift_id) < (%(recorded_at)s, %(shift_id)s)
   AND EXISTS (SELECT 1 FROM shift_products p WHERE p.shift_id = s.shift_id AND p.product_id = ANY (%(models)s))
 ORDER BY s.recorded_at DESC, s.shift_id DESC
 LIMIT 1

-- name: read_same_day_sources
-- percent_all: all other people's shifts of the date, recorded earlier.
SELECT {source}
  FROM shifts s
 WHERE s.status = 'recorded' AND s.employee_id <> %(employee_id)s AND s.shift_date = %(shift_date)s
   AND (s.recorded_at, s.shift_id) < (%(recorded_at)s, %(shift_id)s)
   AND EXISTS (SELECT 1 FROM shift_products p WHERE p.shift_id = s.shift_id AND p.product_id = ANY (%(models)s))

-- What a change leaves behind, each of it from a JSON array of rows. Rows that are there already are named by their
-- numbers too: how many a JSON array has is not known when a plan is made, and a guess of 100 leads past the index.

-- part: insert_new_shifts
INSERT INTO shifts (shift_id, employee_id, employee_name, status, shift_date, time_in, time_out, recorded_at, note,
                    request_id, request_digest, hourly_wage, base_pct, platform_cut_pct, dynamic_basis, rate_version_id,
                    worked_seconds, worked_hours, total_sales, net_sales, dynamic_pct, commission_pct,
                    total_per_hour, commissions, bonus_pay, total_made)
SELECT shift_id, %(employee_id)s, employee_name, 'recorded', shift_date, time_in, time_out, recorded_at, note,
       request_id, request_digest, hourly_wage, base_pct, platform_cut_pct, dynamic_basis, rate_version_id,
       worked_seconds, worked_hours, total_sales, net_sales, dynamic_pct, commission_pct,
       total_per_hour, commissions, bonus_pay, total_made
  FROM json_populate_recordset(NULL::shifts, %(new_shifts)s)

-- part: set_products
INSERT INTO shift_products (shift_id, product_id, amount)
SELECT shift_id, product_id, amount FROM json_populate_recordset(NULL::shift_products, %(products)s)
ON CONFLICT (shift_id, product_id) DO UPDATE SET amount = EXCLUDED.amount

-- part: change_bonuses
UPDATE active_bonuses b
   SET state = n.state, earned_shift_id = n.earned_shift_id, shift_id = n.shift_id, product_id = n.product_id,
       source_shift_id = n.source_shift_id, basis_net = n.basis_net, amount = n.amount, voided_by = n.voided_by,
       day_off_date = CASE WHEN n.state <> 'void' THEN b.day_off_date END
  FROM json_populate_recordset(NULL::active_bonuses, %(bonuses)s) n
 WHERE b.bonus_id = n.bonus_id AND b.bonus_id = ANY (%(bonus_ids)s::bigint[])

-- part: last_entry
SELECT entry_no, balance_after FROM balance_transactions
 WHERE sub = %(sub)s ORDER BY entry_no DESC LIMIT 1

-- part: book_entries
INSERT INTO balance_transactions (sub, entry_no, direction, units, balance_after, period_start, period_end, ref,
                                  reason, source_service)
SELECT %(sub)s, coalesce((SELECT entry_no FROM last_entry), 0) + n.entry_no, n.direction, n.units,
       coalesce((SELECT balance_after FROM last_entry), 0)
           + sum(CASE n.direction WHEN 'credit' THEN n.units ELSE -n.units END) OVER (ORDER BY n.entry_no),
       n.period_start, n.period_end, n.ref, n.reason, %(source_service)s
  FROM json_populate_recordset(NULL::balance_transactions, %(entries)s) n
 ORDER BY n.entry_no

-- name: write_new_shift
-- What most changes are: a new shift that moves no rank and no other shift.
WITH new_shifts AS (
    {insert_new_shifts}
), products AS (
    {set_products}
), changed_bonuses AS (
    {change_bonuses}
), last_entry AS (
    {last_entry}
)
{book_entries}

-- name: write_outcome
-- Everything at once.
WITH new_shifts AS (
    {insert_new_shifts}
), changed_shifts AS (
    UPDATE shifts s
       SET status = n.status, shift_date = n.shift_date, time_in = n.time_in, time_out = n.time_out,
           recorded_at = n.recorded_at, hourly_wage = n.hourly_wage, base_pct = n.base_pct,
           platform_cut_pct = n.platform_cut_pct, dynamic_basis = n.dynamic_basis, rate_version_id = n.rate_version_id,
           worked_seconds = n.worked_seconds, worked_hours = n.worked_hours,
           total_sales = n.total_sales, net_sales = n.net_sales, dynamic_pct = n.dynamic_pct,
           commission_pct = n.commission_pct, total_per_hour = n.total_per_hour, commissions = n.commissions,
           bonus_pay = n.bonus_pay, total_made = n.total_made, note = coalesce(n.note, s.note),
           request_id = coalesce(n.request_id, s.request_id),
           request_digest = coalesce(n.request_digest, s.request_digest)
      FROM json_populate_recordset(NULL::shifts, %(changed_shifts)s) n
     WHERE s.shift_id = n.shift_id AND s.shift_id = ANY (%(shift_ids)s::bigint[])
), gone_products AS (
    DELETE FROM shift_products p
     USING json_populate_recordset(NULL::shift_products, %(gone_products)s) n
     WHERE p.shift_id = n.shift_id AND p.product_id = n.product_id AND p.shift_id = ANY (%(shift_ids)s::bigint[])
), products AS (
    {set_products}
), changed_bonuses AS (
    {change_bonuses}
), drawn_bonuses AS (
    INSERT INTO active_bonuses (employee_id, bonus_type, value, state, draw, earned_shift_id, rank_id, rank_month,
                                shift_id, amount, created_at)
    SELECT %(employee_id)s, bonus_type, value, state, draw, earned_shift_id, rank_id, rank_month,
           shift_id, amount, created_at
      FROM json_populate_recordset(NULL::active_bonuses, %(drawn_bonuses)s)
    RETURNING bonus_id, rank_id, rank_month
), awards AS (
    INSERT INTO rank_awards (employee_id, rank_month, rank_id, is_drawn, bonus_id)
    SELECT %(employee_id)s, n.rank_month, n.rank_id, n.is_drawn, d.bonus_id
      FROM json_populate_recordset(NULL::rank_awards, %(awards)s) n
      LEFT JOIN drawn_bonuses d ON d.rank_id = n.rank_id AND d.rank_month = n.rank_month
    ON CONFLICT (employee_id, rank_month, rank_id)
    DO UPDATE SET is_drawn = EXCLUDED.is_drawn, bonus_id = EXCLUDED.bonus_id
), ranks_held AS (
    INSERT INTO employee_ranks (employee_id, year, month, current_rank_id, previous_rank_id, notified, last_updated)
    SELECT %(employee_id)s, year, month, current_rank_id, previous_rank_id, notified, last_updated
      FROM json_populate_recordset(NULL::employee_ranks, %(ranks)s)
    ON CONFLICT (employee_id, year, month)
    DO UPDATE SET current_rank_id = EXCLUDED.current_rank_id, previous_rank_id = EXCLUDED.previous_rank_id,
                  notified = EXCLUDED.notified, last_updated = EXCLUDED.last_updated
), told AS (
    INSERT INTO outbox (employee_id, kind, payload)
    SELECT %(employee_id)s, kind, payload
      FROM json_populate_recordset(NULL::outbox, %(notices)s)
    UNION ALL
    SELECT a.employee_id, n.kind, n.payload
      FROM json_populate_recordset(NULL::outbox, %(admin_notices)s) n
      JOIN employees a ON a.role IN ('owner', 'manager') AND a.status = 'active'
), last_entry AS (
    {last_entry}
), booked AS (
    {book_entries}
)
INSERT INTO audit_log (actor_id, action, subject, old, new, reason)
SELECT actor_id, action, subject, old, new, reason FROM json_populate_recordset(NULL::audit_log, %(audit)s)

-- name: keep_shift_versions
-- Of shifts of closed periods, before they are changed; one that is not there yet has no content. A period that nothing
-- was in has no row: the next closed one stands for it.
INSERT INTO shift_versions (shift_id, employee_id, period_start, closing_no, content, reason, correction_id, xid)
SELECT n.shift_id, p.employee_id, p.start_date, p.closing_no,
       (SELECT {statement_shift}
          FROM shifts s WHERE s.shift_id = n.shift_id AND s.status = 'recorded'),
       %(reason)s, %(correction_id)s, 0
  FROM json_populate_recordset(NULL::shifts, %(shifts)s) n
 CROSS JOIN LATERAL (SELECT employee_id, start_date, closing_no FROM pay_periods
                      WHERE employee_id = %(employee_id)s AND end_date >= n.shift_date AND state <> 'open'
                      ORDER BY end_date LIMIT 1) p

-- name: select_closed_until
SELECT closed_until FROM employees WHERE employee_id = %(employee_id)s

-- name: insert_running_shift
INSERT INTO shifts (employee_id, employee_name, status, shift_date, time_in, request_id)
VALUES (%(employee_id)s, %(employee_name)s, 'running', %(shift_date)s, %(time_in)s, %(request_id)s)
RETURNING shift_id

-- name: discard_running_shift
UPDATE shifts SET status = 'deleted' WHERE shift_id = %(shift_id)s AND status = 'running'

-- name: update_shift_words
-- What is not priced: the name and the note that a shift carries.
UPDATE shifts SET employee_name = %(employee_name)s, note = %(note)s WHERE shift_id = %(shift_id)s

-- name: select_priced_shift
SELECT s.employee_id, s.employee_name, s.note,
       json_build_array(
           {priced_shift}),
       {applied_bonuses}
  FROM shifts s
 WHERE s.shift_id = %(shift_id)s AND s.status = 'recorded'

-- name: select_last_priced_shifts
-- As people look for them: by when they were worked.
SELECT s.employee_id, s.employee_name, s.note,
       json_build_array(
           {priced_shift}),
       {applied_bonuses}
  FROM shifts s
 WHERE s.employee_id = %(employee_id)s AND s.status = 'recorded'
 ORDER BY s.time_in DESC, s.shift_id DESC
 LIMIT %(limit)s OFFSET %(skip)s

-- name: select_on_shift
-- Who is on shift, the longest first, with the hours of their last shifts.
SELECT s.shift_id, s.employee_id, e.name, s.time_in,
       ARRAY(SELECT l.worked_hours FROM shifts l
              WHERE l.employee_id = s.employee_id AND l.status = 'recorded'
              ORDER BY l.recorded_at DESC, l.shift_id DESC LIMIT %(limit)s)
  FROM shifts s JOIN employees e ON e.employee_id = s.employee_id
 WHERE s.status = 'running'
 ORDER BY s.time_in, s.shift_id

-- name: select_running_shift
SELECT shift_id, time_in, shift_date FROM shifts WHERE employee_id = %(employee_id)s AND status = 'running'

-- name: select_overlapping_shift
SELECT shift_id, status, time_in, time_out FROM shifts
 WHERE status <> 'deleted' AND shift_id IS DISTINCT FROM %(shift_id)s::bigint
   AND int8range(employee_id, employee_id, '[]') && int8range(%(employee_id)s::bigint, %(employee_id)s::bigint, '[]')
   AND tstzrange(time_in, time_out) && tstzrange(%(time_in)s::timestamptz, %(time_out)s::timestamptz)
 ORDER BY time_in
 LIMIT 1


-- ---------------------------------------------------------------------------------------------------------------
-- Tables and settings
-- ---------------------------------------------------------------------------------------------------------------

-- name: select_rate_table
SELECT min_sales, max_sales, percentage FROM dynamic_rates WHERE version_id = %(version_id)s ORDER BY min_sales

-- name: select_rank_table
SELECT g.rank_id, g.min_sales, g.max_sales,
       (SELECT array_agg(b.bonus_type ORDER BY b.slot) FROM rank_bonuses b
         WHERE b.version_id = g.version_id AND b.rank_id = g.rank_id),
       (SELECT array_agg(b.value ORDER BY b.slot) FROM rank_bonuses b
         WHERE b.version_id = g.version_id AND b.rank_id = g.rank_id)
  FROM rank_ranges g
 WHERE g.version_id = %(version_id)s
 ORDER BY g.min_sales

-- name: select_rate_version
SELECT version_id FROM dynamic_rate_versions
 WHERE valid_from <= %(on_date)s ORDER BY valid_from DESC, version_id DESC LIMIT 1

-- name: select_rate_versions_from
-- The one in force on a date, and those that hold from a later one, each the last that was made for it.
SELECT DISTINCT ON (v.valid_from) v.valid_from, v.version_id
  FROM dynamic_rate_versions v
 WHERE v.valid_from >= (SELECT max(valid_from) FROM dynamic_rate_versions WHERE valid_from <= %(on_date)s)
 ORDER BY v.valid_from, v.version_id DESC

-- name: lock_rates
-- Whoever changes the table waits for who does so already.
SELECT pg_advisory_xact_lock(hashtext('dynamic_rates'))

-- name: lock_ranks
SELECT pg_advisory_xact_lock(hashtext('ranks'))

-- name: select_rank_version
SELECT version_id FROM rank_versions
 WHERE valid_from <= %(month)s ORDER BY valid_from DESC, version_id DESC LIMIT 1

-- name: insert_rate_version
INSERT INTO dynamic_rate_versions (valid_from, created_by) VALUES (%(valid_from)s, %(created_by)s)
RETURNING version_id

-- name: insert_rate_steps
INSERT INTO dynamic_rates (version_id, min_sales, max_sales, percentage)
SELECT %(version_id)s, min_sales, max_sales, percentage
  FROM json_populate_recordset(NULL::dynamic_rates, %(steps)s)

-- name: select_month_holders
-- Everybody who sold something in a month or holds a rank of it: sales and the rank held, null where none was settled.
SELECT e.employee_id, e.name, m.sales, k.current_rank_id
  FROM employees e
 CROSS JOIN LATERAL (
       SELECT (SELECT coalesce(sum(s.total_sales), 0.00) FROM shifts s
                WHERE s.employee_id = e.employee_id AND s.status = 'recorded' AND s.shift_date >= %(month)s
                  AND s.shift_date < (%(month)s::date + interval '1 month')::date)
              - (SELECT coalesce(sum(r.amount), 0.00) FROM {lowering_refunds}
                  WHERE r.employee_id = e.employee_id AND f.shift_date >= %(month)s
                    AND f.shift_date < (%(month)s::date + interval '1 month')::date) AS sales) m
  LEFT JOIN employee_ranks k ON k.employee_id = e.employee_id
   AND k.year = date_part('year', %(month)s::date)::int AND k.month = date_part('month', %(month)s::date)::int
 WHERE m.sales <> 0 OR k.current_rank_id IS NOT NULL
 ORDER BY e.name, e.employee_id

-- name: select_past_ranks
-- The ranks that past months ended with, with their sales as they are now.
SELECT e.employee_id, e.name, m.month,
       (SELECT coalesce(sum(s.total_sales), 0.00) FROM shifts s
         WHERE s.employee_id = e.employee_id AND s.status = 'recorded' AND s.shift_date >= m.month
           AND s.shift_date < (m.month + interval '1 month')::date)
       - (SELECT coalesce(sum(r.amount), 0.00) FROM {lowering_refunds}
           WHERE r.employee_id = e.employee_id AND f.shift_date >= m.month
             AND f.shift_date < (m.month + interval '1 month')::date),
       k.current_rank_id
  FROM employee_ranks k
  JOIN employees e ON e.employee_id = k.employee_id
 CROSS JOIN LATERAL (SELECT make_date(k.year, k.month, 1) AS month) m
 WHERE m.month < %(before)s
 ORDER BY m.month, e.name, e.employee_id

-- name: insert_rank_version
INSERT INTO rank_versions (valid_from, created_by) VALUES (%(valid_from)s, %(created_by)s) RETURNING version_id

-- name: insert_rank
-- One that was taken out of the table before is the same one again (PAYROLL D18).
INSERT INTO ranks (rank_name, emoji, rank_text) VALUES (%(rank_name)s, %(emoji)s, %(rank_text)s)
ON CONFLICT (rank_name) DO UPDATE SET emoji = EXCLUDED.emoji, rank_text = EXCLUDED.rank_text
RETURNING rank_id

-- name: update_rank
UPDATE ranks SET rank_name = %(rank_name)s, emoji = %(emoji)s, rank_text = %(rank_text)s WHERE rank_id = %(rank_id)s

-- name: insert_rank_ranges
INSERT INTO rank_ranges (version_id, rank_id, min_sales, max_sales)
SELECT %(version_id)s, rank_id, min_sales, max_sales FROM json_populate_recordset(NULL::rank_ranges, %(ranges)s)

-- name: insert_rank_offers
INSERT INTO rank_bonuses (version_id, rank_id, slot, bonus_type, value)
SELECT %(version_id)s, rank_id, slot, bonus_type, value
  FROM json_populate_recordset(NULL::rank_bonuses, %(offers)s)

-- name: lock_product
SELECT product_id, name, is_active FROM products WHERE product_id = %(product_id)s FOR UPDATE

-- name: find_product_named
SELECT name FROM products
 WHERE lower(name) = lower(%(name)s) AND product_id IS DISTINCT FROM %(product_id)s::integer

-- name: insert_product
INSERT INTO products (name) VALUES (%(name)s) RETURNING product_id

-- name: rename_product
UPDATE products SET name = %(name)s WHERE product_id = %(product_id)s

-- name: set_product_active
UPDATE products SET is_active = %(is_active)s WHERE product_id = %(product_id)s

-- name: select_last_closed_day
-- Of a person, or the latest of everybody in the team.
SELECT max(closed_until) FROM employees
 WHERE CASE WHEN %(employee_id)s::bigint IS NULL THEN status = 'active'
            ELSE employee_id = %(employee_id)s END

-- name: select_terms
-- What a person's shift of a date would be priced with.
SELECT w.hourly_wage, w.base_pct, t.platform_cut_pct, t.dynamic_basis, v.version_id
  FROM (SELECT hourly_wage, base_pct FROM employee_settings
         WHERE employee_id = %(employee_id)s AND valid_from <= %(on_date)s ORDER BY valid_from DESC LIMIT 1) w,
       (SELECT platform_cut_pct, dynamic_basis FROM pay_terms
         WHERE valid_from <= %(on_date)s ORDER BY valid_from DESC LIMIT 1) t,
       (SELECT version_id FROM dynamic_rate_versions
         WHERE valid_from <= %(on_date)s ORDER BY valid_from DESC, version_id DESC LIMIT 1) v

-- name: select_pay_terms
SELECT valid_from, platform_cut_pct, dynamic_basis FROM pay_terms WHERE valid_from <= %(on_date)s ORDER BY valid_from

-- name: delete_pay_terms
DELETE FROM pay_terms WHERE valid_from > %(since)s AND valid_from <= %(on_date)s

-- name: upsert_pay_terms
INSERT INTO pay_terms (valid_from, platform_cut_pct, dynamic_basis) VALUES (%(since)s, %(cut_pct)s, %(basis)s)
ON CONFLICT (valid_from) DO UPDATE
   SET platform_cut_pct = EXCLUDED.platform_cut_pct, dynamic_basis = EXCLUDED.dynamic_basis, changed_at = %(now)s

-- name: select_people_with_open_shifts
SELECT DISTINCT s.employee_id
  FROM shifts s JOIN employees e ON e.employee_id = s.employee_id
 WHERE s.status = 'recorded' AND s.shift_date >= %(since)s AND s.shift_date > coalesce(e.closed_until, '-infinity')
   AND (%(employee_id)s::bigint IS NULL OR s.employee_id = %(employee_id)s)
 ORDER BY s.employee_id

-- name: select_open_priced_shifts
SELECT s.employee_name,
       json_build_array(
           {priced_shift}),
       {applied_bonuses}
  FROM shifts s JOIN employees e ON e.employee_id = s.employee_id
 WHERE s.employee_id = %(employee_id)s AND s.status = 'recorded'
   AND s.shift_date >= %(since)s AND s.shift_date > coalesce(e.closed_until, '-infinity')

-- name: select_settings
SELECT employee_id, hourly_wage, base_pct FROM employee_settings
 WHERE employee_id = %(employee_id)s AND valid_from <= %(on_date)s
 ORDER BY valid_from DESC LIMIT 1

-- name: select_planned_settings
SELECT valid_from, hourly_wage, base_pct, changed_by IS NOT NULL FROM employee_settings
 WHERE employee_id = %(employee_id)s AND valid_from > %(on_date)s
 ORDER BY valid_from

-- name: delete_settings
DELETE FROM employee_settings WHERE employee_id = %(employee_id)s AND valid_from = %(valid_from)s

-- name: select_ranks
SELECT rank_id, rank_name, emoji, rank_text FROM ranks

-- part: month_refunded
-- What refunds that lower the rank take off a month's sales.
(SELECT coalesce(sum(r.amount), 0.00) FROM {lowering_refunds}
    WHERE r.employee_id = %(employee_id)s
      AND f.shift_date >= %(month)s AND f.shift_date < (%(month)s::date + interval '1 month')::date)

-- part: month_sales
-- The one figure for a month's sales: rank, statistics, leaderboard.
(SELECT coalesce(sum(total_sales), 0.00) FROM shifts
  WHERE employee_id = %(employee_id)s AND status = 'recorded'
    AND shift_date >= %(month)s AND shift_date < (%(month)s::date + interval '1 month')::date)
- {month_refunded}

-- name: select_month_rank_inputs
-- What a person's rank of a month follows: sales, rank table, and the ranks' names by number.
SELECT {month_sales},
       (SELECT version_id FROM rank_versions
         WHERE valid_from <= %(month)s ORDER BY valid_from DESC, version_id DESC LIMIT 1),
       (SELECT json_object_agg(rank_id, rank_name) FROM ranks)

-- name: select_rank_text
SELECT rank_text FROM ranks WHERE rank_name = %(name)s

-- name: select_rank
-- A rank of a month's table, by name.
SELECT r.rank_id, g.version_id
  FROM ranks r JOIN rank_ranges g ON g.rank_id = r.rank_id
 WHERE r.rank_name = %(name)s
   AND g.version_id = (SELECT version_id FROM rank_versions
                        WHERE valid_from <= %(month)s ORDER BY valid_from DESC, version_id DESC LIMIT 1)

-- name: select_catalogue
SELECT {catalogue}

-- name: peek_next_shift_id
SELECT CASE WHEN is_called THEN last_value + 1 ELSE last_value END FROM shifts_shift_id_seq


-- ---------------------------------------------------------------------------------------------------------------
-- Shifts as records
-- ---------------------------------------------------------------------------------------------------------------

-- name: select_shift_record
SELECT {record},
       {sold},
       {catalogue}
  FROM shifts s
 WHERE s.shift_id = %(shift_id)s AND s.status = 'recorded'

-- name: select_shift_row
SELECT shift_id FROM shifts WHERE shift_id = %(shift_id)s AND status = 'recorded'

-- name: select_last_shift_records
SELECT {record},
       {sold},
       {catalogue}
  FROM shifts s
 WHERE s.employee_id = %(employee_id)s AND s.status = 'recorded'
 ORDER BY s.recorded_at DESC, s.shift_id DESC
 LIMIT %(limit)s OFFSET %(skip)s

-- name: select_all_shift_records
-- The products of all shifts are gathered once and joined: a subquery a row would be asked as often as there are rows.
SELECT {record},
       p.sold
  FROM shifts s
  LEFT JOIN (SELECT shift_id, json_object_agg(product_id, amount ORDER BY product_id)::text AS sold
               FROM shift_products GROUP BY shift_id) p ON p.shift_id = s.shift_id
 WHERE s.status = 'recorded'
 ORDER BY s.recorded_at DESC, s.shift_id DESC

-- name: select_previous_record_with_models
-- The models by name.
SELECT {record},
       {sold},
       {catalogue}
  FROM shifts s
 WHERE s.status = 'recorded' AND s.employee_id <> %(employee_id)s AND s.recorded_at < %(before)s
   AND EXISTS (SELECT 1 FROM shift_products p
                WHERE p.shift_id = s.shift_id
                  AND p.product_id = ANY (ARRAY(SELECT product_id FROM products WHERE name = ANY (%(models)s))))
 ORDER BY s.recorded_at DESC, s.shift_id DESC
 LIMIT 1

-- name: select_records_with_model
SELECT {record},
       {sold},
       {catalogue}
  FROM shifts s
 WHERE s.status = 'recorded' AND s.employee_id <> %(employee_id)s AND s.shift_date = %(shift_date)s
   AND s.recorded_at < %(before)s
   AND EXISTS (SELECT 1 FROM shift_products p WHERE p.shift_id = s.shift_id AND p.product_id = %(product_id)s)
 ORDER BY s.recorded_at, s.shift_id

-- name: select_dynamic_inputs
-- What the dynamic rate of a person's date follows: sales, basis, rate table.
SELECT (SELECT coalesce(sum(total_sales), 0.00) FROM shifts
         WHERE employee_id = %(employee_id)s AND shift_date = %(shift_date)s AND status = 'recorded'),
       (SELECT dynamic_basis FROM pay_terms WHERE valid_from <= %(shift_date)s ORDER BY valid_from DESC LIMIT 1),
       (SELECT version_id FROM dynamic_rate_versions
         WHERE valid_from <= %(shift_date)s ORDER BY valid_from DESC, version_id DESC LIMIT 1)

-- name: sum_day_sales_until
SELECT coalesce(sum(d.total_sales), 0.00)
  FROM shifts s
  JOIN shifts d ON d.employee_id = s.employee_id AND d.shift_date = s.shift_date AND d.status = 'recorded'
   AND (d.recorded_at, d.shift_id) <= (s.recorded_at, s.shift_id)
 WHERE s.shift_id = %(shift_id)s

-- name: sum_month_sales
SELECT {month_sales}, {month_refunded}


-- ---------------------------------------------------------------------------------------------------------------
-- Bonuses and ranks as records
-- ---------------------------------------------------------------------------------------------------------------

-- name: select_pending_bonuses
SELECT bonus_id, employee_id, bonus_type, value, state = 'applied', coalesce(shift_id, earned_shift_id), created_at
  FROM active_bonuses
 WHERE employee_id = %(employee_id)s AND state = 'pending'
 ORDER BY created_at, bonus_id

-- name: select_applied_bonuses
SELECT bonus_id, employee_id, bonus_type, value, state = 'applied', coalesce(shift_id, earned_shift_id), created_at
  FROM active_bonuses
 WHERE shift_id = %(shift_id)s AND state = 'applied'
 ORDER BY created_at, bonus_id

-- name: select_bonus
SELECT b.employee_id,
       json_build_array(
           {bonus})
  FROM active_bonuses b LEFT JOIN shifts e ON e.shift_id = b.earned_shift_id
 WHERE b.bonus_id = %(bonus_id)s

-- name: insert_bonus
INSERT INTO active_bonuses (employee_id, bonus_type, value, draw, earned_shift_id, created_at)
VALUES (%(employee_id)s, %(bonus_type)s, %(value)s, %(draw)s, %(earned_shift_id)s, %(created_at)s)
RETURNING bonus_id

-- name: select_employee_rank
SELECT e.employee_id, c.rank_name, p.rank_name, e.month, e.year, e.notified, e.last_updated
  FROM employee_ranks e
  JOIN ranks c ON c.rank_id = e.current_rank_id
  LEFT JOIN ranks p ON p.rank_id = e.previous_rank_id
 WHERE e.employee_id = %(employee_id)s AND e.year = %(year)s AND e.month = %(month)s

-- name: upsert_employee_rank
INSERT INTO employee_ranks (employee_id, year, month, current_rank_id, previous_rank_id, notified, last_updated)
VALUES (%(employee_id)s, %(year)s, %(month)s, %(rank_id)s, NULL, false, %(last_updated)s)
ON CONFLICT (employee_id, year, month)
DO UPDATE SET previous_rank_id = CASE WHEN employee_ranks.current_rank_id <> EXCLUDED.current_rank_id
                                      THEN employee_ranks.current_rank_id ELSE employee_ranks.previous_rank_id END,
              notified = employee_ranks.notified AND employee_ranks.current_rank_id = EXCLUDED.current_rank_id,
              current_rank_id = EXCLUDED.current_rank_id, last_updated = EXCLUDED.last_updated

-- name: mark_rank_notified
UPDATE employee_ranks SET notified = true
 WHERE employee_id = %(employee_id)s AND year = %(year)s AND month = %(month)s


-- ---------------------------------------------------------------------------------------------------------------
-- People
-- ---------------------------------------------------------------------------------------------------------------

-- part: person
employee_id, sub, telegram_id, name, role, left_date, language

-- name: select_person
SELECT {person} FROM employees WHERE employee_id = %(employee_id)s

-- name: select_person_by_telegram
SELECT {person} FROM employees WHERE telegram_id = %(telegram_id)s

-- name: select_admins
SELECT {person} FROM employees
 WHERE role IN ('owner', 'manager') AND status = 'active'
 ORDER BY employee_id

-- name: select_active_people
SELECT {person} FROM employees WHERE status = 'active' ORDER BY employee_id

-- part: member
-- A person with the settings of a date and the running shift, in the order of `staff._read_member`.
SELECT e.employee_id, e.sub, e.telegram_id, e.name, e.role, e.left_date, e.language, w.hourly_wage, w.base_pct,
       (SELECT r.shift_id FROM shifts r WHERE r.employee_id = e.employee_id AND r.status = 'running')
  FROM employees e
  LEFT JOIN LATERAL (SELECT hourly_wage, base_pct FROM employee_settings s
                      WHERE s.employee_id = e.employee_id AND s.valid_from <= %(on_date)s
                      ORDER BY s.valid_from DESC LIMIT 1) w ON true

-- name: select_member
{member}
 WHERE e.employee_id = %(employee_id)s

-- name: select_members
{member}
 WHERE e.status = 'active' OR %(with_left)s
 ORDER BY e.status, e.name, e.employee_id
 LIMIT %(limit)s OFFSET %(skip)s

-- name: lock_owners
-- In one order, so that two who take roles away wait for each other.
SELECT employee_id FROM employees WHERE role = 'owner' AND status = 'active' ORDER BY employee_id FOR UPDATE

-- name: set_role
UPDATE employees SET role = %(role)s WHERE employee_id = %(employee_id)s

-- name: set_name
UPDATE employees SET name = %(name)s WHERE employee_id = %(employee_id)s

-- name: select_last_shift_date
SELECT max(shift_date) FROM shifts WHERE employee_id = %(employee_id)s AND status <> 'deleted'

-- name: select_joined_at
SELECT created_at FROM employees WHERE employee_id = %(employee_id)s

-- name: set_left
UPDATE employees SET status = 'left', left_date = %(left_date)s, role = 'employee' WHERE employee_id = %(employee_id)s

-- name: set_rehired
UPDATE employees SET status = 'active', left_date = NULL WHERE employee_id = %(employee_id)s

-- name: has_open_matters
-- Something that is not closed, or closed and not paid, or a running shift.
SELECT EXISTS (SELECT FROM balance_transactions b
                WHERE b.sub = e.sub AND b.reason <> 'payout'
                  AND b.period_start > coalesce(e.closed_until, '-infinity'))
       OR EXISTS (SELECT FROM pay_periods p WHERE p.employee_id = e.employee_id AND p.state = 'closed')
       OR EXISTS (SELECT FROM shifts r WHERE r.employee_id = e.employee_id AND r.status = 'running')
  FROM employees e WHERE e.employee_id = %(employee_id)s

-- name: has_records
SELECT EXISTS (SELECT FROM shifts WHERE employee_id = e.employee_id AND status <> 'deleted')
       OR EXISTS (SELECT FROM active_bonuses WHERE employee_id = e.employee_id AND state <> 'void')
       OR coalesce((SELECT b.balance_after FROM balance_transactions b WHERE b.sub = e.sub
                     ORDER BY b.entry_no DESC LIMIT 1), 0) <> 0
       OR EXISTS (SELECT FROM pay_periods WHERE employee_id = e.employee_id AND state <> 'open')
  FROM employees e WHERE e.employee_id = %(employee_id)s

-- name: give_up_account
UPDATE employees SET telegram_id = NULL, status = 'left', left_date = coalesce(left_date, %(left_date)s),
                     role = 'employee'
 WHERE employee_id = %(employee_id)s

-- name: set_telegram
UPDATE employees SET telegram_id = %(telegram_id)s, unreachable_since = NULL, unreachable_reason = NULL
 WHERE employee_id = %(employee_id)s

-- name: select_shift_ids_of
SELECT shift_id FROM shifts WHERE employee_id = %(employee_id)s AND status = 'recorded'
 ORDER BY recorded_at, shift_id

-- name: ensure_employee
-- In the sheet a person's number was their Telegram id; where that account belongs to somebody else it stays theirs.
INSERT INTO employees (employee_id, telegram_id, name, created_at)
SELECT %(employee_id)s::bigint,
       CASE WHEN %(employee_id)s::bigint > 0
             AND NOT EXISTS (SELECT 1 FROM employees WHERE telegram_id = %(employee_id)s::bigint)
            THEN %(employee_id)s::bigint END,
       %(name)s, %(now)s::timestamptz
ON CONFLICT DO NOTHING

-- name: lock_joining
-- Whatever makes a new person or gives an account to somebody else waits for who does so already, before it locks
-- anybody: both may need a new number, and number and account are two keys of which either may be taken meanwhile.
SELECT pg_advisory_xact_lock(hashtext('joining'))

-- name: insert_joining_employee
-- The number is the Telegram id, or a new negative one where that number is taken.
INSERT INTO employees (employee_id, telegram_id, name, language, created_at)
SELECT CASE WHEN EXISTS (SELECT 1 FROM employees WHERE employee_id = %(telegram_id)s::bigint)
            THEN least((SELECT min(employee_id) FROM employees), 0) - 1 ELSE %(telegram_id)s::bigint END,
       %(telegram_id)s::bigint, %(name)s, %(language)s, %(now)s::timestamptz
ON CONFLICT DO NOTHING

-- name: make_owner
UPDATE employees SET role = 'owner', status = 'active', left_date = NULL
 WHERE employee_id = %(employee_id)s AND role <> 'owner'

-- part: join_request
request_id, telegram_id, name, language, state

-- name: insert_join_request
INSERT INTO join_requests (request_id, telegram_id, name, language)
VALUES (%(request_id)s, %(telegram_id)s, %(name)s, %(language)s)
ON CONFLICT DO NOTHING

-- name: select_open_join_request
SELECT {join_request} FROM join_requests WHERE telegram_id = %(telegram_id)s AND state = 'open'

-- name: select_open_join_requests
SELECT {join_request} FROM join_requests WHERE state = 'open' ORDER BY created_at

-- name: decide_join_request
-- One of several admins' taps gets a row back.
UPDATE join_requests SET state = %(state)s, decided_by = %(decided_by)s, decided_at = %(decided_at)s
 WHERE request_id = %(request_id)s AND state = 'open'
RETURNING {join_request}

-- name: select_decided_request
-- With the name of who decided it.
SELECT r.request_id, r.telegram_id, r.name, r.language, r.state, e.name
  FROM join_requests r JOIN employees e ON e.employee_id = r.decided_by
 WHERE r.request_id = %(request_id)s

-- name: insert_invite
INSERT INTO invites (invite_id, code_hash, created_by, created_at, expires_at)
VALUES (%(invite_id)s, %(code_hash)s, %(created_by)s, %(created_at)s, %(expires_at)s)

-- name: use_invite
UPDATE invites SET used_by = %(used_by)s, used_at = %(used_at)s
 WHERE code_hash = %(code_hash)s AND used_at IS NULL AND expires_at > %(used_at)s

-- name: insert_audit
INSERT INTO audit_log (actor_id, action, subject, old, new, reason)
VALUES (%(actor_id)s, %(action)s, %(subject)s, %(old)s, %(new)s, %(reason)s)

-- name: select_audit
-- Newest first; of one subject where one is given. What a row attests is for the check of the books alone.
SELECT a.at, a.actor_id, e.name, a.action, a.subject, a.old,
       CASE WHEN a.new ? 'witness' THEN a.new - 'witness' ELSE a.new END, a.reason, about.employee_id, about.name
  FROM (SELECT *, split_part(subject, ':', 1) AS kind, split_part(subject, ':', 2) AS number FROM audit_log
         WHERE %(subject)s::text IS NULL OR subject = %(subject)s
         ORDER BY id DESC
         LIMIT %(limit)s OFFSET %(skip)s) a
  LEFT JOIN employees e ON e.employee_id = a.actor_id
  LEFT JOIN employees about ON about.employee_id = CASE a.kind
       WHEN 'employee' THEN a.number::bigint
       WHEN 'period' THEN a.number::bigint
       WHEN 'shift' THEN (SELECT employee_id FROM shifts WHERE shift_id = a.number::bigint)
       WHEN 'bonus' THEN (SELECT employee_id FROM active_bonuses WHERE bonus_id = a.number::bigint)
       WHEN 'adjustment' THEN (SELECT employee_id FROM adjustments WHERE adjustment_id = a.number::bigint)
       WHEN 'correction' THEN (SELECT employee_id FROM correction_requests WHERE correction_id = a.number::bigint)
       WHEN 'refund' THEN (SELECT s.employee_id FROM refunds r JOIN shifts s ON s.shift_id = r.shift_id
                            WHERE r.refund_id = a.number::bigint)
       END
 ORDER BY a.id DESC

-- name: select_deciders
-- The active admins, each with the Telegram accounts that they write from or once wrote from, and with the numbers of
-- all whom one of these stands or stood for. Who joined by an account has its number.
WITH held AS MATERIALIZED (
    SELECT employee_id, telegram_id AS account FROM employees WHERE telegram_id IS NOT NULL
    UNION
    SELECT employee_id, employee_id FROM employees WHERE employee_id > 0
    UNION
    SELECT split_part(a.subject, ':', 2)::bigint, (side ->> 'telegram_id')::bigint
      FROM audit_log a CROSS JOIN LATERAL (VALUES (a.old), (a.new)) s (side)
     WHERE a.action LIKE 'account %' AND side ->> 'telegram_id' IS NOT NULL
)
SELECT e.employee_id, e.role,
       ARRAY (SELECT h.account FROM held h WHERE h.employee_id = e.employee_id),
       ARRAY (SELECT DISTINCT o.employee_id FROM held h JOIN held o ON o.account = h.account
               WHERE h.employee_id = e.employee_id)
  FROM employees e
 WHERE e.role IN ('owner', 'manager') AND e.status = 'active'
 ORDER BY e.employee_id


-- ---------------------------------------------------------------------------------------------------------------
-- Dialogues
-- ---------------------------------------------------------------------------------------------------------------

-- part: draft
draft_id, employee_id, kind, state, step, data, revision, shift_id

-- name: insert_draft
INSERT INTO drafts (draft_id, employee_id, kind, step, data, shift_id)
VALUES (%(draft_id)s, %(employee_id)s, %(kind)s, %(step)s, %(data)s, %(shift_id)s)
RETURNING {draft}

-- name: cancel_drafts
UPDATE drafts SET state = 'cancelled', updated_at = now() WHERE draft_id = ANY(%(draft_ids)s) AND state = 'open'

-- name: select_draft
SELECT {draft} FROM drafts WHERE draft_id = %(draft_id)s AND employee_id = %(employee_id)s

-- name: select_current_draft
SELECT {draft} FROM drafts
 WHERE employee_id = %(employee_id)s AND state = 'open' AND NOT data ? 'is_left'
 ORDER BY created_at DESC LIMIT 1

-- name: select_open_drafts
SELECT {draft} FROM drafts WHERE employee_id = %(employee_id)s AND state = 'open' ORDER BY updated_at DESC, draft_id

-- name: move_draft
UPDATE drafts SET step = %(step)s, data = %(data)s, revision = revision + 1, updated_at = now()
 WHERE draft_id = %(draft_id)s AND revision = %(revision)s AND state = 'open'
RETURNING {draft}

-- name: close_draft
-- Of any number of taps at once, one gets a row back.
UPDATE drafts SET state = 'saved', updated_at = now()
 WHERE draft_id = %(draft_id)s AND revision = %(revision)s AND state = 'open'
RETURNING {draft}

-- name: note_shown_draft
-- Writes only where that changes something, which is seldom. True where a dialogue's question was in sight until this
-- transaction: one that goes on, or that has ended in it.
WITH noted AS (
    UPDATE drafts d
       SET data = CASE WHEN d.draft_id = %(draft_id)s THEN d.data - 'is_left' ELSE d.data || '{"is_left": true}' END
      FROM employees e
     WHERE e.telegram_id = %(telegram_id)s AND d.employee_id = e.employee_id AND d.state = 'open'
       AND (d.data ? 'is_left') = (d.draft_id IS NOT DISTINCT FROM %(draft_id)s)
)
SELECT EXISTS (
    SELECT FROM drafts d JOIN employees e ON e.employee_id = d.employee_id
     WHERE e.telegram_id = %(telegram_id)s AND NOT d.data ? 'is_left'
       AND d.created_at < now() AND (d.state = 'open' OR d.updated_at = now()))

-- name: link_draft
UPDATE drafts SET shift_id = %(shift_id)s WHERE draft_id = %(draft_id)s

-- name: select_interrupted_drafts
-- Dialogues of the last day whose last press may have been lost, for a press lives 150 s at Telegram. Those that were
-- left, or asked again since they were last touched, are left out.
SELECT d.draft_id, e.telegram_id
  FROM drafts d JOIN employees e ON e.employee_id = d.employee_id
 WHERE d.state = 'open' AND d.updated_at BETWEEN now() - interval '24 hours' AND now() - interval '150 seconds'
   AND NOT d.data ? 'is_left'
   AND e.telegram_id IS NOT NULL AND e.status = 'active' AND e.unreachable_since IS NULL
   AND NOT EXISTS (SELECT FROM outbox o
                    WHERE o.chat_id = e.telegram_id AND o.payload ->> 'draft_id' = d.draft_id
                      AND o.created_at > d.updated_at)
 ORDER BY d.updated_at


-- ---------------------------------------------------------------------------------------------------------------
-- What comes in
-- ---------------------------------------------------------------------------------------------------------------

-- part: timeline
coalesce((SELECT value FROM schema_metadata WHERE key = 'timeline'), '1')

-- name: insert_updates
-- Those that are new, in the order of their arrival numbers; made again, also those that wait: it may have been done.
WITH new AS (
    INSERT INTO inbox (update_id, sender_id, payload)
    SELECT u.update_id, u.sender_id, u.payload
      FROM unnest(%(update_ids)s::bigint[], %(sender_ids)s::bigint[], %(payloads)s::text[])
           WITH ORDINALITY AS u (update_id, sender_id, payload, place)
     ORDER BY u.place
    ON CONFLICT (update_id) DO NOTHING
    RETURNING arrival_no, update_id, sender_id
)
SELECT arrival_no, update_id, sender_id FROM new
UNION ALL
SELECT arrival_no, update_id, sender_id FROM inbox
 WHERE %(is_again)s::boolean AND update_id = ANY (%(update_ids)s::bigint[]) AND state = 'waiting'
ORDER BY arrival_no

-- name: select_waiting_updates
SELECT arrival_no, update_id, sender_id FROM inbox
 WHERE state = 'waiting' AND arrival_no > %(after)s
 ORDER BY arrival_no
 LIMIT %(limit)s

-- name: select_waiting_of_sender
SELECT arrival_no, update_id, sender_id FROM inbox
 WHERE state = 'waiting' AND sender_id IS NOT DISTINCT FROM %(sender_id)s
 ORDER BY arrival_no
 LIMIT %(limit)s

-- name: lock_update
-- One that another process is at is left to it.
SELECT payload FROM inbox WHERE update_id = %(update_id)s AND state = 'waiting' FOR UPDATE SKIP LOCKED

-- name: take_update
-- Done with the transaction that takes it: what it says is forgotten, its number stays, its sender can be reached again.
WITH taken AS (
    SELECT update_id, sender_id, payload FROM inbox
     WHERE update_id = %(update_id)s AND state = 'waiting' FOR UPDATE SKIP LOCKED
), back AS (
    UPDATE employees SET unreachable_since = NULL, unreachable_reason = NULL
     WHERE telegram_id = (SELECT sender_id FROM taken) AND unreachable_since IS NOT NULL
)
UPDATE inbox i SET state = 'done', payload = NULL, done_at = now()
  FROM taken t WHERE i.update_id = t.update_id
RETURNING t.payload, {timeline}, pg_current_xact_id()::text

-- name: bury_update
UPDATE inbox SET state = 'dead', done_at = now(), attempts = attempts + 1, error = %(error)s
 WHERE update_id = %(update_id)s AND state = 'waiting'

-- name: select_dead_updates
SELECT i.update_id, e.name, i.error, i.received_at
  FROM inbox i LEFT JOIN employees e ON e.telegram_id = i.sender_id
 WHERE i.state = 'dead'
 ORDER BY i.arrival_no
 LIMIT %(limit)s

-- name: count_dead_updates
SELECT count(*) FROM inbox WHERE state = 'dead'

-- name: revive_update
UPDATE inbox SET state = 'waiting', done_at = NULL, error = NULL WHERE update_id = %(update_id)s AND state = 'dead'

-- name: drop_update
UPDATE inbox SET state = 'done', payload = NULL, done_at = now()
 WHERE update_id = %(update_id)s AND state = 'dead'


-- ---------------------------------------------------------------------------------------------------------------
-- What goes out
-- ---------------------------------------------------------------------------------------------------------------

-- name: insert_parcel
INSERT INTO outbox (employee_id, kind, payload) VALUES (%(employee_id)s, %(kind)s, %(payload)s)

-- name: insert_chat_parcel
-- In place of what waits in the same place of the chat, and to end the question that this was to end. A row where
-- nothing else waits for the chat: it may be sent at once.
WITH overtaken AS (
    DELETE FROM outbox
     WHERE chat_id = %(chat_id)s AND sent_at IS NULL AND failed_at IS NULL
       AND payload -> 'places' ?| %(overtakes)s::text[]
    RETURNING outbox_id, payload
), added AS (
    INSERT INTO outbox (chat_id, kind, payload, photo)
    VALUES (%(chat_id)s, %(kind)s, %(payload)s::jsonb || CASE
                WHEN EXISTS (SELECT FROM overtaken WHERE payload ? 'ends_question')
                THEN '{"ends_question": true}'::jsonb
                ELSE '{}'::jsonb END,
            %(photo)s)
    RETURNING outbox_id, payload
)
SELECT a.outbox_id, a.payload, (SELECT message_id FROM chat_screens WHERE chat_id = %(chat_id)s), {timeline}
  FROM added a
 WHERE NOT EXISTS (SELECT FROM outbox
                    WHERE chat_id = %(chat_id)s AND sent_at IS NULL AND failed_at IS NULL AND kind <> 'drawing'
                      AND outbox_id NOT IN (SELECT outbox_id FROM overtaken))
   AND %(kind)s <> 'drawing'

-- name: insert_admin_notices
INSERT INTO outbox (employee_id, kind, payload)
SELECT employee_id, %(kind)s, %(payload)s FROM employees WHERE role IN ('owner', 'manager') AND status = 'active'

-- name: insert_admin_alarms
INSERT INTO outbox (employee_id, kind, payload)
SELECT e.employee_id, %(kind)s, %(payload)s FROM employees e
 WHERE e.role IN ('owner', 'manager') AND e.status = 'active'
   AND NOT EXISTS (SELECT FROM outbox o
                    WHERE o.employee_id = e.employee_id AND o.kind = %(kind)s
                      AND o.created_at > now() - interval '10 minutes')

-- name: select_unsent_notices
SELECT n.outbox_id, n.employee_id, e.telegram_id, e.language, n.kind, n.payload
  FROM outbox n JOIN employees e ON e.employee_id = n.employee_id
 WHERE n.sent_at IS NULL AND n.failed_at IS NULL
 ORDER BY n.outbox_id
 LIMIT %(limit)s

-- name: select_next_parcels
-- In the order of `outbox.Parcel`; who has no account has no chat.
-- With the timeline that the database is on now, and how many rows were looked at.
WITH waiting AS MATERIALIZED (
    SELECT o.outbox_id, o.employee_id, coalesce(o.chat_id, e.telegram_id) AS chat_id, e.language, o.kind, o.created_at
      FROM outbox o LEFT JOIN employees e ON e.employee_id = o.employee_id
     WHERE o.sent_at IS NULL AND o.failed_at IS NULL AND (o.not_before IS NULL OR o.not_before <= now())
       AND o.kind <> 'drawing'
       AND coalesce(o.chat_id, e.telegram_id, 0) <> ALL (%(shut)s::bigint[])
       AND (o.employee_id IS NULL OR coalesce(e.telegram_id, 0) <> ALL (%(paced)s::bigint[]))
     ORDER BY o.outbox_id
     LIMIT %(limit)s
)
SELECT DISTINCT ON (w.chat_id)
       w.outbox_id, w.employee_id, w.chat_id, w.language, w.kind, o.payload, o.photo, s.message_id,
       {timeline}, (SELECT count(*) FROM waiting)
  FROM waiting w
  JOIN outbox o ON o.outbox_id = w.outbox_id
  LEFT JOIN chat_screens s ON s.chat_id = w.chat_id
 ORDER BY w.chat_id, w.employee_id IS NOT NULL, w.created_at, w.outbox_id

-- name: select_next_drawing
SELECT outbox_id, photo FROM outbox
 WHERE kind = 'drawing' AND sent_at IS NULL AND failed_at IS NULL
 ORDER BY outbox_id
 LIMIT 1

-- name: put_drawn
UPDATE outbox SET kind = 'screen', photo = %(file)s WHERE outbox_id = %(outbox_id)s AND kind = 'drawing'

-- name: give_up_drawing
UPDATE outbox SET kind = 'letter', photo = NULL, payload = jsonb_build_object('text', payload -> 'failed')
 WHERE outbox_id = %(outbox_id)s AND kind = 'drawing'

-- name: mark_parcel_sent
WITH live AS (
    INSERT INTO chat_screens (chat_id, message_id)
    SELECT %(chat_id)s::bigint, %(live_id)s::bigint WHERE %(live_id)s::bigint IS NOT NULL
    ON CONFLICT (chat_id) DO UPDATE SET message_id = EXCLUDED.message_id, updated_at = now()
), record AS (
    DELETE FROM chat_screens WHERE chat_id = %(chat_id)s::bigint AND message_id = %(record_id)s::bigint
)
UPDATE outbox SET sent_at = now(), photo = NULL WHERE outbox_id = %(outbox_id)s AND sent_at IS NULL
RETURNING outbox_id

-- name: postpone_parcel
UPDATE outbox SET attempts = attempts + 1, not_before = now() + make_interval(secs => %(seconds)s)
 WHERE outbox_id = %(outbox_id)s

-- name: mark_parcel_failed
UPDATE outbox SET failed_at = now(), photo = NULL, attempts = attempts + 1, error = %(error)s
 WHERE outbox_id = %(outbox_id)s AND sent_at IS NULL

-- name: mark_unreachable
UPDATE employees SET unreachable_since = now(), unreachable_reason = %(reason)s
 WHERE telegram_id = %(chat_id)s AND unreachable_since IS NULL
RETURNING employee_id

-- name: move_parcels
UPDATE outbox SET chat_id = %(new_chat_id)s WHERE chat_id = %(chat_id)s AND sent_at IS NULL AND failed_at IS NULL

-- name: drop_screen
DELETE FROM chat_screens WHERE chat_id = %(chat_id)s


-- ---------------------------------------------------------------------------------------------------------------
-- Figures about a person
-- ---------------------------------------------------------------------------------------------------------------

-- name: select_day_totals
SELECT shift_date, sum(total_sales), sum(total_made), count(*) FROM shifts
 WHERE employee_id = %(employee_id)s AND status = 'recorded'
   AND shift_date >= %(month)s AND shift_date < (%(month)s + interval '1 month')::date
 GROUP BY shift_date
 ORDER BY shift_date

-- name: sum_made_since
SELECT coalesce(sum(total_made), 0.00) FROM shifts
 WHERE employee_id = %(employee_id)s AND status = 'recorded' AND shift_date >= %(since)s

-- name: select_last_totals
SELECT total_sales FROM shifts
 WHERE employee_id = %(employee_id)s AND status = 'recorded'
 ORDER BY recorded_at DESC, shift_id DESC
 LIMIT %(limit)s

-- name: select_last_amounts
SELECT p.amount
  FROM (SELECT shift_id, recorded_at FROM shifts
         WHERE employee_id = %(employee_id)s AND status = 'recorded'
         ORDER BY recorded_at DESC, shift_id DESC
         LIMIT %(limit)s) s
  JOIN shift_products p ON p.shift_id = s.shift_id
 ORDER BY s.recorded_at DESC, s.shift_id DESC, p.product_id
 LIMIT %(limit)s

-- name: count_shifts
SELECT count(*) FROM shifts WHERE employee_id = %(employee_id)s AND status = 'recorded'

-- name: select_balance
SELECT coalesce((SELECT balance_after FROM balance_transactions
                  WHERE sub = (SELECT sub FROM employees WHERE employee_id = %(employee_id)s)
                  ORDER BY entry_no DESC LIMIT 1), 0.00)

-- name: select_ledger_end
-- How many lines a person's ledger has, which has no gaps, and the balance after the last.
SELECT entry_no, balance_after FROM balance_transactions
 WHERE sub = (SELECT sub FROM employees WHERE employee_id = %(employee_id)s)
 ORDER BY entry_no DESC LIMIT 1

-- name: select_entries
SELECT created_at, direction, units, balance_after, ref, reason, period_start, period_end
  FROM balance_transactions
 WHERE sub = (SELECT sub FROM employees WHERE employee_id = %(employee_id)s)
 ORDER BY entry_no DESC
 LIMIT %(limit)s


-- ---------------------------------------------------------------------------------------------------------------
-- Pay periods and payouts
-- ---------------------------------------------------------------------------------------------------------------

-- part: shifts_as_closed
-- What the statement of a person e for the closed period p shows of its shifts: each as it was when it was closed.
SELECT v.content
  FROM (SELECT DISTINCT ON (shift_id) content FROM shift_versions
         WHERE employee_id = e.employee_id AND period_start = p.start_date AND closing_no = p.closing_no
         ORDER BY shift_id, version_no) v
 WHERE v.content IS NOT NULL
 UNION ALL
SELECT {statement_shift}
  FROM shifts s
 WHERE s.employee_id = e.employee_id AND s.status = 'recorded' AND s.shift_date BETWEEN p.start_date AND p.end_date
   AND NOT EXISTS (SELECT FROM shift_versions v
                    WHERE v.shift_id = s.shift_id AND v.period_start = p.start_date AND v.closing_no = p.closing_no
                      AND v.employee_id = e.employee_id)

-- part: person_period
-- A pay period of each person e, in the order of `pay_periods._read_period`. What is closed is as it was fixed.
SELECT e.employee_id, e.name, %(start_date)s::date, %(end_date)s::date,
       CASE WHEN p.state <> 'open' THEN p.state
            WHEN e.closed_until >= %(end_date)s::date THEN 'closed' ELSE 'open' END,
       p.confirmed_at IS NOT NULL AND (p.state <> 'open' OR p.confirmed_digest = d.digest), p.missing,
       CASE WHEN p.state IN ('closed', 'paid')
            THEN (SELECT count(*) FROM ({shifts_as_closed}) c) ELSE d.shifts END,
       EXISTS (SELECT FROM shifts r WHERE r.employee_id = e.employee_id AND r.status = 'running'
                  AND r.shift_date <= %(end_date)s::date),
       coalesce(p.opening_balance, l.opening), l.booked, p.closed_at, p.paid_at, p.paid_units, e.left_date,
       l.earlier_open, d.digest
  FROM employees e
  LEFT JOIN pay_periods p ON p.employee_id = e.employee_id AND p.start_date = %(start_date)s::date
 CROSS JOIN LATERAL (
       SELECT count(*) AS shifts,
              md5(coalesce(string_agg(concat_ws(' ', s.shift_id, s.time_in, s.time_out, s.total_sales, s.total_made), ';'
                                      ORDER BY s.shift_id), '')) AS digest
         FROM shifts s
        WHERE s.employee_id = e.employee_id AND s.status = 'recorded'
          AND s.shift_date BETWEEN %(start_date)s::date AND %(end_date)s::date) d
 CROSS JOIN LATERAL (
       SELECT coalesce(sum(b.amount) FILTER (WHERE b.period_start < %(start_date)s::date), 0.00) AS opening,
              coalesce(sum(b.amount) FILTER (WHERE b.period_start BETWEEN %(start_date)s::date AND %(end_date)s::date),
                       0.00) AS booked,
              min(b.period_start) FILTER (WHERE b.period_start < %(start_date)s::date
                                            AND b.period_start > coalesce(e.closed_until, '-infinity')
                                            AND (e.status = 'active' OR b.reason <> 'payout')) AS earlier_open
         FROM (SELECT period_start, reason, CASE direction WHEN 'credit' THEN units ELSE -units END AS amount
                 FROM balance_transactions WHERE sub = e.sub) b) l

-- part: takes_part
-- Who takes part in the period of `person_period`: the active employees who joined before it was over, and whoever else
-- has something in it or is owed something from before. Who is gone and was only paid what was left has nothing.
(e.role = 'employee' AND e.status = 'active'
 AND e.created_at < %(ends_at)s::timestamptz)
OR d.shifts > 0 OR p.state <> 'open' OR l.opening + l.booked <> 0
OR EXISTS (SELECT FROM shifts r WHERE r.employee_id = e.employee_id AND r.status = 'running'
              AND r.shift_date BETWEEN %(start_date)s::date AND %(end_date)s::date)
OR EXISTS (SELECT FROM balance_transactions b WHERE b.sub = e.sub
              AND b.period_start BETWEEN %(start_date)s::date AND %(end_date)s::date
              AND (e.status = 'active' OR b.reason <> 'payout'))
OR (e.status = 'active' AND (p.state IS NOT NULL OR l.opening <> 0))

-- name: select_person_period
{person_period}
 WHERE e.employee_id = %(employee_id)s

-- name: select_everybodys_period
{person_period}
 WHERE {takes_part}
 ORDER BY e.name, e.employee_id

-- name: is_period_open
-- For anybody who takes part in it.
SELECT EXISTS ({person_period}
                WHERE coalesce(e.closed_until, '-infinity') < %(end_date)s::date AND ({takes_part}))

-- name: select_periods_with_anything
SELECT DISTINCT period_start, period_end
  FROM (SELECT period_start, period_end FROM balance_transactions
         WHERE %(employee_id)s::bigint IS NULL
            OR sub = (SELECT sub FROM employees WHERE employee_id = %(employee_id)s)
         UNION
        SELECT start_date, end_date FROM pay_periods
         WHERE %(employee_id)s::bigint IS NULL OR employee_id = %(employee_id)s) any_of_them
 ORDER BY period_start DESC
 LIMIT %(limit)s OFFSET %(skip)s

-- name: select_statement_shifts
-- As they are while the period is open, as they were when it was closed.
SELECT {statement_shift}
  FROM shifts s
 WHERE s.employee_id = %(employee_id)s AND s.status = 'recorded'
   AND s.shift_date BETWEEN %(start_date)s AND %(end_date)s
   AND NOT EXISTS (SELECT FROM pay_periods p
                    WHERE p.employee_id = %(employee_id)s AND p.start_date = %(start_date)s AND p.state <> 'open')
 UNION ALL
SELECT c.content
  FROM employees e
  JOIN pay_periods p ON p.employee_id = e.employee_id AND p.start_date = %(start_date)s AND p.state <> 'open'
 CROSS JOIN LATERAL ({shifts_as_closed}) AS c (content)
 WHERE e.employee_id = %(employee_id)s

-- part: entry_line
-- A line l of a person's ledger with what it is about, in the order of `statements._read_line`.
       l.created_at, l.ref, l.reason, CASE l.direction WHEN 'credit' THEN l.units ELSE -l.units END,
       CASE l.reason WHEN 'refund withdrawn' THEN r.withdrawn_reason ELSE coalesce(a.reason, r.reason) END,
       coalesce(s.shift_id, a.shift_id, r.shift_id), t.shift_date,
       c.name, r.amount,
       coalesce(b.day_off_date, (SELECT max(p.start_date) FROM pay_periods p
                                  WHERE l.reason = 'correction' AND p.employee_id = t.employee_id
                                    AND t.shift_date BETWEEN p.start_date AND p.end_date
                                    AND p.start_date <> l.period_start)),
       v.content,
       CASE WHEN v.version_no IS NOT NULL THEN coalesce(w.content, (SELECT {statement_shift} WHERE s.status = 'recorded')) END

-- part: entry_about
-- What its ref names, looked up by number: comparing texts would read whole tables.
  LEFT JOIN shifts s ON s.shift_id = CASE WHEN l.ref ~ '^shift:\d{1,18}$' THEN split_part(l.ref, ':', 2)::bigint END
  LEFT JOIN adjustments a
    ON a.adjustment_id = CASE WHEN l.ref ~ '^adjustment:\d{1,18}$' THEN split_part(l.ref, ':', 2)::bigint END
  LEFT JOIN refunds r ON r.refund_id = CASE WHEN l.ref ~ '^refund:\d{1,18}$' THEN split_part(l.ref, ':', 2)::bigint END
  LEFT JOIN active_bonuses b
    ON b.bonus_id = CASE WHEN l.ref ~ '^bonus:\d{1,18}$' THEN split_part(l.ref, ':', 2)::bigint END
  LEFT JOIN shifts t ON t.shift_id = coalesce(s.shift_id, a.shift_id, r.shift_id)
  LEFT JOIN products c ON c.product_id = r.product_id
  -- What a correction found, kept by its transaction; what it made of it is what the next one found.
  LEFT JOIN shift_versions v ON l.reason = 'correction' AND v.shift_id = s.shift_id AND v.created_at = l.created_at
  LEFT JOIN LATERAL (SELECT n.content FROM shift_versions n
                      WHERE n.shift_id = v.shift_id AND n.version_no > v.version_no
                      ORDER BY n.version_no LIMIT 1) w ON true

-- name: select_period_entries
-- A person's lines of one period.
SELECT {entry_line}
  FROM balance_transactions l
{entry_about}
 WHERE l.sub = (SELECT sub FROM employees WHERE employee_id = %(employee_id)s)
   AND l.period_start BETWEEN %(start_date)s AND %(end_date)s
 ORDER BY l.entry_no

-- name: select_bookings
-- A person's newest lines after the first `skip`, in the order of `statements._read_booking`. What was sold in a shift
-- is told as long as it is the person's own.
SELECT l.period_start, l.period_end, t.status = 'recorded' AND t.employee_id = %(employee_id)s,
       (SELECT json_agg(n.name ORDER BY n.product_id) FROM shift_products p JOIN products n USING (product_id)
         WHERE p.shift_id = t.shift_id AND t.employee_id = %(employee_id)s),
       m.shift_date,
       {entry_line}
  FROM (SELECT * FROM balance_transactions
         WHERE sub = (SELECT sub FROM employees WHERE employee_id = %(employee_id)s)
         ORDER BY entry_no DESC LIMIT %(limit)s OFFSET %(skip)s) l
{entry_about}
  LEFT JOIN shifts m
    ON m.shift_id = CASE WHEN l.reason ~ '^moved by shift \d{1,18}$' THEN split_part(l.reason, ' ', 4)::bigint END
 ORDER BY l.entry_no DESC

-- name: report_people
-- What people did and made from a date to a date, by name.
SELECT s.employee_id, e.name, count(*), sum(s.worked_seconds), sum(s.total_sales), sum(s.net_sales),
       sum(s.total_per_hour), sum(s.commissions), sum(s.bonus_pay), sum(s.total_made)
  FROM shifts s JOIN employees e ON e.employee_id = s.employee_id
 WHERE s.status = 'recorded' AND s.shift_date BETWEEN %(since)s AND %(until)s
 GROUP BY s.employee_id, e.name
 ORDER BY e.name, s.employee_id

-- name: report_days
SELECT s.shift_date, count(DISTINCT s.employee_id), count(*), sum(s.worked_seconds), sum(s.total_sales),
       sum(s.net_sales), sum(s.total_made)
  FROM shifts s
 WHERE s.status = 'recorded' AND s.shift_date BETWEEN %(since)s AND %(until)s
 GROUP BY s.shift_date
 ORDER BY s.shift_date

-- name: report_products
-- Refunds count where the sale was.
SELECT p.product_id, c.name, count(*), sum(p.amount),
       (SELECT coalesce(sum(r.amount), 0.00) FROM refunds r JOIN shifts f ON f.shift_id = r.shift_id
         WHERE r.product_id = p.product_id AND r.withdrawn_at IS NULL
           AND f.shift_date BETWEEN %(since)s AND %(until)s)
  FROM shift_products p
  JOIN shifts s ON s.shift_id = p.shift_id AND s.status = 'recorded'
   AND s.shift_date BETWEEN %(since)s AND %(until)s
  JOIN products c ON c.product_id = p.product_id
 GROUP BY p.product_id, c.name
 ORDER BY p.product_id

-- name: select_leaderboard
-- Everybody with sales in a month, most first; who has left too.
SELECT e.employee_id, e.name, m.sales
  FROM employees e
 CROSS JOIN LATERAL (
       SELECT (SELECT coalesce(sum(s.total_sales), 0.00) FROM shifts s
                WHERE s.employee_id = e.employee_id AND s.status = 'recorded' AND s.shift_date >= %(month)s
                  AND s.shift_date < (%(month)s::date + interval '1 month')::date)
              - (SELECT coalesce(sum(r.amount), 0.00) FROM {lowering_refunds}
                  WHERE r.employee_id = e.employee_id AND f.shift_date >= %(month)s
                    AND f.shift_date < (%(month)s::date + interval '1 month')::date) AS sales) m
 WHERE m.sales > 0
 ORDER BY m.sales DESC, e.name, e.employee_id

-- name: confirm_period
INSERT INTO pay_periods (employee_id, start_date, end_date, confirmed_at, confirmed_digest, missing)
VALUES (%(employee_id)s, %(start_date)s, %(end_date)s, %(confirmed_at)s, %(confirmed_digest)s, %(missing)s)
ON CONFLICT (employee_id, start_date)
DO UPDATE SET confirmed_at = EXCLUDED.confirmed_at, confirmed_digest = EXCLUDED.confirmed_digest,
              missing = EXCLUDED.missing

-- name: close_period
INSERT INTO pay_periods (employee_id, start_date, end_date, state, closing_no, opening_balance, closing_balance,
                         closed_at, closed_by)
VALUES (%(employee_id)s, %(start_date)s, %(end_date)s, 'closed', 1, %(opening_balance)s, %(closing_balance)s,
        %(closed_at)s, %(closed_by)s)
ON CONFLICT (employee_id, start_date)
DO UPDATE SET state = 'closed', closing_no = pay_periods.closing_no + 1, opening_balance = EXCLUDED.opening_balance,
              closing_balance = EXCLUDED.closing_balance, closed_at = EXCLUDED.closed_at,
              closed_by = EXCLUDED.closed_by

-- name: reopen_period
UPDATE pay_periods
   SET state = 'open', opening_balance = NULL, closing_balance = NULL, closed_at = NULL, closed_by = NULL
 WHERE employee_id = %(employee_id)s AND start_date = %(start_date)s AND state = 'closed'

-- name: select_due
-- The last closed period of each person that is not paid, in the order of `payouts.read_due`.
SELECT e.employee_id, e.name, p.start_date, p.end_date, p.closing_balance,
       (SELECT coalesce(sum(b.units), 0.00) FROM balance_transactions b
         WHERE b.sub = e.sub AND b.reason = 'payout' AND b.period_start > p.end_date),
       coalesce((SELECT b.balance_after FROM balance_transactions b WHERE b.sub = e.sub
                  ORDER BY b.entry_no DESC LIMIT 1), 0.00)
  FROM employees e
  JOIN pay_periods p ON p.employee_id = e.employee_id AND p.end_date = e.closed_until AND p.state = 'closed'
 WHERE %(employee_id)s::bigint IS NULL OR e.employee_id = %(employee_id)s
 ORDER BY e.name, e.employee_id

-- name: mark_periods_paid
-- What is left unpaid of earlier ones is in the balance that the last one closed with.
UPDATE pay_periods
   SET state = 'paid', paid_at = %(paid_at)s, paid_by = %(paid_by)s,
       paid_units = CASE WHEN start_date = %(start_date)s THEN %(paid_units)s ELSE 0.00 END
 WHERE employee_id = %(employee_id)s AND start_date <= %(start_date)s AND state = 'closed'

-- name: book_ledger
WITH last_entry AS (
    {last_entry}
)
{book_entries}


-- ---------------------------------------------------------------------------------------------------------------
-- Settings, corrections, adjustments, refunds
-- ---------------------------------------------------------------------------------------------------------------

-- name: select_settings_of_database
SELECT key, value, default_value, changed_by, changed_at FROM settings

-- name: select_setting
SELECT coalesce(value, default_value) FROM settings WHERE key = %(key)s

-- name: lock_setting
SELECT value, default_value FROM settings WHERE key = %(key)s FOR UPDATE

-- name: select_last_period_end
-- The last day of the periods that are closed or confirmed by anybody, or have something in the ledger.
SELECT greatest((SELECT max(end_date) FROM pay_periods), (SELECT max(period_end) FROM balance_transactions))

-- name: upsert_setting
INSERT INTO settings (key, category, value, type, default_value, is_secret, changed_by, changed_at)
VALUES (%(key)s, %(category)s, %(value)s, %(type)s, %(default_value)s, %(is_secret)s, %(changed_by)s, %(changed_at)s)
ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, changed_by = EXCLUDED.changed_by,
                                changed_at = EXCLUDED.changed_at

-- part: correction
-- A correction request c, in the order of `corrections._read_request`.
SELECT c.correction_id, c.employee_id, e.name, c.kind, c.shift_id, c.time_in, c.time_out, c.products, c.reason, c.state,
       c.requested_by, c.requested_at, c.decided_by, c.decided_at, c.decision, c.result_shift_id, a.name, s.shift_date
  FROM correction_requests c
  JOIN employees e ON e.employee_id = c.employee_id
  JOIN employees a ON a.employee_id = c.requested_by
  LEFT JOIN shifts s ON s.shift_id = c.shift_id

-- name: select_correction
{correction}
 WHERE c.correction_id = %(correction_id)s

-- name: select_open_corrections
{correction}
 WHERE c.state = 'open' ORDER BY c.correction_id LIMIT %(limit)s OFFSET %(skip)s

-- name: select_corrections_of
{correction}
 WHERE c.employee_id = %(employee_id)s ORDER BY c.correction_id DESC LIMIT %(limit)s OFFSET %(skip)s

-- name: insert_correction
INSERT INTO correction_requests (employee_id, kind, shift_id, time_in, time_out, products, reason, requested_by,
                                 requested_at)
VALUES (%(employee_id)s, %(kind)s, %(shift_id)s, %(time_in)s, %(time_out)s, %(products)s, %(reason)s, %(requested_by)s,
        %(requested_at)s)
RETURNING correction_id

-- name: decide_correction
-- One of several admins' taps touches a row.
UPDATE correction_requests
   SET state = %(state)s, decided_by = %(decided_by)s, decided_at = %(decided_at)s, decision = %(decision)s
 WHERE correction_id = %(correction_id)s AND state = 'open'

-- name: note_correction_result
UPDATE correction_requests SET result_shift_id = %(shift_id)s
 WHERE correction_id = %(correction_id)s AND state = 'approved'

-- name: select_last_entry_no
SELECT coalesce(max(entry_no), 0) FROM balance_transactions
 WHERE sub = (SELECT sub FROM employees WHERE employee_id = %(employee_id)s)

-- name: insert_adjustment
INSERT INTO adjustments (employee_id, kind, amount, reason, shift_id, bonus_id, made_by, made_at)
VALUES (%(employee_id)s, %(kind)s, %(amount)s, %(reason)s, %(shift_id)s, %(bonus_id)s, %(made_by)s, %(made_at)s)
RETURNING adjustment_id

-- name: select_adjustments_of
SELECT adjustment_id, employee_id, kind, amount, reason, shift_id, bonus_id, made_by, made_at
  FROM adjustments WHERE employee_id = %(employee_id)s
 ORDER BY adjustment_id DESC LIMIT %(limit)s OFFSET %(skip)s

-- part: question
SELECT q.question_id, q.employee_id, e.name, q.shift_id, q.period_start, q.state, q.taken_by, q.rating
  FROM questions q JOIN employees e ON e.employee_id = q.employee_id

-- name: insert_question
-- About a shift of one's own alone.
INSERT INTO questions (employee_id, shift_id, period_start)
SELECT %(employee_id)s::bigint, %(shift_id)s::bigint, %(period_start)s::date
 WHERE %(shift_id)s::bigint IS NULL
    OR EXISTS (SELECT FROM shifts WHERE shift_id = %(shift_id)s::bigint AND employee_id = %(employee_id)s::bigint)
RETURNING question_id

-- name: select_question
{question}
 WHERE q.question_id = %(question_id)s

-- name: lock_question
SELECT question_id FROM questions WHERE question_id = %(question_id)s FOR UPDATE

-- name: select_open_questions
{question}
 WHERE q.state <> 'resolved' ORDER BY q.question_id LIMIT %(limit)s OFFSET %(skip)s

-- name: select_questions_of
{question}
 WHERE q.employee_id = %(employee_id)s ORDER BY q.question_id DESC LIMIT %(limit)s OFFSET %(skip)s

-- name: move_question
UPDATE questions SET state = %(state)s, taken_by = coalesce(%(taken_by)s, taken_by)
 WHERE question_id = %(question_id)s

-- name: rate_question
UPDATE questions SET rating = %(rating)s WHERE question_id = %(question_id)s AND state = 'resolved'

-- name: insert_question_event
INSERT INTO question_events (question_id, state, actor_id, reason, created_at)
VALUES (%(question_id)s, %(state)s, %(actor_id)s, %(reason)s, %(at)s)

-- name: insert_question_message
INSERT INTO question_messages (question_id, author_id, message, created_at)
VALUES (%(question_id)s, %(author_id)s, %(message)s, %(at)s)

-- name: select_question_messages
SELECT m.author_id, e.name, m.message, m.created_at
  FROM question_messages m JOIN employees e ON e.employee_id = m.author_id
 WHERE m.question_id = %(question_id)s ORDER BY m.message_no

-- name: select_question_events
SELECT v.state, v.actor_id, e.name, v.reason, v.created_at
  FROM question_events v JOIN employees e ON e.employee_id = v.actor_id
 WHERE v.question_id = %(question_id)s ORDER BY v.event_no

-- part: held_bonus
-- A bonus b as `bonus_desk._read_held` takes it.
SELECT b.employee_id, p.name,
       json_build_array(
           {bonus}),
       b.day_off_date, b.seen_at, r.rank_name, b.rank_month, g.name, g.reason
  FROM active_bonuses b
  JOIN employees p ON p.employee_id = b.employee_id
  LEFT JOIN shifts e ON e.shift_id = b.earned_shift_id
  {origin_of_bonus}

-- name: select_held_bonus
{held_bonus}
 WHERE b.bonus_id = %(bonus_id)s

-- name: select_held_bonuses_of
{held_bonus}
 WHERE b.employee_id = %(employee_id)s
 ORDER BY b.created_at DESC, b.bonus_id DESC
 LIMIT %(limit)s OFFSET %(skip)s

-- name: select_givers
-- Who gave bonuses that no rank gave, and why.
SELECT b.bonus_id, g.name, g.reason
  FROM active_bonuses b
  {origin_of_bonus}
 WHERE b.bonus_id = ANY (%(bonus_ids)s)

-- name: select_day_off_requests
{held_bonus}
 WHERE b.bonus_type = 'paid_day_off' AND b.state = 'pending' AND b.day_off_date IS NOT NULL
 ORDER BY b.day_off_date, b.bonus_id

-- name: select_premium
-- What is to be given, oldest first.
{held_bonus}
 WHERE b.bonus_type = 'telegram_premium' AND b.state = 'pending'
 ORDER BY b.created_at, b.bonus_id

-- name: select_day_off_on
{held_bonus}
 WHERE b.employee_id = %(employee_id)s AND b.day_off_date = %(day)s

-- name: select_taken_days
SELECT shift_date FROM shifts
 WHERE employee_id = %(employee_id)s AND status <> 'deleted' AND shift_date BETWEEN %(since)s AND %(until)s
UNION
SELECT day_off_date FROM active_bonuses
 WHERE employee_id = %(employee_id)s AND day_off_date BETWEEN %(since)s AND %(until)s

-- name: has_shift_on
SELECT EXISTS (SELECT FROM shifts
                WHERE employee_id = %(employee_id)s AND shift_date = %(day)s AND status <> 'deleted')

-- name: void_bonus
UPDATE active_bonuses SET state = 'void', voided_by = %(voided_by)s, day_off_date = NULL
 WHERE bonus_id = %(bonus_id)s AND state = 'pending'

-- name: request_day_off
UPDATE active_bonuses SET day_off_date = %(day)s
 WHERE bonus_id = %(bonus_id)s AND state = 'pending' AND bonus_type = 'paid_day_off'

-- name: credit_bonus
-- Booked by itself, without a shift.
UPDATE active_bonuses SET state = 'applied', is_credited = true, amount = %(amount)s
 WHERE bonus_id = %(bonus_id)s AND state = 'pending'

-- name: give_premium
UPDATE active_bonuses SET state = 'applied'
 WHERE bonus_id = %(bonus_id)s AND state = 'pending' AND bonus_type = 'telegram_premium'

-- name: see_premium
UPDATE active_bonuses SET seen_at = coalesce(seen_at, %(at)s)
 WHERE bonus_id = %(bonus_id)s AND state = 'applied' AND bonus_type = 'telegram_premium'

-- name: select_pending_of
{held_bonus}
 WHERE b.employee_id = %(employee_id)s AND b.state = 'pending'
 ORDER BY b.created_at, b.bonus_id

-- part: refund
refund_id, employee_id, shift_id, product_id, amount, units, lowers_rank, reason, made_by, made_at,
withdrawn_units, withdrawn_reason, withdrawn_by, withdrawn_at

-- name: insert_refund
INSERT INTO refunds (employee_id, shift_id, product_id, amount, units, lowers_rank, reason, made_by, made_at)
VALUES (%(employee_id)s, %(shift_id)s, %(product_id)s, %(amount)s, %(units)s, %(lowers_rank)s, %(reason)s, %(made_by)s,
        %(made_at)s)
RETURNING {refund}

-- name: withdraw_refund
UPDATE refunds
   SET withdrawn_units = %(units)s, withdrawn_reason = %(reason)s, withdrawn_by = %(withdrawn_by)s,
       withdrawn_at = %(withdrawn_at)s
 WHERE refund_id = %(refund_id)s AND withdrawn_at IS NULL
RETURNING {refund}

-- name: select_refund
SELECT {refund} FROM refunds WHERE refund_id = %(refund_id)s

-- name: select_refunds_of_shift
SELECT {refund} FROM refunds WHERE shift_id = %(shift_id)s ORDER BY refund_id

-- name: select_refunds_of
SELECT {refund} FROM refunds WHERE employee_id = %(employee_id)s
 ORDER BY refund_id DESC LIMIT %(limit)s OFFSET %(skip)s

-- name: sum_refunded
SELECT coalesce(sum(amount), 0.00) FROM refunds
 WHERE shift_id = %(shift_id)s AND product_id = %(product_id)s AND withdrawn_at IS NULL

-- name: select_rank_bonuses_of
-- The bonuses that ranks of a month gave a person and that stand.
SELECT json_build_array(
           {bonus})
  FROM active_bonuses b LEFT JOIN shifts e ON e.shift_id = b.earned_shift_id
 WHERE b.employee_id = %(employee_id)s AND b.rank_month = %(month)s AND b.state <> 'void'
 ORDER BY b.created_at, b.bonus_id


-- ---------------------------------------------------------------------------------------------------------------
-- How things are
-- ---------------------------------------------------------------------------------------------------------------

-- name: select_health
-- In the order of `health.Health`; counts and ages, nothing about a person.
SELECT i.waiting, i.dead, extract(epoch FROM now() - i.oldest_at)::bigint,
       o.unsent, o.failed, extract(epoch FROM now() - o.oldest_at)::bigint,
       (SELECT max(finished_at) FROM sync_log WHERE direction = 'push' AND status = 'ok'),
       (SELECT finished_at FROM backup_runs WHERE kind = 'made' AND status = 'ok' ORDER BY id DESC LIMIT 1),
       jsonb_array_length(r.differences), r.finished_at,
       (SELECT coalesce(array_agg(h.who ORDER BY a.query_start), '{}')
          FROM pg_stat_activity a
         CROSS JOIN LATERAL (SELECT string_agg(coalesce(nullif(b.application_name, ''), b.usename)
                                               || ' (process ' || b.pid || ')', ', ') AS who
                               FROM pg_stat_activity b WHERE b.pid = ANY (pg_blocking_pids(a.pid))) h
         WHERE a.datname = current_database() AND a.wait_event_type = 'Lock' AND h.who IS NOT NULL
           AND clock_timestamp() - a.query_start > interval '1 second')
  FROM (SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting, count(*) FILTER (WHERE state = 'dead') AS dead,
               min(received_at) FILTER (WHERE state = 'waiting') AS oldest_at
          FROM inbox WHERE state IN ('waiting', 'dead')) i
 CROSS JOIN (SELECT count(*) FILTER (WHERE failed_at IS NULL) AS unsent, count(failed_at) AS failed,
                    min(created_at) FILTER (WHERE failed_at IS NULL) AS oldest_at
               FROM outbox WHERE sent_at IS NULL) o
  LEFT JOIN (SELECT differences, finished_at FROM reconciliations ORDER BY id DESC LIMIT 1) r ON true

-- name: select_kept_dates
-- Shifts of an older version whose dates are earlier than any can be now.
SELECT shift_id, shift_date FROM shifts
 WHERE is_date_kept AND status = 'recorded' AND shift_date < DATE '2000-01-01'
 ORDER BY shift_id

-- name: select_last_mirror
SELECT started_at, status FROM sync_log WHERE direction = 'push' ORDER BY started_at DESC, id DESC LIMIT 1

-- name: select_backup_standing
-- Of each kind that ever ended: when it last went well, and what was wrong the last time.
SELECT kind, (array_agg(finished_at ORDER BY id DESC) FILTER (WHERE status = 'ok'))[1], (array_agg(error ORDER BY id DESC))[1]
  FROM backup_runs
 GROUP BY kind
 ORDER BY kind DESC

-- name: select_left_scratch
-- Scratch databases whose maker is gone: their names tell its process (sheets_backup/scratch.py).
SELECT datname
  FROM pg_database d
 WHERE datname LIKE 'restore\_check\_%' AND pg_has_role(datdba, 'MEMBER')
   AND NOT EXISTS (SELECT FROM pg_stat_activity a
                    WHERE a.datname = d.datname OR a.pid::text = split_part(d.datname::text, '_', 3))

-- name: select_metadata
SELECT value FROM schema_metadata WHERE key = %(key)s

-- name: upsert_metadata
INSERT INTO schema_metadata (key, value) VALUES (%(key)s, %(value)s)
ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value


-- ---------------------------------------------------------------------------------------------------------------
-- Due work
-- ---------------------------------------------------------------------------------------------------------------

-- name: select_server_facts
SELECT current_setting('server_version'),
       (SELECT json_object_agg(name, setting) FROM pg_settings
         WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit', 'data_checksums')),
       now(),
       (SELECT pg_has_role(session_user, relowner, 'MEMBER') FROM pg_class WHERE oid = 'audit_log'::regclass)

-- name: select_database_facts
-- In the order of `db_report.DatabaseFacts`.
SELECT current_database()::text, current_setting('server_version'), pg_database_size(current_database()),
       (SELECT stats_reset FROM pg_stat_database WHERE datname = current_database()),
       (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()),
       current_setting('max_connections')::bigint,
       (SELECT extract(epoch FROM greatest(max(clock_timestamp() - xact_start), interval '0'))::bigint
          FROM pg_stat_activity
         WHERE datname = current_database() AND xact_start IS NOT NULL AND pid <> pg_backend_pid()
        HAVING count(*) > 0),
       (SELECT age(datfrozenxid) FROM pg_database WHERE datname = current_database()),
       to_regclass('pg_stat_statements') IS NOT NULL AND current_setting('pg_stat_statements.max', true) IS NOT NULL

-- name: select_table_use
-- In the order of `db_report.TableUse`.
SELECT relname, n_live_tup, n_dead_tup, pg_total_relation_size(relid), pg_indexes_size(relid),
       greatest(last_vacuum, last_autovacuum), greatest(last_analyze, last_autoanalyze)
  FROM pg_stat_user_tables
 WHERE schemaname = 'public'
 ORDER BY pg_total_relation_size(relid) DESC, relname

-- name: select_index_use
-- In the order of `db_report.IndexUse`.
SELECT s.indexrelname, s.relname, s.idx_scan, pg_relation_size(s.indexrelid),
       i.indisunique OR EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = s.indexrelid)
  FROM pg_stat_user_indexes s JOIN pg_index i ON i.indexrelid = s.indexrelid
 WHERE s.schemaname = 'public'
 ORDER BY s.relname, s.indexrelname

-- name: select_slowest_queries
-- Of this database, in the order of `db_report.SlowQuery`. Only what has parameters in the place of its values: other
-- statements are kept by the server as they were written.
SELECT query, calls, round(mean_exec_time::numeric, 2), round(total_exec_time::numeric, 2)
  FROM pg_stat_statements
 WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
   AND query ~* '^(\s|--[^\n]*\n|/\*.*?\*/)*(select|insert|update|delete|with|merge)\M'
 ORDER BY total_exec_time DESC
 LIMIT %(limit)s

-- name: select_newest_moment
-- The latest that the service's own clock is known to have said.
SELECT greatest((SELECT max(recorded_at) FROM shifts WHERE status = 'recorded'),
                (SELECT max(time_in) FROM shifts WHERE status = 'running'))

-- name: select_shift_ahead
-- The last of the shifts that a clock has dated later than that.
SELECT shift_id, employee_name, shift_date, recorded_at AS moment
  FROM shifts
 WHERE status = 'recorded' AND recorded_at > %(after)s
 UNION ALL
SELECT shift_id, employee_name, shift_date, time_in
  FROM shifts
 WHERE status = 'running' AND time_in > %(after)s
 ORDER BY moment DESC
 LIMIT 1

-- name: select_last_period
-- Names of periods sort as their periods follow each other. One later than now is of a clock that was put back since.
SELECT max(period COLLATE "C") FROM due_work WHERE kind = %(kind)s AND period COLLATE "C" <= %(newest)s

-- name: insert_due_work
INSERT INTO due_work (kind, period, created_at)
SELECT %(kind)s, p, %(now)s::timestamptz FROM unnest(%(periods)s::text[]) p
ON CONFLICT (kind, period) DO NOTHING

-- name: begin_due_work
-- Where a kind begins: nothing is due of this period, and nothing was done.
INSERT INTO due_work (kind, period, state, created_at, done_at, error)
VALUES (%(kind)s, %(period)s, 'done', %(now)s, %(now)s, 'nothing is due before')
ON CONFLICT (kind, period) DO NOTHING

-- name: take_back_early_work
-- Done hours before its period ends, as the clock says now: that one or this one is wrong. Once this clock has run on for
-- hours, and the end is still to come, it is done again then. Where the end is past, nothing was too early.
UPDATE due_work
   SET doubted_at = CASE WHEN period COLLATE "C" <= %(newest)s THEN NULL
                         WHEN doubted_at <= %(now)s::timestamptz THEN doubted_at ELSE %(now)s::timestamptz END,
       state = CASE WHEN period COLLATE "C" > %(newest)s
                     AND doubted_at <= %(now)s::timestamptz - %(early)s::interval THEN 'waiting' ELSE state END,
       done_at = CASE WHEN period COLLATE "C" > %(newest)s
                       AND doubted_at <= %(now)s::timestamptz - %(early)s::interval THEN NULL ELSE done_at END
 WHERE kind = %(kind)s AND state = 'done' AND error IS NULL
   AND (doubted_at IS NOT NULL
        OR period COLLATE "C" > %(newest)s AND done_at > %(now)s::timestamptz + %(early)s::interval)

-- name: give_up_due_work
-- What another process is at is left to it.
UPDATE due_work d
   SET state = 'failed', done_at = %(now)s, error = coalesce(d.error, 'a later one took its place')
  FROM (SELECT kind, period FROM due_work
         WHERE kind = %(kind)s AND state = 'waiting' AND period <> %(newest)s
           FOR UPDATE SKIP LOCKED) w
 WHERE d.kind = w.kind AND d.period = w.period

-- name: claim_due_work
-- Held to the end of the transaction. Of each kind only what has ended by now: a clock that was ahead may have noted more.
-- One that waits for longer than there is anything to wait for was put off by a clock that has been put back since.
SELECT d.kind, d.period, d.attempts, d.doubted_at IS NOT NULL
  FROM due_work d
  JOIN unnest(%(kinds)s::text[], %(newest)s::text[]) AS j (kind, newest)
    ON j.kind = d.kind AND d.period COLLATE "C" <= j.newest
 WHERE d.state = 'waiting' AND (d.not_before IS NULL OR d.not_before <= %(now)s OR d.not_before > %(latest)s)
 ORDER BY d.created_at, d.kind, d.period COLLATE "C"
 LIMIT 1
   FOR UPDATE OF d SKIP LOCKED

-- name: allow_long_work
-- The claim is held by a connection that does nothing while the work is done elsewhere.
SELECT set_config('idle_in_transaction_session_timeout', '15min', true)

-- name: mark_repeated_notices
-- Those of this transaction.
UPDATE outbox SET payload = payload || '{"is_repeat": true}' WHERE created_at = now() AND employee_id IS NOT NULL

-- name: finish_due_work
UPDATE due_work SET state = 'done', done_at = %(now)s, error = NULL, not_before = NULL, doubted_at = NULL
 WHERE kind = %(kind)s AND period = %(period)s

-- name: postpone_due_work
-- Only by who tried it last: another process may have done it meanwhile.
UPDATE due_work SET attempts = attempts + 1, not_before = %(not_before)s, error = %(error)s
 WHERE kind = %(kind)s AND period = %(period)s AND state = 'waiting' AND attempts = %(attempts)s

-- name: purge_inbox
-- What is done is only an id any more, by which it is known when it comes again. The dead wait for an admin.
DELETE FROM inbox WHERE state = 'done' AND done_at < %(before)s

-- name: purge_outbox
DELETE FROM outbox WHERE sent_at < %(before)s OR failed_at < %(before)s

-- name: purge_drafts
DELETE FROM drafts WHERE updated_at < %(before)s

-- name: purge_reconciliations
DELETE FROM reconciliations
 WHERE finished_at < %(before)s AND id < (SELECT max(id) FROM reconciliations)

-- name: purge_due_work
-- The newest of each kind stays: what comes after it is due.
DELETE FROM due_work d
 WHERE state <> 'waiting' AND done_at < %(before)s
   AND EXISTS (SELECT 1 FROM due_work l WHERE l.kind = d.kind AND l.period COLLATE "C" > d.period COLLATE "C")

-- name: select_failing_work
SELECT kind, period, attempts FROM due_work
 WHERE state = 'waiting' AND error IS NOT NULL
 ORDER BY created_at, kind, period COLLATE "C"


-- ---------------------------------------------------------------------------------------------------------------
-- Reconciliation: everything once, in an order in which what belongs together comes together
-- ---------------------------------------------------------------------------------------------------------------

-- part: bookings
-- What the ledger holds for a shift s, by ledger and period, in the order of `reconciliation._read_booking`.
(SELECT json_agg(json_build_array(t.is_own, t.period_start, t.period_end, t.amount, t.is_correction)
                 ORDER BY t.period_start, t.is_own)
   FROM (SELECT l.sub = e.sub AS is_own, l.period_start, l.period_end, l.reason = 'correction' AS is_correction,
                sum(CASE l.direction WHEN 'credit' THEN l.units ELSE -l.units END) AS amount
           FROM (SELECT sub, period_start, period_end, direction, units, reason FROM balance_transactions
                  WHERE ref = 'shift:' || s.shift_id
                  UNION ALL
                 -- What was paid before the ledger began counts as if it stood there.
                 SELECT e.sub, i.period_start, i.period_end, 'credit', i.paid_before, 'shift imported'
                   FROM imported_shifts i
                  WHERE i.shift_id = s.shift_id AND i.paid_before IS NOT NULL) l
          GROUP BY l.sub, l.period_start, l.period_end, l.reason = 'correction'
         HAVING sum(CASE l.direction WHEN 'credit' THEN l.units ELSE -l.units END) <> 0) t)

-- part: audited_action
-- What was done, whether or not an admin did it about themselves.
regexp_replace(action, ' \(own\)$', '')

-- part: concerned
-- Whose books are looked at: everybody's from the beginning, or those of some people from after what is paid.
(SELECT c.employee_id, c.sub, c.closed_until,
        CASE WHEN %(people)s::bigint[] IS NULL THEN '-infinity'::date
             ELSE coalesce((SELECT max(p.end_date) FROM pay_periods p
                             WHERE p.employee_id = c.employee_id AND p.state = 'paid'), '-infinity') END AS paid_until
   FROM employees c
  WHERE %(people)s::bigint[] IS NULL OR c.employee_id = ANY (%(people)s::bigint[])) e

-- name: stream_recorded_shifts
SELECT s.employee_id,
       json_build_array(
           {priced_shift}),
       {applied_bonuses},
       {bookings},
       (SELECT json_agg(json_build_array(l.product_id, l.amount, l.units)) FROM (
            SELECT r.product_id, coalesce(sum(r.amount) FILTER (WHERE r.withdrawn_at IS NULL), 0.00) AS amount,
                   sum(r.units - coalesce(r.withdrawn_units, 0.00)) AS units
              FROM refunds r WHERE r.shift_id = s.shift_id GROUP BY r.product_id) l),
       EXISTS (SELECT FROM imported_shifts i WHERE i.shift_id = s.shift_id)
  FROM {concerned} JOIN shifts s ON s.employee_id = e.employee_id AND s.shift_date > e.paid_until
 WHERE s.status = 'recorded'
 ORDER BY s.employee_id, s.shift_date

-- name: stream_other_shifts
-- Running and deleted ones, for which nothing is booked.
SELECT s.shift_id, s.shift_date,
       {bookings}
  FROM {concerned} JOIN shifts s ON s.employee_id = e.employee_id AND s.shift_date > e.paid_until
 WHERE s.status <> 'recorded'

-- part: ledger_start
-- How many lines of a ledger are not looked at one by one, and what they come to: those up to the last paid period's.
CROSS JOIN LATERAL (
      SELECT count(*) AS lines, coalesce(sum(CASE direction WHEN 'credit' THEN units ELSE -units END), 0.00) AS balance
        FROM balance_transactions
       WHERE sub = e.sub AND entry_no <= (SELECT max(entry_no) FROM balance_transactions
                                           WHERE sub = e.sub AND period_start <= e.paid_until)) b

-- name: select_ledger_starts
SELECT e.employee_id, b.lines, b.balance
  FROM {concerned}
 {ledger_start}
 WHERE b.lines > 0

-- name: stream_ledger
SELECT e.employee_id, l.entry_no, CASE l.direction WHEN 'credit' THEN l.units ELSE -l.units END, l.balance_after
  FROM {concerned}
 {ledger_start}
  JOIN balance_transactions l ON l.sub = e.sub AND l.entry_no > b.lines
 ORDER BY e.employee_id, l.entry_no

-- name: stream_bookings_of_no_shift
SELECT l.ref, sum(CASE l.direction WHEN 'credit' THEN l.units ELSE -l.units END)
  FROM {concerned} JOIN balance_transactions l ON l.sub = e.sub AND l.period_start > e.paid_until
 WHERE l.ref LIKE 'shift:%'
   AND NOT EXISTS (SELECT FROM shifts s
                    WHERE s.shift_id = CASE WHEN l.ref ~ '^shift:[1-9][0-9]{0,17}$' THEN substr(l.ref, 7)::bigint END)
 GROUP BY l.ref
 ORDER BY l.ref

-- name: stream_other_bookings
-- What stands in the ledger for all that is no shift beside what that says of itself; what neither is 0.
SELECT coalesce(d.ref, l.ref), coalesce(d.amount, 0.00), coalesce(l.amount, 0.00), d.sub IS NOT DISTINCT FROM l.sub
  FROM (SELECT 'adjustment:' || a.adjustment_id AS ref, e.sub,
               CASE a.kind WHEN 'bonus' THEN a.amount ELSE -a.amount END AS amount
          FROM adjustments a JOIN {concerned} ON e.employee_id = a.employee_id
         UNION ALL
        SELECT 'refund:' || r.refund_id, e.sub, coalesce(r.withdrawn_units, 0.00) - r.units
          FROM refunds r JOIN {concerned} ON e.employee_id = r.employee_id
         UNION ALL
        SELECT 'bonus:' || b.bonus_id, e.sub, b.amount
          FROM active_bonuses b JOIN {concerned} ON e.employee_id = b.employee_id
         WHERE b.is_credited
         UNION ALL
        SELECT 'period:' || p.start_date, e.sub, -p.paid_units
          FROM pay_periods p JOIN {concerned} ON e.employee_id = p.employee_id
         WHERE p.state = 'paid') d
  FULL JOIN (SELECT t.ref, t.sub, sum(CASE t.direction WHEN 'credit' THEN t.units ELSE -t.units END) AS amount
               FROM balance_transactions t JOIN {concerned} ON e.sub = t.sub
              WHERE t.ref NOT LIKE 'shift:%'
              GROUP BY t.ref, t.sub) l
    ON l.ref = d.ref AND (l.sub = d.sub OR d.ref NOT LIKE 'period:%')
 WHERE coalesce(d.amount, 0) <> 0 OR coalesce(l.amount, 0) <> 0

-- name: stream_closed_periods
-- In the order of `reconciliation.PeriodFigures`. Some people's from the last paid one on.
SELECT e.employee_id, p.start_date, p.opening_balance, p.closing_balance, p.paid_units,
       coalesce(b.opening, 0.00), coalesce(b.closing, 0.00),
       (SELECT coalesce(sum(CASE t.direction WHEN 'debit' THEN t.units ELSE -t.units END), 0.00)
          FROM balance_transactions t
         WHERE t.sub = e.sub AND t.reason = 'payout' AND t.ref = 'period:' || p.start_date)
  FROM {concerned}
  JOIN pay_periods p ON p.employee_id = e.employee_id AND p.end_date >= e.paid_until AND p.state <> 'open'
  LEFT JOIN LATERAL (
       SELECT sum(l.amount) FILTER (WHERE l.period_start < p.start_date) AS opening,
              sum(l.amount) FILTER (WHERE l.period_start <= p.end_date) AS closing
         FROM (SELECT period_start, sum(CASE direction WHEN 'credit' THEN units ELSE -units END) AS amount
                 FROM balance_transactions WHERE sub = e.sub GROUP BY period_start) l) b ON true
 ORDER BY e.employee_id, p.start_date

-- name: stream_closed_until
-- A person's last closed day as it is kept beside their lock, and the one that it follows.
SELECT e.employee_id, e.closed_until, c.last_end_date
  FROM {concerned}
  LEFT JOIN (SELECT employee_id, max(end_date) AS last_end_date FROM pay_periods WHERE state <> 'open'
              GROUP BY employee_id) c ON c.employee_id = e.employee_id
 WHERE e.closed_until IS NOT NULL OR c.last_end_date IS NOT NULL
 ORDER BY e.employee_id

-- name: stream_bonuses
SELECT json_build_array(
           {bonus}),
       b.employee_id, c.employee_id, c.status, a.employee_id, a.rank_month, a.rank_id,
       CASE WHEN b.rank_id IS NOT NULL
            THEN count(*) OVER (PARTITION BY b.employee_id, b.rank_month, b.rank_id) ELSE 0 END
  FROM active_bonuses b
  LEFT JOIN shifts e ON e.shift_id = b.earned_shift_id
  LEFT JOIN shifts c ON c.shift_id = b.shift_id
  LEFT JOIN rank_awards a ON a.bonus_id = b.bonus_id
 WHERE %(people)s::bigint[] IS NULL OR b.employee_id = ANY (%(people)s::bigint[])
 ORDER BY b.bonus_id

-- name: stream_month_ranks
-- Everybody who sold something in a month or holds a rank of it.
SELECT employee_id,
       coalesce(s.sales, 0.00)
       - (SELECT coalesce(sum(r.amount), 0.00) FROM {lowering_refunds}
           WHERE r.employee_id = coalesce(s.employee_id, k.employee_id)
             AND f.shift_date >= %(month)s AND f.shift_date < (%(month)s::date + interval '1 month')::date),
       k.current_rank_id
  FROM (SELECT employee_id, sum(total_sales) AS sales FROM shifts
         WHERE status = 'recorded' AND shift_date >= %(month)s
           AND shift_date < (%(month)s::date + interval '1 month')::date
         GROUP BY employee_id) s
  FULL JOIN (SELECT employee_id, current_rank_id FROM employee_ranks
              WHERE year = date_part('year', %(month)s::date)::int
                AND month = date_part('month', %(month)s::date)::int) k USING (employee_id)
 WHERE %(people)s::bigint[] IS NULL OR employee_id = ANY (%(people)s::bigint[])
 ORDER BY employee_id

-- name: select_ledger_periods
-- Which periods lines are in.
SELECT DISTINCT l.period_start, l.period_end
  FROM {concerned} JOIN balance_transactions l ON l.sub = e.sub AND l.period_start > e.paid_until
 ORDER BY l.period_start, l.period_end

-- name: select_lines_in_period
-- The lines of a period that others do not take back again, with the person's last closed day, and for a day off its
-- date.
SELECT l.id, e.closed_until,
       (SELECT b.day_off_date FROM active_bonuses b
         WHERE l.ref = 'bonus:' || b.bonus_id AND b.employee_id = e.employee_id)
  FROM {concerned}
  JOIN (SELECT *, sum(CASE direction WHEN 'credit' THEN units ELSE -units END) OVER (PARTITION BY sub, ref) AS net
          FROM balance_transactions
         WHERE period_start = %(start_date)s AND period_end = %(end_date)s) l ON l.sub = e.sub AND l.net <> 0
 ORDER BY l.id

-- part: all_terms
-- Each person's wages and base rates by the date from which they hold, as the audit log attests them.
SELECT employee_id,
       jsonb_agg(jsonb_build_array(to_char(valid_from, 'YYYY-MM-DD'), hourly_wage::text, base_pct::text)
                 ORDER BY valid_from) AS terms
  FROM employee_settings
 GROUP BY employee_id

-- name: select_all_terms
SELECT e.employee_id, t.terms FROM {concerned} LEFT JOIN ({all_terms}) t ON t.employee_id = e.employee_id

-- name: stream_attested
-- What rows of the audit log attest, oldest first.
SELECT action, new->'witness' FROM audit_log WHERE new ? 'witness' ORDER BY id

-- name: stream_decisions
-- What admins decided that moves money, as the books have it, beside what the audit log has of it; each a list of lists.
SELECT coalesce(d.subject, w.subject), d.said, w.said
  FROM (SELECT 'adjustment:' || adjustment_id AS subject, employee_id,
               json_build_array(json_build_array(
                   kind || ' booked', employee_id, CASE kind WHEN 'bonus' THEN amount ELSE -amount END, made_by)) AS said
          FROM adjustments
         UNION ALL
        SELECT 'refund:' || refund_id, employee_id,
               CASE WHEN withdrawn_at IS NULL
                    THEN json_build_array(json_build_array('refund booked', shift_id, amount, units, made_by))
                    ELSE json_build_array(json_build_array('refund booked', shift_id, amount, units, made_by),
                                          json_build_array('refund withdrawn', shift_id, amount, units, withdrawn_by))
               END
          FROM refunds
         UNION ALL
        SELECT 'correction:' || correction_id, employee_id,
               json_build_array(json_build_array('correction ' || state, decided_by))
          FROM correction_requests WHERE state <> 'open'
         UNION ALL
        SELECT 'bonus:' || bonus_id, employee_id,
               json_build_array(json_build_array('day off approved', to_char(day_off_date, 'YYYY-MM-DD'), amount))
          FROM active_bonuses WHERE is_credited AND bonus_type = 'paid_day_off') d
  FULL JOIN (SELECT a.subject, max(a.about_id) AS employee_id, json_agg(a.said ORDER BY a.id) AS said
               FROM (SELECT id, subject,
                            CASE WHEN subject LIKE 'adjustment:%' THEN new->>'employee_id' END AS about_id,
                            CASE split_part(subject, ':', 1)
                                WHEN 'adjustment' THEN json_build_array(
                                    {audited_action}, new->'employee_id', new->'amount', actor_id)
                                WHEN 'refund' THEN json_build_array(
                                    {audited_action}, new->'shift_id', new->'amount', new->'units', actor_id)
                                WHEN 'correction' THEN json_build_array({audited_action}, actor_id)
                                ELSE json_build_array({audited_action}, new->'day', new->'amount')
                            END AS said
                       FROM audit_log
                      WHERE {audited_action} IN (
                            'bonus booked', 'deduction booked', 'refund booked', 'refund withdrawn',
                            'correction approved', 'correction refused', 'day off approved')) a
              GROUP BY a.subject) w
    ON w.subject = d.subject
 WHERE %(people)s::bigint[] IS NULL OR d.employee_id = ANY (%(people)s::bigint[])
    OR (d.subject IS NULL AND w.employee_id = ANY (%(people)s::bigint[]::text[]))

-- name: stream_period_decisions
-- How often a person's period was closed and opened again, between which balances it is closed, and what was paid for
-- it, as it stands and as the audit log has it. A period that was paid with a later one is paid 0.00.
SELECT coalesce(d.subject, w.subject), d.said, w.said
  FROM (SELECT 'period:' || employee_id || ':' || to_char(start_date, 'YYYY-MM-DD') AS subject, employee_id,
               json_build_array(
                   json_build_array('closed', closing_no),
                   json_build_array('opened again', closing_no - (state <> 'open')::integer),
                   json_build_array('balances', opening_balance, closing_balance),
                   json_build_array('paid', CASE WHEN state = 'paid' THEN paid_units END)) AS said
          FROM pay_periods WHERE closing_no > 0) d
  FULL JOIN (SELECT subject, employee_id,
                    json_build_array(
                        json_build_array('closed', closed),
                        json_build_array('opened again', reopened),
                        json_build_array('balances', CASE WHEN closed > reopened THEN opening END,
                                         CASE WHEN closed > reopened THEN closing END),
                        CASE WHEN paid IS NULL AND closed > reopened
                                  AND subject < max(subject) FILTER (WHERE paid IS NOT NULL) OVER (PARTITION BY employee_id)
                             THEN json_build_array('paid', 0) ELSE json_build_array('paid', paid) END) AS said
               FROM (SELECT subject, split_part(subject, ':', 2) AS employee_id,
                            count(*) FILTER (WHERE {audited_action} = 'period closed') AS closed,
                            count(*) FILTER (WHERE {audited_action} = 'period reopened') AS reopened,
                            (array_agg(new->'opening_balance' ORDER BY id DESC)
                                FILTER (WHERE {audited_action} = 'period closed'))[1] AS opening,
                            (array_agg(new->'closing_balance' ORDER BY id DESC)
                                FILTER (WHERE {audited_action} = 'period closed'))[1] AS closing,
                            string_agg(new->>'amount', ' and ' ORDER BY id)
                                FILTER (WHERE {audited_action} = 'period paid') AS paid
                       FROM audit_log
                      WHERE {audited_action} IN ('period closed', 'period reopened', 'period paid')
                      GROUP BY subject) p) w
    ON w.subject = d.subject
 WHERE %(people)s::bigint[] IS NULL OR d.employee_id = ANY (%(people)s::bigint[])
    OR (d.subject IS NULL AND w.employee_id = ANY (%(people)s::bigint[]::text[]))

-- name: stream_audit_chain
-- The audit log in the order of its chain, each row as that takes it (sql/schema.sql "chain_audit").
SELECT c.position, coalesce(c.audit_id, a.id), c.digest,
       CASE WHEN a.id IS NOT NULL THEN jsonb_build_array(
           a.id, (extract(epoch FROM a.at) * 1000000)::bigint, a.actor_id, a.action, a.subject, a.old, a.new, a.reason
       )::text END
  FROM audit_chain c FULL JOIN audit_log a ON a.id = c.audit_id
 ORDER BY c.position, a.id

-- name: select_audit_head
SELECT position, digest FROM audit_chain ORDER BY position DESC LIMIT 1

-- name: lock_reconciliations
-- Of two who write at once the second sees what the first has told the admins.
LOCK TABLE reconciliations IN SHARE ROW EXCLUSIVE MODE

-- name: insert_reconciliation
INSERT INTO reconciliations (started_at, finished_at, checked, differences)
VALUES (%(started_at)s, %(finished_at)s, %(checked)s, %(differences)s)

-- name: select_last_reconciliation
SELECT started_at, finished_at, checked, differences FROM reconciliations ORDER BY id DESC LIMIT 1


-- ---------------------------------------------------------------------------------------------------------------
-- The mirror: what waits for the sheet, where its rows stand there, its runs
-- ---------------------------------------------------------------------------------------------------------------

-- name: select_mirror_state
SELECT m.spreadsheet_id, m.needs_full, m.checked_title, m.checked_row, m.told_failing_at, m.told_full_at,
       (SELECT value FROM schema_metadata WHERE key = 'database_uuid'),
       (SELECT value FROM schema_metadata WHERE key = 'created_at'),
       {timeline},
       coalesce((SELECT value::bigint FROM schema_metadata WHERE key = 'mirror_run'), 0),
       (SELECT value FROM schema_metadata WHERE key = 'restored_from')
  FROM mirror_state m

-- name: start_mirror_on
-- Another spreadsheet than before: what is known of the old one is forgotten.
WITH forgotten AS (
    DELETE FROM mirror_tabs
)
UPDATE mirror_state
   SET spreadsheet_id = %(spreadsheet_id)s, needs_full = true, checked_title = NULL, checked_row = 1,
       told_failing_at = NULL, told_full_at = NULL

-- name: mark_mirror_full_needed
UPDATE mirror_state SET needs_full = true

-- name: mark_mirror_checked
UPDATE mirror_state SET checked_title = %(title)s, checked_row = %(row_no)s

-- name: mark_mirror_told_full
UPDATE mirror_state SET told_full_at = %(at)s

-- name: mark_mirror_told_failing
UPDATE mirror_state SET told_failing_at = %(at)s

-- name: select_mirror_tabs
SELECT title, sheet_id, headers, is_rebuilt, kept_title, damage FROM mirror_tabs

-- name: rebuild_mirror_tab
INSERT INTO mirror_tabs (title, sheet_id, headers, is_rebuilt, kept_title, damage)
VALUES (%(title)s, %(sheet_id)s, %(headers)s, false, %(kept_title)s, %(damage)s)
ON CONFLICT (title)
DO UPDATE SET sheet_id = EXCLUDED.sheet_id, headers = EXCLUDED.headers, is_rebuilt = false,
              kept_title = EXCLUDED.kept_title, damage = EXCLUDED.damage

-- name: forget_mirror_damage
UPDATE mirror_tabs SET damage = NULL WHERE title = ANY (%(titles)s) AND damage IS NOT NULL

-- name: delete_mirror_rows
DELETE FROM mirror_rows WHERE title = %(title)s

-- name: select_mirror_rows
-- A tab's rows from a place to a place.
SELECT row_no, digest, pending
  FROM mirror_rows
 WHERE title = %(title)s AND row_no BETWEEN %(top)s AND %(bottom)s
 ORDER BY row_no

-- name: select_mirror_places
-- The places of a tab's rows by their keys, of all of them where no keys are given.
SELECT row_key, row_no, digest, pending
  FROM mirror_rows
 WHERE title = %(title)s AND (%(keys)s::text[] IS NULL OR row_key = ANY (%(keys)s))

-- name: select_mirror_digests
SELECT digest FROM mirror_rows WHERE title = %(title)s
UNION
SELECT pending FROM mirror_rows WHERE title = %(title)s AND pending IS NOT NULL

-- name: select_mirror_sums
-- Of each table's tab: its rows, and the sum of their digests, once all that is on its way has arrived.
SELECT title, count(*), sum(coalesce(pending, digest))::text
  FROM mirror_rows
 WHERE title LIKE 'data\_%' AND coalesce(pending, digest) <> 0
 GROUP BY title
 ORDER BY title

-- name: select_mirror_last_rows
SELECT title, max(row_no) FROM mirror_rows GROUP BY title

-- name: select_mirror_pending
-- From which row to which there are some of which it is not known whether they arrived.
SELECT title, min(row_no), max(row_no) FROM mirror_rows WHERE pending IS NOT NULL GROUP BY title

-- name: confirm_mirror_places
-- Rows that were found as they were being written.
UPDATE mirror_rows
   SET digest = pending, pending = NULL
 WHERE title = %(title)s AND row_no = ANY (%(row_nos)s::integer[]) AND pending IS NOT NULL

-- name: place_mirror_rows
-- A place below all others for each key that has none; each row's digest to come.
INSERT INTO mirror_rows (title, row_key, row_no, pending)
SELECT %(title)s, k.row_key,
       coalesce((SELECT max(row_no) FROM mirror_rows WHERE title = %(title)s), 1)
       + row_number() OVER (ORDER BY k.place), k.digest
  FROM unnest(%(keys)s::text[], %(digests)s::bigint[]) WITH ORDINALITY AS k (row_key, digest, place)

-- name: expect_mirror_rows
-- Rows that have a place will have another digest.
UPDATE mirror_rows m
   SET pending = k.digest
  FROM unnest(%(keys)s::text[], %(digests)s::bigint[]) AS k (row_key, digest)
 WHERE m.title = %(title)s AND m.row_key = k.row_key

-- name: confirm_mirror_rows
-- The sheet has these rows.
UPDATE mirror_rows
   SET digest = pending, pending = NULL
 WHERE title = %(title)s AND row_no BETWEEN %(top)s AND %(bottom)s AND pending IS NOT NULL

-- name: confirm_mirror_tabs
-- A tab of which all rows have arrived is rebuilt; the copies that were made for it, so that admins can be told.
UPDATE mirror_tabs
   SET is_rebuilt = true, kept_title = NULL
 WHERE title = ANY (%(titles)s) AND NOT is_rebuilt

-- name: finish_mirror_full
UPDATE mirror_state SET needs_full = false

-- name: select_sync_outbox
SELECT outbox_no, table_name, row_key FROM sync_outbox ORDER BY outbox_no

-- name: count_sync_outbox
SELECT count(*), min(created_at) FROM sync_outbox

-- name: delete_sync_outbox
DELETE FROM sync_outbox WHERE outbox_no = ANY (%(numbers)s)

-- name: start_sync_run
-- A run that never ended was killed: its process holds the lock no more.
WITH killed AS (
    UPDATE sync_log
       SET status = 'failed', error = 'ended without a word', finished_at = %(at)s,
           duration_ms = least(greatest(extract(epoch FROM %(at)s - started_at) * 1000, 0), 2147483647)
     WHERE status = 'running'
)
INSERT INTO sync_log (sync_type, direction, started_at) VALUES (%(sync_type)s, %(direction)s, %(at)s) RETURNING id

-- name: finish_sync_run
UPDATE sync_log
   SET status = %(status)s, error = %(error)s, row_count = %(row_count)s, finished_at = %(at)s,
       duration_ms = %(duration_ms)s
 WHERE id = %(id)s

-- name: insert_sync_table
-- What a run did to one table or tab, beside the line of the run itself.
INSERT INTO sync_log (sync_type, direction, table_name, row_count, status, started_at, finished_at, duration_ms)
SELECT sync_type, direction, %(table_name)s, %(row_count)s, 'ok', started_at, %(at)s, %(duration_ms)s
  FROM sync_log WHERE id = %(id)s

-- name: purge_sync_log
DELETE FROM sync_log WHERE started_at < %(before)s

-- name: select_last_syncs
-- The last run that ended well, and the last of all, of those that write the sheet.
SELECT (SELECT max(finished_at) FROM sync_log
         WHERE status = 'ok' AND table_name IS NULL AND direction = 'push'),
       l.sync_type, l.status, l.error, l.started_at, l.finished_at, l.row_count,
       (SELECT min(f.started_at) FROM sync_log f
         WHERE f.status = 'failed' AND f.table_name IS NULL AND f.direction = 'push'
           AND f.id > coalesce((SELECT max(g.id) FROM sync_log g
                                 WHERE g.status = 'ok' AND g.table_name IS NULL AND g.direction = 'push'), 0))
  FROM sync_log l
 WHERE l.table_name IS NULL AND l.direction = 'push'
 ORDER BY l.id DESC
 LIMIT 1

-- name: mirror_shifts
-- The sheet's Shifts: those recorded, all of them where no keys are given.
SELECT {record},
       p.sold
  FROM shifts s
  LEFT JOIN (SELECT shift_id, json_object_agg(product_id, amount ORDER BY product_id)::text AS sold
               FROM shift_products
              WHERE %(keys)s::bigint[] IS NULL OR shift_id = ANY (%(keys)s)
              GROUP BY shift_id) p ON p.shift_id = s.shift_id
 WHERE s.status = 'recorded' AND (%(keys)s::bigint[] IS NULL OR s.shift_id = ANY (%(keys)s))
 ORDER BY s.shift_id

-- name: mirror_bonuses
-- The sheet's ActiveBonuses: those that wait and those that are applied.
SELECT bonus_id, employee_id, bonus_type, value, state = 'applied', coalesce(shift_id, earned_shift_id), created_at
  FROM active_bonuses
 WHERE state <> 'void' AND (%(keys)s::bigint[] IS NULL OR bonus_id = ANY (%(keys)s))
 ORDER BY bonus_id

-- name: mirror_employee_settings
-- The sheet's EmployeeSettings: in force on a date.
SELECT DISTINCT ON (employee_id) employee_id, hourly_wage, base_pct
  FROM employee_settings
 WHERE valid_from <= %(on_date)s
 ORDER BY employee_id, valid_from DESC

-- name: mirror_dynamic_rates
-- The sheet's DynamicRates: the table in force on a date.
SELECT min_sales, max_sales, percentage
  FROM dynamic_rates
 WHERE version_id = (SELECT version_id FROM dynamic_rate_versions
                      WHERE valid_from <= %(on_date)s ORDER BY valid_from DESC, version_id DESC LIMIT 1)
 ORDER BY min_sales

-- name: mirror_ranks
-- The sheet's Ranks: the table of a month, each rank's list of bonuses as two arrays.
SELECT r.rank_name, g.min_sales, g.max_sales, r.emoji, r.rank_text,
       ARRAY(SELECT b.bonus_type FROM rank_bonuses b
              WHERE b.version_id = g.version_id AND b.rank_id = g.rank_id ORDER BY b.slot),
       ARRAY(SELECT b.value FROM rank_bonuses b
              WHERE b.version_id = g.version_id AND b.rank_id = g.rank_id ORDER BY b.slot)
  FROM rank_ranges g JOIN ranks r ON r.rank_id = g.rank_id
 WHERE g.version_id = (SELECT version_id FROM rank_versions
                        WHERE valid_from <= %(month)s ORDER BY valid_from DESC, version_id DESC LIMIT 1)
 ORDER BY g.min_sales

-- name: mirror_employee_ranks
-- The sheet's EmployeeRanks.
SELECT e.employee_id, c.rank_name, p.rank_name, e.month, e.year, e.notified, e.last_updated
  FROM employee_ranks e
  JOIN ranks c ON c.rank_id = e.current_rank_id
  LEFT JOIN ranks p ON p.rank_id = e.previous_rank_id
 ORDER BY e.employee_id, e.year, e.month
