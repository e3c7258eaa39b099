"""The whole wizard under Xvfb with a window manager, by real clicks and keys, on a real Firebird server."""

import json
from pathlib import Path

from tests.integration.faults import mounted
from tests.integration.running_agent import eventually
from tests.setup.peers import silent_peer
from tests.wizard.person import Hands, Person
from tests.wizard.shops import Bakery
from topbackup import settings_file
from topbackup.errors import AgentNotRunning
from topbackup.i18n import _
from topbackup.ipc.client import Client
from topbackup.places import Places
from topbackup.problems import SERVICE_NO_SYSTEMD
from topbackup.service import control


def test_from_an_empty_machine_to_a_first_proven_backup(hands: Hands, bakery: Bakery, pictures: Path | None) -> None:
    with bakery.at_work(), Person(hands, bakery.config, port=bakery.server.port) as person:
        # 1 Firebird: found by itself; a wrong password is explained; the right one shows whose the database is.
        person.until_sees("em uso agora")
        person.until(
            lambda: str(bakery.database) in (person.value("Caminho, apelido ou endereço do banco") or ""), "guess"
        )
        person.fill("Senha", "errada")
        hands.keys("Return")
        person.until_sees("TB-FB-SENHA")
        assert person.sees("O que fazer:")
        person.picture(pictures, "assistente-1-senha-errada")
        assert person.ask("find", kind="button", text="Avançar") is None
        person.fill("Senha", bakery.server.password)
        hands.keys("Return")
        person.until_sees("Padaria São João")
        person.until_sees("CNPJ 11.222.333/0001-81")
        person.picture(pictures, "assistente-1-firebird")
        person.press("Avançar")

        # 2 Nuvem: nobody answers there; said to be none.
        person.until_sees("Quem fica sabendo")
        assert person.ask("find", kind="button", text="Avançar") is None, "silence is no answer"
        person.press("Um servidor MySQL", "radio")
        person.fill("Servidor", "127.0.0.1")
        person.fill("Porta", "1")
        person.fill("Usuário", "agente")
        hands.keys("Return")
        person.until_sees("TB-NUVEM-INACESSIVEL")
        person.picture(pictures, "assistente-2-nuvem-inacessivel")
        person.press("Voltar")
        person.until_sees("Qual banco deve ficar protegido?")
        assert person.value("Senha") == bakery.server.password
        person.press("Avançar")
        person.until_sees("Quem fica sabendo")
        assert person.value("Servidor") == "127.0.0.1"
        person.press("Ninguém", "radio")
        person.press("Avançar")

        # 3 Cópias: a folder that is not there is explained; then all of them are written to.
        person.until_sees("Para onde vão as cópias?")
        person.fill("Primeira pasta", str(bakery.home / "nada"))
        person.press("Testar")
        person.until_sees("TB-DESTINO-AUSENTE")
        person.picture(pictures, "assistente-3-pasta-ausente")
        person.fill("Primeira pasta", str(bakery.first))
        person.press("Testar de novo")
        person.until_sees("Todas as pastas aceitam gravação.")
        assert person.sees("Esta pasta está no mesmo disco que o banco.")
        person.picture(pictures, "assistente-3-copias")
        person.press("Avançar")

        # 4 Revisão: what will happen; the end, to a backup that is proven.
        person.until_sees("É isto que vai acontecer.")
        person.picture(pictures, "assistente-4-revisao")
        hands.keys("ctrl+b", "ctrl+2", "ctrl+s", "F5")  # the main window's, which is not there
        if control.obstacle() is None:
            person.press("Instalar e iniciar o serviço", "check")  # no test installs a service on a real machine
        else:
            assert person.sees(_(SERVICE_NO_SYSTEMD.sentence)), "why it is not offered here"
        person.press("Gravar e começar")
        person.until_sees("Protegido. O primeiro backup está feito e comprovado", 90)
        person.picture(pictures, "assistente-4-comprovado")
        eventually(lambda: an_agent_answers(bakery.config), 20)  # whatever the person does with this page
        person.press("Abrir o TopBackup")
        person.until_sees("Protegido. Último backup: hoje às")
        person.picture(pictures, "assistente-depois")
        assert person.defects() == []

    settings = settings_file.load(bakery.config)
    assert settings.app.first_run is False
    assert settings.app.run_as_service is False
    assert settings.firebird.password.get_secret_value() == bakery.server.password
    assert settings.app.empresa_cnpj == "11.222.333/0001-81"
    assert settings.backup.local_destino1 == str(bakery.first)
    assert not settings.mysql.configured
    (manifest,) = bakery.first.glob("*.zip.json")
    assert json.loads(manifest.read_text(encoding="utf-8"))["data_verificacao"]
    assert len(list(bakery.second.glob("*.zip"))) == 1


def an_agent_answers(config: Path) -> bool:
    try:
        Client.of(Places(config).home).close()
    except AgentNotRunning:
        return False
    return True


def test_a_broken_file_is_repaired_and_kept(hands: Hands, bakery: Bakery, pictures: Path | None) -> None:
    whole = {
        "firebird": {"database_path": bakery.server.address(bakery.database), "password": bakery.server.password},
        "plugin_de_outro": {"chave": [1, 2]},
        "backup": {"local_destino1": str(bakery.first)},
        "app": {"first_run": False},
    }
    broken = json.dumps(whole)[:-20]
    rows = "".join(f"insert into AGENDA_BACKUP (ID) values ({number});\n" for number in range(100, 120))
    bakery.server.sql(f"{rows}commit;\n", bakery.database)  # each is told as rejected: the review is a long page
    bakery.config.parent.mkdir()
    bakery.config.write_text(broken, encoding="utf-8")
    with Person(hands, bakery.config, port=bakery.server.port) as person:
        person.until_sees("TB-CONFIG-INVALIDA")
        assert person.sees("este fica guardado como cópia")
        assert person.value("Caminho, apelido ou endereço do banco") == bakery.server.address(bakery.database)
        person.picture(pictures, "assistente-arquivo-quebrado")
        person.press("Testar")
        person.until_sees("Padaria São João")
        person.press("Avançar")
        person.press("Ninguém", "radio")
        person.press("Avançar")
        person.press("Testar")
        person.until_sees("Todas as pastas aceitam gravação.")
        person.press("Avançar")
        person.press("Fazer o primeiro backup agora", "check")
        hands.keys("Next", "Next", "Next")  # at its end the page gets shorter: what follows must be seen all the same
        person.press("Gravar e começar")
        person.until_sees("As configurações estão gravadas.")
        assert person.sees("O arquivo com defeito foi guardado como config.json.quebrado-")
        assert person.defects() == []
    (copy,) = bakery.config.parent.glob("config.json.quebrado-*")
    assert copy.read_text(encoding="utf-8") == broken
    assert json.loads(bakery.config.read_text(encoding="utf-8"))["plugin_de_outro"] == {"chave": [1, 2]}


def test_what_could_not_be_saved_is_not_dropped_unasked(hands: Hands, bakery: Bakery) -> None:
    bakery.config.parent.mkdir()
    with Person(hands, bakery.config, port=bakery.server.port) as person:
        person.fill("Caminho, apelido ou endereço do banco", bakery.server.address(bakery.database))
        person.fill("Senha", bakery.server.password)
        person.press("Testar")
        person.until_sees("Padaria São João")
        person.press("Avançar")
        person.press("Ninguém", "radio")
        person.press("Avançar")
        person.fill("Primeira pasta", str(bakery.first))
        person.press("Testar")
        person.until_sees("Todas as pastas aceitam gravação.")
        person.press("Avançar")
        with mounted(bakery.config.parent, "ro"):
            person.press("Gravar e começar")
            person.until_sees("TB-CONFIG-GRAVACAO")
            assert person.sees("Nada foi salvo ainda")
            assert person.ask("find", kind="button", text="Abrir o TopBackup") is None
            person.press("Sair")
            person.until_sees("Sair da configuração?")
            person.press("Cancelar")
            person.press("Voltar")
            person.until_sees("Gravar e começar")
        person.press("Fazer o primeiro backup agora", "check")
        person.press("Gravar e começar")
        person.until_sees("As configurações estão gravadas.")
        assert person.defects() == []


def test_nothing_typed_is_lost_by_another_language_or_another_scale(
    hands: Hands, bakery: Bakery, pictures: Path | None
) -> None:
    bakery.server.sql(
        "insert into EMPRESA values (2, 'Filial Centro', 'Padaria Ltda', '11.222.333/0002-62', null);\ncommit;\n",
        bakery.database,
    )
    dark = {"appearance": "dark", "scale": 125}
    with bakery.at_work(), Person(hands, bakery.config, port=bakery.server.port, preferences=dark) as person:
        person.until_sees("em uso agora")
        person.fill("Senha", bakery.server.password)
        person.ask("change", to={"language": "en"})
        person.until_sees("Which database is to be kept safe?")
        assert person.value("Password") == bakery.server.password
        person.ask("change", to={"language": "pt_BR"})
        person.until_sees("Qual banco deve ficar protegido?")
        assert person.value("Senha") == bakery.server.password
        person.press("Testar")
        person.until_sees("Agora escolha qual empresa é esta loja.")
        assert person.ask("find", kind="button", text="Avançar") is None
        person.picture(pictures, "assistente-1-qual-empresa-escuro-125")
        person.press("Filial Centro", "row")
        person.press("Avançar")
        person.until_sees("Quem fica sabendo")
        person.picture(pictures, "assistente-2-nuvem-escuro-125")
        person.press("Ninguém", "radio")
        person.press("Avançar")
        person.until_sees("Para onde vão as cópias?")
        person.press("Testar")
        person.until_sees("Todas as pastas aceitam gravação.")
        person.picture(pictures, "assistente-3-copias-escuro-125")
        person.press("Avançar")
        person.until_sees("Filial Centro")
        person.picture(pictures, "assistente-4-revisao-escuro-125")
        person.press("Sair")
        person.until_sees("Nada do que você digitou foi gravado ainda.")
        person.press("Cancelar")
        assert person.sees("Filial Centro"), "nothing is dropped unasked"
        person.press("Sair")
        person.press("Sair e descartar")
        person.until_sees(_("TopBackup is not configured yet."))
        assert person.defects() == []
    assert not bakery.config.exists(), "nothing is written before the end"


def test_by_keys_alone_and_a_trial_is_left_with_escape(hands: Hands, bakery: Bakery) -> None:
    with silent_peer() as port, bakery.at_work():
        typed = f"localhost/{port}:x"
        bakery.config.parent.mkdir()
        bakery.config.write_text(json.dumps({"firebird": {"database_path": typed}}), encoding="utf-8")
        with Person(hands, bakery.config, port=bakery.server.port) as person:
            _by_keys(hands, bakery, person, typed)
    assert settings_file.load(bakery.config).firebird.database_path == bakery.server.address(bakery.database)


def _by_keys(hands: Hands, bakery: Bakery, person: Person, typed: str) -> None:
    def to(words: str) -> None:
        """Tab until it has the keys."""
        for _step in range(25):
            if person.ask("focus") == words:
                return
            hands.keys("Tab")
        raise AssertionError(f"Tab does not reach {words!r}")

    where = "Caminho, apelido ou endereço do banco"
    person.until_sees("em uso agora")
    to("Procurar de novo")
    to(where)  # by way of the list of what was found
    assert person.value(where) == typed, "to come by the list with Tab takes nothing from it"
    hands.keys("Return")
    person.until_sees("Cancelar o teste")
    hands.keys("Escape")
    person.until(lambda: not person.sees("Testando…"), "end of the trial")
    to(where)
    hands.keys("End", "shift+Home", "BackSpace")
    hands.write(bakery.server.address(bakery.database))
    to("Senha")
    hands.write(bakery.server.password)
    hands.keys("Return")
    person.until_sees("Conectado. A empresa e a agenda podem ser lidas.")
    hands.keys("Return")
    person.until_sees("Quem fica sabendo")
    to("Ninguém")
    hands.keys("space")
    to("Avançar")
    hands.keys("space")
    person.until_sees("Para onde vão as cópias?")
    hands.keys("Return")
    person.until_sees("Todas as pastas aceitam gravação.")
    hands.keys("Return")
    person.until_sees("É isto que vai acontecer.")
    to("Fazer o primeiro backup agora")
    hands.keys("space")
    to("Gravar e começar")
    hands.keys("Return")
    person.until_sees("As configurações estão gravadas.")
    assert person.defects() == []
