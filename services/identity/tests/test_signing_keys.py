"""Keys change while everybody goes on."""

import asyncio
import time

import jwt
import pytest
from kinora_identity.envelope import Envelope
from kinora_identity.main import build
from kinora_identity.signing_keys import Schedule, SigningKeys
from kinora_kit.db import Database, migrate

QUICK = Schedule(period=0.6, lead=0.3, keep=0.1, token=0.3)


@pytest.fixture
async def database(adapters, database_url):
    await migrate(database_url, "identity", build(adapters).migrations)
    opened = Database(database_url, "identity")
    yield opened
    await opened.close()


async def test_keys_change_and_no_token_fails_meanwhile(database):
    """Two replicas; one signs, the other and an outsider who keeps the public keys for a while verify, also just before expiry."""
    signer, verifier = (SigningKeys(database, Envelope(b"secret"), QUICK) for _ in range(2))
    await signer.ensure()
    keys, kept_at, used, held = None, 0.0, set(), []
    until = time.monotonic() + 3
    while time.monotonic() < until:
        await signer.ensure()
        now = time.monotonic()
        held = [(made, each) for made, each in held if now - made < QUICK.token] + [(now, await signer.sign({"sub": "ada"}))]
        if now - kept_at > QUICK.lead * 0.6:
            keys, kept_at = jwt.PyJWKSet.from_json(await verifier.jwks()), now
        for _, token in (held[0], held[-1]):
            kid = jwt.get_unverified_header(token)["kid"]
            assert jwt.decode(token, await verifier.public(kid), algorithms=["ES256"]) == {"sub": "ada"}
            assert jwt.decode(token, keys[kid], algorithms=["ES256"]) == {"sub": "ada"}
            used.add(kid)
        await asyncio.sleep(0.01)
    assert len(used) >= 4


async def test_replicas_that_start_together_make_one_key(database):
    replicas = [SigningKeys(database, Envelope(b"secret")) for _ in range(8)]
    await asyncio.gather(*(replica.ensure() for replica in replicas))
    assert len(jwt.PyJWKSet.from_json(await replicas[0].jwks()).keys) == 1


async def test_another_internal_secret_starts_with_another_key(database):
    before, after = SigningKeys(database, Envelope(b"old")), SigningKeys(database, Envelope(b"new"))
    await before.ensure()
    token = await before.sign({"sub": "ada"})
    await after.ensure()
    assert await after.sign({"sub": "ada"})
    assert await after.public(jwt.get_unverified_header(token)["kid"]) is None
