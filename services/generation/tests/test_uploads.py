"""Pictures that were sent to open on."""

import asyncio
from contextlib import asynccontextmanager

from kinora_generation.sweep import sweep_uploads


@asynccontextmanager
async def swept(platform):
    """The sweep at work, with hardly any grace."""
    task = asyncio.create_task(sweep_uploads(platform.db, platform.media, 0.1))
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_picture_goes_unless_a_video_opens_on_it(ada, platform, eventually):
    needed, orphan = f"uploads/{ada.who.account_id}/needed.png", f"uploads/{ada.who.account_id}/orphan.png"
    for key in (needed, orphan):
        await platform.media.put(key, b"x", content_type="image/png")
    video = await ada.create("A park", first_frame_key=needed)
    async with swept(platform):
        await eventually(lambda: platform.gone(orphan))
        assert await platform.stored(needed)
        await ada.delete(video.id)
        await eventually(lambda: platform.gone(needed))
