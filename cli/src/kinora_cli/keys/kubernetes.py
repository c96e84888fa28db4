"""Secrets by Kubernetes' own API, with the account of the pod that this runs in."""

import os
import ssl
from base64 import b64decode, b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import httpx

_ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
_TIMEOUT_S = 10.0


class KeysFailed(Exception):
    """The Secrets could not be read or made; the message tells the operator why."""


class Secrets:
    """Of one namespace. `release` is written on what is made. Every verb raises KeysFailed."""

    def __init__(self, client: httpx.Client, namespace: str, release: str) -> None:
        self._client, self._path, self._release = client, f"/api/v1/namespaces/{namespace}/secrets", release

    @classmethod
    def of_this_pod(cls, namespace: str, release: str) -> Self:
        try:
            token = (_ACCOUNT / "token").read_text()
            trust = ssl.create_default_context(cafile=str(_ACCOUNT / "ca.crt"))
            host, port = os.environ["KUBERNETES_SERVICE_HOST"], os.environ["KUBERNETES_SERVICE_PORT_HTTPS"]
        except (OSError, KeyError) as error:
            raise KeysFailed(f"this runs in a pod with a service account, and there is none here: {error}") from error
        url = f"https://[{host}]:{port}" if ":" in host else f"https://{host}:{port}"
        return cls(
            httpx.Client(base_url=url, verify=trust, headers={"authorization": f"Bearer {token}"}, timeout=_TIMEOUT_S), namespace, release
        )

    def read(self, name: str) -> Mapping[str, str] | None:
        """None where there is none."""
        reply = self._ask("GET", f"{self._path}/{name}", allowed=404)
        return None if reply is None else {key: b64decode(value).decode() for key, value in reply.get("data", {}).items()}

    def create(self, name: str, data: Mapping[str, str], kind: str = "Opaque") -> bool:
        """False where somebody else was faster."""
        return self._ask("POST", self._path, self._secret(name, data, kind), allowed=409) is not None

    def put(self, name: str, data: Mapping[str, str], kind: str) -> None:
        """Creates or replaces."""
        if not self.create(name, data, kind):
            self._ask("PUT", f"{self._path}/{name}", self._secret(name, data, kind))

    def _secret(self, name: str, data: Mapping[str, str], kind: str) -> dict[str, Any]:
        labels = {
            "app.kubernetes.io/instance": self._release,
            "app.kubernetes.io/part-of": "kinora",
            "app.kubernetes.io/managed-by": "kinora-keys",
        }
        encoded = {key: b64encode(value.encode()).decode() for key, value in data.items()}
        return {"apiVersion": "v1", "kind": "Secret", "type": kind, "metadata": {"name": name, "labels": labels}, "data": encoded}

    def _ask(self, verb: str, path: str, body: Any = None, allowed: int = 0) -> dict[str, Any] | None:
        try:
            reply = self._client.request(verb, path, json=body)
        except httpx.HTTPError as error:
            raise KeysFailed(f"Kubernetes does not answer: {error!r}") from error
        if reply.status_code == allowed:
            return None
        if not reply.is_success:
            raise KeysFailed(f"Kubernetes refused {verb} {path}: {reply.json().get('message', reply.text)}")
        found: dict[str, Any] = reply.json()
        return found
