"""How this program is called where it stands: in a checkout by `make`, installed by `shift-bot`."""

from pathlib import Path
from typing import Literal

HERE = Path(__file__).resolve().parent
_MAKE = {"backup": "make backup", "doctor": "make doctor", "mirror": ".venv/bin/python -m sheets_backup"}
_ARGUMENTS = {"backup": "-m backup make --now", "doctor": "doctor.py", "mirror": "-m sheets_backup"}


def name_command(what: Literal["backup", "doctor", "mirror"], here: Path = HERE) -> str:
    """The command that people are told to type: to make a backup, to look whether all is well, to mirror.

    Where there is a Makefile, that; below `releases/` as deploy/install.sh puts it, the command `shift-bot`; anywhere
    else, such as in a container, Python itself.
    """
    if (here / "Makefile").exists():
        return _MAKE[what]
    is_installed = here.parent.name == "releases" and (here.parent.parent / "current").is_symlink()
    return f"{'sudo shift-bot' if is_installed else 'python'} {_ARGUMENTS[what]}"
