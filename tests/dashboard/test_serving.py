"""The site as it is served: `servir` with two workers, two replicas, and what packaging/dashboard says of it."""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from dashboard import environment
from dashboard.accounts.roles import Role
from dashboard.monitoring import openapi
from lab.server_process import ServerProcess, free_port
from tests.dashboard.test_pages import company, run
from tests.dashboard.visitors import PASSWORD, person

ROOT = Path(__file__).parents[2]
PACKAGING = ROOT / "packaging" / "dashboard"
VARIABLES = {value for value in vars(environment).values() if isinstance(value, str) and value.startswith("TOPBACKUP_")}
TOKEN = "0123456789-0123456789-abc"
HOST = "backups.example"


def real(url: str) -> dict[str, str]:
    """The environment of a site behind a proxy."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("TOPBACKUP_", "DJANGO_"))} | {
        environment.SECRET_KEY: "".join(chr(97 + number % 26) for number in range(60)),
        environment.DATABASE_URL: url,
        environment.ALLOWED_HOSTS: HOST,
        environment.PROXIES: "1",
        environment.METRICS_TOKEN: TOKEN,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }


def command(*words: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dashboard.manage", *words],
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_check_deploy_finds_nothing(new_sqlite: str) -> None:
    done = command("check", "--deploy", "--fail-level", "WARNING", env=real(new_sqlite))
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        (environment.SECRET_KEY, "short"),
        (environment.DATABASE_URL, "oracle://ana:s3gredo@h/x"),
        (environment.ALLOWED_HOSTS, "*"),
        (environment.DEBUG, "maybe"),
        (environment.PROXIES, "-1"),
        (environment.METRICS_TOKEN, "short"),
    ],
)
def test_a_wrong_setting_is_one_sentence_that_names_it(new_sqlite: str, variable: str, value: str) -> None:
    done = command("servir", env=real(new_sqlite) | {variable: value})
    assert done.returncode == 1
    assert done.stderr.startswith(f"topbackup-dashboard: {variable}")
    assert done.stderr.count("\n") == 1
    assert "s3gredo" not in done.stderr


def test_what_cannot_be_served_is_said(new_sqlite: str) -> None:
    assert "migrate" in command("servir", env=real(new_sqlite)).stderr
    assert "--port" in command("servir", "--port", "70000", env=real(new_sqlite)).stderr
    assert command("saude", "--port", str(free_port()), env=real(new_sqlite)).returncode == 1
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = command("servir", "--port", port, env=real(new_sqlite))
    assert done.returncode != 0
    assert "--port" in done.stderr
    assert port in done.stderr


def test_a_database_that_does_not_answer_is_told_in_one_sentence() -> None:
    done = command("migrate", env=real("mysql://u:p@127.0.0.1:1/PROJ"))
    assert done.returncode == 1
    assert "TOPBACKUP_DASHBOARD_DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


class Replica:
    """`topbackup-dashboard servir` in a process of its own, with two workers."""

    def __init__(self, url: str, folder: Path) -> None:
        self.port, self.environment = free_port(), real(url) | {"TMPDIR": str(folder)}
        self.folder = folder
        words = ["-m", "dashboard.manage", "servir", "--port", str(self.port), "--workers", "2", "--threads", "2"]
        self.server = ServerProcess(
            [sys.executable, *words],
            port=self.port, log=folder / "site.log", environment=self.environment, folder=folder,
        )  # fmt: skip

    def ask(self, method: str, path: str, cookies: dict[str, str], **form: str) -> http.client.HTTPResponse:
        """A request on a connection of its own, as the proxy passes it on; the cookies are kept."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "9.9.9.9"}
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        if path == "/metrics":
            headers["Authorization"] = f"Bearer {TOKEN}"
        if method == "POST":
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://{HOST}"}
            form["csrfmiddlewaretoken"] = cookies.get("topbackup_csrf", "")
        connection.request(method, path, urllib.parse.urlencode(form) if form else None, headers)
        answer = connection.getresponse()
        answer.text = answer.read().decode()  # type: ignore[attr-defined] # the connection goes before it is looked at
        connection.close()
        for set_cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = set_cookie.partition(";")[0].partition("=")
            cookies[name] = value.strip('"')
            assert "Secure" in set_cookie or "Max-Age=0" in set_cookie  # one that is taken away
        return answer


@pytest.fixture
def replicas(mariadb: None, migrated_mariadb: str, tmp_path: Path) -> Iterator[list[Replica]]:
    found = [Replica(migrated_mariadb, tmp_path / name) for name in ("one", "other")]
    for replica in found:
        replica.folder.mkdir()
        replica.server.start()
    yield found
    for replica in found:
        replica.server.stop()


def test_two_replicas_of_two_workers_are_one_site(replicas: list[Replica]) -> None:
    one, other = replicas
    person(Role.VIEWER, "ana", PASSWORD)
    cookies: dict[str, str] = {}
    assert one.ask("GET", "/entrar/", cookies).status == 200
    entered = other.ask("POST", "/entrar/", cookies, username="ana", password=PASSWORD)
    assert (entered.status, entered.headers["Location"]) == (302, "/")
    for replica in (one, other) * 3:  # whichever worker
        assert replica.ask("GET", "/conta/", cookies).status == 200
    # A row that came between two requests is on the next card, whichever replica draws it.
    for number, letter in enumerate("SFES", 1):
        company(number)
        run(number, letter)
        drawn = [_without_time(replica.ask("GET", "/api/cards/", cookies)) for replica in (one, other) * 2]
        assert len(drawn[0]["cards"]) == number
        assert all(each == drawn[0] for each in drawn)
    counted = [_without_time(replica.ask("GET", "/api/status/", cookies)) for replica in (one, other)]
    assert counted[0] == counted[1]
    assert counted[0]["total"] == 4
    left = one.ask("POST", "/sair/", dict(cookies))
    assert left.status == 302
    for replica in (one, other) * 2:
        assert replica.ask("GET", "/conta/", cookies).status == 302

    # Five wrong passwords, wherever they were given.
    for number in range(5):
        answer = replicas[number % 2].ask("POST", "/entrar/", cookies, username="ana", password="errada")
    assert answer.status == 429

    # Any worker tells what all workers of its server have counted.
    for _ in range(20):
        assert one.ask("GET", "/healthz", {}).status == 200
    said = {_count(one.ask("GET", "/metrics", {}), "healthz") for _ in range(6)}
    assert said == {20}
    headers = one.ask("GET", "/entrar/", {}).headers
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert command("saude", "--port", str(one.port), env=one.environment).returncode == 0

    os.kill(one.server.pid, signal.SIGTERM)
    one.server._process.wait(20)  # type: ignore[union-attr]
    assert one.server._process.returncode == 0  # type: ignore[union-attr]
    assert not list(one.folder.glob("topbackup-metrics-*"))
    assert command("saude", "--port", str(one.port), env=one.environment).returncode == 1
    assert other.ask("GET", "/healthz", {}).status == 200


def _without_time(answer: Any) -> dict[str, Any]:
    assert answer.status == 200
    found: dict[str, Any] = json.loads(answer.text)
    assert found.pop("agora")
    return found


def _count(answer: Any, view: str) -> int:
    found = re.findall(rf'http_requests_total{{code="200",method="GET",view="{view}"}} (\S+)', answer.text)
    return int(sum(map(float, found)))


def test_plain_http_is_sent_to_https_but_for_the_machines(replicas: list[Replica]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", replicas[0].port, timeout=20)
    for path, status in (("/entrar/", 301), ("/healthz", 200), ("/metrics", 401)):
        connection.request("GET", path, headers={"Host": HOST})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == status, path
    connection.close()


def test_compose_starts_what_there_is() -> None:
    """No Docker here: the file is read, and what it names is looked for."""
    compose = yaml.safe_load((PACKAGING / "compose.yaml").read_text())
    services = compose["services"]
    dockerfile = (PACKAGING / "Dockerfile").read_text()
    commands = [services["migrate"]["command"], *map(yaml.safe_load, re.findall(r"CMD (\[.*\])", dockerfile))]
    for words in commands:
        assert words[0] == "topbackup-dashboard"
        assert words[1] in get_commands()
    assert services["dashboard"]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    assert services["migrate"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    for name, service in services.items():
        assert "environment" not in service, name  # secrets are in files that are not in git
        assert (PACKAGING / f"{service['env_file']}.example").is_file()
    assert all(port.startswith("127.0.0.1:") for port in services["dashboard"]["ports"])
    assert "ports" not in services["database"]
    for source in re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE):
        assert all((ROOT / name).exists() for name in source.split())


def _settings(text: str) -> dict[str, str]:
    return dict(re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE))


def test_the_example_environment_holds_no_secret_and_every_variable() -> None:
    example = _settings((PACKAGING / "dashboard.env.example").read_text())
    assert set(example) == VARIABLES - {environment.DEBUG}
    assert example[environment.SECRET_KEY] == example[environment.METRICS_TOKEN] == ""
    assert environment.database(example)["NAME"] == "PROJETO_BACKUPS"
    assert _settings((PACKAGING / "database.env.example").read_text())["MARIADB_PASSWORD"] == ""
    ignored = subprocess.run(
        ["git", "check-ignore", "packaging/dashboard/dashboard.env", "packaging/dashboard/database.env"],
        cwd=ROOT, capture_output=True, check=False,
    )  # fmt: skip
    assert ignored.returncode == 0


def test_the_handbook_names_every_variable_and_every_command() -> None:
    handbook = (ROOT / "docs" / "dashboard.md").read_text()
    assert {name for name in VARIABLES if f"`{name}`" not in handbook} == set()
    for name in re.findall(r"topbackup-dashboard (\w+)", handbook):
        assert name in get_commands(), name


def test_the_handbook_names_the_whole_interface_for_programs() -> None:
    handbook = (ROOT / "docs" / "dashboard.md").read_text()
    described = openapi.document()
    names = set(described["paths"]) | set(described["components"]["schemas"]["Problem"]["properties"])
    names |= {parameter["name"] for path in described["paths"].values() for parameter in path["get"]["parameters"]}
    source = "".join(path.read_text() for path in (ROOT / "src" / "dashboard").rglob("*.py"))
    names |= set(re.findall(r'problem\(\d+, "(\w+)"', source)) - {"csrf"}  # forms only: these addresses are read
    names |= set(re.findall(r'_told\(request, .*?"(\w+)"', source)) | {"interno"}
    assert len(names) > 20
    assert {name for name in names if f"`{name}`" not in handbook} == set()


def test_systemd_s_own_check_of_the_unit(tmp_path: Path) -> None:
    """`systemd-analyze verify`: syntax, and every directive known. The program is where this machine has it."""
    analyze = shutil.which("systemd-analyze")
    assert analyze is not None, "systemd-analyze is missing: scripts/setup.sh test installs it"
    unit = tmp_path / "topbackup-dashboard.service"
    program = Path(sys.executable).with_name("topbackup-dashboard")
    text = (PACKAGING / unit.name).read_text()
    assert "/opt/topbackup/bin/topbackup-dashboard servir" in text
    unit.write_text(text.replace("/opt/topbackup/bin/topbackup-dashboard", str(program)))
    done = subprocess.run(
        [analyze, "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False, timeout=60
    )
    assert [line for line in done.stderr.splitlines() if "topbackup" in line] == [], done.stderr
    judged = subprocess.run(
        [analyze, "security", "--offline=yes", "--threshold=20", str(unit)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert judged.returncode == 0, judged.stdout  # an exposure of 2.0 at most
