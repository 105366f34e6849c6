"""Every screen there is, opened on a database at its extremes."""
