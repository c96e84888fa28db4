"""One development CA for all processes of a Kinora: the database keeps the first one's, and the others take it over."""

import asyncio
from pathlib import Path

from kinora_kit.db import Database
from sqlalchemy import text

from kinora_provenance import ca, secret_files

_KEEP = text("insert into development_ca (root, intermediate, key) values (:root, :intermediate, :key) on conflict do nothing")
_KEPT = text("select root, intermediate, key from development_ca")
_FILES = {"root": "root.pem", "intermediate": "intermediate.pem", "key": "intermediate.key"}


async def share(database: Database, folder: Path) -> None:
    """Make the CA in `folder` the one that all have. Its key is worth nothing: nobody trusts its root but this Kinora."""
    await asyncio.to_thread(ca.development, folder)
    mine = {name: (folder / file).read_text() for name, file in _FILES.items()}
    async with database.begin() as tx:
        await tx.execute(_KEEP, mine)
        kept = dict((await tx.execute(_KEPT)).mappings().one())
    if kept != mine:
        await asyncio.to_thread(_take_over, folder, kept)


def _take_over(folder: Path, kept: dict[str, str]) -> None:
    with secret_files.locked(folder):
        for name, file in _FILES.items():
            secret_files.write(folder / file, kept[name].encode())
        (folder / "leaf.pem").unlink()
