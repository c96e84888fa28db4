"""The index of fingerprints in Postgres: whole pictures and details by nearness of bits (pgvector's HNSW), sound by its words."""
# ruff: noqa: S608 - only the names of tables above are put into statements

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from kinora_marks.prints import PicturePrint, PictureQuery, Place, Prints, Queries, Words, queries
from kinora_marks.prints.chromaprint import SILENCE, STEP_S
from kinora_marks.prints.pdq import distance
from numpy.typing import NDArray
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_provenance import alike
from kinora_provenance.alike import NEAR, Heard, Hit, Seen

_SAME = 6  # bits: a picture that has not changed is kept once
_NEAREST = 12  # kept pictures that one query may bring
_OFTEN = 64  # places that one word may bring: what is everywhere tells nothing
_CANDIDATES = 16

_ADD_FRAME = text(
    "insert into frame_prints (video_id, at_s, place, bits) values (:video_id, :at_s, :place, cast(cast(:bits as text) as bit(256)))"
)
_ADD_WORD = text("insert into sound_prints (word, video_id, at) values (:word, :video_id, :at)")
_NEAR = text(
    "select q.number, f.video_id, f.at_s, f.place, f.distance"
    " from unnest(cast(:bits as text[])) with ordinality as q(bits, number) cross join lateral ("
    "  select video_id, at_s, place, bits operator(public.<~>) cast(q.bits as bit(256)) as distance from frame_prints"
    "  order by bits operator(public.<~>) cast(q.bits as bit(256)) limit :nearest"
    " ) f where f.distance <= :near"
)
_VOTES = text(
    "select p.video_id, p.at - q.at as shift"
    " from unnest(cast(:words as int[]), cast(:ats as int[])) as q(word, at) cross join lateral ("
    "  select video_id, at from sound_prints where word = q.word limit :often"
    " ) p group by 1, 2 order by count(*) desc, 1, 2 limit :candidates"
)
_WORDS_OF = text("select video_id, at, word from sound_prints where video_id = any(:video_ids) order by video_id, at")
_FRAMES_OF = text("select at_s, place, cast(bits as text) as bits from frame_prints where video_id = :video_id order by at_s")
_TABLES = ("frame_prints", "sound_prints")
_FORGET = [text(f"delete from {table} where video_id = :video_id") for table in _TABLES]
_THEIRS = "(select video_id from films where account_id = :account_id)"
_FORGET_ACCOUNT = [text(f"delete from {table} where video_id in {_THEIRS}") for table in _TABLES]


@dataclass(frozen=True)
class PrintMatch:
    """A film that what was looked up looks or sounds like: shares (0 to 1) of its pictures and its words of sound that the film has.

    distance: mean of the matching pictures' bits that differ, of 256; 0 when only sound matches. turned: they match mirrored or turned.
    offset_s: where in the film what was looked up begins, by the pictures if they match; negative when it begins before.
    """

    video_id: str
    picture_share: float
    sound_share: float
    distance: float
    turned: bool
    offset_s: float


async def add(tx: AsyncConnection, video_id: str, prints: Prints) -> None:
    """A film's fingerprints, which replace those that it had."""
    await forget(tx, video_id)
    if frames := [
        {"video_id": video_id, "at_s": seen.at_s, "place": list(seen.place) if seen.place else None, "bits": _bits(seen.bits)}
        for seen in _changing(prints.pictures)
    ]:
        await tx.execute(_ADD_FRAME, frames)
    words = prints.sound.words.view(np.int32).tolist()
    if heard := [{"word": word, "video_id": video_id, "at": at} for at, word in enumerate(words) if word != SILENCE]:
        await tx.execute(_ADD_WORD, heard)


async def find(tx: AsyncConnection, asked: Queries, *, but: str = "") -> list[PrintMatch]:
    """Films that look or sound like it, the best first, without `but`. Turned pictures are looked for where upright ones bring none."""
    heard = [film for film in await _heard(tx, asked) if film.video_id != but]
    names = {film.video_id for film in heard}
    for turned in (False, True):
        pictures = [query for query in asked.pictures if (query.turn > 0) == turned]
        hits = [hit for hit in await _near(tx, pictures) if hit.video_id != but]
        if seen := alike.seen(pictures, hits, names):
            return _matches(seen, heard)
    return _matches([], heard)


async def copies_of(tx: AsyncConnection, video_id: str) -> list[PrintMatch]:
    """Other films that show or sound like this one."""
    return await find(tx, queries(await _prints_of(tx, video_id)), but=video_id)


async def forget(tx: AsyncConnection, video_id: str) -> None:
    """Nothing remains of how the film looks and sounds."""
    for statement in _FORGET:
        await tx.execute(statement, {"video_id": video_id})


async def forget_account(tx: AsyncConnection, account_id: str) -> None:
    """The same of all of an account's films; to be called while they are still known to be its own."""
    for statement in _FORGET_ACCOUNT:
        await tx.execute(statement, {"account_id": account_id})


def _matches(seen: Sequence[Seen], heard: Sequence[Heard]) -> list[PrintMatch]:
    sounds = {film.video_id: film for film in heard}
    matches = [
        PrintMatch(film.video_id, film.share, _share(sounds.get(film.video_id)), film.distance, film.turned, film.offset_s) for film in seen
    ]
    alone = [film for film in alike.only_one(heard) if film.video_id not in {match.video_id for match in matches}]
    return matches + [PrintMatch(film.video_id, 0.0, film.share, 0.0, turned=False, offset_s=film.offset * STEP_S) for film in alone]


def _share(film: Heard | None) -> float:
    return film.share if film else 0.0


async def _near(tx: AsyncConnection, pictures: Sequence[PictureQuery]) -> list[Hit]:
    if not pictures:
        return []
    rows = await tx.execute(_NEAR, {"bits": [_bits(query.bits) for query in pictures], "nearest": _NEAREST, "near": NEAR})
    hits = (
        Hit(pictures[row.number - 1], row.video_id, row.at_s, Place(*row.place) if row.place else None, int(row.distance)) for row in rows
    )
    return [hit for hit in hits if (hit.place is None) == (hit.query.place is None)]


async def _heard(tx: AsyncConnection, asked: Queries) -> list[Heard]:
    if not asked.sound:
        return []
    keys = np.array([query.word for query in asked.sound], np.uint32).view(np.int32).tolist()
    ats = [query.at for query in asked.sound]
    rows = await tx.execute(_VOTES, {"words": keys, "ats": ats, "often": _OFTEN, "candidates": _CANDIDATES})
    shifts = [(row.video_id, row.shift) for row in rows]
    return alike.heard(asked.words, await _words_of(tx, {video_id for video_id, _ in shifts}), shifts)


async def _words_of(tx: AsyncConnection, video_ids: Iterable[str]) -> dict[str, NDArray[np.uint32]]:
    spoken: dict[str, dict[int, int]] = defaultdict(dict)
    for row in await tx.execute(_WORDS_OF, {"video_ids": list(video_ids)}):
        spoken[row.video_id][row.at] = row.word
    return {video_id: _filled(words) for video_id, words in spoken.items()}


def _filled(words: dict[int, int]) -> NDArray[np.uint32]:
    filled = np.full(max(words, default=-1) + 1, SILENCE, np.int32)
    filled[list(words)] = list(words.values())
    return filled.view(np.uint32)


async def _prints_of(tx: AsyncConnection, video_id: str) -> Prints:
    rows = await tx.execute(_FRAMES_OF, {"video_id": video_id})
    pictures = tuple(
        PicturePrint(row.at_s, int(row.bits, 2).to_bytes(32, "big"), 100, Place(*row.place) if row.place else None) for row in rows
    )
    words = (await _words_of(tx, [video_id])).get(video_id, np.zeros(0, np.uint32))
    return Prints(pictures, Words(words, np.zeros((len(words), 0), np.uint32)))


def _changing(pictures: Iterable[PicturePrint]) -> list[PicturePrint]:
    """Without those that look as the whole picture, or a detail of the picture, before."""
    kept: list[PicturePrint] = []
    for seen in pictures:
        like = [before for before in kept if (before.place is None) == (seen.place is None)]
        if not any(distance(before.bits, seen.bits) <= _SAME for before in (like[-1:] if seen.place is None else like)):
            kept.append(seen)
    return kept


def _bits(bits: bytes) -> str:
    return f"{int.from_bytes(bits, 'big'):0256b}"
