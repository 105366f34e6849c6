"""Databases of every earlier schema version with data in them, and upgrades that are killed."""
