"""Every setting is read from one place, checked at the start, and no secret is shown."""

import datetime
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from config import DATA_DIR, HERE, RECORD_FIELDS, Address, Config, ConfigError, parse_database_url
from repository.records import HEADERS, SHIFT_COLUMNS

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


def load(**settings: str) -> Config:
    return Config.load(settings, env_file=None)


def problems_of(**settings: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        load(**settings)
    return caught.value.problems


class TestWithNothingSet:
    def test_everything_has_the_default_of_the_specification(self) -> None:
        config = load()
        assert config == Config()
        assert config.data_dir == HERE / "data"
        assert config.zone == load(TIMEZONE="America/New_York").zone
        assert config.products == ("Model A", "Model B", "Model C", "Model D")
        assert config.commission_rate == Decimal("0.20")
        assert (config.dynamic_rate_basis, config.registration, config.max_shift_hours) == ("day", "approval", 24)
        assert (config.pay_days, config.admin_ids, config.log_level) == ((1, 15), (), None)
        assert (config.log_from, load(BOT_TOKEN=TOKEN).log_from) == ("WARNING", "INFO")
        assert (config.bot_token, config.database, config.telegram_api_url) == (None, None, None)
        assert config.playground_port == 8090

    def test_the_example_file_names_every_setting_with_its_default(self, tmp_path: Path) -> None:
        text = (HERE / ".env.example").read_text()
        env_file = tmp_path / ".env"
        env_file.write_text("\n".join(line.removeprefix("#") for line in text.splitlines() if line[:2] != "# "))
        without_host = dict.fromkeys(("POSTGRES_PORT", "POSTGRES_DB", "POSTGRES_USER"), "")
        assert Config.load(without_host, env_file) == Config()


class TestWhereASettingComesFrom:
    @pytest.fixture
    def env_file(self, tmp_path: Path) -> Path:
        path = tmp_path / ".env"
        path.write_text(
            "TIMEZONE=Europe/Kyiv\nexport PRODUCTS='Anna, Bella'  # the two\nADMIN_IDS=\nDATA_DIR=${HOME}\n"
        )
        return path

    def test_the_file_is_read(self, env_file: Path) -> None:
        config = Config.load({}, env_file)
        assert (config.timezone, config.products) == ("Europe/Kyiv", ("Anna", "Bella"))

    def test_a_dollar_sign_in_the_file_stands_for_itself(self, env_file: Path) -> None:
        assert Config.load({}, env_file).data_dir == HERE / "${HOME}"

    def test_the_environment_wins_over_the_file(self, env_file: Path) -> None:
        assert Config.load({"TIMEZONE": "UTC"}, env_file).timezone == "UTC"

    def test_an_empty_value_is_not_set_and_hides_the_one_of_the_file(self, env_file: Path) -> None:
        assert Config.load({"TIMEZONE": "  "}, env_file).timezone == "America/New_York"
        assert Config.load({}, env_file).admin_ids == ()

    def test_what_systemd_hands_over_wins_over_the_file_and_the_environment_over_both(self, env_file: Path) -> None:
        credentials = env_file.parent / "credentials"
        credentials.mkdir()
        (credentials / "env").write_text(f"TIMEZONE=UTC\nPRODUCTS=Chloe\nBOT_TOKEN={TOKEN}\n")
        handed_over = {"CREDENTIALS_DIRECTORY": str(credentials), "TIMEZONE": "Asia/Tokyo"}
        config = Config.load(handed_over, env_file)
        assert (config.timezone, config.products, config.bot_token) == ("Asia/Tokyo", ("Chloe",), TOKEN)

    def test_a_line_of_the_file_that_says_nothing_is_named_by_its_number(self, tmp_path: Path) -> None:
        env_file = tmp_path / ".env"
        env_file.write_text("TIMEZONE=UTC\nBOT_TOKEN 123:secret\nADMIN_IDS\n")
        with pytest.raises(ConfigError) as caught:
            Config.load({}, env_file)
        assert [problem.split(" has ")[1] for problem in caught.value.problems] == [
            "something on line 2 that is not NAME=value.",
            "something on line 3 that is not NAME=value.",
        ]
        assert "secret" not in str(caught.value)

    def test_a_file_that_is_no_text_is_named(self, tmp_path: Path) -> None:
        env_file = tmp_path / ".env"
        env_file.write_bytes(b"TIMEZONE=\xff\xfe")
        with pytest.raises(ConfigError, match=r"\.env cannot be read: it is not UTF-8"):
            Config.load({}, env_file)

    def test_no_file_is_no_problem(self, tmp_path: Path) -> None:
        assert Config.load({}, tmp_path / ".env") == Config()


class TestValues:
    @pytest.mark.parametrize(
        ("setting", "value", "attribute", "expected"),
        [
            ("BOT_TOKEN", TOKEN, "bot_token", TOKEN),
            ("ADMIN_IDS", " 100, 200 ,100", "admin_ids", (100, 200)),
            ("PRODUCTS", "Anna , Bella", "products", ("Anna", "Bella")),
            ("PRODUCTS", "x" * 40, "products", ("x" * 40,)),
            ("COMMISSION_RATE", "0.1875", "commission_rate", Decimal("0.1875")),
            ("COMMISSION_RATE", "0", "commission_rate", Decimal(0)),
            ("COMMISSION_RATE", "1", "commission_rate", Decimal(1)),
            ("DYNAMIC_RATE_BASIS", "Shift", "dynamic_rate_basis", "shift"),
            ("PAY_DAYS", "5, 20,31", "pay_days", (5, 20, 31)),
            ("MAX_SHIFT_HOURS", "1", "max_shift_hours", 1),
            ("EARLIEST_SHIFT", "2026/01/01", "earliest_shift", datetime.date(2026, 1, 1)),
            ("PAID_DAY_OFF_HOURS", "7.5", "paid_day_off_hours", Decimal("7.5")),
            ("REFUND_LOWERS_RANK", "true", "is_rank_lowered_by_refund", True),
            ("REGISTRATION", "open", "registration", "open"),
            ("TELEGRAM_API_URL", "http://localhost:8081/", "telegram_api_url", "http://localhost:8081"),
            ("LOG_LEVEL", "debug", "log_level", "DEBUG"),
            ("PLAYGROUND_PORT", "65535", "playground_port", 65535),
            ("HEALTH_LISTEN", "bot.local:9000", "health_listen", Address("bot.local", 9000)),
            ("HEALTH_LISTEN", "[::1]:9000", "health_listen", Address("::1", 9000)),
            ("HEALTH_LISTEN", "Off", "health_listen", "off"),
            ("USE_FIXED_UTC_MINUS_5", "Yes", "is_fixed_utc_minus_5", True),
            ("USE_FIXED_UTC_MINUS_5", "0", "is_fixed_utc_minus_5", False),
            ("DATA_DIR", "here/../there", "data_dir", HERE / "there"),
            ("DATA_DIR", "/srv/bot", "data_dir", Path("/srv/bot")),
        ],
    )
    def test_what_is_allowed_is_taken(self, setting: str, value: str, attribute: str, expected: object) -> None:
        assert getattr(load(**{setting: value}), attribute) == expected

    @pytest.mark.parametrize(
        ("setting", "value", "allowed"),
        [
            ("ADMIN_IDS", "100;200", "Telegram ids (whole numbers above 0), comma-separated"),
            ("ADMIN_IDS", "0", "Telegram ids (whole numbers above 0), comma-separated"),
            ("ADMIN_IDS", "٣", "Telegram ids (whole numbers above 0), comma-separated"),
            ("TIMEZONE", "New York", "the name of a time zone, such as America/New_York"),
            ("TIMEZONE", "America", "the name of a time zone, such as America/New_York"),
            ("TIMEZONE", "../etc/passwd", "the name of a time zone, such as America/New_York"),
            ("USE_FIXED_UTC_MINUS_5", "maybe", "true or false"),
            ("PRODUCTS", "Anna,,Bella", "names of 1 to 40 characters, comma-separated"),
            ("PRODUCTS", "An\x07na", "names of 1 to 40 characters, comma-separated"),
            ("PRODUCTS", "x" * 41, "names of 1 to 40 characters, comma-separated"),
            ("PRODUCTS", "Anna, anna", "names that are all different, comma-separated"),
            ("PRODUCTS", "Anna, Total sales", "names that are no field of a shift; Total sales is one"),
            ("COMMISSION_RATE", "20", "a fraction from 0 to 1 with at most four decimals, such as 0.20 for 20 %"),
            ("COMMISSION_RATE", "20%", "a fraction from 0 to 1 with at most four decimals, such as 0.20 for 20 %"),
            ("COMMISSION_RATE", "-0.1", "a fraction from 0 to 1 with at most four decimals, such as 0.20 for 20 %"),
            ("COMMISSION_RATE", "0.12345", "a fraction from 0 to 1 with at most four decimals, such as 0.20 for 20 %"),
            ("COMMISSION_RATE", "NaN", "a fraction from 0 to 1 with at most four decimals, such as 0.20 for 20 %"),
            ("DYNAMIC_RATE_BASIS", "week", "day or shift"),
            ("PAY_DAYS", "15,1", "days of the month from 1 to 31, ascending and comma-separated, such as 1,15"),
            ("PAY_DAYS", "1,1", "days of the month from 1 to 31, ascending and comma-separated, such as 1,15"),
            ("PAY_DAYS", "0,15", "days of the month from 1 to 31, ascending and comma-separated, such as 1,15"),
            ("PAY_DAYS", "32", "days of the month from 1 to 31, ascending and comma-separated, such as 1,15"),
            ("MAX_SHIFT_HOURS", "25", "a whole number from 1 to 24"),
            ("EARLIEST_SHIFT", "1999-12-31", "a date from 2000-01-01 to 2100-12-31, written like that"),
            ("EARLIEST_SHIFT", "last year", "a date from 2000-01-01 to 2100-12-31, written like that"),
            ("PAID_DAY_OFF_HOURS", "25", "hours from 0.25 to 24, such as 8 or 7.5"),
            ("PAID_DAY_OFF_HOURS", "eight", "hours from 0.25 to 24, such as 8 or 7.5"),
            ("MAX_SHIFT_HOURS", "0", "a whole number from 1 to 24"),
            ("MAX_SHIFT_HOURS", "8.5", "a whole number from 1 to 24"),
            ("REGISTRATION", "closed", "approval or open"),
            ("TELEGRAM_API_URL", "localhost:8081", "the address of a Bot API server, such as http://localhost:8081"),
            ("TELEGRAM_API_URL", "http://:8081", "the address of a Bot API server, such as http://localhost:8081"),
            ("TELEGRAM_API_URL", "http://h:x", "the address of a Bot API server, such as http://localhost:8081"),
            ("TELEGRAM_API_URL", "ftp://host", "the address of a Bot API server, such as http://localhost:8081"),
            ("LOG_LEVEL", "LOUD", "DEBUG, INFO, WARNING, ERROR or CRITICAL"),
            ("PLAYGROUND_PORT", "0", "a whole number from 1 to 65535"),
            ("PLAYGROUND_PORT", "65536", "a whole number from 1 to 65535"),
            ("HEALTH_LISTEN", "8080", "a host and a port such as 127.0.0.1:8080, or off"),
            ("HEALTH_LISTEN", "localhost:0", "a host and a port such as 127.0.0.1:8080, or off"),
            ("HEALTH_LISTEN", "localhost:65536", "a host and a port such as 127.0.0.1:8080, or off"),
            ("HEALTH_LISTEN", "::1:8080", "a host and a port such as 127.0.0.1:8080, or off"),
            ("DATA_DIR", "/etc/passwd", "a directory, and that is a file"),
        ],
    )
    def test_what_is_not_is_named_with_its_value_and_what_is(self, setting: str, value: str, allowed: str) -> None:
        assert problems_of(**{setting: value}) == (f"{setting} is {value!r}, but must be {allowed}.",)

    def test_all_that_is_wrong_is_named_at_once(self) -> None:
        wrong = {"ADMIN_IDS": "me", "TIMEZONE": "here", "COMMISSION_RATE": "a fifth", "PAY_DAYS": "monthly"}
        assert [problem.split()[0] for problem in problems_of(**wrong)] == list(wrong)

    def test_a_long_value_is_cut_in_the_sentence(self) -> None:
        (problem,) = problems_of(ADMIN_IDS="1;" * 5000)
        assert len(problem) < 200

    def test_a_fixed_offset_has_no_daylight_saving(self) -> None:
        config = load(USE_FIXED_UTC_MINUS_5="true")
        july = datetime.datetime(2026, 7, 1, tzinfo=config.zone)
        assert july.utcoffset() == datetime.timedelta(hours=-5)


class TestSecrets:
    def test_they_are_not_in_the_repr(self) -> None:
        config = load(BOT_TOKEN=TOKEN, DATABASE_URL="postgresql://bot:hunter2@db/shifts")
        assert config.bot_token == TOKEN
        assert config.database is not None
        assert config.database["password"] == "hunter2"
        assert TOKEN not in repr(config)
        assert "hunter2" not in repr(config)

    @pytest.mark.parametrize(
        ("setting", "value"),
        [
            ("BOT_TOKEN", "the hunter2 token"),
            ("DATABASE_URL", "hunter2"),
            ("DATABASE_URL", "mysql://bot:hunter2@db/shifts"),
            ("DATABASE_URL", "postgresql://bot:x/hunter2@db/shifts"),
            ("DATABASE_URL", "postgresql://bot:x@db:hunter2/shifts"),
            ("DATABASE_URL", "postgresql://bot:hunter2@db/shifts?pasword=hunter2"),
            ("DATABASE_URL", "postgresql://bot:hunter2%zz@db/shifts"),
            ("ADMIN_IDS", "110201543:hunter2_hunter2"),
            ("TELEGRAM_API_URL", "ftp://bot:hunter2@db"),
            ("HEALTH_LISTEN", "http://bot:hunter2@db"),
        ],
    )
    def test_they_are_not_in_what_is_said_about_a_wrong_value(self, setting: str, value: str) -> None:
        (problem,) = problems_of(**{setting: value})
        assert problem.startswith(setting)
        assert "hunter2" not in problem


class TestDatabase:
    @pytest.mark.parametrize(
        ("url", "expected"),
        [
            ("postgresql://bot:pw@db:6432/shifts", {"host": "db", "port": 6432, "user": "bot", "password": "pw"}),
            ("postgres://bot:pw@db/shifts", {"port": 5432}),
            ("postgresql://bot:p%40%2F%3A%25@db/shifts", {"password": "p@/:%"}),
            ("postgresql://bot:p@ss@db/shifts", {"user": "bot", "password": "p@ss", "host": "db"}),
            ("postgresql://bot:pw@[::1]:6432/shifts", {"host": "::1", "port": 6432}),
            ("postgresql://bot:pw@a:1,b:2/shifts", {"host": "a,b", "port": "1,2"}),
            ("postgresql://bot:pw@%2Frun%2Fpg/shifts", {"host": "/run/pg"}),
            ("postgresql:///shifts?host=/run/pg&port=6432&user=bot", {"host": "/run/pg", "port": 6432, "user": "bot"}),
            ("postgresql://bot:pw@/shifts", {"host": "/var/run/postgresql"}),
            ("postgresql://bot:pw@db/shifts?sslmode=require", {"sslmode": "require"}),
            ("postgresql://bot:pw@db/shifts?ssl=true", {"sslmode": "require"}),
            ("postgresql://bot:pw@db/shifts?options=-c%20search_path%3Dx+y", {"options": "-c search_path=x+y"}),
            ("postgresql://shifts:pw@db", {"database": "shifts", "user": "shifts"}),
            ("postgresql://bot:pw@db/?dbname=shifts", {"database": "shifts"}),
        ],
    )
    def test_an_address_is_read_as_libpq_reads_it(self, url: str, expected: dict[str, Any]) -> None:
        params = load(DATABASE_URL=url).get_database_params()
        assert params["database"] == "shifts"
        assert {"host", "port", "database", "user", "password"} <= set(params)
        assert {name: params[name] for name in expected} == expected

    def test_without_a_user_it_is_the_account_that_runs_this(self) -> None:
        params = parse_database_url("postgresql://")
        assert params["user"] == params["database"] != ""

    def test_the_parts_make_the_same(self) -> None:
        parts = load(
            POSTGRES_HOST="db", POSTGRES_PORT="6432", POSTGRES_DB="d", POSTGRES_USER="u", POSTGRES_PASSWORD="p"
        )
        assert parts.get_database_params() == load(DATABASE_URL="postgresql://u:p@db:6432/d").get_database_params()

    def test_the_host_alone_is_enough(self) -> None:
        assert load(POSTGRES_HOST="db").get_database_params() == {
            "host": "db",
            "port": 5432,
            "database": "shiftbot",
            "user": "shiftbot",
            "password": "",
        }

    def test_parts_without_a_host_would_silently_be_another_database(self) -> None:
        assert problems_of(POSTGRES_USER="bot", POSTGRES_PASSWORD="hunter2") == (
            "POSTGRES_USER is set without POSTGRES_HOST, which names the server.",
            "POSTGRES_PASSWORD is set without POSTGRES_HOST, which names the server.",
        )

    def test_two_databases_are_one_too_many(self) -> None:
        assert problems_of(POSTGRES_HOST="db", DATABASE_URL="postgresql://db/shifts") == (
            "DATABASE_URL and POSTGRES_HOST are both set, but only one can name the database.",
        )

    def test_a_wrong_port_is_named(self) -> None:
        assert problems_of(POSTGRES_HOST="db", POSTGRES_PORT="http") == (
            "POSTGRES_PORT is 'http', but must be a whole number from 1 to 65535.",
        )

    def test_a_configured_database_needs_nothing_of_our_own(self) -> None:
        script = (
            "import sys; from config import Config; "
            "Config.load({'DATABASE_URL': 'postgresql://db/x'}, None).get_database_params(); "
            "print('own_postgres' in sys.modules, 'subprocess' in sys.modules)"
        )
        done = subprocess.run([sys.executable, "-c", script], cwd=HERE, capture_output=True, text=True, check=True)
        assert done.stdout == "False False\n"


class TestDataDir:
    def test_it_can_be_had_whatever_else_is_wrong(self) -> None:
        assert Config.get_data_dir({"DATA_DIR": "/srv/bot", "TIMEZONE": "nowhere"}, None) == Path("/srv/bot")
        assert Config.get_data_dir({}, None) == DATA_DIR

    def test_it_does_not_depend_on_the_working_directory(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        assert load(DATA_DIR="mine").data_dir == HERE / "mine"


class TestHealthAndWebhook:
    def test_a_bot_listens_on_its_own_machine_only(self) -> None:
        assert str(load(BOT_TOKEN=TOKEN).health_address) == "127.0.0.1:8080"

    def test_a_container_host_says_by_port_where_it_looks(self) -> None:
        assert str(load(BOT_TOKEN=TOKEN, PORT="3000").health_address) == "0.0.0.0:3000"

    def test_what_is_said_on_purpose_counts_more_than_the_port_of_a_container(self) -> None:
        assert str(load(BOT_TOKEN=TOKEN, PORT="3000", HEALTH_LISTEN="[::1]:80").health_address) == "[::1]:80"
        assert load(BOT_TOKEN=TOKEN, PORT="3000", HEALTH_LISTEN="off").health_address is None

    def test_the_playground_listens_only_where_it_is_told_to(self) -> None:
        assert load().health_address is None
        assert load(PORT="3000").health_address is None
        assert str(load(HEALTH_LISTEN="127.0.0.1:9000").health_address) == "127.0.0.1:9000"

    def test_a_port_of_a_container_that_is_none_is_named(self) -> None:
        assert problems_of(BOT_TOKEN=TOKEN, PORT="http") == (
            "PORT is 'http', but must be a whole number from 1 to 65535.",
        )

    def test_a_webhook_is_an_address_and_a_secret(self) -> None:
        config = load(WEBHOOK_URL="https://bot.example.org:8443/shifts/webhook", WEBHOOK_SECRET="s3cr3t_-S3CR3T")
        assert (config.webhook_url, config.webhook_secret) == (
            "https://bot.example.org:8443/shifts/webhook",
            "s3cr3t_-S3CR3T",
        )
        assert "s3cr3t" not in repr(config)

    @pytest.mark.parametrize(
        "url",
        [
            "http://bot.example.org/webhook",
            "https://bot.example.org",
            "https://bot.example.org/",
            "https:///webhook",
            "https://me:pw@bot.example.org/webhook",
            "https://bot.example.org/webhook?x=1",
            "https://bot.example.org:x/webhook",
        ],
    )
    def test_an_address_that_telegram_could_not_use_is_refused(self, url: str) -> None:
        (problem,) = problems_of(WEBHOOK_URL=url, WEBHOOK_SECRET="s3cr3t")
        assert problem.endswith(
            "but must be an https address that ends in /webhook, such as https://bot.example.org/webhook."
        )

    def test_telegram_delivers_to_four_ports_but_a_server_of_ones_own_to_any(self) -> None:
        webhook = {"WEBHOOK_URL": "https://bot.example.org:9443/webhook", "WEBHOOK_SECRET": "s3cr3t"}
        assert problems_of(**webhook) == (
            "WEBHOOK_URL has the port 9443, but Telegram delivers only to 443, 80, 88, 8443.",
        )
        assert load(**webhook, TELEGRAM_API_URL="http://localhost:8081").webhook_url == webhook["WEBHOOK_URL"]

    @pytest.mark.parametrize("secret", ["hunter2 hunter2", "hunter2!", "hünter2", "x" * 257])
    def test_a_secret_that_telegram_would_not_send_is_refused_without_being_shown(self, secret: str) -> None:
        (problem,) = problems_of(WEBHOOK_URL="https://bot.example.org/webhook", WEBHOOK_SECRET=secret)
        assert problem == "WEBHOOK_SECRET (not shown) must be 1 to 256 of the characters A-Z a-z 0-9 _ -."

    def test_one_without_the_other_is_refused(self) -> None:
        (without_secret,) = problems_of(WEBHOOK_URL="https://bot.example.org/webhook")
        assert without_secret == "WEBHOOK_URL is set without WEBHOOK_SECRET, so anybody could make up updates."
        (without_url,) = problems_of(WEBHOOK_SECRET="hunter2")
        assert without_url == "WEBHOOK_SECRET is set without WEBHOOK_URL, which says where Telegram delivers."

    def test_a_webhook_where_nothing_listens_is_refused(self) -> None:
        webhook = {"WEBHOOK_URL": "https://bot.example.org/webhook", "WEBHOOK_SECRET": "s3cr3t"}
        assert problems_of(**webhook, HEALTH_LISTEN="off") == (
            "WEBHOOK_URL is set, but HEALTH_LISTEN is off, so nothing would listen for updates.",
        )


class TestPlayground:
    def test_it_opens_where_nothing_speaks_of_a_real_bot(self) -> None:
        config = load(TIMEZONE="UTC", PRODUCTS="Anna")
        assert config.is_playground
        assert config.playground_refusal is None

    @pytest.mark.parametrize(
        ("setting", "value"),
        [
            ("ADMIN_IDS", "100"),
            ("DATABASE_URL", "postgresql://db/shifts"),
            ("POSTGRES_HOST", "db"),
            ("NOTIFY_SOCKET", "/run/systemd/notify"),
        ],
    )
    def test_without_a_token_a_setting_of_a_real_bot_stops_the_start(self, setting: str, value: str) -> None:
        config = load(**{setting: value})
        assert not config.is_playground
        assert config.playground_refusal is not None
        assert config.playground_refusal.startswith(f"BOT_TOKEN is not set, but {setting} is")

    def test_with_a_token_it_is_a_real_bot(self) -> None:
        config = load(BOT_TOKEN=TOKEN, ADMIN_IDS="100")
        assert not config.is_playground
        assert config.playground_refusal is None


class TestTheMirror:
    KEY = '{"client_email": "bot@x.iam", "private_key": "secret", "token_uri": "https://example.org/token"}'

    def test_a_spreadsheet_is_named_by_its_id_or_its_address(self) -> None:
        key = {"GOOGLE_SA_JSON": self.KEY}
        spreadsheet_id = "1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms"
        address = f"https://docs.google.com/spreadsheets/d/{spreadsheet_id}/edit?gid=0#gid=0"
        assert load(SPREADSHEET_ID=spreadsheet_id, **key).spreadsheet_id == spreadsheet_id
        assert load(SPREADSHEET_ID=address, **key).spreadsheet_id == spreadsheet_id
        assert "or its address" in problems_of(SPREADSHEET_ID="my sheet", **key)[0]

    def test_the_key_is_a_file_or_the_json_itself_and_never_shown(self, tmp_path: Path) -> None:
        file = tmp_path / "key.json"
        file.write_text(self.KEY)
        config = load(GOOGLE_SA_JSON=str(file))
        assert config == load(GOOGLE_SA_JSON=self.KEY)
        assert config.google_sa_json is not None
        assert config.google_sa_json["client_email"] == "bot@x.iam"
        assert "secret" not in repr(config)
        file.write_text('{"installed": {"client_secret": "secret"}}')
        for given in (str(file), file.read_text(), "{secret"):
            assert "secret" not in problems_of(GOOGLE_SA_JSON=given)[0]

    def test_a_spreadsheet_without_a_key_is_named_at_the_start(self) -> None:
        assert "without GOOGLE_SA_JSON" in problems_of(SPREADSHEET_ID="x" * 20)[0]
        assert load(SPREADSHEET_ID="x" * 20, SHEETS_EMULATOR_HOST="127.0.0.1:9000").sheets_emulator_host is not None

    def test_the_interval_is_whole_minutes(self) -> None:
        assert load(SHEETS_BACKUP_INTERVAL="15").sheets_backup_interval == 15
        assert "SHEETS_BACKUP_INTERVAL" in problems_of(SHEETS_BACKUP_INTERVAL="0")[0]


def test_a_misspelt_setting_in_the_file_is_named_with_what_it_should_be(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("BOT_TOKN=1\nPAYDAYS=3\nSOMETHING_ELSE=4\n")
    with pytest.raises(ConfigError) as refused:
        Config.load({}, env_file)
    assert refused.value.problems == (
        "BOT_TOKN is not a setting: BOT_TOKEN is meant, it seems.",
        "PAYDAYS is not a setting: PAY_DAYS is meant, it seems.",
    )


def test_no_field_of_a_record_can_be_the_name_of_a_product() -> None:
    assert {*HEADERS, *SHIFT_COLUMNS, "products"} <= RECORD_FIELDS
