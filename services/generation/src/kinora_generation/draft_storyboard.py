"""Directing a prompt without queueing anything."""

from kinora.generation.v1 import generation_service_pb2 as pb
from kinora_kit.db import Database

from . import capabilities, checks, direct, queue_store, sheets
from .capabilities import Wanted
from .domain import work
from .enqueue import rate_key
from .settings import Settings


async def draft_storyboard(db: Database, settings: Settings, request: pb.DraftStoryboardRequest) -> pb.DraftStoryboardResponse:
    """Raises BadField as CreateVideo would."""
    engines = await sheets.known(db, settings)
    engine = checks.model(request.model, engines)
    passes = checks.each_once(request.passes)
    wanted = Wanted(
        size=request.size or capabilities.usual_size(engine),
        seconds=request.seconds or capabilities.usual_seconds(engine),
        styles=(request.style,) if request.style else (),
        passes=passes,
        negative_prompt=bool(request.negative_prompt),
        draft=request.draft,
    )
    capabilities.check(wanted, engine, engines)
    size = capabilities.sides(wanted.size)
    directed = await direct.by_prompt(
        checks.prompt(request.prompt),
        seconds=wanted.seconds,
        size=size,
        seed=checks.seed(request.seed if request.HasField("seed") else None),
        style=request.style or None,
        negative_prompt=checks.negative_prompt(request.negative_prompt),
        endpoint=settings.director,
    )
    async with db.begin() as tx:
        rate = await queue_store.rate(tx, rate_key(engine, draft=request.draft), engine.id, engine.sheet.rate)
    made = checks.drafted(size, takes=engine.sheet.takes) if request.draft else size
    return pb.DraftStoryboardResponse(
        storyboard_json=directed.storyboard.model_dump_json(),
        notes=directed.notes,
        engine_seconds=rate.rate * rate.per_second * work(*made, directed.storyboard.duration, passes),
        unit=engine.sheet.unit,
    )
