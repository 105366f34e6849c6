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
# shellcheck source-path=SCRIPTDIR source=upgrade.sh
. "$here/upgrade.sh"

action=install
token_file=''
cluster=''
health_seconds=120
takes_dump_back=false
restored=''

usage() {
    cat <<END
usage: sudo deploy/install.sh [--dry-run] [--token-file FILE] [--cluster VERSION/NAME] [--wait SECONDS]
                              [--restore BACKUP]
       sudo deploy/install.sh --rollback [--with-dump] | --uninstall | --help

Installs the bot with its PostgreSQL and starts it. With a newer version in this folder the same command upgrades: it
makes a backup, migrates, starts the new version, and goes back to the old one by itself where that is not well.

  --dry-run        say what would be done, and change nothing
  --token-file     a file with the token of the bot; without it BOT_TOKEN of the environment, or you are asked
  --cluster        which PostgreSQL cluster to use, where there are several (pg_lsclusters)
  --restore        put a backup into the new, empty database before the bot starts: a dump, the newest of a folder such
                   as /mnt/usb/shiftbot, or of a target as in BACKUP_TARGET
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
        --token-file | --cluster | --wait | --restore)
            if [ -z "${2:-}" ]; then fail "$1 needs a value; install.sh --help tells which."; fi
            case $1 in
            --token-file) token_file=$2 ;;
            --cluster) cluster=$2 ;;
            --wait) health_seconds=$2 ;;
            --restore) case $2 in rsync:* | restic:*) restored=$2 ;; *) restored=$(realpath -m -- "$2") ;; esac ;;
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
    [ "$action" = install ] || [ -z "$restored" ] || fail "--restore does not go with --$action."
}

# --- install and upgrade ---------------------------------------------------------------------------------------------

install_all() {
    check_backup
    ask_settings
    install_packages
    make_account
    prepare_release
    prepare_database
    write_settings "$release"
    open_backup_places
    if [ -n "$restored" ]; then
        change "restore the backup $restored into the database" restore_backup
    fi
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

# Before anything is changed: whether there is something to restore, and whether it can be wanted.
check_backup() {
    [ -n "$restored" ] || return 0
    case $restored in rsync:* | restic:*) ;; *) [ -e "$restored" ] || fail "there is no backup $restored." ;; esac
    if has_systemd && is_running; then
        fail '--restore is for a database that is empty, and the bot works with this one. To put a backup in its place:
sudo systemctl stop shift-bot, then sudo shift-bot -m backup restore --replace BACKUP.'
    fi
}

# Before the first start, which would make the database one that is not empty. root reads the backup, for what lies on
# another disk is mostly another account's; the bot's account restores it, from a copy that is its own for that long.
restore_backup() {
    local dump
    private_copy=$(mktemp -d "$state_dir/restore-XXXXXX")
    dump=$(cd "$release" && CREDENTIALS_DIRECTORY="$settings_dir" PYTHONDONTWRITEBYTECODE=1 \
        .venv/bin/python -m deploy.hand_over "$restored" "$private_copy")
    chown -R "$account:$account" "$private_copy"
    if ! run_as_owner "$release" -m backup restore "$dump"; then
        warn 'where that is the backup already, of a run that was cut off, go on without --restore.'
        return 1
    fi
    rm -rf "$private_copy"
    private_copy=''
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

# --- away ---------------------------------------------------------------------------------------------------------

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
    if [ -n "$(find_server_settings)" ]; then
        say "PostgreSQL stays as it was set for the bot, until it is restarted without: sudo rm $(find_server_settings)"
    fi
}

trap 'explain_end "$undo"' EXIT
read_arguments "$@"
check_machine
$is_dry_run || take_lock
case $action in
install) install_all ;;
rollback) roll_back ;;
uninstall) uninstall ;;
esac
