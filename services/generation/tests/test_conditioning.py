"""Pictures and takes that steer a film reach the engine, and go with the video."""

import pytest
from kinora.engine.v1 import engine_pb2 as engine_pb
from kinora.generation.v1 import generation_service_pb2 as pb

FIRST, BETWEEN, LAST = (f"uploads/acct_ada/{name}" for name in ("first", "between", "last"))


@pytest.fixture
async def pictures(platform):
    for key in (FIRST, BETWEEN, LAST):
        await platform.media.put(key, b"x", content_type="image/png")
    return {"first_frame_key": FIRST, "last_frame_key": LAST, "keyframes": [pb.Keyframe(key=BETWEEN, at_s=2.5, strength=0.5)]}


@pytest.fixture
def asked(make_engine, work, eventually):
    """What an engine is asked for next."""

    async def next_request():
        async with make_engine("hangs") as engine, work(engine.url):
            await eventually(lambda: engine.requests)
        return engine.requests[0]

    return next_request


def conditioning(request):
    return [(engine_pb.ConditioningKind.Name(each.kind).removeprefix("CONDITIONING_KIND_"), each.key) for each in request.conditioning]


async def test_the_engine_gets_every_picture_and_word(ada, pictures, asked):
    await ada.create("A dog runs.", model="ltx-2", negative_prompt="rain", guidance="world", **pictures)
    request = await asked()
    assert conditioning(request) == [("FIRST_FRAME", FIRST), ("KEYFRAME", BETWEEN), ("LAST_FRAME", LAST)]
    assert (request.conditioning[1].at_s, request.conditioning[1].strength) == (2.5, 0.5)
    assert (request.negative_prompt, request.guidance, request.draft) == ("rain", "world", False)


async def test_the_director_minds_a_negative_prompt_for_an_engine_that_does_not(ada, asked):
    await ada.create("A dog runs.", negative_prompt="rain")
    assert (await asked()).negative_prompt == ""


async def test_pictures_go_with_the_last_video_that_they_steer(ada, platform, pictures, eventually):
    made = [await ada.create("A dog runs.", model="ltx-2", **pictures) for _ in range(2)]
    await ada.delete(made[0].id)
    assert [await platform.stored(key) for key in (FIRST, BETWEEN, LAST)] == [True] * 3
    await ada.delete(made[1].id)
    for key in (FIRST, BETWEEN, LAST):
        await eventually(lambda key=key: platform.gone(key))


async def test_a_lost_picture_is_named(ada, pictures, platform):
    await platform.media.delete(LAST)
    assert (await ada.refused(ada.create("A dog runs.", model="ltx-2", **pictures))).param == "last_frame"


async def test_a_remix_starts_from_the_take(ada, platform, completed, asked):
    source = await completed(ada, model="ltx-2")
    await ada.remix(source.id, "at night")
    attempt = await platform.attempt(source.id)
    assert conditioning(await asked()) == [("REMIX", f"videos/{source.id}/{attempt}/take.safetensors")]


async def test_an_extension_starts_from_the_take_and_keeps_its_shots(ada, completed, asked):
    source = await completed(ada, model="ltx-2")
    longer = await ada.extend(source.id, "Night falls.", seconds=8)
    request = await asked()
    assert [kind for kind, _ in conditioning(request)] == ["EXTEND"]
    assert longer.seconds == 12


async def test_a_draft_is_half_the_size_and_is_finished_from_its_take(ada, completed, asked):
    draft = await completed(ada, model="ltx-2", size="1280x720", draft=True)
    finished = await ada.finish(draft.id)
    request = await asked()
    assert (draft.size, draft.full_size) == ("640x360", "1280x720")
    assert (finished.size, finished.full_size, finished.seed, finished.remixed_from_video_id) == ("1280x720", "", draft.seed, draft.id)
    assert ([kind for kind, _ in conditioning(request)], request.draft) == (["FINISH"], False)


async def test_an_engine_without_takes_plays_the_storyboard_again(ada, completed, asked):
    draft = await completed(ada, size="1280x720", draft=True)
    finished = await ada.finish(draft.id)
    assert (draft.size, finished.size) == ("640x360", "1280x720")
    assert conditioning(await asked()) == []
    assert finished.storyboard_json == draft.storyboard_json


async def test_what_is_no_draft_cannot_be_finished(ada, completed):
    film = await completed(ada)
    assert "no draft" in (await ada.refused(ada.finish(film.id))).message


async def test_a_film_of_which_no_take_is_kept_cannot_be_changed(ada, platform, completed):
    film = await completed(ada, model="ltx-2")
    await platform.sql("UPDATE videos SET take_key = ''")
    assert (await ada.refused(ada.remix(film.id, "at night"))).param == "video"


async def test_what_the_engine_cannot_change_is_refused(ada, platform, completed):
    film = await completed(ada, model="ltx-2")
    await platform.sql("UPDATE videos SET model = 'gone'")
    assert (await ada.refused(ada.remix(film.id, "at night"))).param == "model"


async def test_take_and_sound_go_with_the_video_and_are_never_served(ada, platform, completed, eventually):
    film = await completed(ada, model="ltx-2")
    folder = f"videos/{film.id}/{await platform.attempt(film.id)}"
    served = [await ada.content(film.id, variant) for variant in (pb.VARIANT_VIDEO, pb.VARIANT_CAPTIONS)]
    assert not any("take" in file.key or "audio" in file.key for file in served)
    await ada.delete(film.id)
    for name in ("take.safetensors", "audio.flac"):
        await eventually(lambda name=name: platform.gone(f"{folder}/{name}"))


async def test_a_take_stored_elsewhere_is_not_accepted(ada, make_engine, work):
    async def elsewhere(engine, request):
        event = await engine.store(request)
        event.result.take_key = "videos/another/take.safetensors"
        yield event

    video = await ada.create(model="ltx-2")
    async with make_engine(elsewhere) as engine, work(engine.url, max_losses=1):
        await ada.becomes(video.id, pb.VIDEO_STATUS_FAILED)
