"""Certificates for the servers of the tests: an authority of our own, and what goes wrong with certificates."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


class Authority:
    """pem: its own certificate, for those who are to trust it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = rsa.generate_private_key(65537, 2048)
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "TopBackup lab")])
        builder = _builder(self._name, self._name, self._key, _now(), timedelta(days=2))
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        self.pem = folder / "authority.pem"
        self.pem.write_bytes(builder.sign(self._key, hashes.SHA256()).public_bytes(Encoding.PEM))

    def certificate(
        self, host: str = "localhost", *, expired: bool = False, self_signed: bool = False
    ) -> tuple[Path, str]:
        """A PEM file with key and certificate for that host (and, for localhost, its addresses), and its SHA-256."""
        key = rsa.generate_private_key(65537, 2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        began = _now() - timedelta(days=30 if expired else 0)
        builder = _builder(name, name if self_signed else self._name, key, began, timedelta(days=2))
        names: list[x509.GeneralName] = [x509.DNSName(host)]
        if host == "localhost":
            names += [x509.IPAddress(ip_address(address)) for address in ("127.0.0.1", "::1")]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        signed = builder.sign(key if self_signed else self._key, hashes.SHA256())
        path = self._folder / f"{host}{'-expired' * expired}{'-self' * self_signed}.pem"
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path.write_bytes(private + signed.public_bytes(Encoding.PEM))
        return path, signed.fingerprint(hashes.SHA256()).hex()


def _now() -> datetime:
    return datetime.now(UTC) - timedelta(minutes=5)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey, began: datetime, lasts: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(began)
        .not_valid_after(began + lasts)
    )
