import asyncio
import hashlib
import threading
import time
from uuid import uuid4

import pytest
from kinora.generation.v1.events_pb2 import VideoDeleted
from kinora.provenance.v1.events_pb2 import VideoSealed, VideoSealFailed
from kinora_kit.db import connect
from kinora_kit.errors import RemoteError
from kinora_kit.identity import Identity
from kinora_media.store import MediaMissing
from kinora_provenance import ca, seal_videos, sealing, signing
from kinora_provenance.credentials import CredentialsInvalid
from kinora_provenance.pulse import Stopped


async def test_a_rendered_film_is_sealed_and_told_of(kinora, film, clip, bob):
    fox = film()
    await kinora.render(fox, clip)
    told = await kinora.next_fact()
    sealed = await kinora.media.get(fox.sealed_key)
    sha256 = hashlib.sha256(sealed).hexdigest()
    assert told == VideoSealed(video_id=fox.video_id, attempt_id="att_1", video_key=fox.sealed_key, size_bytes=len(sealed), sha256=sha256)
    seal = await kinora.seal_of(fox.video_id, bob)
    assert seal.manifest in sealed
    assert (seal.validation_state, seal.development, seal.sha256) == ("Trusted", True, sha256)
    assert "DEVELOPMENT" in seal.signer


async def test_a_fact_told_twice_seals_once(kinora, film, clip):
    fox, event_id = film(), str(uuid4())
    await kinora.render(fox, clip, event_id)
    await kinora.next_fact()
    await kinora.render(fox, clip, event_id)  # the same delivery again
    await kinora.render(fox, clip)  # the same fact under another id
    await kinora.render(hare := film(), clip)
    assert (await kinora.next_fact()).video_id == hare.video_id


async def test_many_films_are_each_sealed_once(kinora, film, clip):
    films = [film() for _ in range(12)]
    await asyncio.gather(*(kinora.render(one, clip) for one in films))
    told = [(await kinora.next_fact()).video_id for _ in films]
    assert sorted(told) == sorted(one.video_id for one in films)


async def test_a_remix_is_sealed_onto_its_parent(kinora, film, clip, tmp_path):
    fox = film()
    await kinora.render(fox, clip)
    await kinora.next_fact()
    await kinora.render(remix := film(remixed_from_video_id=fox.video_id), clip)
    await kinora.next_fact()
    assert await parents(kinora, remix, tmp_path) == [fox.video_id]


async def test_a_remix_of_a_changed_or_missing_file_stands_alone(kinora, film, clip, tmp_path):
    for number, spoil in enumerate((lambda key: kinora.media.put(key, clip, content_type="video/mp4"), kinora.media.delete)):
        await kinora.render(fox := film(), clip)
        await kinora.next_fact()
        await spoil(fox.sealed_key)
        await kinora.render(remix := film(remixed_from_video_id=fox.video_id, attempt_id=f"att_{number}"), clip)
        await kinora.next_fact()
        assert await parents(kinora, remix, tmp_path) == []


async def parents(kinora, film, folder):
    await kinora.media.fetch(film.sealed_key, folder / "sealed.mp4")
    verdict = signing.verify(folder / "sealed.mp4", ca.development(kinora.state_dir / "ca").anchors)
    return [ingredient["title"] for ingredient in verdict.store["manifests"][verdict.label].get("ingredients", [])]


@pytest.mark.parametrize(("data", "reason"), [(None, "missing"), (b"no film", "broken"), (b"", "broken")])
async def test_a_film_that_cannot_be_sealed_is_told_of(kinora, film, data, reason):
    await kinora.render(bad := film(), data)
    told = await kinora.next_fact()
    assert told == VideoSealFailed(video_id=bad.video_id, attempt_id="att_1", reason=f"The rendered file is {reason}.")


async def test_a_malformed_key_is_told_of(kinora, film, clip):
    await kinora.render(film(sealed_key="../elsewhere"), clip)
    assert (await kinora.next_fact()).reason == "The rendered file has no proper place."


async def test_a_deleted_videos_seal_is_forgotten(kinora, film, clip, bob):
    await kinora.render(fox := film(), clip)
    await kinora.next_fact()
    await kinora.tell(VideoDeleted(video_id=fox.video_id), fox.video_id)
    await kinora.render(film(), clip)
    await kinora.next_fact()  # so the deletion is through as well
    with pytest.raises(RemoteError, match="no seal"):
        await kinora.seal_of(fox.video_id, bob)


@pytest.fixture
async def signing_waits(monkeypatch):
    """Holds signatures up: `started` tells of the first, `go_on` lets them through."""
    seal, loop = sealing.seal, asyncio.get_running_loop()
    started, go_on = asyncio.Event(), threading.Event()

    def slow(*args, **options):
        loop.call_soon_threadsafe(started.set)
        go_on.wait(20)
        return seal(*args, **options)

    monkeypatch.setattr(sealing, "seal", slow)
    yield started, go_on
    go_on.set()


async def test_a_film_deleted_while_it_is_signed_leaves_nothing(running, film, clip, signing_waits, database_url, monkeypatch):
    monkeypatch.setenv("PROVENANCE_PARALLEL", "1")
    started, go_on = signing_waits
    async with running() as kinora:
        await kinora.render(fox := film(), clip)
        await started.wait()
        await kinora.tell(VideoDeleted(video_id=fox.video_id), fox.video_id)
        await until_nothing_waits(database_url)
        go_on.set()
        await kinora.render(hare := film(), clip)
        assert (await kinora.next_fact()).video_id == hare.video_id
        with pytest.raises(MediaMissing):
            await kinora.media.head(fox.sealed_key)


async def test_work_on_a_deleted_film_ends(kinora, film, clip, monkeypatch):
    """At its next picture: nobody waits for an encode of minutes."""
    monkeypatch.setattr(seal_videos.TERMS, "lease_s", 2)
    loop, started, ended = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()

    def endless(*_, beat, **__):
        try:
            while True:
                beat()
                loop.call_soon_threadsafe(started.set)
                time.sleep(0.02)
        except Stopped:
            loop.call_soon_threadsafe(ended.set)
            raise

    monkeypatch.setattr(sealing, "seal", endless)
    await kinora.render(fox := film(), clip)
    await started.wait()
    await kinora.tell(VideoDeleted(video_id=fox.video_id), fox.video_id)
    assert await asyncio.wait_for(ended.wait(), 30)


async def test_what_hangs_loses_its_lease(running, film, clip, signing_waits, database_url, monkeypatch):
    """A step that is silent for too long: another process may try."""
    monkeypatch.setattr(seal_videos.TERMS, "lease_s", 0.6)
    monkeypatch.setattr(seal_videos.TERMS, "silence_s", 0.5)
    started, _ = signing_waits
    async with running() as kinora:
        await kinora.render(fox := film(), clip)
        await started.wait()
        await until_tried(database_url, fox.video_id, 2)


async def until_tried(database_url, video_id, tries):
    connection = await connect(database_url, "provenance")
    async with asyncio.timeout(15):
        while await connection.fetchval("select tries from sealing where video_id = $1", video_id) < tries:  # noqa: ASYNC110 - see below
            await asyncio.sleep(0.05)
    await connection.close()


async def until_nothing_waits(database_url):
    connection = await connect(database_url, "provenance")
    while await connection.fetchval("select exists (select from sealing)"):  # noqa: ASYNC110 - a row tells nobody that it went
        await asyncio.sleep(0.05)
    await connection.close()


async def test_a_film_whose_sealer_went_away_is_sealed_by_the_next(running, film, clip, signing_waits, monkeypatch):
    monkeypatch.setattr(seal_videos.TERMS, "lease_s", 0.6)
    started, go_on = signing_waits
    async with running() as kinora:
        await kinora.render(fox := film(), clip)
        await started.wait()
    go_on.set()
    async with running() as kinora:
        assert (await kinora.next_fact()).video_id == fox.video_id


async def test_a_slow_signature_keeps_its_lease(kinora, film, clip, signing_waits, monkeypatch):
    monkeypatch.setattr(seal_videos.TERMS, "lease_s", 0.6)
    started, go_on = signing_waits
    await kinora.render(fox := film(), clip)
    await started.wait()
    await asyncio.sleep(1.5)
    go_on.set()
    assert (await kinora.next_fact()).video_id == fox.video_id
    await kinora.render(hare := film(), clip)
    assert (await kinora.next_fact()).video_id == hare.video_id


async def test_a_certificate_that_is_mended_seals_what_waited(running, film, clip, operators_own, monkeypatch):
    certificates, key = operators_own()
    monkeypatch.setenv("PROVENANCE_SIGNING_CERTIFICATES", str(certificates))
    monkeypatch.setenv("PROVENANCE_SIGNING_KEY", str(key))
    good = certificates.read_bytes()
    async with running() as kinora:
        certificates.write_bytes(b"spoilt")
        await kinora.render(fox := film(), clip)
        await asyncio.sleep(0.7)
        certificates.write_bytes(good)
        assert (await kinora.next_fact()).video_id == fox.video_id


async def test_a_wrong_certificate_stops_the_start(running, operators_own, monkeypatch):
    monkeypatch.setenv("PROVENANCE_SIGNING_CERTIFICATES", str(operators_own()[0]))
    monkeypatch.setenv("PROVENANCE_SIGNING_KEY", str(operators_own()[1]))
    with pytest.raises(CredentialsInvalid):
        async with running():
            pass


@pytest.mark.parametrize("video_id", ["", "video_unknown", "\0", "' or 1=1", "ä" * 1000])
async def test_an_unknown_seal_is_not_found(kinora, bob, video_id):
    with pytest.raises(RemoteError) as refused:
        await kinora.seal_of(video_id, bob)
    assert (refused.value.reason, refused.value.param) == ("SealNotFound", "video_id")


async def test_only_its_maker_and_those_who_watch_over_kinora_read_a_seal(kinora, film, clip, ada, bob, cleo):
    await kinora.render(fox := film(), clip)
    await kinora.next_fact()
    with pytest.raises(RemoteError, match="no seal"):
        await kinora.seal_of(fox.video_id, cleo)
    for who in (ada, bob, Identity("acct_mo", "moderator")):
        assert (await kinora.seal_of(fox.video_id, who)).video_id == fox.video_id
