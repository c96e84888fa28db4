"""What leaves: cut, marked, signed; asked twice, made once; gone with its video."""

import asyncio
import hashlib

import numpy as np
import pytest
from kinora.generation.v1 import generation_service_pb2 as videos
from kinora.generation.v1.events_pb2 import VideoDeleted
from kinora.identity.v1.events_pb2 import AccountErased
from kinora.provenance.v1 import export_service_pb2 as pb
from kinora_kit.db import connect
from kinora_marks.picture import find_mark, frames_of
from kinora_marks.sound import detect
from kinora_marks.visible import BrandUnusable
from kinora_media.film import Picture, film
from kinora_media.probe import probe, samples
from kinora_provenance import leased_work, mark_keys, signing, soft_binding
from kinora_provenance.exports import making
from PIL import Image

MP4, FMP4, WEBM = pb.EXPORT_FORMAT_MP4, pb.EXPORT_FORMAT_FMP4, pb.EXPORT_FORMAT_WEBM
GIF, WEBP = pb.EXPORT_FORMAT_GIF, pb.EXPORT_FORMAT_WEBP
SIGNED = [MP4, FMP4, GIF, WEBP]


async def fetched(studio, export, folder):
    path = folder / f"export.{export.key.rpartition('.')[2]}"
    await studio.media.fetch(export.key, path)
    return path


def numbers(path):
    """Of the pictures, as the clip wrote them on themselves."""
    shown = [part.planes for part in film(path) if isinstance(part, Picture)]
    luma = [float(np.median(planes[: planes.shape[0] * 2 // 3, 8 : planes.shape[1] // 8 - 8])) for planes in shown]
    return [round(((value - 16) * 255 / 219 - 30) / 2) for value in luma]


@pytest.mark.parametrize("kind", SIGNED)
async def test_an_export_proves_that_it_comes_from_the_sealed_film(studio, bob, tmp_path, kind):
    made = await studio.as_(bob).exported(await studio.as_(bob).film(), format=kind, end_s=1)
    path = await fetched(studio, made, tmp_path)
    verdict = signing.verify(path, studio.anchors, made.content_type)
    manifest = verdict.store["manifests"][verdict.label]
    assert (verdict.state, verdict.label) == ("Trusted", made.manifest_label)
    assert [each["relationship"] for each in manifest["ingredients"]] == ["parentOf"]
    assert manifest["ingredients"][0]["active_manifest"] in verdict.store["manifests"]
    told = [each["action"] for each in actions(manifest)]
    assert told[0] == "c2pa.opened"
    assert {"c2pa.trimmed", "c2pa.addedText", "c2pa.transcoded"} <= set(told)
    assert made.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert made.size_bytes == path.stat().st_size


def actions(manifest):
    return next(each["data"]["actions"] for each in manifest["assertions"] if each["label"].startswith("c2pa.actions"))


async def test_a_flipped_byte_of_an_export_is_noticed(studio, bob, tmp_path):
    made = await studio.as_(bob).exported(await studio.as_(bob).film(), end_s=1)
    path = await fetched(studio, made, tmp_path)
    spoilt = bytearray(path.read_bytes())
    spoilt[-1000] ^= 1
    path.write_bytes(spoilt)
    assert signing.verify(path, studio.anchors).state == "Invalid"


async def test_webm_has_av1_and_opus_and_says_that_it_bears_no_manifest(studio, bob, tmp_path):
    made = await studio.as_(bob).exported(await studio.as_(bob).film(), format=WEBM, end_s=1)
    about = probe(await fetched(studio, made, tmp_path))
    assert (about.video_codec, about.audio_codec, made.manifest_label, made.content_type) == ("libdav1d", "opus", "", "video/webm")


@pytest.mark.parametrize("kind", [MP4, FMP4, WEBM])
async def test_the_films_marks_are_read_from_its_exports(studio, bob, tmp_path, kind):
    video_id = await studio.as_(bob).film("large")
    made = await studio.as_(bob).exported(video_id, format=kind)
    path = await fetched(studio, made, tmp_path)
    ring = mark_keys.ring("", studio.served.adapters.state_dir / "marks")
    expected = await identity_of(studio, video_id, tmp_path)
    assert find_mark(frames_of(path), ring).mark.identity == expected
    assert detect(samples(path), 48_000, ring).found[0].identity == expected


async def identity_of(studio, video_id, folder):
    """As the sealed film's soft binding names it."""
    await studio.media.fetch(f"videos/{video_id}/att_1/video.mp4", folder / "film.mp4")
    verdict = signing.verify(folder / "film.mp4", studio.anchors)
    bindings = [each for each in verdict.store["manifests"][verdict.label]["assertions"] if each["label"].startswith("c2pa.soft-binding")]
    return soft_binding.identity_of(bindings[0]["data"]["blocks"][0]["value"])


async def test_a_cut_begins_and_ends_on_the_picture(studio, bob, tmp_path):
    made = await studio.as_(bob).exported(await studio.as_(bob).film(), start_s=1.01, end_s=2.49)
    path = await fetched(studio, made, tmp_path)
    assert (made.start_s, made.end_s) == (1.0, 2.5)
    assert numbers(path) == list(range(12, 30))
    assert abs(sum(len(part.samples) for part in film(path) if not isinstance(part, Picture)) - 72_000) <= 2048


@pytest.mark.parametrize(("kind", "pillow"), [(GIF, "GIF"), (WEBP, "WEBP")])
async def test_a_preview_is_small_and_moves_for_ever(studio, bob, tmp_path, kind, pillow):
    made = await studio.as_(bob).exported(await studio.as_(bob).film(), format=kind, end_s=2)
    with Image.open(await fetched(studio, made, tmp_path)) as picture:
        assert (picture.format, picture.size, picture.n_frames, picture.info["loop"]) == (pillow, (256, 144), 24, 0)


async def test_an_export_can_be_smaller(studio, bob, tmp_path):
    made = await studio.as_(bob).exported(await studio.as_(bob).film("tall"), short_side=144)
    about = probe(await fetched(studio, made, tmp_path))
    assert (about.width, about.height) == (144, 256)


async def test_the_visible_mark_names_its_maker_once_their_age_is_known(studio, bob, grown_bob, monkeypatch):
    drawn = []
    real = making.VisibleMark
    monkeypatch.setattr(making, "VisibleMark", lambda credit, *size, **more: drawn.append(credit) or real(credit, *size, **more))
    video_id = await studio.as_(bob).film()
    for who in (bob, grown_bob):
        await studio.as_(who).exported(video_id, end_s=1)
    assert drawn == ["", "@bob"]


async def test_what_was_exported_alike_is_not_made_again(studio, bob):
    video_id = await studio.as_(bob).film()
    first = await studio.as_(bob).exported(video_id, end_s=1)
    again = await studio.as_(bob).export(video_id, end_s=1.001, short_side=144)
    assert (again.id, again.state) == (first.id, pb.EXPORT_STATE_COMPLETED)
    assert (await studio.as_(bob).export(video_id, end_s=2)).id != first.id


async def test_a_repeat_of_a_request_gets_its_answer_and_a_changed_one_none(studio, bob):
    video_id = await studio.as_(bob).film()
    one, two = [await studio.as_(bob).export(video_id, "r1", end_s=1) for _ in range(2)]
    refused = await studio.as_(bob).refused(studio.as_(bob).export(video_id, "r1", end_s=2))
    assert (one, refused.reason) == (two, "RequestIdReused")


@pytest.mark.parametrize(
    ("fields", "param", "words"),
    [
        ({"start_s": 3, "end_s": 2}, "end_s", "too short"),
        ({"start_s": 3.8}, "start_s", "too short"),
        ({"end_s": 4.2}, "end_s", "lasts 4 s"),
        ({"start_s": -1}, "start_s", "from 0 to 4"),
        ({"end_s": float("nan")}, "end_s", "from 0 to 4"),
        ({"end_s": float("inf")}, "end_s", "from 0 to 4"),
        ({"short_side": 145}, "short_side", "from 144 to 144"),
        ({"short_side": 4000}, "short_side", "from 144 to 144"),
        ({"short_side": 2}, "short_side", "from 144 to 144"),
        ({"format": 77}, "format", "mp4"),
    ],
)
async def test_what_does_not_fit_is_told_by_field(studio, bob, fields, param, words):
    refused = await studio.as_(bob).refused(studio.as_(bob).export(await studio.as_(bob).film(), **fields))
    assert (refused.reason, refused.param) == ("BadField", param)
    assert words in refused.message


async def test_only_ones_own_finished_videos_are_exported(studio, bob, cleo):
    video_id = await studio.as_(bob).film()
    made = await studio.as_(bob).export(video_id)
    for call in (studio.as_(cleo).export(video_id), studio.as_(cleo).get(made.id), studio.as_(cleo).exports(video_id)):
        assert (await studio.as_(cleo).refused(call)).code.name == "NOT_FOUND"
    studio.generation.archived[video_id].video.status = videos.VIDEO_STATUS_IN_PROGRESS
    refused = await studio.as_(bob).refused(studio.as_(bob).export(video_id, end_s=1))
    assert refused.reason == "VideoNotCompleted"


async def test_nobody_leaves_the_visible_mark_out_unless_the_operator_lets_them(opened, ada, bob, monkeypatch):
    monkeypatch.setenv("PROVENANCE_UNMARKED_EXPORTS", "operators")
    async with opened() as studio:
        for who in (ada, bob):
            video_id = await studio.as_(who).film()
            asked = studio.as_(who).export(video_id, without_visible_mark=True, end_s=1)
            if who is ada:
                assert not (await asked).visible_mark
            else:
                assert (await studio.as_(who).refused(asked)).reason == "UnmarkedNotAllowed"


async def test_a_deleted_videos_exports_go_with_it(studio, bob):
    video_id = await studio.as_(bob).film()
    made = await studio.as_(bob).exported(video_id, end_s=1)
    await studio.tell(VideoDeleted(video_id=video_id, account_id=bob.account_id), video_id)
    await gone(studio, made.key)
    assert (await studio.as_(bob).refused(studio.as_(bob).get(made.id))).reason == "ExportNotFound"


async def test_an_erased_accounts_exports_leave_nothing(studio, bob, database_url):
    made = await studio.as_(bob).exported(await studio.as_(bob).film(), end_s=1)
    await studio.tell(AccountErased(account_id=bob.account_id), bob.account_id)
    await gone(studio, made.key)
    assert await rows(database_url, "select 1 from exports") == []


async def gone(studio, key):
    async with asyncio.timeout(10):
        while key in await studio.media.list("exports"):  # noqa: ASYNC110 - a file tells nobody that it went
            await asyncio.sleep(0.05)


async def rows(database_url, statement):
    connection = await connect(database_url, "provenance")
    try:
        return await connection.fetch(statement)
    finally:
        await connection.close()


async def test_an_expired_export_goes_and_is_made_again_when_asked_for(studio, bob, database_url):
    video_id = await studio.as_(bob).film()
    first = await studio.as_(bob).exported(video_id, end_s=1)
    await rows(database_url, "update exports set expires_at = now()")
    await gone(studio, first.key)
    again = await studio.as_(bob).exported(video_id, end_s=1)
    assert again.id != first.id
    assert await studio.as_(bob).exports(video_id) == [again]


async def test_a_film_that_was_changed_behind_our_back_is_not_exported(studio, bob):
    video_id = await studio.as_(bob).film()
    key = f"videos/{video_id}/att_1/video.mp4"
    await studio.media.put(key, studio.clips["wide"], content_type="video/mp4")
    ended = await studio.as_(bob).ended((await studio.as_(bob).export(video_id, end_s=1)).id)
    assert (ended.state, ended.error) == (pb.EXPORT_STATE_FAILED, "The video's file is no longer what was sealed.")


async def test_an_export_whose_maker_process_died_is_made_by_another(opened, bob, monkeypatch):
    monkeypatch.setenv("PROVENANCE_PARALLEL_EXPORTS", "0")
    monkeypatch.setattr(leased_work.TERMS, "lease_s", 0.6)
    async with opened() as studio:
        video_id = await studio.as_(bob).film()
        asked = await studio.as_(bob).export(video_id, end_s=1)
        await rows_of(studio, "update exports set state = 'running', lease = gen_random_uuid(), due_at = now() + interval '1 second'")
    monkeypatch.setenv("PROVENANCE_PARALLEL_EXPORTS", "1")
    async with opened() as again:
        assert (await again.as_(bob).ended(asked.id)).state == pb.EXPORT_STATE_COMPLETED


async def rows_of(studio, statement):
    return await rows(studio.served.adapters.database_url, statement)


async def test_nobody_waits_behind_all_of_anothers_exports(opened, bob, cleo, monkeypatch):
    monkeypatch.setenv("PROVENANCE_PARALLEL_EXPORTS", "0")
    async with opened() as studio:
        bobs, cleos = await studio.as_(bob).film(), await studio.as_(cleo).film()
        many = [await studio.as_(bob).export(bobs, end_s=end) for end in (1, 1.5, 2)]
        one = await studio.as_(cleo).export(cleos, end_s=1)
    monkeypatch.setenv("PROVENANCE_PARALLEL_EXPORTS", "1")
    async with opened() as studio:
        await asyncio.gather(studio.as_(cleo).ended(one.id), *(studio.as_(bob).ended(each.id) for each in many))
        order = await rows_of(studio, "select id from exports order by started_at")
    assert [row["id"] for row in order] == [many[0].id, one.id, many[1].id, many[2].id]


async def test_too_many_wait(opened, bob, monkeypatch):
    monkeypatch.setenv("PROVENANCE_PARALLEL_EXPORTS", "0")
    monkeypatch.setenv("PROVENANCE_MAX_QUEUED_EXPORTS", "2")
    async with opened() as studio:
        video_id = await studio.as_(bob).film()
        first, _ = [await studio.as_(bob).export(video_id, end_s=end) for end in (1, 2)]
        assert (await studio.as_(bob).refused(studio.as_(bob).export(video_id, end_s=3))).reason == "TooManyExports"
        assert (await studio.as_(bob).export(video_id, end_s=1)).id == first.id  # exists


async def test_a_brand_that_cannot_be_shown_stops_the_start(opened, tmp_path, monkeypatch):
    (tmp_path / "brand.svg").write_text("no drawing")
    monkeypatch.setenv("PROVENANCE_BRAND", str(tmp_path / "brand.svg"))
    with pytest.raises(BrandUnusable):
        async with opened():
            pass
