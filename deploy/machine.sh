# shellcheck shell=bash
# The machine: whether it will do, Debian's packages, the account, and what the operator is asked.

apt_wait_seconds=300

check_machine() {
    local os_release=${OS_RELEASE:-/etc/os-release} distribution version
    [ -r "$os_release" ] || fail "this is no Debian: $os_release is missing."
    # shellcheck disable=SC1090
    distribution=$(. "$os_release" && echo "${ID:-}")
    # shellcheck disable=SC1090
    version=$(. "$os_release" && echo "${VERSION_ID:-}")
    case "$distribution $version" in
    'debian 12' | 'debian 13' | 'raspbian 12' | 'raspbian 13') ;;
    *) fail "Debian 12 or 13 or Raspberry Pi OS is needed, and this is ${distribution:-unknown} ${version:-}." ;;
    esac
    case "$(dpkg --print-architecture)" in
    amd64 | arm64) ;;
    *) fail 'the packages need a 64-bit system on x86-64 or arm64; of Raspberry Pi OS take the 64-bit one.' ;;
    esac
    if ! $is_dry_run && [ "$(id -u)" != 0 ]; then
        fail "root is needed: sudo $0"
    fi
}

# Whether the database is to be Debian's on this machine; not where the settings name one elsewhere.
has_local_database() {
    local host=${POSTGRES_HOST:-$(read_setting POSTGRES_HOST)}
    [ -z "${DATABASE_URL:-$(read_setting DATABASE_URL)}" ] && case "$host" in '' | "$socket_dir") true ;; *) false ;; esac
}

# The two settings without which no bot runs: from the environment, from a file, from the settings there are, or asked.
ask_settings() {
    local ids='^[0-9]+(,[0-9]+)*$' token='^[0-9]+:[^[:space:]]+$'
    if [ -n "$token_file" ]; then
        [ -r "$token_file" ] || fail "the file of --token-file cannot be read: $token_file"
        BOT_TOKEN=$(tr -d '[:space:]' <"$token_file")
    fi
    [ -n "${BOT_TOKEN:-$(read_setting BOT_TOKEN)}" ] || ask BOT_TOKEN 'The token that @BotFather gave (it is not shown): ' -s
    [ -n "${ADMIN_IDS:-$(read_setting ADMIN_IDS)}" ] ||
        ask ADMIN_IDS 'Telegram ids of the admins, comma-separated (@userinfobot tells yours): '
    [[ -z ${BOT_TOKEN:-} || $BOT_TOKEN =~ $token ]] ||
        fail 'BOT_TOKEN (not shown) is no bot token: it must be as @BotFather gives it, digits, a colon and letters.'
    [[ -z ${ADMIN_IDS:-} || ${ADMIN_IDS// /} =~ $ids ]] ||
        fail 'ADMIN_IDS must be Telegram ids (whole numbers), comma-separated.'
    export BOT_TOKEN=${BOT_TOKEN:-} ADMIN_IDS=${ADMIN_IDS:-}
}

# ask NAME QUESTION [OPTION OF read]
ask() {
    local answer=
    if $is_dry_run; then
        say "would ask for $1"
        return
    fi
    [ -t 0 ] || fail "$1 is not known: set it in the environment, or run this in a terminal to be asked."
    # shellcheck disable=SC2086
    read -r ${3:-} -p "$2" answer
    [ -z "${3:-}" ] || say ''
    [ -n "$answer" ] || fail "$1 is needed."
    printf -v "$1" %s "$answer"
}

install_packages() {
    local wanted=(ca-certificates python3 python3-venv) missing=() package
    ! has_local_database || wanted+=(postgresql)
    for package in "${wanted[@]}"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] || missing+=("$package")
    done
    if [ ${#missing[@]} != 0 ]; then
        change "install ${missing[*]} from Debian" fetch_packages "${missing[@]}"
    fi
    if ! $is_dry_run; then
        python3 -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' ||
            fail "Python 3.11, 3.12 or 3.13 is needed, and this is $(python3 --version)."
    fi
}

fetch_packages() {
    export DEBIAN_FRONTEND=noninteractive
    quietly update_lists
    quietly apt-get -o DPkg::Lock::Timeout="$apt_wait_seconds" install -q --yes --no-install-recommends "$@"
}

# A fresh system updates itself in its first minutes. For the lists apt does not wait by itself, as it does for packages.
update_lists() {
    local said deadline=$((SECONDS + apt_wait_seconds))
    until said=$(LC_ALL=C apt-get -o DPkg::Lock::Timeout="$apt_wait_seconds" update -q 2>&1); do
        if [[ $said != *'Could not get lock'* ]] || [ "$SECONDS" -ge "$deadline" ]; then
            printf '%s\n' "$said"
            return 1
        fi
        sleep 5
    done
}

make_account() {
    if ! getent passwd "$account" >/dev/null; then
        change "make the system account $account" useradd --system --user-group --home-dir "$state_dir" \
            --no-create-home --shell /usr/sbin/nologin "$account"
    fi
    ensure_directory "$settings_dir" 0750 root "$account"
    ensure_directory "$state_dir" 0700 "$account" "$account"
    ensure_directory "$program_dir" 0755 root root
}

# ensure_directory PATH MODE OWNER GROUP
ensure_directory() {
    if [ "$(stat -c '%#a %U %G' "$1" 2>/dev/null || true)" != "$2 $3 $4" ]; then
        change "make the directory $1 ($3:$4, mode $2)" install -d -m "$2" -o "$3" -g "$4" "$1"
    fi
}

# One line a name, for `change` and for whoever reads along; the values stay where they are.
write_settings() {
    local release=$1 names
    if has_local_database; then
        export POSTGRES_HOST=$socket_dir POSTGRES_PORT=$pg_port
    fi
    if $is_dry_run; then
        if [ ! -e "$settings_file" ]; then
            change "write the settings to $settings_file ($account, mode 0600)"
        fi
        return
    fi
    names=$(edit_settings "$release" list)
    if [ -n "$names" ]; then
        change "write to $settings_file: $names" edit_settings "$release" write
        needs_restart=true
    fi
    if [ "$(stat -c '%#a %U %G' "$settings_file")" != "0600 $account $account" ]; then
        change "let only $account read $settings_file" secure_settings
    fi
}

edit_settings() {
    (cd "$1" && PYTHONDONTWRITEBYTECODE=1 .venv/bin/python -m deploy.settings "$2" "$settings_file")
}

secure_settings() {
    chown "$account:$account" "$settings_file"
    chmod 0600 "$settings_file"
}
