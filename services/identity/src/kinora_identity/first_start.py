"""The first operator, so that a fresh Kinora can be used at all."""

import os
from pathlib import Path

from kinora_kit import log
from kinora_kit.db import Database

from kinora_identity import store
from kinora_identity.accounts import add_account
from kinora_identity.api_keys import add_key
from kinora_identity.domain import SCOPES

HANDLE = "admin"
KEY_FILE = "first_admin.key"
_log = log.get("kinora.identity")


async def ensure_first_operator(database: Database, state_dir: Path, given: str = "") -> None:
    """With no account yet, opens `admin` with the key `given`, or with one that it writes to a file that only this user can read.

    Replicas wait for each other.
    """
    async with database.begin() as tx:
        if not await store.is_first_start(tx):
            return
        account = await add_account(tx, HANDLE, "Administrator", "operator")
        _, secret = await add_key(tx, account.id, "first start", SCOPES, given=given)
        if not given:  # before the commit: a crash in between leaves a key that opens nothing, and the next start writes another
            _write_private(state_dir / KEY_FILE, secret + "\n")
    _log.info("identity.first_operator", handle=HANDLE, key_file="" if given else str(state_dir / KEY_FILE))


def _write_private(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(content)
    fresh.replace(path)
