"""Every setting, read and checked in one place (SPEC 9, TECH T2, T5, T7, T8).

The only reader of the environment and of `.env` beside this file. The environment wins over `.env`; an empty value
counts as not set, in either, and an empty one in the environment hides that of `.env`. A file of the same form that
systemd hands over (`LoadCredential=env:…`) wins over `.env`. `Config.load()` checks
everything and names all that is wrong at once, never the value of a secret.
"""

import contextlib
import json
import os
import pwd
import re
import threading
import zoneinfo
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta, timezone, tzinfo
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from urllib.parse import unquote, urlsplit

from dotenv.parser import parse_stream

if TYPE_CHECKING:
    from own_postgres import Lease

HERE = Path(__file__).resolve().parent
ENV_FILE = HERE / ".env"
DATA_DIR = HERE / "data"
PLAYGROUND_DATABASE = "playground"
WEBHOOK_PATH = "/webhook"

T = TypeVar("T")

_UTC_MINUS_5 = timezone(timedelta(hours=-5), "UTC-05:00")
_PLAYGROUND_IS_SHUT_BY = ("BOT_TOKEN", "ADMIN_IDS", "DATABASE_URL", "POSTGRES_HOST", "NOTIFY_SOCKET")


@dataclass(frozen=True, slots=True)
class Address:
    """A host and a port to listen on."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


HEALTH_ADDRESS = Address("127.0.0.1", 8080)


class ConfigError(Exception):
    """Settings that cannot be used; the text has one sentence a line for each of `problems`."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class OwnServerError(ConfigError):
    """Our own PostgreSQL cannot be had now. The settings are right, so that another start may help."""


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one run."""

    data_dir: Path = DATA_DIR
    """DATA_DIR, absolute: where the project's own PostgreSQL and other files are."""
    bot_token: str | None = field(default=None, repr=False)
    """BOT_TOKEN; without one there is only the playground."""
    admin_ids: tuple[int, ...] = ()
    """ADMIN_IDS: Telegram ids of those who are admins from the start."""
    database: Mapping[str, Any] | None = field(default=None, repr=False, hash=False)
    """DATABASE_URL or POSTGRES_*: host, port, database, user, password and further libpq parameters; None: our own."""
    timezone: str = "America/New_York"
    """TIMEZONE: the name of the business zone."""
    is_fixed_utc_minus_5: bool = False
    """USE_FIXED_UTC_MINUS_5: UTC-5 all year in place of `timezone`."""
    products: tuple[str, ...] = ("Model A", "Model B", "Model C", "Model D")
    """PRODUCTS: what sales are booked on; read on the first start only (SPEC 3)."""
    commission_rate: Decimal = Decimal("0.20")
    """COMMISSION_RATE: the platform's cut, a fraction of 1 (SPEC 3.5)."""
    dynamic_rate_basis: Literal["day", "shift"] = "day"
    """DYNAMIC_RATE_BASIS: whose total sales find the dynamic rate (SPEC 3.6)."""
    pay_days: tuple[int, ...] = (1, 15)
    """PAY_DAYS: days of the month, ascending; other ones than before hold from the next pay period (PAYROLL D40)."""
    max_shift_hours: int = 24
    """MAX_SHIFT_HOURS (SPEC 3.4)."""
    earliest_shift: date | None = None
    """EARLIEST_SHIFT: the first date that a shift may have; None: a year before the day on which it is entered."""
    paid_day_off_hours: Decimal = Decimal(8)
    """PAID_DAY_OFF_HOURS: what a paid day off is worth (SPEC 3), unless an admin set it otherwise."""
    is_rank_lowered_by_refund: bool = False
    """REFUND_LOWERS_RANK (SPEC 4.20), unless an admin set it otherwise."""
    registration: Literal["approval", "open"] = "approval"
    """REGISTRATION: whether an unknown person must be let in by an admin (SPEC 4)."""
    telegram_api_url: str | None = None
    """TELEGRAM_API_URL: a self-hosted Bot API server, without a slash at the end."""
    log_level: str | None = None
    """LOG_LEVEL, as the module `logging` names it; None: `log_from` chooses."""
    playground_port: int = 8090
    """PLAYGROUND_PORT on 127.0.0.1."""
    health_listen: Address | Literal["off"] | None = None
    """HEALTH_LISTEN, or 0.0.0.0:$PORT as container hosts name it (TECH T8); None: neither is set."""
    webhook_url: str | None = None
    """WEBHOOK_URL: the public address at which Telegram delivers updates; None: the bot asks for them."""
    webhook_secret: str | None = field(default=None, repr=False)
    """WEBHOOK_SECRET: what Telegram sends along, so that nobody else can deliver updates."""
    google_sa_json: Mapping[str, Any] | None = field(default=None, repr=False, hash=False)
    """GOOGLE_SA_JSON: the key of a Google service account, as its JSON file has it."""
    spreadsheet_id: str | None = None
    """SPREADSHEET_ID: the spreadsheet that mirrors the database; None: there is no mirror (SPEC 8)."""
    sheets_backup_interval: int = 5
    """SHEETS_BACKUP_INTERVAL: minutes from one run of the mirror to the next."""
    sheets_emulator_host: Address | None = None
    """SHEETS_EMULATOR_HOST: a stand-in for Google Sheets, over plain HTTP and without credentials."""
    notify_socket: str | None = None
    """NOTIFY_SOCKET: where systemd listens; None: nobody does."""
    watchdog_seconds: float | None = None
    """WATCHDOG_USEC of systemd, in seconds: how long a silence it takes; None: any."""
    backup_dir: Path | None = None
    """BACKUP_DIR, absolute: where dumps are kept; None: beside the data."""
    backup_target: str | None = field(default=None, repr=False)
    """BACKUP_TARGET: where they are copied to, off the board: a directory, `rsync:…` or `restic:…`; None: nowhere."""
    backup_every: int = 60
    """BACKUP_EVERY: minutes from one dump to the next; 0: the bot makes none by itself."""
    program_settings: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)
    """Those that begin with RESTIC_, AWS_ or B2_: handed on to restic as they are, such as RESTIC_PASSWORD_FILE."""
    production_settings: tuple[str, ...] = ()
    """Those settings given that keep the playground shut (TECH T5)."""

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None, env_file: Path | None = ENV_FILE) -> "Config":
        """Read and check all settings; `environ` is the process's by default, `env_file` None reads no file.

        Raises ConfigError that names every problem.
        """
        reader = _Reader(environ, env_file)
        given = {name: reader.read(setting, parse) for name, (setting, parse) in _SETTINGS.items()}
        given["database"] = _read_database(reader)
        given["health_listen"] = given["health_listen"] or _read_port(reader)
        given["notify_socket"] = reader.find("NOTIFY_SOCKET")
        given["watchdog_seconds"] = reader.read("WATCHDOG_USEC", _parse_watchdog)
        _check_webhook(reader, given)
        _check_mirror(reader)
        given["program_settings"] = reader.list_starting(_FOR_RESTIC)
        given["production_settings"] = tuple(name for name in _PLAYGROUND_IS_SHUT_BY if reader.find(name) is not None)
        reader.raise_problems()
        return cls(**{name: value for name, value in given.items() if value is not None})

    @classmethod
    def get_db_params(cls) -> dict[str, Any]:
        """Host, port, database, user, password and any further libpq parameter of the configured database (TECH T7).

        With none configured, the project's own PostgreSQL is started if it does not run, and kept until this process
        ends. For `psycopg2.connect(**Config.get_db_params())`, as it is. Raises ConfigError, as OwnServerError where
        our own PostgreSQL cannot be had.
        """
        return cls.load().get_database_params()

    @classmethod
    def get_data_dir(cls, environ: Mapping[str, str] | None = None, env_file: Path | None = ENV_FILE) -> Path:
        """DATA_DIR alone, whatever else is wrong with the settings. Raises ConfigError."""
        reader = _Reader(environ, env_file)
        data_dir = reader.read("DATA_DIR", _parse_data_dir)
        reader.raise_problems()
        return data_dir or DATA_DIR

    @classmethod
    def get_owner_params(cls) -> dict[str, Any] | None:
        """DATABASE_OWNER_URL alone: the login that owns the tables, where it is another than the bot's (TECH T19).

        Whoever upgrades, restores or imports has it; the bot has not. Raises ConfigError.
        """
        reader = _Reader(None, ENV_FILE)
        params = reader.read(_OWNER, parse_database_url)
        reader.raise_problems()
        return params

    def get_database_params(self) -> dict[str, Any]:
        """As `get_db_params()`, for these settings."""
        if self.database is not None:
            return dict(self.database)
        return _lease_own(self.data_dir, None).params

    def get_playground_params(self) -> dict[str, Any]:
        """Connection parameters of the playground's database, always on the own PostgreSQL (TECH T5)."""
        return _lease_own(self.data_dir, PLAYGROUND_DATABASE).params

    def reset_playground(self) -> None:
        """Make the playground's database anew, empty; no other is touched.

        Raises OwnServerError where somebody works with it.
        """
        lease = _lease_own(self.data_dir, PLAYGROUND_DATABASE)
        with _telling_as_config_error():
            lease.make_anew()

    @property
    def log_from(self) -> str:
        """From which level on to log: the playground shows on its page what happens, and says nothing beside it."""
        return self.log_level or ("INFO" if self.bot_token is not None else "WARNING")

    @property
    def backup_directory(self) -> Path:
        """Where dumps are kept."""
        return self.backup_dir or self.data_dir / "backups"

    @property
    def zone(self) -> tzinfo:
        """The business time zone."""
        return _UTC_MINUS_5 if self.is_fixed_utc_minus_5 else zoneinfo.ZoneInfo(self.timezone)

    @property
    def health_address(self) -> Address | None:
        """Where to listen for `/health`, `/metrics` and the webhook; None: nowhere.

        127.0.0.1:8080 by default, but the playground listens only where HEALTH_LISTEN says so: it is there to be
        tried, and whatever else runs on the machine keeps its port.
        """
        if self.health_listen == "off":
            return None
        if self.health_listen is None and self.bot_token is not None:
            return HEALTH_ADDRESS
        return self.health_listen

    @property
    def is_playground(self) -> bool:
        """Whether a start without a token may open the playground: nothing says that this is a real bot (TECH T5)."""
        return not self.production_settings

    @property
    def playground_refusal(self) -> str | None:
        """Why the bot cannot start as set: no token, but settings of a real bot; None where it can."""
        if self.bot_token is not None or self.is_playground:
            return None
        given = " and ".join(self.production_settings)
        return (
            f"BOT_TOKEN is not set, but {given} is, so this is a real bot and no trial: set BOT_TOKEN to the token "
            "that @BotFather gave, or unset the other to open the playground"
        )


# --- the own PostgreSQL ----------------------------------------------------------------------------------------------

_leases: dict[tuple[Path, str | None], "Lease"] = {}
_leases_lock = threading.Lock()


def _lease_own(data_dir: Path, database: str | None) -> "Lease":
    """One lease a process and database, kept until the process ends; whoever asks again finds the server running."""
    import own_postgres  # late: a process with a database of its own needs none of it

    with _leases_lock, _telling_as_config_error():
        lease = _leases.get((data_dir, database))
        if lease is None:
            _forget_variables_of_libpq()
            lease = _leases[data_dir, database] = own_postgres.lease(data_dir, database or own_postgres.DATABASE)
        else:
            lease.ensure_running()
        return lease


def _forget_variables_of_libpq() -> None:
    """What PGHOSTADDR, PGOPTIONS and their like say is about somebody's server: not for ours, nor for what we start."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]


@contextlib.contextmanager
def _telling_as_config_error() -> Iterator[None]:
    import own_postgres

    try:
        yield
    except own_postgres.OwnPostgresError as error:
        raise OwnServerError([str(error)]) from error


def _forget_leases() -> None:
    """In a forked child: the leases are the parent's."""
    global _leases_lock
    _leases_lock = threading.Lock()
    _leases.clear()


os.register_at_fork(after_in_child=_forget_leases)


# --- reading ---------------------------------------------------------------------------------------------------------


class _Reader:
    """Settings by name, and what was found wrong with them on the way."""

    def __init__(self, environ: Mapping[str, str] | None, env_file: Path | None) -> None:
        self.problems: list[str] = []
        environ = os.environ if environ is None else environ
        values: dict[str, str] = {}
        for path in _list_files(env_file, environ):
            values.update(_read_env_file(path, self.problems))
        values.update(environ)
        self._values = {name: value.strip() for name, value in values.items() if value.strip()}

    def find(self, name: str) -> str | None:
        return self._values.get(name)

    def list_starting(self, beginnings: tuple[str, ...]) -> dict[str, str]:
        """Names and values, unchecked, of those that begin so."""
        return {name: value for name, value in self._values.items() if name.startswith(beginnings)}

    def read(self, name: str, parse: Callable[[str], T]) -> T | None:
        """The setting's value; None where it is not set, or not usable, which then is a problem more."""
        text = self.find(name)
        if text is None:
            return None
        try:
            return parse(text)
        except _InvalidError as error:
            self.problems.append(f"{name} {error}.")
            return None

    def raise_problems(self) -> None:
        if self.problems:
            raise ConfigError(self.problems)


class _InvalidError(ValueError):
    """Why a value cannot be used: the rest of a sentence that begins with the setting's name."""


def _refuse(value: str, allowed: str) -> _InvalidError:
    return _InvalidError(f"is {_show(value)}, but must be {allowed}")


def _show(value: str) -> str:
    """The value as it may be shown: short, and never what looks like a token or a password in the wrong place."""
    if re.search(r"\d{5,}:[\w-]{8,}|://[^/]*@", value):
        return "something that looks like a secret"
    return repr(value if len(value) <= 60 else value[:57] + "...")


def _list_files(env_file: Path | None, environ: Mapping[str, str]) -> Iterator[Path]:
    """The `.env`, then the one that systemd hands over as a credential: what is in there no /proc/PID/environ shows."""
    if env_file is not None:
        yield env_file
        if directory := environ.get("CREDENTIALS_DIRECTORY"):
            yield Path(directory) / "env"


def _read_env_file(path: Path, problems: list[str]) -> dict[str, str]:
    """Names and values as they stand in the file: a `${` in a password is no reference to another setting."""
    try:
        with path.open(encoding="utf-8-sig") as stream:
            lines = [line for line in parse_stream(stream) if line.error or line.key is not None]
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"{path} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8'}.")
        return {}
    broken = [line.original.line for line in lines if line.error or line.value is None]
    problems.extend(f"{path} has something on line {number} that is not NAME=value." for number in broken)
    given = {line.key: line.value for line in lines if line.key is not None and line.value is not None}
    problems.extend(_list_misspelt(given))
    return given


def read_settings(path: Path) -> dict[str, str]:
    """Names and values as they stand in a file of settings, unchecked; none where there is no file. ConfigError."""
    problems: list[str] = []
    settings = _read_env_file(path, problems)
    if problems:
        raise ConfigError(problems)
    return settings


def _list_misspelt(given: Iterable[str]) -> list[str]:
    """Names in the file that are no setting but nearly one: what they say would be ignored in silence."""
    known = [*(setting for setting, _ in _SETTINGS.values()), *_DATABASE_SETTINGS, _OWNER]
    near = {name: get_close_matches(name, known, n=1, cutoff=0.8) for name in given if name not in known}
    return [f"{name} is not a setting: {close[0]} is meant, it seems." for name, close in near.items() if close]


# --- one parser a kind of setting ------------------------------------------------------------------------------------


def _parse_data_dir(text: str) -> Path:
    try:
        path = HERE / Path(text).expanduser()
    except RuntimeError as error:
        raise _refuse(text, "a directory (whose home directory that is, is not known)") from error
    try:
        is_file = path.exists() and not path.is_dir()
    except PermissionError:
        is_file = False  # what we may not look into is told where it is used
    if is_file:
        raise _refuse(text, "a directory, and that is a file")
    return Path(os.path.normpath(path))


def parse_backup_target(text: str) -> str:
    """A directory as an absolute path, `rsync:PLACE` or `restic:REPOSITORY` as it is. Raises ValueError."""
    program, colon, place = text.partition(":")
    if colon and program in ("rsync", "restic"):
        if not place.strip() or place.startswith("-"):
            raise _InvalidError(f"names no place behind {program}:, such as {program}:user@host:/backups")
        return text
    return str(_parse_data_dir(text))


def _parse_token(text: str) -> str:
    if not re.fullmatch(r"\d+:\S+", text):
        raise _InvalidError(
            "(not shown) is no bot token: it must be as @BotFather gives it, digits, a colon and letters"
        )
    return text


def _parse_admin_ids(text: str) -> tuple[int, ...]:
    return tuple(dict.fromkeys(_parse_numbers(text, 1, 2**53, "Telegram ids (whole numbers above 0), comma-separated")))


def _parse_pay_days(text: str) -> tuple[int, ...]:
    allowed = "days of the month from 1 to 31, ascending and comma-separated, such as 1,15"
    days = tuple(_parse_numbers(text, 1, 31, allowed))
    if list(days) != sorted(set(days)):
        raise _refuse(text, allowed)
    return days


def _parse_numbers(text: str, lowest: int, highest: int, allowed: str) -> Iterator[int]:
    for part in text.split(","):
        if not re.fullmatch(r"[0-9]{1,18}", part.strip()) or not lowest <= int(part) <= highest:
            raise _refuse(text, allowed)
        yield int(part)


def _parse_whole(lowest: int, highest: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not lowest <= int(text) <= highest:
            raise _refuse(text, f"a whole number from {lowest} to {highest}")
        return int(text)

    return parse


def _parse_choice(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        found = next((choice for choice in choices if choice.lower() == text.lower()), None)
        if found is None:
            raise _refuse(text, " or ".join((", ".join(choices[:-1]), choices[-1])))
        return found

    return parse


def _parse_flag(text: str) -> bool:
    if text.lower() not in (*_YES, *_NO):
        raise _refuse(text, "true or false")
    return text.lower() in _YES


def _parse_timezone(text: str) -> str:
    try:
        zoneinfo.ZoneInfo(text)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise _refuse(text, "the name of a time zone, such as America/New_York") from error
    return text


# What a shift's record calls its other fields: a product of that name could not be read.
RECORD_FIELDS = frozenset(
    {
        "ID", "Date", "EmployeeId", "EmployeeName", "Clock in", "Clock out", "Worked hours/shift", "Total sales",
        "Net sales", "%", "Total per hour", "Commissions", "Total made", "Note",
        "shift_id", "recorded_at", "employee_id", "employee_name", "time_in", "time_out", "worked_hours", "total_sales",
        "net_sales", "commission_pct", "total_per_hour", "commissions", "total_made", "shift_date", "note", "products",
    }
)  # fmt: skip


def _parse_products(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(","))
    if any(not name or len(name) > 40 or not name.isprintable() for name in names):
        raise _refuse(text, "names of 1 to 40 characters, comma-separated")
    if len({name.casefold() for name in names}) < len(names):
        raise _refuse(text, "names that are all different, comma-separated")
    if taken := sorted(RECORD_FIELDS.intersection(names)):
        raise _refuse(text, f"names that are no field of a shift; {taken[0]} is one")
    return names


def _parse_fraction(text: str) -> Decimal:
    if not re.fullmatch(r"[0-9]+(\.[0-9]{1,4})?", text) or Decimal(text) > 1:
        raise _refuse(text, "a fraction from 0 to 1 with at most four decimals, such as 0.20 for 20 %")
    return Decimal(text)


def _parse_date(text: str) -> date:
    allowed = "a date from 2000-01-01 to 2100-12-31, written like that"
    try:
        day = date.fromisoformat(text.replace("/", "-"))
    except ValueError as error:
        raise _refuse(text, allowed) from error
    if not 2000 <= day.year <= 2100:
        raise _refuse(text, allowed)
    return day


def _parse_hours(text: str) -> Decimal:
    if not re.fullmatch(r"[0-9]{1,2}(\.[0-9]{1,2})?", text) or not Decimal("0.25") <= Decimal(text) <= 24:
        raise _refuse(text, "hours from 0.25 to 24, such as 8 or 7.5")
    return Decimal(text)


def _parse_api_url(text: str) -> str:
    allowed = "the address of a Bot API server, such as http://localhost:8081"
    try:
        url = urlsplit(text)
        is_address = url.scheme in ("http", "https") and bool(url.hostname) and url.port != 0
    except ValueError as error:
        raise _refuse(text, allowed) from error
    if not is_address or url.query or url.fragment or re.search(r"\s", text):
        raise _refuse(text, allowed)
    return text.rstrip("/")


def _parse_listen(text: str) -> Address | Literal["off"]:
    allowed = "a host and a port such as 127.0.0.1:8080, or off"
    if text.lower() == "off":
        return "off"
    match = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):([0-9]{1,5})", text)
    if match is None or not 1 <= int(match[2]) <= 65535:
        raise _refuse(text, allowed)
    return Address(match[1].strip("[]"), int(match[2]))


def _parse_webhook_url(text: str) -> str:
    allowed = f"an https address that ends in {WEBHOOK_PATH}, such as https://bot.example.org{WEBHOOK_PATH}"
    try:
        url = urlsplit(text)
        is_address = url.scheme == "https" and bool(url.hostname) and url.port != 0 and url.username is None
    except ValueError as error:
        raise _refuse(text, allowed) from error
    if not is_address or not url.path.endswith(WEBHOOK_PATH) or url.query or url.fragment or re.search(r"\s", text):
        raise _refuse(text, allowed)
    return text


def _parse_webhook_secret(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", text):
        raise _InvalidError("(not shown) must be 1 to 256 of the characters A-Z a-z 0-9 _ -")
    return text


def _parse_watchdog(text: str) -> float:
    if not re.fullmatch(r"[1-9][0-9]{0,15}", text):
        raise _refuse(text, "a whole number of microseconds, as systemd gives it")
    return int(text) / 1_000_000


def _parse_address(text: str) -> Address:
    address = _parse_listen(text)
    if not isinstance(address, Address):
        raise _refuse(text, "a host and a port such as 127.0.0.1:9000")
    return address


def _parse_service_account(text: str) -> Mapping[str, Any]:
    """The key from a file, or the JSON itself; neither is ever shown."""
    where = "(not shown)"
    if not text.startswith("{"):
        where = f"names {_show(text)}, which"
        try:
            text = (HERE / Path(text).expanduser()).read_text(encoding="utf-8")
        except (OSError, RuntimeError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is no text"
            raise _InvalidError(f"{where} cannot be read: {reason}") from error
    try:
        key = json.loads(text)
    except ValueError as error:
        raise _InvalidError(f"{where} is no JSON: give the key file that Google Cloud made, as it is") from error
    if not isinstance(key, dict) or not {"client_email", "private_key", "token_uri"} <= key.keys():
        raise _InvalidError(
            f"{where} is no service account's key: make one under IAM & Admin, Service Accounts, Keys in Google Cloud"
        )
    return key


def _parse_spreadsheet_id(text: str) -> str:
    address = r"(?:https://docs\.google\.com/spreadsheets/(?:u/\d+/)?d/)?"
    match = re.fullmatch(address + r"([A-Za-z0-9_-]{10,})(?:[/?#].*)?", text)
    if match is None:
        raise _refuse(text, "the ID of a Google spreadsheet, or its address as the browser shows it")
    return match[1]


def _check_mirror(reader: _Reader) -> None:
    has_access = any(reader.find(name) is not None for name in ("GOOGLE_SA_JSON", "SHEETS_EMULATOR_HOST"))
    if reader.find("SPREADSHEET_ID") is not None and not has_access:
        reader.problems.append(
            "SPREADSHEET_ID is set without GOOGLE_SA_JSON: set it to the key file of a Google service account that the "
            "spreadsheet is shared with."
        )


_YES = ("true", "1", "yes", "on")
_NO = ("false", "0", "no", "off")
_FOR_RESTIC = ("RESTIC_", "AWS_", "B2_")
_TELEGRAM_PORTS = (443, 80, 88, 8443)

# Field of Config -> the setting and what reads it. The database, of which several settings tell, is read apart.
_SETTINGS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "data_dir": ("DATA_DIR", _parse_data_dir),
    "bot_token": ("BOT_TOKEN", _parse_token),
    "admin_ids": ("ADMIN_IDS", _parse_admin_ids),
    "timezone": ("TIMEZONE", _parse_timezone),
    "is_fixed_utc_minus_5": ("USE_FIXED_UTC_MINUS_5", _parse_flag),
    "products": ("PRODUCTS", _parse_products),
    "commission_rate": ("COMMISSION_RATE", _parse_fraction),
    "dynamic_rate_basis": ("DYNAMIC_RATE_BASIS", _parse_choice("day", "shift")),
    "pay_days": ("PAY_DAYS", _parse_pay_days),
    "max_shift_hours": ("MAX_SHIFT_HOURS", _parse_whole(1, 24)),
    "earliest_shift": ("EARLIEST_SHIFT", _parse_date),
    "paid_day_off_hours": ("PAID_DAY_OFF_HOURS", _parse_hours),
    "is_rank_lowered_by_refund": ("REFUND_LOWERS_RANK", _parse_flag),
    "registration": ("REGISTRATION", _parse_choice("approval", "open")),
    "telegram_api_url": ("TELEGRAM_API_URL", _parse_api_url),
    "log_level": ("LOG_LEVEL", _parse_choice("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")),
    "playground_port": ("PLAYGROUND_PORT", _parse_whole(1, 65535)),
    "health_listen": ("HEALTH_LISTEN", _parse_listen),
    "google_sa_json": ("GOOGLE_SA_JSON", _parse_service_account),
    "spreadsheet_id": ("SPREADSHEET_ID", _parse_spreadsheet_id),
    "sheets_backup_interval": ("SHEETS_BACKUP_INTERVAL", _parse_whole(1, 1440)),
    "sheets_emulator_host": ("SHEETS_EMULATOR_HOST", _parse_address),
    "backup_dir": ("BACKUP_DIR", _parse_data_dir),
    "backup_target": ("BACKUP_TARGET", parse_backup_target),
    "backup_every": ("BACKUP_EVERY", _parse_whole(0, 10080)),
    "webhook_url": ("WEBHOOK_URL", _parse_webhook_url),
    "webhook_secret": ("WEBHOOK_SECRET", _parse_webhook_secret),
}


def _read_port(reader: _Reader) -> Address | None:
    """All addresses of the machine with the port of PORT, which is how a container host says where it looks.

    A playground takes no notice: PORT means much, and only the page of the playground may be open, on 127.0.0.1.
    """
    port = reader.read("PORT", _parse_whole(1, 65535)) if reader.find("BOT_TOKEN") is not None else None
    # Nobody but the host reaches the inside of a container.
    return Address("0.0.0.0", port) if port is not None else None  # noqa: S104  # nosec B104


def _check_webhook(reader: _Reader, given: Mapping[str, Any]) -> None:
    """What must be set together. The port is Telegram's rule; a Bot API server of one's own has none."""
    url, secret = reader.find("WEBHOOK_URL"), reader.find("WEBHOOK_SECRET")
    if url is not None and secret is None:
        reader.problems.append("WEBHOOK_URL is set without WEBHOOK_SECRET, so anybody could make up updates.")
    if url is None and secret is not None:
        reader.problems.append("WEBHOOK_SECRET is set without WEBHOOK_URL, which says where Telegram delivers.")
    if url is not None and given["health_listen"] == "off":
        reader.problems.append("WEBHOOK_URL is set, but HEALTH_LISTEN is off, so nothing would listen for updates.")
    port = urlsplit(given["webhook_url"] or "").port
    if reader.find("TELEGRAM_API_URL") is None and port not in (None, *_TELEGRAM_PORTS):
        allowed = ", ".join(str(one) for one in _TELEGRAM_PORTS)
        reader.problems.append(f"WEBHOOK_URL has the port {port}, but Telegram delivers only to {allowed}.")


# --- the database ----------------------------------------------------------------------------------------------------

_DATABASE_SETTINGS = (
    "DATABASE_URL", "POSTGRES_HOST", "POSTGRES_PORT", "POSTGRES_DB", "POSTGRES_USER", "POSTGRES_PASSWORD",
)  # fmt: skip
_OWNER = "DATABASE_OWNER_URL"
_SOCKET_HOST = "/var/run/postgresql"  # where the server of the same machine listens on Debian
_URL_FORM = (
    "it must look like postgresql://user:password@host:5432/name?sslmode=require, special characters of the password "
    "written as %XX (the value is not shown, because it may hold a password)"
)
# What may follow the `?` of a DATABASE_URL: the parameters of libpq 15 to 18.
_LIBPQ_PARAMETERS = frozenset(
    """
    host hostaddr port dbname user password passfile require_auth channel_binding connect_timeout client_encoding
    options application_name fallback_application_name keepalives keepalives_idle keepalives_interval keepalives_count
    tcp_user_timeout replication gssencmode sslmode requiressl sslnegotiation sslcompression sslcert sslkey
    sslkeylogfile sslpassword sslcertmode sslrootcert sslcrl sslcrldir sslsni requirepeer ssl_min_protocol_version
    ssl_max_protocol_version min_protocol_version max_protocol_version krbsrvname gsslib gssdelegation
    scram_client_key scram_server_key service target_session_attrs load_balance_hosts oauth_issuer oauth_client_id
    oauth_client_secret oauth_scope
    """.split()  # noqa: SIM905 - a name a line would be a page
)


def _read_database(reader: _Reader) -> dict[str, Any] | None:
    """Connection parameters from DATABASE_URL or POSTGRES_*; None where neither is set: the own PostgreSQL."""
    if reader.find("DATABASE_URL") is None:
        return _read_postgres_settings(reader)
    if reader.find("POSTGRES_HOST") is not None:
        reader.problems.append("DATABASE_URL and POSTGRES_HOST are both set, but only one can name the database.")
    return reader.read("DATABASE_URL", parse_database_url)


def _read_postgres_settings(reader: _Reader) -> dict[str, Any] | None:
    others = [name for name in ("PORT", "DB", "USER", "PASSWORD") if reader.find(f"POSTGRES_{name}") is not None]
    if reader.find("POSTGRES_HOST") is None:
        reader.problems.extend(
            f"POSTGRES_{name} is set without POSTGRES_HOST, which names the server." for name in others
        )
        return None
    return {
        "host": reader.find("POSTGRES_HOST"),
        "port": reader.read("POSTGRES_PORT", _parse_whole(1, 65535)) or 5432,
        "database": reader.find("POSTGRES_DB") or "shiftbot",
        "user": reader.find("POSTGRES_USER") or "shiftbot",
        "password": reader.find("POSTGRES_PASSWORD") or "",
    }


def parse_database_url(text: str) -> dict[str, Any]:
    """Connection parameters of a `postgresql://` address, as libpq reads it.

    Without a host it is the socket of the same machine, without a user the account that runs this, without a
    database the one named as the user. Raises ValueError, whose text shows no part of the address.
    """
    scheme, _, rest = text.partition("://")
    if scheme not in ("postgresql", "postgres"):
        raise _InvalidError(f"is no PostgreSQL address: {_URL_FORM}")
    place, _, query = rest.partition("?")
    authority, _, database = place.partition("/")
    login, _, hosts = authority.rpartition("@")
    user, _, password = login.partition(":")
    host, port = _parse_hosts(hosts)
    given = {"host": host, "port": port, "user": user, "password": password, "dbname": database}
    params: dict[str, Any] = {name: _decode(value) for name, value in given.items() if value}
    params.update(_parse_query(query))
    params["database"] = params.pop("dbname", None) or params.get("user") or _account_name()
    params["port"] = _parse_ports(params.get("port") or "5432")
    return {"host": params.get("hostaddr", _SOCKET_HOST), "user": _account_name(), "password": "", **params}


def _parse_hosts(text: str) -> tuple[str, str]:
    """Hosts and ports of `a:1,b:2,[::1]:3`, each comma-separated as libpq takes them."""
    matches = [re.fullmatch(r"(\[[^\]]*\]|[^:\[\]]*)(?::([^:]*))?", part) for part in text.split(",")]
    found = [match for match in matches if match is not None]
    if len(found) < len(matches):
        raise _InvalidError(f"has a host that cannot be read: {_URL_FORM}")
    ports = [match[2] or "" for match in found]
    return ",".join(match[1].strip("[]") for match in found), ",".join(ports) if any(ports) else ""


def _parse_ports(text: str) -> int | str:
    """The port, or what libpq takes for several hosts: `5432,5433`."""
    for port in text.split(","):
        if port and not (re.fullmatch(r"[0-9]{1,5}", port) and 1 <= int(port) <= 65535):
            raise _InvalidError(f"has a port that is no number from 1 to 65535: {_URL_FORM}")
    return int(text) if text.isdigit() else text


def _parse_query(query: str) -> dict[str, str]:
    params = {}
    for pair in filter(None, query.split("&")):
        name, equals, value = pair.partition("=")
        if (name, value) == ("ssl", "true"):  # as JDBC writes it; libpq takes it too
            name, value = "sslmode", "require"
        if not equals or name not in _LIBPQ_PARAMETERS:
            raise _InvalidError(
                f"has something behind the ? that is no connection parameter of PostgreSQL: {_URL_FORM}"
            )
        params[name] = _decode(value)
    return params


def _decode(text: str) -> str:
    if re.search(r"%(?![0-9A-Fa-f]{2})|%00", text):
        raise _InvalidError(f"has a % that is not followed by two hexadecimal digits: {_URL_FORM}")
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError as error:
        raise _InvalidError(f"has %XX that are not UTF-8: {_URL_FORM}") from error


def _account_name() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return "postgres"
