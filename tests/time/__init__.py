"""Time and money against the calendar and against PostgreSQL: what the short tests and the long ones share."""
