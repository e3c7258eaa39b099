"""The error catalogue: every TB code, with its sentence, cause and mend (msgids), and who must act.

The codes are stored in LOG_BACKUPS.CODIGO_ERRO and printed in support's handbook: they never change their meaning.
"""

from dataclasses import dataclass
from enum import StrEnum

from topbackup.i18n import N_


class ActionBy(StrEnum):
    """Who must act: the people in the shop, or the software house's support."""

    STORE = "loja"
    SUPPORT = "suporte"


@dataclass(frozen=True)
class Problem:
    """sentence, cause, mend: msgids. retry: may go well later without anyone acting."""

    code: str
    sentence: str
    cause: str
    mend: str
    act: ActionBy
    retry: bool = False


CONFIG_MISSING = Problem(
    "TB-CONFIG-AUSENTE",
    N_("The settings file was not found."),
    N_("TopBackup was not configured on this computer yet, or --config names another file."),
    N_("Run the setup wizard, or give the right file with --config."),
    ActionBy.SUPPORT,
)
CONFIG_INVALID = Problem(
    "TB-CONFIG-INVALIDA",
    N_("The settings file has an error."),
    N_("A value is missing or is not of the expected form."),
    N_("Correct the field named here, in the file or in the setup wizard. The file was left as it was."),
    ActionBy.SUPPORT,
)
CONFIG_UNWRITABLE = Problem(
    "TB-CONFIG-GRAVACAO",
    N_("The settings file could not be written."),
    N_("The disk of the program's folder is full or read-only, or this account has no right to it."),
    N_("Free some space on that disk, or run the program as an administrator. The older file was left as it was."),
    ActionBy.SUPPORT,
)
FIREBIRD_LOGIN = Problem(
    "TB-FB-SENHA",
    N_("Firebird refused the user or the password."),
    N_("The password of the database was changed, or the settings hold another one."),
    N_("Put the right user and password into the settings and test again."),
    ActionBy.SUPPORT,
)
FIREBIRD_UNREACHABLE = Problem(
    "TB-FB-INACESSIVEL",
    N_("The Firebird server does not answer."),
    N_("The Firebird service is stopped, the computer that runs it is off, or a firewall is in the way."),
    N_("Start the Firebird service (or that computer) and try again."),
    ActionBy.STORE,
    retry=True,
)
FIREBIRD_DATABASE_MISSING = Problem(
    "TB-FB-BANCO-AUSENTE",
    N_("The database file was not found."),
    N_("The database was moved or renamed, or the path in the settings or in the agenda is wrong."),
    N_("Correct the path of the database in the settings (database_path) or in AGENDA_BACKUP (BANCO_ORIGEM)."),
    ActionBy.SUPPORT,
)
FIREBIRD_DATABASE_SHUT_DOWN = Problem(
    "TB-FB-BANCO-PARADO",
    N_("The database is shut down for maintenance."),
    N_("Someone closed it with gfix -shut and did not bring it back on line."),
    N_("When the maintenance is over, bring it back with gfix -online."),
    ActionBy.SUPPORT,
    retry=True,
)
FIREBIRD_DATABASE_CORRUPT = Problem(
    "TB-FB-BANCO-CORROMPIDO",
    N_("The database is damaged: Firebird cannot read all of it."),
    N_("A power cut, a disk that is failing, or a copy made with the server running cut or spoiled the file."),
    N_("Do not delete any older backup. Call support: the database must be checked with gfix and repaired."),
    ActionBy.SUPPORT,
)
FIREBIRD_TIMEOUT = Problem(
    "TB-FB-TEMPO",
    N_("Firebird took too long to answer."),
    N_("The server is overloaded, or the network to it is failing."),
    N_("Nothing to do now: it will be tried again. If it goes on, call support."),
    ActionBy.SUPPORT,
    retry=True,
)
FIREBIRD_ERROR = Problem(
    "TB-FB-ERRO",
    N_("Firebird answered with an error."),
    N_("See the words of the server."),
    N_("Call support with this code and the log."),
    ActionBy.SUPPORT,
)
FIREBIRD_BREAKER_OPEN = Problem(
    "TB-FB-DISJUNTOR",
    N_("The connection to Firebird failed several times and is resting."),
    N_("The server did not answer the last attempts."),
    N_("Nothing to do now: it will be tried again by itself within a minute."),
    ActionBy.STORE,
    retry=True,
)
COMPANY_UNREADABLE = Problem(
    "TB-EMPRESA",
    N_("The company could not be read from the table EMPRESA."),
    N_("The table is missing or empty, or its CNPJ is not valid."),
    N_("Complete the company's registration in the ERP: name and a valid CNPJ."),
    ActionBy.SUPPORT,
)
AGENDA_UNREADABLE = Problem(
    "TB-AGENDA",
    N_("The backup schedule could not be read from the table AGENDA_BACKUP."),
    N_("The table or one of its columns is missing."),
    N_("Update the ERP's database structure, then try again."),
    ActionBy.SUPPORT,
)
AGENDA_UNKNOWN = Problem(
    "TB-AGENDA-ID",
    N_("There is no valid row with this ID in AGENDA_BACKUP."),
    N_("The row was deleted, or it was rejected because of an error in it."),
    N_("See the valid and the rejected rows with: topbackup agenda."),
    ActionBy.SUPPORT,
)
GBAK_MISSING = Problem(
    "TB-GBAK-AUSENTE",
    N_("The program gbak was not found."),
    N_("Firebird's tools are not installed on this computer, or gbak_path names another place."),
    N_("Install Firebird's client tools, or put the full path of gbak into the settings (gbak_path)."),
    ActionBy.SUPPORT,
)
GBAK_VERSION = Problem(
    "TB-GBAK-VERSAO",
    N_("This gbak is not of the server's version."),
    N_("A backup made by a gbak of another version may not restore."),
    N_("Put the path of the server's own gbak into the settings (gbak_path)."),
    ActionBy.SUPPORT,
)
GBAK_FAILED = Problem(
    "TB-GBAK-FALHOU",
    N_("gbak ended with an error, the backup was not made."),
    N_("See gbak's own words."),
    N_("Call support with this code and the log."),
    ActionBy.SUPPORT,
)
GBAK_KILLED = Problem(
    "TB-GBAK-MORTO",
    N_("gbak, or the server that it was working in, ended before the backup was complete."),
    N_("A program, a shutdown or a lack of memory ended it."),
    N_("Nothing was lost. Try again; if it repeats, look for what is ending it."),
    ActionBy.SUPPORT,
    retry=True,
)
GBAK_STALLED = Problem(
    "TB-GBAK-PARADO",
    N_("The backup stopped moving and was ended."),
    N_("No byte came from gbak for the allowed time: the server hangs, or its disk does."),
    N_("Restart the Firebird service; if it repeats, have the disk checked."),
    ActionBy.SUPPORT,
    retry=True,
)
GBAK_TIMEOUT = Problem(
    "TB-GBAK-TEMPO",
    N_("The backup took longer than allowed and was ended."),
    N_("The database grew, the computer is slow or busy, or the limit is too short."),
    N_("Choose a quieter time, or raise the limit (backup.timeout_seconds in the settings)."),
    ActionBy.SUPPORT,
    retry=True,
)
GBAK_INCOMPLETE = Problem(
    "TB-GBAK-INCOMPLETO",
    N_("gbak said that all is well, but the backup is not whole."),
    N_("Fewer bytes arrived than gbak says it wrote, or gbak did not say how many."),
    N_("Nothing was lost. Try again; if it repeats, call support."),
    ActionBy.SUPPORT,
    retry=True,
)
ROUTE_IMPOSSIBLE = Problem(
    "TB-GBAK-ROTA",
    N_("The backup cannot be made by this route here."),
    N_("The server cannot reach the pipe or the file, or holds the database open."),
    N_("Leave the route as auto in the settings (backup.rota)."),
    ActionBy.SUPPORT,
)
DESTINATION_MISSING = Problem(
    "TB-DESTINO-AUSENTE",
    N_("The destination folder was not found."),
    N_("The external disk or the network folder is not connected, or the path is wrong."),
    N_("Connect the disk or the network folder, or correct the path in the agenda."),
    ActionBy.STORE,
    retry=True,
)
DESTINATION_READ_ONLY = Problem(
    "TB-DESTINO-PERMISSAO",
    N_("The destination folder cannot be written to."),
    N_("The folder or the disk is read-only, or TopBackup's account has no right to it."),
    N_("Give the account of the service the right to write there, or choose another folder."),
    ActionBy.SUPPORT,
)
DESTINATION_FULL = Problem(
    "TB-DESTINO-CHEIO",
    N_("There is not enough free space in the destination."),
    N_("The disk is full, or almost."),
    N_("Free some space on that disk. Do not delete the newest backup."),
    ActionBy.STORE,
)
DESTINATION_FAILED = Problem(
    "TB-DESTINO-FALHOU",
    N_("Writing to the destination failed midway."),
    N_("The disk or the network folder went away, or the disk is failing."),
    N_("Connect it again; if it repeats, change the disk. The older backups there were not touched."),
    ActionBy.STORE,
    retry=True,
)
DESTINATION_SAME = Problem(
    "TB-DESTINO-IGUAL",
    N_("The two destinations are the same folder."),
    N_("LOCAL_DESTINO1 and LOCAL_DESTINO2 lead to the same place, so there is only one copy."),
    N_("Put the second destination on another disk."),
    ActionBy.SUPPORT,
)
DESTINATION_ON_DATABASE_DISK = Problem(
    "TB-DESTINO-DISCO-DO-BANCO",
    N_("This folder is on the same disk as the database."),
    N_("If that disk dies, the database and this copy of it are lost together."),
    N_("Put at least one destination on another disk, on another computer, or away from the shop."),
    ActionBy.SUPPORT,
)
DESTINATIONS_ON_ONE_DISK = Problem(
    "TB-DESTINO-MESMO-DISCO",
    N_("The two destinations are on the same disk."),
    N_("If that disk dies, both copies are lost together."),
    N_("Put the second destination on another disk."),
    ActionBy.SUPPORT,
)
DESTINATION_OF_A_PERSON = Problem(
    "TB-DESTINO-UNIDADE-DE-REDE",
    N_("The service may not see this folder."),
    N_("A network drive or a network folder belongs to the person who is logged in; the service runs as LocalSystem."),
    N_("Use a disk of this computer, or give the computer's own account the right to that network folder."),
    ActionBy.SUPPORT,
)
ARCHIVE_CHECK = Problem(
    "TB-ZIP-CONFERENCIA",
    N_("The file read back is not the one that was written."),
    N_("The disk, its cable or the memory alters data."),
    N_("Do not trust this disk: have it checked, and choose another destination."),
    ActionBy.STORE,
)
FILE_MISSING = Problem(
    "TB-ARQUIVO-AUSENTE",
    N_("The backup file was not found."),
    N_("It was moved or deleted, the disk is not connected, or the path is wrong."),
    N_("Check the path, or choose another copy."),
    ActionBy.STORE,
)
FILE_INVALID = Problem(
    "TB-ARQUIVO-INVALIDO",
    N_("This file is not a whole backup."),
    N_("It is damaged, cut, or was not made by TopBackup."),
    N_("Choose another copy or an older backup."),
    ActionBy.SUPPORT,
)
FILE_ALTERED = Problem(
    "TB-ARQUIVO-ALTERADO",
    N_("The file is not the one that was made: its SHA-256 differs from the manifest."),
    N_("The file was altered after the backup: a failing disk, another program, or an attack."),
    N_("Do not restore this file. Choose another copy or an older backup."),
    ActionBy.SUPPORT,
)
RESTORE_TARGET_EXISTS = Problem(
    "TB-RESTAURA-EXISTE",
    N_("There is already a file with this name; a restore never replaces one."),
    N_("The target of the restore exists."),
    N_("Choose a new name, and change over only when you have checked the restored database."),
    ActionBy.SUPPORT,
)
RESTORE_FAILED = Problem(
    "TB-RESTAURA-FALHOU",
    N_("The backup could not be restored."),
    N_("See gbak's own words."),
    N_("Choose another copy or an older backup, and call support."),
    ActionBy.SUPPORT,
)
PROOF_REFUTED = Problem(
    "TB-PROVA-FALHOU",
    N_("The restored database is not equal to what was backed up."),
    N_("Row counts differ, or indices are inactive after the restore."),
    N_("Do not trust this file. Make a new backup and call support."),
    ActionBy.SUPPORT,
)
PROOF_IMPOSSIBLE = Problem(
    "TB-PROVA-IMPOSSIVEL",
    N_("The backup could not be proven on this computer."),
    N_("There is no way here to restore it to a scratch database: no space, or no gbak of that version."),
    N_("Free some space, or verify the file on another computer with: topbackup verify."),
    ActionBy.SUPPORT,
)
TRIAL_TIMEOUT = Problem(
    "TB-TESTE-TEMPO",
    N_("The test took too long and was ended."),
    N_("The disk, the network folder or the server does not answer."),
    N_("See that it is switched on and connected, then test again."),
    ActionBy.STORE,
    retry=True,
)
TRIAL_CANCELLED = Problem(
    "TB-TESTE-CANCELADO",
    N_("The test was cancelled."),
    N_("Someone asked for it."),
    N_("Start it again when you wish."),
    ActionBy.STORE,
    retry=True,
)
REMOTE_UNTRIED = Problem(
    "TB-REMOTO-SEM-TESTE",
    N_("This version cannot test the remote server."),
    N_("The remote copies are not part of it yet."),
    N_("Go on without this test, or leave the remote copy switched off."),
    ActionBy.SUPPORT,
)
RUN_BUSY = Problem(
    "TB-OCUPADO",
    N_("A backup of this database is already running."),
    N_("Another request is at it."),
    N_("Wait until it ends, and ask again."),
    ActionBy.STORE,
    retry=True,
)
RUN_CANCELLED = Problem(
    "TB-CANCELADO",
    N_("The backup was cancelled."),
    N_("Someone asked for it, or the program was stopped."),
    N_("Start it again when you wish. The older backups were not touched."),
    ActionBy.STORE,
)
RUN_INTERRUPTED = Problem(
    "TB-INTERROMPIDO",
    N_("The backup was interrupted before its end."),
    N_("The computer was switched off, or the program was ended."),
    N_("Make a new backup. The older ones were not touched."),
    ActionBy.STORE,
    retry=True,
)
JOURNAL_LOCKED = Problem(
    "TB-DIARIO-OCUPADO",
    N_("The journal is locked by another program."),
    N_("Another TopBackup, an antivirus or a backup tool holds the file."),
    N_("Close the other program and try again."),
    ActionBy.SUPPORT,
    retry=True,
)
JOURNAL_CORRUPT = Problem(
    "TB-DIARIO-CORROMPIDO",
    N_("The journal is damaged."),
    N_("A power cut or a failing disk spoiled it."),
    N_("It was kept under another name and a new one is begun. Send the old one to support."),
    ActionBy.SUPPORT,
    retry=True,
)
JOURNAL_UNWRITABLE = Problem(
    "TB-DIARIO-GRAVACAO",
    N_("The journal cannot be written."),
    N_("The disk of the program's folder is full or read-only, or the account has no right to it."),
    N_("Free some space on that disk and give the service's account the right to write there."),
    ActionBy.SUPPORT,
    retry=True,
)
CLOCK_WENT_BACK = Problem(
    "TB-RELOGIO",
    N_("The clock of this computer was set back: a backup dated now would look older than the last one."),
    N_("The date was changed, or the battery of the main board is empty."),
    N_("Check date and time, then make a new backup. If the clock is right now, just start it again."),
    ActionBy.STORE,
    retry=True,
)
CLOUD_UNREACHABLE = Problem(
    "TB-NUVEM-INACESSIVEL",
    N_("The cloud does not answer."),
    N_("There is no internet, or the server is being maintained."),
    N_("Nothing to do: the backups go on, and the records are sent when it answers."),
    ActionBy.SUPPORT,
    retry=True,
)
CLOUD_LOGIN = Problem(
    "TB-NUVEM-SENHA",
    N_("The cloud refused the user or the password."),
    N_("The access was changed or removed."),
    N_("Put the right access into the settings (mysql). The records wait in the journal."),
    ActionBy.SUPPORT,
)
CLOUD_REFUSED = Problem(
    "TB-NUVEM-RECUSOU",
    N_("The cloud did not accept a record."),
    N_("Its tables are not of the expected form, or the access has no right to them."),
    N_("Run the dashboard's migrations and check the rights of the access. The records wait in the journal."),
    ActionBy.SUPPORT,
)
CLOUD_BREAKER_OPEN = Problem(
    "TB-NUVEM-DISJUNTOR",
    N_("The connection to the cloud failed several times and is resting."),
    N_("The server did not answer the last attempts."),
    N_("Nothing to do: it will be tried again by itself."),
    ActionBy.SUPPORT,
    retry=True,
)
BAD_ARGUMENT = Problem(
    "TB-USO",
    N_("The command was not understood."),
    N_("An option is missing, or its value does not fit."),
    N_("See the options with --help."),
    ActionBy.SUPPORT,
)
QUEUE_FULL = Problem(
    "TB-FILA-CHEIA",
    N_("Too many backups are waiting already."),
    N_("Many were asked for, and each takes its time."),
    N_("Wait until some have ended, or cancel them, and ask again."),
    ActionBy.STORE,
    retry=True,
)
SLOT_SETTLED = Problem(
    "TB-HORARIO-RESOLVIDO",
    N_("This due time already has its result."),
    N_("The schedule was changed, or the clock was set, while the backup waited."),
    N_("Nothing to do: the next due time runs as scheduled."),
    ActionBy.SUPPORT,
)
AGENT_NOT_RUNNING = Problem(
    "TB-AGENTE-PARADO",
    N_("The TopBackup agent is not running."),
    N_("The service was stopped or not installed: no scheduled backup runs."),
    N_("Start it with `topbackup --start`; install it with `topbackup --install`."),
    ActionBy.SUPPORT,
)
AGENT_RUNNING = Problem(
    "TB-AGENTE-ATIVO",
    N_("Another TopBackup agent is already running with these settings."),
    N_("The service or another window of the program holds the schedule."),
    N_("Use that one, or stop it with `topbackup --stop`."),
    ActionBy.SUPPORT,
)
AGENT_SILENT = Problem(
    "TB-AGENTE-SEM-RESPOSTA",
    N_("The TopBackup agent does not answer."),
    N_("It is very busy, or it hangs."),
    N_("Try again in a minute; if it stays so, restart the service and send the log to support."),
    ActionBy.SUPPORT,
    retry=True,
)
AGENT_FULL = Problem(
    "TB-AGENTE-OCUPADO",
    N_("The TopBackup agent has too many connections."),
    N_("Many windows or programs are connected to it."),
    N_("Close some of them and try again."),
    ActionBy.SUPPORT,
    retry=True,
)
NOT_ALLOWED = Problem(
    "TB-SEM-PERMISSAO",
    N_("Only an administrator may do this."),
    N_("This account may look and start a backup, but not change the agent."),
    N_("Run it as an administrator (on Linux: root, or the agent's own account)."),
    ActionBy.SUPPORT,
)
MESSAGE_INVALID = Problem(
    "TB-MENSAGEM-INVALIDA",
    N_("The agent did not understand the message."),
    N_("A program of another version, or another program, talks to it."),
    N_("Use the same version of TopBackup for the agent and for the commands."),
    ActionBy.SUPPORT,
)
SERVICE_FAILED = Problem(
    "TB-SERVICO",
    N_("The system did not do what was asked of the service."),
    N_("The account has no right to it, or the service is not installed."),
    N_("Run the command as an administrator; see `topbackup --status`."),
    ActionBy.SUPPORT,
)
SERVICE_NO_SYSTEMD = Problem(
    "TB-SERVICO-SEM-SYSTEMD",
    N_("This Linux is not run by systemd, so there is nobody to install the service with."),
    N_("Another program starts the services here, or this is a container."),
    N_("Let the system start `topbackup run --quiet --config FILE` when the computer begins."),
    ActionBy.SUPPORT,
)
NO_DISPLAY = Problem(
    "TB-JANELA-SEM-TELA",
    N_("The window cannot open: there is no display."),
    N_("The command was given where there is no desktop, as on a server or over SSH."),
    N_("Open it on the computer's own desktop. Without one, use the commands: topbackup --help."),
    ActionBy.SUPPORT,
)
NO_WINDOW_PARTS = Problem(
    "TB-JANELA-AUSENTE",
    N_("This installation has no window."),
    N_("TopBackup was installed without its extra “gui”, or this Python has no tkinter."),
    N_("Install it with the extra: uv pip install 'topbackup[gui]'; on Debian also python3-tk."),
    ActionBy.SUPPORT,
)
INTERNAL = Problem(
    "TB-INTERNO",
    N_("TopBackup found an error of its own."),
    N_("This is a defect of the program."),
    N_("Send the log to support. The older backups were not touched."),
    ActionBy.SUPPORT,
    retry=True,
)


def all_problems() -> dict[str, Problem]:
    """By code. Two entries with one code are a defect, and the suite looks for them."""
    return {value.code: value for value in globals().values() if isinstance(value, Problem)}
