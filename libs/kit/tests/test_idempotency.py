"""A request that is asked twice acts once."""

import asyncio
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kinora.generation.v1.generation_service_pb2 import CreateVideoRequest, CreateVideoResponse
from kinora_kit.idempotency import RequestIdMissing, RequestIdReused, answered, once
from sqlalchemy import text


async def create(database, request, caller="bob"):
    """One transaction that makes a video, or remembers that it did; returns the video's id."""
    async with database.begin() as tx:

        async def do():
            video_id = str(uuid4())
            await tx.execute(text("insert into effects (video_id, note) values (:v, :n)"), {"v": video_id, "n": request.prompt})
            reply = CreateVideoResponse()
            reply.video.id = video_id
            return reply

        reply = await once(tx, caller=caller, rpc="CreateVideo", request=request, reply=CreateVideoResponse, do=do, retry=request.is_retry)
        return reply.video.id


async def made(database):
    async with database.begin() as tx:
        return (await tx.execute(text("select count(*) from effects"))).scalar()


def asks(prompt="a dog runs", request_id="r1", *, is_retry=False):
    return CreateVideoRequest(prompt=prompt, request_id=request_id, is_retry=is_retry)


async def test_a_repeat_returns_the_first_answer(database):
    assert await create(database, asks()) == await create(database, asks())
    assert await made(database) == 1


async def test_fifty_at_once_act_once(database):
    assert len(set(await asyncio.gather(*(create(database, asks()) for _ in range(50))))) == 1
    assert await made(database) == 1


async def test_a_changed_body_is_an_error(database):
    await create(database, asks("a dog runs"))
    with pytest.raises(RequestIdReused) as raised:
        await create(database, asks("a cat runs"))
    assert raised.value.param == "request_id"


async def test_an_answer_can_be_looked_up_before_anything_is_done(database):
    async def known(request):
        async with database.begin() as tx:
            return await answered(tx, caller="bob", rpc="CreateVideo", request=request, reply=CreateVideoResponse)

    assert await known(asks()) is None
    video_id = await create(database, asks())
    assert (await known(asks())).video.id == video_id
    with pytest.raises(RequestIdReused):
        await known(asks("a cat runs"))


async def test_callers_do_not_share_request_ids(database):
    assert await create(database, asks(), caller="bob") != await create(database, asks(), caller="cleo")


async def test_equal_bodies_with_new_ids_are_two_wishes(database):
    assert await create(database, asks(request_id="r1")) != await create(database, asks(request_id="r2"))


async def test_a_declared_retry_finds_the_answer_to_an_equal_body(database):
    first = await create(database, asks(request_id="r1"))
    assert await create(database, asks(request_id="r2", is_retry=True)) == first
    assert await create(database, asks(request_id="r2", is_retry=True)) == first


async def test_a_declared_retry_of_something_old_acts_again(database):
    first = await create(database, asks(request_id="r1"))
    async with database.begin() as tx:
        await tx.execute(text("update replies set created_at = now() - interval '11 minutes'"))
    assert await create(database, asks(request_id="r2", is_retry=True)) != first


async def test_retries_in_parallel_act_once(database):
    ids = await asyncio.gather(*(create(database, asks(request_id=f"r{n}", is_retry=True)) for n in range(20)))
    assert len(set(ids)) == 1


@pytest.mark.parametrize("request_id", ["", "x" * 129])
async def test_a_request_needs_an_id(database, request_id):
    with pytest.raises(RequestIdMissing):
        await create(database, asks(request_id=request_id))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wishes=st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xy")), max_size=8))
async def test_per_id_the_first_body_wins_whatever_the_order(database, wishes):
    run, bodies, answers = uuid4().hex, {}, {}
    for request_id, prompt in wishes:
        wish = create(database, asks(prompt, run + request_id))
        if bodies.setdefault(request_id, prompt) == prompt:
            assert answers.setdefault(request_id, answer := await wish) == answer
        else:
            with pytest.raises(RequestIdReused):
                await wish
