"""/api/usage: what one's videos cost."""

from fastapi import APIRouter
from kinora.generation.v1.generation_service_pb2 import GetUsageRequest

from kinora_gateway import docs, usage
from kinora_gateway.session import Reader
from kinora_gateway.usage import Usage

router = APIRouter(prefix="/api/usage", tags=["accounts"])


@router.get("", responses=docs.errors())
async def get_usage(session: Reader) -> Usage:
    """Engine seconds that the account spent and has reserved, by engine, and what is left of its budget."""
    return usage.usage(await session.call(session.gateway.generation.GetUsage, GetUsageRequest()))
