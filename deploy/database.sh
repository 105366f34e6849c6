# shellcheck shell=bash
# PostgreSQL from Debian: a cluster that keeps what it confirms, two roles, the database. The bot comes in by its socket
# as the account that it runs as (peer), without a password. What changes the tables comes in as their owner, by TCP with
# one that only root can read.

socket_dir=/var/run/postgresql
pg_version='' pg_cluster='' pg_port=5432 pg_data='' pg_status=''

prepare_database() {
    has_local_database || return 0
    find_cluster
    if [ -z "$pg_version" ]; then
        change 'make a PostgreSQL cluster with checksums, set for 4 GB and flash' make_cluster
    elif [ "$pg_status" != online ]; then
        change "start PostgreSQL $pg_version/$pg_cluster" control_cluster start
    fi
    if $is_dry_run && { [ -z "$pg_version" ] || ! can_ask_server; }; then
        say "would set the server for 4 GB and flash, with data checksums; make the roles $account and ${account}_owner"
        say "would make the database $database"
        return
    fi
    tune_cluster
    if [ ! -e "$owner_file" ] || [ "$(ask_server -f "$here/database-is-there.sql")" != t ]; then
        change "make the roles $account and ${account}_owner, and the database $database" make_roles
    fi
}

# The owner's way in before the role: cut off between them, the next run makes both anew.
make_roles() {
    local password
    password=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
    install -m 0600 /dev/null "$owner_file.new"
    echo "postgresql://${account}_owner:$password@127.0.0.1:$pg_port/$database" >"$owner_file.new"
    mv "$owner_file.new" "$owner_file"
    POSTGRES_OWNER_PASSWORD=$password ask_server -f "$here/database.sql"
    PGPASSWORD=$password psql -X -q -h 127.0.0.1 -p "$pg_port" -U "${account}_owner" -d "$database" -c '' ||
        fail "PostgreSQL $pg_version/$pg_cluster does not let ${account}_owner in from this machine. Its pg_hba.conf needs \
the line: host $database ${account}_owner 127.0.0.1/32 scram-sha-256, and listen_addresses the localhost. Then run this again."
}

# The only cluster, or of several the one that --cluster or the settings name.
find_cluster() {
    local lines wanted_port
    command -v pg_lsclusters >/dev/null || return 0
    lines=$(pg_lsclusters -h)
    wanted_port=$(read_setting POSTGRES_PORT)
    if [ -n "$cluster" ]; then
        lines=$(awk -v wanted="$cluster" '$1 "/" $2 == wanted' <<<"$lines")
        [ -n "$lines" ] || fail "there is no PostgreSQL cluster $cluster; pg_lsclusters lists those there are."
    elif [ "$(wc -l <<<"$lines")" -gt 1 ] && [ -e "$settings_file" ]; then
        lines=$(awk -v port="${wanted_port:-5432}" '$3 == port' <<<"$lines")
    fi
    [ "$(wc -l <<<"$lines")" = 1 ] ||
        fail 'there are several PostgreSQL clusters (pg_lsclusters): say which, such as --cluster 17/main.'
    read -r pg_version pg_cluster pg_port pg_status _ pg_data _ <<<"$lines" || true
    [ -z "$pg_version" ] || [ "$pg_version" -ge 15 ] ||
        fail "PostgreSQL 15 or newer is needed, and this is $pg_version: pg_upgradecluster $pg_version $pg_cluster"
}

make_cluster() {
    pg_version=$(find /usr/lib/postgresql -mindepth 1 -maxdepth 1 -printf '%f\n' | sort -n | tail -n 1)
    pg_createcluster "$pg_version" main -- --data-checksums >/dev/null
    find_cluster
    control_cluster start
}

# start, stop or restart, by systemd where it runs, so that it knows of it.
control_cluster() {
    if has_systemd; then
        systemctl "$1" "postgresql@$pg_version-$pg_cluster.service"
    else
        pg_ctlcluster "$pg_version" "$pg_cluster" "$1"
    fi
}

ask_server() {
    (cd / && runuser -u postgres -- psql -X -q -At -v ON_ERROR_STOP=1 -v account="$account" -v database="$database" \
        -h "$socket_dir" -p "$pg_port" -d postgres "$@")
}

can_ask_server() {
    [ "$(id -u)" = 0 ] && ask_server -c 'SELECT 1' >/dev/null 2>&1
}

# A server that holds other people's databases too stays as they have set it.
tune_cluster() {
    local others conf="/etc/postgresql/$pg_version/$pg_cluster/conf.d/shift-bot.conf" checksums
    others=$(ask_server -c "SELECT string_agg(datname, ', ') FROM pg_database
        WHERE NOT datistemplate AND datname NOT IN ('postgres', '$database') AND datname NOT LIKE 'restore\_check\_%'")
    checksums=$(ask_server -c 'SHOW data_checksums')
    if [ -n "$others" ]; then
        if [ ! -e "$conf" ] || [ "$checksums" != on ]; then
            say "PostgreSQL $pg_version/$pg_cluster holds other databases ($others) and stays as it is set."
        fi
        return 0
    fi
    if [ "$checksums" != on ]; then
        change 'switch data checksums on' switch_checksums_on
    fi
    if ! cmp -s "$here/postgresql.conf" "$conf"; then
        change "set the server for 4 GB and flash ($conf)" set_server "$conf"
    fi
}

switch_checksums_on() {
    control_cluster stop
    quietly runuser -u postgres -- "/usr/lib/postgresql/$pg_version/bin/pg_checksums" --enable -D "$pg_data"
    control_cluster start
}

# The files that set_server has made, of any version of PostgreSQL.
find_server_settings() {
    find /etc/postgresql -path '*/conf.d/shift-bot.conf' -printf '%p ' 2>/dev/null || true
}

set_server() {
    install -D -m 0644 "$here/postgresql.conf" "$1"
    control_cluster restart
}
