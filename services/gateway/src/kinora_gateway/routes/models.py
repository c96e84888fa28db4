"""/v1/models: the engines that can be asked."""

from fastapi import APIRouter
from kinora.generation.v1.generation_service_pb2 import ListModelsRequest

from kinora_gateway import docs, sheets
from kinora_gateway.errors import ApiError
from kinora_gateway.schemas import Model, ModelList
from kinora_gateway.session import Caller, Session

router = APIRouter(prefix="/v1/models", tags=["models"])


@router.get("", responses=docs.errors())
async def list_models(session: Caller) -> ModelList:
    """The default engine first."""
    return ModelList(data=await _models(session))


@router.get("/{model}", responses=docs.errors(404))
async def retrieve_model(model: str, session: Caller) -> Model:
    """By its id or one of its aliases."""
    models = await _models(session)
    found = next((m for m in models if model == m.id or model in m.aliases), None)
    if found is None:
        known = ", ".join(m.id for m in models)
        raise ApiError(404, "model_not_found", f"There is no model '{model[:100]}'; there are: {known}.", param="model")
    return found


async def _models(session: Session) -> list[Model]:
    reply = await session.call(session.gateway.generation.ListModels, ListModelsRequest())
    return [sheets.model(message) for message in reply.models]
