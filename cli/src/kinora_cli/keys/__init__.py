"""The Secrets of a release in Kubernetes: what is missing is made, certificates that end soon are issued anew, nothing else is touched."""

import base64
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kinora_kit.secret import new_secret

from kinora_cli.keys import issuing
from kinora_cli.keys.kubernetes import KeysFailed, Secrets

__all__ = ["KeysFailed", "Wanted", "make"]
_Data = Mapping[str, str]


@dataclass(frozen=True)
class Wanted:
    """Of `release` in `namespace`: certificates for each of `services`, accounts of the bundled servers."""

    release: str
    namespace: str
    services: Sequence[str] = ()
    postgres: bool = False
    objects: bool = False


def make(wanted: Wanted, cluster: Secrets | None = None) -> list[str]:
    """What was made, in words. Raises KeysFailed."""
    cluster = cluster or Secrets.of_this_pod(wanted.namespace, wanted.release)
    return [*_missing(wanted, cluster), *_certificates(wanted, cluster)]


def _missing(wanted: Wanted, cluster: Secrets) -> Iterator[str]:
    making = {"keys": _keys}
    making |= {"postgres": lambda: _postgres(wanted.release)} if wanted.postgres else {}
    making |= {"objects": _objects} if wanted.objects else {}
    for suffix, data in making.items():
        name = f"{wanted.release}-{suffix}"
        if cluster.read(name) is None and cluster.create(name, data()):
            yield f"Made {name}: keep a copy elsewhere, since what they opened stays shut without them."


def _keys() -> _Data:
    return {
        "internal-secret": secrets.token_hex(32),
        "first-operator-key": new_secret(),
        "mark-keys": f"1:{secrets.token_hex(32)}",
        "master-keys": json.dumps({"1": base64.b64encode(secrets.token_bytes(32)).decode()}),
    }


def _postgres(release: str) -> _Data:
    password = secrets.token_urlsafe(24)
    return {"username": "kinora", "password": password, "url": f"postgresql://kinora:{password}@{release}-postgres:5432/kinora"}


def _objects() -> _Data:
    return {"access-key": secrets.token_hex(10), "secret-key": secrets.token_urlsafe(30)}


def _certificates(wanted: Wanted, cluster: Secrets) -> Iterator[str]:
    if not wanted.services:
        return
    authority = cluster.read(f"{wanted.release}-ca")
    if authority is None:
        authority = issuing.authority(wanted.release)
        if not cluster.create(f"{wanted.release}-ca", authority, kind="kubernetes.io/tls"):
            raise KeysFailed("somebody else made the certificate authority at the same time; run this again")
        yield f"Made the certificate authority {wanted.release}-ca."
    for service in wanted.services:
        name = f"{wanted.release}-{service}-tls"
        held = cluster.read(name)
        if held is None or issuing.ends_soon(held, authority):
            cluster.put(name, issuing.certificate(authority, _names(wanted, service)), kind="kubernetes.io/tls")
            yield f"Issued {name}."


def _names(wanted: Wanted, service: str) -> list[str]:
    """As others in the cluster may call it."""
    name = f"{wanted.release}-{service}"
    return [
        name,
        f"{name}.{wanted.namespace}",
        f"{name}.{wanted.namespace}.svc",
        f"{name}.{wanted.namespace}.svc.cluster.local",
        "localhost",
    ]
