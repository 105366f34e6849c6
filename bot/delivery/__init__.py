"""The one place that calls the Bot API."""
