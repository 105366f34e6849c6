"""`python -m sheets_backup` as somebody calls it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from postgres_service import PostgresService
from tests.databases import fetch_all
from tests.fake_sheets.server import Fault
from tests.sheets.mirrors import Mirror
from tests.sheets.shifts import record

ROOT = Path(__file__).resolve().parents[2]


def call(mirror: Mirror, *arguments: str, **settings: str) -> tuple[int, str, str]:
    """Exit status, what was said, and what was complained about."""
    params = mirror.params
    environ = {
        **os.environ,
        "POSTGRES_HOST": params["host"],
        "POSTGRES_PORT": str(params["port"]),
        "POSTGRES_DB": params["database"],
        "POSTGRES_USER": params["user"],
        "POSTGRES_PASSWORD": params["password"],
        "SPREADSHEET_ID": mirror.book.spreadsheet_id,
        "SHEETS_EMULATOR_HOST": mirror.fake.host,
        **settings,
    }
    command = [sys.executable, "-m", "sheets_backup", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout, done.stderr


def test_a_run_says_what_it_did_and_the_sheet_can_be_verified(mirror: Mirror, service: PostgresService) -> None:
    record(service, Model_A="100")
    status, said, complained = call(mirror)
    assert (status, complained) == (0, "")
    assert "rows written with" in said
    assert mirror.book.get_sheet("Shifts").get(1, 3) == "Anna"
    status, said, complained = call(mirror, "--verify")
    assert (status, complained) == (0, "")
    assert "cells compared, 0 differ." in said


def test_what_people_did_is_said_too(mirror: Mirror, service: PostgresService) -> None:
    record(service, Model_A="100")
    mirror.run_well()
    mirror.book.get_sheet("Shifts").put(1, 3, "somebody else")
    status, said, _ = call(mirror)
    assert status == 0
    assert "Shifts was not as it was written and is put back." in said
    assert "What was there is kept in the tab Shifts (kept " in said


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"SPREADSHEET_ID": ""}, "SPREADSHEET_ID is not set: "),
        ({"SHEETS_EMULATOR_HOST": ""}, "SPREADSHEET_ID is set without GOOGLE_SA_JSON: "),
        ({"GOOGLE_SA_JSON": "/nowhere/key.json"}, "GOOGLE_SA_JSON names '/nowhere/key.json', which cannot be read: "),
        ({"POSTGRES_HOST": "127.0.0.1", "POSTGRES_PORT": "1"}, "database: "),
    ],
)
def test_what_is_missing_is_one_sentence(mirror: Mirror, settings: dict[str, str], told: str) -> None:
    status, said, complained = call(mirror, **settings)
    assert (status, said) == (1, "")
    assert complained.startswith(told)
    assert complained.count("\n") == 1


def test_no_access_is_one_sentence_and_a_failed_run_in_the_log(mirror: Mirror) -> None:
    mirror.fake.standing = lambda _: Fault.FORBIDDEN
    status, _, complained = call(mirror)
    assert status == 1
    assert "share it with the address" in complained
    assert complained.count("\n") == 1
    assert fetch_all(mirror.params, "SELECT status FROM sync_log") == [("failed",)]
