"""A moderator finds out where a clip comes from, and that is on record."""

import pytest
from kinora.provenance.v1.events_pb2 import ContentTraced
from kinora_kit.identity import Identity

MODERATOR = Identity("acct_mo", "moderator", frozenset({"admin"}))
WHY = "A threat on another platform."


@pytest.fixture
def told(kinora):
    """What was told of traces with a reason, oldest first."""

    async def events(reason):
        rows = await kinora.sql("select payload from outbox where type = :t order by id", t=ContentTraced.DESCRIPTOR.full_name)
        return [event for row in rows if (event := ContentTraced.FromString(row.payload)).reason == reason]

    return events


async def test_a_copy_leads_to_maker_job_and_prompt(kinora, film, again):
    video_id, shown = film
    kinora.neighbours.prompts[video_id] = "a fox in the snow"
    found = await kinora.ask("Trace", MODERATOR, content_key=await kinora.hand_in(again(shown)), reason=WHY)
    (traced,) = found.traced
    assert (traced.account_id, traced.handle, traced.attempt_id, traced.video.prompt) == ("acct_bob", "bob", "att_1", "a fox in the snow")
    assert found.check.matches[0].record == traced.record


async def test_the_name_is_told_whatever_the_maker_chose_and_a_lost_job_is_absent(kinora, film):
    kinora.neighbours.prompts.clear()
    (traced,) = (await kinora.ask("Trace", MODERATOR, video_id=film[0], reason=WHY)).traced
    assert (traced.handle, traced.HasField("video")) == ("bob", False)


async def test_every_look_is_told_with_who_and_why(kinora, film, told):
    key = await kinora.hand_in(film[1])
    await kinora.ask("Trace", MODERATOR, content_key=key, reason="On record.")
    (event,) = await told("On record.")
    assert (event.actor_account_id, event.account_id, event.video_id, len(event.sha256)) == ("acct_mo", "acct_bob", film[0], 64)


async def test_a_look_that_leads_to_nobody_is_told_too(kinora, told, refused):
    with refused("FilmNotFound", "video_id"):
        await kinora.ask("Trace", MODERATOR, video_id="video_unknown", reason="In vain.")
    assert [(event.account_id, event.video_id) for event in await told("In vain.")] == [("", "")]


@pytest.mark.parametrize("rpc", ["Trace", "FindCopies"])
async def test_nobody_else_may(kinora, film, rpc, refused):
    signed_in = Identity("acct_mo", "moderator", frozenset({"admin"}), session_id="sess_1")
    for who in (Identity("acct_bob"), Identity("acct_mo", "moderator"), Identity("gateway", "service"), signed_in):
        with refused("ModeratorsOnly"):
            await kinora.ask(rpc, who, video_id=film[0], reason=WHY)


@pytest.mark.parametrize("rpc", ["Trace", "FindCopies"])
@pytest.mark.parametrize("reason", ["", "  ", "no", "x" * 501, "bell\a"])
async def test_nobody_may_without_a_reason(kinora, film, rpc, reason, refused):
    with refused("BadField", "reason"):
        await kinora.ask(rpc, MODERATOR, video_id=film[0], reason=reason)


async def test_a_trace_of_nothing_is_refused(kinora, refused):
    with refused("BadField", "video_id"):
        await kinora.ask("Trace", MODERATOR, reason=WHY)
