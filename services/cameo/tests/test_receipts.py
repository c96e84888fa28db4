import asyncio
import json
import time

import jwt
import pytest
from kinora.cameo.v1 import cameo_service_pb2 as pb
from kinora_cameo import keyring
from kinora_cameo.receipts import TYPE, Notary, thumbprint


@pytest.fixture
async def keys(generation):
    return jwt.PyJWKSet.from_json((await generation("GetReceiptKeys")).jwks_json)


def read(receipt, keys):
    header = jwt.get_unverified_header(receipt)
    assert header["typ"] == TYPE
    return jwt.decode(receipt, keys[header["kid"]], algorithms=["EdDSA"])


async def test_a_receipt_says_who_lent_what_to_whom_for_what_and_when(bob, cleo, enrol_old, video, keys, served):
    cameo = await enrol_old(bob)
    await bob("ChangeConsent", cameo_id=cameo.id, audience=pb.AUDIENCE_APPROVED)
    await bob("DecideOnPerson", cameo_id=cameo.id, account_id=cleo.id, approved=True)
    shown = await video(cleo, cameo).rendered()
    (cleared,) = await shown.asks(pb.STAGE_PUBLISH)
    claims = read(cleared.receipt, keys)
    assert (claims["cameo"], claims["handle"], claims["grantee"], claims["scope"]) == (cameo.id, cameo.handle, cleo.id, {"video": shown.id})
    assert (claims["iss"], claims["iat"]) == (served.adapters.public_url, pytest.approx(time.time(), abs=60))
    assert claims.keys() == {"iss", "jti", "iat", "cameo", "handle", "grant", "grantee", "scope"}


async def test_the_grant_is_the_entry_of_the_consent_log_that_allowed_it(bob, cleo, enrol_old, video, keys, sql):
    cameo = await enrol_old(bob)
    said = {}
    for basis, maker in (("owner", bob), ("everyone", cleo), ("approval", cleo)):
        await bob("ChangeConsent", cameo_id=cameo.id, audience=pb.AUDIENCE_EVERYONE)
        if basis == "approval":
            await bob("DecideOnPerson", cameo_id=cameo.id, account_id=cleo.id, approved=True)
        (cleared,) = await (await video(maker, cameo).rendered()).asks(pb.STAGE_PUBLISH)
        grant = read(cleared.receipt, keys)["grant"]
        assert grant["basis"] == basis
        (entry,) = await sql("select what, account_id from consent_log where id = :id", id=grant["id"])
        said[basis] = (entry.what.split(",")[0], entry.account_id)
    assert said == {"owner": ("audience everyone", None), "everyone": ("audience everyone", None), "approval": ("approved", cleo.id)}


async def test_only_the_last_check_gives_a_receipt(bob, enrol, video):
    asked = video(bob, await enrol(bob))
    await asked.queued()
    for stage in (pb.STAGE_SUBMIT, pb.STAGE_DISPATCH):
        assert [cleared.receipt for cleared in await asked.asks(stage)] == [""]


async def test_the_published_key_is_public_alone_and_named_by_its_thumbprint(generation):
    (key,) = json.loads((await generation("GetReceiptKeys")).jwks_json)["keys"]
    assert key.keys() == {"kty", "crv", "x", "kid", "alg", "use"}
    assert thumbprint(jwt.PyJWK(key).key.public_bytes_raw()) == key["kid"]


async def test_replicas_that_start_together_sign_with_one_key(served):
    database, master = served.services[0].database, keyring.local(served.adapters.state_dir)
    notaries = [Notary(database, master, "http://k") for _ in range(4)]
    await asyncio.gather(*(notary.start() for notary in notaries))
    assert len({notary._id for notary in notaries}) == 1
