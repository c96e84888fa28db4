"""Encrypts a package before the transaction that may keep it."""

from uuid import uuid4

from kinora_kit.db import Database

from kinora_cameo import store
from kinora_cameo.domain import check_package
from kinora_cameo.vault import Sealed, Vault, folder

ORPHAN_S = 3600.0
"""What no transaction has kept is removed after so long."""


async def sealed(database: Database, vault: Vault, account_id: str, cameo_id: str, package: bytes) -> Sealed:
    """Raises BadField for a package of a wrong size."""
    blob = f"{folder(account_id, cameo_id)}/{uuid4().hex}"
    check_package(package)
    async with database.begin() as tx:
        await store.discard(tx, blob, after_s=ORPHAN_S)
    return await vault.put(cameo_id, blob, package)
