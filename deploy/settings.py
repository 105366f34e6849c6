"""`python -m deploy.settings list|write|places FILE`: settings of the environment into the service's settings' file.

Those that `.env.example` names and the environment gives are put into the file, in place of what stands there. All are
checked together before anything is written. `list` prints the names of those that would change, and no value ever;
`places` what a unit has to say so that backups can be written where the settings want them; nothing where it need not.
"""

import contextlib
import io
import os
import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from dotenv.parser import parse_stream

from config import HERE, Config, ConfigError, read_settings
from program import run

OF_THE_MACHINE = ("DATA_DIR",)
"""What the units say, whatever stands in the environment of whoever installs."""
STATE = Path("/var/lib/shift-bot")
"""Where the services may write in any case."""
HIDDEN = (Path("/home"), Path("/root"), Path("/run/user"))
"""What the services cannot see (ProtectHome)."""
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
    """In place of the setting as the bot's own reader finds it, which may go over several lines."""
    line = f"{name}={_quote(value)}\n"
    bindings = list(parse_stream(io.StringIO(text)))
    if not any(binding.key == name for binding in bindings):
        return f"{text.rstrip()}\n{line}"
    return "".join(
        _take_blank_lines(binding.original.string) + line if binding.key == name else binding.original.string
        for binding in bindings
    )


def _take_blank_lines(text: str) -> str:
    return "\n" * text[: len(text) - len(text.lstrip())].count("\n")


def _quote(value: str) -> str:
    if _PLAIN.fullmatch(value):
        return value
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def main(arguments: Sequence[str]) -> int:
    """The exit status: 1 where settings cannot be used, each named in a sentence."""
    what, path = arguments[0], Path(arguments[1])
    try:
        changes = find_changes(path, os.environ)
        config = _check(path, changes)
        if what == "places":
            sys.stdout.write(render_places(config))
        elif what == "write":
            write(path, changes)
        else:
            sys.stdout.write(" ".join(changes) + "\n")
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _check(path: Path, changes: Mapping[str, str]) -> Config:
    """The settings, where the bot could start so. Raises ConfigError."""
    settings = {**read_settings(path), **changes}
    config = Config.load({**settings, "DATA_DIR": str(STATE)}, env_file=None)
    if config.bot_token is None:
        raise ConfigError(["BOT_TOKEN is not set: the token that @BotFather gave."])
    places = find_places(config)
    if problems := [f"{name} {told}" for name in places if (told := _find_problem(places[name], settings[name]))]:
        raise ConfigError(problems)
    return config


def find_places(config: Config) -> dict[str, Path]:
    """Where backups go on this machine, by the setting that says so; none of a place that is reached by network."""
    places = {} if config.backup_dir is None else {"BACKUP_DIR": config.backup_dir}
    program, _, place = (config.backup_target or "").partition(":")
    local = place.removeprefix("local:") if program in ("rsync", "restic") else config.backup_target or ""
    if local.startswith("/"):
        places["BACKUP_TARGET"] = Path(os.path.normpath(local))
    return places


def _find_problem(place: Path, given: str) -> str | None:
    """What keeps the services from it, as the rest of a sentence."""
    if not given.strip().startswith(("/", "rsync:", "restic:")):
        return f"is {given!r}, but must be a path that begins with a /."
    if any(place.resolve().is_relative_to(hidden) for hidden in HIDDEN):
        return (
            f"is {place}, which the services cannot see: take a place that is not in /home, /root or /run/user, such "
            "as a disk in /mnt."
        )
    return None


def render_places(config: Config) -> str:
    """What lets the services write there, for a unit of systemd; empty where the state directory is all they need."""
    places = sorted({place for place in find_places(config).values() if not place.is_relative_to(STATE)})
    if not places:
        return ""
    return "[Service]\nReadWritePaths=" + " ".join(_quote_for_systemd(f"-{place}") for place in places) + "\n"


def _quote_for_systemd(text: str) -> str:
    """As one word: `%` begins a specifier there, a backslash an escape."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%") + '"'


if __name__ == "__main__":
    run(lambda: main(sys.argv[1:]))
