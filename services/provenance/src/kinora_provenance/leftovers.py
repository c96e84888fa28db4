"""Files that were handed in to be looked at, and whose uploader died before removing them."""

import asyncio
from datetime import timedelta

from kinora_media.store import MediaStore

_KEPT, _EVERY_S = timedelta(hours=1), 600.0


async def remove_leftovers(media: MediaStore) -> None:
    """Runs until cancelled."""
    while True:
        async for key in media.older("checks", _KEPT):
            await media.delete(key)
        await asyncio.sleep(_EVERY_S)
