"""What 3-2-1 lacks, and what to do, for whoever reads it: at the command line and in the window."""

from topbackup.i18n import _


def risk_words(risk: str) -> str:
    """risk: a code of `distribuicao.riscos`; empty for one that this version does not know."""
    return {
        "NO_DISCO_DO_BANCO": _("Every copy here is on the database's own disk: it dies with it. Use another disk."),
        "UM_SO_DISPOSITIVO": _("All copies are on one device. Add a second folder on another disk, or a remote copy."),
        "NENHUMA_FORA": _("No copy is away from here: fire, theft and ransomware take all of them."),
    }.get(risk, "")


def absence_words(why: str) -> str:
    """why: a code of `copias_locais.faltam`."""
    return {
        "AUSENTE": _("it is not there any more"),
        "OUTRO_ARQUIVO": _("another file stands in its place"),
        "ILEGIVEL": _("it cannot be read"),
        "SEM_RESPOSTA": _("the disk or the share does not answer"),
    }.get(why, why)
