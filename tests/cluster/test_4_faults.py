"""What dies comes back, and what was promised is kept."""

import random
import time

import pytest
from kinora_testkit.network import eventually

from .cluster import RELEASE

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]
FILMS = 100
ENDS = "select key, count(*) from generation.outbox where type ~ 'v1.Video(Completed|Failed)$' group by key"


def test_every_pod_dies_once_while_a_hundred_films_are_made(cluster, installed, told):
    client = cluster.start("many", "many", str(FILMS))
    eventually(lambda: "made 100" in client.log(), within=300, every=2, what="a hundred promises")
    names = [pod["metadata"]["name"] for pod in cluster.pods()]
    random.Random(7).shuffle(names)
    for name in names:
        cluster.kubectl("delete", "pod", name, "--grace-period=1", "--wait=false", "--ignore-not-found")
        time.sleep(4)
    seen = client.saw(within=2400)
    told(f"{len(names)} pods deleted while {FILMS} films were made: {sorted(seen['ended'].values()).count('completed')} completed")
    assert list(seen["ended"].values()) == ["completed"] * FILMS
    eventually(lambda: dict.fromkeys(seen["made"], 1).items() <= told_ends(cluster).items(), within=60, what="one end told of each film")


def told_ends(cluster):
    return {key: int(count) for key, count in cluster.sql(ENDS)}


def test_the_database_is_killed_and_nothing_acknowledged_is_lost(cluster, installed, told):
    before = promised(cluster)
    client = cluster.start("database", "many", "60")
    eventually(lambda: promised(cluster) > before + 20, within=120, every=0.5, what="promises")
    killed = time.monotonic()
    cluster.kubectl("delete", "pod", f"{RELEASE}-postgres-0", "--grace-period=0", "--force")
    eventually(lambda: answers(cluster), within=120, every=0.5, what="the database")
    told(f"Postgres killed: back after {time.monotonic() - killed:.0f} s (wanted: under 60)")
    seen = client.saw(within=2400)
    assert list(seen["ended"].values()) == ["completed"] * 60


def promised(cluster):
    return int(cluster.sql("select count(*) from generation.videos")[0][0])


def answers(cluster):
    try:
        return cluster.sql("select 1") == [["1"]]
    except AssertionError:
        return False
