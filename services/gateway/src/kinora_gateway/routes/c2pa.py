"""/c2pa: the C2PA Soft Binding Resolution API. A manifest found by it says what a file was made from; the file was changed since."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from kinora.provenance.v1 import check_service_pb2 as pb

from kinora_gateway import body, c2pa, checks, clips, docs
from kinora_gateway.c2pa import Algorithm, MaxResults, SoftBindingAlgorithms, SoftBindingQuery, SoftBindingQueryResult
from kinora_gateway.errors import renamed
from kinora_gateway.session import Inquirer, PublicReader, Session

router = APIRouter(prefix="/c2pa", tags=["c2pa"])
_KINDS = ("image/*", "audio/*", "video/*")
_ASSET: dict[str, Any] = {
    "requestBody": {"required": True, "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in _KINDS}}
}
_STORE: dict[str, Any] = {"description": "The manifest store, JUMBF.", "content": {"application/c2pa": {}}}


@router.get("/matches/byBinding", responses=docs.errors())
async def query_by_binding(
    session: PublicReader,
    alg: Annotated[str, Query(max_length=200)],
    value: Annotated[str, Query(max_length=10_000)],
    maxResults: MaxResults = 10,  # noqa: N803 - the published name
) -> SoftBindingQueryResult:
    """Manifests by the value of a soft binding."""
    return await _bound(session, alg, value, maxResults)


@router.post("/matches/byBinding", responses=docs.errors(408, 413, 415), openapi_extra=docs.body(SoftBindingQuery))
async def query_by_large_binding(
    request: Request,
    session: PublicReader,
    maxResults: MaxResults = 10,  # noqa: N803
) -> SoftBindingQueryResult:
    """The same with the query as JSON."""
    wanted = await body.read(request, SoftBindingQuery, timeout_s=session.gateway.settings.body_timeout_s)
    return await _bound(session, wanted.alg, wanted.value, maxResults)


@router.post("/matches/byContent", responses=docs.errors(404, 408, 413, 415), openapi_extra=_ASSET)
async def query_by_content(
    request: Request,
    session: Inquirer,
    alg: Annotated[str | None, Query(max_length=200, description="Taken for a hint.")] = None,  # noqa: ARG001 - all are tried
    maxResults: MaxResults = 10,  # noqa: N803
    hintAlg: Annotated[str | None, Query(max_length=200)] = None,  # noqa: N803, ARG001
    hintValue: Annotated[str | None, Query(max_length=10_000)] = None,  # noqa: N803, ARG001
) -> SoftBindingQueryResult:
    """Manifests of what a file, the body, was made from. All our soft bindings are tried, and fingerprints."""
    async with clips.raw(request, session, None, "body") as clip, checks.handed_in(session, clip) as key:
        found = await session.call(session.gateway.checks.CheckContent, pb.CheckContentRequest(content_key=key), looks=True)
    return c2pa.matched(found.check, maxResults)


@router.get("/manifests/{manifestId}", response_class=Response, responses={**docs.errors(404), 200: _STORE}, response_model=None)
async def get_manifest(
    session: PublicReader,
    manifestId: str,  # noqa: N803
    returnActiveManifest: bool = False,  # noqa: FBT001, FBT002, N803
) -> Response:
    """A manifest store as it was embedded, or its active manifest alone. It goes when its video is deleted."""
    message = pb.GetManifestRequest(manifest_label=manifestId, active_only=returnActiveManifest)
    with renamed(manifest_label="manifestId"):
        stored = await session.call(session.gateway.checks.GetManifest, message)
    return Response(stored.manifest, media_type="application/c2pa", headers={"cache-control": "no-cache"})


@router.get("/services/supportedAlgorithms", responses=docs.errors())
async def get_supported_algorithms(session: PublicReader) -> SoftBindingAlgorithms:
    """The soft bindings by which manifests are found here."""
    found = await session.call(session.gateway.checks.ListBindings, pb.ListBindingsRequest())
    return SoftBindingAlgorithms(watermarks=[Algorithm(alg=each) for each in found.watermarks], fingerprints=[])


async def _bound(session: Session, alg: str, value: str, most: int) -> SoftBindingQueryResult:
    with renamed(algorithm="alg"):
        found = await session.call(session.gateway.checks.FindByBinding, pb.FindByBindingRequest(algorithm=alg, value=value))
    return c2pa.bound(found.manifest_labels, most)
