"""What is in the air: where it flies, how it looks, when it ends."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kinora_testkit.sweeps import thinned
from kinora_world import catalogue
from kinora_world.effects import effect_entries, plan_effects
from kinora_world.effects.births import alive, burst_times
from kinora_world.effects.flight import flown
from kinora_world.effects.schema import Emitter
from kinora_world.look import Renderer
from kinora_world.look.programs import source
from kinora_world.scene import View
from kinora_world.stage import build_stage, prop_kind
from kinora_world.storyboard import Effect, Shot

VIEW = View((0.0, -7.0, 1.6), (0.0, 0.6, 1.3), 38)
SHOWN_AT = {"lightning": 0.25, "fireworks": 0.7, "explosion": 0.5}


def effects(*asked, prop="crate", weather="clear", place="park", where=lambda _, time: np.array([time, 0.0, 1.0])):
    shot = Shot(duration=4, place=place, weather=weather, effects=asked, props=({"id": "a", "kind": prop},))
    return plan_effects(shot, build_stage(place, weather=weather), 5, where, {"a": prop_kind(prop)})


@pytest.fixture(scope="module")
def renderer():
    with Renderer(320, 180) as made:
        yield made


def difference(renderer, kind, style, time_of_day="night"):
    stage, time = replace(build_stage("park", time_of_day, style), shapes=()), SHOWN_AT.get(kind, 0.6)
    plain = renderer.frame(VIEW, stage, [], [], style, time).astype(int)
    there = renderer.frame(VIEW, stage, [], [], style, time, effects(Effect(kind=kind)).air(time, VIEW)).astype(int)
    return (np.abs(there - plain).max(-1) > 10).sum()


@pytest.mark.parametrize("kind", thinned(sorted(effect_entries()), 3))
def test_every_effect_is_seen(renderer, kind):
    assert difference(renderer, kind, "realistic") > 12


@pytest.mark.parametrize("style", ["noir", "sketch", "watercolour", "pixel", "claymation", "anime", "cartoon"])
@pytest.mark.parametrize("kind", ["fire", "hearts", "confetti"])
def test_effects_are_seen_in_every_style(renderer, kind, style):
    assert difference(renderer, kind, style, "day") > 25


def test_the_catalogue_has_words_for_everything_and_only_drawings_there_are():
    assert len(catalogue.names("effects")) >= 14
    for entry in effect_entries().values():
        assert all(source(f"sprites/{emitter.drawing}.glsl") for emitter in entry.emitters)
    assert {catalogue.words("effects")[word] for word in ("campfire", "cherry blossoms", "fireworks")} == {
        "campfire",
        "petals",
        "fireworks",
    }


@given(speed=st.floats(-20, 20), age=st.floats(0, 5))
def test_without_drag_it_is_free_fall(speed, age):
    away, velocity = flown(np.array([[0, 0, speed]]), np.array([age]), 9.81, 0.0, np.zeros(3))
    assert away[0, 2] == pytest.approx(speed * age - 9.81 * age**2 / 2)
    assert velocity[0, 2] == pytest.approx(speed - 9.81 * age)


@given(drag=st.floats(0.2, 5), wind=st.floats(-10, 10))
def test_in_the_end_what_the_air_slows_goes_with_the_wind_and_falls_steadily(drag, wind):
    _, velocity = flown(np.array([[3.0, 0, 8]]), np.array([60 / drag]), 9.81, drag, np.array([wind, 0, 0]))
    np.testing.assert_allclose(velocity[0], (wind, 0, -9.81 / drag), atol=1e-6)


@given(time=st.floats(0, 100), seed=st.integers(0, 2**31))
def test_a_steady_stream_keeps_its_number_and_nobody_outlives_their_life(time, seed):
    emitter = Emitter(drawing="puff", count=30, life=(0.5, 2.0))
    there = alive(emitter, seed, time, -1e6, np.inf)
    assert len(there.birth) == 30
    assert ((there.age >= 0) & (there.age <= there.life)).all()


def test_a_stream_that_ends_lets_the_last_ones_live_on():
    emitter = Emitter(drawing="puff", count=50, life=(1.0, 1.0))
    counts = [len(alive(emitter, 1, time, 0.0, 2.0).birth) for time in (0.0, 1.5, 2.5, 3.01)]
    assert counts[1] == 50
    assert counts[0] < 5 < counts[2] < 50
    assert counts[3] == 0


def test_the_same_moment_looks_the_same_however_one_came_to_it():
    playing = effects(Effect(kind="fire"))
    first = playing.air(1.5, VIEW)
    playing.air(0.2, VIEW)
    again = playing.air(1.5, VIEW)
    assert all(np.array_equal(a.centre, b.centre) for a, b in zip(first.sprites, again.sprites, strict=True))
    assert first.lamps == again.lamps


def test_sprites_come_furthest_first():
    for sprites in effects(Effect(kind="smoke"), weather="snow").air(1.0, VIEW).sprites:
        depth = np.linalg.norm(sprites.centre - VIEW.eye, axis=1)
        assert (np.diff(depth) <= 1e-4).all()


def test_an_effect_goes_with_whom_it_is_on():
    lamps = [effects(Effect(kind="fire", at="a")).air(time, VIEW).lamps[0].position[0] for time in (0.5, 2.0)]
    assert lamps == pytest.approx([0.5, 2.0], abs=0.05)


def test_a_candle_burns_by_itself():
    air = effects(prop="candle", where=lambda *_: np.array([1.0, 2.0, 0.8])).air(1.0, VIEW)
    flame = next(sprites for sprites in air.sprites if sprites.drawing == "flame")
    np.testing.assert_allclose(flame.centre.mean(0), (1.0, 2.0, 0.8 + prop_kind("candle").anchors["flame"][2]), atol=0.03)
    assert not effects(prop="crate").air(1.0, VIEW).sprites


def test_a_fire_flickers_gently():
    brightness = [effects(Effect(kind="fire")).air(frame / 24, VIEW).lamps[0].colour[0] for frame in range(48)]
    assert max(brightness) > 1.15 * min(brightness)
    assert max(np.abs(np.diff(brightness))) < 0.12 * max(brightness)


def test_confetti_comes_to_rest_on_the_ground():
    lowest = min(float(sprites.centre[:, 2].min()) for sprites in effects(Effect(kind="confetti")).air(3.8, VIEW).sprites)
    assert lowest == pytest.approx(0.012, abs=1e-4)


def test_weather_fills_the_air_outside_only():
    assert effects(weather="rain").air(1.0, VIEW).sprites
    assert not effects(weather="rain", place="room").air(1.0, VIEW).sprites
    assert not effects(weather="clear").air(1.0, VIEW).sprites


def test_wind_carries_the_petals_that_were_asked_for_and_no_leaves():
    petals = Effect(kind="petals")
    assert {each.kind for each in effects(petals, weather="wind").playing} == {"petals"}
    assert {each.kind for each in effects(weather="wind").playing} == {"blown_leaves"}


def test_rain_stays_in_the_world_while_the_camera_moves():
    aside = View((0.3, -7.0, 1.6), (0.3, 0.6, 1.3), 38)
    one, other = (effects(weather="rain").air(1.0, view).sprites for view in (VIEW, aside))
    places = [{tuple(place) for drops in sprites for place in drops.centre.round(2)} for sprites in (one, other)]
    assert len(places[0] & places[1]) > 0.8 * len(places[0])


@given(seed=st.integers(0, 2**31))
def test_lightning_never_strikes_three_times_a_second(seed):
    times = [at for _, at in burst_times(effect_entries()["lightning"].flashes, seed, -1e6, np.inf, 60.0)]
    assert min(np.diff(times)) > 1.0


def test_a_storm_flashes_and_lights_up_the_stage(renderer):
    storm, stage = effects(weather="storm"), build_stage("park", "night", weather="storm")
    flashes = [storm.air(frame / 24, VIEW).flash for frame in range(24)]
    struck = int(np.argmax(flashes))
    frames = [renderer.frame(VIEW, stage, [], [], "realistic", t, storm.air(t, VIEW)) for t in (0.0, struck / 24)]
    assert frames[1].mean() > frames[0].mean() + 15
