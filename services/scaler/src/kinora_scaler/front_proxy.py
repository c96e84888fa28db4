"""Who may ask for external metrics: the API server alone, which has authenticated and authorized whoever asks through it.

It shows the certificate of its front proxy. Whose that is, the cluster keeps in a ConfigMap for servers such as this one.
"""

import json
from base64 import b64encode
from collections.abc import Callable

from cryptography import x509
from cryptography.x509.oid import NameOID
from kinora_kit import log
from kinora_kit.errors import Unauthenticated

from kinora_scaler.clients import Cluster

_SAID_IN = "/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication"
_REGISTERED_AS = "/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.external.metrics.k8s.io"
_log = log.get("kinora.scaler.front_proxy")


class NotTheApiServer(Unauthenticated):
    pass


class FrontProxy:
    """`roots` (PEM) and `names` are empty until they are known; then nobody is believed."""

    def __init__(self, cluster: Cluster, own_roots: Callable[[], bytes]) -> None:
        self._cluster, self._own_roots = cluster, own_roots
        self.roots, self._names = "", frozenset[str]()

    async def look(self) -> None:
        """Takes both as the cluster has them, and tells it how it knows us. Raises ClusterRefused."""
        await self._learn()
        await self._introduce()

    async def _learn(self) -> None:
        said = (await self._cluster.get(_SAID_IN)).get("data", {})
        found = said.get("requestheader-client-ca-file", ""), frozenset(json.loads(said.get("requestheader-allowed-names", "[]")))
        if found != (self.roots, self._names):
            self.roots, self._names = found
            _log.info("front_proxy.known", names=sorted(self._names))

    def check(self, certificate: bytes | None) -> None:
        """Raises NotTheApiServer. `certificate` (DER) comes from `roots`: others were not let in by TLS."""
        if not self.roots:
            raise NotTheApiServer("this server does not know yet whose word to take; it asks the cluster for that")
        if certificate is None:
            raise NotTheApiServer("only the API server may ask here, and shows the certificate of its front proxy; you showed none")
        name = _common_name(certificate)
        if self._names and name not in self._names:
            raise NotTheApiServer(f"only the API server may ask here, as {' or '.join(sorted(self._names))}; you are {name!r}")

    async def _introduce(self) -> None:
        """Sees to it that the API server takes the certificate of this server for what it is."""
        spec, ours = (await self._cluster.get(_REGISTERED_AS))["spec"], b64encode(self._own_roots()).decode()
        if spec.get("insecureSkipTLSVerify") or spec.get("caBundle", "") == ours:
            return
        await self._cluster.patch(_REGISTERED_AS, {"spec": {"caBundle": ours}})
        _log.info("api_service.introduced")


def _common_name(certificate: bytes) -> str:
    names = x509.load_der_x509_certificate(certificate).subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else ""
