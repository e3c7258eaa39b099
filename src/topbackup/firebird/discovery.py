"""Which gbak to run: the server's own version, since a backup by another may not restore (facts.md)."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from topbackup.errors import OperationFailed
from topbackup.firebird.server import EngineVersion
from topbackup.i18n import _
from topbackup.problems import GBAK_MISSING, GBAK_VERSION
from topbackup.system_words import system_words

_ANSWER_SECONDS = 10.0
_MUCH_OUTPUT = 4096  # characters; gbak -z says its version in the first line
_SAYS_GBAK = re.compile(r"^\s*gbak\s*:\s*gbak version (?P<version>\S+.*)$", re.IGNORECASE | re.MULTILINE)
if sys.platform == "win32":
    _NAMES: tuple[str, ...] = ("gbak.exe",)
    _NO_WINDOW = subprocess.CREATE_NO_WINDOW
else:
    _NAMES = ("gbak", "gbak-fb")
    _NO_WINDOW = 0
_WINDOWS_FOLDERS = tuple(
    f"Firebird\\Firebird_{version}{below}" for version in ("5_0", "4_0", "3_0", "2_5") for below in ("", "\\bin")
)
_LINUX_FOLDERS = (
    "/opt/firebird/bin",
    "/usr/bin",
    "/usr/local/firebird/bin",
    "/usr/lib/firebird/2.5/bin",
    "/usr/lib/firebird/3.0/bin",
    "/usr/lib/firebird/4.0/bin",
    "/usr/lib/firebird/5.0/bin",
    "/usr/local/bin",
)


@dataclass(frozen=True)
class Gbak:
    """A gbak that answered with its version."""

    path: Path
    version: EngineVersion


def find_gbak(configured: Path | None, server: EngineVersion | None) -> Gbak:
    """The gbak of the server's major.minor; with no server to match, the configured one or the first that answers.

    configured: gbak_path of the settings, the file or its folder; no other is taken in its place.
    Raises OperationFailed: GBAK_MISSING, or GBAK_VERSION when all that were found are of other versions.
    """
    if configured is not None:
        gbak = _configured(configured)
        if server is not None and gbak.version.series != server.series:
            raise _other_version(server, [gbak])
        return gbak
    others: list[Gbak] = []
    for path in _candidates():
        try:
            found = Gbak(path, gbak_version(path))
        except OperationFailed:
            continue  # something of that name that is not Firebird's, or is broken
        if server is None or found.version.series == server.series:
            return found
        others.append(found)
    if server is not None and others:
        raise _other_version(server, others)
    raise OperationFailed(GBAK_MISSING)


def gbak_version(path: Path) -> EngineVersion:
    """What `gbak -z` says. Raises OperationFailed with GBAK_MISSING when this is no gbak that runs here."""
    try:
        done = subprocess.run(  # noqa: S603 - a path of the settings or of Firebird's usual folders, no shell
            [str(path), "-z"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_ANSWER_SECONDS,
            check=False,
            env={name: value for name, value in os.environ.items() if not name.startswith("ISC_")},
            creationflags=_NO_WINDOW,
        )
    except subprocess.TimeoutExpired:
        raise _no_gbak(path, _("it does not answer")) from None
    except (OSError, ValueError) as error:
        reason = system_words(error) if isinstance(error, OSError) else type(error).__name__
        raise _no_gbak(path, reason) from error
    # Its exit code says nothing: 2.5 ends with 1 here, for want of a database to back up.
    said = _SAYS_GBAK.search(done.stdout[:_MUCH_OUTPUT].decode(errors="replace"))
    if said is None:
        raise _no_gbak(path, _("this is not gbak"))
    try:
        return EngineVersion.parse(said["version"])
    except ValueError as error:
        raise _no_gbak(path, str(error)) from error


def _configured(configured: Path) -> Gbak:
    if configured.is_dir():
        below = (configured / folder / name for folder in ("", "bin") for name in _NAMES)
        path = next((path for path in below if path.is_file()), None)
        if path is None:
            raise _no_gbak(configured, _("there is no gbak in this folder"))
        return Gbak(path, gbak_version(path))
    if not configured.exists():
        raise _no_gbak(configured, _("there is no such file"))
    if not configured.is_file():
        raise _no_gbak(configured, _("this is not a file"))
    return Gbak(configured, gbak_version(configured))


def _candidates() -> Iterator[Path]:
    """Each file once, as it is found: Debian's /usr/bin/gbak-fb is reached by several names."""
    seen: set[Path] = set()
    for path in _places():
        real = path.resolve()
        if path.is_file() and real not in seen:
            seen.add(real)
            yield path


def _places() -> Iterator[Path]:
    for name in _NAMES:
        on_path = shutil.which(name)
        # A relative entry of PATH names another file in each folder.
        if on_path is not None and Path(on_path).is_absolute():
            yield Path(on_path)
    for folder in _folders():
        for name in _NAMES:
            yield folder / name


if sys.platform == "win32":

    def _folders() -> Iterator[Path]:
        yield from registered_folders()
        for root in ("ProgramW6432", "ProgramFiles", "ProgramFiles(x86)"):
            if root in os.environ:
                yield from (Path(os.environ[root]) / folder for folder in _WINDOWS_FOLDERS)

    def registered_folders() -> Iterator[Path]:
        """What Firebird's installer wrote: the root folder of each instance; 2.5's programs are in bin below it."""
        import winreg  # noqa: PLC0415 - only there is such a module

        for view in (winreg.KEY_WOW64_64KEY, winreg.KEY_WOW64_32KEY):
            try:
                with winreg.OpenKey(
                    winreg.HKEY_LOCAL_MACHINE,
                    r"SOFTWARE\Firebird Project\Firebird Server\Instances",
                    0,
                    winreg.KEY_READ | view,
                ) as key:
                    for index in range(winreg.QueryInfoKey(key)[1]):
                        root = Path(str(winreg.EnumValue(key, index)[1]))
                        yield from (root, root / "bin")
            except OSError:
                continue  # not installed in this view of the registry

else:

    def _folders() -> Iterator[Path]:
        yield from map(Path, _LINUX_FOLDERS)

    def registered_folders() -> Iterator[Path]:
        """Only Windows has a registry."""
        yield from ()


def _no_gbak(path: Path, reason: str) -> OperationFailed:
    return OperationFailed(GBAK_MISSING, f"{path}: {reason}")


def _other_version(server: EngineVersion, found: list[Gbak]) -> OperationFailed:
    gbaks = ", ".join(f"{gbak.path}: {gbak.version}" for gbak in found)
    return OperationFailed(GBAK_VERSION, _("server {server}; {gbaks}").format(server=server, gbaks=gbaks))
