"""What a rate is made of, in words: for chats and for papers, which are drawn without any of Telegram's types."""

from bot.views.amounts import format_pct
from bot.words import Html, Words
from payroll.explain import RateParts


def spell_rate(words: Words, parts: RateParts) -> Html:
    """What a rate is made of: `8.0% base + 2.0% dynamic`, doubled and with bonus points where there are any."""
    base = words("rate-parts", base=format_pct(parts.base_pct), dynamic=format_pct(parts.dynamic_pct))
    if parts.is_doubled:
        base = words("rate-doubled", parts=base)
    if parts.extra_pct:
        base = words("rate-extra", parts=base, extra=format_pct(parts.extra_pct))
    return base
