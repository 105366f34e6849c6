"""Backups: made, kept, copied, restored, checked, and moved to another server."""
