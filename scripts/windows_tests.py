"""`make test-windows`: the Windows suite in a real Windows CPython under Wine, against a real Firebird on this side.

Its output comes through a pipe (Wine's Python cannot write to a regular file), and the whole has a time limit.
"""

import os
import subprocess
import sys
from pathlib import Path

from lab.firebird_server import FirebirdServer
from lab.server_process import end_group
from tests.integration.shop import make_database

ROOT = Path(__file__).parents[1]
LAB = ROOT / "var" / "windows"
SUITES = ("tests/windows", "tests/ipc", "tests/agent/test_states.py", "tests/journal", "tests/settings", "tests/backup")
SCREEN = ("xvfb-run", "-a", "-s", "-screen 0 1366x768x24")  # the smallest that shops have
LIMIT = 900.0  # seconds


def main() -> int:
    """pytest's exit code; 124 when it took too long."""
    work = LAB / "servidor"
    with FirebirdServer(work) as server:
        database = work / "db" / "loja.fdb"
        database.unlink(missing_ok=True)
        make_database(server, database)
        environment = os.environ | {
            "WINEPREFIX": str(LAB / "prefix"),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree=d;mshtml=d",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUTF8": "1",
            "LAB_FIREBIRD": server.address(database),
            "LAB_FIREBIRD_USER": server.user,
            "LAB_FIREBIRD_PASSWORD": server.password,
            "LAB_GBAK": windows_path(LAB / "firebird" / "gbak.exe"),
        }
        python = [str(LAB / "python" / "python.exe"), "-X", "utf8", "-m", "pytest"]
        options = ["--basetemp", r"C:\t", "-p", "no:cacheprovider", "-rfE", "--durations=5"]
        command = [*SCREEN, "wine", *python, *options, *(sys.argv[1:] or SUITES)]
        # The lab's own was started without a screen, and its desktop would stay without one.
        subprocess.run(["wineserver", "-k"], env=environment, check=False, timeout=60)
        quiet = subprocess.DEVNULL  # at its end it lists what was still open
        subprocess.run(["wineserver", "-p60"], env=environment, check=False, timeout=60, stdout=quiet, stderr=quiet)
        return run(command, environment)


def run(command: list[str], environment: dict[str, str]) -> int:
    """The command's output as it comes; ended with all that it started when it takes too long."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    shown = subprocess.Popen(["cat"], stdin=process.stdout)
    try:
        return process.wait(LIMIT)
    except subprocess.TimeoutExpired:
        print(f"the Windows suite took longer than {LIMIT:.0f} s", file=sys.stderr)
        return 124
    finally:
        end_group(process)
        subprocess.run(["wineserver", "-k"], env=environment, check=False, timeout=60)
        shown.terminate()


def windows_path(path: Path) -> str:
    """As Wine names a file of this side: Z: is the root."""
    return "Z:" + str(path.absolute()).replace("/", "\\")


if __name__ == "__main__":
    sys.exit(main())
