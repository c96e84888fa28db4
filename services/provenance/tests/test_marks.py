"""What a sealed film's marks lead to, and for how long."""

import asyncio
from uuid import uuid4

import pytest
from kinora.generation.v1.events_pb2 import VideoDeleted
from kinora.identity.v1.events_pb2 import AccountErased
from kinora_kit.db import connect
from kinora_marks.keys import KeyRing
from kinora_marks.picture import find_mark, frames_of
from kinora_marks.sound import detect
from kinora_media.probe import samples
from kinora_provenance import ca, signing, soft_binding


@pytest.fixture
async def records(database_url):
    """Runs SQL where provenance keeps its records."""
    connection = await connect(database_url, "provenance")
    yield connection
    await connection.close()


@pytest.fixture
def sealed(kinora, tmp_path):
    """Seals a film; gives the signed file."""

    async def seal(film, master):
        await kinora.render(film, master)
        await kinora.next_fact()
        await kinora.media.fetch(film.sealed_key, tmp_path / "film.mp4")
        return tmp_path / "film.mp4"

    return seal


def marks_in(path, ring):
    """The ids in picture and sound."""
    return find_mark(frames_of(path), ring).mark.identity, detect(samples(path), 48_000, ring).found[0].identity


async def on_record(records, film):
    row = await records.fetchrow("select * from films where video_id = $1", film.video_id)
    return row and dict(row)


async def test_picture_sound_and_manifest_name_the_same_record(kinora, film, long_clip, sealed, records):
    path = await sealed(fox := film(), long_clip)
    ring = KeyRing.parse((kinora.state_dir / "marks" / "keys").read_text())
    row = await on_record(records, fox)
    identity = row["identity"] % 2**64
    assert marks_in(path, ring) == (identity, identity)
    assert bindings(kinora, path) == dict.fromkeys(soft_binding.ALGORITHMS, identity)
    assert (row["account_id"], row["engine"], row["engine_version"], row["deleted_at"]) == ("acct_bob", "world", "1.2", None)
    assert await records.fetchval("select identity from seals where video_id = $1", fox.video_id) == row["identity"]


def bindings(kinora, path):
    """The ids in its manifest by algorithm."""
    verdict = signing.verify(path, ca.development(kinora.state_dir / "ca").anchors)
    found = [one["data"] for one in verdict.store["manifests"][verdict.label]["assertions"] if one["label"] == "c2pa.soft-binding"]
    return {one["alg"]: soft_binding.identity_of(one["blocks"][0]["value"]) for one in found}


async def test_every_film_has_its_own_id(film, clip, sealed, records):
    first, second = film(), film()
    for one in (first, second):
        await sealed(one, clip)
    assert (await on_record(records, first))["identity"] != (await on_record(records, second))["identity"]


async def test_the_record_of_a_deleted_film_stays_and_says_so(kinora, film, clip, sealed, records):
    await sealed(fox := film(), clip)
    await kinora.tell(VideoDeleted(video_id=fox.video_id), fox.video_id)
    await until(lambda: deleted_at(records, fox))
    assert (await on_record(records, fox))["account_id"] == "acct_bob"
    for table in ("seals", "frame_prints", "sound_prints"):
        assert await records.fetchval(f"select count(*) from {table} where video_id = $1", fox.video_id) == 0  # noqa: S608 - our own names


async def deleted_at(records, film):
    return (await on_record(records, film))["deleted_at"]


async def test_of_an_erased_account_only_id_engine_and_times_stay(kinora, film, clip, sealed, records):
    eve = f"acct_{uuid4().hex}"
    await sealed(fox := film(account_id=eve, remixed_from_video_id="video_before"), clip)
    identity = (await on_record(records, fox))["identity"]
    await records.execute("insert into credits values ($1, true)", eve)
    await kinora.tell(AccountErased(account_id=eve), eve)
    await until(lambda: gone(records, fox))
    row = await records.fetchrow("select * from films where identity = $1", identity)
    assert {name for name, value in row.items() if value is not None} == {
        "identity", "engine", "engine_version", "trained", "made_at", "deleted_at",
    }  # fmt: skip
    for table in ("frame_prints", "sound_prints"):
        assert await records.fetchval(f"select count(*) from {table} where video_id = $1", fox.video_id) == 0  # noqa: S608 - our own names
    for table in ("seals", "credits"):
        assert await records.fetchval(f"select count(*) from {table} where account_id = $1", eve) == 0  # noqa: S608 - our own names


async def test_a_film_that_is_heard_of_after_its_account_was_erased_is_forgotten_too(kinora, film, clip, sealed, records):
    eve = f"acct_{uuid4().hex}"
    await records.execute("insert into credits values ($1, true)", eve)
    await kinora.tell(AccountErased(account_id=eve), eve)
    await until(lambda: none(records.fetchval("select count(*) from credits where account_id = $1", eve)))
    await sealed(fox := film(account_id=eve), clip)
    await kinora.tell(VideoDeleted(video_id=fox.video_id, account_id=eve, account_erased=True), fox.video_id)
    await until(lambda: gone(records, fox))
    assert await records.fetchval("select count(*) from films where account_id = $1", eve) == 0


async def gone(records, film):
    return await on_record(records, film) is None


async def test_films_of_an_erased_account_are_not_sealed_any_more(running, film, clip, records, monkeypatch):
    monkeypatch.setenv("PROVENANCE_PARALLEL", "0")
    eve = f"acct_{uuid4().hex}"
    waiting = "select count(*) from sealing where account_id = $1"
    async with running() as kinora:
        await kinora.render(film(account_id=eve), clip)
        await until(lambda: records.fetchval(waiting, eve))
        await kinora.tell(AccountErased(account_id=eve), eve)
        await until(lambda: none(records.fetchval(waiting, eve)))


async def none(count):
    return await count == 0


async def until(check, within_s=10):
    async with asyncio.timeout(within_s):
        while not await check():  # noqa: ASYNC110 - a row tells nobody that it changed
            await asyncio.sleep(0.05)


async def test_a_film_keeps_its_id_through_every_try(running, film, clip, records, operators_own, monkeypatch):
    certificates, key = operators_own()
    monkeypatch.setenv("PROVENANCE_SIGNING_CERTIFICATES", str(certificates))
    monkeypatch.setenv("PROVENANCE_SIGNING_KEY", str(key))
    good = certificates.read_bytes()
    async with running() as kinora:
        certificates.write_bytes(b"spoilt")
        await kinora.render(fox := film(), clip)
        await until(lambda: records.fetchval("select tries from sealing where video_id = $1 and tries > 1", fox.video_id))
        drawn = await records.fetchval("select identity from sealing where video_id = $1", fox.video_id)
        certificates.write_bytes(good)
        await kinora.next_fact()
    assert (await on_record(records, fox))["identity"] == drawn
