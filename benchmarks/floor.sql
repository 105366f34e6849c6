-- The floor: the same rows as the service's, by hand, in as few statements as it takes. Written as sql/queries.sql is.


-- part: record
s.shift_id, s.recorded_at, s.employee_id, s.employee_name, s.time_in, s.time_out, s.worked_hours, s.total_sales,
s.net_sales, s.commission_pct, s.total_per_hour, s.commissions, s.total_made, s.shift_date, s.note

-- part: sold
ARRAY(SELECT p.product_id FROM shift_products p WHERE p.shift_id = s.shift_id ORDER BY p.product_id),
ARRAY(SELECT p.amount FROM shift_products p WHERE p.shift_id = s.shift_id ORDER BY p.product_id)

-- part: sold_one_of
EXISTS (SELECT FROM shift_products p WHERE p.shift_id = s.shift_id AND p.product_id = ANY (%(models)s::int[]))

-- part: rates_in_force
(SELECT version_id FROM dynamic_rate_versions WHERE valid_from <= %(day)s
  ORDER BY valid_from DESC, version_id DESC LIMIT 1)

-- part: ranks_in_force
(SELECT version_id FROM rank_versions WHERE valid_from <= %(day)s ORDER BY valid_from DESC, version_id DESC LIMIT 1)

-- part: bonus
bonus_id, employee_id, bonus_type, value, state, shift_id, created_at


-- ---------------------------------------------------------------------------------------------------------------
-- What the methods that read answer
-- ---------------------------------------------------------------------------------------------------------------

-- name: get_next_id
SELECT CASE WHEN is_called THEN last_value + 1 ELSE last_value END FROM shifts_shift_id_seq

-- name: find_row_by_id
SELECT shift_id FROM shifts WHERE shift_id = %(shift_id)s AND status = 'recorded'

-- name: get_shift_by_id
SELECT {record}, {sold} FROM shifts s WHERE s.shift_id = %(shift_id)s AND s.status = 'recorded'

-- name: get_last_shifts
SELECT {record}, {sold} FROM shifts s
 WHERE s.employee_id = %(employee_id)s AND s.status = 'recorded'
 ORDER BY s.recorded_at DESC, s.shift_id DESC
 LIMIT 3

-- name: get_all_shifts
SELECT {record}, p.product_ids, p.amounts
  FROM shifts s
  LEFT JOIN (SELECT shift_id, array_agg(product_id ORDER BY product_id) AS product_ids,
                    array_agg(amount ORDER BY product_id) AS amounts
               FROM shift_products GROUP BY shift_id) p ON p.shift_id = s.shift_id
 WHERE s.status = 'recorded'
 ORDER BY s.recorded_at DESC, s.shift_id DESC

-- name: get_products
SELECT product_id, name, is_active FROM products ORDER BY product_id

-- name: get_employee_settings
SELECT employee_id, hourly_wage, base_pct FROM employee_settings
 WHERE employee_id = %(employee_id)s AND valid_from <= %(day)s
 ORDER BY valid_from DESC LIMIT 1

-- name: get_dynamic_rates
SELECT min_sales, max_sales, percentage FROM dynamic_rates WHERE version_id = {rates_in_force} ORDER BY min_sales

-- name: calculate_dynamic_rate
SELECT percentage FROM dynamic_rates
 WHERE version_id = {rates_in_force}
   AND min_sales <= (SELECT coalesce(sum(total_sales), 0) FROM shifts
                      WHERE employee_id = %(employee_id)s AND shift_date = %(day)s AND status = 'recorded')
                    + %(sales)s::numeric
 ORDER BY min_sales DESC LIMIT 1

-- name: get_ranks
SELECT r.rank_name, g.min_sales, g.max_sales, r.emoji, r.rank_text,
       ARRAY(SELECT b.bonus_type FROM rank_bonuses b
              WHERE b.version_id = g.version_id AND b.rank_id = g.rank_id ORDER BY b.slot),
       ARRAY(SELECT b.value FROM rank_bonuses b
              WHERE b.version_id = g.version_id AND b.rank_id = g.rank_id ORDER BY b.slot)
  FROM rank_ranges g JOIN ranks r ON r.rank_id = g.rank_id
 WHERE g.version_id = {ranks_in_force}
 ORDER BY g.min_sales

-- name: determine_rank
SELECT r.rank_name FROM rank_ranges g JOIN ranks r ON r.rank_id = g.rank_id
 WHERE g.version_id = {ranks_in_force}
   AND g.min_sales <= (SELECT coalesce(sum(total_sales), 0) FROM shifts
                        WHERE employee_id = %(employee_id)s AND status = 'recorded'
                          AND shift_date >= %(day)s AND shift_date < (%(day)s::date + interval '1 month')::date)
 ORDER BY g.min_sales DESC LIMIT 1

-- name: get_rank_bonuses
SELECT b.bonus_type, b.value FROM rank_bonuses b JOIN ranks r ON r.rank_id = b.rank_id
 WHERE r.rank_name = %(name)s AND b.version_id = {ranks_in_force}
 ORDER BY b.slot

-- name: get_rank_text
SELECT rank_text FROM ranks WHERE rank_name = %(name)s

-- name: get_employee_rank
SELECT e.employee_id, c.rank_name, p.rank_name, e.month, e.year, e.notified, e.last_updated
  FROM employee_ranks e
  JOIN ranks c ON c.rank_id = e.current_rank_id
  LEFT JOIN ranks p ON p.rank_id = e.previous_rank_id
 WHERE e.employee_id = %(employee_id)s AND e.year = %(year)s AND e.month = %(month)s

-- name: get_active_bonuses
SELECT {bonus} FROM active_bonuses
 WHERE employee_id = %(employee_id)s AND state = 'pending'
 ORDER BY created_at, bonus_id

-- name: get_shift_applied_bonuses
SELECT {bonus} FROM active_bonuses
 WHERE shift_id = %(shift_id)s AND state = 'applied'
 ORDER BY created_at, bonus_id

-- name: get_models_from_shift
SELECT p.name FROM shift_products s JOIN products p ON p.product_id = s.product_id
 WHERE s.shift_id = %(shift_id)s
 ORDER BY p.product_id

-- name: find_previous_shift_with_models
SELECT {record}, {sold} FROM shifts s
 WHERE s.status = 'recorded' AND s.employee_id <> %(employee_id)s AND s.recorded_at < %(before)s AND {sold_one_of}
 ORDER BY s.recorded_at DESC, s.shift_id DESC
 LIMIT 1

-- name: find_shifts_with_model
SELECT {record}, {sold} FROM shifts s
 WHERE s.status = 'recorded' AND s.employee_id <> %(employee_id)s AND s.shift_date = %(day)s
   AND s.recorded_at < %(before)s AND {sold_one_of}
 ORDER BY s.recorded_at, s.shift_id

-- name: apply_percent_prev_bonus
SELECT s.shift_id, s.platform_cut_pct, {sold} FROM shifts s
 WHERE s.status = 'recorded' AND s.employee_id <> %(employee_id)s
   AND (s.recorded_at, s.shift_id) < (%(recorded_at)s, %(shift_id)s) AND {sold_one_of}
 ORDER BY s.recorded_at DESC, s.shift_id DESC
 LIMIT 1

-- name: apply_percent_all_bonus
SELECT s.shift_id, s.platform_cut_pct, {sold} FROM shifts s
 WHERE s.status = 'recorded' AND s.shift_date = %(day)s AND s.employee_id <> %(employee_id)s
   AND (s.recorded_at, s.shift_id) < (%(recorded_at)s, %(shift_id)s) AND {sold_one_of}


-- ---------------------------------------------------------------------------------------------------------------
-- What the methods that write leave behind, computed beforehand
-- ---------------------------------------------------------------------------------------------------------------

-- name: insert_shift
INSERT INTO shifts (employee_id, employee_name, status, shift_date, time_in, time_out, recorded_at,
                    hourly_wage, base_pct, platform_cut_pct, dynamic_basis, rate_version_id,
                    worked_seconds, worked_hours, total_sales, net_sales, dynamic_pct, commission_pct,
                    total_per_hour, commissions, bonus_pay, total_made)
VALUES (%(employee_id)s, %(employee_name)s, 'recorded', %(shift_date)s, %(time_in)s, %(time_out)s, %(recorded_at)s,
        %(hourly_wage)s, %(base_pct)s, %(platform_cut_pct)s, %(dynamic_basis)s, %(rate_version_id)s,
        %(worked_seconds)s, %(worked_hours)s, %(total_sales)s, %(net_sales)s, %(dynamic_pct)s, %(commission_pct)s,
        %(total_per_hour)s, %(commissions)s, %(bonus_pay)s, %(total_made)s)
RETURNING shift_id

-- name: insert_two_products
INSERT INTO shift_products (shift_id, product_id, amount)
VALUES (%(shift_id)s, %(product_1)s, %(amount_1)s), (%(shift_id)s, %(product_2)s, %(amount_2)s)

-- name: use_bonus
UPDATE active_bonuses SET state = 'applied', shift_id = %(shift_id)s, amount = %(amount)s WHERE bonus_id = %(bonus_id)s

-- name: insert_entry
INSERT INTO balance_transactions (sub, entry_no, direction, units, balance_after, period_start, period_end, ref,
                                  reason, source_service)
SELECT sub, entry_no + 1, 'credit', %(units)s, balance_after + %(units)s, %(period_start)s, %(period_end)s,
       'shift:' || %(shift_id)s::bigint, 'shift', 'benchmarks'
  FROM balance_transactions WHERE sub = %(sub)s ORDER BY entry_no DESC LIMIT 1

-- name: update_shift
UPDATE shifts
   SET worked_seconds = %(worked_seconds)s, worked_hours = %(worked_hours)s, total_sales = %(total_sales)s,
       net_sales = %(net_sales)s, dynamic_pct = %(dynamic_pct)s, commission_pct = %(commission_pct)s,
       total_per_hour = %(total_per_hour)s, commissions = %(commissions)s, bonus_pay = %(bonus_pay)s,
       total_made = %(total_made)s
 WHERE shift_id = %(shift_id)s

-- name: update_two_products
UPDATE shift_products p SET amount = n.amount
  FROM (VALUES (%(product_1)s::int, %(amount_1)s::numeric), (%(product_2)s, %(amount_2)s)) n (product_id, amount)
 WHERE p.shift_id = %(shift_id)s AND p.product_id = n.product_id

-- name: insert_audit
-- The service says more in old and new.
INSERT INTO audit_log (action, subject, old, new)
VALUES ('shift edited', 'shift:' || %(shift_id)s::bigint, '[]', '[]')

-- name: insert_employee
INSERT INTO employees (employee_id, telegram_id, name) VALUES (%(employee_id)s, %(employee_id)s, %(name)s)

-- name: insert_settings
INSERT INTO employee_settings (employee_id, hourly_wage, base_pct)
VALUES (%(employee_id)s, %(hourly_wage)s, %(base_pct)s)
RETURNING employee_id, hourly_wage, base_pct

-- name: mark_rank_notified
UPDATE employee_ranks SET notified = true
 WHERE employee_id = %(employee_id)s AND year = %(year)s AND month = %(month)s

-- name: update_employee_rank
INSERT INTO employee_ranks (employee_id, year, month, current_rank_id, last_updated)
SELECT %(employee_id)s, %(year)s, %(month)s, rank_id, %(at)s FROM ranks WHERE rank_name = %(name)s
ON CONFLICT (employee_id, year, month)
DO UPDATE SET previous_rank_id = employee_ranks.current_rank_id, current_rank_id = EXCLUDED.current_rank_id,
              notified = false, last_updated = EXCLUDED.last_updated

-- name: create_bonus
INSERT INTO active_bonuses (employee_id, bonus_type, value, draw)
VALUES (%(employee_id)s, %(bonus_type)s, %(value)s, 7)
RETURNING bonus_id
