"""/v1/videos/characters: OpenAI's way to a pet or object that videos can show again. People enrol their own face, as a cameo."""

import grpc
from fastapi import APIRouter, Request
from kinora.cameo.v1 import cameo_service_pb2 as pb
from kinora.identity.v1.identity_service_pb2 import GetAccountRequest

from kinora_gateway import characters, clips, docs, enrolment, things
from kinora_gateway.characters import Character, NewCharacter
from kinora_gateway.clips import Clip
from kinora_gateway.errors import ApiError
from kinora_gateway.repeats import repeat
from kinora_gateway.session import Reader, Session, Uploader

router = APIRouter(prefix="/v1/videos/characters", tags=["videos"])


@router.post(
    "", responses=docs.errors(408, 409, 413, 415), openapi_extra={**docs.form(NewCharacter, "video"), "parameters": docs.repeat_headers()}
)
async def create_character(request: Request, session: Uploader) -> Character:
    """A pet or object from a clip of it, which only the account itself may use at first. A clip that shows a person's face is refused."""
    request_id = repeat(request).request_id
    async with clips.posted(request, session, NewCharacter, clips.CLIPS, "video") as (wanted, clip):
        await _check_free(session, wanted.name)
        started = await _begun(session, clip, wanted, request_id)
        await session.call(session.gateway.cameo.CutThing, things.cut(started.thing_id, characters.WHOLE), looks=True)
        message = pb.EnrolThingRequest(request_id=request_id, thing_id=started.thing_id, name=wanted.name)
        return characters.made((await session.call(session.gateway.cameo.EnrolThing, message)).cameo)


async def _check_free(session: Session, name: str) -> None:
    """Before anything is begun, since what is begun counts for a day."""
    own = (await session.call(session.gateway.identity.GetAccount, GetAccountRequest())).account
    handle = f"@{own.handle}.{name}"
    try:
        await session.call(session.gateway.cameo.FindCameo, pb.FindCameoRequest(handle=handle))
    except grpc.aio.AioRpcError as error:
        if error.code() is grpc.StatusCode.NOT_FOUND:
            return
        raise
    raise ApiError(409, "cameo_exists", f"{handle} is a cameo already; choose another name, or withdraw that one first.", param="name")


async def _begun(session: Session, clip: Clip, wanted: NewCharacter, request_id: str) -> pb.StartThingResponse:
    try:
        return await enrolment.begin(session, clip, wanted.kind, request_id)
    except ApiError as error:
        if error.code == "human_face":
            error.message += f" At {session.gateway.public_url}/cameo they enrol their own face, by their own consent."
        raise


@router.get("/{character_id}", responses=docs.errors(404))
async def get_character(character_id: str, session: Reader) -> Character:
    """One that the account may use: its own, or a cameo that others lend it."""
    return characters.found(await session.call(session.gateway.cameo.FindCameo, pb.FindCameoRequest(cameo_id=character_id)))
