"""Which engines can be asked, for what, and what that costs."""

from kinora.generation.v1 import generation_service_pb2 as pb
from kinora_kit.db import Database

from . import capabilities, queue_store, sheets
from .domain import Rate, work
from .engines import Engine
from .settings import Settings


async def list_models(db: Database, settings: Settings) -> pb.ListModelsResponse:
    """The default engine first."""
    async with db.begin() as tx:
        engines = await sheets.engines(tx, settings)
        return pb.ListModelsResponse(
            models=[_model(engine, await queue_store.rate(tx, engine.id, engine.id, engine.sheet.rate)) for engine in engines],
        )


def _model(engine: Engine, rate: Rate) -> pb.Model:
    sheet = engine.sheet
    return pb.Model(
        id=engine.id,
        description=sheet.description,
        created_at=engine.named.created_at,
        sizes=sheet.sizes,
        seconds=sheet.seconds,
        styles=sheet.styles,
        trained=sheet.trained,
        first_frame=sheet.first_frame,
        aliases=engine.named.aliases,
        passes=sheet.passes,
        sheet=sheet,
        costs=[pb.SizeCost(size=size, engine_seconds_per_second=_cost(size, rate)) for size in sheet.sizes],
        ready=engine.ready,
        negative_prompt=engine.minds_negative_prompts,
    )


def _cost(size: str, rate: Rate) -> float:
    """Engine seconds of a second of film."""
    return rate.rate * rate.per_second * work(*capabilities.sides(size), 1.0)
