"""Reading one video."""

from kinora.generation.v1 import generation_service_pb2 as pb
from kinora_kit.db import Database
from kinora_kit.identity import Identity

from . import ids, store
from .errors import ModeratorsOnly, NoSuchVideo
from .present import present


async def get_video(db: Database, request: pb.GetVideoRequest, caller: Identity) -> pb.GetVideoResponse:
    """Raises NoSuchVideo."""
    async with db.begin() as tx:
        video = await store.own(tx, ids.checked(request.video_id), caller.account_id)
        return pb.GetVideoResponse(video=await present(tx, video))


async def trace_video(db: Database, request: pb.TraceVideoRequest, caller: Identity) -> pb.TraceVideoResponse:
    """Whosever it is. Raises ModeratorsOnly, NoSuchVideo."""
    if caller.role not in {"moderator", "operator"} or "admin" not in caller.scopes or (caller.session_id and not caller.stepped_up):
        raise ModeratorsOnly
    async with db.begin() as tx:
        video = await store.find(tx, ids.checked(request.video_id))
        if video is None:
            raise NoSuchVideo
        return pb.TraceVideoResponse(video=await present(tx, video))
