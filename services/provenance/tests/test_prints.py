"""The index of fingerprints: what was made here is found whatever became of it, and nothing else is taken for it."""

from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from kinora_kit.db import Database, migrate
from kinora_marks.prints import Printer, queries
from kinora_marks.prints.chromaprint import RATE
from kinora_media.encode import Mp4Writer
from kinora_media.film import SAMPLE_RATE, Picture
from kinora_media.film import film as film_of
from kinora_provenance import main, prints
from kinora_provenance.prints import PrintMatch

SECONDS, HEIGHT, WIDTH = 6, 272, 480


@pytest.fixture
async def tx(database_url):
    await migrate(database_url, "provenance", Path(main.__file__).parent / "migrations")
    database = Database(database_url, "provenance")
    async with database.begin() as tx:
        yield tx
    await database.close()


@cache
def place(seed):
    """Leaves of all sizes, fallen on each other: the statistics of photographs (A. Lee et al., Int. J. Computer Vision 41, 2001)."""
    random, luma = np.random.default_rng(seed), np.full((HEIGHT, WIDTH + 120), 128, np.uint8)
    for radius in 3 / random.uniform(0.03, 1, 1500):
        middle = random.integers(0, luma.shape[::-1])
        cv2.circle(luma, [int(side) for side in middle], int(radius), int(random.integers(16, 235)), -1, cv2.LINE_AA)
    return luma


def pictures(seed):
    """Two a second, of a camera that moves over a place."""
    return [np.ascontiguousarray(place(seed)[:, moved : moved + WIDTH]) for moved in range(0, 20 * SECONDS, 10)]


def tune(seed, seconds=SECONDS):
    random, time = np.random.default_rng(seed), np.arange(RATE // 4) / RATE
    chords = [sum(np.sin(2 * np.pi * 220 * 2 ** (note / 12) * time) for note in random.integers(0, 24, 2)) for _ in range(4 * seconds)]
    return (0.2 * np.concatenate(chords)[:, None]).astype(np.float32)


def printed(shown=(), heard=None, details=8):
    printer = Printer(details=details)
    for number, picture in enumerate(shown):
        printer.luma(number / 2, np.ascontiguousarray(picture))
    if heard is not None:
        printer.sound(heard, RATE)
    return printer.finish()


@pytest.fixture
async def library(tx):
    """Five films, each with a place and a tune of its own."""
    for seed in range(1, 6):
        await prints.add(tx, f"video_{seed}", printed(pictures(seed), tune(seed)))
    return tx


async def found(tx, shown=(), heard=None):
    return await prints.find(tx, queries(printed(shown, heard, details=24)))


async def test_a_film_is_found_by_picture_and_sound(library):
    (match,) = await found(library, pictures(2), tune(2))
    assert match == PrintMatch("video_2", 1.0, 1.0, pytest.approx(0, abs=2), turned=False, offset_s=0)


CHANGES = {
    "mirrored": lambda picture: picture[:, ::-1],
    "cropped": lambda picture: picture[40:240, 60:420],
    "framed in black": lambda picture: cv2.copyMakeBorder(picture, 60, 60, 0, 0, cv2.BORDER_CONSTANT, value=16),
    "written over": lambda picture: np.vstack([picture[:210], np.full((62, WIDTH), 16, np.uint8)]),
    "in noise": lambda picture: np.clip(picture + np.random.default_rng(1).normal(0, 8, picture.shape), 0, 255).astype(np.uint8),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_a_film_is_found_without_its_sound_and_changed(library, change):
    (match,) = await found(library, [CHANGES[change](picture) for picture in pictures(3)])
    assert (match.video_id, match.turned, match.sound_share) == ("video_3", change == "mirrored", 0)
    assert match.distance <= 31


async def test_an_excerpt_tells_where_in_the_film_it_begins(library):
    (match,) = await found(library, pictures(4)[4:])
    assert (match.video_id, match.offset_s) == ("video_4", pytest.approx(2, abs=0.3))


async def test_a_film_is_found_by_five_seconds_of_its_sound_alone(library):
    (match,) = await found(library, heard=tune(5)[RATE:])
    assert (match.video_id, match.picture_share, match.sound_share) == ("video_5", 0, 1)
    assert match.offset_s == pytest.approx(1, abs=0.15)


async def test_a_still_is_found(library):
    (match,) = await found(library, pictures(1)[3:4])
    assert (match.video_id, match.picture_share) == ("video_1", 1)


async def test_two_films_in_one_are_both_found(library):
    matches = await found(library, [*pictures(1), *pictures(2)])
    assert {match.video_id: match.picture_share for match in matches} == {"video_1": 0.5, "video_2": 0.5}


async def test_what_was_not_made_here_is_not_found(library):
    assert await found(library, pictures(9), tune(9)) == []
    assert await found(library) == []


async def test_one_picture_alike_makes_no_copy(library):
    assert await found(library, [*pictures(9)[:11], pictures(1)[0]]) == []


async def test_sound_that_several_films_have_names_none_of_them(library):
    await prints.add(library, "video_6", printed(pictures(6), tune(5)))
    assert await found(library, heard=tune(5)) == []
    assert [(match.video_id, match.sound_share) for match in await found(library, pictures(6), tune(5))] == [("video_6", 1)]


async def test_of_two_films_of_one_place_the_nearer_one_is_meant(library):
    """One in which something small is elsewhere."""
    other = [cv2.circle(picture.copy(), (300, 200), 12, 235, -1) for picture in pictures(1)]
    await prints.add(library, "video_6", printed(other))
    assert [match.video_id for match in await found(library, other)] == ["video_6"]
    assert [match.video_id for match in await found(library, pictures(1))] == ["video_1"]


async def test_copies_are_other_films_that_show_the_same(library):
    await prints.add(library, "remix", printed([*pictures(7)[:6], *pictures(2)[:6]]))
    (copy,) = await prints.copies_of(library, "video_2")
    assert (copy.video_id, copy.picture_share) == ("remix", 0.5)
    assert await prints.copies_of(library, "video_1") == []
    assert await prints.copies_of(library, "nobody's") == []


async def test_a_film_that_was_forgotten_is_not_found(library):
    await prints.forget(library, "video_2")
    assert await found(library, pictures(2), tune(2)) == []
    assert len(await found(library, pictures(1), tune(1))) == 1


async def test_new_prints_of_a_film_replace_the_old(library):
    await prints.add(library, "video_1", printed(pictures(8)))
    assert await found(library, pictures(1), tune(1)) == []
    assert [match.video_id for match in await found(library, pictures(8))] == ["video_1"]


@pytest.fixture
def master(tmp_path):
    """Three seconds over a place."""
    with Mp4Writer(tmp_path / "master.mp4", WIDTH, HEIGHT, 24) as out:
        for number in range(72):
            shown = place(1)[:, number : number + WIDTH]
            out.frame(np.repeat(shown[..., None], 3, 2))
    return tmp_path / "master.mp4"


async def test_a_sealed_film_is_found_by_its_file(kinora, film, master, database_url):
    await kinora.render(fox := film(), master)
    await kinora.next_fact()
    await kinora.media.fetch(fox.sealed_key, kinora.state_dir / "film.mp4")
    database, printer = Database(database_url, "provenance"), Printer(details=24)
    for part in film_of(kinora.state_dir / "film.mp4"):
        printer.picture(part.at_s, part.planes) if isinstance(part, Picture) else printer.sound(part.samples, SAMPLE_RATE)
    async with database.begin() as tx:
        (match,) = await prints.find(tx, queries(printer.finish()))
    await database.close()
    assert (match.video_id, match.picture_share, match.turned) == (fox.video_id, 1, False)
