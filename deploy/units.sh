# shellcheck shell=bash
# systemd: the units of a version, which of them run, and whether the bot is well. Where systemd is not at work (a
# container, a folder being prepared) units are installed and enabled, and nothing is started.

bot_unit=shift-bot.service
needs_restart=false

# install_units RELEASE
install_units() {
    local unit name is_changed=false
    for unit in "$1"/systemd/*; do
        name=${unit##*/}
        if ! cmp -s "$unit" "$units_dir/$name"; then
            change "install the unit $name" install -D -m 0644 "$unit" "$units_dir/$name"
            is_changed=true
        fi
    done
    for unit in "$units_dir"/shift-bot*.service "$units_dir"/shift-bot*.timer; do
        if [ -e "$unit" ] && [ ! -e "$1/systemd/${unit##*/}" ]; then
            change "remove the unit ${unit##*/}, which this version does not have" remove_unit "${unit##*/}"
            is_changed=true
        fi
    done
    if $is_changed; then
        needs_restart=true
        reload_systemd
    fi
    enable_units "$1"
}

reload_systemd() {
    if has_systemd && ! $is_dry_run; then
        systemctl daemon-reload
    fi
}

# Backups that go outside of the state directory need a way through the sandbox, for the bot and for the timers' services.
# By the version that is being installed: one that comes back later finds what its settings need.
open_backup_places() {
    local name file opening=''
    if $is_dry_run && { [ ! -e "$release/.complete" ] || [ ! -r "$settings_file" ]; }; then
        if [ -n "${BACKUP_DIR:-$(read_setting BACKUP_DIR)}${BACKUP_TARGET:-$(read_setting BACKUP_TARGET)}" ]; then
            say "would let the services write to the places of BACKUP_DIR and BACKUP_TARGET on this machine"
        fi
        return
    fi
    opening=$(edit_settings "$release" places)
    for name in shift-bot shift-bot-backup shift-bot-restore-check; do
        file=$units_dir/$name.service.d/backup-places.conf
        if [ -z "$opening" ]; then
            [ ! -e "$file" ] || change "remove $file" remove_drop_in "$file"
        elif [ "$(cat "$file" 2>/dev/null)" != "$opening" ]; then
            change "let $name write to the places of the backups ($file)" write_drop_in "$file" "$opening"
        fi
    done
}

write_drop_in() {
    install -d -m 0755 "${1%/*}"
    printf '%s\n' "$2" >"$1"
    needs_restart=true
    reload_systemd
}

remove_drop_in() {
    rm -f "$1"
    rmdir --ignore-fail-on-non-empty "${1%/*}"
    needs_restart=true
    reload_systemd
}

# What is to run by itself. The bot mirrors and makes backups too; a timer finds nothing to do then.
list_wanted_units() {
    printf '%s\n' "$bot_unit" shift-bot-backup.timer shift-bot-restore-check.timer
    [ -z "$(read_setting SPREADSHEET_ID)" ] || echo shift-bot-mirror.timer
}

enable_units() {
    local unit wanted
    if ! command -v systemctl >/dev/null; then
        return 0
    fi
    wanted=$(list_wanted_units)
    for unit in "$1"/systemd/*; do
        unit=${unit##*/}
        if grep -qxF "$unit" <<<"$wanted"; then
            is_enabled "$unit" || change "enable $unit" systemctl enable --quiet "$unit"
            start_timer "$unit"
        elif is_enabled "$unit"; then
            change "disable $unit" disable_unit "$unit"
        fi
    done
}

is_enabled() {
    [ "$(systemctl is-enabled "$1" 2>/dev/null || true)" = enabled ]
}

start_timer() {
    case $1 in *.timer) ;; *) return 0 ;; esac
    if has_systemd && [ "$(systemctl is-active "$1" 2>/dev/null || true)" != active ]; then
        change "start $1" systemctl start "$1"
    fi
}

disable_unit() {
    ! has_systemd || systemctl stop "$1"
    systemctl disable --quiet "$1"
}

remove_unit() {
    if command -v systemctl >/dev/null; then
        ! has_systemd || systemctl stop "$1"
        systemctl disable --quiet "$1" 2>/dev/null || true
    fi
    rm -rf "${units_dir:?}/$1" "${units_dir:?}/$1.d" "/var/lib/systemd/timers/stamp-$1"
}

# --- the bot ---------------------------------------------------------------------------------------------------------

is_running() {
    case $(systemctl is-active "$bot_unit" || true) in active | activating | reloading) true ;; *) false ;; esac
}

# With the timers and what they have begun: no backup is half-way while the tables change, or keeps others from theirs.
stop_bot() {
    local unit
    has_systemd || return 0
    for unit in "$units_dir"/shift-bot-*.timer "$units_dir"/shift-bot-*.service; do
        [ ! -e "$unit" ] || systemctl stop "${unit##*/}"
    done
    if is_running; then
        change 'stop the bot' systemctl stop "$bot_unit"
    fi
}

# It waits for Telegram as long as it takes; so it is not systemctl that waits for it.
start_bot() {
    if has_systemd; then
        systemctl reset-failed "$bot_unit" 2>/dev/null || true
        change 'start the bot' systemctl restart --no-block "$bot_unit"
    fi
}

# Until /health is well; false where it is not after `health_seconds`.
wait_until_well() {
    local deadline=$((SECONDS + health_seconds)) problem=''
    if ! has_systemd || $is_dry_run; then
        return 0
    fi
    while [ "$SECONDS" -lt "$deadline" ]; do
        case $(systemctl is-active "$bot_unit" || true) in
        active) if problem=$(run_as_bot "$program_dir/current" -m deploy.health); then return 0; fi ;;
        failed)
            problem='it ended, and starting it again would not help'
            break
            ;;
        *) problem=$(systemctl show --property=StatusText --value "$bot_unit") ;;
        esac
        sleep 2
    done
    printf 'install.sh: the bot is not well (%s); its log: journalctl -u shift-bot\n' "${problem:-it does not start}" >&2
    return 1
}
