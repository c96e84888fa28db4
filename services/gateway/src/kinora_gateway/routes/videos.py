"""/v1/videos: OpenAI's video resource."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from kinora.generation.v1.generation_service_pb2 import (
    CancelVideoRequest,
    DeleteVideoRequest,
    ExtendVideoRequest,
    FinishVideoRequest,
    GetVideoRequest,
    ListVideosRequest,
    RemixVideoRequest,
)

from kinora_gateway import body, creation, docs, views
from kinora_gateway.repeats import repeat
from kinora_gateway.requests import CreateVideo, EditVideo, ExtendVideo, Listing, RemixVideo
from kinora_gateway.routes.paths import VideoId
from kinora_gateway.schemas import Video, VideoDeleted, VideoList
from kinora_gateway.session import Creator, Reader, Writer

router = APIRouter(prefix="/v1/videos", tags=["videos"])
_repeatable = {"parameters": docs.repeat_headers()}


@router.post("", responses=docs.errors(408, 409, 413, 415), openapi_extra={**docs.body(CreateVideo), **_repeatable})
async def create_video(request: Request, session: Creator, response: Response) -> Video:
    """Queues a video."""
    wanted = await body.read(request, CreateVideo, timeout_s=session.gateway.settings.body_timeout_s)
    made = await creation.create(session, wanted, repeat(request))
    response.headers.update(views.poll_hint(made.video))
    return views.video(made.video, made.others)


@router.post("/edits", responses=docs.errors(404, 408, 409, 413, 415), openapi_extra={**docs.body(EditVideo), **_repeatable})
async def edit_video(request: Request, session: Creator, response: Response) -> Video:
    """Queues a new video made from a finished one; what the prompt does not name stays. The same as a remix."""
    wanted = await body.read(request, EditVideo, timeout_s=session.gateway.settings.body_timeout_s)
    return await _remix(session, request, response, wanted.video.id, wanted.prompt)


@router.post("/extensions", responses=docs.errors(404, 408, 409, 413, 415), openapi_extra={**docs.body(ExtendVideo), **_repeatable})
async def extend_video(request: Request, session: Creator, response: Response) -> Video:
    """Queues a new, longer video: a finished one whose story goes on. `seconds` of the answer is the whole length."""
    wanted = await body.read(request, ExtendVideo, timeout_s=session.gateway.settings.body_timeout_s)
    again = repeat(request)
    message = ExtendVideoRequest(
        request_id=again.request_id,
        is_retry=again.is_retry,
        video_id=wanted.video.id,
        prompt=wanted.prompt,
        seconds=int(wanted.seconds or 0),
    )
    made = (await session.call(session.gateway.generation.ExtendVideo, message)).video
    response.headers.update(views.poll_hint(made))
    return views.video(made)


@router.get("", responses=docs.errors())
async def list_videos(query: Annotated[Listing, Query()], session: Reader) -> VideoList:
    """Pages through the account's videos."""
    # A page of none still says whether there are more.
    request = ListVideosRequest(after=query.after or "", limit=max(1, query.limit), ascending=query.order == "asc")
    page = await session.call(session.gateway.generation.ListVideos, request)
    data = [views.video(message) for message in page.videos][: query.limit]
    has_more = page.has_more or len(page.videos) > len(data)
    return VideoList(data=data, first_id=data[0].id if data else None, last_id=data[-1].id if data else None, has_more=has_more)


@router.get("/{video_id}", responses=docs.errors(404))
async def retrieve_video(video_id: VideoId, session: Reader, response: Response) -> Video:
    """Reads one; while it is in the making, openai-poll-after-ms says when to ask again."""
    found = (await session.call(session.gateway.generation.GetVideo, GetVideoRequest(video_id=video_id))).video
    response.headers.update(views.poll_hint(found))
    return views.video(found)


@router.delete("/{video_id}", responses=docs.errors(404))
async def delete_video(video_id: VideoId, session: Writer) -> VideoDeleted:
    """Deletes a video and its files, cancelling it first; deleting it again gives the same answer."""
    request = DeleteVideoRequest(request_id=f"delete-{video_id}", video_id=video_id)
    deleted = await session.call(session.gateway.generation.DeleteVideo, request)
    return VideoDeleted(id=deleted.video_id)


@router.post("/{video_id}/remix", responses=docs.errors(404, 408, 409, 413, 415), openapi_extra={**docs.body(RemixVideo), **_repeatable})
async def remix_video(video_id: VideoId, request: Request, session: Creator, response: Response) -> Video:
    """Queues a new video made from a finished one; what the prompt does not name stays."""
    wanted = await body.read(request, RemixVideo, timeout_s=session.gateway.settings.body_timeout_s)
    return await _remix(session, request, response, video_id, wanted.prompt)


async def _remix(session: Creator, request: Request, response: Response, video_id: str, prompt: str) -> Video:
    again = repeat(request)
    message = RemixVideoRequest(request_id=again.request_id, is_retry=again.is_retry, video_id=video_id, prompt=prompt)
    made = (await session.call(session.gateway.generation.RemixVideo, message)).video
    response.headers.update(views.poll_hint(made))
    return views.video(made)


@router.post("/{video_id}/finish", responses=docs.errors(404, 409), openapi_extra=_repeatable)
async def finish_video(video_id: VideoId, request: Request, session: Creator, response: Response) -> Video:
    """Queues the film that a finished draft stands for: the same in full size."""
    again = repeat(request)
    message = FinishVideoRequest(request_id=again.request_id, is_retry=again.is_retry, video_id=video_id)
    made = (await session.call(session.gateway.generation.FinishVideo, message)).video
    response.headers.update(views.poll_hint(made))
    return views.video(made)


@router.post("/{video_id}/cancel", responses=docs.errors(404, 409), openapi_extra=_repeatable)
async def cancel_video(video_id: VideoId, request: Request, session: Writer) -> Video:
    """Ends a queued or running video (status failed, error code cancelled); a finished one is left as it is."""
    message = CancelVideoRequest(request_id=repeat(request).request_id, video_id=video_id)
    return views.video((await session.call(session.gateway.generation.CancelVideo, message)).video)
