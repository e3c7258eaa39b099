"""What `topbackup-dashboard` says to a technician: in Portuguese, in one sentence, never a traceback nor a password."""

import argparse
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract
from django.core.management import get_commands

from dashboard import environment
from dashboard.command_line import ARGPARSE, OURS
from lab.mariadb_server import MariaDBServer
from scripts.translations import SITE
from tests.dashboard.databases import mysql_url
from tests.dashboard.test_serving import command, real

# Marked in argparse, and only for who writes a parser, or for parts of it that no command here has.
_NOT_MET = (
    *("dest=", "invalid conflict", "invalid option string", "'required' is", "mutually exclusive", "cannot merge"),
    *("cannot have multiple", "conflicting", "unknown parser", 'argument "-"', "can't open", ".__call__"),
    *("%r is not", "expected %s argument"),
)  # fmt: skip
_ENGLISH = re.compile(r"\b(usage|options|show this|error|required|expected|unrecognized|invalid|the|Command\w*Error)\b")


def test_the_list_has_ours_first_and_every_one(new_sqlite: str) -> None:
    done = command("--help", env=real(new_sqlite))
    assert done.returncode == 0
    ours, _, others = done.stdout.partition("Do próprio Django")
    assert re.findall(r"^  (\w+)  ", ours, re.MULTILINE) == list(OURS)
    assert not _ENGLISH.search(ours)
    assert "  dbshell\n" in others
    written = {name for name, app in get_commands().items() if str(app).startswith("dashboard.")}
    assert written == set(OURS) - {"migrate"}


@pytest.mark.parametrize("name", [name for name in OURS if name != "migrate"])
def test_the_help_of_each_is_portuguese(new_sqlite: str, name: str) -> None:
    done = command(name, "--help", env=real(new_sqlite))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"uso: topbackup-dashboard {name} [-h]")
    assert not _ENGLISH.search(done.stdout), done.stdout
    assert "--skip-checks" not in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["servir", "--prot", "1"], "argumentos desconhecidos: --prot 1"),
        (["servir", "--port", "x"], "--port: 'x' não é um número inteiro de 1 a 65535"),
        (["servir", "--workers", "65"], "--workers: '65' não é um número inteiro de 1 a 64"),
        (["servir", "--threads"], "--threads: falta o valor"),
        (["reconstruir_estado", "--a-cada", "-1"], "--a-cada: '-1' não é um número inteiro de 1 a 86400"),
        (["analisar", "--a-cada", "0"], "--a-cada: '0' não é um número inteiro de 1 a 86400"),
        (["criar_acesso"], "falta: --username"),
        (["criar_acesso", "--username", "a", "--papel", "dono"], "--papel: 'dono' não é uma das opções: 'leitor'"),
        (["migrate", "--nada"], "argumentos desconhecidos: --nada"),
        (["serivr"], "não há o comando 'serivr'. Seria servir?"),
        (["help", "nada"], "não há o comando 'nada'."),
    ],
)
def test_bad_words_are_exit_code_2_and_a_sentence(new_sqlite: str, words: list[str], said: str) -> None:
    done = command(*words, env=real(new_sqlite))
    assert (done.returncode, done.stdout) == (2, "")
    *_usage, last = done.stderr.splitlines()
    assert said in last
    assert last.startswith("topbackup-dashboard")
    assert "Traceback" not in done.stderr


def test_without_settings_there_is_help_and_the_reason(new_sqlite: str) -> None:
    bare = {name: value for name, value in real(new_sqlite).items() if not name.startswith("TOPBACKUP_")}
    done = command("--help", env=bare)
    assert done.returncode == 0
    assert "criar_acesso" in done.stdout
    assert environment.SECRET_KEY in done.stdout
    done = command("servri", env=bare)
    assert done.returncode == 1
    assert done.stderr.startswith(f"topbackup-dashboard: {environment.SECRET_KEY}")


def test_the_version_is_this_program_s(new_sqlite: str) -> None:
    for words in (["--version"], ["version"], ["servir", "--version"]):
        said = command(*words, env=real(new_sqlite)).stdout
        assert re.fullmatch(r"topbackup-dashboard \d+\.\d+\S* \(Django 6\.0\.\d+\)\n", said)


def test_all_that_this_python_s_argparse_says_is_translated() -> None:
    with Path(argparse.__file__).open("rb") as source:
        marked = [found[1] for found in extract("python", source, {"_": None, "ngettext": (1, 2)})]
    texts = {text if isinstance(text, str) else text[0] for text in marked}
    met = {text for text in texts if not text.startswith(_NOT_MET)}
    assert met - set(ARGPARSE) == set()
    assert met <= {str(message.id) for message in SITE.read() if message.string}


@pytest.mark.parametrize(
    "words", [["servir"], ["reconstruir_estado"], ["analisar"], ["criar_acesso", "--username", "a"]]
)
def test_a_database_that_cannot_be_used_is_told(mariadb_server: MariaDBServer, words: list[str]) -> None:
    """Away, not found, with a wrong password, without a right, without the schema, not migrated: before any worker."""
    name = "PROJETO_SEM_MIGRAR"
    mariadb_server.create_database(name)
    mariadb_server.administer(f"CREATE TABLE IF NOT EXISTS {name}.OUTRA (ID INT)")
    try:
        good = mysql_url(mariadb_server, name)
        place = f"{mariadb_server.host}:{mariadb_server.port}"
        at = f"@{place}/"
        cases = {
            good.replace(place, f"{mariadb_server.host}:1"): "não responde em",
            good.replace(place, "nao-existe.invalid:3306"): "não responde em nao-existe.invalid:3306",
            f"mysql://ana:s3gredo{at}{name}": "recusa o usuário ana ou a senha",
            f"{good}_NADA": f"{name}_NADA",
            good: "Rode: topbackup-dashboard migrate",
        }
        for url, said in cases.items():
            done = command(*words, env=real(url) | {"TOPBACKUP_DASHBOARD_PASSWORD": "Uma-Senha-Comprida"})
            assert done.returncode == 1, url
            assert done.stdout == ""
            assert said in done.stderr
            assert done.stderr.count("\n") == 1
            assert done.stderr.startswith("topbackup-dashboard: ")
            assert environment.DATABASE_URL in done.stderr
            assert "s3gredo" not in done.stderr
            assert mariadb_server.password not in done.stderr
    finally:
        mariadb_server.drop_database(name)
