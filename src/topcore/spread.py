"""The 3-2-1 rule: three copies of the data, on two devices, one of them away (US-CERT, "Data Backup Options", 2012).

The database itself is the first of the three. A copy on the disk of its own database dies with it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Risk(StrEnum):
    """What a person should mend. The values are stored in LOG_BACKUPS.COPIAS."""

    ON_THE_DATABASES_DISK = "NO_DISCO_DO_BANCO"  # every copy here is on the disk of the database
    ONE_DEVICE = "UM_SO_DISPOSITIVO"
    NONE_AWAY = "NENHUMA_FORA"


@dataclass(frozen=True)
class Location:
    """Where one whole copy is. device: the volume of a folder of this computer; None where it cannot be told."""

    place: str
    device: str | None
    away: bool = False


@dataclass(frozen=True)
class Spread:
    """copies: besides the database. devices: that are known to be different; each remote destination is one."""

    copies: int
    devices: int
    away: int
    risks: tuple[Risk, ...] = ()

    def with_away(self, away: int) -> "Spread":
        """The same copies here, and so many away."""
        copies, devices = self.copies - self.away + away, self.devices - self.away + away
        risks: list[Risk] = [risk for risk in self.risks if risk is Risk.ON_THE_DATABASES_DISK]
        risks += [Risk.ONE_DEVICE] if devices <= 1 else []
        risks += [Risk.NONE_AWAY] if away == 0 else []
        return Spread(copies, devices, away, tuple(risks))


def spread(database: str | None, locations: Iterable[Location]) -> Spread:
    """database: the volume of the database; None where it is not on this computer, or cannot be told."""
    found = list(locations)
    here = [location for location in found if not location.away]
    away = {location.place for location in found if location.away}
    devices = {location.device for location in here if location.device is not None}
    risks = []
    if here and database is not None and all(location.device == database for location in here):
        risks.append(Risk.ON_THE_DATABASES_DISK)
    if len(devices) + len(away) <= 1:
        risks.append(Risk.ONE_DEVICE)
    if not away:
        risks.append(Risk.NONE_AWAY)
    return Spread(len(found), len(devices) + len(away), len(away), tuple(risks))
