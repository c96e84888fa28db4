"""All SQL about how makers want to be named."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_CHOSEN = text("select account_id, named from credits where account_id = any(:ids)")
_CHOOSE = text("insert into credits values (:account_id, :named) on conflict (account_id) do update set named = excluded.named")


async def chosen(tx: AsyncConnection, account_ids: Sequence[str]) -> dict[str, bool]:
    """By account; whoever never chose is left out."""
    return {row.account_id: row.named for row in await tx.execute(_CHOSEN, {"ids": list(account_ids)})}


async def choose(tx: AsyncConnection, account_id: str, *, named: bool) -> None:
    await tx.execute(_CHOOSE, {"account_id": account_id, "named": named})
