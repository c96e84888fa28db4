"""For clients that cannot stream: watch the prompts, upload the clip, hand it in."""

import asyncio
from uuid import uuid4

import pytest
from kinora.identity.v1 import liveness_service_pb2 as pb
from kinora.identity.v1.liveness_service_pb2_grpc import LivenessServiceStub
from kinora_identity.liveness import upload
from kinora_identity.main import build
from kinora_kit.errors import remote_errors
from kinora_testkit.cast import as_user
from kinora_testkit.postgres import fresh_database
from kinora_testkit.services import serving
from sqlalchemy import text


@pytest.fixture
def watch():
    """All that is told; with `until`, the client goes away after so many."""

    async def watched(person, session, until=None):
        request = pb.WatchPromptsRequest(session_id=session.id)
        call = LivenessServiceStub(person.caller.channel).WatchPrompts(request, metadata=as_user(person.caller.identity))
        told = []
        with remote_errors():
            async for response in call:
                told.append(response)
                if len(told) == until:
                    call.cancel()
                    break
        return told

    return watched


@pytest.fixture
def uploads(adapters):
    """The key of a clip that the person has uploaded."""

    async def put(person, clip):
        key = f"uploads/{person.id}/{uuid4().hex}.webm"
        await adapters.media.put(key, clip, content_type="video/webm")
        return key

    return put


@pytest.fixture
async def watched(bob, watch):
    """A session of bob's whose prompts are over."""
    session = await bob.starts()
    await watch(bob, session)
    return session


async def test_a_clip_recorded_to_the_prompts_is_approved_and_its_upload_taken_away(
    adapters, eyes, bob, watch, uploads, clip_that_is, eventually
):
    session = await bob.starts()
    assert session.upload_allowed
    told = await watch(bob, session)
    assert [response.WhichOneof("message") for response in told] == ["prompt", "prompt", "stop"]
    clip = clip_that_is("approved", id="uploaded")
    key = await uploads(bob, clip)
    handed_in = (await bob("SubmitClip", session_id=session.id, clip_key=key, typed=["lantern"])).session
    assert handed_in.state == pb.LIVENESS_STATE_ANALYSING
    await bob.comes_to("approved", session)
    [shown] = eyes.shown["uploaded"]
    assert [0.15 <= shown.reveals[0] < 1.15, 0.3 <= shown.reveals[1] < 1.3] == [True, True]
    assert (shown.HasField("received_s"), shown.typed) == (False, ["lantern"])
    assert await adapters.media.get(shown.clip_key) == clip

    async def upload_gone():
        return not await adapters.media.list(f"uploads/{bob.id}")

    await eventually(upload_gone)


async def test_a_repeated_submission_answers_again(bob, watched, uploads, clip_that_is):
    key = await uploads(bob, clip_that_is("approved"))
    await bob("SubmitClip", session_id=watched.id, clip_key=key)
    await bob.comes_to("approved", watched)
    assert (await bob("SubmitClip", session_id=watched.id, clip_key=key)).session.state == pb.LIVENESS_STATE_APPROVED


@pytest.mark.parametrize("key", ["uploads/{cleo}/clip.webm", "uploads/{bob}/none.webm", "../../etc/passwd", "liveness/{bob}/x", ""])
async def test_only_ones_own_upload_is_handed_in_and_a_wrong_key_costs_nothing(bob, cleo, watched, uploads, clip_that_is, key, refused):
    with refused("ClipInvalid", "clip_key"):
        await bob("SubmitClip", session_id=watched.id, clip_key=key.format(bob=bob.id, cleo=cleo.id))
    await bob("SubmitClip", session_id=watched.id, clip_key=await uploads(bob, clip_that_is("approved")))
    await bob.comes_to("approved", watched)


async def test_an_upload_that_is_too_large_is_refused_before_it_is_read(monkeypatch, bob, watched, uploads, refused):
    monkeypatch.setattr(upload, "MAX_CLIP_BYTES", 1000)
    key = await uploads(bob, bytes(1001))
    with refused("ClipInvalid", "clip_key"):
        await bob("SubmitClip", session_id=watched.id, clip_key=key)


async def test_a_clip_is_taken_after_the_stop_alone(bob, watch, uploads, clip_that_is, refused):
    session, key = await bob.starts(language="en-x-long"), await uploads(bob, clip_that_is("approved"))
    with refused("LivenessOver", "session_id"):
        await bob("SubmitClip", session_id=session.id, clip_key=key)
    watching = asyncio.create_task(watch(bob, session))
    await bob.comes_to("capturing", session)
    with refused("PromptsNotOver", "session_id"):
        await bob("SubmitClip", session_id=session.id, clip_key=key)
    watching.cancel()
    await bob.comes_to("retry", session)


async def test_prompts_are_told_once(bob, watched, watch, refused):
    with refused("LivenessOver", "session_id"):
        await watch(bob, watched)
    with refused("LivenessOver", "session_id"):
        await (await bob.opens(watched)).hears()


async def test_nobody_watches_anothers_prompts(bob, cleo, watch, refused):
    with refused("LivenessNotFound", "session_id"):
        await watch(cleo, await bob.starts())


async def test_who_leaves_before_the_stop_has_had_a_try(bob, watch):
    session = await bob.starts()
    await watch(bob, session, until=1)
    ended = await bob.comes_to("retry", session)
    assert [reason.code for reason in ended.reasons] == ["CAPTURE_BROKEN_OFF"]
    assert ended.tries_left == 2


async def test_time_runs_out_while_watching(bob, watch, sql, refused):
    session = await bob.starts(language="en-x-long")
    await sql("update liveness_sessions set expires_at = now() + interval '1 s' where id = :id", id=session.id)
    with refused("LivenessOver", "session_id"):
        await watch(bob, session)
    assert [reason.code for reason in (await bob.comes_to("retry", session)).reasons] == ["CAPTURE_TOO_LATE"]


async def test_a_clip_comes_too_late(bob, watched, uploads, sql, clip_that_is, refused):
    await sql("update liveness_sessions set expires_at = now() where id = :id", id=watched.id)
    with refused("LivenessOver", "session_id"):
        await bob("SubmitClip", session_id=watched.id, clip_key=await uploads(bob, clip_that_is("approved")))


async def test_of_two_clips_for_one_session_the_one_that_was_judged_stays(adapters, bob, cameo, watched, uploads, clip_that_is):
    keys = [await uploads(bob, clip_that_is("approved", id=f"twin {n}")) for n in range(2)]
    both = [bob("SubmitClip", session_id=watched.id, clip_key=key) for key in keys]
    ends = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(end).__name__ for end in ends) == ["RemoteError", "SubmitClipResponse"]
    await bob.comes_to("approved", watched)
    given = await cameo("RedeemLiveness", session_id=watched.id, account_id=bob.id)
    won = next(n for n, end in enumerate(ends) if isinstance(end, pb.SubmitClipResponse))
    assert f"twin {won}" in (await adapters.media.get(given.clip_key)).decode()


async def test_an_operator_may_switch_uploads_off(monkeypatch, postgres_url, eyes, bob, watch, clip_that_is, refused):
    monkeypatch.setenv("IDENTITY_LIVENESS_UPLOAD_ALLOWED", "false")
    async with fresh_database(postgres_url) as url, serving(build, type(eyes)().build, database_url=url) as strict:
        bob.caller.channel = strict.channel
        async with strict.services[0].database.begin() as tx:
            await tx.execute(
                text("insert into accounts (id, handle, display_name, role) values (:id, 'bob', 'bob', 'user')"), {"id": bob.id}
            )
        session = await bob.starts()
        assert not session.upload_allowed
        with refused("UploadNotAllowed"):
            await watch(bob, session)
        with refused("UploadNotAllowed"):
            await bob("SubmitClip", session_id=session.id, clip_key="uploads/x")
        await bob.films(session, clip_that_is("approved"))  # which is still possible
