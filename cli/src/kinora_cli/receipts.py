"""Was every likeness in a film used by consent? Read from the film, checked with the public keys alone: no network, no Kinora."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jwt
from c2pa import Context, Reader

TYPE = "kinora-consent-receipt+jwt"
_ASSERTION, _FACTS = "kinora.consent", "kinora.generation"
_MP4 = "video/mp4"
_OFFLINE = {"verify_after_sign": False, "remote_manifest_fetch": False, "ocsp_fetch": False}


class ReceiptInvalid(Exception):
    """The film's receipts do not prove what they should; the message says what is wrong."""


@dataclass(frozen=True)
class Receipt:
    """`basis`: owner, approval, mutual or everyone. `grant` is the entry of the owner's consent log."""

    issuer: str
    cameo: str
    handle: str
    grant: str
    basis: str
    grantee: str
    video: str
    issued_at: datetime


def verify(film: Path, jwks: Mapping[str, Any], anchors: bytes | None = None) -> list[Receipt]:
    """The receipts of the likenesses in `film`; empty when it shows none.

    Raises ReceiptInvalid: the film has no manifest or was changed, a likeness has no receipt, a receipt is not signed by a key of `jwks`
    (RFC 7517) or was given for another film. That the film is the one it says is its manifest's word: with `anchors` (PEM roots) the
    manifest's signer must be trusted too; without, a forger could put another film under a true receipt.
    """
    manifest = _manifest(film, anchors)
    assertions = {assertion["label"]: assertion["data"] for assertion in manifest["assertions"]}
    receipts = [_receipt(token, jwks) for token in assertions.get(_ASSERTION, {}).get("receipts", [])]
    shown = {one["instance_id"] for one in manifest.get("ingredients", []) if one["relationship"] == "componentOf"}
    if missing := shown ^ {f"urn:kinora:cameo:{receipt.cameo}" for receipt in receipts}:
        raise ReceiptInvalid(f"likenesses and receipts do not match: {', '.join(sorted(missing))}")
    video = assertions.get(_FACTS, {}).get("video_id")
    for receipt in receipts:
        if receipt.video != video:
            raise ReceiptInvalid(f"the receipt for {receipt.handle} was given for {receipt.video}; this film is {video}")
    return receipts


def _manifest(film: Path, anchors: bytes | None) -> dict[str, Any]:
    settings = {"version": 1, "verify": {**_OFFLINE, "verify_trust": anchors is not None}}
    if anchors is not None:
        settings["trust"] = {"trust_anchors": anchors.decode()}
    with film.open("rb") as file, Context.from_dict(settings) as context:
        reader = Reader.try_create(_MP4, file, context=context)
        if reader is None:
            raise ReceiptInvalid("the film has no C2PA manifest")
        with reader:
            state = reader.get_validation_state()
            if state == "Invalid":
                raise ReceiptInvalid("the film was changed after it was signed")
            if anchors is not None and state != "Trusted":
                raise ReceiptInvalid("the film is not signed by anybody whom these anchors vouch for")
            store: dict[str, Any] = json.loads(reader.json())
    active: dict[str, Any] = store["manifests"][store["active_manifest"]]
    return active


def _receipt(token: str, jwks: Mapping[str, Any]) -> Receipt:
    try:
        header = jwt.get_unverified_header(token)
        keys = jwt.PyJWKSet.from_dict(dict(jwks))
        claims = jwt.decode(token, keys[header["kid"]], algorithms=["EdDSA"], options={"require": ["iss", "iat"]})
        if header["typ"] != TYPE:
            raise ReceiptInvalid(f"a receipt is of type {header['typ']!r}, not {TYPE!r}")
        return Receipt(
            issuer=claims["iss"],
            cameo=claims["cameo"],
            handle=claims["handle"],
            grant=claims["grant"]["id"],
            basis=claims["grant"]["basis"],
            grantee=claims["grantee"],
            video=claims["scope"]["video"],
            issued_at=datetime.fromtimestamp(claims["iat"], UTC),
        )
    except (jwt.PyJWTError, KeyError, TypeError) as error:
        raise ReceiptInvalid(f"a receipt is not signed by one of these keys, or incomplete: {error!r}") from error
