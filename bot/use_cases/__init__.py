"""What the bot can do, one transaction each. Roles and ownership are checked here."""
