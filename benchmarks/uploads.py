"""`make bench-uploads`: our uploads beside curl, lftp and sftp, one file to one server on loopback; our memory.

Interleaved, medians, ratios. Ours is timed in a process that has its modules loaded, as the agent has; the others with
their start, some hundredths of a second. Environment: BENCH_UPLOAD_MB (200), BENCH_ROUNDS (5).
"""

import hashlib
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.__main__ import RESULTS
from lab.certificates import Authority
from lab.remote_peers import PASSWORD, USER, Peer, Proftpd, Sshd, Vsftpd
from topbackup.destinations.contract import Checked, Destination, Outgoing, Transfer
from topbackup.destinations.opening import open_destination
from topbackup.settings_remote import FtpRemote, SftpRemote, TlsMode

MEGABYTES = int(os.environ.get("BENCH_UPLOAD_MB", "200"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
Contender = Callable[[], object]


def main() -> int:
    """Measure, print, and store."""
    with tempfile.TemporaryDirectory(prefix="topbackup-bench-") as folder, ExitStack() as stack:
        home = Path(folder)
        authority = Authority(home)
        pem, _ = authority.certificate()
        os.environ["SSL_CERT_FILE"] = str(authority.pem)
        file = made(home, MEGABYTES)
        vsftpd, secure = stack.enter_context(Vsftpd()), stack.enter_context(Vsftpd(pem))
        sshd = stack.enter_context(Sshd())
        lines = {
            "FTP (vsftpd)": {
                "ours": ours(ftp(vsftpd), file),
                "curl": curl(vsftpd, file, []),
                "lftp": lftp(vsftpd, file, "set ftp:ssl-allow no"),
            },
            "FTPS (vsftpd)": {
                "ours": ours(ftp(secure, TlsMode.EXPLICIT), file),
                "curl": curl(secure, file, ["--ssl-reqd", "--cacert", str(authority.pem)]),
                "lftp": lftp(secure, file, f"set ftp:ssl-force yes; set ssl:ca-file {authority.pem}"),
            },
            "SFTP (OpenSSH)": {"ours": ours(sftp(sshd, home), file), "sftp": openssh(sshd, file)},
        }
        speeds = {name: medians(contenders) for name, contenders in lines.items()}
        show(speeds)
        memory = {kind: [peak(kind, home, size) for size in (20, 500)] for kind in ("ftp", "ftps", "sftp")}
        for kind, (small, large) in memory.items():
            print(f"  RSS {kind:<6} 20 MB: {small:.1f} MB   500 MB: {large:.1f} MB")
        store(speeds, memory)
    return 0


def made(folder: Path, megabytes: int) -> Outgoing:
    path, digest = folder / f"{megabytes}.zip", hashlib.sha256()
    with path.open("wb") as out:
        for _ in range(megabytes):
            block = os.urandom(1 << 20)
            digest.update(block)
            out.write(block)
    return Outgoing(path, "11222333000181.zip", megabytes << 20, digest.hexdigest())


def ftp(server: Peer, tls: TlsMode = TlsMode.NONE) -> Destination:
    values = {"nome": "x", "tipo": "ftp", "host": "localhost", "porta": server.port, "usuario": USER}
    return open_destination(FtpRemote.model_validate({**values, "senha": PASSWORD, "tls": tls}), Path())


def sftp(server: Sshd, data: Path) -> Destination:
    values = {"nome": "x", "tipo": "sftp", "host": "127.0.0.1", "porta": server.port, "usuario": "root"}
    values |= {"chave_privada": str(server.key), "caminho": str(server.files)}
    return open_destination(SftpRemote.model_validate(values), data)


def ours(destination: Destination, file: Outgoing) -> Contender:
    transfer = Transfer(lambda: None, lambda _: None, None, Checked.SIZE, lambda: None, lambda _: None)
    return lambda: destination.put(file, transfer)


def curl(server: Peer, file: Outgoing, options: list[str]) -> Contender:
    target = f"ftp://localhost:{server.port}/curl.zip"
    config = server.root / "curlrc"  # its password is in no argv
    config.write_text(f'user = "{USER}:{PASSWORD}"\n')
    return run(["curl", "-sS", "-K", str(config), *options, "-T", str(file.path), target])


def lftp(server: Peer, file: Outgoing, settings: str) -> Contender:
    script = server.root / "lftprc"
    script.write_text(
        f"{settings}; set cmd:fail-exit yes; set xfer:clobber yes; set net:max-retries 1\nopen -u '{USER},{PASSWORD}' ftp://localhost:{server.port}\n"
        f"put {file.path} -o lftp.zip\n"
    )
    return run(["lftp", "--norc", "-f", str(script)])


def openssh(server: Sshd, file: Outgoing) -> Contender:
    batch = server.root / "batch"
    batch.write_text(f"put {file.path} {server.files}/sftp.zip\n")
    trust = ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"]
    return run(
        ["sftp", "-q", *trust, "-i", str(server.key), "-P", str(server.port), "-b", str(batch), "root@127.0.0.1"]
    )


def run(command: list[str]) -> Contender:
    def once() -> None:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{command[0]}: {done.stderr}")

    return once


def medians(contenders: dict[str, Contender]) -> dict[str, float]:
    """Megabytes (10^6 bytes) a second of each, by turns; the first turn does not count."""
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for turn in range(ROUNDS + 1):
        for name, upload in contenders.items():
            began = time.perf_counter()
            upload()
            if turn:
                taken[name].append(time.perf_counter() - began)
    return {name: (MEGABYTES << 20) / 1e6 / statistics.median(seconds) for name, seconds in taken.items()}


def show(speeds: dict[str, dict[str, float]]) -> None:
    for name, line in speeds.items():
        best = max(speed for contender, speed in line.items() if contender != "ours")
        told = "   ".join(f"{contender} {speed:.0f} MB/s" for contender, speed in line.items())
        print(f"  {name:<16} {told}   time against the quickest: {best / line['ours']:.2f}")


def peak(kind: str, home: Path, megabytes: int) -> float:
    """The largest resident set of a process that makes one upload, in MB."""
    file = made(home, megabytes)
    command = [sys.executable, "-m", "benchmarks.uploads", kind, str(file.path), str(file.size), file.sha256]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    file.path.unlink()
    return int(done.stdout) * 1024 / 1e6


def one_upload(kind: str, path: str, size: str, sha256: str) -> int:
    """The child of `peak`: a proftpd or sshd of its own; prints ru_maxrss."""
    import resource

    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        home = Path(folder)
        if kind == "sftp":
            destination = sftp(stack.enter_context(Sshd()), home)
        else:
            authority = Authority(home)
            os.environ["SSL_CERT_FILE"] = str(authority.pem)
            pem = authority.certificate()[0] if kind == "ftps" else None
            destination = ftp(stack.enter_context(Proftpd(pem)), TlsMode.EXPLICIT if pem else TlsMode.NONE)
        ours(destination, Outgoing(Path(path), "x.zip", int(size), sha256))()
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    return 0


def store(speeds: dict[str, dict[str, float]], memory: dict[str, list[float]]) -> None:
    RESULTS.mkdir(exist_ok=True)
    now = datetime.now(UTC)
    machine = {"cores": os.cpu_count(), "system": platform.system(), "python": platform.python_version()}
    document = {"at": now.isoformat(), "machine": machine, "MB/s": speeds, "RSS of 20 and 500 MB": memory}
    path = RESULTS / f"uploads-{now:%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    print(f"\n  benchmarks/results/{path.name}")


if __name__ == "__main__":
    sys.exit(one_upload(*sys.argv[1:]) if len(sys.argv) > 1 else main())
