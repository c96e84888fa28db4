"""How a maker wants to be named."""

from uuid import uuid4

import pytest
from kinora.provenance.v1 import provenance_service_pb2 as pb
from kinora.provenance.v1.provenance_service_pb2_grpc import ProvenanceServiceStub
from kinora_kit.identity import Identity
from kinora_testkit.cast import as_user


@pytest.fixture
def credit(kinora):
    """Asks, or changes it first."""

    async def asked(who, named=None):
        stub = ProvenanceServiceStub(kinora.channel)
        if named is not None:
            await stub.SetCredit(pb.SetCreditRequest(request_id=uuid4().hex, named=named), metadata=as_user(who))
        return (await stub.GetCredit(pb.GetCreditRequest(), metadata=as_user(who))).named

    return asked


@pytest.mark.parametrize(("age_band", "named"), [("adult", True), ("teen", False), ("unknown", False)])
async def test_adults_are_named_and_the_young_are_not(credit, age_band, named):
    assert await credit(Identity("acct_bob", age_band=age_band)) is named


async def test_everybody_may_choose_and_choose_again(credit):
    adult, teen = Identity("acct_bob", age_band="adult"), Identity("acct_eve", age_band="teen")
    assert [await credit(who, named) for who in (adult, teen) for named in (False, True)] == [False, True] * 2
