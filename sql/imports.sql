-- What a migration of the old sheet reads and writes. The form is that of queries.sql. Everything happens in one
-- transaction, under `lock_people`; numbers of new rows are given by the program, so that a dry run uses up none.


-- name: lock_people
-- Every change of a person's shifts, bonuses and ledger begins with a lock of their row: it waits until this is over.
LOCK TABLE employees IN EXCLUSIVE MODE

-- name: check_constraints_now
SET CONSTRAINTS ALL IMMEDIATE

-- name: let_go_closed_checks
-- Where no period is closed there is nothing to check, and asking for each row takes as long as loading it.
DO $$ BEGIN
    ALTER TABLE shifts DISABLE TRIGGER shifts_period_closed_check;
    ALTER TABLE shift_products DISABLE TRIGGER shift_products_period_closed_check;
END $$

-- name: take_up_closed_checks
DO $$ BEGIN
    ALTER TABLE shifts ENABLE TRIGGER shifts_period_closed_check;
    ALTER TABLE shift_products ENABLE TRIGGER shift_products_period_closed_check;
END $$

-- name: select_closed
-- Up to where each person's pay periods are closed.
SELECT employee_id, max(end_date) FROM pay_periods WHERE state <> 'open' GROUP BY employee_id

-- name: select_owed_from
-- From when on the last migration took shifts as owed.
SELECT (new->>'owed_from')::date FROM audit_log
 WHERE action = 'history imported' AND new->>'owed_from' IS NOT NULL
 ORDER BY id DESC LIMIT 1

-- name: select_people
SELECT employee_id, sub, name, telegram_id FROM employees

-- name: select_settings
SELECT employee_id, valid_from, hourly_wage, base_pct FROM employee_settings ORDER BY employee_id, valid_from

-- name: select_pay_days
SELECT coalesce(value, default_value) FROM settings WHERE key = 'pay_days'

-- name: select_pay_terms
SELECT valid_from, platform_cut_pct, dynamic_basis FROM pay_terms ORDER BY valid_from

-- name: select_rate_versions
-- The one in force among those of a date comes last.
SELECT v.version_id, v.valid_from, r.min_sales, r.max_sales, r.percentage
  FROM dynamic_rate_versions v JOIN dynamic_rates r USING (version_id)
 ORDER BY v.valid_from, v.version_id, r.min_sales

-- name: select_rank_versions
SELECT v.version_id, v.valid_from, g.rank_id, g.min_sales, g.max_sales,
       (SELECT coalesce(json_agg(json_build_array(b.bonus_type, b.value) ORDER BY b.slot), '[]') FROM rank_bonuses b
         WHERE b.version_id = g.version_id AND b.rank_id = g.rank_id)
  FROM rank_versions v JOIN rank_ranges g USING (version_id)
 ORDER BY v.valid_from, v.version_id, g.min_sales

-- name: select_ranks
SELECT rank_id, rank_name, emoji, rank_text FROM ranks

-- name: select_products
SELECT product_id, name, is_active FROM products ORDER BY product_id

-- name: select_imported_shifts
SELECT i.shift_id, i.digest, i.paid_before IS NOT NULL, s.employee_id, s.status, s.shift_date, s.total_made,
       -- What a person did in the bot since is theirs.
       EXISTS (SELECT FROM audit_log a
                WHERE a.subject = 'shift:' || i.shift_id AND a.action IN ('shift edited', 'shift deleted'))
  FROM imported_shifts i JOIN shifts s USING (shift_id)

-- name: select_other_shifts
-- Those that the bot recorded itself.
SELECT s.shift_id, s.employee_id, s.status, s.shift_date, s.time_in, s.time_out, s.recorded_at, s.total_sales
  FROM shifts s
 WHERE NOT EXISTS (SELECT FROM imported_shifts i WHERE i.shift_id = s.shift_id)

-- name: select_bonuses
SELECT bonus_id, employee_id, bonus_type, value, state, shift_id, draw, created_at FROM active_bonuses

-- name: select_employee_ranks
SELECT employee_id, year, month, current_rank_id, previous_rank_id, last_updated FROM employee_ranks

-- name: select_awards
SELECT employee_id, rank_month, rank_id FROM rank_awards

-- name: select_month_sales
-- Of the months that have migrated shifts.
SELECT s.employee_id, date_trunc('month', s.shift_date)::date AS month, sum(s.total_sales)
  FROM shifts s
 WHERE s.status = 'recorded'
 GROUP BY s.employee_id, month
HAVING bool_or(EXISTS (SELECT FROM imported_shifts i WHERE i.shift_id = s.shift_id))

-- name: select_import_months
-- What the migrated shifts come to, by month.
SELECT date_trunc('month', s.shift_date)::date, count(*), sum(s.worked_seconds), sum(s.total_sales), sum(s.total_made)
  FROM shifts s JOIN imported_shifts USING (shift_id)
 WHERE s.status = 'recorded'
 GROUP BY 1

-- name: select_ledger_ends
SELECT DISTINCT ON (sub) sub, entry_no, balance_after FROM balance_transactions ORDER BY sub, entry_no DESC

-- name: select_last_numbers
-- The highest number given so far, by sequence.
SELECT greatest((SELECT max(product_id) FROM products), 0), greatest((SELECT max(rank_id) FROM ranks), 0),
       greatest((SELECT max(version_id) FROM dynamic_rate_versions), 0),
       greatest((SELECT max(version_id) FROM rank_versions), 0),
       greatest((SELECT max(id) FROM balance_transactions), 0)

-- name: select_balances
SELECT e.employee_id, e.name,
       coalesce((SELECT balance_after FROM balance_transactions b WHERE b.sub = e.sub ORDER BY entry_no DESC LIMIT 1), 0.00)
  FROM employees e
 ORDER BY e.name, e.employee_id


-- name: insert_person
-- In the sheet a person's number was their Telegram id; where that account belongs to somebody else it stays theirs.
INSERT INTO employees (employee_id, telegram_id, name, created_at)
SELECT %(employee_id)s::bigint,
       CASE WHEN %(employee_id)s::bigint > 0
             AND NOT EXISTS (SELECT FROM employees WHERE telegram_id = %(employee_id)s::bigint)
            THEN %(employee_id)s::bigint END,
       %(name)s, coalesce(%(began_at)s::timestamptz, now())
RETURNING sub

-- name: complete_person
UPDATE employees
   SET name = CASE WHEN name = %(placeholder)s THEN coalesce(%(name)s, name) ELSE name END,
       created_at = least(created_at, %(began_at)s::timestamptz)
 WHERE employee_id = %(employee_id)s::bigint
   AND (created_at > %(began_at)s::timestamptz OR (name = %(placeholder)s AND name <> %(name)s))

-- name: upsert_settings
INSERT INTO employee_settings (employee_id, valid_from, hourly_wage, base_pct)
VALUES (%(employee_id)s, %(valid_from)s, %(hourly_wage)s, %(base_pct)s)
ON CONFLICT (employee_id, valid_from)
DO UPDATE SET hourly_wage = EXCLUDED.hourly_wage, base_pct = EXCLUDED.base_pct, changed_at = now()

-- name: insert_rate_version
INSERT INTO dynamic_rate_versions (version_id, valid_from) VALUES (%(version_id)s, %(valid_from)s)

-- name: insert_rate
INSERT INTO dynamic_rates (version_id, min_sales, max_sales, percentage)
VALUES (%(version_id)s, %(min_sales)s, %(max_sales)s, %(percentage)s)

-- name: upsert_rank
INSERT INTO ranks (rank_id, rank_name, emoji, rank_text) VALUES (%(rank_id)s, %(rank_name)s, %(emoji)s, %(rank_text)s)
ON CONFLICT (rank_id) DO UPDATE SET emoji = EXCLUDED.emoji, rank_text = EXCLUDED.rank_text

-- name: insert_rank_version
INSERT INTO rank_versions (version_id, valid_from) VALUES (%(version_id)s, %(valid_from)s)

-- name: insert_rank_range
INSERT INTO rank_ranges (version_id, rank_id, min_sales, max_sales)
VALUES (%(version_id)s, %(rank_id)s, %(min_sales)s, %(max_sales)s)

-- name: insert_rank_bonus
INSERT INTO rank_bonuses (version_id, rank_id, slot, bonus_type, value)
VALUES (%(version_id)s, %(rank_id)s, %(slot)s, %(bonus_type)s, %(value)s)

-- name: insert_product
INSERT INTO products (product_id, name, is_active) VALUES (%(product_id)s, %(name)s, %(is_active)s)

-- name: deactivate_product
UPDATE products SET is_active = false WHERE product_id = %(product_id)s

-- name: copy_shifts
COPY shifts (shift_id, status, shift_date, time_in, time_out, recorded_at, hourly_wage, base_pct, platform_cut_pct,
             dynamic_basis, rate_version_id, worked_seconds, worked_hours, total_sales, net_sales, dynamic_pct,
             commission_pct, total_per_hour, commissions, bonus_pay, total_made, employee_id, employee_name,
             note, is_imported, imported_difference) FROM STDIN

-- name: copy_shift_products
COPY shift_products (shift_id, product_id, amount) FROM STDIN

-- name: copy_imported_shifts
COPY imported_shifts (shift_id, worked_seconds, total_per_hour, total_sales, net_sales, commission_pct, is_pct_fixed,
                      commissions, paid_before, period_start, period_end, digest) FROM STDIN

-- name: forget_products
DELETE FROM shift_products WHERE shift_id = %(shift_id)s

-- name: forget_imported_shift
DELETE FROM imported_shifts WHERE shift_id = %(shift_id)s

-- name: update_shift
UPDATE shifts
   SET employee_id = %(employee_id)s, employee_name = %(employee_name)s, shift_date = %(shift_date)s,
       time_in = %(time_in)s, time_out = %(time_out)s, recorded_at = %(recorded_at)s, note = %(note)s,
       hourly_wage = %(hourly_wage)s, base_pct = %(base_pct)s, platform_cut_pct = %(platform_cut_pct)s,
       dynamic_basis = %(dynamic_basis)s, rate_version_id = %(rate_version_id)s, worked_seconds = %(worked_seconds)s,
       worked_hours = %(worked_hours)s, total_sales = %(total_sales)s, net_sales = %(net_sales)s,
       dynamic_pct = %(dynamic_pct)s, commission_pct = %(commission_pct)s, total_per_hour = %(total_per_hour)s,
       commissions = %(commissions)s, bonus_pay = %(bonus_pay)s, total_made = %(total_made)s,
       is_imported = %(is_imported)s, imported_difference = %(imported_difference)s
 WHERE shift_id = %(shift_id)s

-- name: copy_bonuses
COPY active_bonuses (bonus_id, employee_id, bonus_type, value, state, draw, earned_shift_id, shift_id, basis_net,
                     amount, created_at) FROM STDIN

-- name: update_bonus
UPDATE active_bonuses
   SET state = %(state)s, earned_shift_id = %(earned_shift_id)s, shift_id = %(shift_id)s, basis_net = %(basis_net)s,
       amount = %(amount)s, product_id = NULL, source_shift_id = NULL
 WHERE bonus_id = %(bonus_id)s

-- name: upsert_employee_rank
INSERT INTO employee_ranks (employee_id, year, month, current_rank_id, previous_rank_id, notified, last_updated)
VALUES (%(employee_id)s, %(year)s, %(month)s, %(rank_id)s, %(previous_rank_id)s, true, %(last_updated)s)
ON CONFLICT (employee_id, year, month)
DO UPDATE SET current_rank_id = EXCLUDED.current_rank_id, previous_rank_id = EXCLUDED.previous_rank_id,
              notified = true, last_updated = EXCLUDED.last_updated

-- name: copy_awards
COPY rank_awards (employee_id, rank_month, rank_id, is_drawn) FROM STDIN

-- name: copy_entries
COPY balance_transactions (id, sub, entry_no, direction, units, balance_after, period_start, period_end, ref, reason,
                           source_service) FROM STDIN

-- name: insert_audit
INSERT INTO audit_log (action, subject, new)
SELECT 'history imported', %(subject)s,
       %(new)s::jsonb || jsonb_build_object('witness', jsonb_build_object('terms', jsonb_object_agg(employee_id, terms)))
  FROM (SELECT employee_id,
               jsonb_agg(jsonb_build_array(to_char(valid_from, 'YYYY-MM-DD'), hourly_wage::text, base_pct::text)
                         ORDER BY valid_from) AS terms
          FROM employee_settings
         GROUP BY employee_id) t

-- name: set_sequences
-- Numbers go on behind those that were taken over.
SELECT setval('shifts_shift_id_seq', greatest((SELECT max(shift_id) FROM shifts), s.last_value),
              s.is_called OR EXISTS (SELECT FROM shifts)),
       setval('active_bonuses_bonus_id_seq',
              greatest((SELECT max(bonus_id) FROM active_bonuses), b.last_value),
              b.is_called OR EXISTS (SELECT FROM active_bonuses)),
       setval('products_product_id_seq', greatest((SELECT max(product_id) FROM products), 1)),
       setval('ranks_rank_id_seq', greatest((SELECT max(rank_id) FROM ranks), 1)),
       setval('dynamic_rate_versions_version_id_seq',
              greatest((SELECT max(version_id) FROM dynamic_rate_versions), 1)),
       setval('rank_versions_version_id_seq', greatest((SELECT max(version_id) FROM rank_versions), 1)),
       setval('balance_transactions_id_seq', greatest((SELECT max(id) FROM balance_transactions), t.last_value),
              t.is_called OR EXISTS (SELECT FROM balance_transactions))
  FROM shifts_shift_id_seq s, active_bonuses_bonus_id_seq b, balance_transactions_id_seq t
