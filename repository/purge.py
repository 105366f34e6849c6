"""What has served its purpose and goes: handled updates, sent messages, dialogues that are over, old reports."""

from datetime import timedelta

from repository.database import Database
from repository.rules import Rules

UPDATES_KEPT = timedelta(days=6)
"""Telegram repeats an update for a day at most, and counts anew after a week without any."""
MESSAGES_KEPT = timedelta(days=7)
DRAFTS_KEPT = timedelta(days=30)
REPORTS_KEPT = timedelta(days=60)


class Purge:
    """The door for what cleans up. What an admin has yet to decide about stays."""

    def __init__(self, database: Database, rules: Rules) -> None:
        self._database = database
        self._rules = rules

    def run(self) -> int:
        """Delete what is old enough; how many rows went."""
        now = self._rules.clock()
        with self._database.transaction():
            return sum(
                self._database.execute(query, {"before": now - kept})
                for query, kept in (
                    ("purge_inbox", UPDATES_KEPT),
                    ("purge_outbox", MESSAGES_KEPT),
                    ("purge_drafts", DRAFTS_KEPT),
                    ("purge_reconciliations", REPORTS_KEPT),
                    ("purge_due_work", REPORTS_KEPT),
                )
            )
