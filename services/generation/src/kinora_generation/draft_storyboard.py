"""Directing a prompt without queueing anything."""

from kinora.generation.v1 import generation_service_pb2 as pb
from kinora_kit.db import Database

from . import checks, direct, queue_store
from .domain import work
from .settings import Settings


async def draft_storyboard(db: Database, settings: Settings, request: pb.DraftStoryboardRequest) -> pb.DraftStoryboardResponse:
    """Raises BadField as CreateVideo would."""
    engine = checks.model(request.model, settings.engines)
    size = checks.size(request.size, engine)
    directed = await direct.by_prompt(
        checks.prompt(request.prompt),
        seconds=checks.seconds(request.seconds, engine),
        size=size,
        seed=checks.seed(request.seed if request.HasField("seed") else None),
        style=checks.style(request.style, engine),
        negative_prompt=checks.negative_prompt(request.negative_prompt),
        endpoint=settings.director,
    )
    async with db.begin() as tx:
        rate = await queue_store.rate(tx, engine.id, engine.rate)
    return pb.DraftStoryboardResponse(
        storyboard_json=directed.storyboard.model_dump_json(),
        notes=directed.notes,
        engine_seconds=rate * work(*size, directed.storyboard.duration),
    )
