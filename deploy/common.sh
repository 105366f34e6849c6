# shellcheck shell=bash
# What every step of install.sh stands on: where things are, and the one door through which anything is changed.

# shellcheck disable=SC2034 # read by the files that take this one in
{
    account=shiftbot
    database=shiftbot
    program_dir=/opt/shift-bot
    settings_dir=/etc/shift-bot
    settings_file=$settings_dir/env
    state_dir=/var/lib/shift-bot
    command_file=/usr/local/bin/shift-bot
    units_dir=/etc/systemd/system
    is_dry_run=false
    changes=0
    doing=''
}

say() {
    printf '%s\n' "$*"
}

fail() {
    printf 'install.sh: %s\n' "$*" >&2
    doing=''
    exit 1
}

# change SENTENCE COMMAND...: do it and say so; in a dry run only say so. Where it fails, `explain_end` tells the sentence.
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
    "$@"
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

# For the trap on EXIT: which change did not work, then what undoes it (the command in $1).
explain_end() {
    local status=$?
    trap - EXIT
    if [ "$status" != 0 ] && [ -n "$doing" ]; then
        printf 'install.sh: could not %s, see above; the same command goes on where this one stopped.\n' "$doing" >&2
    fi
    if [ "$status" != 0 ] && [ -n "${1:-}" ]; then
        "$1"
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

# A setting as it stands in the settings' file, without quotes; nothing where it is not set or not readable.
read_setting() {
    [ ! -r "$settings_file" ] || sed -nE "s/^[[:space:]]*(export[[:space:]]+)?$1=[\"']?([^\"']*)[\"']?[[:space:]]*\$/\2/p" \
        "$settings_file" | tail -n 1
}
