"""What cannot be done is refused in words, with the field named, and nothing is queued."""

import grpc
import pytest
from kinora.generation.v1 import generation_service_pb2 as pb

SHOT = '{"duration": 4, "place": "park"}'
BAD = {
    "empty prompt": ("prompt", "1 to 32,000", {"prompt": " \n"}),
    "long prompt": ("prompt", "32,000", {"prompt": "a" * 40_000}),
    "NUL in prompt": ("prompt", "NUL", {"prompt": "a\0b"}),
    "long negative prompt": ("negative_prompt", "2,000", {"negative_prompt": "a" * 2001}),
    "unknown model": ("model", "world-1", {"model": "sora-9"}),
    "unknown size": ("size", "1280x720", {"size": "640x480"}),
    "odd size": ("size", "1280x720", {"size": "\0" * 1000}),
    "unknown seconds": ("seconds", "4, 8, 12, 16, 20", {"seconds": 7}),
    "too many variants": ("variants", "1 to 4", {"variants": 5}),
    "large seed": ("seed", "9223372036854775807", {"seed": 2**63}),
    "unknown style": ("style", "realistic, cartoon, anime", {"style": "cubist"}),
    "no JSON": ("storyboard", "JSON", {"storyboard_json": "shots: []"}),
    "no shots": ("storyboard", "shots", {"storyboard_json": '{"shots": []}'}),
    "wrong type": ("storyboard", "shots[0].duration", {"storyboard_json": '{"shots": [{"duration": "long", "place": "park"}]}'}),
    "unknown key": ("storyboard", "shots[0].smell", {"storyboard_json": '{"shots": [{"duration": 4, "place": "park", "smell": 1}]}'}),
    "unknown place": ("storyboard", "park", {"storyboard_json": '{"shots": [{"duration": 4, "place": "atlantis"}]}'}),
    "nobody": ("storyboard", "ghost", {"storyboard_json": f'{{"shots": [{SHOT[:-1]}, "marks": [{{"character": "ghost"}}]}}]}}'}),
    "too long": ("storyboard", "60 s", {"storyboard_json": f'{{"shots": [{", ".join([SHOT] * 16)}]}}'}),
    "too large": ("storyboard", "1,000,000", {"storyboard_json": " " * 1_000_001}),
    "deep": ("storyboard", "", {"storyboard_json": "[" * 100_000}),
    "seconds disagree": ("seconds", "4 s", {"storyboard_json": f'{{"shots": [{SHOT}]}}', "seconds": 8}),
    "another's upload": ("input_reference", "your uploads", {"first_frame_key": "uploads/acct_bob/x"}),
    "no upload": ("input_reference", "your uploads", {"first_frame_key": "videos/x/y/video.mp4"}),
    "climbing key": ("input_reference", "", {"first_frame_key": "uploads/acct_ada/../acct_bob/x"}),
    "lost upload": ("input_reference", "again", {"first_frame_key": "uploads/acct_ada/gone"}),
}


@pytest.mark.parametrize("case", BAD)
async def test_a_bad_field_is_named_and_nothing_is_queued(ada, platform, case):
    param, right, fields = BAD[case]
    request = pb.CreateVideoRequest(**({"request_id": "r", "prompt": "A dog runs."} | fields))
    refused = await ada.refused(ada.ask("CreateVideo", request))
    assert (refused.code, refused.param) == (grpc.StatusCode.INVALID_ARGUMENT, param)
    assert right in refused.message
    assert await platform.sql("SELECT FROM videos") == await platform.sql("SELECT FROM outbox") == []


async def test_an_upload_of_ones_own_may_be_opened_on(ada, platform):
    await platform.media.put("uploads/acct_ada/picture", b"x", content_type="image/png")
    assert (await ada.create(first_frame_key="uploads/acct_ada/picture")).status == pb.VIDEO_STATUS_QUEUED


async def test_a_page_has_limits(ada):
    assert (await ada.refused(ada.page(limit=101))).param == "limit"
    assert (await ada.refused(ada.page(after="video_unknown"))).param == "after"
    assert (await ada.refused(ada.page(after="\0"))).param == "after"


async def test_content_has_to_be_one_that_exists(ada):
    video = await ada.create()
    assert (await ada.refused(ada.content(video.id, pb.VARIANT_UNSPECIFIED))).param == "variant"
    assert (await ada.refused(ada.content(video.id))).reason == "VideoNotCompleted"


async def test_only_a_completed_video_can_be_changed(ada):
    video = await ada.create()
    assert (await ada.refused(ada.remix(video.id, "at night"))).code == grpc.StatusCode.FAILED_PRECONDITION
    assert (await ada.refused(ada.extend(video.id, "night falls"))).code == grpc.StatusCode.FAILED_PRECONDITION
