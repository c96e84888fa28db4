"""/healthz and /readyz, for people and orchestrators."""

import asyncio
from typing import Literal

import grpc
from fastapi import APIRouter, Request, Response
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub
from pydantic import BaseModel

from kinora_gateway.session import Gateway, gateway

router = APIRouter(tags=["health"])
_TIMEOUT_S = 1.0
_NEEDED = ("identity", "generation")
State = Literal["ok", "unavailable"]


class Health(BaseModel):
    status: State
    dependencies: dict[str, State]


@router.get("/healthz")
async def healthz(request: Request) -> Health:
    """The process is up; what it depends on may not be."""
    return Health(status="ok", dependencies=await _dependencies(gateway(request)))


@router.get("/readyz", responses={503: {"model": Health, "description": "Not yet."}})
async def readyz(request: Request, response: Response) -> Health:
    """Whether requests would be served: identity and generation answer."""
    found = await _dependencies(gateway(request))
    ready = all(found[name] == "ok" for name in _NEEDED)
    response.status_code = 200 if ready else 503
    return Health(status="ok" if ready else "unavailable", dependencies=found)


async def _dependencies(door: Gateway) -> dict[str, State]:
    states = await asyncio.gather(*(_check(channel) for channel in door.channels.values()))
    return dict(zip(door.channels, states, strict=True))


async def _check(channel: grpc.aio.Channel) -> State:
    try:
        reply = await HealthStub(channel).Check(HealthCheckRequest(), timeout=_TIMEOUT_S)  # type: ignore[attr-defined] # a stub sets them when made
    except grpc.RpcError:
        return "unavailable"
    return "ok" if reply.status == HealthCheckResponse.SERVING else "unavailable"
