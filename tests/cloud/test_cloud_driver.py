"""The driver takes little, and still knows the login of MySQL 8 (no such server is to be had here: its step alone)."""

import subprocess
import sys

LEAN = """
import sys
from topbackup.cloud import driver
import pymysql._auth, topbackup.cloud.store
assert "cryptography" not in sys.modules, "8 MB that an agent does not need"
assert not pymysql._auth._have_cryptography
"""

LOGIN = """
import sys
from topbackup.cloud import driver
import pymysql._auth, pymysql.connections
asked = []

class Server:
    # caching_sha2_password without TLS: the driver encrypts the password with the server's key
    def __init__(self, *, password):
        asked.append(password)
        self.sent = pymysql.connections._auth.sha2_rsa_encrypt(password, b"x" * 20, KEY)

KEY = None
driver._driver.connect = Server
import subprocess
KEY = subprocess.run([sys.executable, "-c", "from cryptography.hazmat.primitives import serialization as s;"
    "from cryptography.hazmat.primitives.asymmetric import rsa;"
    "print(rsa.generate_private_key(65537, 2048).public_key().public_bytes(s.Encoding.PEM,"
    "s.PublicFormat.SubjectPublicKeyInfo).decode())"], capture_output=True, check=True).stdout
found = driver.connect(password=b"s3nha")
assert len(found.sent) == 256
assert len(asked) == 2, "refused once, then with what it takes"
"""


def run(program: str) -> None:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr


def test_the_driver_comes_without_what_only_one_login_needs() -> None:
    run(LEAN)


def test_a_server_that_asks_for_that_login_gets_it() -> None:
    run(LOGIN)
