"""`python -m bot.documents.drawing`: draws one file and ends. The bot starts it for a file that is long.

On its input come the length of an order, a line's end and the order; the input then stays open as long as the bot
lives. The file goes to its output. It has neither the bot's settings nor a way to the database.
"""

import contextlib
import os
import resource
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType

from program import run

MOST_MEMORY = 512 * 1024 * 1024
"""Bytes; a statement of 2,000 shifts takes half of them at most."""
_NICER = 5
_FIRST_TO_GO = "1000"


def main() -> None:
    """Draw what the input orders."""
    sys.excepthook = _tell
    _stand_back()
    order = sys.stdin.buffer.read(int(sys.stdin.buffer.readline()))
    threading.Thread(target=_end_with_the_bot, daemon=True).start()
    from bot.documents.orders import draw_order  # late: only now does this process make way for the others

    sys.stdout.buffer.write(draw_order(order))


def _stand_back() -> None:
    """Everybody's answers come first, and where memory runs out this process goes first; as far as the system lets."""
    with contextlib.suppress(OSError):
        os.nice(_NICER)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_GO, encoding="ascii")


def _end_with_the_bot() -> None:
    """However the bot ends, also when it is killed, nobody waits for the file any more: it is drawn anew."""
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


def _tell(kind: type[BaseException], _error: BaseException, trace: TracebackType | None) -> None:
    """What went wrong and where, in a line without a word of the file."""
    *_, last = ["-", *(f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(trace))]
    sys.stderr.write(f"{kind.__name__} at {last}\n")


if __name__ == "__main__":
    run(main)
