"""The pay days as the settings have them (PAYROLL D40)."""

from datetime import date

from payroll.pay_periods import PayDays, PayPeriod, compute_open_period, compute_pay_period
from payroll.settings import DEFINITIONS, SettingKey
from repository.database import Database
from repository.rules import Rules


class PayDayBook:
    """The pay days that hold, and those that will.

    A change holds from tomorrow at the earliest. So what was read earlier on the same business date is right for every
    day up to today, in every process; only days to come need it read anew.
    """

    def __init__(self, database: Database, rules: Rules) -> None:
        self._database = database
        self._rules = rules
        self._known: tuple[date, PayDays] | None = None

    def get(self) -> PayDays:
        """For days up to today: read once a business date."""
        today = self._rules.today()
        known = self._known
        if known is None or known[0] != today:
            known = self._known = (today, self.read())
        return known[1]

    def find_period(self, day: date) -> PayPeriod:
        """The period that holds a day."""
        return compute_pay_period(day, self.get() if day <= self._rules.today() else self.read())

    def find_open_period(self, closed_until: date | None) -> PayPeriod:
        """The open period of a person whose books are closed up to a day (PAYROLL D30)."""
        today = self._rules.today()
        is_ahead = closed_until is not None and closed_until >= today
        return compute_open_period(today, closed_until, self.read() if is_ahead else self.get())

    def read(self) -> PayDays:
        """For any day: as the database has them now."""
        row = self._database.fetch_one("select_setting", {"key": SettingKey.PAY_DAYS})
        return PayDays.parse(row[0] if row else DEFINITIONS[SettingKey.PAY_DAYS].default)
