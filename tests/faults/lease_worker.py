"""A worker of the queue whose engine takes WORK_S; it never renews its lease, so whoever pauses it long enough makes it late.

"fenced" reports as generation's own worker does; "naive" believes that a job once leased stays its own.
"""

import asyncio
import sys

from kinora.engine.v1.engine_pb2 import RenderResult
from kinora.generation.v1.events_pb2 import VideoRendered
from kinora_generation import run_video
from kinora_generation.errors import LeaseLost
from kinora_generation.queue_store import Lease
from kinora_generation.settings import Settings
from kinora_kit import outbox
from kinora_kit.db import Database
from sqlalchemy import text

WORK_S = 0.4
SETTINGS = Settings(lease_s=1.2, retry_base_s=0.05, max_losses=1000, discard_grace_s=0)


async def fenced(database: Database, lease: Lease) -> None:
    key = f"{lease.video.attempt_folder}/raw.mp4"
    await run_video.rendered(database, lease, RenderResult(video_key=key, engine="pretended", engine_version="1"))


async def naive(database: Database, lease: Lease) -> None:
    async with database.begin() as tx:
        await tx.execute(text("update videos set state = 'sealing' where id = :id"), {"id": lease.video.id})
        await outbox.add(tx, VideoRendered(video_id=lease.video.id, attempt_id=lease.video.attempt_id), key=lease.video.id)


async def main(variant: str, database_url: str) -> None:
    database = Database(database_url, "generation")
    while True:
        lease = await run_video.take(database, SETTINGS, ["world-1"])
        await asyncio.sleep(WORK_S if lease else 0.05)
        try:
            if lease:
                await {"fenced": fenced, "naive": naive}[variant](database, lease)
        except LeaseLost:
            print("refused", flush=True)  # noqa: T201 - the test counts these


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
