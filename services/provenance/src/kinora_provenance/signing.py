"""C2PA signatures in MP4 files. Blocks for as long as it takes to read the file twice: call it on a thread."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from c2pa import Builder, C2paError, C2paSignerInfo, Context, Reader, Signer
from kinora_kit import log
from kinora_media.probe import BadVideo, probe

from kinora_provenance import manifest
from kinora_provenance.credentials import Credentials
from kinora_provenance.domain import Film, Unsealable

_MP4 = "video/mp4"
_log = log.get("kinora.provenance")


class NotTrusted(Exception):
    """The signed file does not pass our own check; it must not be shown."""


@dataclass(frozen=True)
class Verdict:
    """What a reader finds: state "Trusted", "Valid" or "Invalid"; `store` is c2pa-rs's JSON report of all manifests."""

    state: str
    label: str
    store: dict[str, object]


@dataclass(frozen=True)
class Signed:
    """The manifest store as embedded, and the signed file's SHA-256 (hex) and size (bytes)."""

    manifest: bytes
    label: str
    state: str
    sha256: str
    size_bytes: int


def sign(film: Film, source: Path, target: Path, credentials: Credentials, *, parent: Path | None = None, tsa_url: str = "") -> Signed:
    """Signs the MP4 `source` into `target` and checks the result against `credentials.anchors`.

    `parent` is the sealed file of the film that this one remixes. A time stamping authority (RFC 3161) that does not answer costs the
    time stamp, not the seal. Raises Unsealable for a file that is no MP4, NotTrusted, and C2paError.
    """
    _check(source)
    try:
        store = _sign(film, source, target, credentials, parent, tsa_url)
    except C2paError as error:
        if not tsa_url:
            raise
        _log.warning("seal.untimed", video_id=film.video_id, tsa_url=tsa_url, error=str(error))
        store = _sign(film, source, target, credentials, parent, "")
    verdict = verify(target, credentials.anchors)
    if verdict is None or verdict.state != "Trusted":
        raise NotTrusted(f"The signed file is not trusted: {verdict and verdict.store.get('validation_status')}")
    with target.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Signed(store, verdict.label, verdict.state, sha256, target.stat().st_size)


def verify(path: Path, anchors: bytes) -> Verdict | None:
    """What the file's signature says to somebody who trusts `anchors` (PEM); None for a file without a signature."""
    with path.open("rb") as file, _context(anchors) as context:
        reader = Reader.try_create(_MP4, file, context=context)
        if reader is None:
            return None
        with reader:
            store = json.loads(reader.json())
            return Verdict(reader.get_validation_state(), store["active_manifest"], store)


def _check(source: Path) -> None:
    try:
        found = probe(source)
    except BadVideo as error:
        raise Unsealable("The rendered file is broken.") from error
    if found.duration <= 0:
        raise Unsealable("The rendered file is empty.")


def _sign(film: Film, source: Path, target: Path, credentials: Credentials, parent: Path | None, tsa_url: str) -> bytes:
    definition = manifest.definition(film, with_parent=parent is not None)
    with _context(credentials.anchors) as context, _signer(credentials, tsa_url) as signer, Builder(definition, context) as builder:
        if parent is not None:
            with parent.open("rb") as file:
                builder.add_ingredient(json.dumps(manifest.parent_ingredient(film.remixed_from_video_id)), _MP4, file)
        with source.open("rb") as unsigned, target.open("w+b") as signed:
            store: bytes = builder.sign(signer, _MP4, unsigned, signed)
            return store


def _signer(credentials: Credentials, tsa_url: str) -> Signer:
    info = C2paSignerInfo(
        alg=credentials.algorithm.encode(), sign_cert=credentials.chain, private_key=credentials.key, ta_url=tsa_url.encode() or None
    )
    return Signer.from_info(info)


def _context(anchors: bytes) -> Context:
    """Trusts `anchors` alone, and fetches nothing from the network."""
    settings = {
        "version": 1,
        "trust": {"trust_anchors": anchors.decode()},
        "verify": {"verify_after_sign": False, "remote_manifest_fetch": False, "ocsp_fetch": False},
        "builder": {"thumbnail": {"enabled": False}},
    }
    return Context.from_dict(settings)
