# shellcheck shell=bash
# Versions of the program beside each other, and which of them is current. A version is named by what is in it, its
# packages are shared by all versions that name the same ones, and no file of it is changed once it is whole. `.complete`
# is there only where all else is on the disk, whenever the power fails.

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
    install -d -m 0755 "$program_dir/environments"
    python3 -m venv "$environment"
    "$environment/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --require-hashes --no-deps \
        --only-binary :all: -r "$source_dir/requirements.txt"
    chmod -R go=rX "$environment"
    sync -f "$environment"
    touch "$environment/.complete"
}

build_release() {
    rm -rf "$release"
    install -d -m 0755 "$program_dir/releases" "$release"
    list_program | tar -C "$source_dir" --null --no-recursion -T - -c | tar -C "$release" --no-same-owner -x
    ln -s "$environment" "$release/.venv"
    "$release/.venv/bin/python" -m compileall -q -j 0 -x '/\.venv/' "$release"
    chown -R root:root "$release"
    chmod -R u=rwX,go=rX "$release"
    sync -f "$release"
    touch "$release/.complete"
}

# point NAME RELEASE: a symlink that is the old or the new one at any moment.
point() {
    ln -sfn "$2" "$program_dir/.$1.new"
    mv -T "$program_dir/.$1.new" "$program_dir/$1"
    sync -f "$program_dir"
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
            change "remove $path, which is not used any more" remove_version "$path"
        fi
    done
}

remove_version() {
    local dump=''
    rm -f "$1/.complete"
    if [ -r "$1/.came-from" ]; then
        read -r _ _ dump <"$1/.came-from" || true
    fi
    rm -rf "$1"
    remove_dump "$dump"
}
