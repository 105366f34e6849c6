#!/bin/bash
# Installs the shift bot as a service, and upgrades it: on Debian 12 and 13 and on Raspberry Pi OS (64-bit).
set -euo pipefail

here=$(dirname "$(readlink -f "$0")")
source_dir=$(dirname "$here")
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$here/common.sh"
# shellcheck source-path=SCRIPTDIR source=machine.sh
. "$here/machine.sh"
# shellcheck source-path=SCRIPTDIR source=database.sh
. "$here/database.sh"
# shellcheck source-path=SCRIPTDIR source=releases.sh
. "$here/releases.sh"
# shellcheck source-path=SCRIPTDIR source=units.sh
. "$here/units.sh"

action=install
token_file=''
cluster=''
health_seconds=120
takes_dump_back=false
undo=''

usage() {
    cat <<END
usage: sudo deploy/install.sh [--dry-run] [--token-file FILE] [--cluster VERSION/NAME] [--wait SECONDS]
       sudo deploy/install.sh --rollback [--with-dump] | --uninstall | --help

Installs the bot with its PostgreSQL and starts it. With a newer version in this folder the same command upgrades: it
makes a backup, migrates, starts the new version, and goes back to the old one by itself where that is not well.

  --dry-run        say what would be done, and change nothing
  --token-file     a file with the token of the bot; without it BOT_TOKEN of the environment, or you are asked
  --cluster        which PostgreSQL cluster to use, where there are several (pg_lsclusters)
  --wait           how long the bot may take until it is well ($health_seconds)
  --rollback       back to the version before this one
  --with-dump      also where the tables have changed since: with the data of the dump made before the upgrade
  --uninstall      remove the program and its services; the data stay

Any setting of .env.example that is set in the environment goes into $settings_file.
END
}

read_arguments() {
    while [ $# != 0 ]; do
        case $1 in
        --dry-run) is_dry_run=true ;;
        --rollback | --uninstall) action=${1#--} ;;
        --with-dump) takes_dump_back=true ;;
        --token-file | --cluster | --wait)
            if [ -z "${2:-}" ]; then fail "$1 needs a value; install.sh --help tells which."; fi
            case $1 in
            --token-file) token_file=$2 ;;
            --cluster) cluster=$2 ;;
            --wait) health_seconds=$2 ;;
            esac
            shift
            ;;
        --token | --token=*) fail 'a token on the command line is seen by everybody on the machine: use --token-file.' ;;
        --help | -h)
            usage
            exit 0
            ;;
        *) fail "$1 is no option; install.sh --help lists them." ;;
        esac
        shift
    done
    [[ $health_seconds =~ ^[1-9][0-9]{0,4}$ ]] || fail '--wait needs a number of seconds.'
    [ "$action" = rollback ] || ! $takes_dump_back || fail '--with-dump goes with --rollback.'
}

# --- install and upgrade ---------------------------------------------------------------------------------------------

install_all() {
    ask_settings
    install_packages
    make_account
    prepare_release
    prepare_database
    write_settings "$release"
    if [ -z "$current" ] || [ "$current" = "$release" ]; then
        put_in_place
    else
        upgrade
    fi
    remove_unused
    tell_end
}

# The first version, or the same one again.
put_in_place() {
    if [ -z "$current" ]; then
        change "make the tables of the database $database" migrate "$release"
        change "make version $version the current one" point current "$release"
    fi
    install_units "$($is_dry_run && echo "$source_dir" || echo "$release")"
    if has_systemd && { $needs_restart || ! is_running; }; then
        start_bot
        wait_until_well || exit 1
    fi
}

upgrade() {
    local schema
    if $is_dry_run; then
        say "would back up, stop the bot, migrate, and start version $version in place of ${current##*/}"
        return
    fi
    schema=$(read_schema_version "$release")
    stop_bot
    undo=go_back
    if [ "$schema" -le "$(read_known_version "$current")" ]; then
        change 'dump the database, in case the new version has to go' make_dump "$current"
        remember_origin "$schema"
    fi
    # Of this run, or of one that was cut off after it had begun to migrate.
    read -r _ schema_before dump_before <"$release/.came-from"
    change "bring the tables of the database up to version $(read_known_version "$release")" migrate "$release"
    change "make version $version the current one" point current "$release"
    install_units "$release"
    start_bot
    wait_until_well || exit 1
    point previous "$current"
    undo=
}

# An upgrade did not work out: the version before, and where the tables have changed, the data of before.
go_back() {
    undo=
    printf 'install.sh: going back to version %s.\n' "${current##*/}" >&2
    stop_bot
    if [ -n "${dump_before:-}" ] && [ "$(read_schema_version "$release")" != "$schema_before" ]; then
        take_dump_back "$release" "$dump_before"
    fi
    point current "$current"
    install_units "$current"
    start_bot
    if wait_until_well; then
        printf 'install.sh: version %s does not work here; version %s runs as before.\n' "$version" "${current##*/}" >&2
    fi
}

take_dump_back() {
    change "put the data of $2 back; what is there now is kept in a dump of its own" run_as_bot "$1" -m deploy.step_back "$2"
}

tell_end() {
    if [ "$changes" = 0 ]; then
        say "Nothing to do: version $version is installed."
    elif $is_dry_run; then
        say 'Nothing was changed.'
    elif has_systemd; then
        say "Version $version runs. How it is: systemctl status shift-bot, sudo shift-bot doctor.py"
    else
        say "Version $version is installed. systemd is not at work here, so nothing was started: sudo shift-bot -m bot"
    fi
}

# --- back, and away --------------------------------------------------------------------------------------------------

roll_back() {
    local dump='' left
    current=$(readlink -e "$program_dir/current" || true)
    previous_release=$(readlink -e "$program_dir/previous" || true)
    if [ -z "$current" ] || [ -z "$previous_release" ]; then
        fail 'there is no version before this one to go back to.'
    fi
    if $is_dry_run; then
        change "go back from version ${current##*/} to ${previous_release##*/}" :
        return
    fi
    if [ "$(read_schema_version "$current")" -gt "$(read_known_version "$previous_release")" ]; then
        read -r _ _ dump <"$current/.came-from" || true
        [ -r "$dump" ] || fail "version ${previous_release##*/} does not know today's tables, and no dump of then is there."
        $takes_dump_back || fail "version ${previous_release##*/} does not know today's tables, so it can only have the \
data of $(date -r "$dump" '+%Y-%m-%d %H:%M'): add --with-dump if that is what you want (today's are kept in a dump)."
    fi
    stop_bot
    [ -z "$dump" ] || take_dump_back "$current" "$dump"
    left=$current
    change "make version ${previous_release##*/} the current one" point current "$previous_release"
    point previous "$left"
    install_units "$previous_release"
    start_bot
    wait_until_well || exit 1
    say "Version ${previous_release##*/} is the current one again."
}

uninstall() {
    local unit
    for unit in "$units_dir"/shift-bot*.timer "$units_dir"/shift-bot*.service; do
        [ ! -e "$unit" ] || change "stop and remove ${unit##*/}" remove_unit "${unit##*/}"
    done
    if [ "$changes" != 0 ]; then
        reload_systemd
    fi
    if [ -e "$command_file" ]; then
        change "remove $command_file" rm -f "$command_file"
    fi
    if [ -e "$program_dir" ]; then
        change "remove the program in $program_dir" rm -rf "$program_dir"
    fi
    cat <<END
The data stay: the database $database in PostgreSQL, the settings in $settings_file, backups in $state_dir.
To remove these too, for good:
  sudo -u postgres dropdb $database && sudo -u postgres dropuser $account && sudo -u postgres dropuser ${account}_owner
  sudo rm -rf $settings_dir $state_dir && sudo userdel $account
END
}

trap 'explain_end "$undo"' EXIT
read_arguments "$@"
check_machine
case $action in
install) install_all ;;
rollback) roll_back ;;
uninstall) uninstall ;;
esac
