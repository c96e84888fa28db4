"""Reading cameos: one's own, and those that one may use."""

from kinora_kit.db import Database
from kinora_kit.identity import Identity
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_cameo import store
from kinora_cameo.consent import Refusal, Route
from kinora_cameo.domain import Cameo, CameoNotFound, CameoWithdrawn, is_handle, is_id
from kinora_cameo.rulings import ruling


async def own(tx: AsyncConnection, caller: Identity, cameo_id: str, route: Route, *, lock: bool = False) -> Cameo:
    """The caller's cameo. Raises CameoNotFound, also for another's, and CameoWithdrawn where only a live one will do."""
    cameo = await store.get(tx, cameo_id, lock=lock) if is_id(cameo_id) else None
    if cameo is None:
        raise CameoNotFound
    ruled = await ruling(tx, cameo, caller.account_id, route, role=caller.role)
    if ruled.outcome is Refusal.NOT_OWNER:
        raise CameoNotFound
    if ruled.outcome is Refusal.WITHDRAWN:
        raise CameoWithdrawn
    return cameo


async def get_cameo(database: Database, caller: Identity, cameo_id: str) -> Cameo:
    async with database.begin() as tx:
        return await own(tx, caller, cameo_id, Route.OVERSEE)


async def list_cameos(database: Database, caller: Identity) -> list[Cameo]:
    async with database.begin() as tx:
        return await store.of_account(tx, caller.account_id)


async def find_cameo(database: Database, caller: Identity, *, handle: str, cameo_id: str) -> Cameo:
    """By its id, or else its handle. Raises CameoNotFound, whether the cameo does not exist or is not for the caller."""
    async with database.begin() as tx:
        cameo = await _by_id(tx, cameo_id) if cameo_id else await _by_handle(tx, handle.lower())
        if cameo is None or (await ruling(tx, cameo, caller.account_id, Route.FIND, role=caller.role)).refused:
            raise CameoNotFound("cameo_id" if cameo_id else "handle")
        return cameo


async def _by_id(tx: AsyncConnection, cameo_id: str) -> Cameo | None:
    return await store.get(tx, cameo_id) if is_id(cameo_id) else None


async def _by_handle(tx: AsyncConnection, handle: str) -> Cameo | None:
    return await store.by_handle(tx, handle) if is_handle(handle) else None
