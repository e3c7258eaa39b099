"""The soak of `soak.py`: a minute and a half in the suite, a quarter of an hour with `make campaign`."""

import os

import pytest

from lab.firebird_server import FirebirdServer
from lab.mariadb_server import MariaDBServer
from tests.integration.shop import Shop
from tests.integration.soak import Soak

GROWTH = 8.0  # megabytes: what the allocator keeps of the largest piece of work, not what a leak of a quarter hour is


def soaked(shop: Shop, cloud: MariaDBServer, firebird: FirebirdServer, seconds: float) -> None:
    firebird.sql("delete from VENDAS where ID > 2000;\ncommit;\n", shop.database)
    soak = Soak(shop, cloud, seconds, seed=int(os.environ.get("SOAK_SEED", "20261123")))
    try:
        soak.run()
    finally:
        if soak.agent.alive:
            soak.agent.stop()
    results = soak.every_slot_has_one_result()
    statuses = soak.every_run_is_finished_and_in_the_cloud_once()
    grown, handles = soak.nothing_grew()
    figures = f"slots {dict(results)}; runs {dict(statuses)}; grown {grown:.1f} MB, {handles} descriptors"
    print(f"\n{seconds:.0f} s: {dict(soak.done)}; {figures}")
    assert results["EXECUTADO"] > 0
    assert statuses["S"] > 0
    assert grown < GROWTH
    assert handles <= 2
    shop.assert_nothing_lost(but=tuple(path for path in shop.good if path.parent == shop.d1))
    shop.assert_server_free()


@pytest.mark.timeout(600)
def test_soak_in_short(told_shop: Shop, cloud: MariaDBServer, firebird: FirebirdServer) -> None:
    soaked(told_shop, cloud, firebird, 70)


@pytest.mark.campaign
def test_soak(told_shop: Shop, cloud: MariaDBServer, firebird: FirebirdServer) -> None:
    soaked(told_shop, cloud, firebird, float(os.environ.get("SOAK_SECONDS", "900")))
