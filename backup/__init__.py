"""Backups of the database: make, keep, copy off the board, restore, check by restoring, move to another server.

A backup is three files: the dump as `pg_dump -Fc` writes it, beside it `….json` with figures of the same snapshot, and
`….sha256` in the form of `sha256sum`. Nothing of it stands under its name before it is whole.
"""
