"""What was forgotten after a backup is told again after its restore."""

import importlib
import json
import pkgutil
from datetime import UTC, datetime, timedelta

import kinora
import pytest
from kinora_cli.backup import facts, restoring
from kinora_cli.backup.errors import BackupFailed
from kinora_kit.events.relay import _WAITING
from kinora_kit.ids import uuid7

ERASED, DELETED, QUEUED = "kinora.identity.v1.AccountErased", "kinora.generation.v1.VideoDeleted", "kinora.generation.v1.VideoQueued"
# What nothing has to be forgotten for. A new event must be put here or among facts.FORGETTING.
OTHERS = {
    "kinora.identity.v1.AccountCreated",
    "kinora.generation.v1.VideoQueued",
    "kinora.generation.v1.VideoRendered",
    "kinora.generation.v1.VideoCompleted",
    "kinora.generation.v1.VideoFailed",
    "kinora.cameo.v1.CameoEnrolled",
    "kinora.cameo.v1.CameoUsed",
    "kinora.cameo.v1.CameoVideoReported",
    "kinora.provenance.v1.VideoSealed",
    "kinora.provenance.v1.VideoSealFailed",
    "kinora.provenance.v1.ContentTraced",
}
PARTS = {"kinora.generation.v1.CameoInVideo", "kinora.generation.v1.Still"}


def test_of_every_fact_it_is_known_whether_something_must_be_forgotten_for_it():
    modules = [found.name for found in pkgutil.walk_packages(kinora.__path__, "kinora.") if found.name.endswith(".events_pb2")]
    told = {message.full_name for name in modules for message in importlib.import_module(name).DESCRIPTOR.message_types_by_name.values()}
    assert told == OTHERS | PARTS | facts.FORGETTING.keys()


async def waiting(world, schema):
    connection = await facts.db.connect(world.restored.database_url, schema)
    try:
        return [(row["event_id"], row["type"], row["key"]) for row in await connection.fetch(_WAITING, 100)]
    finally:
        await connection.close()


async def test_what_was_forgotten_after_the_backup_is_told_again(world):
    await world.backs_up()
    erased = await world.tells(ERASED, "acct_bob")
    deleted = await world.tells(DELETED, "video_1", "generation")
    assert await facts.keep_new(world.live.database_url, world.target) == 2
    assert (await world.restores()).told.facts == 2
    assert await waiting(world, "identity") == [(erased, ERASED, "acct_bob")]
    assert await waiting(world, "generation") == [(deleted, DELETED, "video_1")]


async def test_what_may_not_have_been_heard_is_told_again_too_and_before(world):
    queued = await world.tells(QUEUED, "video_2", "generation")
    await world.backs_up()
    deleted = await world.tells(DELETED, "video_1", "generation")
    await facts.keep_new(world.live.database_url, world.target)
    assert (await world.restores()).told.repeated == 1
    assert await waiting(world, "generation") == [(queued, QUEUED, "video_2"), (deleted, DELETED, "video_1")]


async def test_nothing_else_is_told_of_a_video_that_is_deleted(world):
    await world.tells(QUEUED, "video_1", "generation")
    await world.backs_up()
    deleted = await world.tells(DELETED, "video_1", "generation")
    await facts.keep_new(world.live.database_url, world.target)
    await world.restores()
    assert await waiting(world, "generation") == [(deleted, DELETED, "video_1")]


async def test_a_fact_is_kept_once_and_other_events_never(world):
    await world.tells(ERASED, "acct_bob")
    await world.tells(QUEUED, "video_2", "generation")
    assert [await facts.keep_new(world.live.database_url, world.target) for _ in range(3)] == [1, 0, 0]
    await world.tells(ERASED, "acct_cleo")
    assert await facts.keep_new(world.live.database_url, world.target) == 1
    assert [fact.key for fact in facts.kept(world.target)] == ["acct_bob", "acct_cleo"]


async def test_telling_twice_is_as_telling_once(world):
    await world.tells(ERASED, "acct_bob")
    await world.backs_up()
    await world.restores()
    await restoring.forget_again(world.restored, world.target)
    assert len(await waiting(world, "identity")) == 1


async def test_facts_of_another_platform_are_not_told(world):
    await world.tells(ERASED, "acct_bob")
    await facts.keep_new(world.live.database_url, world.target)
    with pytest.raises(BackupFailed, match="no outbox in identity"):
        await restoring.forget_again(world.restored, world.target)


async def test_facts_that_cannot_be_read_are_said_so(world):
    await world.tells(ERASED, "acct_bob")
    await facts.keep_new(world.live.database_url, world.target)
    (file,) = (world.folder / "backups" / "facts").iterdir()
    file.write_text(file.read_text()[:-5])
    with pytest.raises(BackupFailed, match="cannot be read"):
        facts.kept(world.target)


async def test_facts_outlive_the_backups_by_as_long_as_servers_can_go_back(world):
    folder = world.folder / "backups" / "facts"
    folder.mkdir(parents=True)
    for age, name in ((timedelta(days=80), "young"), (timedelta(days=100), "old")):
        (folder / f"{datetime.now(UTC) - age:%Y%m%dT%H%M%S.%fZ}.jsonl").write_text(fact(name))
    await world.backs_up()
    assert [kept.key for kept in facts.kept(world.target)] == ["young"]


def fact(key):
    return json.dumps({"schema": "identity", "event_id": str(uuid7()), "topic": "x", "type": ERASED, "key": key, "payload": ""}) + "\n"
