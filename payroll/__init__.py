"""The centre: every rule by which people are paid, as pure functions over frozen records.

Imports the standard library only: no clock, no database, no Telegram. Money is `Decimal` US dollars, percentages are
percent points with two decimals, instants are aware datetimes in UTC, dates are dates of the business time zone.
"""
