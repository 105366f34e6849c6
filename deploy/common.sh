# shellcheck shell=bash
# What every step of install.sh stands on: where things are, and the one door through which anything is changed.

# The program is there for its account to read, whatever the umask of whoever installs; what is secret has its own mode.
umask 022

# shellcheck disable=SC2034 # read by the files that take this one in
{
    account=shiftbot
    database=shiftbot
    program_dir=/opt/shift-bot
    settings_dir=/etc/shift-bot
    settings_file=$settings_dir/env
    owner_file=$settings_dir/owner
    state_dir=/var/lib/shift-bot
    command_file=/usr/local/bin/shift-bot
    units_dir=/etc/systemd/system
    lock_file=/run/shift-bot-install.lock
    is_dry_run=false
    changes=0
    doing=''
    private_copy=''
}

# Nobody who reads along any more, such as a connection that broke, is no reason to stop half-way.
say() {
    printf '%s\n' "$*" || true
}

warn() {
    printf 'install.sh: %s\n' "$*" >&2 || true
}

fail() {
    warn "$*"
    doing=''
    exit 1
}

# One installer at a time.
take_lock() {
    exec 9>"$lock_file"
    flock --nonblock 9 || fail 'another install.sh is at work on this machine; wait until it has ended.'
}

# change SENTENCE COMMAND...: do it and say so; in a dry run only say so. Where it fails, `explain_end` tells the sentence.
# What it starts and leaves running, such as PostgreSQL, does not get the lock.
change() {
    local sentence=$1
    shift
    changes=$((changes + 1))
    if $is_dry_run; then
        say "would $sentence"
        return
    fi
    say "- $sentence"
    doing=$sentence
    "$@" 9>&-
    doing=''
}

# quietly COMMAND...: what it says is shown only where it fails.
quietly() {
    local said
    if ! said=$("$@" 2>&1); then
        printf '%s\n' "$said" >&2
        return 1
    fi
}

# For the trap on EXIT: which change did not work, then what undoes it (the command in $1; where that does not work out
# either, tell_stopped says what there is to do).
explain_end() {
    local status=$?
    trap - EXIT
    if [ "$status" != 0 ] && [ -n "$doing" ]; then
        warn "could not $doing, see above; the same command goes on where this one stopped."
    fi
    [ -z "$private_copy" ] || rm -rf "$private_copy"
    if [ "$status" != 0 ] && [ -n "${1:-}" ]; then
        # Not behind `if` or `||`, where nothing in it would stop at what fails.
        set +e
        (
            set -e
            "$1"
        )
        # shellcheck disable=SC2181
        [ $? = 0 ] || tell_stopped
    fi
    exit "$status"
}

has_systemd() {
    [ -d /run/systemd/system ]
}

# run_as_bot RELEASE ARGUMENT...: the release's Python as the service runs it: its account, its settings, nothing else.
run_as_bot() {
    local release=$1
    shift
    (cd "$release" && runuser -u "$account" -- env -i PATH=/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 HOME="$state_dir" \
        CREDENTIALS_DIRECTORY="$settings_dir" DATA_DIR="$state_dir" PYTHONDONTWRITEBYTECODE=1 \
        "$release/.venv/bin/python" "$@" </dev/null)
}

# run_as_owner RELEASE ARGUMENT...: the same, for what changes the tables: with the login that owns them, where there is
# one. It is read where nobody sees it: neither on a command line nor in the environment of who starts this.
run_as_owner() {
    local release=$1
    shift
    if [ ! -e "$owner_file" ]; then
        run_as_bot "$release" "$@"
        return
    fi
    (cd "$release" && runuser -u "$account" -- env -i PATH=/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 HOME="$state_dir" \
        CREDENTIALS_DIRECTORY="$settings_dir" DATA_DIR="$state_dir" PYTHONDONTWRITEBYTECODE=1 \
        sh -c 'read -r DATABASE_OWNER_URL && export DATABASE_OWNER_URL && exec "$@" </dev/null' sh \
        "$release/.venv/bin/python" "$@" <"$owner_file")
}

# A setting as it stands in the settings' file, for before there is the Python that reads it: as far as one line goes,
# without quotes and comment; nothing where it is not set or not readable.
read_setting() {
    local name="^[[:space:]]*(export[[:space:]]+)?$1[[:space:]]*=[[:space:]]*" end='[[:space:]]*(#.*)?$'
    [ ! -r "$settings_file" ] || sed -nE -e "s/$name'([^']*)'$end/\\2/p; t" -e "s/$name\"([^\"]*)\"$end/\\2/p; t" \
        -e "s/$name//; T; s/(^|[[:space:]]+)#.*//; s/[[:space:]]+\$//; p" "$settings_file" | tail -n 1
}
