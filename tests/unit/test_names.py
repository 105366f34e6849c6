"""Names as they come in: whatever somebody calls themselves can be kept, shown and sent."""

import pytest

from payroll.names import LONGEST_NAME, NAMELESS, tidy_name
from tests.hostile.texts import list_texts


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        pytest.param("Alice", "Alice", id="an ordinary name"),
        pytest.param("  Alice B  ", "Alice B", id="spaces around it"),
        pytest.param("Анна Ґ", "Анна Ґ", id="any letters"),
        pytest.param("عمر", "عمر", id="right to left"),
        pytest.param("<3 <b>&amp;", "<3 <b>&amp;", id="markup is only text"),
        pytest.param("👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦", id="an emoji of several"),
        pytest.param("Al\x00ice\ud800", "Alice", id="NUL and half a character"),
        pytest.param("Al\nice\tB", "Al ice B", id="one line"),
        pytest.param("A" * 300, "A" * LONGEST_NAME, id="cut"),
        pytest.param("", NAMELESS, id="nothing"),
        pytest.param(" \x00\udc80 ", NAMELESS, id="nothing that can be kept"),
        pytest.param("\u200b\u2066\u3000", NAMELESS, id="nothing that can be seen"),
        pytest.param("\u3164", NAMELESS, id="a letter that is blank"),
        pytest.param("\u2800\u3164 \uffa0", NAMELESS, id="nothing but blanks of many kinds"),
        pytest.param("\u0301\u0301", NAMELESS, id="marks over nothing"),
        pytest.param("\u3164Ann", "\u3164Ann", id="a blank before a name"),
    ],
)
def test_a_name_is_tidied(name: str, kept: str) -> None:
    assert tidy_name(name) == kept


def test_any_name_can_be_kept_and_tidying_it_again_changes_nothing() -> None:
    for name in list_texts(3, 2_000):
        tidied = tidy_name(name)
        assert tidied.encode()
        assert "\x00" not in tidied
        assert 0 < len(tidied) <= LONGEST_NAME
        assert tidy_name(tidied) == tidied
