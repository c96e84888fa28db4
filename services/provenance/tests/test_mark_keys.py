"""Keys of invisible marks: the operator's, or made on first start."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from kinora_marks.picture import find_mark, frames_of
from kinora_provenance import mark_keys
from kinora_provenance.delivering import deliver
from kinora_provenance.mark_keys import MarkKeysInvalid

OLD, NEW = "1:" + "11" * 32, "2:" + "22" * 32


def test_keys_are_made_once_and_only_this_user_can_read_them(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: mark_keys.ring("", tmp_path / "marks"), range(8)))
    assert len(made) == 1
    assert ((tmp_path / "marks").stat().st_mode & 0o777, (tmp_path / "marks" / "keys").stat().st_mode & 0o777) == (0o700, 0o600)


def test_no_two_kinoras_make_the_same_key(tmp_path):
    assert mark_keys.ring("", tmp_path / "a") != mark_keys.ring("", tmp_path / "b")


def test_after_a_change_of_keys_old_films_are_still_read(long_clip, tmp_path):
    """And new ones are marked with the new key."""
    both = mark_keys.ring(f"{NEW} {OLD}", tmp_path)
    for name, identity, ring in (("old", 1, mark_keys.ring(OLD, tmp_path)), ("new", 2, both)):
        deliver(long_clip, tmp_path / f"{name}.mp4", identity, ring)
    found = [find_mark(frames_of(tmp_path / f"{name}.mp4"), both).mark for name in ("old", "new")]
    assert [(mark.identity, mark.key) for mark in found] == [(1, 1), (2, 2)]


@pytest.mark.parametrize("wrong", ["secret", "1:xyz", f"1:{'ab' * 4}", f"{OLD} {OLD}"])
def test_wrong_keys_are_refused_and_not_told(tmp_path, wrong):
    with pytest.raises(MarkKeysInvalid, match="PROVENANCE_MARK_KEYS") as refused:
        mark_keys.ring(wrong, tmp_path)
    assert wrong not in str(refused.value)


def test_a_spoilt_file_is_named(tmp_path):
    (tmp_path / "keys").write_text("spoilt")
    with pytest.raises(MarkKeysInvalid, match="keys: Keys of marks are written as"):
        mark_keys.ring("", tmp_path)


async def test_the_operators_keys_mark_and_none_is_made(running, film, long_clip, monkeypatch, tmp_path):
    monkeypatch.setenv("PROVENANCE_MARK_KEYS", NEW)
    async with running() as kinora:
        await kinora.render(fox := film(), long_clip)
        await kinora.next_fact()
        await kinora.media.fetch(fox.sealed_key, tmp_path / "film.mp4")
    assert find_mark(frames_of(tmp_path / "film.mp4"), mark_keys.ring(NEW, tmp_path)).mark.key == 2
    assert not (tmp_path / "marks").exists()
