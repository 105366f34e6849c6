"""What the command has to say is said on any terminal: by then everything is committed."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence

import pytest

from config import HERE
from tests.bot.processes import describe_database
from tests.migration.conftest import Office
from tests.migration.sample_sheet import Cell
from tests.migration.small_sheet import make_small_tabs, put


@pytest.mark.parametrize("encoding", ["latin-1", "ascii:strict"])
def test_a_terminal_without_cyrillic_and_quotation_marks_gets_the_whole_report(
    office: Office, as_csv: Callable[[Mapping[str, Sequence[Sequence[Cell]]]], str], encoding: str
) -> None:
    source = as_csv(put(make_small_tabs(), "Shifts", 2, "Model A", "сто"))
    command = [sys.executable, "migrate_to_postgres.py", "--source", source, "--owed-from", "2025-09-01"]
    environ = {**os.environ, **describe_database(office.params), "PYTHONIOENCODING": encoding}
    done = subprocess.run(
        [*command, "--execute", "--skip-invalid"], cwd=HERE, env=environ, capture_output=True, check=False
    )
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)
    assert rb"\u201c\u0441\u0442\u043e\u201d" in done.stdout
    assert office.fetch("SELECT count(*) FROM shifts") == [(2,)]
