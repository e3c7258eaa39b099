#!/usr/bin/env bash
# Everything that `make demo|test|bench|lint` needs, on a bare Debian 12 or Ubuntu. Idempotent; says what it installs.
set -euo pipefail
cd "$(dirname "$0")/.."
purpose=${1:-demo}

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

missing_packages() {
    command -v gbak >/dev/null 2>&1 || echo firebird3.0-utils
    [ -x /usr/sbin/firebird ] || echo firebird3.0-server
    case $purpose in
        test | bench | campaign | windows)
            command -v mariadbd >/dev/null 2>&1 || [ -x /usr/sbin/mariadbd ] || echo mariadb-server
            command -v unzip >/dev/null 2>&1 || echo unzip
            command -v pigz >/dev/null 2>&1 || echo pigz
            command -v systemd-analyze >/dev/null 2>&1 || echo systemd # to check our unit, nothing else
            # a desktop for the window's tests: a screen, a window manager, a tray, a hand
            command -v Xvfb >/dev/null 2>&1 || echo xvfb
            command -v openbox >/dev/null 2>&1 || echo openbox
            command -v trayer >/dev/null 2>&1 || echo trayer
            command -v xdotool >/dev/null 2>&1 || echo xdotool
            [ -d /usr/share/fonts/truetype/dejavu ] || echo fonts-dejavu-core
            ;;
    esac
    case $purpose in
        windows)
            command -v wine >/dev/null 2>&1 || printf '%s\n' wine wine64
            command -v xvfb-run >/dev/null 2>&1 || printf '%s\n' xvfb xauth
            command -v x86_64-w64-mingw32-gcc >/dev/null 2>&1 || echo gcc-mingw-w64-x86-64
            ;;
    esac
}

install_packages() {
    local packages root=()
    mapfile -t packages < <(missing_packages)
    [ "${#packages[@]}" -gt 0 ] || return 0
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null 2>&1 || fail "these packages are missing and need root: ${packages[*]}"
        root=(sudo)
    fi
    say "installing ${packages[*]} (apt)"
    "${root[@]}" apt-get update -qq
    # RUNLEVEL=1: the packages' own servers stay off; ours are private and started on free ports.
    "${root[@]}" env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 \
        install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
}

new_enough() { "$1" -c 'import sys, sqlite3, ssl; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1; }

find_python() {
    local candidate
    for candidate in python3.13 python3.12 python3 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[2-9]*/bin/python; do
        candidate=$(command -v "$candidate" 2>/dev/null) || continue
        if new_enough "$candidate"; then
            echo "$candidate"
            return
        fi
    done
}

find_uv() {
    if command -v uv >/dev/null 2>&1 && uv --version >/dev/null 2>&1; then
        command -v uv
        return
    fi
    local tools=var/tools python
    if [ ! -x $tools/bin/uv ]; then
        python=$(find_python)
        python=${python:-$(command -v python3 || true)}
        [ -n "$python" ] || fail "no Python at all: install python3 and try again"
        say "installing uv into $tools (pip)" >&2
        mkdir -p $tools
        if ! "$python" -m pip install --quiet --disable-pip-version-check --target $tools uv >&2; then
            "$python" -m venv $tools >&2 && $tools/bin/pip install --quiet uv >&2 ||
                fail "uv could not be installed: apt-get install python3-venv python3-pip, and try again"
        fi
    fi
    echo "$PWD/$tools/bin/uv"
}

make_environment() {
    local stamp=.venv/.topbackup-stamp key python uv
    key=$(cat requirements.lock pyproject.toml | sha256sum)
    [ -f $stamp ] && [ "$(cat $stamp)" = "$key" ] && [ -x .venv/bin/python ] && return 0
    uv=$(find_uv)
    python=$(find_python)
    if [ -z "$python" ]; then
        say "no Python 3.12 or newer here: getting one (uv)"
        python=3.13
    fi
    say "making the environment .venv with $python (uv, from requirements.lock)"
    "$uv" venv --quiet --allow-existing --python "$python" .venv
    "$uv" pip sync --quiet --python .venv/bin/python --require-hashes requirements.lock
    "$uv" pip install --quiet --python .venv/bin/python --no-deps --editable .
    printf '%s' "$key" >$stamp
}

[ "$purpose" = lint ] || install_packages
make_environment
