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
    N_("A power cut, a failing disk or a copy made with the server running spoiled it; or it is no Firebird database."),
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
AGENDA_ROW = Problem(
    "TB-AGENDA-LINHA",
    N_("A row of AGENDA_BACKUP was rejected: no backup is made by it."),
    N_("A value in it is missing or does not fit; the reason is named here."),
    N_("Correct this row in the ERP, then look again with: topbackup agenda."),
    ActionBy.SUPPORT,
)
AGENDA_EMPTY = Problem(
    "TB-AGENDA-VAZIA",
    N_("AGENDA_BACKUP has no row: no backup is scheduled."),
    N_("The schedule was not made in the ERP yet, or it was deleted."),
    N_("Make the backup schedule in the ERP."),
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
UPLOAD_SUPERSEDED = Problem(
    "TB-REMOTO-SUPERADO",
    N_("This copy was not sent: a newer backup took its place."),
    N_("The line was slow or away, and a newer backup of the same database was made meanwhile."),
    N_("Nothing, if the newer one was sent. If copies are often missing, look at the line and its allowed hours."),
    ActionBy.SUPPORT,
)
UPLOAD_FILE_GONE = Problem(
    "TB-REMOTO-ARQUIVO",
    N_("The file to be sent is not the one that was made."),
    N_("It was replaced by a newer backup of the same name, moved, or deleted before it was sent."),
    N_("Nothing, if the newer backup was sent. Else make a backup now."),
    ActionBy.SUPPORT,
)
UPLOAD_FILE_AWAY = Problem(
    "TB-REMOTO-ORIGEM",
    N_("The file to be sent cannot be read at the moment."),
    N_("Its disk or network folder is not connected, another program holds it, or somebody deleted it."),
    N_("Connect the disk. The copy is tried again by itself, until a newer backup takes its place."),
    ActionBy.STORE,
    retry=True,
)
REMOTE_FOREIGN = Problem(
    "TB-REMOTO-DE-OUTRO",
    N_("The destination holds a backup of another database under this name, and it is not replaced."),
    N_("Two computers or two databases send to the same folder, or the database was moved and the journal is new."),
    N_("Give each computer a folder of its own there. If the old file may go, move or delete it and its .json there."),
    ActionBy.SUPPORT,
)
REMOTE_NOT_CONFIGURED = Problem(
    "TB-REMOTO-SEM-CONFIG",
    N_("A remote copy is asked for, and no such destination is configured."),
    N_("BACKUP_REMOTO is S in the agenda, but the settings name no host for this destination."),
    N_("Fill in the destination in the settings, or set BACKUP_REMOTO to N."),
    ActionBy.SUPPORT,
)
OUTSIDE_HOURS = Problem(
    "TB-REMOTO-HORARIO",
    N_("The upload waits for its allowed hours."),
    N_("The settings allow uploads to this destination only between certain hours."),
    N_("Nothing: it goes on by itself. If copies are often missing, allow more hours."),
    ActionBy.SUPPORT,
    retry=True,
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
REMOTE_CONFIG = Problem(
    "TB-REMOTO-CONFIGURACAO",
    N_("The settings of this remote destination are not complete."),
    N_("A field that this kind of destination needs is empty."),
    N_("Fill in the field named here (sections `ftp` and `remotos` of the settings)."),
    ActionBy.SUPPORT,
)
REMOTE_NAME = Problem(
    "TB-REMOTO-NOME",
    N_("The name of the remote server was not found."),
    N_("There is no internet, the DNS does not answer, or the name is wrong."),
    N_("Check the internet connection and the server's name in the settings. It will be tried again."),
    ActionBy.SUPPORT,
    retry=True,
)
REMOTE_REFUSED = Problem(
    "TB-REMOTO-RECUSADA",
    N_("The remote server refused the connection."),
    N_("The service there is stopped, the port is wrong, or a firewall refuses it."),
    N_("Check the port in the settings and whether the service runs. It will be tried again."),
    ActionBy.SUPPORT,
    retry=True,
)
REMOTE_TIMEOUT = Problem(
    "TB-REMOTO-TEMPO",
    N_("The remote server took too long to answer."),
    N_("The line or the server is overloaded, or a firewall drops the packets."),
    N_("Nothing to do now: it goes on from where it stopped. If it repeats, check line and firewall."),
    ActionBy.SUPPORT,
    retry=True,
)
REMOTE_LOST = Problem(
    "TB-REMOTO-QUEDA",
    N_("The connection to the remote server was lost."),
    N_("The line dropped, or the server was restarted."),
    N_("Nothing to do: it goes on from where it stopped."),
    ActionBy.SUPPORT,
    retry=True,
)
REMOTE_BUSY = Problem(
    "TB-REMOTO-OCUPADO",
    N_("The remote server is too busy to take another connection."),
    N_("It has reached its limit of connections or of requests."),
    N_("Nothing to do: it will be tried again. If it repeats, ask for a higher limit there."),
    ActionBy.SUPPORT,
    retry=True,
)
REMOTE_LOGIN = Problem(
    "TB-REMOTO-SENHA",
    N_("The remote server refused the user, the password or the key."),
    N_("The access was changed, has expired or was blocked, or the settings hold another one."),
    N_("Put the right access into the settings, then run: topbackup destinations test."),
    ActionBy.SUPPORT,
)
REMOTE_DATA_PORT = Problem(
    "TB-REMOTO-PORTA-DADOS",
    N_("The FTP server accepts the login, but the data connection does not open."),
    N_("A firewall or router blocks the passive ports (or, in active mode, the connection back to this computer)."),
    N_("Open the server's passive port range in its firewall, or change passive_mode in the settings."),
    ActionBy.SUPPORT,
    retry=True,
)
REMOTE_TLS = Problem(
    "TB-REMOTO-TLS",
    N_("No protected (TLS) connection could be made with the remote server."),
    N_("The server does not offer TLS on this port, offers only old versions, or mixes explicit and implicit TLS."),
    N_("Check `tls` and the port in the settings (explicit: 21; implicit: 990). Nothing was sent unprotected."),
    ActionBy.SUPPORT,
)
REMOTE_TLS_REQUIRED = Problem(
    "TB-REMOTO-TLS-EXIGIDO",
    N_("The FTP server demands a protected (TLS) connection."),
    N_("The settings have FTP without TLS."),
    N_("Put `tls`: `explicito` into this destination's settings."),
    ActionBy.SUPPORT,
)
REMOTE_CERTIFICATE = Problem(
    "TB-REMOTO-CERTIFICADO",
    N_("The remote server's certificate is not trusted."),
    N_("It is self-signed or signed by an unknown authority, or somebody stands between this computer and the server."),
    N_("Install a valid one there; or, once its owner confirms this fingerprint, put it into certificado_sha256."),
    ActionBy.SUPPORT,
)
REMOTE_CERTIFICATE_EXPIRED = Problem(
    "TB-REMOTO-CERT-VENCIDO",
    N_("The remote server's certificate has expired, or is not valid yet."),
    N_("It was not renewed in time, or the clock of this computer is wrong."),
    N_("Check date and time here; have the certificate renewed there."),
    ActionBy.SUPPORT,
)
REMOTE_CERTIFICATE_HOST = Problem(
    "TB-REMOTO-CERT-NOME",
    N_("The remote server's certificate is for another name."),
    N_("The settings name the server by another name or by its number, or another server answers."),
    N_("Use in the settings the name for which the certificate was issued."),
    ActionBy.SUPPORT,
)
REMOTE_CERTIFICATE_PIN = Problem(
    "TB-REMOTO-CERT-FIXADO",
    N_("The remote server's certificate is not the one fixed in the settings."),
    N_("The certificate was renewed, or another server answers."),
    N_("Confirm with the server's owner; only then put the new fingerprint into certificado_sha256. Nothing was sent."),
    ActionBy.SUPPORT,
)
REMOTE_HOST_KEY = Problem(
    "TB-REMOTO-CHAVE-SERVIDOR",
    N_("The SFTP server's key is not the one that was known: nothing was sent."),
    N_("The server was reinstalled or replaced, or somebody stands between this computer and the server."),
    N_("Confirm it with the server's owner; only then delete the server's line from data/hosts_conhecidos."),
    ActionBy.SUPPORT,
)
REMOTE_KEY_FILE = Problem(
    "TB-REMOTO-CHAVE-PRIVADA",
    N_("The private key file cannot be used."),
    N_("It is missing, is not a private key, or its passphrase is wrong."),
    N_("Correct chave_privada and senha_chave in the settings; the service's account must be able to read the file."),
    ActionBy.SUPPORT,
)
REMOTE_FULL = Problem(
    "TB-REMOTO-CHEIO",
    N_("The remote destination has no room for the file."),
    N_("Its disk or this access's quota is full, or the server refuses files of this size."),
    N_("Free space there or ask for a larger quota. Do not delete the newest backup."),
    ActionBy.SUPPORT,
    retry=True,
)
REMOTE_PERMISSION = Problem(
    "TB-REMOTO-PERMISSAO",
    N_("The remote server does not allow this to be written or deleted."),
    N_("The access has no right to write, rename or delete in this folder."),
    N_("Ask the server's owner for the right to write, rename and delete in the folder."),
    ActionBy.SUPPORT,
)
REMOTE_PATH = Problem(
    "TB-REMOTO-CAMINHO",
    N_("The remote folder was not found."),
    N_("The path (or the bucket) is wrong, or was deleted. It is never made by TopBackup."),
    N_("Correct the path in the settings, or create the folder there."),
    ActionBy.SUPPORT,
)
REMOTE_MISSING = Problem(
    "TB-REMOTO-AUSENTE",
    N_("The file is not in the remote destination."),
    N_("It was deleted or moved there, or was never sent."),
    N_("Choose another copy."),
    ActionBy.SUPPORT,
)
REMOTE_UNABLE = Problem(
    "TB-REMOTO-RECURSO",
    N_("The remote server cannot do something that is needed."),
    N_("It is too old or too limited: a command is missing there."),
    N_("Update the server or use another kind of destination (SFTP)."),
    ActionBy.SUPPORT,
)
REMOTE_RENAME = Problem(
    "TB-REMOTO-RENOMEAR",
    N_("The remote server refused to give the file its final name."),
    N_("The access has no right to rename, or another program holds the file."),
    N_("Ask its owner for the right to rename. The file is there under its temporary name; the older one was kept."),
    ActionBy.SUPPORT,
    retry=True,
)
REMOTE_SIZE = Problem(
    "TB-REMOTO-TAMANHO",
    N_("The remote server says another size than was sent: the file was not put in place."),
    N_("The transfer was cut, the server altered the file, or its disk is full."),
    N_("Nothing to do now: it will be sent again. If it repeats, have the server checked."),
    ActionBy.SUPPORT,
    retry=True,
)
REMOTE_CHECK = Problem(
    "TB-REMOTO-CONFERENCIA",
    N_("The copy in the remote destination is not equal to the file that was sent."),
    N_("The server, its disk or the line alters data."),
    N_("The wrong copy was thrown away and is sent again. If it repeats, do not trust this destination."),
    ActionBy.SUPPORT,
    retry=True,
)
REMOTE_PARTIAL_CHANGED = Problem(
    "TB-REMOTO-PARCIAL",
    N_("The half-sent file was changed in the remote destination."),
    N_("Another program wrote to it, or the server lost part of it."),
    N_("Nothing to do: it was thrown away and is sent from the beginning."),
    ActionBy.SUPPORT,
    retry=True,
)
REMOTE_CLOCK = Problem(
    "TB-REMOTO-RELOGIO",
    N_("The remote server refused the request because of this computer's clock."),
    N_("Date or time here differ by more than 15 minutes."),
    N_("Correct date, time and time zone of this computer."),
    ActionBy.STORE,
    retry=True,
)
REMOTE_CREDENTIALS_CLASH = Problem(
    "TB-REMOTO-CREDENCIAL",
    N_("Windows is already connected to this server as another user."),
    N_("Windows allows one user per server and session."),
    N_("Disconnect it (net use * /delete, as the service's account), or use the same user."),
    ActionBy.SUPPORT,
)
REMOTE_ERROR = Problem(
    "TB-REMOTO-ERRO",
    N_("The remote server answered with an error."),
    N_("See the words of the server."),
    N_("It will be tried again. If it repeats, call support with this code."),
    ActionBy.SUPPORT,
    retry=True,
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
COPY_LOST = Problem(
    "TB-COPIA-PERDIDA",
    N_("A copy of this backup is no longer as it was made."),
    N_("Somebody or something deleted, moved or changed it, or another disk is connected under the same letter."),
    N_("Make a backup now: it puts a good copy there. Where nobody did it on purpose, look for ransomware first."),
    ActionBy.SUPPORT,
)
NONE_LEFT = Problem(
    "TB-SEM-COPIA-BOA",
    N_("No good file of this backup is left."),
    N_("Its files were deleted, changed or encrypted, and no copy of it away from this computer is known."),
    N_("Make a backup now. Look for ransomware or a failing disk first, and keep the older backups apart."),
    ActionBy.SUPPORT,
)
RESTORE_TARGET_EXISTS = Problem(
    "TB-RESTAURA-EXISTE",
    N_("There is already a file with this name; a restore never replaces one."),
    N_("The target of the restore exists."),
    N_("Choose a new name, and change over only when you have checked the restored database."),
    ActionBy.SUPPORT,
)
RESTORE_FOLDER = Problem(
    "TB-RESTAURA-PASTA",
    N_("The folder for the restored database is not there, or cannot be written to."),
    N_("The path was mistyped, its disk is not connected, or it is read-only."),
    N_("Choose a folder that exists and can be written to. The backup itself is not touched."),
    ActionBy.SUPPORT,
)
RESTORE_FULL = Problem(
    "TB-RESTAURA-ESPACO",
    N_("There is not enough free space for the restored database."),
    N_("A restored database needs at least as much as the dump inside the ZIP, and often half as much again."),
    N_("Free some space there, or restore onto another disk. The backup is good: no older one is needed."),
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
REFUTING = (FILE_ALTERED, FILE_INVALID, PROOF_REFUTED, RESTORE_FAILED)
"""So ends the test restore of a file that is no backup."""
REFUTING_CODES = tuple(problem.code for problem in REFUTING)
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
RUN_BUSY = Problem(
    "TB-OCUPADO",
    N_("A backup of this database is already running."),
    N_("Another request is at it."),
    N_("Wait until it ends, and ask again."),
    ActionBy.STORE,
    retry=True,
)
WINDOW_SILENT = Problem(
    "TB-JANELA-PRESA",
    N_("The window of TopBackup is open already, and does not answer."),
    N_("It is busy, or it hangs."),
    N_("Wait a minute and try again. If it stays so, end TopBackup in the task manager and open it anew."),
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
HOME_UNWRITABLE = Problem(
    "TB-PASTA",
    N_("TopBackup's own folder cannot be written to."),
    N_("The disk is read-only or full, or this account has no right to the folder of the settings file."),
    N_("Give this account the right to write there, or run the command as the account of the service."),
    ActionBy.SUPPORT,
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
BUNDLE_PLACE = Problem(
    "TB-PACOTE",
    N_("The file for support cannot be written there."),
    N_("The place is a folder, or its folder does not exist or may not be written to."),
    N_("Name a .zip file in a folder that exists, for instance: topbackup doctor --bundle support.zip."),
    ActionBy.SUPPORT,
)
OUTPUT_FAILED = Problem(
    "TB-SAIDA",
    N_("The answer could not be written to where the output goes."),
    N_("The disk of the output file is full, or the file cannot be written."),
    N_("Send the output somewhere else, or free some space there."),
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
DATABASE_ELSEWHERE = Problem(
    "TB-OUTRO-SERVIDOR",
    N_("Only an administrator may back up a database of another server."),
    N_("The agent would send its own Firebird password to the computer that was named."),
    N_("Name a database of the configured server, or run the command as an administrator."),
    ActionBy.SUPPORT,
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
ANSWER_TOO_LONG = Problem(
    "TB-RESPOSTA-LONGA",
    N_("The answer is longer than a message may be."),
    N_("There is too much of it, for instance thousands of rows in AGENDA_BACKUP."),
    N_("Take away the rows that are not needed, or stop the agent and ask again."),
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
    N_("This Linux is not run by systemd, so TopBackup cannot be a service here."),
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
