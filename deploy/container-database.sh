#!/bin/sh
# For docker-compose.yml: runs once, when the container of PostgreSQL makes its database. The bot's role and the owner of
# the tables are as deploy/install.sh makes them, with POSTGRES_PASSWORD and POSTGRES_OWNER_PASSWORD; the superuser keeps
# no password, so nobody comes in as it by TCP.
set -eu

ask() {
    psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="${POSTGRES_USER:-postgres}" --dbname=postgres "$@"
}

ask --set=account=shiftbot --set=database=shiftbot --file="${DATABASE_SQL:-/shift-bot/database.sql}"
# By way of the environment: a password on a command line can be read by others.
ask <<'SQL'
\getenv password POSTGRES_PASSWORD
SET password_encryption = 'scram-sha-256';
ALTER ROLE shiftbot PASSWORD :'password';
ALTER ROLE CURRENT_USER PASSWORD NULL;
SQL
