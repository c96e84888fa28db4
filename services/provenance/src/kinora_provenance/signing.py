"""C2PA signatures in files. Blocks for as long as it takes to read the file twice: call it on a thread."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from c2pa import Builder, C2paError, C2paSignerInfo, C2paSigningAlg, Context, Reader, Signer
from kinora_kit import log

from kinora_provenance import manifest
from kinora_provenance.credentials import Credentials

_log = log.get("kinora.provenance")


class NotTrusted(Exception):
    """The signed file does not pass our own check; it must not be shown."""


@dataclass(frozen=True)
class Verdict:
    """What a reader finds: state "Trusted", "Valid" or "Invalid"; `store` is c2pa-rs's JSON report of all manifests."""

    state: str
    label: str
    store: dict[str, Any]


@dataclass(frozen=True)
class Signed:
    """The manifest store as embedded, and the signed file's SHA-256 (hex) and size (bytes)."""

    manifest: bytes
    label: str
    state: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True)
class Parent:
    """A sealed MP4 from which another file was made: its seal goes along as the ingredient manifest.PARENT_LABEL."""

    video_id: str
    path: Path


def sign(
    definition: dict[str, Any], source: Path, target: Path, credentials: Credentials, *, parent: Parent | None = None, tsa_url: str = ""
) -> Signed:
    """Signs `source`, of the definition's format, into `target` and checks the result against `credentials.anchors`.

    A time stamping authority (RFC 3161) that does not answer costs the time stamp, not the seal. Raises NotTrusted, and C2paError, also
    for a file that is none of this format.
    """
    try:
        store = _sign(definition, source, target, credentials, parent, tsa_url)
    except C2paError as error:
        if not tsa_url:
            raise
        _log.warning("seal.untimed", tsa_url=tsa_url, error=str(error))
        store = _sign(definition, source, target, credentials, parent, "")
    verdict = verify(target, credentials.anchors, definition["format"])
    if verdict is None or verdict.state != "Trusted":
        raise NotTrusted(f"The signed file is not trusted: {verdict and verdict.store.get('validation_status')}")
    with target.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Signed(store, verdict.label, verdict.state, sha256, target.stat().st_size)


def verify(path: Path, anchors: bytes, content_type: str = manifest.MP4) -> Verdict | None:
    """What the file's signature says to somebody who trusts `anchors` (PEM); None for a file without a signature."""
    with path.open("rb") as file, _context(anchors) as context:
        reader = Reader.try_create(content_type, file, context=context)
        if reader is None:
            return None
        with reader:
            store = json.loads(reader.json())
            return Verdict(reader.get_validation_state(), store["active_manifest"], store)


def _sign(definition: dict[str, Any], source: Path, target: Path, credentials: Credentials, parent: Parent | None, tsa_url: str) -> bytes:
    with _context(credentials.anchors) as context, _signer(credentials, tsa_url) as signer, Builder(definition, context) as builder:
        if parent is not None:
            with parent.path.open("rb") as file:
                builder.add_ingredient(json.dumps(manifest.parent_ingredient(parent.video_id)), manifest.MP4, file)
        with source.open("rb") as unsigned, target.open("w+b") as signed:
            store: bytes = builder.sign(signer, definition["format"], unsigned, signed)
            return store


def _signer(credentials: Credentials, tsa_url: str) -> Signer:
    """By callback for a key that lies elsewhere. c2pa-rs then reserves 10 kB for a signature whose size it cannot know."""
    if callable(credentials.key):
        algorithm = C2paSigningAlg[credentials.algorithm.upper()]
        return Signer.from_callback(credentials.key, algorithm, credentials.chain.decode(), tsa_url or None)
    given = {"alg": credentials.algorithm.encode(), "sign_cert": credentials.chain, "private_key": credentials.key}
    return Signer.from_info(C2paSignerInfo(**given, ta_url=tsa_url.encode() or None))


def _context(anchors: bytes) -> Context:
    """Trusts `anchors` alone, and fetches nothing from the network."""
    settings = {
        "version": 1,
        "trust": {"trust_anchors": anchors.decode()},
        "verify": {"verify_after_sign": False, "remote_manifest_fetch": False, "ocsp_fetch": False},
        "builder": {"thumbnail": {"enabled": False}},
    }
    return Context.from_dict(settings)
