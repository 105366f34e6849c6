"""Statements and reports as files to keep and to hand on: PDF, XLSX and CSV (SPEC 4.21, 4.25)."""
