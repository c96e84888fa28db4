"""People's own faces on the cast."""

from dataclasses import replace

import numpy as np
import pytest
from kinora_faces.matching import distance
from kinora_faces.mesh import FaceMesh
from kinora_faces.recogniser import face_vector
from kinora_testkit.likenesses import BROWN, packed, pet, taken
from kinora_world.cast.build import build_body, build_double
from kinora_world.likeness import BadLikeness, Thing, as_enrolled, read_likeness
from kinora_world.likeness.blending import blended
from kinora_world.look import Renderer
from kinora_world.render import prepare
from kinora_world.scene import View
from kinora_world.sound.voices import entry_of
from kinora_world.stage import build_stage
from kinora_world.storyboard import Character, Clothes, Garment, Hair, Mark, Shot, Storyboard

pytestmark = pytest.mark.timeout(300)  # two people are filmed first

PEOPLE = ("eileen", "grace")


def bearer(name):
    return Character(id=name, name=name.title(), handle=f"@{name}", feminine=1.0, age_years=40, hair=Hair(style="short"))


def board(*people, **shot):
    marks = tuple(Mark(character=person.id) for person in people)
    return Storyboard(title="A portrait", characters=people, shots=(Shot(duration=1.0, place="office", marks=marks, **shot),))


@pytest.fixture(scope="session")
def enrolled():
    """Of each person the package and the recogniser's vector."""
    people = {name: taken(name, voice=name == "eileen") for name in PEOPLE}
    return {name: (person.to_bytes(), person.vector) for name, person in people.items()}


@pytest.fixture(scope="session")
def likenesses(enrolled):
    return {f"@{name}": read_likeness(data) for name, (data, _) in enrolled.items()}


@pytest.fixture(scope="session")
def double(likenesses):
    def made(name, style="realistic"):
        (person,) = as_enrolled(board(bearer(name)), likenesses).characters
        return build_double(person, style, likenesses[f"@{name}"])

    return made


def close_up(figure):
    """The vector of the face in a picture of a body."""
    middle = np.array(figure.landmarks["nose"]) * (1, 0, 1)
    view = View((0.0, -1.0, float(middle[2])), (0.0, 0.0, float(middle[2])), 22.0)
    with Renderer(400, 400) as renderer, FaceMesh(still=True) as mesh:
        drawn = renderer.frame(view, build_stage("office", "day", "realistic", 1, "clear"), [], [(figure, *figure.rest)], "realistic", 0.0)
        return face_vector(drawn, mesh.find(drawn)[0])


def test_a_close_up_is_recognised_as_the_enrolled_person_and_as_nobody_else_of_the_cast(enrolled, double):
    seen = {name: close_up(double(name)) for name in PEOPLE}
    for name, other in (PEOPLE, PEOPLE[::-1]):
        own = distance(seen[name], enrolled[name][1])
        assert own <= 0.56
        assert own < distance(seen[other], enrolled[name][1]) - 0.02
        assert own < distance(close_up(build_body(bearer(name), "realistic")), enrolled[name][1])


def test_the_mouth_opens_and_the_eyes_shut_with_the_bodys_own_shapes(double):
    figure = double("eileen")
    assert abs(figure.face_shapes["jawOpen"][1][:, 2]).max() > 0.015
    assert abs(figure.face_shapes["eyeBlinkLeft"][1][:, 2]).max() > 0.004
    shown = figure.portrait.at[:, 2] > 0
    normals = figure.rest[1]
    assert not (shown & (normals[:, 1] > 0.9)).any()  # what faces inwards is not painted


@pytest.mark.parametrize("name", PEOPLE)
def test_a_shadow_that_lay_on_a_cheek_is_weaker_in_the_picture_than_it_was_when_filmed(likenesses, name):
    face = likenesses[f"@{name}"]
    shade = 1 - 0.3 * np.linspace(0, 1, 512)[:, None] * (1, 1, 1, 0)  # darker towards one side
    shadowed = replace(face, skin=(face.skin * shade).astype(np.uint8))
    cheek = np.s_[200:360, 300:360, :3]
    filmed, shown = (abs(1.0 * a[cheek] - b[cheek]).mean() for a, b in ((face.skin, shadowed.skin), (blended(face), blended(shadowed))))
    assert shown < 0.9 * filmed  # 1.1 to 1.3 of it before its light is taken out: contrast is added


def test_a_texture_of_a_few_pixels_is_painted_too(likenesses):
    face = likenesses["@grace"]
    assert blended(replace(face, skin=face.skin[::171, ::100])).shape == (3, 6, 4)


def test_who_bears_a_likeness_has_its_colours_and_the_nearest_voice(likenesses):
    eileen, grace, other = as_enrolled(board(bearer("eileen"), bearer("grace"), Character(id="bob", name="Bob")), likenesses).characters
    assert (eileen.skin, eileen.hair.colour) == (likenesses["@eileen"].complexion, likenesses["@eileen"].hair)
    assert abs(entry_of(eileen.voice).hertz - likenesses["@eileen"].pitch_hz) < 25
    assert grace.voice is None  # she did not lend it
    assert other == Character(id="bob", name="Bob")


def test_clothes_that_nobody_named_have_the_colour_of_the_likeness(likenesses):
    told = bearer("grace").model_copy(update={"clothes": Clothes(top=Garment(kind="coat", colour="#00ff00"))})
    eileen, grace = as_enrolled(board(bearer("eileen"), told), likenesses).characters
    assert (eileen.clothes.top.colour, eileen.clothes.bottom) == (likenesses["@eileen"].clothes[0], Clothes().bottom)
    assert grace.clothes == told.clothes


def test_no_eyeball_stands_out_between_its_lids(double):
    figure = double("grace")
    skin, eyes = (figure.rest[0][np.unique(next(p.triangles for p in figure.parts if p.finish == f))] for f in ("skin", "eye"))
    ball = eyes[eyes[:, 0] > 0]
    middle, radius = (ball.max(0) + ball.min(0)) / 2, np.ptp(ball[:, 0]) / 2
    ahead = skin[(skin - middle)[:, 1] < 0]
    assert np.linalg.norm(ahead - middle, axis=1).min() > radius


def test_drawn_styles_have_their_own_faces_and_no_body_with_a_likeness_is_kept(double):
    assert double("grace", "anime").portrait is None
    assert double("grace") is not double("grace")


def test_a_clip_gives_likenesses_to_the_handles_alone(likenesses):
    clip = prepare(board(bearer("eileen"), Character(id="bob", name="Bob")), width=64, height=36, likenesses=likenesses)
    bodies = clip.scenes[0].bodies
    assert bodies["eileen"].portrait is not None
    assert bodies["bob"].portrait is None


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06" + bytes(18), b"\x89PNG"])
def test_bytes_that_are_no_likeness_are_refused_in_words(data):
    with pytest.raises(BadLikeness, match="no likeness"):
        read_likeness(data)


def test_a_pet_is_read_as_a_thing_with_its_colours():
    thing = read_likeness(packed(pet(), BROWN))
    assert isinstance(thing, Thing)
    assert (thing.picture.shape, thing.colours) == (pet().shape, (BROWN,))


@pytest.mark.parametrize("package", [packed(np.zeros((9, 9, 4), np.uint8), BROWN), packed(pet(), "brown"), packed(pet())[:-400]])
def test_a_thing_without_a_picture_or_a_colour_is_refused(package):
    with pytest.raises(BadLikeness):
        read_likeness(package)
