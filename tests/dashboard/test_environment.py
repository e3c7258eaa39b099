"""Settings come from the environment; an error names the variable, and never quotes a password."""

from collections.abc import Callable, Mapping

import pytest
from django.core.exceptions import ImproperlyConfigured

from dashboard import environment


@pytest.mark.parametrize(
    ("read", "variable", "value"),
    [
        (environment.secret_key, environment.SECRET_KEY, ""),
        (environment.secret_key, environment.SECRET_KEY, "short"),
        (environment.debug, environment.DEBUG, "perhaps"),
        (environment.allowed_hosts, environment.ALLOWED_HOSTS, "painel.example, *"),
        (environment.allowed_hosts, environment.ALLOWED_HOSTS, "https://painel.example/"),
        (environment.database, environment.DATABASE_URL, ""),
        (environment.database, environment.DATABASE_URL, "postgres://ana:s3gredo@host/x"),
        (environment.database, environment.DATABASE_URL, "mysql://ana:s3gredo@host:port/PROJETO_BACKUPS"),
        (environment.database, environment.DATABASE_URL, "mysql://ana:s3gredo@host"),
        (environment.database, environment.DATABASE_URL, "mysql://host/PROJETO_BACKUPS"),
        (environment.database, environment.DATABASE_URL, "sqlite:///"),
    ],
)
def test_an_error_names_the_variable(read: Callable[[Mapping[str, str]], object], variable: str, value: str) -> None:
    with pytest.raises(ImproperlyConfigured) as error:
        read({variable: value})
    assert str(error.value).startswith(variable)
    assert "s3gredo" not in str(error.value)


def test_addresses() -> None:
    mysql = environment.database(
        {environment.DATABASE_URL: "mysql://ana%40x:p%40%2Fs%C3%A3o@[::1]:3307/PROJETO_BACKUPS"}
    )
    assert [mysql[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        "ana@x", "p@/são".encode(), "::1", 3307, "PROJETO_BACKUPS",
    ]  # fmt: skip
    assert str(environment.database({environment.DATABASE_URL: "sqlite:////srv/nuvem%20n%C2%BA%201.db"})["NAME"]) == (
        "/srv/nuvem nº 1.db"
    )
    assert str(environment.database({environment.DATABASE_URL: "sqlite:///nuvem.db"})["NAME"]) == "nuvem.db"


def test_without_tls_only_on_this_machine() -> None:
    assert environment.only_loopback(environment.allowed_hosts({}))
    assert not environment.only_loopback(["painel.example"])
