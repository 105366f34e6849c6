"""What admins read about the mirror in Google Sheets."""

from collections.abc import Mapping
from typing import Any

from bot.words import LONGEST_ERROR, Html, Words, shorten
from payroll.business_time import BusinessZone
from repository.mirror import MirrorStanding


def render_mirror_line(words: Words, zone: BusinessZone, standing: MirrorStanding | None) -> Html | None:
    """The mirror in one line, for the admins' menu; None where there is none."""
    if standing is None:
        return None
    at = words.plain("mirror-never") if standing.whole_at is None else zone.format(standing.whole_at)
    if standing.failing_since is None:
        return words("mirror-up-to-date", at=at)
    return words(
        "mirror-behind",
        at=at,
        since=zone.format(standing.failing_since),
        error=shorten(standing.error or "", LONGEST_ERROR),
    )


def render_mirror_damage(words: Words, payload: Mapping[str, Any]) -> Html:
    """People changed tabs of the mirror: what is put back, and where theirs is kept."""
    lines = [_render_tab(words, **tab) for tab in payload["tabs"]]
    return words.lines([words("notice-mirror-damage"), "", *lines])


def render_mirror_failing(words: Words, payload: Mapping[str, Any]) -> Html:
    """The mirror has been failing for an hour."""
    return words("notice-mirror-failing", since=payload["since"], error=shorten(payload["error"], LONGEST_ERROR))


def render_mirror_stopped(words: Words, payload: Mapping[str, Any]) -> Html:
    """The spreadsheet is not this database's (TECH T25)."""
    return words("notice-mirror-stopped", error=shorten(payload["error"], LONGEST_ERROR))


def render_mirror_full(words: Words, payload: Mapping[str, Any]) -> Html:
    """The spreadsheet nears Google's limit."""
    return words("notice-mirror-full", percent=str(payload["percent"]))


def _render_tab(words: Words, title: str, what: str, kept: str | None) -> Html:
    if kept is None:
        return words(f"mirror-{what}", tab=title)
    return words(f"mirror-{what}-kept", tab=title, kept=kept)
