"""/v1/videos/{id}/provenance: the C2PA seal."""

from typing import Annotated

from fastapi import APIRouter, Query
from kinora.provenance.v1.provenance_service_pb2 import GetSealRequest

from kinora_gateway import docs, views
from kinora_gateway.requests import ProvenanceQuery
from kinora_gateway.routes.paths import VideoId
from kinora_gateway.schemas import Provenance
from kinora_gateway.session import Reader

router = APIRouter(prefix="/v1/videos/{video_id}", tags=["videos"])


@router.get("/provenance", responses=docs.errors(404))
async def provenance(video_id: VideoId, query: Annotated[ProvenanceQuery, Query()], session: Reader) -> Provenance:
    """Who signed the finished file, and whether that holds."""
    reply = await session.call(session.gateway.provenance.GetSeal, GetSealRequest(video_id=video_id))
    return views.provenance(reply.seal, with_manifest=query.include == "manifest")
