"""A stranger holds a file. Is it ours?"""

import numpy as np
import pytest
from kinora.generation.v1.events_pb2 import VideoDeleted
from kinora.identity.v1.events_pb2 import AccountErased
from kinora.provenance.v1 import check_service_pb2 as pb
from kinora_provenance import mark_keys
from kinora_provenance.delivering import deliver

DETECTED, NOT_DETECTED, NOT_APPLICABLE = pb.OUTCOME_DETECTED, pb.OUTCOME_NOT_DETECTED, pb.OUTCOME_NOT_APPLICABLE


async def test_a_film_as_we_signed_it_is_known_to_the_byte(kinora, film):
    video_id, shown = film
    check = await kinora.check(shown)
    assert [(m.record.video_id, m.verdict) for m in check.matches] == [(video_id, pb.VERDICT_UNCHANGED)]
    assert (check.c2pa.outcome, check.c2pa.validation_state, check.c2pa.video_id) == (DETECTED, "trusted", video_id)
    assert (check.kind, round(check.duration_s), check.summary) == ("video", 4, "This file was made here and is unchanged.")


async def test_one_that_was_encoded_anew_is_known_by_its_marks_and_never_trusted(kinora, film, again):
    video_id, shown = film
    check = await kinora.check(again(shown))
    assert [(m.record.video_id, m.verdict) for m in check.matches] == [(video_id, pb.VERDICT_MARKED)]
    assert (check.c2pa.outcome, check.c2pa.validation_state) == (NOT_DETECTED, "not_present")
    assert "its manifest was taken off" in check.matches[0].explanation
    for mark in (check.picture_mark, check.sound_mark):
        assert (mark.outcome, mark.video_id, mark.model, mark.false_positive_bound < 1e-9) == (DETECTED, video_id, "world", True)
        assert sum(each.end_s - each.start_s for each in mark.segments) > 2


async def test_how_it_was_changed_is_told_in_words(kinora, film, again):
    check = await kinora.check(again(film[1], lambda rgb: rgb[:, ::-1]))
    assert list(check.picture_mark.changes) == ["mirrored"]
    assert "mirrored" in check.matches[0].explanation


async def test_a_flipped_byte_breaks_the_signature_and_not_the_mark(kinora, film):
    broken = bytearray(film[1])
    broken[len(broken) // 2] ^= 1
    check = await kinora.check(bytes(broken))
    assert (check.c2pa.outcome, check.c2pa.validation_state) == (NOT_DETECTED, "invalid")
    assert "mismatch" in check.c2pa.problem
    assert check.matches[0].verdict == pb.VERDICT_MARKED


async def test_a_screenshot_has_no_sound_and_no_manifest(kinora, film, still):
    check = await kinora.check(still(film[1]))
    assert (check.kind, check.duration_s, check.sound_mark.outcome) == ("image", 0, NOT_APPLICABLE)
    assert check.c2pa.outcome == NOT_DETECTED


async def test_what_is_not_ours_is_not_called_made_by_a_camera(kinora, draw):
    check = await kinora.check(draw(7))
    assert not check.matches
    assert {check.picture_mark.outcome, check.sound_mark.outcome, check.c2pa.outcome} == {NOT_DETECTED}
    assert "does not prove that a camera took it" in check.summary


async def test_an_id_that_nobody_here_was_given_counts_for_nothing(kinora, draw, again):
    video_id, shown = await kinora.seal(draw(2))
    await kinora.sql("delete from films where video_id = :id", id=video_id)
    check = await kinora.check(again(shown))
    assert not check.matches
    assert check.picture_mark.outcome == NOT_DETECTED


async def test_a_deleted_film_is_still_known_and_its_manifest_gone(kinora, draw, again, eventually):
    video_id, shown = await kinora.seal(draw(3))
    await kinora.tell(VideoDeleted(video_id=video_id), video_id)

    async def deleted():
        return (await kinora.ask("GetRecord", video_id=video_id)).record.deleted

    await eventually(deleted)
    record = (await kinora.check(again(shown))).matches[0].record
    assert (record.video_id, record.deleted, record.manifest_label) == (video_id, True, "")


async def test_an_erased_maker_leaves_that_it_was_made_here_then_by_this_engine(kinora, draw, again, eventually):
    _, shown = await kinora.seal(draw(4), account_id="acct_eve")
    await kinora.tell(AccountErased(account_id="acct_eve"), "acct_eve")

    async def erased():
        return not await kinora.sql("select 1 from films where account_id = 'acct_eve'")

    await eventually(erased)
    record = (await kinora.check(again(shown))).matches[0].record
    assert (record.video_id, record.maker_handle, record.engine, record.made_at > 0) == ("", "", "world", True)


async def test_sound_alone_is_enough(kinora, film, sound_of):
    check = await kinora.check(sound_of(film[1]))
    assert (check.kind, check.picture_mark.outcome, check.sound_mark.outcome) == ("audio", NOT_APPLICABLE, DETECTED)
    assert [m.record.video_id for m in check.matches] == [film[0]]


async def test_a_film_without_marks_that_looks_like_ours_is_a_hint_and_no_proof(kinora, film, draw):
    check = await kinora.check(draw(0))
    assert [(m.record.video_id, m.verdict) for m in check.matches] == [(film[0], pb.VERDICT_ALIKE)]
    assert (check.prints.outcome, check.prints.matches[0].video_id, check.picture_mark.outcome) == (DETECTED, film[0], NOT_DETECTED)
    assert "a hint, no proof" in check.summary


async def test_a_mark_on_a_film_that_looks_otherwise_was_copied_over(kinora, film, draw, tmp_path):
    (row,) = await kinora.sql("select identity from films where video_id = :id", id=film[0])
    ring = mark_keys.ring("", kinora.adapters.state_dir / "marks")
    (tmp_path / "other.mp4").write_bytes(draw(9))
    deliver(tmp_path / "other.mp4", tmp_path / "marked.mp4", row.identity % (1 << 64), ring)
    check = await kinora.check((tmp_path / "marked.mp4").read_bytes())
    assert [(m.record.video_id, m.verdict) for m in check.matches] == [(film[0], pb.VERDICT_TRANSPLANTED)]
    assert "do not take it for this film" in check.matches[0].explanation


@pytest.mark.parametrize("key", ["", "checks/", "videos/video_1/att_1/video.mp4", "checks/../videos/x", "checks/a/b"])
async def test_only_what_was_handed_in_is_looked_at(kinora, key, refused):
    with refused("BadField", "content_key"):
        await kinora.ask("CheckContent", content_key=key)


async def test_a_file_that_is_gone_is_missing(kinora, refused):
    with refused("ContentMissing", "content_key"):
        await kinora.ask("CheckContent", content_key="checks/gone")


def noise(count):
    return np.random.default_rng(5).integers(0, 256, count, np.uint8).tobytes()


BROKEN = {
    "EMPTY": lambda _: b"",
    "UNKNOWN_KIND": lambda _: b"%PDF-1.7 " + noise(500),
    "CUT_OFF": lambda _: b"\x89PNG\r\n\x1a\n" + noise(500),
    "TOO_LARGE": lambda film: film + bytes(40 * 1024 * 1024),
}


@pytest.mark.parametrize("code", BROKEN)
async def test_what_cannot_be_looked_at_is_refused_with_the_reason(kinora, film, code, refused):
    with refused("ContentRefused", "content_key", code):
        await kinora.check(BROKEN[code](film[1]))
