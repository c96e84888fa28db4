from contextlib import aclosing

from kinora_cli.serve import replay_dead
from kinora_cli.settings import PlatformSettings
from kinora_kit.events import Outgoing
from kinora_kit.events.postgres import PostgresLog


async def test_dead_events_get_another_chance(database_url, tmp_path):
    log = PostgresLog(database_url)
    await log.publish([Outgoing("1", "films.dead", "Film", "key", b"payload", {})])
    assert await replay_dead("films", PlatformSettings(state_dir=tmp_path, database_url=database_url)) == 1
    async with aclosing(log.subscribe("test", ["films"])) as subscription:
        (event,) = await subscription.take(1)
    assert (event.event_id, event.payload) == ("1", b"payload")
    await log.aclose()
