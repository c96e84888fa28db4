"""`kinora keys` against an HTTP server that keeps Secrets as the API of Kubernetes does: a stand-in; tests/cluster meet the real one."""

import base64
import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from cryptography import x509
from kinora_cli import keys
from kinora_cli.keys import KeysFailed, Wanted, issuing
from kinora_cli.keys.kubernetes import Secrets
from kinora_kit.secret import is_well_formed

ALL = Wanted("kin", "films", ["identity", "pool-cpu"], postgres=True, objects=True)


class Cluster:
    """Secrets by name, behind the REST paths of the core API."""

    def __init__(self):
        self.kept, self.refuses = {}, False

    def answer(self, request):
        name = request.url.path.removeprefix("/api/v1/namespaces/films/secrets").strip("/")
        body = json.loads(request.content or b"{}")
        if self.refuses:
            return httpx.Response(403, json={"message": "secrets is forbidden: User cannot create resource"})
        if request.method == "GET":
            return httpx.Response(200, json=self.kept[name]) if name in self.kept else httpx.Response(404, json={})
        name = body["metadata"]["name"]
        if request.method == "POST" and name in self.kept:
            return httpx.Response(409, json={})
        self.kept[name] = body
        return httpx.Response(200, json=body)

    def data(self, name):
        return {key: base64.b64decode(value).decode() for key, value in self.kept[name]["data"].items()}


@pytest.fixture
def cluster():
    return Cluster()


@pytest.fixture
def made(cluster):
    client = httpx.Client(base_url="https://kubernetes", transport=httpx.MockTransport(cluster.answer))
    return lambda wanted=ALL: keys.make(wanted, Secrets(client, "films", "kin"))


def test_everything_that_is_missing_is_made(cluster, made):
    assert len(made()) == 6
    assert set(cluster.kept) == {"kin-keys", "kin-postgres", "kin-objects", "kin-ca", "kin-identity-tls", "kin-pool-cpu-tls"}
    assert is_well_formed(cluster.data("kin-keys")["first-operator-key"])
    assert cluster.data("kin-postgres")["password"] in cluster.data("kin-postgres")["url"]


def test_a_second_run_changes_nothing(cluster, made):
    made()
    before = dict(cluster.kept)
    assert made() == []
    assert cluster.kept == before


def test_certificates_name_their_service_as_the_cluster_does(cluster, made):
    made()
    leaf = x509.load_pem_x509_certificate(cluster.data("kin-identity-tls")["tls.crt"].encode())
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(x509.DNSName)
    assert {"kin-identity", "kin-identity.films.svc.cluster.local"} <= set(names)
    leaf.verify_directly_issued_by(x509.load_pem_x509_certificate(cluster.data("kin-ca")["tls.crt"].encode()))


def test_a_certificate_that_ends_soon_is_issued_anew_and_the_keys_stay(cluster, made, monkeypatch):
    monkeypatch.setattr(issuing, "_CERTIFICATE_DAYS", 20)
    made()
    before = dict(cluster.kept)
    monkeypatch.setattr(issuing, "_CERTIFICATE_DAYS", 90)
    assert made() == ["Issued kin-identity-tls.", "Issued kin-pool-cpu-tls."]
    ends = x509.load_pem_x509_certificate(cluster.data("kin-identity-tls")["tls.crt"].encode()).not_valid_after_utc
    assert ends > datetime.now(UTC) + timedelta(days=80)
    assert cluster.kept["kin-keys"] == before["kin-keys"]


def test_a_refusal_is_told_in_the_words_of_kubernetes(cluster, made):
    cluster.refuses = True
    with pytest.raises(KeysFailed, match="secrets is forbidden"):
        made()


def test_outside_of_a_pod_it_says_so():
    with pytest.raises(KeysFailed, match="runs in a pod with a service account"):
        keys.make(ALL)
