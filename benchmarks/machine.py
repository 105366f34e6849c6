"""What it was measured on, without a path or a host's name."""

import importlib.metadata
import os
import platform
from pathlib import Path

from psycopg import Connection

_GIB = 1024**3
_LIBRARIES = ("psycopg", "psycopg-pool", "psycopg2-binary")


def describe_machine(connection: "Connection[tuple[object, ...]]") -> dict[str, str]:
    """Processor, cores, memory, system and versions, in words."""
    (version,) = connection.execute("SHOW server_version").fetchall()[0]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _GIB
    return {
        "Processor": f"{_get_processor()}, {os.cpu_count()} cores",
        "Memory": f"{memory:.0f} GiB",
        "System": f"{platform.freedesktop_os_release()['PRETTY_NAME']}, {platform.machine()}",
        "Python": platform.python_version(),
        "PostgreSQL": f"{version}, over {_get_way(connection)}, with its own settings (durable)",
        **{name: importlib.metadata.version(name) for name in _LIBRARIES},
    }


def _get_processor() -> str:
    """x86 names its processor, a Raspberry Pi its board."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() in ("model name", "Model"):
            return value.strip()
    return platform.machine()


def _get_way(connection: "Connection[tuple[object, ...]]") -> str:
    return "a Unix socket" if connection.info.host.startswith("/") else "TCP"
