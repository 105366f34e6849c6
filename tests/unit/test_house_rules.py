"""House rules that a linter cannot say: who imports whom, no float in payroll, one clock, two guards, no marks left."""

import ast
import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Beginnings of dotted names. The standard library and a package's own modules are always allowed.
PAYROLL_RECORDS = (
    "payroll.adjustments",
    "payroll.audit",
    "payroll.correction_requests",
    "payroll.errors",
    "payroll.held_bonuses",
    "payroll.offers",
    "payroll.pay_periods.PayPeriod",
    "payroll.people",
    "payroll.periods",
    "payroll.products",
    "payroll.questions",
    "payroll.rank_tables",
    "payroll.records",
    "payroll.refunds",
    "payroll.reports",
    "payroll.repricing",
    "payroll.settings",
    "payroll.shifts",
    "payroll.staff",
    "payroll.standing",
    "payroll.statements",
    "payroll.tables.RateStep",
)
SHOWN_AS_IT_IS = (
    *PAYROLL_RECORDS,
    "payroll.amounts.format_amount",
    "payroll.business_time.BusinessZone",
    "payroll.business_time.format_clock",
    "payroll.business_time.format_date",
    "payroll.explain",
    "payroll.money.ZERO",
    "payroll.periods",
    "payroll.ranks.NoticeKind",
    "payroll.ranks.RankNotice",
    "payroll.reconciliation.Difference",
    "payroll.reconciliation.Report",
    "payroll.reports",
    "payroll.statements",
)
ANYTHING = ("",)
MAY_IMPORT: Mapping[str, tuple[str, ...]] = {
    "payroll": (),
    "own_cluster": (),
    "own_postgres": (
        "own_cluster",
        "program.run",
    ),
    "config": ("own_postgres", "dotenv"),
    "sql": ("alembic", "sqlalchemy", "psycopg"),
    "repository": ("psycopg", "psycopg_pool", "sql", "payroll", "config"),
    "postgres_service": ("psycopg", "psycopg_pool", "sql", "payroll", "config", "repository"),
    "pg_schema": (
        "alembic",
        "config",
        "payroll",
        "program.run",
        "psycopg",
        "sql",
        "sqlalchemy",
    ),
    "migration": (
        "config",
        "openpyxl",
        "payroll",
        "psycopg",
        "repository.imports",
        "repository.reconciliation.check_restored",
        "repository.rows.write_shift",
        "repository.rules",
        "sheets_backup.columns.IDENTITY_TAB",
        "sheets_backup.errors",
        "sheets_backup.gateway",
        "sheets_backup.restore",
    ),
    "migrate_to_postgres": (
        "config",
        "migration",
        "payroll",
        "pg_schema",
        "program.run",
        "psycopg",
        "repository.clock",
        "repository.rules",
        "sheets_backup.restore",
    ),
    "backup": (
        "config",
        "own_cluster",
        "own_postgres",
        "payroll.business_time",
        "payroll.errors",
        "pg_schema",
        "program.run",
        "psycopg",
        "repository.clock",
        "repository.disk",
        "repository.poll_lock",
        "repository.timeline",
        "sheets_backup.errors",
        "sheets_backup.scratch",
        "sql",
    ),
    "bot": (),
    "bot.__main__": ANYTHING,
    "bot.backing": ("backup", "bot.mirroring", "config"),
    "bot.application": ("aiogram", "bot", "postgres_service"),
    "bot.caller": ("postgres_service",),
    "bot.commands": (),
    "bot.asking_again": (
        "bot.delivery",
        "bot.handlers.showing",
        "bot.paging",
        "bot.use_cases",
        "bot.words",
        "payroll.errors",
        "postgres_service",
    ),
    "bot.delivery": (
        "aiogram",
        "pydantic.ValidationError",
        "bot.caller",
        "bot.keyboards.deciding.list_prefixes",
        "bot.logs.describe",
        "bot.paging",
        "bot.policies.find_private_user",
        "bot.screen",
        "bot.seals",
        "bot.views.errors",
        "bot.views.notices",
        "bot.vitals",
        "bot.words",
        "payroll.errors",
        "postgres_service",
        "repository.inbox",
        "repository.outbox",
    ),
    "bot.documents.drawing": ("bot.documents.orders", "program.run"),
    "bot.errands": (),
    "bot.documents": (
        "anyascii",
        "fpdf",
        "pydantic.TypeAdapter",
        "xlsxwriter",
        "bot.views.amounts",
        "bot.views.months",
        "bot.views.rate_parts",
        "bot.views.statement_lines",
        "bot.words",
        *SHOWN_AS_IT_IS,
    ),
    "bot.filters": ("aiogram", "bot.commands"),
    "bot.forms": (),
    "bot.gate": ("aiohttp.http.HttpProcessingError", "aiohttp.web"),
    "bot.handlers": (
        "aiogram",
        "bot",
        "payroll.business_time.BusinessZone",
        "payroll.typed_dates.list_readings",
        *PAYROLL_RECORDS,
    ),
    "bot.jobs": (
        "apscheduler",
        "bot.use_cases",
        "payroll.errors",
        "payroll.schedule",
        "postgres_service",
        "repository.clock",
        "repository.due_work",
    ),
    "bot.keyboards": (
        "aiogram.types",
        "aiogram.utils",
        "aiogram.filters.callback_data",
        "pydantic.Field",
        "bot.errands",
        "bot.forms",
        "bot.seals",
        "bot.spoken",
        "bot.words",
        *SHOWN_AS_IT_IS,
    ),
    "bot.disk": ("config", "payroll.errors", "postgres_service", "repository.disk"),
    "bot.health": (
        "bot.disk",
        "bot.vitals",
        "payroll.errors",
        "postgres_service",
        "repository.health",
        "repository.present",
        "sql",
    ),
    "bot.left": ("bot.errands", "bot.forms", *PAYROLL_RECORDS),
    "bot.logs": (),
    "bot.middlewares": ("aiogram", "bot", *PAYROLL_RECORDS),
    "bot.mirroring": ("config", "payroll.errors", "sheets_backup.mirror"),
    "bot.notify": ("bot.health",),
    "bot.paging": ("aiogram.types", "bot.screen", "bot.words"),
    "bot.policies": ("aiogram", "payroll.errors", "payroll.people"),
    "bot.run": ("aiogram", "bot", "config", "postgres_service", "repository.rules"),
    "bot.sample": ("payroll", "playground.sample_data", "postgres_service", "repository.rules"),
    "bot.screen": ("aiogram.types", "bot.words"),
    "bot.seals": ("aiogram.types",),
    "bot.spoken": ("bot.words",),
    "bot.start": ("config", "installation", "payroll.errors", "pg_schema", "postgres_service", "psycopg"),
    "bot.trial": ("bot", "config", "playground", "postgres_service", "repository.rules"),
    "bot.use_cases": (
        "bot.errands",
        "bot.forms",
        "bot.left",
        "payroll",
        "postgres_service",
        "repository.backups",
        "repository.db_report",
        "repository.drafts",
        "repository.inbox",
        "repository.mirror",
    ),
    "bot.views": (
        "PIL",
        "aiogram.types",
        "aiogram.utils",
        "aiogram.filters.callback_data.CallbackData",
        "bot.commands",
        "bot.errands",
        "bot.forms",
        "bot.keyboards",
        "bot.left",
        "bot.screen",
        "bot.seals",
        "bot.spoken",
        "bot.words",
        "installation",
        "repository.backups",
        "repository.db_report",
        "repository.inbox",
        "repository.mirror",
        *SHOWN_AS_IT_IS,
    ),
    "bot.vitals": ("prometheus_client",),
    "bot.web": (
        "bot.delivery.reading",
        "aiohttp.web",
        "bot.gate",
        "bot.health",
        "bot.start",
        "bot.vitals",
        "config",
        "payroll.errors",
        "prometheus_client",
    ),
    "bot.words": ("fluent",),
    "deploy": (
        "backup",
        "config",
        "dotenv",
        "payroll.errors",
        "program.run",
        "repository.clock",
    ),
    "db_report": (
        "config",
        "payroll.business_time.BusinessZone",
        "payroll.errors",
        "pg_schema",
        "postgres_service",
        "program.run",
        "psycopg",
        "repository.db_report",
        "repository.rules",
    ),
    "doctor": (
        "bot.disk",
        "config",
        "installation",
        "payroll.business_time.format_date",
        "payroll.errors",
        "pg_schema",
        "postgres_service",
        "program.run",
        "psycopg",
        "repository.disk",
        "repository.rules",
        "sql",
    ),
    "installation": (),
    "playground": (
        "aiohttp",
        "program.run",
    ),
    "program": (),
    "scripts": (),
    "sheets_backup": (
        "config",
        "google",
        "gspread",
        "own_postgres",
        "payroll",
        "pg_schema",
        "program.run",
        "psycopg",
        "repository",
        "requests",
        "sql",
    ),
    "benchmarks": ANYTHING,
    "tests": ANYTHING,
}
# A package of which only `__init__.py` is meant: each of its modules has a line of its own.
WITHOUT_MODULES = {"bot"}
IMPORTED_BY_NOBODY = ("bot.__main__",)
# What a benchmark starts to measure it, and a script that stands apart from the modules.
NO_PROGRAMS_OF_OURS = {"benchmarks.bare", "benchmarks.mirror", "scripts.outdated"}

CLOCKS = {
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
}
WITH_A_CLOCK_OF_THEIR_OWN = {"tests", "playground", "benchmarks", "own_postgres", "own_cluster"}
OUTERMOST_GUARDS = 2

# In small letters only what is no English sentence.
SQL_BEGINS = re.compile(
    r"\s*(?:(?:SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|ALTER|DROP|GRANT|REVOKE|SET|COPY|TRUNCATE|LOCK)\s"
    r"|select\s|insert into\s|delete from\s)"
)
# The names come from the tables of the schema, the server's own roles and what is declared to be mirrored.
MAY_NAME_TABLES = {
    "pg_schema",
    "repository.timeline",
    "sheets_backup.restore",
    "sheets_backup.scratch",
    "sheets_backup.store",
}
# SQLite takes no name as a parameter: the table is one of those that were asked for and found, and is quoted.
WITH_A_FOREIGN_TABLE = {"migration.sources": 2}
WITH_STATEMENTS_OF_THEIR_OWN = {"tests", "benchmarks"}

TEXTS = {".py", ".sql", ".ftl", ".md", ".toml", ".html", ".css", ".js", ".sh", ".service", ".timer", ""}
# Written in two halves, so that this file is not found by itself.
MARKS = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")


def _list_files() -> list[Path]:
    """The files of the project, without hidden folders, data and what others made: these are not even looked into."""
    made_elsewhere = {"data", "build", "dist", "node_modules", "__pycache__"}
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in made_elsewhere and not name.startswith(".")]
        found += [Path(folder, name).relative_to(ROOT) for name in names if not name.startswith(".env")]
    return sorted(found)


def _name_module(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _read_modules() -> dict[str, str]:
    return {
        _name_module(path): (ROOT / path).read_text(encoding="utf-8") for path in _list_files() if path.suffix == ".py"
    }


MODULES = _read_modules()


def _begins_with(name: str, prefix: str) -> bool:
    return prefix == "" or name == prefix or name.startswith(f"{prefix}.")


def find_package(module: str) -> str | None:
    """The line of the table that a module belongs to, the longest that fits."""
    fitting = [
        package
        for package in MAY_IMPORT
        if module == package or (package not in WITHOUT_MODULES and _begins_with(module, package))
    ]
    return max(fitting, key=len, default=None)


def list_imports(module: str, source: str, *, is_package: bool = False) -> Iterator[str]:
    """Dotted names of everything a module imports, also late, and by name through importlib."""
    home = module.split(".") if is_package else module.split(".")[:-1]
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=of, names=names, level=level):
                parent = home[: len(home) - level + 1] if level else []
                origin = ".".join([*parent, *([of] if of else [])])
                yield from (f"{origin}.{alias.name}" for alias in names)
            case ast.Call(func=ast.Attribute(attr="import_module"), args=[ast.Constant(value=str() as name), *_]):
                yield name
            case ast.Call(
                func=ast.Name(id="__import__" | "import_module"), args=[ast.Constant(value=str() as name), *_]
            ):
                yield name


def list_forbidden_imports(module: str, source: str, *, is_package: bool = False) -> list[str]:
    """What a module imports although its package may not."""
    package = find_package(module)
    if package is None:
        return [f"{module} is in no line of the table of who may import whom"]
    allowed = (package, *MAY_IMPORT[package])
    return [
        f"{module} imports {name}"
        for name in list_imports(module, source, is_package=is_package)
        if not _is_allowed(module, name, allowed)
    ]


def _is_allowed(module: str, name: str, allowed: tuple[str, ...]) -> bool:
    if module != "bot.__main__" and any(_begins_with(name, closed) for closed in IMPORTED_BY_NOBODY):
        return False
    is_standard = name.split(".", maxsplit=1)[0] in sys.stdlib_module_names
    return is_standard or any(_begins_with(name, prefix) for prefix in allowed)


def test_everybody_imports_only_what_they_may() -> None:
    packages = {_name_module(path) for path in _list_files() if path.name == "__init__.py"}
    forbidden = [
        line
        for module, source in MODULES.items()
        for line in list_forbidden_imports(module, source, is_package=module in packages)
    ]
    assert forbidden == []


def test_every_program_begins_and_ends_in_the_one_way() -> None:
    guarded = {module for module, source in MODULES.items() if '__name__ == "__main__"' in source}
    programs = {module for module in guarded if find_package(module) != "tests"} - NO_PROGRAMS_OF_OURS
    assert {"bot.__main__", "migrate_to_postgres", "benchmarks.__main__"} < programs
    assert [module for module in sorted(programs) if "program.run" not in list_imports(module, MODULES[module])] == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        pytest.param("payroll.pricing", "import psycopg", id="the centre knows no database"),
        pytest.param("payroll.pricing", "from config import Config", id="nor settings"),
        pytest.param("payroll.pricing", "def f():\n    import aiogram", id="a late import counts"),
        pytest.param("own_postgres", "import psycopg", id="the own server is standard library only"),
        pytest.param("config", "import psycopg", id="settings know no driver"),
        pytest.param(
            "repository.shifts", "from postgres_service import PostgresService", id="the layer below its door"
        ),
        pytest.param("bot.handlers.shift", "import psycopg", id="a handler and the driver"),
        pytest.param(
            "bot.handlers.shift", "from postgres_service import PostgresService", id="a handler and the service"
        ),
        pytest.param("bot.handlers.shift", "from repository.shifts import Shifts", id="a handler and the repository"),
        pytest.param("bot.handlers.shift", "from payroll.pricing import compute_pay", id="a handler that computes"),
        pytest.param("bot.views.receipt", "from payroll.pricing import compute_pay", id="a text that computes"),
        pytest.param("bot.views.receipt", "from aiogram import Bot", id="a text that sends"),
        pytest.param("bot.use_cases.shifts", "import aiogram", id="a use case and Telegram"),
        pytest.param("bot.handlers.shift", "from bot.__main__ import main", id="the start"),
        pytest.param("bot.handlers.shift", "from ..__main__ import main", id="the start by a relative name"),
        pytest.param("tests.unit.test_bot", "import bot.__main__", id="the start in a test"),
        pytest.param("playground.server", "from bot.words import Words", id="the emulator and the bot"),
        pytest.param("playground.server", "import aiogram", id="the emulator and its client"),
        pytest.param("payroll.pricing", "import importlib\nimportlib.import_module('psycopg')", id="by name"),
        pytest.param("bot.games", "", id="a package in no line"),
        pytest.param("helpers", "import json", id="a module in no line"),
    ],
)
def test_a_forbidden_import_is_found(module: str, source: str) -> None:
    assert len(list_forbidden_imports(module, source)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("payroll.pricing", "from decimal import Decimal\nfrom payroll.money import CENT\nfrom . import money"),
        ("bot.handlers.shift", "from payroll.records import Shift\nfrom bot.use_cases import shifts\nimport aiogram"),
        ("bot.views.receipt", "from payroll.amounts import format_amount\nfrom . import chart"),
        ("bot.__main__", "import psycopg\nimport bot.handlers"),
        ("postgres_service", "from psycopg_pool import ConnectionPool"),
    ],
)
def test_an_allowed_import_is_left_alone(module: str, source: str) -> None:
    assert list_forbidden_imports(module, source) == []


def list_floats(source: str) -> list[int]:
    """Lines that name `float` or `complex`, or write a number with a point or an exponent as Python reads it."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if (isinstance(node, ast.Name) and node.id in ("float", "complex"))
        or (isinstance(node, ast.Constant) and isinstance(node.value, (float, complex)))
    ]


def test_payroll_has_no_float() -> None:
    found = {
        module: lines
        for module, source in MODULES.items()
        if find_package(module) == "payroll" and (lines := list_floats(source))
    }
    assert found == {}


@pytest.mark.parametrize(
    "source", ["rate = 0.2", "x = float('1')", "def f(amount: float) -> None: ...", "x = 1e3", "x: list[float] = []"]
)
def test_a_float_is_found(source: str) -> None:
    assert list_floats(source) == [1]


def list_clocks(source: str) -> list[str]:
    """The clocks a module reads or hands on, whatever name it imported them under."""
    tree = ast.parse(source)
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                known.update((alias.asname or alias.name.split(".")[0], alias.name) for alias in names)
            case ast.ImportFrom(module=str() as origin, names=names):
                known.update((alias.asname or alias.name, f"{origin}.{alias.name}") for alias in names)
    found = [_spell(node, known) for node in ast.walk(tree) if isinstance(node, (ast.Name, ast.Attribute))]
    return [name for name in found if name in CLOCKS]


def _spell(node: ast.expr, known: Mapping[str, str]) -> str:
    match node:
        case ast.Name(id=name):
            return known.get(name, name)
        case ast.Attribute(value=value, attr=attr):
            return f"{_spell(value, known)}.{attr}"
    return ""


def test_the_time_is_read_in_one_place() -> None:
    readers = {
        module: clocks
        for module, source in MODULES.items()
        if find_package(module) not in WITH_A_CLOCK_OF_THEIR_OWN and (clocks := list_clocks(source))
    }
    assert len(readers) <= 1, readers
    assert not any(module.startswith("payroll") for module in readers)


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\nnow = datetime.now()",
        "from datetime import datetime as dt\nnow = dt.utcnow()",
        "import datetime\ntoday = datetime.date.today()",
        "import datetime as d\nnow = d.datetime.now(d.UTC)",
        "import time\nnow = time.time()",
        "from time import time\nnow = time()",
        "from datetime import datetime\nclock = datetime.now",
    ],
)
def test_a_clock_is_found(source: str) -> None:
    assert len(list_clocks(source)) == 1


def list_blind_handlers(source: str) -> list[int]:
    """Lines that catch everything and do not let it go on."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.ExceptHandler(type=caught, body=body) if _is_broad(caught):
                if not (isinstance(body[-1], ast.Raise) and body[-1].exc is None):
                    lines.append(node.lineno)
            case ast.Call(func=ast.Name(id="suppress") | ast.Attribute(attr="suppress"), args=args):
                lines += [node.lineno for caught in args if _is_broad(caught)]
    return lines


def _is_broad(caught: ast.expr | None) -> bool:
    match caught:
        case None:
            return True
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in ("Exception", "BaseException")
        case ast.Tuple(elts=several):
            return any(_is_broad(one) for one in several)
    return False


def test_only_the_two_outermost_guards_catch_everything() -> None:
    found = [
        f"{module}:{line}"
        for module, source in MODULES.items()
        if find_package(module) != "tests"
        for line in list_blind_handlers(source)
    ]
    assert len(found) <= OUTERMOST_GUARDS, found


@pytest.mark.parametrize(
    "source",
    [
        "try: f()\nexcept: pass",
        "try: f()\nexcept Exception as error: log(error)",
        "try: f()\nexcept (ValueError, BaseException): pass",
        "try: f()\nexcept Exception as error: raise OSError from error",
        "import contextlib\nwith contextlib.suppress(Exception): f()",
    ],
)
def test_a_blind_handler_is_found(source: str) -> None:
    assert len(list_blind_handlers(source)) == 1


@pytest.mark.parametrize(
    "source", ["try: f()\nexcept OSError: pass", "try: f()\nexcept BaseException:\n    undo()\n    raise"]
)
def test_a_handler_that_knows_what_it_catches_or_lets_it_go_on_is_left_alone(source: str) -> None:
    assert list_blind_handlers(source) == []


def list_dynamic_sql(source: str) -> list[str]:
    """Statements that are put together from what only the run knows, other than by psycopg.sql.

    A statement is text as it stands in the source, or the constants of a module; psycopg.sql puts values and names
    into it, the names only where `MAY_NAME_TABLES` says so.
    """
    tree = ast.parse(source)
    fixed = _list_fixed_names(tree)
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr="execute" | "executemany" | "copy" | "stream"), args=[query, *_]):
                if _is_put_together(query, fixed):
                    found.append(f"{node.lineno}: a statement put together")
            case ast.Call(func=ast.Attribute(attr="SQL") | ast.Name(id="SQL"), args=[text, *_]):
                if not _is_fixed(text, fixed):
                    found.append(f"{node.lineno}: SQL() of what is no text of the source")
            case ast.JoinedStr() | ast.BinOp() if SQL_BEGINS.match(_get_head(node)) and not _is_fixed(node, fixed):
                found.append(f"{node.lineno}: a statement with something put in")
            case ast.Call(func=ast.Attribute(attr="format" | "join", value=ast.Constant(value=str() as text))):
                if SQL_BEGINS.match(text):
                    found.append(f"{node.lineno}: a statement with something put in")
    return found


def list_named_tables(source: str) -> list[int]:
    """Lines that put a name of a table, column or role into a statement."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name | ast.Attribute)
        and (node.func.id if isinstance(node.func, ast.Name) else node.func.attr) == "Identifier"
    ]


def _list_fixed_names(tree: ast.AST) -> set[str]:
    """Names that stand for texts of the source: constants, those that are imported, what a loop takes from a tuple."""
    fixed: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if _is_fixed(value, fixed):
                fixed.add(name)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value) if _is_fixed(value, fixed):
                fixed.add(name)
            case ast.For(target=ast.Name(id=name), iter=several) if _is_fixed(several, fixed):
                fixed.add(name)
            case ast.ImportFrom(names=names):
                fixed.update(alias.asname or alias.name for alias in names if alias.name.isupper())
    return fixed


def _is_fixed(node: ast.expr, fixed: set[str]) -> bool:
    match node:
        case ast.Constant():
            return True
        case ast.Name(id=name):
            return name in fixed
        case ast.Subscript(value=value):
            return _is_fixed(value, fixed)
        case ast.Tuple(elts=several) | ast.List(elts=several) | ast.Dict(values=several):
            return all(_is_fixed(one, fixed) for one in several)
        case ast.IfExp(body=body, orelse=orelse):
            return _is_fixed(body, fixed) and _is_fixed(orelse, fixed)
        case ast.JoinedStr(values=values):
            return all(_is_fixed(one, fixed) for one in values)
        case ast.FormattedValue(value=value):
            return _is_fixed(value, fixed)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _is_fixed(left, fixed) and _is_fixed(right, fixed)
    return False


def _is_put_together(node: ast.expr, fixed: set[str]) -> bool:
    """Whether text is made right where it is executed; what psycopg.sql makes is no text."""
    match node:
        case ast.JoinedStr() | ast.BinOp():
            return not _is_fixed(node, fixed)
        case ast.Call(func=ast.Attribute(attr="encode" | "replace", value=value)):
            is_composed = isinstance(value, ast.Call) and getattr(value.func, "attr", None) == "as_string"
            return not is_composed and not _is_fixed(value, fixed)
        case ast.Call(func=ast.Attribute(attr="format" | "join", value=value)):
            return isinstance(value, ast.Constant)
    return False


def _get_head(node: ast.expr) -> str:
    match node:
        case ast.JoinedStr(values=[ast.Constant(value=str() as text), *_]) | ast.Constant(value=str() as text):
            return text
        case ast.BinOp(left=left):
            return _get_head(left)
    return ""


def test_no_statement_is_put_together_outside_of_psycopg() -> None:
    found = {
        module: lines
        for module, source in MODULES.items()
        if find_package(module) not in WITH_STATEMENTS_OF_THEIR_OWN
        and len(lines := list_dynamic_sql(source)) > WITH_A_FOREIGN_TABLE.get(module, 0)
    }
    assert found == {}


def test_names_of_tables_enter_statements_in_few_places() -> None:
    found = {module for module, source in MODULES.items() if list_named_tables(source)}
    assert {module for module in found if find_package(module) not in WITH_STATEMENTS_OF_THEIR_OWN} <= MAY_NAME_TABLES


@pytest.mark.parametrize(
    "source",
    [
        'connection.execute(f"SELECT {column} FROM shifts")',
        "connection.execute(\"SELECT * FROM shifts WHERE name = '%s'\" % name)",
        'connection.execute("SELECT * FROM " + table)',
        'connection.execute("SELECT {}".format(column))',
        'connection.execute(" ".join(words))',
        "connection.execute(text.encode())",
        'query = f"  select {column} from shifts"',
        'query = "DELETE FROM " + table',
        'query = "UPDATE {} SET".format(table)',
        "query = sql.SQL(text)",
        'query = SQL(f"SELECT {column}")',
        "for column in columns:\n    query = sql.SQL(column)",
        'query = sql.SQL({"a": column}["a"])',
    ],
)
def test_a_statement_put_together_is_found(source: str) -> None:
    assert list_dynamic_sql(source) != []


@pytest.mark.parametrize(
    "source",
    [
        'connection.execute("SELECT 1")',
        "connection.execute(query.text, values)",
        'OWNER = "x"\nROLES = f"CREATE ROLE {OWNER}"\nconnection.execute(ROLES)',
        'connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(owner)))',
        'for grant in ("GRANT {a}", "REVOKE {a}"):\n    connection.execute(sql.SQL(grant).format(a=a))',
        'KINDS = {"a": "text"}\nquery = sql.SQL(KINDS[kind])',
        'ALL = ("SET a = 1",)\nfor one in ALL:\n    connection.execute(one.encode())',
        "connection.execute(statement.as_string(connection).encode())",
        'text = f"updated {name}"',
    ],
)
def test_a_statement_of_the_source_is_left_alone(source: str) -> None:
    assert list_dynamic_sql(source) == []


def test_nothing_is_left_for_later() -> None:
    marked = [
        f"{path}:{number}"
        for path in _list_files()
        if path.suffix in TEXTS
        for number, line in enumerate((ROOT / path).read_text(encoding="utf-8").splitlines(), start=1)
        if MARKS.search(line)
    ]
    assert marked == []


@pytest.mark.parametrize("line", ["# TO" + "DO: later", "-- FIX" + "ME", "/* XX" + "X */"])
def test_a_mark_is_found(line: str) -> None:
    assert MARKS.search(line)


def test_dates_that_people_read_are_formatted_in_one_place() -> None:
    """`strftime` writes the year 226 with three digits, `str` writes dashes and offsets: `business_time` does not."""
    written = re.compile(r":%Y/|strftime")
    places = ("bot", "payroll", "repository")
    assert [
        name
        for name, source in MODULES.items()
        if name.partition(".")[0] in places and name != "payroll.business_time" and written.search(source)
    ] == []
