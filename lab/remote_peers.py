"""Private FTP and SSH servers: Debian's vsftpd, proftpd, pure-ftpd and OpenSSH, each with a folder of its own.

The FTP packages refuse to be installed beside each other, so scripts/setup.sh unpacks them into var/servers. Root is
needed: they change over to the account `daemon`.
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil

from lab.server_process import PrivateServer, ServerProcess, free_port

USER = "agente"
ACCOUNT = "daemon"  # vsftpd wants one whose home folder exists
PASSWORD = "s3gr&do-nã0-vaza-remoto"
ROOT = Path(__file__).parents[1] / "var" / "servers"
_LIBRARIES = ":".join(str(ROOT / "usr/lib" / folder) for folder in ("x86_64-linux-gnu", "aarch64-linux-gnu"))


class Peer(PrivateServer):
    """files: what is there, as the server's account sees it. It ends with the block, and takes its folder with it."""

    def __init__(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="topbackup-peer-"))
        self.root.chmod(0o711)  # the server's account passes through
        self.files = self.root / "files"
        self.files.mkdir()
        self.give(self.files)
        self.host, self.port = "127.0.0.1", free_port()

    def give(self, path: Path) -> None:
        """To the account that the server writes as."""
        shutil.chown(path, ACCOUNT, ACCOUNT)

    def start(self, command: Sequence[str]) -> None:
        environment = {**os.environ, "LD_LIBRARY_PATH": _LIBRARIES}
        log = self.root / "log"
        self._process = ServerProcess(command, port=self.port, log=log, environment=environment, folder=self.root)
        self._process.start()

    def again(self) -> None:
        """After a kill."""
        self._process.start()

    def cut(self) -> None:
        """End every session, as a cable that is pulled; the server goes on."""
        for session in psutil.Process(self.pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                session.kill()

    @contextlib.contextmanager
    def filled(self, size: str) -> Iterator[Path]:
        """`files` on a file system of its own, so large (a size of tmpfs); where it is to be seen from here."""
        inside = ["nsenter", "--target", str(self.pid), "--mount"]  # vsftpd has its own view of the mounts
        subprocess.run([*inside, "mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", self.files], check=True)
        seen = Path(f"/proc/{self.pid}/root") / self.files.relative_to("/")
        self.give(seen)
        try:
            yield seen
        finally:
            subprocess.run([*inside, "umount", "-l", self.files], check=True)

    def stop(self) -> None:
        sessions = psutil.Process(self.pid).children(recursive=True) if self.alive else []
        super().stop()
        for session in sessions:
            with contextlib.suppress(psutil.NoSuchProcess):
                session.kill()
        shutil.rmtree(self.root, ignore_errors=True)


class Vsftpd(Peer):
    """tls: a PEM file with key and certificate: then nothing goes without, and each data connection must resume the
    control channel's session. settings: further lines."""

    def __init__(self, tls: Path | None = None, settings: str = "", *, implicit: bool = False) -> None:
        super().__init__()
        (self.root / "empty").mkdir()
        (self.root / "pam.d").mkdir()
        accounts = self.root / "accounts"
        accounts.write_text(f"{USER}:{_hashed()}\n")
        (module,) = ROOT.rglob("pam_pwdfile.so")
        service = f"auth required {module} pwdfile={accounts} nodelay\naccount required pam_permit.so\n"
        (self.root / "pam.d" / "lab").write_text(service)
        lines = [
            f"listen_ipv6=YES\nlisten=NO\nlisten_port={self.port}\nbackground=NO\nanonymous_enable=NO",
            f"local_enable=YES\nwrite_enable=YES\nguest_enable=YES\nguest_username={ACCOUNT}\nvirtual_use_local_privs=YES",
            f"pam_service_name=lab\nlocal_root={self.files}\nchroot_local_user=YES\nallow_writeable_chroot=YES",
            f"secure_chroot_dir={self.root / 'empty'}\nseccomp_sandbox=NO\nxferlog_enable=NO\nlocal_umask=022",
            f"nopriv_user={ACCOUNT}\ndelay_failed_login=0\n{settings}",
        ]
        if tls is not None:
            lines += [
                f"ssl_enable=YES\nrsa_cert_file={tls}\nrsa_private_key_file={tls}\nforce_local_logins_ssl=YES",
                "force_local_data_ssl=YES\nrequire_ssl_reuse=YES\nssl_ciphers=HIGH\nssl_tlsv1=YES",
                f"implicit_ssl={'YES' if implicit else 'NO'}",
            ]
        config = self.root / "vsftpd.conf"
        config.write_text("\n".join(lines) + "\n")
        # Its passwords are PAM's to check: /etc/pam.d is another one for this process alone.
        inside = 'mount --bind "$1" /etc/pam.d && exec "$2" "$3"'
        command = ["unshare", "--mount", "--propagation", "slave", "sh", "-c", inside, "sh"]
        self.start([*command, str(self.root / "pam.d"), str(ROOT / "usr/sbin/vsftpd"), str(config)])


def _hashed() -> str:
    return subprocess.run(
        ["openssl", "passwd", "-6", PASSWORD], check=True, capture_output=True, text=True
    ).stdout.strip()


class Proftpd(Peer):
    """It computes digests (HASH, XSHA256). settings: further lines."""

    def __init__(self, tls: Path | None = None, settings: str = "") -> None:
        super().__init__()
        self.prepare()
        accounts = self.root / "accounts"
        owner = self.files.stat()
        accounts.write_text(f"{USER}:{_hashed()}:{owner.st_uid}:{owner.st_gid}::{self.files}:/bin/sh\n")
        accounts.chmod(0o600)
        (modules,) = (ROOT / "usr/lib").glob("proftpd")
        config = self.root / "proftpd.conf"
        config.write_text(f"""
ServerType standalone
DefaultServer on
UseIPv6 on
Port {self.port}
User {ACCOUNT}
Group {ACCOUNT}
ModulePath {modules}
LoadModule mod_tls.c
LoadModule mod_digest.c
AuthUserFile {accounts}
AuthOrder mod_auth_file.c
RequireValidShell off
DefaultRoot ~
PidFile {self.root}/pid
ScoreboardFile {self.root}/score
DelayEngine off
UseReverseDNS off
WtmpLog off
TransferLog none
SystemLog {self.root}/system.log
AllowOverwrite on
{"" if "AllowStoreRestart" in settings else "AllowStoreRestart on"}
DigestMaxSize 8589934592
{_proftpd_tls(tls, self.root)}
{settings.replace("{root}", str(self.root))}
""")
        self.start([str(ROOT / "usr/sbin/proftpd"), "-n", "-q", "-c", str(config)])

    def prepare(self) -> None:
        """What must be in the folder before it starts; a plain one needs nothing."""


class ProftpdSftp(Proftpd):
    """SFTP with a password, and with check-file: what OpenSSH's has not."""

    def __init__(self) -> None:
        super().__init__(
            settings="LoadModule mod_sftp.c\nSFTPEngine on\nSFTPHostKey {root}/host_key\nSFTPAuthMethods password"
        )

    def prepare(self) -> None:
        key = self.root / "host_key"
        subprocess.run(["ssh-keygen", "-q", "-t", "rsa", "-m", "PEM", "-N", "", "-f", key], check=True)


def _proftpd_tls(tls: Path | None, root: Path) -> str:
    if tls is None:
        return ""
    return (
        f"TLSEngine on\nTLSLog {root}/tls.log\nTLSRSACertificateFile {tls}\nTLSRSACertificateKeyFile {tls}\n"
        "TLSRequired on\nTLSRenegotiate none\n"
    )


class PureFtpd(Peer):
    """quota: megabytes for the account. options: further ones of its command line."""

    def __init__(self, tls: Path | None = None, quota: int | None = None, options: Sequence[str] = ()) -> None:
        super().__init__()
        accounts, database = self.root / "accounts", self.root / "accounts.pdb"
        owner = self.files.stat()
        size = str(quota << 20) if quota else ""
        # By hand: pure-pw's own hash takes two seconds to make, and four at each login.
        fields = [USER, _hashed(), str(owner.st_uid), str(owner.st_gid), "", f"{self.files}/./", *[""] * 6, size]
        accounts.write_text(":".join([*fields, *[""] * 5]) + "\n")
        subprocess.run(
            [ROOT / "usr/bin/pure-pw", "mkdb", database, "-f", accounts],
            check=True,
            capture_output=True,
            env={**os.environ, "LD_LIBRARY_PATH": _LIBRARIES},
        )
        protection = ["-Y", "3", "-2", str(tls)] if tls is not None else []
        counted = ["-n", f"1000:{quota}"] if quota else []
        program = [str(ROOT / "usr/sbin/pure-ftpd"), "-S", f"127.0.0.1,{self.port}", "-l", f"puredb:{database}"]
        self.start([*program, "-E", "-A", "-u", "1", "-H", "-g", f"{self.root}/pid", *protection, *counted, *options])


class Sshd(Peer):
    """OpenSSH for root, by the key `self.key`; its sftp-server begins in `files`. settings: further lines."""

    def __init__(self, settings: str = "", sftp_options: str = "") -> None:
        super().__init__()
        Path("/run/sshd").mkdir(exist_ok=True)  # its privilege separation wants it; Debian's start script makes it
        self.key = self.root / "key"
        self.new_host_key()
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.key], check=True)
        (self.root / "authorized").write_text((self.root / "key.pub").read_text())
        self.root.chmod(0o755)
        self._config = self.root / "sshd_config"
        self._config.write_text(f"""
ListenAddress 127.0.0.1:{self.port}
ListenAddress [::1]:{self.port}
HostKey {self.root}/host_key
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin yes
AuthorizedKeysFile {self.root}/authorized
Subsystem sftp internal-sftp -d {self.files} {sftp_options}
MaxStartups 100
LogLevel ERROR
{settings}
""")
        self.start(["/usr/sbin/sshd", "-D", "-e", "-f", str(self._config)])

    def new_host_key(self, kind: str = "ed25519") -> None:
        """As a server has after it was installed anew; it counts from the next start on."""
        for old in self.root.glob("host_key*"):
            old.unlink()
        make = ["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", str(self.root / "host_key")]
        subprocess.run(make, check=True)
