"""Drives the service and the model side by side, and compares everything after each step."""
