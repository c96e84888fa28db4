"""Manifests by the soft bindings in them: for clients of the C2PA Soft Binding Resolution API."""

from collections.abc import Iterator

from kinora.provenance.v1 import check_service_pb2 as pb
from kinora_kit.db import Database

from kinora_provenance import film_store, soft_binding
from kinora_provenance.domain import BadField, ManifestNotFound

_HEADER = 8  # bytes of a box: length and type


async def find_by_binding(database: Database, algorithm: str, value: str) -> list[str]:
    """Labels of manifests, best first. Raises BadField."""
    if algorithm not in soft_binding.ALGORITHMS:
        raise BadField("algorithm", f"algorithm must be one of {', '.join(soft_binding.ALGORITHMS)}.")
    identity = soft_binding.identity_of(value)
    if identity is None:
        raise BadField("value", "value must be the 8 bytes of a mark's id in base64, as in the assertion.")
    async with database.begin() as tx:
        film = (await film_store.by_identities(tx, [identity])).get(identity)
    return [film.manifest_label] if film and film.manifest_label else []


async def get_manifest(database: Database, request: pb.GetManifestRequest) -> bytes:
    """Raises ManifestNotFound."""
    async with database.begin() as tx:
        stored = await film_store.manifest(tx, request.manifest_label)
    if stored is None:
        raise ManifestNotFound("There is no such manifest; it goes when its video is deleted.", param="manifest_label")
    return active_only(stored) if request.active_only else stored


def active_only(store: bytes) -> bytes:
    """The store with its active manifest alone, which is the last (C2PA Technical Specification 2.2, 11.1; boxes after ISO 19566-5)."""
    description, *manifests = _boxes(store, _HEADER)
    content = description + manifests[-1]
    return (_HEADER + len(content)).to_bytes(4, "big") + store[4:_HEADER] + content


def _boxes(store: bytes, start: int) -> Iterator[bytes]:
    while start < len(store):
        length = int.from_bytes(store[start : start + 4], "big")
        yield store[start : start + length]
        start += length
