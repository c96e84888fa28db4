"""An authenticator in software: makes passkeys and signs with them, as a phone would."""

import hashlib
import json
import secrets
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

_PRESENT, _VERIFIED, _ATTESTED = 1, 4, 64


@dataclass
class Authenticator:
    """Holds one passkey for the site at `origin`. `verifies`: whether it checks finger, face or PIN."""

    origin: str
    rp_id: str
    verifies: bool = True
    count: int = 0
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, options_json: str) -> str:
        """RegistrationResponseJSON for PublicKeyCredentialCreationOptionsJSON."""
        client_data = self._client_data("webauthn.create", json.loads(options_json)["challenge"])
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": self._data(attested=True)})
        return self._credential({"clientDataJSON": _text(client_data), "attestationObject": _text(attestation)})

    def use(self, options_json: str) -> str:
        """AuthenticationResponseJSON for PublicKeyCredentialRequestOptionsJSON."""
        self.count += 1
        client_data, data = self._client_data("webauthn.get", json.loads(options_json)["challenge"]), self._data()
        signature = self.key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(SHA256()))
        return self._credential(
            {"clientDataJSON": _text(client_data), "authenticatorData": _text(data), "signature": _text(signature), "userHandle": None}
        )

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _data(self, *, attested: bool = False) -> bytes:
        flags = _PRESENT | (_VERIFIED if self.verifies else 0) | (_ATTESTED if attested else 0)
        head = hashlib.sha256(self.rp_id.encode()).digest() + struct.pack(">BI", flags, self.count)
        return head + (bytes(16) + struct.pack(">H", len(self.id)) + self.id + self._cose() if attested else b"")

    def _cose(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})

    def _credential(self, response: dict[str, Any]) -> str:
        return json.dumps({"id": _text(self.id), "rawId": _text(self.id), "type": "public-key", "response": response})


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def changed(credential_json: str, **client_data: Any) -> str:
    """The same with other client data, as a page in between could make it."""
    credential = json.loads(credential_json)
    raw = credential["response"]["clientDataJSON"]
    kept = json.loads(urlsafe_b64decode(raw + "=" * (-len(raw) % 4)))
    credential["response"]["clientDataJSON"] = _text(json.dumps(kept | client_data).encode())
    return json.dumps(credential)
