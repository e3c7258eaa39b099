"""One desktop for the session; the shop of the integration tests."""

from collections.abc import Iterator

import pytest

from tests.gui.desktop import desktop
from tests.integration.conftest import firebird, shop, template

__all__ = ["firebird", "shop", "template"]


@pytest.fixture(scope="session")
def display(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with desktop(tmp_path_factory.mktemp("tela")) as name, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DISPLAY", name)
        yield name
