"""What the log in Postgres does with what is old."""

import pytest
from kinora_kit import db
from kinora_kit.events import Outgoing
from kinora_kit.events.postgres import PostgresLog


@pytest.fixture
async def old(database_url):
    """Two films that were told of 31 days ago and a book of that day."""
    log = PostgresLog(database_url)
    await log.publish(
        [Outgoing(number, topic, "Told", "key", b"", {}) for number, topic in (("1", "films"), ("2", "films"), ("3", "books"))]
    )
    await log.aclose()
    connection = await db.connect(database_url, "events")
    await connection.execute("update log set created_at = now() - interval '31 days'")
    await connection.close()


async def kept(database_url):
    """The ids that are left when one more event has been published after a start."""
    log = PostgresLog(database_url)
    await log.publish([Outgoing("new", "films", "Told", "key", b"", {})])
    await log.aclose()
    connection = await db.connect(database_url, "events")
    rows = await connection.fetch("select event_id from log order by position")
    await connection.close()
    return [row["event_id"] for row in rows]


async def test_after_thirty_days_an_event_goes(old, database_url):
    assert await kept(database_url) == ["new"]


async def test_what_a_group_has_yet_to_read_stays(old, database_url):
    reader = PostgresLog(database_url).subscribe("critics", ["films"])
    assert (await anext(reader)).event_id == "1"
    await reader.commit()
    await reader.aclose()
    assert await kept(database_url) == ["2", "new"]
