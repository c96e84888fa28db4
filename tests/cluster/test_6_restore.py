"""Everything is lost, and brought back from a backup, but what was to be forgotten."""

import json
import time

import pytest

from .cluster import RELEASE

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]
SERVERS = ("postgres", "kafka", "objects")


def test_a_backup_brings_everything_back_and_what_was_erased_stays_erased(cluster, installed, told):
    before = cluster.start("lives", "lives", script="people.py").saw()
    told(last(cluster.ask("backup")))
    cluster.start("forgets", "forgets", json.dumps(before), script="people.py").saw()
    told(last(cluster.ask("backup-facts")))

    lost = time.monotonic()
    cluster.helm("uninstall", RELEASE, "--wait")
    for server in SERVERS:
        cluster.kubectl("delete", "pvc", f"data-{RELEASE}-{server}-0", "--wait")
    cluster.fresh_volumes()
    cluster.upgrade("--set", "global.paused=true")
    told(last(cluster.ask("restore")))
    cluster.upgrade()
    told(f"wiped, restored and ready again: {time.monotonic() - lost:.0f} s")

    found = cluster.start("finds", "finds", json.dumps(before), script="people.py").saw()
    assert found["film"] == before["film"]
    assert before["lent"]["id"] in found["lent"]
    assert found["again"]
    assert found["forgotten"]
    assert (found["deleted"], found["eve"]) == (404, 401)
    assert [before["eve"]] not in cluster.sql("select id from identity.accounts")


def last(log):
    return log.strip().splitlines()[-1]
