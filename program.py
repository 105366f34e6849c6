"""How each program of this project begins and ends."""

import io
import signal
import sys
from collections.abc import Callable
from typing import NoReturn


class _Terminated(KeyboardInterrupt):
    """Somebody sent SIGTERM."""


def run(main: Callable[[], int | None]) -> NoReturn:
    r"""Run a program's `main` and end with the exit status that it gives; None: 0.

    What it has done it can tell, whatever the terminal or the file is made for: a character that has no place there is
    spelled out, as in \u0416. Told to end by SIGTERM it ends as by Ctrl-C, so that a server of ours and what was
    written for the time being go with it.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    signal.signal(signal.SIGTERM, _end)
    try:
        status = main()
    except _Terminated:
        status = 128 + signal.SIGTERM
    except KeyboardInterrupt:
        status = 128 + signal.SIGINT
    sys.exit(status)


def _end(_number: int, _frame: object) -> None:
    raise _Terminated
