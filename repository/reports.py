"""Reports by person, product and day, and the month's leaderboard (SPEC 4.25, PAYROLL D21)."""

from datetime import date

from payroll.reports import DayTotals, PersonTotals, Place, ProductTotals, rank_places
from repository.database import Database


class Reports:
    """The door to reports. Dates are shift dates, the last one included."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list_people(self, since: date, until: date) -> list[PersonTotals]:
        """Everybody with a shift in these dates, by name."""
        rows = self._database.fetch_all("report_people", {"since": since, "until": until})
        return [PersonTotals(*row) for row in rows]

    def list_days(self, since: date, until: date) -> list[DayTotals]:
        """Every date with a shift, in order."""
        return [DayTotals(*row) for row in self._database.fetch_all("report_days", {"since": since, "until": until})]

    def list_products(self, since: date, until: date) -> list[ProductTotals]:
        """Every product that was sold in these dates, in product order."""
        rows = self._database.fetch_all("report_products", {"since": since, "until": until})
        return [ProductTotals(*row) for row in rows]

    def list_leaderboard(self, month: date) -> list[Place]:
        """Everybody with sales in a month, given by its first day, most first."""
        rows = self._database.fetch_all("select_leaderboard", {"month": month})
        return rank_places([(row[0], row[1], row[2]) for row in rows])
