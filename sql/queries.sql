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
   FROM shift_products p WHERE p.shift_id = s.shift_id)

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

-- part: sold
-- What was sold, as one text: most who ask for many shifts do not look at it, and text is the cheapest to carry.
(SELECT json_object_agg(p.product_id, p.amount ORDER BY p.product_id)::text
   FROM shift_products p WHERE p.shift_id = s.shift_id)


-- ---------------------------------------------------------------------------------------------------------------
-- A change of a person's shifts: lock, read the book, write the outcome
-- ---------------------------------------------------------------------------------------------------------------

-- name: lock_employee
-- Held to the end of the transaction: one change of a person's shifts, bonuses and ledger at a time.
SELECT employee_id, sub, name, status, left_date,
       {catalogue}
  FROM employees
 WHERE employee_id = %(employee_id)s
   FOR NO KEY UPDATE

-- name: lock_employee_of_shift
-- The same lock, for the person of a shift, with the shift as it is under it.
SELECT e.employee_id, e.sub, e.name, e.status, e.left_date
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

-- name: read_book
-- All that the rules need of a person for a change of the shift %(shift_id)s (a new one where it is null) that
-- touches %(dates)s and settles the ranks of %(months)s. One JSON array. For a new shift also what it is priced with on
-- %(shift_date)s, and whether %(request_id)s was recorded before. The shifts that are touched come first, the bonuses
-- once for all that speak of them: those that wait, that such a shift carries, that a rank of the months gave.
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
)
SELECT json_build_array(
       (SELECT json_build_array(r.shift_id, r.status, r.employee_id) FROM shifts r
         WHERE r.request_id = %(request_id)s),
       (SELECT json_build_array(w.hourly_wage, w.base_pct) FROM employee_settings w
         WHERE w.employee_id = %(employee_id)s AND w.valid_from <= %(shift_date)s::date
         ORDER BY w.valid_from DESC LIMIT 1),
       (SELECT json_build_array(t.platform_cut_pct, t.dynamic_basis) FROM pay_terms t
         WHERE t.valid_from <= %(shift_date)s::date ORDER BY t.valid_from DESC LIMIT 1),
       (SELECT v.version_id FROM dynamic_rate_versions v
         WHERE v.valid_from <= %(shift_date)s::date
         ORDER BY v.valid_from DESC, v.version_id DESC LIMIT 1),
       coalesce(%(shift_id)s::bigint, nextval('shifts_shift_id_seq')),
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
                       AND s.shift_date >= m.month AND s.shift_date < (m.month + interval '1 month')::date),
                   (SELECT v.version_id FROM rank_versions v
                     WHERE v.valid_from <= m.month ORDER BY v.valid_from DESC, v.version_id DESC LIMIT 1),
                   (SELECT r.current_rank_id FROM employee_ranks r
                     WHERE r.employee_id = %(employee_id)s
                       AND r.year = date_part('year', m.month)::int AND r.month = date_part('month', m.month)::int),
                   (SELECT json_agg(json_build_array(a.rank_id, a.is_drawn, a.bonus_id) ORDER BY a.rank_id)
                      FROM rank_awards a
                     WHERE a.employee_id = %(employee_id)s AND a.rank_month = m.month)) ORDER BY m.month)
          FROM unnest(%(months)s::date[]) AS m (month)),
       (SELECT json_build_array(o.shift_id, o.status, o.time_in, o.time_out) FROM shifts o
         WHERE o.status <> 'deleted' AND o.shift_id IS DISTINCT FROM %(shift_id)s::bigint
           AND tstzrange(o.time_in, o.time_out) && tstzrange(%(time_in)s::timestamptz, %(time_out)s::timestamptz)
           -- The range says whose, as in the constraint; the column besides would have the person's whole past looked up.
           AND int8range(o.employee_id, o.employee_id, '[]')
               && int8range(%(employee_id)s::bigint, %(employee_id)s::bigint, '[]')
         ORDER BY o.time_in LIMIT 1))

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
                    request_id, hourly_wage, base_pct, platform_cut_pct, dynamic_basis, rate_version_id,
                    worked_seconds, worked_hours, total_sales, net_sales, dynamic_pct, commission_pct,
                    total_per_hour, commissions, bonus_pay, total_made)
SELECT shift_id, %(employee_id)s, employee_name, 'recorded', shift_date, time_in, time_out, recorded_at, note,
       request_id, hourly_wage, base_pct, platform_cut_pct, dynamic_basis, rate_version_id,
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
       source_shift_id = n.source_shift_id, basis_net = n.basis_net, amount = n.amount, voided_by = n.voided_by
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
           request_id = coalesce(n.request_id, s.request_id)
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
SELECT s.employee_id, s.employee_name, s.note,
       json_build_array(
           {priced_shift}),
       {applied_bonuses}
  FROM shifts s
 WHERE s.employee_id = %(employee_id)s AND s.status = 'recorded'
 ORDER BY s.recorded_at DESC, s.shift_id DESC
 LIMIT %(limit)s OFFSET %(skip)s

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

-- name: select_settings
SELECT employee_id, hourly_wage, base_pct FROM employee_settings
 WHERE employee_id = %(employee_id)s AND valid_from <= %(on_date)s
 ORDER BY valid_from DESC LIMIT 1

-- name: select_ranks
SELECT rank_id, rank_name, emoji, rank_text FROM ranks

-- part: month_sales
-- The one figure for a month's sales: rank, statistics, leaderboard.
(SELECT coalesce(sum(total_sales), 0.00) FROM shifts
  WHERE employee_id = %(employee_id)s AND status = 'recorded'
    AND shift_date >= %(month)s AND shift_date < (%(month)s::date + interval '1 month')::date)

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
SELECT {month_sales}


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

-- name: ensure_employee
-- In the sheet a person's number was their Telegram id; where that account belongs to somebody else it stays theirs.
INSERT INTO employees (employee_id, telegram_id, name)
SELECT %(employee_id)s::bigint,
       CASE WHEN %(employee_id)s::bigint > 0
             AND NOT EXISTS (SELECT 1 FROM employees WHERE telegram_id = %(employee_id)s::bigint)
            THEN %(employee_id)s::bigint END,
       %(name)s
ON CONFLICT (employee_id) DO NOTHING

-- name: insert_joining_employee
-- The number is the Telegram id, or a new negative one where that number is taken.
INSERT INTO employees (employee_id, telegram_id, name, language)
SELECT CASE WHEN EXISTS (SELECT 1 FROM employees WHERE employee_id = %(telegram_id)s::bigint)
            THEN least((SELECT min(employee_id) FROM employees), 0) - 1 ELSE %(telegram_id)s::bigint END,
       %(telegram_id)s::bigint, %(name)s, %(language)s
ON CONFLICT (telegram_id) DO NOTHING

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
INSERT INTO audit_log (actor_id, action, subject) VALUES (%(actor_id)s, %(action)s, %(subject)s)


-- ---------------------------------------------------------------------------------------------------------------
-- Dialogues, screens, notices
-- ---------------------------------------------------------------------------------------------------------------

-- part: draft
draft_id, employee_id, kind, state, step, data, revision, shift_id

-- name: insert_draft
INSERT INTO drafts (draft_id, employee_id, kind, step, data, shift_id)
VALUES (%(draft_id)s, %(employee_id)s, %(kind)s, %(step)s, %(data)s, %(shift_id)s)
RETURNING {draft}

-- name: cancel_open_drafts
UPDATE drafts SET state = 'cancelled', updated_at = now() WHERE employee_id = %(employee_id)s AND state = 'open'

-- name: select_draft
SELECT {draft} FROM drafts WHERE draft_id = %(draft_id)s AND employee_id = %(employee_id)s

-- name: select_open_draft
SELECT {draft} FROM drafts WHERE employee_id = %(employee_id)s AND state = 'open' ORDER BY created_at DESC LIMIT 1

-- name: move_draft
UPDATE drafts SET step = %(step)s, data = %(data)s, revision = revision + 1, updated_at = now()
 WHERE draft_id = %(draft_id)s AND revision = %(revision)s AND state = 'open'
RETURNING {draft}

-- name: close_draft
-- Of any number of taps at once, one gets a row back.
UPDATE drafts SET state = 'saved', updated_at = now()
 WHERE draft_id = %(draft_id)s AND revision = %(revision)s AND state = 'open'
RETURNING {draft}

-- name: link_draft
UPDATE drafts SET shift_id = %(shift_id)s WHERE draft_id = %(draft_id)s

-- name: select_screen
SELECT message_id FROM chat_screens WHERE chat_id = %(chat_id)s

-- name: upsert_screen
INSERT INTO chat_screens (chat_id, message_id) VALUES (%(chat_id)s, %(message_id)s)
ON CONFLICT (chat_id) DO UPDATE SET message_id = EXCLUDED.message_id, updated_at = now()

-- name: delete_screen
DELETE FROM chat_screens WHERE chat_id = %(chat_id)s AND message_id = %(message_id)s

-- name: insert_notice
INSERT INTO outbox (employee_id, kind, payload) VALUES (%(employee_id)s, %(kind)s, %(payload)s)

-- name: insert_admin_notices
INSERT INTO outbox (employee_id, kind, payload)
SELECT employee_id, %(kind)s, %(payload)s FROM employees WHERE role IN ('owner', 'manager') AND status = 'active'

-- name: select_unsent_notices
SELECT n.outbox_id, n.employee_id, e.telegram_id, e.language, n.kind, n.payload
  FROM outbox n JOIN employees e ON e.employee_id = n.employee_id
 WHERE n.sent_at IS NULL AND n.failed_at IS NULL
 ORDER BY n.outbox_id
 LIMIT %(limit)s

-- name: mark_notice_sent
UPDATE outbox SET sent_at = now() WHERE outbox_id = %(notice_id)s

-- name: mark_notice_failed
UPDATE outbox SET failed_at = now(), error = %(error)s WHERE outbox_id = %(notice_id)s


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

-- name: select_entries
SELECT created_at, direction, units, balance_after, ref, reason, period_start, period_end
  FROM balance_transactions
 WHERE sub = (SELECT sub FROM employees WHERE employee_id = %(employee_id)s)
 ORDER BY entry_no DESC
 LIMIT %(limit)s
