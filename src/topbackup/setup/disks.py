"""Which physical disk a path is on: a copy on the database's own disk dies with it."""

import os
import sys
from pathlib import Path

_BLOCK_DEVICES = Path("/sys/dev/block")


def disks_of(path: Path) -> frozenset[str]:
    """The disks below the file system that holds this path; several below a RAID or an LVM. Raises OSError.

    Where the system does not tell (a network folder, a container), the file system itself stands for its disk.
    """
    return _disks(path)


def share_a_disk(one: Path, other: Path) -> bool:
    """False where either cannot be looked at."""
    try:
        return bool(disks_of(one) & disks_of(other))
    except OSError:
        return False


def belongs_to_a_person(path: Path) -> bool:
    """On Windows: a network drive or network folder, which the service's account may not see."""
    if sys.platform == "win32":
        import win32file  # noqa: PLC0415 - Windows only

        text = str(path)
        if text.startswith("\\\\"):
            return True
        return bool(path.drive) and win32file.GetDriveType(path.drive + "\\") == win32file.DRIVE_REMOTE
    return False


if sys.platform == "win32":

    def _disks(path: Path) -> frozenset[str]:
        """IOCTL_VOLUME_GET_VOLUME_DISK_EXTENTS: DWORD count, then 24 bytes each that begin with the disk's number."""
        import pywintypes  # noqa: PLC0415 - Windows only
        import win32file  # noqa: PLC0415
        import winioctlcon  # noqa: PLC0415

        volume = f"volume:{path.stat().st_dev:x}"
        if not path.drive or path.drive.startswith("\\\\"):
            return frozenset({volume})
        try:
            handle = win32file.CreateFile(
                f"\\\\.\\{path.drive}",
                0,
                win32file.FILE_SHARE_READ | win32file.FILE_SHARE_WRITE,
                None,
                win32file.OPEN_EXISTING,
                0,
                None,
            )
            try:
                told = bytes(
                    win32file.DeviceIoControl(int(handle), winioctlcon.IOCTL_VOLUME_GET_VOLUME_DISK_EXTENTS, None, 1024)
                )
            finally:
                handle.Close()
        except pywintypes.error:
            return frozenset({volume})
        count = int.from_bytes(told[:4], "little")
        numbers = (int.from_bytes(told[8 + 24 * each : 12 + 24 * each], "little") for each in range(count))
        return frozenset(f"disk:{number}" for number in numbers) or frozenset({volume})

else:

    def _disks(path: Path) -> frozenset[str]:
        device = path.stat().st_dev
        block = _BLOCK_DEVICES / f"{os.major(device)}:{os.minor(device)}"
        if not block.exists():
            return frozenset({f"filesystem:{device}"})
        return frozenset(_below(block.resolve()))

    def _below(block: Path) -> set[str]:
        """A partition lies in its disk's folder; what is made of other devices names them in `slaves`."""
        slaves = block / "slaves"
        if slaves.is_dir() and any(slaves.iterdir()):
            return set().union(*(_below(slave.resolve()) for slave in slaves.iterdir()))
        return {f"disk:{block.parent.name if (block / 'partition').exists() else block.name}"}
