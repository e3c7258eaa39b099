"""Why an alert is there, as a key that groups companies: a kind, and for some kinds the code of the error catalogue.

The keys are stored (ALERTA_CIENCIA.CAUSA) and stand in addresses; the order of the kinds is the order of the groups.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from dashboard.alerts.models import LONGEST_CAUSE
from dashboard.monitoring.faces import LABELS
from topcore.tables import CardStatus

_SEPARATOR = ":"


class Kind(StrEnum):
    """Those after MISSING_COPY turn no card: a copy away, anomalies (their values are topcore's), two by version."""

    FAILED = "FALHA"
    REFUTED = "RESTAURACAO_REPROVADA"
    INTERRUPTED = "INTERROMPIDO"
    SILENT = "SILENCIO"
    AHEAD = "FUTURO"
    NEVER = "SEM_DADOS"
    MISSING_COPY = "COPIA"
    MISSING_AWAY = "REMOTA_EM_FALTA"
    FORBIDDEN_AGENT = "AGENTE_OBRIGATORIO"
    SIZE_FELL = "TAMANHO_CAIU"
    SAME_SIZE = "TAMANHO_IGUAL"
    SLOW = "DURACAO_TRIPLICOU"
    CLOCK = "RELOGIO"
    SAME_PLACE = "DESTINOS_IGUAIS"
    OLD_AGENT = "AGENTE_DESATUALIZADO"

    @property
    def is_anomaly(self) -> bool:
        return list(Kind).index(self) > list(Kind).index(Kind.MISSING_COPY)

    @property
    def tone(self) -> CardStatus:
        """Whose colour and sign the group has: that of the cards it is about. An anomaly turns no card."""
        return _TONES.get(self, CardStatus.ATTENTION)

    @property
    def label(self) -> str:
        """The status of the cards it is about; where it turns none, they may have any."""
        if self is Kind.MISSING_AWAY:
            return str(_("Remote copy"))
        return str(_("Anomaly")) if self.is_anomaly else str(LABELS[self.tone])


_TONES = {
    Kind.FAILED: CardStatus.FAILED,
    Kind.REFUTED: CardStatus.FAILED,
    Kind.INTERRUPTED: CardStatus.FAILED,
    Kind.SILENT: CardStatus.CHECK,
    Kind.AHEAD: CardStatus.CHECK,
    Kind.NEVER: CardStatus.NO_DATA,
    Kind.FORBIDDEN_AGENT: CardStatus.CHECK,
}


@dataclass(frozen=True)
class Cause:
    """code: of the error catalogue, or what an agent made of it; empty where there is none, and for most kinds."""

    kind: Kind
    code: str = ""

    @property
    def key(self) -> str:
        return f"{self.kind.value}{_SEPARATOR}{self.code}" if self.code else self.kind.value


def of_code(kind: Kind, code: str) -> Cause:
    """The cause, its code cut to what the key may hold."""
    return Cause(kind, code[: LONGEST_CAUSE - len(kind.value) - 1])


def parse(key: str) -> Cause | None:
    """The cause of a key; None for what is none."""
    kind, _separator, code = key.partition(_SEPARATOR)
    if kind not in list(Kind) or len(key) > LONGEST_CAUSE or "\0" in key:
        return None
    return Cause(Kind(kind), code)


TITLES = {
    Kind.FAILED: _("The backup failed, and the agent gave no code"),
    Kind.REFUTED: _("The test restore failed: the file does not give the data back"),
    Kind.INTERRUPTED: _("The backup began and never ended"),
    Kind.SILENT: _("No good backup for too long"),
    Kind.AHEAD: _("The last backup comes from the future"),
    Kind.NEVER: _("No finished backup has ever arrived"),
    Kind.MISSING_COPY: _("The backup is there, but one of its copies is missing"),
    Kind.MISSING_AWAY: _("The copy away from the shop is missing"),
    Kind.SIZE_FELL: _("The backup shrank to less than half"),
    Kind.SAME_SIZE: _("Five backups or more with exactly the same size"),
    Kind.SLOW: _("The backup takes three times as long as usual, or more"),
    Kind.CLOCK: _("The computer's clock is wrong"),
    Kind.SAME_PLACE: _("The two destinations are the same folder"),
    Kind.FORBIDDEN_AGENT: _("The agent is older than the mandatory version"),
    Kind.OLD_AGENT: _("There is a newer version of the agent"),
}
MENDS = {
    Kind.FAILED: _("Read the message, and the agent's log where it does not suffice: topbackup logs."),
    Kind.REFUTED: _("Keep the older backups. Make a new backup now and prove it: topbackup backup, topbackup verify."),
    Kind.INTERRUPTED: _("See whether the computer is on and the service runs, then make a backup: topbackup backup."),
    Kind.SILENT: _("Call the shop: is the computer on, with Internet, and does TopBackupService run?"),
    Kind.AHEAD: _("Set the computer's clock and its time zone, then make a backup."),
    Kind.NEVER: _("Finish the installation: topbackup doctor says what is missing."),
    Kind.MISSING_COPY: _("See whether the destination exists, has space and may be written to."),
    Kind.MISSING_AWAY: _("See what the upload says: topbackup status, and topbackup destinations test."),
    Kind.SIZE_FELL: _("Compare with the database's size: was data deleted, or is another database being backed up?"),
    Kind.SAME_SIZE: _(
        "The backup may be of a copy that nobody uses: compare its path with the one that the ERP opens."
    ),
    Kind.SLOW: _("Look at the disk and the network of the computer: a disk that fails becomes slow first."),
    Kind.CLOCK: _("Set the computer's clock and time zone: schedules and names of files hang on them."),
    Kind.SAME_PLACE: _("Give the second destination another disk: two copies in one folder are one copy."),
    Kind.FORBIDDEN_AGENT: _("Update the agent now: a later version was published as mandatory."),
    Kind.OLD_AGENT: _("Update the agent when it suits; it also does so by itself where that is switched on."),
}
