"""Pets and objects: a picture, a drawing on it, a name."""

import asyncio
from dataclasses import replace

import pytest
from kinora.cameo.v1 import cameo_service_pb2 as pb
from kinora.cameo.v1.events_pb2 import CameoEnrolled
from kinora_kit.errors import InvalidArgument, RemoteError

FAR_AWAY = "update things set forgotten_at = now() where id = :id"


class HumanFace(InvalidArgument):
    pass


@pytest.fixture
def blobs(served):
    async def lying(owner):
        return await served.adapters.media.list(f"cameos/{owner.id}")

    return lying


@pytest.fixture
def uploads(served):
    async def lying(owner):
        return await served.adapters.media.list(f"uploads/{owner.id}")

    return lying


async def test_a_pet_is_looked_at_cut_out_and_named(bob, upload, box, told):
    started = await bob("StartThing", kind=pb.CAMEO_KIND_PET, source_key=await upload(bob, b"a dog"))
    assert (started.jpeg, started.seconds) == (b"a dog", 2.5)
    cut = await bob("CutThing", thing_id=started.thing_id, **box)
    assert (cut.png, list(cut.colours)) == (b"PNG cut out of a dog", ["#aa8844"])
    rex = (await bob("EnrolThing", thing_id=started.thing_id, name="rex")).cameo
    assert (rex.handle, rex.kind, rex.audience) == (f"@{bob.id[5:]}.rex", pb.CAMEO_KIND_PET, pb.AUDIENCE_ONLY_ME)
    assert await told(CameoEnrolled, rex.id) == [CameoEnrolled(cameo_id=rex.id, account_id=bob.id, handle=rex.handle)]


async def test_what_was_drawn_reaches_the_eyes_as_drawn(bob, start, box, likeness, blobs):
    strokes = {name: [pb.Stroke(points=[pb.Point(x=x, y=0.5), pb.Point(x=x, y=0.6)])] for name, x in (("keep", 0.25), ("remove", 0.75))}
    await bob("CutThing", thing_id=await start(bob), **box, **strokes, breadth=0.05, at_s=1.5)
    (asked,) = likeness.about(*[key for key in await blobs(bob) if "source" in key])
    drawn = asked.strokes
    assert (asked.at_s, drawn.breadth, getattr(drawn, "from").x, drawn.to.y) == (1.5, 0.05, 0.1, 0.9)
    assert (drawn.keep[0].points[1].y, drawn.keep[0].points[0].x, drawn.remove[0].points[0].x) == (0.6, 0.25, 0.75)


async def test_the_newest_cut_counts_and_engines_are_given_it(bob, upload, box, likeness, video, generation, enrol_old, eventually, blobs):
    started = await bob("StartThing", kind=pb.CAMEO_KIND_OBJECT, source_key=await upload(bob, b"a mug"))
    for _ in range(3):
        await bob("CutThing", thing_id=started.thing_id, **box)
    mug = (await bob("EnrolThing", thing_id=started.thing_id, name="mug")).cameo
    shown = video(bob, mug)
    await shown.queued()
    await shown.asks(pb.STAGE_DISPATCH)
    assert (await generation("OpenLikeness", video_id=shown.id, cameo_id=mug.id)).package == b"cut out of a mug"
    await eventually(lambda: _count(blobs, bob, 1))


async def test_the_picture_goes_with_the_enrolment_and_the_upload_with_the_start(bob, start, box, enrol, uploads, blobs, sql, eventually):
    thing_id = await start(bob)
    await eventually(lambda: _count(uploads, bob, 0))
    assert [key.rsplit("/")[-1] for key in await blobs(bob)] == ["source.jpg"]
    await bob("CutThing", thing_id=thing_id, **box)
    await bob("EnrolThing", thing_id=thing_id, name="rex")
    await eventually(lambda: _count(blobs, bob, 1))
    assert await sql("select id from things where account_id = :id", id=bob.id) == []


async def test_a_cut_lies_encrypted(bob, start, box, blobs, served):
    await bob("CutThing", thing_id=await start(bob, data=b"an unmistakable dog"), **box)
    (cut,) = [key for key in await blobs(bob) if "source" not in key]
    assert b"unmistakable" not in await served.adapters.media.get(cut)


async def test_a_human_face_is_no_pet(bob, upload, likeness, refused, blobs):
    key = await upload(bob)
    likeness.refusals[key] = HumanFace("A person's face is in the picture.", param="source_key")
    with refused("HumanFace", "source_key"):
        await bob("StartThing", kind=pb.CAMEO_KIND_PET, source_key=key)
    assert await blobs(bob) == []


async def test_teens_may_enrol_their_pets(bob, as_caller, enrol):
    teen = as_caller(replace(bob.identity, age_band="teen", stepped_up=False))
    assert (await enrol(teen, pb.CAMEO_KIND_PET, name="rex")).handle.endswith(".rex")


async def test_pets_and_things_go_by_their_owners_handle(bob, enrol):
    rex = await enrol(bob, kind=pb.CAMEO_KIND_PET, name="rex")
    mug = await enrol(bob, kind=pb.CAMEO_KIND_OBJECT, name="mug")
    assert [rex.handle, mug.handle] == [f"@{bob.id[5:]}.rex", f"@{bob.id[5:]}.mug"]
    assert [cameo.id for cameo in (await bob("ListCameos")).cameos] == [mug.id, rex.id]


async def test_a_name_is_given_once_and_again_after_a_withdrawal(bob, cleo, enrol, refused):
    rex = await enrol(bob, pb.CAMEO_KIND_PET, name="rex")
    with refused("CameoExists", "name"):
        await enrol(bob, pb.CAMEO_KIND_PET, name="rex")
    assert (await enrol(cleo, pb.CAMEO_KIND_PET, name="rex")).handle != rex.handle
    await bob("WithdrawCameo", cameo_id=rex.id)
    assert (await enrol(bob, pb.CAMEO_KIND_PET, name="rex")).handle == rex.handle


async def test_a_taken_name_loses_nothing(bob, start, enrol, box, refused):
    await enrol(bob, pb.CAMEO_KIND_PET, name="rex")
    thing_id = await start(bob)
    await bob("CutThing", thing_id=thing_id, **box)
    with refused("CameoExists", "name"):
        await bob("EnrolThing", thing_id=thing_id, name="rex")
    assert (await bob("EnrolThing", thing_id=thing_id, name="max")).cameo.handle.endswith(".max")


async def test_what_is_not_cut_out_is_not_enrolled(bob, start, refused):
    thing_id = await start(bob)
    with refused("ThingNotCut", "thing_id"):
        await bob("EnrolThing", thing_id=thing_id, name="rex")


@pytest.mark.parametrize("unknown", ["", "thing_" + "0" * 32, "\0", "' or 1=1", "x" * 10_000])
async def test_an_unknown_or_anothers_thing_is_not_found(bob, cleo, start, box, unknown, refused):
    for thing_id in (unknown, await start(bob)):
        with refused("ThingNotFound", "thing_id"):
            await cleo("CutThing", thing_id=thing_id, **box)
        with refused("ThingNotFound", "thing_id"):
            await cleo("EnrolThing", thing_id=thing_id, name="rex")


async def test_repeats_do_it_once(bob, upload, box, sql):
    key = await upload(bob, b"a dog")
    first, second = [await bob("StartThing", request_id="start", kind=pb.CAMEO_KIND_PET, source_key=key) for _ in range(2)]
    assert first == second
    await bob("CutThing", thing_id=first.thing_id, **box)
    enrolled = [await bob("EnrolThing", request_id="enrol", thing_id=first.thing_id, name="rex") for _ in range(2)]
    assert enrolled[0] == enrolled[1]
    assert len((await bob("ListCameos")).cameos) == 1


async def test_a_request_that_is_sent_five_times_at_once_starts_one_thing(bob, upload, sql):
    key = await upload(bob)
    asked = [bob("StartThing", request_id="start", kind=pb.CAMEO_KIND_PET, source_key=key) for _ in range(5)]
    made = await asyncio.gather(*asked, return_exceptions=True)
    assert {one.reason for one in made if isinstance(one, RemoteError)} <= {"FileGone"}
    assert len(await sql("select id from things where account_id = :id", id=bob.id)) == 1


async def test_an_account_has_ten_things_in_the_making_at_most(bob, cleo, start, sql, refused):
    made = [await start(bob) for _ in range(10)]
    with refused("TooManyThings"):
        await start(bob)
    await start(cleo)
    await sql(FAR_AWAY, id=made[0])
    await start(bob)


async def test_what_is_not_enrolled_within_a_day_is_forgotten(bob, start, box, sql, blobs, eventually, refused):
    thing_id = await start(bob)
    await bob("CutThing", thing_id=thing_id, **box)
    await sql(FAR_AWAY, id=thing_id)
    with refused("ThingNotFound", "thing_id"):
        await bob("EnrolThing", thing_id=thing_id, name="rex")
    await eventually(lambda: _count(blobs, bob, 0))


@pytest.mark.parametrize(
    "key",
    ["", "uploads", "uploads/{cleo}/a.jpg", "uploads/{bob}/../{cleo}/a.jpg", "uploads/{bob}/.a", "uploads/{bob}/", "videos/a.mp4", "\0"],
)
async def test_only_ones_own_uploads_are_looked_at(bob, cleo, key, likeness, refused):
    with refused("BadField", "source_key"):
        await bob("StartThing", kind=pb.CAMEO_KIND_PET, source_key=key.format(bob=bob.id, cleo=cleo.id))
    assert likeness.about(key) == []


async def test_an_upload_that_is_gone_is_told(bob, refused):
    with refused("FileGone", "source_key"):
        await bob("StartThing", kind=pb.CAMEO_KIND_PET, source_key=f"uploads/{bob.id}/gone.jpg")


@pytest.mark.parametrize("kind", [pb.CAMEO_KIND_UNSPECIFIED, pb.CAMEO_KIND_PERSON, 9])
async def test_a_thing_is_a_pet_or_an_object(bob, upload, kind, refused):
    with refused("BadField", "kind"):
        await bob("StartThing", kind=kind, source_key=await upload(bob))


@pytest.mark.parametrize("name", ["", "Rex", "a.b", "x" * 21, "rex\n", "@rex"])
async def test_a_bad_name_is_named(bob, start, box, name, refused):
    thing_id = await start(bob)
    await bob("CutThing", thing_id=thing_id, **box)
    with refused("BadField", "name"):
        await bob("EnrolThing", thing_id=thing_id, name=name)


async def test_too_many_points_are_refused_before_anybody_looks(bob, start, box, likeness, blobs, refused):
    thing_id = await start(bob)
    with refused("BadField", "keep"):
        await bob("CutThing", thing_id=thing_id, **box, keep=[pb.Stroke(points=[pb.Point()] * 2001)])
    assert likeness.about(*await blobs(bob)) == []


async def _count(lying, owner, number):
    return len(await lying(owner)) == number
