"""The keys that sign access tokens. Each is listed for a day before it signs, and after it until its tokens have expired."""

import json
import time
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from jwt.algorithms import ECAlgorithm
from kinora_kit import log
from kinora_kit.db import Database
from kinora_kit.ids import uuid7

from kinora_identity import key_store
from kinora_identity.envelope import Envelope, ReplyExpired
from kinora_identity.key_store import StoredKey

ALGORITHM = "ES256"
_log = log.get("kinora.identity")


@dataclass(frozen=True)
class Schedule:
    """Seconds. A key signs for `period`; the next is listed `lead` before it signs, longer than anybody keeps the list;
    processes look for news every `keep`; a token lives for `token`.
    """

    period: float = 30 * 86_400
    lead: float = 86_400
    keep: float = 60
    token: float = 600


class SigningKeys:
    """Reads the keys from the database, at most every `keep` seconds and when an unknown one is named."""

    def __init__(self, database: Database, envelope: Envelope, schedule: Schedule | None = None) -> None:
        self._database, self._envelope, self.schedule = database, envelope, schedule or Schedule()
        self._keys: dict[str, StoredKey] = {}
        self._read_at = float("-inf")

    async def ensure(self) -> None:
        """Adds the next key in time, forgets those that verify nothing any more, and those that another internal secret closed."""
        async with self._database.begin() as tx:
            await key_store.lock(tx)
            await key_store.forget_old(tx)
            usable = []
            for key in await key_store.listed(tx):
                if self._opens(key):
                    usable.append(key)
                else:
                    await key_store.drop(tx, key.kid)
            if max((key.left_s for key in usable), default=0) < self.schedule.lead:
                await key_store.add(tx, **_new_key(self._envelope), period_s=self.schedule.period, after_s=self._after_s)
                _log.info("signing_key.added")

    async def sign(self, claims: dict[str, Any]) -> str:
        """A JWT of type at+jwt."""
        key = next((key for key in (await self._known()).values() if key.signs), None)
        if key is None:  # nobody looked after the keys for a month
            await self.ensure()
            key = next(key for key in (await self._read()).values() if key.signs)
        private = load_pem_private_key(self._envelope.open(key.closed_private).encode(), None)
        assert isinstance(private, ec.EllipticCurvePrivateKey)  # noqa: S101 - we made it
        return jwt.encode(claims, private, algorithm=ALGORITHM, headers={"kid": key.kid, "typ": "at+jwt"})

    async def public(self, kid: str) -> ec.EllipticCurvePublicKey | None:
        """None for a key that is not listed."""
        found = (await self._known()).get(kid) or (await self._read_anew()).get(kid)
        if found is None:
            return None
        public = ECAlgorithm.from_jwk(found.public_jwk)
        assert isinstance(public, ec.EllipticCurvePublicKey)  # noqa: S101 - it holds no private half
        return public

    async def jwks(self) -> str:
        return json.dumps({"keys": [json.loads(key.public_jwk) for key in (await self._read_anew()).values()]})

    @property
    def _after_s(self) -> float:
        return self.schedule.token + 2 * self.schedule.keep + 60

    async def _known(self) -> dict[str, StoredKey]:
        return self._keys if time.monotonic() < self._read_at + self.schedule.keep else await self._read()

    async def _read_anew(self) -> dict[str, StoredKey]:
        """For questions of strangers: at most ten times a second."""
        return self._keys if time.monotonic() < self._read_at + 0.1 else await self._read()

    async def _read(self) -> dict[str, StoredKey]:
        async with self._database.begin() as tx:
            self._keys = {key.kid: key for key in await key_store.listed(tx)}
        self._read_at = time.monotonic()
        return self._keys

    def _opens(self, key: StoredKey) -> bool:
        try:
            return bool(self._envelope.open(key.closed_private))
        except ReplyExpired:
            return False


def _new_key(envelope: Envelope) -> dict[str, str]:
    private, kid = ec.generate_private_key(ec.SECP256R1()), uuid7().hex
    public = ECAlgorithm.to_jwk(private.public_key(), as_dict=True) | {"kid": kid, "use": "sig", "alg": ALGORITHM}
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return {"kid": kid, "public_jwk": json.dumps(public), "closed_private": envelope.close(pem)}
