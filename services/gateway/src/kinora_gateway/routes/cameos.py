"""/api/cameos: one's likenesses, who may use them, and the videos that do."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from kinora.cameo.v1 import cameo_service_pb2 as pb

from kinora_gateway import body, cameos, docs, naming
from kinora_gateway.cameos import (
    Cameo,
    CameoList,
    ConsentChange,
    Decision,
    FoundCameo,
    Person,
    PersonList,
    Report,
    Reported,
    UseList,
    UseListing,
    UseRemoved,
    Withdrawal,
    WithdrawnCameo,
)
from kinora_gateway.repeats import repeat
from kinora_gateway.routes.paths import VideoId
from kinora_gateway.session import Admin, Anonymous, Looker, Reader

router = APIRouter(prefix="/api/cameos", tags=["cameos"])
well_known = APIRouter(tags=["cameos"])
_BODY = (404, 408, 409, 413, 415)
_KEEP_KEYS_S = 3600
_repeatable = {"parameters": docs.repeat_headers()}
_REDIRECT: dict[str, Any] = {"description": "To a link that serves the film, with byte ranges, for some minutes."}


@router.get("", responses=docs.errors())
async def list_cameos(session: Reader) -> CameoList:
    """One's own, withdrawn ones too, newest first."""
    reply = await session.call(session.gateway.cameo.ListCameos, pb.ListCameosRequest())
    return CameoList(data=[cameos.cameo(message) for message in reply.cameos])


@router.get("/by-handle/{handle}", responses=docs.errors(404))
async def find_cameo(handle: str, session: Looker) -> FoundCameo:
    """Whether one may use it; a cameo that is not for the caller is as good as unknown."""
    return cameos.found(await session.call(session.gateway.cameo.FindCameo, pb.FindCameoRequest(handle=handle)))


@router.get("/{cameo_id}", responses=docs.errors(404))
async def get_cameo(cameo_id: str, session: Reader) -> Cameo:
    return cameos.cameo((await session.call(session.gateway.cameo.GetCameo, pb.GetCameoRequest(cameo_id=cameo_id))).cameo)


@router.patch("/{cameo_id}", responses=docs.errors(*_BODY), openapi_extra={**docs.body(ConsentChange), **_repeatable})
async def change_consent(cameo_id: str, request: Request, session: Admin) -> Cameo:
    """Who may use it, and within which limits. Counts at once: videos in the making that lose their consent end."""
    wanted = await body.read(request, ConsentChange, timeout_s=session.gateway.settings.body_timeout_s)
    message = pb.ChangeConsentRequest(
        request_id=repeat(request).request_id, cameo_id=cameo_id, strict=wanted.strict,
        audience=cameos.AUDIENCES[wanted.audience] if wanted.audience else pb.AUDIENCE_UNSPECIFIED,
        limits=None if wanted.limits is None else pb.Limits(texts=wanted.limits),
    )  # fmt: skip
    return cameos.cameo((await session.call(session.gateway.cameo.ChangeConsent, message)).cameo)


@router.delete("/{cameo_id}", responses=docs.errors(404, 409), openapi_extra=_repeatable)
async def withdraw_cameo(cameo_id: str, query: Annotated[Withdrawal, Query()], request: Request, session: Admin) -> WithdrawnCameo:
    """Takes it back for good: its key is destroyed, jobs end. Finished videos stay unless asked, now or by a second request."""
    message = pb.WithdrawCameoRequest(request_id=repeat(request).request_id, cameo_id=cameo_id, remove_videos=query.remove_videos)
    reply = await session.call(session.gateway.cameo.WithdrawCameo, message)
    return WithdrawnCameo(cameo=cameos.cameo(reply.cameo), videos_removed=reply.videos_removed)


@router.get("/{cameo_id}/people", responses=docs.errors(404, 409))
async def list_people(cameo_id: str, session: Reader) -> PersonList:
    """Whom the owner approved or refused by name."""
    reply = await session.call(session.gateway.cameo.ListPeople, pb.ListPeopleRequest(cameo_id=cameo_id))
    handles = await naming.handles(session, [each.account_id for each in reply.people])
    return PersonList(data=[cameos.person(message, handles) for message in reply.people])


@router.put("/{cameo_id}/people/{account_id}", responses=docs.errors(*_BODY), openapi_extra={**docs.body(Decision), **_repeatable})
async def decide_on_person(cameo_id: str, account_id: str, request: Request, session: Admin) -> Person:
    """Approves or refuses one person, at any time; by account, or by handle with its @."""
    wanted = await body.read(request, Decision, timeout_s=session.gateway.settings.body_timeout_s)
    message = pb.DecideOnPersonRequest(
        request_id=repeat(request).request_id, cameo_id=cameo_id, approved=wanted.approved,
        account_id=await naming.account(request, session, account_id),
    )  # fmt: skip
    person = (await session.call(session.gateway.cameo.DecideOnPerson, message)).person
    return cameos.person(person, await naming.handles(session, [person.account_id]))


@router.get("/{cameo_id}/videos", responses=docs.errors(404))
async def list_uses(cameo_id: str, query: Annotated[UseListing, Query()], session: Reader) -> UseList:
    """Every video with the likeness, others' drafts included, newest first."""
    request = pb.ListUsesRequest(cameo_id=cameo_id, after=query.after or "", limit=query.limit)
    reply = await session.call(session.gateway.cameo.ListUses, request)
    handles = await naming.handles(session, [each.user_account_id for each in reply.uses])
    return UseList(data=[cameos.use(message, handles) for message in reply.uses], has_more=reply.has_more)


@router.get(
    "/{cameo_id}/videos/{video_id}/content",
    status_code=302, response_class=RedirectResponse, responses={**docs.errors(404, 409), 302: _REDIRECT}, response_model=None,
)  # fmt: skip
async def watch_use(cameo_id: str, video_id: VideoId, session: Reader) -> RedirectResponse:
    """The film, for the owner of the likeness in it."""
    found = await session.call(session.gateway.cameo.GetUseContent, pb.GetUseContentRequest(cameo_id=cameo_id, video_id=video_id))
    ttl_s = session.gateway.settings.media_url_ttl_s
    url = session.gateway.media.sign(found.key, ttl_s=ttl_s, content_type="video/mp4", filename=f"{video_id}.mp4")
    return RedirectResponse(url, 302, {"cache-control": "no-store"})


@router.delete("/{cameo_id}/videos/{video_id}", responses=docs.errors(404), openapi_extra=_repeatable)
async def remove_use(cameo_id: str, video_id: VideoId, request: Request, session: Admin) -> UseRemoved:
    """Has a video with the likeness deleted everywhere, whoever made it."""
    message = pb.RemoveUseRequest(request_id=repeat(request).request_id, cameo_id=cameo_id, video_id=video_id)
    return UseRemoved(video_id=(await session.call(session.gateway.cameo.RemoveUse, message)).video_id)


@router.post("/{cameo_id}/videos/{video_id}/report", responses=docs.errors(*_BODY), openapi_extra={**docs.body(Report), **_repeatable})
async def report_use(cameo_id: str, video_id: VideoId, request: Request, session: Admin) -> Reported:
    """Reports a video with the likeness."""
    wanted = await body.read(request, Report, timeout_s=session.gateway.settings.body_timeout_s)
    message = pb.ReportUseRequest(request_id=repeat(request).request_id, cameo_id=cameo_id, video_id=video_id, text=wanted.text)
    return Reported(id=(await session.call(session.gateway.cameo.ReportUse, message)).report_id)


@well_known.get("/.well-known/consent-receipt-keys.json", responses=docs.errors(), response_class=Response)
async def receipt_keys(session: Anonymous) -> Response:
    """The public keys of consent receipts, a JWK Set (RFC 7517); `kinora receipts` checks a film with them."""
    reply = await session.call(session.gateway.cameo.GetReceiptKeys, pb.GetReceiptKeysRequest())
    return Response(reply.jwks_json, media_type="application/jwk-set+json", headers={"cache-control": f"public, max-age={_KEEP_KEYS_S}"})
