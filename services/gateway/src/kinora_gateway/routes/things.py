"""/api/cameos, enrolment: of one's own person after a liveness session, of pets and objects from a picture or clip."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from kinora.cameo.v1 import cameo_service_pb2 as pb

from kinora_gateway import body, cameos, clips, docs, enrolment, errors, things
from kinora_gateway.cameos import Cameo
from kinora_gateway.repeats import repeat
from kinora_gateway.routes.paths import ThingId
from kinora_gateway.session import Admin, Uploader, Writer
from kinora_gateway.things import Cut, CutOut, Name, NewPerson, NewThing, Thing

router = APIRouter(prefix="/api/cameos", tags=["cameos"])
_BODY = (404, 408, 409, 413, 415)
_KINDS = clips.PICTURES | clips.CLIPS
_repeatable = {"parameters": docs.repeat_headers()}
_FILE: dict[str, Any] = {"type": "string", "format": "binary"}
_FILES: dict[str, Any] = {
    "requestBody": {"required": True, "content": {kind: {"schema": _FILE} for kind in _KINDS.values()}}, **_repeatable,
}  # fmt: skip


@router.post("", status_code=201, responses=docs.errors(*_BODY), openapi_extra={**docs.body(NewPerson), **_repeatable})
async def enrol_person(request: Request, session: Admin) -> Cameo:
    """Makes the cameo of one's own person, or renews its likeness. Adults only, needs step-up; takes some seconds."""
    wanted = await body.read(request, NewPerson, timeout_s=session.gateway.settings.body_timeout_s)
    message = pb.EnrolPersonRequest(request_id=repeat(request).request_id, **wanted.model_dump())
    return cameos.cameo((await session.call(session.gateway.cameo.EnrolPerson, message, looks=True)).cameo)


@router.post("/things", status_code=201, responses=docs.errors(408, 409, 413, 415), openapi_extra=_FILES)
async def start_thing(query: Annotated[NewThing, Query()], request: Request, session: Uploader) -> Thing:
    """Begins a pet or object: the body is a picture or clip of it, of at most 40 MiB. Where people's faces are seen it is refused."""
    async with clips.raw(request, session, _KINDS, "picture") as clip:
        return things.thing(await enrolment.begin(session, clip, query.kind, repeat(request).request_id))


@router.put("/things/{thing_id}/cut", responses=docs.errors(*_BODY), openapi_extra=docs.body(Cut))
async def cut_thing(thing_id: ThingId, request: Request, session: Writer) -> CutOut:
    """Cuts it out as drawn, as often as one likes; nobody else sees it."""
    wanted = await body.read(request, Cut, timeout_s=session.gateway.settings.body_timeout_s)
    with errors.renamed(strokes="box"):
        return things.cut_out(await session.call(session.gateway.cameo.CutThing, things.cut(thing_id, wanted), looks=True))


@router.post("/things/{thing_id}", status_code=201, responses=docs.errors(*_BODY), openapi_extra={**docs.body(Name), **_repeatable})
async def enrol_thing(thing_id: ThingId, request: Request, session: Writer) -> Cameo:
    """Confirms the newest cut: it becomes a cameo."""
    wanted = await body.read(request, Name, timeout_s=session.gateway.settings.body_timeout_s)
    message = pb.EnrolThingRequest(request_id=repeat(request).request_id, thing_id=thing_id, name=wanted.name)
    return cameos.cameo((await session.call(session.gateway.cameo.EnrolThing, message)).cameo)
