"""`python -m deploy.settings list|write FILE`: settings of the environment into the settings' file of the service.

Those that `.env.example` names and the environment gives are put into the file, in place of what stands there. All are
checked together before anything is written. `list` prints the names of those that would change, and no value ever.
"""

import contextlib
import os
import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from config import HERE, Config, ConfigError, read_settings

OF_THE_MACHINE = ("DATA_DIR",)
"""What the units say, whatever stands in the environment of whoever installs."""
_NAMED = re.compile(r"^#?([A-Z][A-Z0-9_]+)=", re.MULTILINE)
_PLAIN = re.compile(r"[A-Za-z0-9_.,:/@%+=?&*-]+")
_HEAD = "# Settings of the shift bot; all that there are, with their meaning: /opt/shift-bot/current/.env.example\n"


def list_known() -> list[str]:
    """The names of all settings that may stand in the file."""
    names = dict.fromkeys(_NAMED.findall((HERE / ".env.example").read_text(encoding="utf-8")))
    return [name for name in names if name not in OF_THE_MACHINE]


def find_changes(path: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """What the environment gives and the file does not have so. Raises ConfigError."""
    there = read_settings(path)
    given = {name: environ.get(name, "").strip() for name in list_known()}
    return {name: value for name, value in given.items() if value and there.get(name) != value}


def write(path: Path, changes: Mapping[str, str]) -> None:
    """Put the changes into the file, whole or not at all; its other lines stay as they are."""
    text = path.read_text(encoding="utf-8") if path.exists() else _HEAD
    for name, value in changes.items():
        text = _put(text, name, value)
    with contextlib.ExitStack() as unless_whole:
        made = unless_whole.enter_context(
            tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=".env-", encoding="utf-8", delete=False)
        )
        unless_whole.callback(Path(made.name).unlink, missing_ok=True)
        made.write(text)
        made.flush()
        os.fsync(made.fileno())
        if path.exists():
            os.chown(made.name, path.stat().st_uid, path.stat().st_gid)
        Path(made.name).replace(path)


def _put(text: str, name: str, value: str) -> str:
    line = f"{name}={_quote(value)}"
    found = re.compile(rf"^[ \t]*(?:export[ \t]+)?{name}[ \t]*=.*$", re.MULTILINE)
    if found.search(text):
        return found.sub(lambda _: line, text)
    return f"{text.rstrip()}\n{line}\n"


def _quote(value: str) -> str:
    if _PLAIN.fullmatch(value):
        return value
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def main(arguments: Sequence[str]) -> int:
    """The exit status: 1 where settings cannot be used, each named in a sentence."""
    what, path = arguments[0], Path(arguments[1])
    try:
        changes = find_changes(path, os.environ)
        _check(path, changes)
        if what == "write":
            write(path, changes)
        else:
            sys.stdout.write(" ".join(changes) + "\n")
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _check(path: Path, changes: Mapping[str, str]) -> None:
    """Whether the bot could start so. Raises ConfigError."""
    there = read_settings(path)
    config = Config.load({**there, **changes}, env_file=None)
    if config.bot_token is None:
        raise ConfigError(["BOT_TOKEN is not set: the token that @BotFather gave."])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
