"""Which engines can be asked."""

from collections.abc import Sequence

from kinora.generation.v1 import generation_service_pb2 as pb

from .engines import Engine


def list_models(engines: Sequence[Engine]) -> pb.ListModelsResponse:
    """The default engine first."""
    return pb.ListModelsResponse(models=[_model(engine) for engine in engines])


def _model(engine: Engine) -> pb.Model:
    return pb.Model(
        id=engine.id,
        description=engine.description,
        created_at=engine.created_at,
        sizes=[f"{width}x{height}" for width, height in engine.sizes],
        seconds=engine.seconds,
        styles=engine.styles,
        trained=engine.trained,
        first_frame=engine.first_frame,
        aliases=engine.aliases,
        passes=engine.passes,
    )
