"""What an account spends: told to it, and bounded where the operator says so."""

from kinora.generation.v1 import generation_service_pb2 as pb
from kinora_kit.db import Database
from kinora_kit.identity import Identity
from sqlalchemy.ext.asyncio import AsyncConnection

from . import ledger, sheets
from .engines import unit_of
from .errors import BudgetExceeded
from .settings import Settings


async def get_usage(db: Database, settings: Settings, caller: Identity) -> pb.GetUsageResponse:
    async with db.begin() as tx:
        used = await ledger.used(tx, caller.account_id)
        units = sorted({engine.unit for engine in await sheets.engines(tx, settings)}) if settings.budget_seconds else []
        budgets = [await _budget(tx, settings, caller.account_id, unit) for unit in units]
        engines = [
            pb.EngineUsage(
                model=each.model,
                unit=unit_of(each.unit),
                spent_today=each.spent_today,
                spent_30_days=each.spent_30_days,
                reserved=each.reserved,
            )
            for each in used
        ]
        return pb.GetUsageResponse(engines=engines, budgets=budgets, renews_at=await ledger.renews_at(tx))


async def check_budget(tx: AsyncConnection, settings: Settings, account_id: str, unit: str, wanted: float) -> None:
    """Raises BudgetExceeded when `wanted` engine seconds are more than the account has left of today."""
    if not settings.budget_seconds:
        return
    left = settings.budget_seconds - await ledger.bound_today(tx, account_id, unit)
    if wanted > left:
        raise BudgetExceeded(unit, wanted, max(0.0, left), settings.budget_seconds, await ledger.renews_at(tx))


async def _budget(tx: AsyncConnection, settings: Settings, account_id: str, unit: str) -> pb.Budget:
    left = settings.budget_seconds - await ledger.bound_today(tx, account_id, unit)
    return pb.Budget(unit=unit_of(unit), seconds=settings.budget_seconds, left=max(0.0, left))
