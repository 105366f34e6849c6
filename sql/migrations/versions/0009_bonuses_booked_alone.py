"""Bonuses that no shift carries: days off, what is credited at leaving. What each is for: sql/schema.sql."""

from alembic import op

revision = "0009"
down_revision = "0008"

DDL = """
ALTER TABLE active_bonuses
    ADD COLUMN is_credited boolean NOT NULL DEFAULT false,
    ADD COLUMN day_off_date date,
    ADD COLUMN seen_at timestamptz,
    DROP CONSTRAINT active_bonuses_state_shift_id_check,
    DROP CONSTRAINT active_bonuses_state_amount_check,
    ADD CONSTRAINT active_bonuses_state_shift_id_check CHECK (CASE
        WHEN bonus_type IN ('paid_day_off', 'telegram_premium') OR is_credited THEN shift_id IS NULL
        ELSE (state = 'applied') = (shift_id IS NOT NULL)
    END),
    ADD CONSTRAINT active_bonuses_state_amount_check CHECK (
        (amount IS NOT NULL)
        = (state = 'applied' AND (is_credited OR bonus_type IN ('flat', 'percent_prev', 'percent_all')))
    ),
    ADD CONSTRAINT active_bonuses_is_credited_check
        CHECK (NOT is_credited OR (state = 'applied' AND bonus_type IN ('flat', 'paid_day_off'))),
    ADD CONSTRAINT active_bonuses_day_off_date_check
        CHECK (day_off_date IS NULL OR (bonus_type = 'paid_day_off' AND state <> 'void')),
    ADD CONSTRAINT active_bonuses_seen_at_check
        CHECK (seen_at IS NULL OR (bonus_type = 'telegram_premium' AND state = 'applied'));
CREATE UNIQUE INDEX active_bonuses_employee_id_day_off_date_key ON active_bonuses (employee_id, day_off_date)
    WHERE day_off_date IS NOT NULL;
"""


def upgrade() -> None:
    """Add them."""
    op.execute(DDL)
