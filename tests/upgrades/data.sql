-- What a database of each schema version has in it: the rows of version 1, and with each later one what came with it.

-- version: 1
INSERT INTO employees (employee_id, sub, telegram_id, name, role, status, left_date, language, created_at) VALUES
    (100, '00000000-0000-4000-8000-000000000100', 100, 'Alice', 'employee', 'active', NULL, 'en', '2025-11-01 12:00Z'),
    (200, '00000000-0000-4000-8000-000000000200', 200, 'Дмитро', 'employee', 'left', '2025-11-30', NULL, '2025-11-01 12:00Z'),
    (900, '00000000-0000-4000-8000-000000000900', 900, 'Olga', 'owner', 'active', NULL, 'en', '2025-11-01 12:00Z');
INSERT INTO employee_settings (employee_id, valid_from, hourly_wage, base_pct, changed_by, changed_at) VALUES
    (100, '0001-01-01', 15.00, 8.00, NULL, '2025-11-01 12:00Z'), (100, '2025-12-01', 16.50, 9.00, 900, '2025-11-20 12:00Z'),
    (200, '0001-01-01', 15.00, 8.00, NULL, '2025-11-01 12:00Z');
INSERT INTO shifts (shift_id, employee_id, employee_name, status, shift_date, time_in, time_out, recorded_at, note, request_id,
    hourly_wage, base_pct, platform_cut_pct, dynamic_basis, rate_version_id, worked_seconds, worked_hours, total_sales,
    net_sales, dynamic_pct, commission_pct, total_per_hour, commissions, bonus_pay, total_made, created_at) VALUES
    (1, 100, 'Alice', 'recorded', '2025-11-10', '2025-11-10 14:00Z', '2025-11-10 22:00Z', '2025-11-10 22:05Z', 'a note', 'r1',
        15.00, 8.00, 20.00, 'day', 1, 28800, 8.00, 500.00, 400.00, 2.00, 10.00, 120.00, 40.00, 10.00, 170.00, '2025-11-10 22:05Z'),
    (2, 200, 'Дмитро', 'recorded', '2025-11-11', '2025-11-11 14:00Z', '2025-11-11 18:00Z', '2025-11-11 18:05Z', NULL, NULL,
        15.00, 8.00, 20.00, 'day', 1, 14400, 4.00, 0.00, 0.00, 0.00, 8.00, 60.00, 0.00, 0.00, 60.00, '2025-11-11 18:05Z'),
    (3, 100, 'Alice', 'deleted', '2025-11-12', '2025-11-12 14:00Z', '2025-11-12 15:00Z', '2025-11-12 15:05Z', NULL, NULL,
        15.00, 8.00, 20.00, 'shift', 1, 3600, 1.00, 0.00, 0.00, 0.00, 8.00, 15.00, 0.00, 0.00, 15.00, '2025-11-12 15:05Z');
INSERT INTO shifts (shift_id, employee_id, employee_name, status, shift_date, time_in, created_at) VALUES
    (4, 100, 'Alice', 'running', '2025-12-20', '2025-12-20 14:00Z', '2025-12-20 14:00Z');
-- A year that was mistyped, in a period of its own that is long closed by now.
INSERT INTO shifts (shift_id, employee_id, employee_name, status, shift_date, time_in, time_out, recorded_at, hourly_wage, base_pct,
    platform_cut_pct, dynamic_basis, rate_version_id, worked_seconds, worked_hours, total_sales, net_sales, dynamic_pct,
    commission_pct, total_per_hour, commissions, bonus_pay, total_made, created_at) VALUES
    (6, 200, 'Дмитро', 'recorded', '1926-11-10', '1926-11-10 14:00Z', '1926-11-10 18:00Z', '2025-11-11 18:06Z', 15.00, 8.00, 20.00,
        'day', 1, 14400, 4.00, 0.00, 0.00, 0.00, 8.00, 60.00, 0.00, 0.00, 60.00, '2025-11-11 18:06Z'),
    -- At a wage that was set otherwise since, and in a business zone that was another.
    (8, 200, 'Дмитро', 'recorded', '2025-11-13', '2025-11-12 22:00Z', '2025-11-13 02:00Z', '2025-11-13 02:06Z', 14.00, 7.00, 20.00,
        'day', 1, 14400, 4.00, 0.00, 0.00, 0.00, 7.00, 56.00, 0.00, 0.00, 56.00, '2025-11-13 02:06Z');
INSERT INTO shift_products VALUES (1, 1, 300.00), (1, 2, 200.00);
INSERT INTO active_bonuses (bonus_id, employee_id, bonus_type, value, state, draw, rank_id, rank_month, shift_id, amount, voided_by,
    created_at) VALUES
    (1, 100, 'flat', 10.00, 'applied', 7, 1, '2025-11-01', 1, 10.00, NULL, '2025-11-09 12:00Z'),
    (2, 100, 'percent_next', 1.00, 'pending', 8, NULL, NULL, NULL, NULL, NULL, '2025-11-12 12:00Z'),
    (3, 200, 'double_commission', NULL, 'void', 9, NULL, NULL, NULL, NULL, 'leaving', '2025-11-12 12:00Z'),
    (4, 200, 'telegram_premium', NULL, 'applied', 10, NULL, NULL, NULL, NULL, NULL, '2025-11-12 12:00Z');
INSERT INTO employee_ranks VALUES (100, 2025, 11, 1, NULL, true, '2025-11-10 22:05Z');
INSERT INTO rank_awards VALUES (100, '2025-11-01', 1, true, 1, '2025-11-09 12:00Z');
INSERT INTO balance_transactions (id, sub, entry_no, direction, units, balance_after, period_start, period_end, ref, reason,
    source_service, created_at) VALUES
    (1, '00000000-0000-4000-8000-000000000100', 1, 'credit', 170.00, 170.00, '2025-11-01', '2025-11-14', 'shift:1',
        'shift recorded', 'bot', '2025-11-10 22:05Z'),
    (2, '00000000-0000-4000-8000-000000000200', 1, 'credit', 60.00, 60.00, '2025-11-01', '2025-11-14', 'shift:2',
        'shift recorded', 'bot', '2025-11-11 18:05Z');
INSERT INTO audit_log (id, at, actor_id, action, subject, old, new, reason) VALUES
    (1, '2025-11-20 12:00Z', 900, 'wage', 'employee:100', '{"wage": "15.00"}', '{"wage": "16.50"}', 'raise');
ALTER SEQUENCE audit_log_id_seq RESTART 2;
INSERT INTO sync_log (id, sync_type, direction, status, error, started_at, finished_at) VALUES
    (1, 'full', 'push', 'failed', 'no key', '2025-11-20 12:00Z', '2025-11-20 12:01Z');
INSERT INTO notices (notice_id, employee_id, kind, payload, created_at, sent_at, failed_at, error) VALUES
    (1, 100, 'rank_up', '{"rank_id": 1}', '2025-11-10 22:05Z', '2025-11-10 22:06Z', NULL, NULL),
    (2, 200, 'rank_up', '{"rank_id": 1}', '2025-11-11 22:05Z', NULL, '2025-11-11 22:06Z', NULL),
    (3, 900, 'join_request', '{}', '2025-11-12 22:05Z', NULL, NULL, NULL);
INSERT INTO join_requests (request_id, telegram_id, name, state, created_at, decided_by, decided_at) VALUES
    ('q1', 300, 'Carol', 'open', '2025-11-12 22:05Z', NULL, NULL),
    ('q2', 200, 'Дмитро', 'approved', '2025-11-01 11:00Z', 900, '2025-11-01 12:00Z');
INSERT INTO invites VALUES ('i1', '\x000102030405060708090a0b0c0d0e0f', 900, '2025-11-01 11:00Z', '2025-11-02 11:00Z', 100,
    '2025-11-01 12:00Z');
INSERT INTO drafts (draft_id, employee_id, kind, step, data, revision, created_at, updated_at) VALUES
    ('d1', 100, 'shift', 'amount', '{"products": {"1": "20.00"}}', 3, '2025-12-20 14:00Z', '2025-12-20 14:10Z');
INSERT INTO chat_screens VALUES (100, 55, '2025-12-20 14:10Z');

-- version: 2
INSERT INTO inbox (update_id, sender_id, payload, state, error, received_at, done_at) VALUES
    (11, 100, '{"update_id": 11}', 'waiting', NULL, '2025-12-20 14:10Z', NULL),
    (12, 100, '{"update_id": 12}', 'dead', 'cannot be read', '2025-12-20 14:10Z', '2025-12-20 14:11Z');
INSERT INTO outbox (chat_id, kind, payload, photo, created_at) VALUES (100, 'screen', '{"text": "hello"}', '\x89', '2025-12-20 14:10Z');
UPDATE employees SET unreachable_since = '2025-12-01 12:00Z', unreachable_reason = 'blocked' WHERE employee_id = 200;
UPDATE shifts SET request_digest = 'abc' WHERE shift_id = 1;

-- version: 3
INSERT INTO due_work (kind, period, state, attempts, error, created_at, done_at) VALUES
    ('purge', '2025-12-19', 'done', 0, NULL, '2025-12-20 05:00Z', '2025-12-20 05:01Z'),
    ('reconcile', '2025-12-20T13Z', 'waiting', 2, 'no room', '2025-12-20 14:00Z', NULL);
INSERT INTO reconciliations (started_at, finished_at, checked, differences) VALUES
    ('2025-12-20 13:00Z', '2025-12-20 13:01Z', '{"shifts": 3}', '[{"what": "pay"}]');

-- version: 4
UPDATE mirror_state SET spreadsheet_id = 'sheet', needs_full = false, checked_title = 'Shifts', checked_row = 7;
INSERT INTO mirror_tabs (title, sheet_id, headers, is_rebuilt) VALUES ('Shifts', 5, '{ID,Date}', true);
INSERT INTO mirror_rows (title, row_key, row_no, digest, pending) VALUES ('Shifts', '1', 2, 123, NULL), ('Shifts', '2', 3, 0, 4);
INSERT INTO sync_outbox (table_name, row_key, created_at) VALUES ('shifts', '2', '2025-12-20 14:00Z');

-- version: 5
INSERT INTO shifts (shift_id, employee_id, employee_name, status, shift_date, time_in, time_out, recorded_at, hourly_wage, base_pct,
    platform_cut_pct, dynamic_basis, rate_version_id, worked_seconds, worked_hours, total_sales, net_sales, dynamic_pct,
    commission_pct, total_per_hour, commissions, bonus_pay, total_made, created_at, is_imported, imported_difference) VALUES
    (5, 100, 'Alice', 'recorded', '2025-11-02', '2025-11-02 15:00Z', '2025-11-04 15:00Z', '2025-11-04 15:05Z', 15.00, 108.00, 20.00,
        'day', 1, 172800, 48.00, 0.00, 0.00, 0.00, 108.00, 720.00, 0.00, 0.00, 719.00, '2025-11-12 15:05Z', true, -1.00);
INSERT INTO imported_shifts (shift_id, worked_seconds, total_per_hour, total_sales, net_sales, commission_pct, is_pct_fixed, commissions,
    digest, imported_at) VALUES (5, 172800, 720.00, 0.00, 0.00, 108.00, false, 0.00, 'x', '2025-12-20 12:00Z');

-- version: 6
INSERT INTO pay_periods (employee_id, start_date, end_date, missing) VALUES (100, '2025-11-15', '2025-11-30', 'the 20th');
INSERT INTO pay_periods (employee_id, start_date, end_date, confirmed_at, confirmed_digest) VALUES
    (200, '2025-11-01', '2025-11-14', '2025-11-15 12:00Z', 'y');
UPDATE pay_periods SET state = 'closed', closing_no = 1, opening_balance = 0, closing_balance = 60, closed_at = '2025-11-15 13:00Z',
    closed_by = 900 WHERE employee_id = 200;
INSERT INTO shift_versions (shift_id, employee_id, period_start, closing_no, content, reason, xid, created_at) VALUES
    (2, 200, '2025-11-01', 1, '{"net_sales": "0.00"}', 'rank', 0, '2025-11-16 12:00Z');
UPDATE pay_periods SET state = 'paid', paid_at = '2025-11-16 13:00Z', paid_units = 60 WHERE employee_id = 200;

-- version: 7
INSERT INTO correction_requests (correction_id, employee_id, kind, shift_id, products, reason, state, requested_by, requested_at) VALUES
    (1, 200, 'edit', 2, '{"1": "20.00"}', 'forgot one', 'open', 200, '2025-11-17 12:00Z');
INSERT INTO refunds (refund_id, employee_id, shift_id, product_id, amount, units, lowers_rank, reason, made_by, made_at) VALUES
    (1, 100, 1, 2, 50.00, 4.00, false, 'returned', 900, '2025-11-17 12:00Z');

-- version: 8
INSERT INTO settings (key, category, value, type, default_value, changed_by, changed_at) VALUES
    ('paid_day_off_hours', 'pay', '7.5', 'amount', '8', 900, '2025-12-01 12:00Z');

-- version: 9
INSERT INTO active_bonuses (bonus_id, employee_id, bonus_type, value, state, draw, amount, created_at, is_credited, day_off_date) VALUES
    (5, 100, 'paid_day_off', NULL, 'applied', 11, 120.00, '2025-12-01 12:00Z', true, '2025-12-02');

-- version: 10
INSERT INTO questions (question_id, employee_id, shift_id, state, taken_by) VALUES (1, 100, 1, 'active', 900);
INSERT INTO question_messages (message_no, question_id, author_id, message, created_at) VALUES (1, 1, 100, 'why?', '2025-12-20 12:00Z');
INSERT INTO question_events (event_no, question_id, state, actor_id, created_at) VALUES (1, 1, 'requested', 100, '2025-12-20 12:00Z'),
    (2, 1, 'active', 900, '2025-12-20 12:05Z');

-- version: 11
INSERT INTO backup_runs (kind, status, file_name, size_bytes, started_at, finished_at) VALUES
    ('made', 'ok', 'shiftbot-00000000-20251220T120000Z.dump', 1000, '2025-12-20 12:00Z', '2025-12-20 12:01Z');

-- version: 12
INSERT INTO shifts (shift_id, employee_id, employee_name, status, shift_date, time_in, created_at, is_date_kept) VALUES
    (7, 100, 'Alice', 'deleted', '1999-11-20', '1999-11-20 14:00Z', '2025-12-20 14:00Z', true);

-- version: 13
INSERT INTO employee_settings (employee_id, valid_from, hourly_wage, base_pct, changed_at) VALUES
    (200, '2026-01-01', 0, 20.00, '2025-12-20 12:00Z');

-- version: 14
INSERT INTO audit_log (id, at, actor_id, action, subject, new, reason) VALUES
    (90, '2025-12-20 15:00Z', 900, 'bonus granted', 'bonus:4', '{"bonus": "flat_10"}', 'a hard night');

-- version: 15
INSERT INTO audit_log (id, at, actor_id, action, subject, new) VALUES
    (500, '2025-12-21 12:00Z', 900, 'role changed', 'employee:100', '{"role": "manager"}');

-- version: 16
INSERT INTO sync_outbox (outbox_no, table_name, row_key, created_at) VALUES (900, 'employees', '100', '2025-12-21 12:00Z');

-- version: 17
INSERT INTO shift_versions (shift_id, employee_id, period_start, closing_no, content, reason, xid, created_at) VALUES
    (2, 200, '2025-11-01', 1, '{"net_sales": "0.00"}', 'refund', 0, '2025-12-22 12:00Z');

-- version: 18
INSERT INTO due_work (kind, period, state, created_at, done_at, doubted_at) VALUES
    ('day-summary', '2025-12-24', 'done', '2025-12-25 14:00Z', '2025-12-25 14:00Z', '2025-12-22 14:00Z');
