# shellcheck shell=bash
# Versions of the program beside each other, and which of them is current. A version is named by what is in it, its
# packages are shared by all versions that name the same ones, and no file of it is changed once it is whole.

version='' release='' environment='' current='' previous_release=''

# The files of the program as names with a NUL behind each: modules, packages, units; no tests, no data of anybody.
list_program() {
    local directory
    (
        cd "$source_dir" || exit
        find . -maxdepth 1 -type f \( -name '*.py' -o -name requirements.txt -o -name .env.example -o -name LICENSE \) -print0
        for directory in */; do
            case $directory in tests/ | benchmarks/ | data/ | scripts/) continue ;; esac
            [ "$directory" = systemd/ ] || compgen -G "$directory*.py" >/dev/null || continue
            find "./$directory" -name __pycache__ -prune -o -type f ! -name '.*' -print0
        done
    ) | LC_ALL=C sort -z
}

name_version() {
    local python
    python=$(python3 --version 2>/dev/null || echo 'no Python yet')
    environment=$program_dir/environments/$({ echo "$python" && cat "$source_dir/requirements.txt"; } | sha256sum | cut -c1-12)
    version=$(list_program | (cd "$source_dir" && xargs -0 sha256sum) | { cat && echo "$environment"; } | sha256sum | cut -c1-12)
    release=$program_dir/releases/$version
    current=$(readlink -e "$program_dir/current" || true)
    previous_release=$(readlink -e "$program_dir/previous" || true)
}

prepare_release() {
    name_version
    if [ ! -e "$environment/.complete" ]; then
        change "install the pinned packages into $environment (some minutes on a Pi)" build_environment
    fi
    if [ ! -e "$release/.complete" ]; then
        change "put version $version into $release" build_release
    fi
    if ! cmp -s "$here/shift-bot" "$command_file"; then
        change "put the command shift-bot into $command_file" install -m 0755 "$here/shift-bot" "$command_file"
    fi
}

build_environment() {
    rm -rf "$environment"
    mkdir -p "$program_dir/environments"
    python3 -m venv "$environment"
    "$environment/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --require-hashes --no-deps \
        --only-binary :all: -r "$source_dir/requirements.txt"
    chmod -R go=rX "$environment"
    touch "$environment/.complete"
}

build_release() {
    rm -rf "$release"
    mkdir -p "$release"
    list_program | tar -C "$source_dir" --null --no-recursion -T - -c | tar -C "$release" --no-same-owner -x
    ln -s "$environment" "$release/.venv"
    "$release/.venv/bin/python" -m compileall -q -j 0 -x '/\.venv/' "$release"
    chown -R root:root "$release"
    chmod -R u=rwX,go=rX "$release"
    touch "$release/.complete"
}

# point NAME RELEASE: a symlink that is the old or the new one at any moment.
point() {
    ln -sfn "$2" "$program_dir/.$1.new"
    mv -T "$program_dir/.$1.new" "$program_dir/$1"
}

# Versions and packages that neither the current nor the previous version needs.
remove_unused() {
    local kept path
    if $is_dry_run; then
        return
    fi
    kept=$(for path in current previous; do readlink -e "$program_dir/$path" "$program_dir/$path/.venv" || true; done)
    for path in "$program_dir"/releases/* "$program_dir"/environments/*; do
        if [ -d "$path" ] && ! grep -qxF "$path" <<<"$kept"; then
            change "remove $path, which is not used any more" rm -rf "$path"
        fi
    done
}

# --- the schema and the data of an upgrade ---------------------------------------------------------------------------

# Version of the tables, as a release sees them that knows them; 0 for none.
read_schema_version() {
    run_as_bot "$1" -c 'from pg_schema import PostgresSchema; print(PostgresSchema().get_schema_version())'
}

# The newest version of the tables that a release knows.
read_known_version() {
    run_as_bot "$1" -c 'from sql import get_newest_version; print(get_newest_version())'
}

find_newest_dump() {
    run_as_bot "$1" -m backup list | awk '{ path = $NF } END { if (path ~ /\.dump$/) print path }'
}

# Kept before the tables are touched. A copy that does not get off the machine is said, and no reason to stop.
make_dump() {
    local before after
    before=$(find_newest_dump "$1")
    run_as_bot "$1" -m backup make --now || true
    after=$(find_newest_dump "$1")
    [ -n "$after" ] && [ "$after" != "$before" ]
}

# Where an upgrade to a version came from, kept with it: the version before, that of its tables, the dump made of them.
remember_origin() {
    printf '%s %s %s\n' "$current" "$1" "$(find_newest_dump "$current")" >"$release/.came-from.new"
    mv "$release/.came-from.new" "$release/.came-from"
}

migrate() {
    run_as_bot "$1" pg_schema.py >/dev/null
}
