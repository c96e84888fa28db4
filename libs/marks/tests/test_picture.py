"""The mark in the picture, through real encodes: it is read from what became of the video, and not seen in it."""

import cv2
import numpy as np
import pytest
from kinora_marks.keys import Key, KeyRing
from kinora_marks.picture import Frame, Marker, Pose, Search, find_mark, frames_of
from kinora_media.encode import Mp4Writer

cv2.setNumThreads(1)
IDENTITY = 0x5EED_0FDA_7A5E_7501
RING = KeyRing((Key(2, b"the key of today"), Key(1, b"the key of before")))
OTHERS = KeyRing((Key(1, b"a key of somebody else"),))
WIDTH, HEIGHT = 1280, 720


def scene(frames=16):
    """Planes of a textured hall that the camera pans over, with a plain wall and a bright disc that moves."""
    random = np.random.default_rng(7)
    texture = cv2.GaussianBlur(random.normal(0, 60, (HEIGHT, WIDTH + 200)), (0, 0), 2) + cv2.GaussianBlur(
        random.normal(0, 900, (HEIGHT, WIDTH + 200)), (0, 0), 25
    )
    for number in range(frames):
        luma = np.clip(120 + texture[:, 3 * number : 3 * number + WIDTH], 16, 235)
        luma[:200, :500] = 90
        cv2.circle(luma, (300 + 12 * number, 400), 80, 220, -1, cv2.LINE_AA)
        planes = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
        planes[:HEIGHT] = luma
        yield planes


@pytest.fixture(scope="module")
def marked():
    marker = Marker(IDENTITY, RING, WIDTH, HEIGHT)
    return [marker.mark(planes) for planes in scene()]


def written(path, planes, crf=23):
    """The frames that come of an encode."""
    with Mp4Writer(path, WIDTH, HEIGHT, 24, crf=crf) as out:
        for picture in planes:
            out.frame(picture)
    return list(frames_of(path))


@pytest.fixture(scope="module")
def film(marked, tmp_path_factory):
    return written(tmp_path_factory.mktemp("marked") / "film.mp4", marked)


def changed(frames, change):
    return [frame._replace(luma=np.ascontiguousarray(change(frame.luma))) for frame in frames]


@pytest.mark.parametrize("crf", [18, 33])
def test_it_is_read_after_an_encode(tmp_path, marked, crf):
    mark = find_mark(written(tmp_path / "film.mp4", marked, crf), RING).mark
    assert (mark.identity, mark.key) == (IDENTITY, 2)


CHANGES = {
    "smaller": lambda luma: cv2.resize(luma, (640, 360), interpolation=cv2.INTER_AREA),
    "flipped": lambda luma: luma[:, ::-1],
    "darker": lambda luma: (luma * 0.6).astype(np.uint8),
    "blurred": lambda luma: cv2.GaussianBlur(luma, (0, 0), 1.5),
    "with bars": lambda luma: cv2.copyMakeBorder(luma[::2, ::2], 180, 180, 320, 320, cv2.BORDER_CONSTANT, value=16),
    "cropped, flipped and smaller": lambda luma: cv2.resize(
        luma[
            60:660,
            80:1180,
        ][:, ::-1],
        (880, 480),
        interpolation=cv2.INTER_AREA,
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_it_is_read_after_an_encode_and_a_change(film, change):
    assert find_mark(changed(film, CHANGES[change]), RING).mark.identity == IDENTITY


def test_how_the_picture_was_changed_is_told(film):
    geometry = find_mark(changed(film, lambda luma: luma[150:690, 200:1160][:, ::-1]), RING).mark.geometry
    assert geometry.flipped
    assert (geometry.across, geometry.down) == (pytest.approx(4 / 3, abs=0.01), pytest.approx(4 / 3, abs=0.01))


TURNED = cv2.getRotationMatrix2D((640, 360), -3, 1)
CORNERS = np.array([(0, 0), (WIDTH, 0), (0, HEIGHT), (WIDTH, HEIGHT)], np.float32)
TILTED = cv2.getPerspectiveTransform(CORNERS, CORNERS + np.array([(-40, -25), (-40, 25), (-40, 25), (-40, -25)], np.float32))
WARPS = {
    "stretched": (lambda luma: cv2.resize(luma, (960, 720)), Search(0.9, 1.1, aspects=(1.0, 0.75))),
    "turned": (lambda luma: cv2.warpAffine(luma, TURNED, (WIDTH, HEIGHT)), Search(0.9, 1.1, poses=(Pose(3),))),
    "tilted": (lambda luma: cv2.warpPerspective(luma, TILTED, (WIDTH, HEIGHT)), Search(0.9, 1.1, poses=(Pose(tilted=8), Pose(tilted=-8)))),
}


@pytest.mark.parametrize("warp", WARPS)
def test_what_is_turned_stretched_or_tilted_is_read_where_asked_for(film, warp):
    change, search = WARPS[warp]
    assert find_mark(changed(film, change), RING, search).mark.identity == IDENTITY


def zoomed(planes, by):
    matrix = np.array([[by, 0, (1 - by) * WIDTH / 2], [0, by, (1 - by) * HEIGHT / 2]])
    luma = cv2.warpAffine(planes[:HEIGHT], matrix, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    return np.concatenate([luma, planes[HEIGHT:]])


def test_it_follows_a_camera_that_pans_and_zooms_and_costs_few_bits(tmp_path):
    plain = [zoomed(planes, 1 + number / 100) for number, planes in enumerate(scene())]
    marker = Marker(IDENTITY, RING, WIDTH, HEIGHT)
    mark = find_mark(written(tmp_path / "marked.mp4", map(marker.mark, plain), 28), RING).mark
    written(tmp_path / "plain.mp4", plain, 28)
    assert mark.identity == IDENTITY
    assert mark.geometry.across == pytest.approx(1, abs=0.01)
    assert (tmp_path / "marked.mp4").stat().st_size < 1.15 * (tmp_path / "plain.mp4").stat().st_size


def test_two_videos_show_nothing_that_their_marks_have_in_common():
    blank = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
    one, other = (Marker(identity, RING, WIDTH, HEIGHT).mark(blank)[:HEIGHT].astype(int) - 128 for identity in (1, 2))
    assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 0.1


def test_seconds_that_carry_it_are_told_from_those_that_do_not(film):
    plain = [Frame(picture[:HEIGHT], 1 + number / 24, number == 0) for number, picture in enumerate(scene(8))]
    segments = find_mark([*film, *plain], RING).mark.segments
    assert [segment.marked for segment in segments] == [True, False]


def test_nothing_is_read_where_nothing_was_written():
    plain = [Frame(picture[:HEIGHT], number / 24, number == 0) for number, picture in enumerate(scene(8))]
    report = find_mark(plain, RING, Search(0.9, 1.1))
    assert report.mark is None
    assert report.pilots < 8


def test_who_lacks_the_key_reads_nothing(film):
    assert find_mark(film, OTHERS, Search(0.9, 1.1)).mark is None


def test_marks_of_an_old_key_stay_readable():
    marker = Marker(IDENTITY, KeyRing(RING.keys[1:]), WIDTH, HEIGHT)
    frames = [Frame(marker.mark(picture)[:HEIGHT], number / 24, number == 0) for number, picture in enumerate(scene(8))]
    mark = find_mark(frames, RING).mark
    assert (mark.identity, mark.key) == (IDENTITY, 1)


def test_it_is_not_seen(marked):
    difference = marked[0][:HEIGHT].astype(float) - next(scene())[:HEIGHT]
    assert 10 * np.log10(255**2 / np.mean(difference**2)) >= 44
    assert 10 * np.log10(255**2 / np.mean(difference[20:180, 20:480] ** 2)) >= 48
    assert abs(difference).max() <= 16


def test_chroma_and_the_given_picture_are_left_alone():
    planes = next(scene())
    before = planes.copy()
    made = Marker(IDENTITY, RING, WIDTH, HEIGHT).mark(planes)
    assert np.array_equal(planes, before)
    assert np.array_equal(made[HEIGHT:], before[HEIGHT:])


@pytest.mark.parametrize(("width", "height"), [(720, 1280), (1920, 1080), (640, 360)])
def test_any_size_and_either_way_up(width, height):
    planes = [cv2.resize(picture[:HEIGHT], (width, height), interpolation=cv2.INTER_AREA) for picture in scene(6)]
    marker = Marker(IDENTITY, RING, width, height)
    lumas = [marker.mark(np.concatenate([luma, luma[: height // 2]]))[:height] for luma in planes]
    frames = [Frame(luma, number / 24, number == 0) for number, luma in enumerate(lumas)]
    assert find_mark(frames, RING).mark.identity == IDENTITY


def test_sizes_that_do_not_fit_and_ids_that_are_too_long_are_refused():
    with pytest.raises(ValueError, match="1280x720"):
        Marker(IDENTITY, RING, WIDTH, HEIGHT).mark(np.zeros((540, 640), np.uint8))
    with pytest.raises(ValueError, match="64 bits"):
        Marker(2**64, RING, WIDTH, HEIGHT)
    with pytest.raises(ValueError, match="without frames"):
        find_mark([], RING)
