"""Paging through the caller's videos."""

from kinora.generation.v1 import generation_service_pb2 as pb
from kinora_kit.db import Database
from kinora_kit.identity import Identity

from . import store
from .errors import BadField
from .present import presented

_DEFAULT, _MOST = 20, 100


async def list_videos(db: Database, request: pb.ListVideosRequest, caller: Identity) -> pb.ListVideosResponse:
    """Raises BadField for a limit over 100 or an `after` that is not the caller's."""
    limit = request.limit or _DEFAULT
    if limit > _MOST:
        raise BadField("limit", f"{limit} are too many; 1 to {_MOST} fit a page")
    if "\0" in request.after:
        raise BadField("after", "This is no id; give the last id of the page before")
    async with db.begin() as tx:
        page = await store.page(tx, caller.account_id, after=request.after, limit=limit + 1, ascending=request.ascending)
        return pb.ListVideosResponse(videos=await presented(tx, page[:limit]), has_more=len(page) > limit)
