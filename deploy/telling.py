"""How the commands of deploy/ that make or move a dump tell install.sh where it is, or its reader what went wrong."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from backup.errors import BackupError, telling_errors
from backup.log import describe
from config import ConfigError
from payroll.errors import UnavailableError


def tell_path(make: Callable[[], Path]) -> int:
    """Print the path that `make` gives, or on standard error the sentence of what it raises; the exit status."""
    try:
        with telling_errors():
            path = make()
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except (BackupError, UnavailableError) as error:
        sys.stderr.write(f"{describe(error)}\n")
        return 1
    sys.stdout.buffer.write(os.fsencode(path) + b"\n")
    return 0
