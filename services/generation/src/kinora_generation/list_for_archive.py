"""An account's finished videos with their files, for our own services."""

from kinora.generation.v1 import generation_service_pb2 as pb
from kinora_kit.db import Database
from kinora_kit.identity import Identity

from . import store
from .domain import Video
from .errors import ServicesOnly
from .present import presented

PAGE = 5
"""A storyboard may have a megabyte; so many fit one message."""


async def list_for_archive(db: Database, request: pb.ListForArchiveRequest, caller: Identity) -> pb.ListForArchiveResponse:
    """Raises ServicesOnly, BadField for an `after` that is not the account's."""
    if caller.role != "service":
        raise ServicesOnly
    async with db.begin() as tx:
        found = await store.page(tx, request.account_id, after=request.after, limit=PAGE + 1, ascending=True, finished=True)
        shown = await presented(tx, found[:PAGE])
    archived = [_archived(video, stored) for video, stored in zip(shown, found, strict=False)]
    return pb.ListForArchiveResponse(videos=archived, next=found[PAGE - 1].id if len(found) > PAGE else "")


def _archived(video: pb.Video, stored: Video) -> pb.ArchivedVideo:
    return pb.ArchivedVideo(video=video, video_key=stored.video_key, captions_key=stored.captions_key, thumbnail_key=stored.thumbnail_key)
