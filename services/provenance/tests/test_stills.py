"""Pictures beside a film: signed with it, or not at all."""

import asyncio
import io

import numpy as np
import pytest
from kinora.generation.v1.events_pb2 import VideoDeleted
from kinora.provenance.v1.events_pb2 import VideoSealFailed
from kinora_media.image import spritesheet, webp
from kinora_media.store import MediaMissing, MediaStore
from kinora_provenance import ca, seal_videos, signing
from kinora_provenance.domain import Still
from PIL import Image

SHOWN = np.random.default_rng(4).integers(0, 255, (90, 160, 3), np.uint8)
PICTURES = {"image/webp": webp(SHOWN, 160), "image/jpeg": spritesheet([SHOWN] * 4, 2, 80)}


@pytest.fixture
def illustrated(kinora, film):
    """A film whose thumbnail and sprite sheet are stored."""

    async def make(pictures=PICTURES):
        fox = film()
        folder = f"videos/{fox.video_id}/att_1"
        stills = [Still(f"{folder}/{n}", f"{folder}/sealed/{n}", content_type) for n, content_type in enumerate(PICTURES)]
        for still in stills:
            if still.content_type in pictures:
                await kinora.media.put(still.key, pictures[still.content_type], content_type=still.content_type)
        return film(video_id=fox.video_id, stills=stills)

    return make


async def test_thumbnail_and_sprite_sheet_are_signed_and_look_the_same(kinora, illustrated, clip, tmp_path):
    fox = await illustrated()
    await kinora.render(fox, clip)
    await kinora.next_fact()
    for still in fox.stills:
        await kinora.media.fetch(still.sealed_key, tmp_path / "still")
        verdict = signing.verify(tmp_path / "still", ca.development(kinora.state_dir / "ca").anchors, still.content_type)
        manifest = verdict.store["manifests"][verdict.label]
        facts = next(one["data"] for one in manifest["assertions"] if one["label"] == "kinora.generation")
        assert (verdict.state, facts["video_id"], manifest["title"]) == ("Trusted", fox.video_id, fox.title)
        assert pixels((tmp_path / "still").read_bytes()) == pixels(PICTURES[still.content_type])


def pixels(data):
    return Image.open(io.BytesIO(data)).tobytes()


@pytest.mark.parametrize(
    ("pictures", "reason"),
    [
        ({"image/webp": PICTURES["image/webp"]}, "The rendered file is missing."),
        ({"image/webp": PICTURES["image/webp"], "image/jpeg": b"no picture"}, "A still of the video is broken."),
        ({"image/webp": PICTURES["image/jpeg"], "image/jpeg": PICTURES["image/jpeg"]}, "A still of the video is broken."),
    ],
    ids=["missing", "broken", "of another kind"],
)
async def test_all_are_sealed_or_none(kinora, illustrated, clip, pictures, reason):
    await kinora.render(fox := await illustrated(pictures), clip)
    assert await kinora.next_fact() == VideoSealFailed(video_id=fox.video_id, attempt_id="att_1", reason=reason)
    for key in fox.sealed_keys:
        with pytest.raises(MediaMissing):
            await kinora.media.head(key)


async def test_a_film_deleted_while_it_is_stored_leaves_no_still(kinora, illustrated, clip, monkeypatch):
    monkeypatch.setattr(seal_videos.TERMS, "lease_s", 3)
    fox, stored, put = await illustrated(), asyncio.Event(), MediaStore.put

    async def slow(self, key, *args, **options):
        if key == fox.sealed_key:
            stored.set()
            await asyncio.sleep(60)
        await put(self, key, *args, **options)

    monkeypatch.setattr(MediaStore, "put", slow)
    await kinora.render(fox, clip)
    await stored.wait()
    assert await kinora.media.head(fox.stills[0].sealed_key)
    await kinora.tell(VideoDeleted(video_id=fox.video_id), fox.video_id)
    async with asyncio.timeout(30):
        while await stored_keys(kinora, fox):  # noqa: ASYNC110 - a file tells nobody that it went
            await asyncio.sleep(0.05)


async def stored_keys(kinora, film):
    return [key for key in await kinora.media.list(f"videos/{film.video_id}") if key in film.sealed_keys]
