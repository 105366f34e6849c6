"""A person's statement as a PDF that they and a tax adviser read at one look (SPEC 4.21)."""

from bot.words import Words
from payroll.business_time import BusinessZone
from payroll.statements import Statement


def render_statement_pdf(words: Words, zone: BusinessZone, statement: Statement) -> bytes:
    """The statement on A4. The same statement gives the same bytes; takes part of a second: not for the event loop."""
    # Late: 29 MiB that a bot whom nobody asks for a PDF need not take.
    from bot.documents.statement_pages import draw_statement

    return draw_statement(words, zone, statement)
