import gc
from dataclasses import replace
from functools import cache
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from kinora_media.planes import rgb
from kinora_testkit.sweeps import thinned
from kinora_world.look import Renderer, RenderUnavailable, context
from kinora_world.look.batch import bake
from kinora_world.look.edges import smoothed
from kinora_world.look.primitives import primitive
from kinora_world.look.programs import finishes
from kinora_world.scene import BodyPart, PropKind, Shape, View
from kinora_world.solids import own_box
from kinora_world.stage import build_stage, places, prop_kind, prop_kinds

VIEW = View((0.4, -7.0, 1.6), (0.0, 0.6, 1.5), 38)
STYLES = ["realistic", "cartoon", "anime"]
TIMES = ["dawn", "day", "sunset", "night"]


@pytest.fixture(scope="module")
def renderer():
    with Renderer(320, 180) as made:
        yield made


def at(x, y, z=0.0):
    pose = np.eye(4)
    pose[:3, 3] = x, y, z
    return pose


class Doll(SimpleNamespace):
    __hash__ = object.__hash__


@cache
def doll():
    """A body of spheres with a face on it."""
    parts, points, normals, start = [], [], [], 0
    for name, finish, z, radius in (
        ("skin", "skin", 1.6, 0.12),
        ("top", "cloth", 1.2, 0.25),
        ("shoes", "plain", 0.1, 0.1),
        ("eye", "eye", 1.62, 0.11),
    ):
        mesh = primitive(Shape("sphere", (radius,)))
        points.append(np.add(mesh.position, (0, -0.02 * (name == "eye"), z)))
        normals.append(mesh.normal)
        parts.append(BodyPart(name, mesh.triangles + start, finish, (0.6, 0.3, 0.2)))
        start += len(mesh.position)
    rest = np.concatenate(points).astype(np.float32), np.concatenate(normals).astype(np.float32)
    marks = {"eye_left": (0.03, -0.11, 1.62), "eye_right": (-0.03, -0.11, 1.62), "mouth": (0, -0.11, 1.55), "nose": (0, -0.12, 1.58)}
    marks |= {"chin": (0, -0.1, 1.5), "crown": (0, 0, 1.72), "neck": (0, 0, 1.45)}
    return Doll(parts=tuple(parts), rest=rest, landmarks=marks, height=1.72)


def shot(renderer, place="court", time="day", style="realistic", view=VIEW, moment=0.5, *, planes=False):
    props = [(prop_kind("basketball"), at(0.8, 0)), (prop_kind("crate"), at(-1.4, 0.3))]
    body = doll()
    stage = build_stage(place, time, style, 1)
    x, y, z = view.eye
    onstage = replace(view, eye=(x, max(y, stage.bounds[1]), z))  # behind a narrow place's camera is a wall
    return renderer.frame(onstage, stage, props, [(body, *body.rest)], style, moment, planes=planes)


@pytest.mark.parametrize(("place", "time"), thinned(product(places(), TIMES), 5))  # places by turns, and times too
def test_every_place_is_seen_at_every_time(renderer, place, time):
    frame = shot(renderer, place, time)
    assert frame.shape == (180, 320, 3)
    assert frame.dtype == np.uint8
    assert 28 < frame.mean() < 235
    assert frame.std() > 14
    assert np.median(frame[90:]) > 14  # the action's half is never black


def test_night_is_darker_than_day(renderer):
    assert shot(renderer, time="night").mean() < 0.7 * shot(renderer, time="day").mean()


@pytest.mark.parametrize("place", thinned(places(), 16))
def test_the_three_styles_differ_at_a_glance(renderer, place):
    frames = [shot(renderer, place, style=style).astype(float) for style in STYLES]
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert np.abs(frames[one] - frames[other]).mean() > 9


def test_the_same_input_gives_the_same_bytes(renderer):
    first = shot(renderer, style="anime")
    again = [shot(renderer, style="anime") for _ in range(3)]  # the second and third come from the kept backdrop
    with Renderer(320, 180) as fresh:
        again.append(shot(fresh, style="anime"))
    assert all(np.array_equal(first, frame) for frame in again)


@pytest.mark.parametrize("place", ["court", "room"])
def test_a_moving_thing_and_its_shadow_leave_no_trace_on_a_resting_picture(renderer, place):
    stage, crate = build_stage(place), prop_kind("crate")
    for x in (-0.5, -0.5, -0.5, 0.1):
        last = renderer.frame(VIEW, stage, [(crate, at(x, 0))], [], "realistic", 0.0)
    with Renderer(320, 180) as fresh:
        assert np.array_equal(last, fresh.frame(VIEW, stage, [(crate, at(0.1, 0))], [], "realistic", 0.0))


def test_edges_are_smoothed_and_flat_places_left_alone():
    y, x = np.mgrid[:60, :80]
    stairs = np.where(y > 20 + x // 6, 200, 60).astype(np.uint8)
    soft = smoothed(stairs)
    between = (soft > 70) & (soft < 190)
    assert between[10:50, 10:70].sum() > 40
    assert np.array_equal(soft[np.abs(y - 20 - x / 6) > 3], stairs[np.abs(y - 20 - x / 6) > 3])
    assert np.array_equal(smoothed(stairs.T.copy()), soft.T)


@pytest.mark.parametrize("style", ["realistic", "anime", "noir", "pixel"])
def test_planes_show_the_same_picture(style):
    with Renderer(640, 640) as made:
        colours, planes = (shot(made, style=style, planes=planes).astype(int) for planes in (False, True))
    assert np.abs(rgb(planes.astype(np.uint8)) - colours).mean() < 3


def test_the_top_row_is_the_sky(renderer):
    frame = shot(renderer, "beach", view=View((0, -7, 1.6), (0, 10, 1.6), 40)).astype(int)
    sky, sand = frame[3].mean(0), frame[-3].mean(0)
    assert sky[2] > sky[0]
    assert sand[0] > sand[2]


@pytest.mark.parametrize("size", [(1080, 1920), (1920, 1080), (1280, 720), (254, 142)])
def test_sizes_upright_and_wide(size):
    with Renderer(*size) as made:
        frame = shot(made)
    assert frame.shape == (size[1], size[0], 3)
    assert frame.flags["C_CONTIGUOUS"]
    assert frame.std() > 14


def test_every_prop_can_be_seen(renderer):
    stage, view = build_stage("room"), View((0, -2.0, 1.0), (0, 0, 0.5), 50)
    empty = renderer.frame(view, stage, [], [], "realistic", 0.0).astype(int)
    for name in prop_kinds():
        full = renderer.frame(view, stage, [(prop_kind(name), at(0, 0))], [], "realistic", 0.0)
        assert (np.abs(full - empty).max(-1) > 12).sum() > 8, name


def test_a_thing_casts_a_shadow_and_darkens_the_ground_it_touches(renderer):
    stage, view = build_stage("court"), View((0, -3, 3), (0, 0, 0), 40)
    crate = prop_kind("crate")
    resting, lifted = (renderer.frame(view, stage, [(crate, at(0, 0, z))], [], "realistic", 0.0).astype(int) for z in (0.0, 6.0))
    beside = (slice(95, 150), slice(100, 220))
    assert (resting[beside].sum(-1) < lifted[beside].sum(-1) - 60).mean() > 0.02


def test_outlines_are_for_drawn_styles():
    stage, view = build_stage("beach"), View((0, -3, 1), (0, 0, 1), 40)
    kind = PropKind("ball", (Shape("sphere", (0.5,), (0, 0, 1), colour=(0.9, 0.7, 0.1)),))
    with Renderer(640, 640) as made:
        frames = {style: made.frame(view, stage, [(kind, np.eye(4))], [], style, 0.0)[120:520, 120:520] for style in STYLES}
    dark = {style: (frame.max(-1) < 60).sum() for style, frame in frames.items()}
    assert dark["cartoon"] > dark["realistic"] + 100


@pytest.mark.parametrize("style", thinned(STYLES, 3))
def test_every_finish_compiles_in_every_style(renderer, style):
    stage = replace(build_stage("park", "night"), shapes=())
    for finish in finishes():
        kind = PropKind(finish, (Shape("box", (0.4, 0.4, 0.4), (0, 0, 1), finish=finish),))
        assert renderer.frame(VIEW, stage, [(kind, np.eye(4))], [], style, 0.0).std() > 1, finish


def test_an_unknown_finish_or_style_is_told_with_the_known_ones(renderer):
    kind = PropKind("odd", (Shape("sphere", (0.4,), finish="velvet"),))
    with pytest.raises(ValueError, match="no finish 'velvet'; there are asphalt"):
        renderer.frame(VIEW, build_stage("park"), [(kind, np.eye(4))], [], "realistic", 0.0)
    with pytest.raises(ValueError, match="no style 'fresco'; there are realistic, cartoon, anime"):
        renderer.frame(VIEW, build_stage("park"), [], [], "fresco", 0.0)


def test_a_size_out_of_range_is_refused():
    with pytest.raises(ValueError, match="size 0x720"):
        Renderer(0, 720)


def test_without_opengl_the_missing_packages_are_named(monkeypatch):
    def fail(**_):
        raise RuntimeError("libEGL.so not loaded")

    monkeypatch.setattr(context.moderngl, "create_context", fail)
    with pytest.raises(RenderUnavailable, match="libegl1 and libgl1"):
        Renderer(64, 64)


@pytest.mark.slow
def test_closed_renderers_leave_no_memory_behind():
    def once():
        with Renderer(640, 360) as made:
            shot(made)
        gc.collect()
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

    once()
    before = once()
    after = [once() for _ in range(4)][-1]
    assert after - before < 40e6


SIZES = {
    "box": (0.3, 0.2, 0.1),
    "rounded": (0.3, 0.2, 0.1, 0.05),
    "sphere": (0.3,),
    "ellipsoid": (0.3, 0.2, 0.1),
    "cylinder": (0.3, 0.1),
    "cone": (0.3, 0.1),
    "capsule": (0.3, 0.1),
    "torus": (0.3, 0.1),
    "plane": (1.0, 1.0),
    "lathe": (0.2, 0.0, 0.3, 0.1, 0.1, 0.4, 0.15, 0.5),
    "extrusion": (0.1, 0.02, -0.3, 0.0, 0.3, 0.0, 0.3, 0.2, 0.0, 0.1, -0.3, 0.3),
    "tube": (0.05, 0.0, 0.0, 0.0, 0.0, 0.0, 0.3, 0.2, 0.1, 0.5, 0.4, 0.1, 0.5),
}


@pytest.mark.parametrize("kind", SIZES)
def test_what_is_drawn_fills_the_shape_s_box(kind):
    drawn, (low, high) = primitive(Shape(kind, SIZES[kind])).position, own_box(Shape(kind, SIZES[kind]))
    bend = 0.02 if kind == "tube" else 0.012  # between its points a tube swings out; a plane has no thickness
    assert np.allclose(drawn.min(0), low, atol=bend)
    assert np.allclose(drawn.max(0), high, atol=bend)


@pytest.mark.parametrize("kind", SIZES)
def test_triangles_face_outwards(kind):
    mesh = primitive(Shape(kind, SIZES[kind]))
    a, b, c = (mesh.position[mesh.triangles[:, i]] for i in range(3))
    face = np.cross(b - a, c - a)
    real = np.linalg.norm(face, axis=1) > 1e-9
    assert ((face * mesh.normal[mesh.triangles].mean(1)).sum(1)[real] > 0).all()


def test_hidden_shapes_are_left_out():
    assert bake([Shape("box", (1, 1, 1), visible=False)]).finishes == {}


def test_a_shallow_focus_softens_what_lies_behind_and_spares_the_subject(renderer):
    stage, crate = build_stage("park"), prop_kind("crate")
    near = View((0, -2.2, 0.8), (0, 0, 0.5), 40, focus=2.0)
    sharp, soft = (renderer.frame(replace(near, blur=b), stage, [(crate, at(0, 0))], [], "realistic", 0.0).astype(int) for b in (0.0, 0.03))
    behind, subject = (slice(0, 40), slice(0, 320)), (slice(95, 115), slice(150, 170))
    detail = [np.abs(np.diff(frame[behind], axis=1)).mean() for frame in (sharp, soft)]
    assert detail[1] < 0.7 * detail[0]
    assert np.abs(soft - sharp)[subject].mean() < 1.5
