"""What a number format says of a number: whether it is shown as a percentage, and of what (SPEC 7)."""

import re
from decimal import Decimal

_HUNDRED = Decimal(100)
# Colours, conditions and currencies in brackets; what stands for a gap or fills the cell.
_NO_TEXT = re.compile(r"\[[^\]]*\]|[_*].")
_LITERAL = re.compile(r'"([^"]*)"|\\(.)')


def apply_percent_format(number: float | Decimal, pattern: str) -> str | None:
    """A number as its cell shows it where that is a percentage, None where it is none.

    Example: 0.08 as `0.00%` is 8%, 8 as `0.00"%"` is 8% too: there the sign is text beside the number.
    """
    bare = _NO_TEXT.sub("", pattern)
    signs = _LITERAL.sub("", bare.split(";")[0]).count("%")
    literals = "".join("".join(pair) for pair in _LITERAL.findall(bare.split(";")[0]))
    if not signs and "%" not in literals:
        return None
    exact = Decimal(repr(number)) if isinstance(number, float) else Decimal(number)
    return f"{exact * _HUNDRED**signs:f}%"
