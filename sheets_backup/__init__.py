"""The mirror of the database in a Google Sheet, and the way back from it (SPEC 8, TECH T23 to T26)."""
