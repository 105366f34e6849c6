#!/bin/sh
# Makes .venv with exactly what the lock files name; `make` runs it in the project's directory before anything else.
# Where that is done already it ends at once; what was cut off half-way is done again.
set -eu

supported='import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))'

fail() {
    printf 'make setup: %s\n' "$*" >&2
    exit 1
}

find_python() {
    for candidate in python3 python3.13 python3.12 python3.11; do
        if "$candidate" -c "$supported" 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    command -v python3 >/dev/null || fail 'Python is missing: sudo apt install python3 python3-venv'
    fail "Python 3.11, 3.12 or 3.13 is needed, this is $(python3 --version): sudo apt install python3.13 python3.13-venv"
}

exec 9<requirements.txt # two makes at once: the second waits for the first
flock 9

wanted=$(cat requirements.txt requirements-dev.txt | cksum)
if [ "$(cat .venv/installed 2>/dev/null)" = "$wanted" ] && .venv/bin/python -c "$supported" 2>/dev/null; then
    exit 0
fi
rm -f .venv/installed

python=$(find_python)
"$python" -c 'import venv, ensurepip' 2>/dev/null || fail "Python cannot make a virtual environment: sudo apt install $python-venv"
case $("$python" -c 'import platform, struct; print(platform.machine(), struct.calcsize("P"), platform.libc_ver()[0])') in
'x86_64 8 glibc' | 'aarch64 8 glibc') ;;
*) fail 'the packages need a 64-bit Linux on x86-64 or arm64 with glibc, such as Debian 12 or Raspberry Pi OS (64-bit)' ;;
esac

echo 'Installing the pinned packages into .venv, this once ...'
if ! .venv/bin/python -c "import pip; $supported" 2>/dev/null; then
    "$python" -m venv --clear .venv || fail 'the virtual environment .venv cannot be made, see above'
fi
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes --no-deps \
    --only-binary :all: -r requirements.txt -r requirements-dev.txt ||
    fail 'the packages cannot be installed, see above; with the network back, the same command goes on'
echo "$wanted" >.venv/installed
