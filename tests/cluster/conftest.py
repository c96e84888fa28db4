"""The platform in a real cluster: whichever KUBECONFIG names. `make cluster-test`; not a part of `make test`, which needs no cluster."""

import os
import shutil
from pathlib import Path

import pytest

from . import volumes
from .cluster import HERE, RELEASE, ROOT, Cluster

KEEP = os.environ.get("KINORA_KEEP") == "1"  # leave the release standing, and use one that stands


@pytest.fixture(scope="session")
def cluster():
    missing = [tool for tool in ("kubectl", "helm") if not shutil.which(tool)]
    if missing or not os.environ.get("KUBECONFIG"):
        pytest.skip(f"no cluster is given: set KUBECONFIG, and have kubectl and helm ({', '.join(missing) or 'both are here'})")
    cluster = Cluster(os.environ.get("KINORA_NAMESPACE", "kinora-test"))
    if not KEEP:
        _clear(cluster)
    cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": cluster.namespace}})
    files = {path.name: path.read_text() for path in (HERE / "client.py", HERE / "people.py", ROOT / "tests/integration/short.json")}
    cluster.apply({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "client"}, "data": files})
    if not cluster.makes_volumes() and not (KEEP and cluster.get("pvc")["items"]):
        volumes.make(cluster, [*volumes.SERVERS, "backups"])
    volumes.claim_backups(cluster)
    yield cluster
    if not KEEP:
        _clear(cluster)


def _clear(cluster):
    cluster.helm("uninstall", RELEASE, "--ignore-not-found", "--wait")
    cluster.kubectl("delete", "namespace", cluster.namespace, "--ignore-not-found", "--wait", within=300)
    volumes.remove(cluster, [*volumes.SERVERS, "backups"])


@pytest.fixture(scope="session")
def installed(cluster):
    """The release, ready; gives the seconds that it took."""
    return cluster.upgrade()


@pytest.fixture
def told(capsys):
    """Prints figures past pytest's capture: what a run of this suite is for."""

    def tell(*words):
        with capsys.disabled():
            print("\n   ", *words)
        if report := os.environ.get("KINORA_REPORT"):
            with Path(report).open("a") as file:
                file.write(" ".join(map(str, words)) + "\n")

    return tell
