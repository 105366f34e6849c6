# shellcheck shell=bash
# From one version to another and back, with the data that each of them knows. Whatever does not work out on the way
# ends with a bot that runs, or with a sentence that says that none does.

undo='' schema_before='' dump_before=''

upgrade() {
    local schema
    if $is_dry_run; then
        say "would stop the bot, dump the database, migrate, and start version $version in place of ${current##*/}"
        return
    fi
    schema=$(read_schema_version "$release")
    if [ "$schema" -gt "$(read_known_version "$current" "$release")" ] && read_origin; then
        undo=go_back # a run that was cut off after it had begun to migrate
        stop_bot
    else
        undo=start_again
        stop_bot
        change 'dump the database, in case the new version has to go' make_dump "$schema"
        read_origin
        undo=go_back
    fi
    change "bring the tables of the database up to version $(read_known_version "$release")" migrate "$release"
    change "make version $version the current one" point current "$release"
    install_units "$release"
    start_bot
    wait_until_well || exit 1
    point previous "$current"
    undo=
}

# An upgrade did not work out: the version before, and where the tables have changed, the data of before. The version
# first: cut off here, the same command finds an upgrade that is to go on.
go_back() {
    local schema
    warn "going back to version ${current##*/}."
    stop_bot
    point current "$current"
    schema=$(read_schema_version "$release")
    if [ "$schema" != "$schema_before" ]; then
        take_dump_back "$release" "$dump_before"
    fi
    install_units "$current"
    start_bot
    if wait_until_well; then
        warn "version $version does not work here; version ${current##*/} runs as before."
    else
        warn "version ${current##*/} is back, but it is not well either: sudo shift-bot doctor.py tells more."
    fi
}

# Before anything was changed: the bot as it was.
start_again() {
    warn "nothing was changed; starting version ${current##*/} again."
    enable_units "$current"
    start_bot
    if wait_until_well; then
        warn "version ${current##*/} runs as before."
    fi
}

# Where that does not work out either.
tell_stopped() {
    warn "the bot is STOPPED, for the way back was cut off too, see above. Put right what is said there (a full disk, a \
server that is down), then run the same command again: it goes on from here."
    [ -z "$dump_before" ] || warn "the data of before the upgrade are in $dump_before"
}

take_dump_back() {
    change "put the data of $2 back; what is there now is kept in a dump of its own" run_as_owner "$1" -m deploy.step_back "$2"
}

roll_back() {
    local left
    current=$(readlink -e "$program_dir/current" || true)
    previous_release=$(readlink -e "$program_dir/previous" || true)
    if [ -z "$current" ] || [ -z "$previous_release" ]; then
        fail 'there is no version before this one to go back to.'
    fi
    if $is_dry_run; then
        change "go back from version ${current##*/} to ${previous_release##*/}" :
        return
    fi
    does_start "$previous_release" ||
        fail "version ${previous_release##*/} has its packages for another Python than this machine's, so it cannot start."
    if [ "$(read_schema_version "$current")" -gt "$(read_known_version "$previous_release" "$current")" ]; then
        read -r _ _ dump_before <"$current/.came-from" || true
        [ -r "$dump_before" ] ||
            fail "version ${previous_release##*/} does not know today's tables, and no dump of then is there."
        $takes_dump_back || fail "version ${previous_release##*/} does not know today's tables, so it can only have the \
data of $(date -r "$dump_before" '+%Y-%m-%d %H:%M'): add --with-dump if that is what you want (today's are kept in a dump)."
    fi
    undo=start_again
    stop_bot
    [ -z "$dump_before" ] || take_dump_back "$current" "$dump_before"
    undo=tell_stopped
    left=$current
    change "make version ${previous_release##*/} the current one" point current "$previous_release"
    point previous "$left"
    install_units "$previous_release"
    start_bot
    undo=
    wait_until_well || exit 1
    say "Version ${previous_release##*/} is the current one again."
}

# --- the schema and the data -----------------------------------------------------------------------------------------

# Version of the tables, as a release sees them that knows them; 0 for none.
read_schema_version() {
    run_as_bot "$1" -c 'from pg_schema import PostgresSchema; print(PostgresSchema().get_schema_version())'
}

# read_known_version RELEASE [RELEASE WHOSE PYTHON IS TAKEN]: the newest version of the tables that a release knows. Its
# own Python is of no use any more where Debian has a newer one by now.
read_known_version() {
    run_as_bot "${2:-$1}" -c 'import sys; sys.path.insert(0, sys.argv[1])
from sql import get_newest_version; print(get_newest_version())' "$1"
}

does_start() {
    run_as_bot "$1" -c 'import config, psycopg' 2>/dev/null
}

migrate() {
    run_as_owner "$1" pg_schema.py >/dev/null
}

# Kept before the tables are touched, out of reach of what thins out backups, and remembered with the version: where it
# came from, the version of the tables, the dump made of them. One of an earlier try is of no use any more.
make_dump() {
    local dump earlier=''
    dump=$(run_as_bot "$release" -m deploy.dump)
    if [ -r "$release/.came-from" ]; then
        read -r _ _ earlier <"$release/.came-from" || true
    fi
    printf '%s %s %s\n' "$current" "$1" "$dump" >"$release/.came-from.new"
    mv "$release/.came-from.new" "$release/.came-from"
    sync -f "$release"
    remove_dump "$earlier"
}

# What was remembered of an upgrade from the current version: to this one, or to another that was cut off before it.
read_origin() {
    local from file newest=$release/.came-from
    if [ ! -r "$newest" ]; then
        for file in "$program_dir"/releases/*/.came-from; do
            if [ -r "$file" ] && [ "$file" -nt "$newest" ]; then newest=$file; fi
        done
        [ -r "$newest" ] || return 1
    fi
    read -r from schema_before dump_before <"$newest" || return 1
    [ "$from" = "$current" ] || return 1
    [ "$newest" = "$release/.came-from" ] || cp "$newest" "$release/.came-from"
}

# A dump goes with the version that it was made for, unless another one needs it too.
remove_dump() {
    case ${1##*/} in before-upgrade-*.dump) ;; *) return 0 ;; esac
    if ! grep -qsF " $1" "$program_dir"/releases/*/.came-from; then
        rm -f -- "$1" "$1.json" "$1.sha256"
    fi
}
