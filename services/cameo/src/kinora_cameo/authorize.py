"""May this video use these likenesses, now? Asked at submission, at dispatch and before publishing."""

from collections.abc import Mapping, Sequence

from kinora.cameo.v1 import cameo_service_pb2 as pb
from kinora_kit import log
from kinora_kit.db import Database
from kinora_kit.identity import Identity
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_cameo import store, use_store
from kinora_cameo.consent import Refusal, Route, Scene
from kinora_cameo.domain import (
    BadField,
    Cameo,
    CameoLimited,
    CameoNotForYou,
    CameoNotFound,
    ConsentRevoked,
    LikenessLost,
    UseNotKnown,
    check_id,
    is_handle,
    is_id,
    require_service,
)
from kinora_cameo.receipts import Notary
from kinora_cameo.rulings import Ruling, ruling
from kinora_cameo.use_store import Use
from kinora_cameo.vault import PackageLost, Vault

_AGAIN = {pb.STAGE_DISPATCH: (Route.DISPATCH, "dispatched"), pb.STAGE_PUBLISH: (Route.PUBLISH, "published")}
_LIMITS = {
    Refusal.UNCHECKED_LIMITS: "its owner has set limits in words, which cannot be checked here yet, so nobody else may use it for now.",
    Refusal.STRICT_SPEECH: "its owner lets nobody put words into its mouth; leave its lines out.",
    Refusal.STRICT_COMPANY: "its owner lets it stand beside no other owner's cameo; leave the other one out.",
}
_log = log.get("kinora.cameo")


async def authorize(database: Database, notary: Notary, most: int, caller: Identity, request: pb.AuthorizeRequest) -> pb.AuthorizeResponse:
    """`most`: cameos that one video may show. Raises CameoNotForYou, CameoLimited, ConsentRevoked, UseNotKnown, BadField."""
    require_service(caller)
    _check_cast(request.cast, most)
    check_id(request.account_id, "account_id")
    async with database.begin() as tx:
        if request.stage == pb.STAGE_SUBMIT:
            cameos = await _submitted(tx, request.account_id, request.cast)
        else:
            cameos = await _again(tx, notary, request)
    return pb.AuthorizeResponse(cameos=cameos)


def _check_cast(cast: Sequence[pb.CastMember], most: int) -> None:
    if not 1 <= len(cast) <= most:
        raise BadField("cast", f"A video may show {most} cameos at most, not {len(cast)}.")
    if len({member.handle for member in cast}) < len(cast):
        raise BadField("cast", "Each cameo belongs into the cast once.")


async def _submitted(tx: AsyncConnection, account_id: str, cast: Sequence[pb.CastMember]) -> list[pb.ClearedCameo]:
    cameos = [await _named(tx, member.handle) for member in cast]
    for cameo, member in zip(cameos, cast, strict=True):
        ruled = await ruling(tx, cameo, account_id, Route.SUBMIT, scene(cameo, cameos, speaks=member.speaks))
        if isinstance(ruled.outcome, Refusal):
            raise CameoLimited(member.handle, _LIMITS[ruled.outcome]) if ruled.outcome in _LIMITS else CameoNotForYou(member.handle)
    return [pb.ClearedCameo(cameo_id=cameo.id, handle=cameo.handle) for cameo in cameos]


async def _named(tx: AsyncConnection, handle: str) -> Cameo:
    cameo = await store.by_handle(tx, handle) if is_handle(handle) else None
    if cameo is None:
        raise CameoNotForYou(handle[:40])
    return cameo


def scene(cameo: Cameo, cast: Sequence[Cameo], *, speaks: bool) -> Scene:
    return Scene(speaks, accompanied=any(other.account_id != cameo.account_id for other in cast))


async def _again(tx: AsyncConnection, notary: Notary, request: pb.AuthorizeRequest) -> list[pb.ClearedCameo]:
    """The cameos stay those of the submission, whatever their handles are now."""
    if request.stage not in _AGAIN:
        raise BadField("stage", "stage must be submit, dispatch or publish.")
    route, stage = _AGAIN[request.stage]
    named = await _uses(tx, request)
    cameos = await store.lock_shared(tx, [use.cameo_id for use in named.values()])
    uses = await _uses(tx, request)  # as they stand under the locks
    rulings = {use.handle: await rely_on(tx, cameos.get(use.cameo_id), use, route) for use in uses.values()}
    await use_store.reach(tx, request.video_id, stage)
    _log.info(f"use.{stage}", video_id=request.video_id, cameos=[use.cameo_id for use in uses.values()])
    cleared = [pb.ClearedCameo(cameo_id=uses[member.handle].cameo_id, handle=member.handle) for member in request.cast]
    if route is Route.PUBLISH:
        for one in cleared:
            one.receipt = notary.receipt(uses[one.handle], rulings[one.handle])
            await use_store.keep_receipt(tx, uses[one.handle], one.receipt)
    return cleared


async def _uses(tx: AsyncConnection, request: pb.AuthorizeRequest) -> Mapping[str, Use]:
    """Of the whole cast, by handle. Raises UseNotKnown."""
    uses = {use.handle: use for use in await use_store.of_video(tx, check_id(request.video_id, "video_id"))}
    if uses.keys() != {member.handle for member in request.cast}:
        raise UseNotKnown
    return uses


async def rely_on(tx: AsyncConnection, cameo: Cameo | None, use: Use, route: Route) -> Ruling:
    """The ruling on a use that was submitted; the cameo's row must be locked. Raises ConsentRevoked."""
    if cameo is None or use.revoked_at or use.removed_at:
        raise ConsentRevoked(use.handle)
    ruled = await ruling(tx, cameo, use.user_account_id, route, Scene(use.speaks, use.accompanied))
    if ruled.refused:
        raise ConsentRevoked(use.handle)
    return ruled


async def open_likeness(database: Database, vault: Vault, caller: Identity, video_id: str, cameo_id: str) -> bytes:
    """For a video that was dispatched and still may use it. Raises CameoNotFound, ConsentRevoked, LikenessLost."""
    require_service(caller)
    if not (is_id(video_id) and is_id(cameo_id)):
        raise CameoNotFound
    async with database.begin() as tx:
        cameos = await store.lock_shared(tx, [cameo_id])
        use = await use_store.get(tx, video_id, cameo_id)
        if use is None or use.stage != "dispatched":
            raise CameoNotFound
        await rely_on(tx, cameos.get(cameo_id), use, Route.DISPATCH)
        sealed = await store.get_package(tx, cameo_id)
    if sealed is None:
        raise ConsentRevoked(use.handle)
    try:
        return await vault.open(cameo_id, sealed)
    except PackageLost as lost:
        _log.error("package.lost", cameo_id=cameo_id, error=str(lost))
        raise LikenessLost(use.handle) from lost
