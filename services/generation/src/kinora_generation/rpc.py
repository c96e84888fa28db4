# ruff: noqa: N802, ARG002 - gRPC gives these methods their names and their second argument
"""Protobuf in, use case called, protobuf out."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import grpc
from kinora.generation.v1 import generation_service_pb2 as pb
from kinora.generation.v1.generation_service_pb2_grpc import GenerationServiceServicer
from kinora_kit import identity
from kinora_kit.db import Database
from kinora_media.store import MediaStore

from .backlog import get_backlog
from .cameos import Cameos
from .change_video import extend_video, finish_video, remix_video
from .create_video import create_video
from .draft_storyboard import draft_storyboard
from .end_video import cancel_video, delete_video
from .get_content import get_content
from .get_usage import get_usage
from .get_video import get_video, trace_video
from .list_for_archive import list_for_archive
from .list_models import list_models
from .list_videos import list_videos
from .settings import Settings
from .watch_video import watch_video

Context = grpc.aio.ServicerContext[Any, Any]


class GenerationServicer(GenerationServiceServicer):
    def __init__(self, db: Database, media: MediaStore, cameos: Cameos, settings: Settings, draining: asyncio.Event) -> None:
        """`draining` ends what would otherwise last: watches."""
        self._db, self._media, self._cameos, self._settings, self._draining = db, media, cameos, settings, draining

    async def CreateVideo(self, request: pb.CreateVideoRequest, context: Context) -> pb.CreateVideoResponse:
        return await create_video(self._db, self._media, self._cameos, self._settings, request, identity.current())

    async def GetVideo(self, request: pb.GetVideoRequest, context: Context) -> pb.GetVideoResponse:
        return await get_video(self._db, request, identity.current())

    async def ListVideos(self, request: pb.ListVideosRequest, context: Context) -> pb.ListVideosResponse:
        return await list_videos(self._db, request, identity.current())

    async def RemixVideo(self, request: pb.RemixVideoRequest, context: Context) -> pb.RemixVideoResponse:
        return await remix_video(self._db, self._cameos, self._settings, request, identity.current())

    async def ExtendVideo(self, request: pb.ExtendVideoRequest, context: Context) -> pb.ExtendVideoResponse:
        return await extend_video(self._db, self._cameos, self._settings, request, identity.current())

    async def FinishVideo(self, request: pb.FinishVideoRequest, context: Context) -> pb.FinishVideoResponse:
        return await finish_video(self._db, self._cameos, self._settings, request, identity.current())

    async def CancelVideo(self, request: pb.CancelVideoRequest, context: Context) -> pb.CancelVideoResponse:
        return await cancel_video(self._db, self._settings, request, identity.current())

    async def DeleteVideo(self, request: pb.DeleteVideoRequest, context: Context) -> pb.DeleteVideoResponse:
        return await delete_video(self._db, self._settings, request, identity.current())

    async def WatchVideo(self, request: pb.WatchVideoRequest, context: Context) -> AsyncIterator[pb.WatchVideoResponse]:
        async for reply in watch_video(self._db, self._settings.poll_s, self._draining, request, identity.current()):
            yield reply

    async def GetContent(self, request: pb.GetContentRequest, context: Context) -> pb.GetContentResponse:
        return await get_content(self._db, request, identity.current())

    async def DraftStoryboard(self, request: pb.DraftStoryboardRequest, context: Context) -> pb.DraftStoryboardResponse:
        return await draft_storyboard(self._db, self._settings, request)

    async def TraceVideo(self, request: pb.TraceVideoRequest, context: Context) -> pb.TraceVideoResponse:
        return await trace_video(self._db, request, identity.current())

    async def ListForArchive(self, request: pb.ListForArchiveRequest, context: Context) -> pb.ListForArchiveResponse:
        return await list_for_archive(self._db, request, identity.current())

    async def GetBacklog(self, request: pb.GetBacklogRequest, context: Context) -> pb.GetBacklogResponse:
        return await get_backlog(self._db, self._settings.engines, identity.current())

    async def ListModels(self, request: pb.ListModelsRequest, context: Context) -> pb.ListModelsResponse:
        return await list_models(self._db, self._settings)

    async def GetUsage(self, request: pb.GetUsageRequest, context: Context) -> pb.GetUsageResponse:
        return await get_usage(self._db, self._settings, identity.current())
