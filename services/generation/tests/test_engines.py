"""Engines are what the operator names, and are asked for no more than their sheets say."""

import json

import grpc
import pytest
from kinora.engine.v1.engine_pb2 import ENGINE_UNIT_GPU_SECOND, Capabilities
from kinora.generation.v1 import generation_service_pb2 as pb
from kinora_engine.sheets import shipped
from kinora_generation.settings import Settings
from pydantic import ValidationError

PICTURE = "uploads/acct_ada/picture"
FRAME = pb.Keyframe(key=PICTURE, at_s=1)
CAST = [{"id": name, "name": name.title(), "handle": f"@{name}"} for name in ("ada", "bob", "cleo", "dan", "eve")]
FIVE_PEOPLE = json.dumps({"characters": CAST, "shots": [{"duration": 4, "place": "park"}]})
CANNOT = {
    "size": ("size", "'768x512'; it makes 720x1280", "ltx-2 can", {"size": "768x512"}),
    "seconds": ("seconds", "40 s; it makes 4, 8, 12", "world-1 can", {"model": "cosmos-3", "seconds": 40}),
    "passes": ("passes", "'depth'; it makes none", "world-1 can", {"model": "ltx-2", "passes": ["depth"]}),
    "last frame": ("last_frame", "end on a picture", "ltx-2 and cosmos-3 can", {"last_frame_key": PICTURE}),
    "keyframes": ("keyframes", "no keyframes", "ltx-2 and cosmos-3 can", {"keyframes": [FRAME]}),
    "more keyframes": ("keyframes", "8 keyframes at most, not 9", "", {"model": "ltx-2", "keyframes": [FRAME] * 9}),
    "keyframe behind the end": ("keyframes", "below 4 s", "", {"model": "ltx-2", "keyframes": [pb.Keyframe(key=PICTURE, at_s=4)]}),
    "keyframes in one frame": ("keyframes", "one frame", "", {"model": "ltx-2", "keyframes": [FRAME, FRAME]}),
    "strength": ("keyframes", "to 1", "", {"model": "ltx-2", "keyframes": [pb.Keyframe(key=PICTURE, at_s=1, strength=1.5)]}),
    "no keyframe": ("keyframes", "no picture", "", {"model": "ltx-2", "keyframes": [pb.Keyframe(at_s=1)]}),
    "guidance": ("guidance", "'world'", "ltx-2 and cosmos-3 can", {"guidance": "world"}),
    "LoRAs": ("loras", "'film-grain'; it has none", "", {"model": "ltx-2", "loras": ["film-grain"]}),
    "cameos": ("characters", "4 likenesses at most, not 5", "world-1 can", {"model": "cosmos-3", "storyboard_json": FIVE_PEOPLE}),
    "a long storyboard": ("storyboard", "cosmos-3 makes 0.5 to 12 s", "", {
        "model": "cosmos-3", "storyboard_json": '{"shots": [{"duration": 20, "place": "park"}]}',
    }),
}  # fmt: skip


@pytest.mark.parametrize("case", CANNOT)
async def test_what_an_engine_cannot_do_is_refused_by_name(ada, platform, case):
    param, why, elsewhere, fields = CANNOT[case]
    await platform.media.put(PICTURE, b"x", content_type="image/png")
    refused = await ada.refused(ada.create("" if "storyboard_json" in fields else "A dog runs.", **fields))
    assert (refused.code, refused.param) == (grpc.StatusCode.INVALID_ARGUMENT, param)
    assert why in refused.message
    assert elsewhere in refused.message
    assert await platform.sql("SELECT FROM videos") == []


async def test_an_engine_is_found_by_its_id_and_makes_what_it_can(ada):
    video = await ada.create(model="cosmos-3", size="1280x720")
    assert (video.model, video.size) == ("cosmos-3", "1280x720")
    assert (await ada.create(model="sora-2")).model == "world-1"


async def test_models_come_with_sheets_and_what_a_second_costs(ada):
    ltx = (await ada.models())["ltx-2"]
    assert (ltx.sheet, ltx.ready) == (shipped("ltx2"), False)
    assert {cost.size: round(cost.engine_seconds_per_second, 2) for cost in ltx.costs}["1280x720"] == round(5 * 1.280 * 0.720, 2)


def tiny(**changes):
    sheet = Capabilities(engine="kinora-ltx2", engine_version="tiny", sizes=["128x64"], seconds=[1, 2], longest_shot_s=2, fps=24, rate=9)
    sheet.MergeFrom(Capabilities(styles=["realistic"], unit=ENGINE_UNIT_GPU_SECOND, takes=True, **changes))
    return sheet


async def test_a_running_engine_says_what_it_can_do_and_that_stays_when_it_is_gone(ada, make_engine, look, eventually):
    async def told():
        return (await ada.models())["ltx-2"].sheet == tiny()

    async with make_engine(sheet=tiny()) as engine, look(engine.url):
        await eventually(told)
    assert await told()
    video = await ada.create("A dog runs.", model="ltx-2")
    assert (video.size, video.seconds) == ("128x64", 1)
    assert (await ada.refused(ada.create("A dog runs.", model="ltx-2", size="1280x720"))).param == "size"


async def test_an_engine_whose_weights_changed_says_so(ada, make_engine, look, eventually):
    async def loras():
        return (await ada.models())["ltx-2"].sheet.loras

    async with make_engine(sheet=tiny(loras=["film-grain"])) as engine, look(engine.url):
        assert await eventually(loras) == ["film-grain"]
        engine.sheet = tiny()
        await eventually(lambda: gone(loras))


async def gone(told):
    return not await told()


@pytest.mark.parametrize("sheet", [None, Capabilities(engine="odd", sizes=["wide"])], ids=["none", "unusable"])
async def test_an_engine_without_a_usable_sheet_works_by_the_shipped_one(ada, make_engine, look, work, eventually, sheet):
    async def ready():
        return (await ada.models())["ltx-2"].ready

    async with make_engine(sheet=sheet) as engine, look(engine.url), work(engine.url):
        await eventually(ready)
        assert (await ada.models())["ltx-2"].sheet == shipped("ltx2")
        await ada.create("A dog runs.", model="ltx-2", size="768x512")
        await eventually(lambda: engine.requests)
    assert (engine.requests[0].width, engine.requests[0].height) == (768, 512)


A = {"id": "a", "family": "world", "triton_model": "a"}


def test_an_operator_names_a_family_alone_for_its_usual_names():
    first, second = Settings(engines=["world", "ltx2"]).engines
    assert (first.id, first.aliases, second.id, second.triton_model) == ("world-1", ("sora-2", "sora-2-pro"), "ltx-2", "ltx2")


@pytest.mark.parametrize(
    ("engines", "why"),
    [
        ([], "at least 1"),
        ([A | {"family": "sora"}], "there are world, ltx2, cosmos3"),
        ([A, A | {"id": "b", "aliases": ["a"]}], "names two engines"),
        (["sora"], "no family 'sora'; there are world, ltx2, cosmos3"),
        ([A | {"draft_overflow": {"engine": "a", "after_s": 9}}], "another engine"),
        ([A | {"id": "A b"}], "pattern"),
    ],
)
def test_what_an_operator_named_wrongly_is_told(engines, why):
    with pytest.raises(ValidationError, match=why):
        Settings(engines=engines)
