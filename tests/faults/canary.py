"""Secrets and amounts that stand out, and the check that none of them is in a log (FAULTS "The token stands in …").

A fault run starts its bot with these, pays somebody the canary wage, and hands everything that was logged to
`assert_clean`.
"""

import re
from decimal import Decimal
from itertools import chain
from urllib.parse import quote

CANARY_TOKEN = "4242424242:AAcanaryCANARYcanaryCANARYcanary1234"
CANARY_PASSWORD = "c4n4ry-p4ssw0rd"
CANARY_WEBHOOK_SECRET = "c4n4ry_webhook-s3cret"
CANARY_NAME = "Zerafina Quillfeather"
CANARY_NOTE = "between you and me, the zebra limps"

CANARY_WAGE = Decimal("4177.31")
"""USD an hour."""
CANARY_SALES = Decimal("733.19")
CANARY_NET = Decimal("586.55")
"""The sales less a cut of 20 %."""
CANARY_PAY = Decimal("33418.48")
"""For 8 hours."""
AMOUNTS = (CANARY_WAGE, CANARY_SALES, CANARY_NET, CANARY_PAY)

_SECRETS = (CANARY_TOKEN, CANARY_TOKEN.partition(":")[2], CANARY_PASSWORD, CANARY_WEBHOOK_SECRET)
_TEXTS = (*CANARY_NAME.split(), CANARY_NOTE)


def _spell_amount(amount: Decimal) -> str:
    """A pattern for `33418.48`, `33,418.48`, `33 418,48`; not inside of a longer number."""
    whole, _, cents = str(amount).partition(".")
    thousands = re.sub(r"(?<=\d)(?=(\d{3})+$)", "[, \u00a0\u202f]?", whole)
    return rf"(?<![\d.]){thousands}[.,]{cents}(?!\d)"


_CANARIES = re.compile(
    "|".join(
        chain(
            (re.escape(spelling) for secret in _SECRETS for spelling in {secret, quote(secret, safe="")}),
            (re.escape(text) for text in _TEXTS),
            map(_spell_amount, AMOUNTS),
        )
    ),
    re.IGNORECASE,
)


def find_canaries(log_text: str) -> list[str]:
    """The lines of a log that hold a secret, a name, a text or an amount of the above."""
    return [line for line in log_text.splitlines() if _CANARIES.search(line)]


_FORGOTTEN = ("was never retrieved", "was never awaited", "was destroyed but it is pending")
"""What asyncio says of an error that nobody looked at."""


def assert_clean(log_text: str) -> None:
    """No line holds one, and none tells of an error that nobody looked at. Raises AssertionError with the first few."""
    found = find_canaries(log_text)
    found += [line for line in log_text.splitlines() if any(text in line for text in _FORGOTTEN)]
    assert not found, f"{len(found)} lines tell what they must not, such as: {found[:3]}"
