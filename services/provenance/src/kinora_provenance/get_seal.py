"""Reading seals."""

from kinora_kit.db import Database
from kinora_kit.identity import Identity

from kinora_provenance import store
from kinora_provenance.domain import Seal, SealNotFound, is_id, may_read


async def get_seal(database: Database, caller: Identity, video_id: str) -> Seal:
    """Raises SealNotFound, also for a seal that is not the caller's to read."""
    if is_id(video_id):
        async with database.begin() as tx:
            seal = await store.get_seal(tx, video_id)
        if seal is not None and may_read(caller, seal):
            return seal
    raise SealNotFound("There is no seal of such a video; a video gets its seal when it is finished.", param="video_id")
