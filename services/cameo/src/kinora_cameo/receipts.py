"""Consent receipts: who lent which likeness to whom, for which video, when and on what word. Signed, without biometrics.

A receipt is a compact JWS (RFC 7515) with EdDSA over Ed25519 (RFC 8037). The public keys are a JWKS, so any JOSE library verifies it.
"""

import hashlib
import json
import time
from base64 import urlsafe_b64encode

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from kinora_kit.db import Database
from kinora_kit.ids import uuid7

from kinora_cameo import receipt_store
from kinora_cameo.keyring import Master
from kinora_cameo.receipt_store import ReceiptKey
from kinora_cameo.rulings import Ruling
from kinora_cameo.use_store import Use

TYPE = "kinora-consent-receipt+jwt"


class Notary:
    """Signs with the newest key of this Kinora, which `start` makes if there is none."""

    def __init__(self, database: Database, master: Master, issuer: str) -> None:
        self._database, self._master, self._issuer = database, master, issuer
        self._id, self._key = "", Ed25519PrivateKey.generate()

    async def start(self) -> None:
        fresh = Ed25519PrivateKey.generate()
        public = fresh.public_key().public_bytes_raw()
        key_id = thumbprint(public)
        made = ReceiptKey(key_id, public, await self._master.wrap(fresh.private_bytes_raw(), key_id))
        async with self._database.begin() as tx:
            newest = await receipt_store.newest_or(tx, made)
        private = await self._master.unwrap(newest.wrapped, newest.id)
        self._id, self._key = newest.id, Ed25519PrivateKey.from_private_bytes(private)

    def receipt(self, use: Use, ruled: Ruling) -> str:
        claims = {
            "iss": self._issuer,
            "jti": f"receipt_{uuid7().hex}",
            "iat": int(time.time()),
            "cameo": use.cameo_id,
            "handle": use.handle,
            "grant": {"id": ruled.grant_id, "basis": ruled.outcome},
            "grantee": use.user_account_id,
            "scope": {"video": use.video_id},
        }
        return jwt.encode(claims, self._key, algorithm="EdDSA", headers={"kid": self._id, "typ": TYPE})


async def jwks(database: Database) -> str:
    """All public keys, newest first, as a JWKS."""
    async with database.begin() as tx:
        keys = await receipt_store.public_keys(tx)
    return json.dumps({"keys": [{**_jwk(key), "kid": thumbprint(key), "alg": "EdDSA", "use": "sig"} for key in keys]})


def thumbprint(public_key: bytes) -> str:
    """RFC 7638."""
    canonical = json.dumps(_jwk(public_key), separators=(",", ":"), sort_keys=True)
    return _base64(hashlib.sha256(canonical.encode()).digest())


def _jwk(public_key: bytes) -> dict[str, str]:
    return {"crv": "Ed25519", "kty": "OKP", "x": _base64(public_key)}


def _base64(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")
