"""What a long file is drawn from: the same figures give the same file in another process, which stays small."""

import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from bot.documents.orders import STATEMENT_FILES, draw_order, write_order
from tests.documents.made import WORDS, ZONE, make_full_statement

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("ending", STATEMENT_FILES)
def test_a_file_that_is_drawn_from_an_order_is_the_one_that_is_drawn_here(ending: str) -> None:
    statement = make_full_statement()
    order = write_order(WORDS, ZONE, statement, ending)
    assert draw_order(order) == STATEMENT_FILES[ending](WORDS, ZONE, statement)


@pytest.mark.parametrize("order", [b"", b"no order", zlib.compress(b'{"language": "en", "ending": "pdf"}')])
def test_what_is_no_order_is_refused(order: bytes) -> None:
    with pytest.raises((ValueError, zlib.error)):
        draw_order(order)


def test_what_draws_does_not_load_the_library_for_telegram_which_takes_seconds() -> None:
    check = "import sys, bot.documents.orders, bot.documents.statement_pages; sys.exit('aiogram' in sys.modules)"
    subprocess.run([sys.executable, "-c", check], cwd=ROOT, check=True)
