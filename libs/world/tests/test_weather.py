"""What weather does to light, sky and ground."""

from itertools import product
from typing import get_args

import numpy as np
import pytest
from kinora_testkit.sweeps import thinned
from kinora_world import catalogue
from kinora_world.look import Renderer
from kinora_world.scene import PropKind, Shape, View
from kinora_world.stage import build_stage
from kinora_world.stage.catalogue import weather_entries
from kinora_world.storyboard import Style, Weather

VIEW = View((0.0, -7.0, 1.6), (0.0, 0.6, 1.8), 38)
SKY, GROUND = (slice(0, 20), slice(None)), (slice(130, 180), slice(None))


@pytest.fixture(scope="module")
def renderer():
    with Renderer(320, 180) as made:
        yield made


def picture(renderer, weather, time="day", style="realistic", place="park"):
    stage = build_stage(place, time, style, 1, weather)
    return renderer.frame(VIEW, stage, [], [], style, 0.5).astype(float)


def contrast(picture, part):
    return picture[part].mean(-1).std()


def test_every_weather_of_the_schema_has_its_entry_and_words():
    assert set(weather_entries()) == set(get_args(Weather))
    assert catalogue.words("weathers")["drizzle"] == "rain"


@pytest.mark.parametrize(("weather", "time"), thinned(product(get_args(Weather), ["dawn", "day", "sunset", "night"]), 3))
def test_every_weather_is_seen_at_every_time(renderer, weather, time):
    there = picture(renderer, weather, time, place="beach")
    assert 20 < there.mean() < 225
    assert there.std() > 12


def test_clouds_take_the_colour_out_of_the_sky(renderer):
    clear, cloudy = (picture(renderer, weather, place="beach")[SKY] for weather in ("clear", "cloudy"))
    assert np.ptp(cloudy.mean((0, 1))) < 0.5 * np.ptp(clear.mean((0, 1)))


def test_snow_whitens_the_ground_and_rain_darkens_it_but_for_puddles(renderer):
    ground = {weather: picture(renderer, weather)[GROUND] for weather in ("cloudy", "snow", "rain")}
    assert ground["snow"].mean() > ground["cloudy"].mean() + 50
    assert np.median(ground["rain"][..., 1]) < np.median(ground["cloudy"][..., 1])  # grass, by its green


def test_fog_swallows_what_is_far(renderer):
    far = (slice(50, 90), slice(None))
    assert contrast(picture(renderer, "fog", place="street"), far) < 0.75 * contrast(picture(renderer, "clear", place="street"), far)


def test_a_storm_is_darker_than_rain(renderer):
    assert picture(renderer, "storm").mean() < picture(renderer, "rain").mean()


@pytest.mark.parametrize("style", thinned(get_args(Style), 3))
def test_night_is_night_in_every_style(renderer, style):
    assert picture(renderer, "clear", "night", style, "court").mean() < 0.75 * picture(renderer, "clear", "day", style, "court").mean()


def test_sunset_is_golden(renderer):
    red, _, blue = picture(renderer, "clear", "sunset", place="beach").mean((0, 1))
    assert red > 1.15 * blue


def test_inside_weather_changes_the_light_alone():
    outside, inside = (build_stage(place, weather="snow") for place in ("park", "room"))
    assert (outside.snow, inside.snow, inside.wet, inside.light.fog_density) == (1, 0, 0, 0)
    assert inside.light.key < build_stage("room").light.key


def test_wind_sways_the_leaves_harder(renderer):
    def moved(weather):
        stage = build_stage("park", "day", "realistic", 1, weather)
        frames = [renderer.frame(VIEW, stage, [], [], "realistic", time).astype(float) for time in (0.2, 0.5, 0.9, 1.4)]
        return np.std(frames, axis=0).mean()

    assert moved("wind") > 1.3 * moved("clear")


def test_wet_ground_mirrors_what_stands_on_it(renderer):
    red = PropKind("post", (Shape("box", (0.8, 0.1, 2.0), (0, 2.5, 2.0), colour=(0.9, 0.02, 0.02)),))
    stage, before_it = build_stage("street", weather="rain"), (slice(130, 150), slice(140, 180))

    def ground(props):
        return renderer.frame(VIEW, stage, props, [], "realistic", 0.5).astype(float)[before_it].mean((0, 1))

    mirrored, bare = ground([(red, np.eye(4))]), ground([])
    assert mirrored[0] - mirrored[2] > bare[0] - bare[2] + 4


def test_snow_and_rain_are_seen_to_move_through_a_window(renderer):
    def moved(weather):
        stage = build_stage("room", weather=weather)
        frames = [
            renderer.frame(View((-1.0, -2.0, 1.6), (-2.3, 3.8, 1.8), 30), stage, [], [], "realistic", t).astype(int) for t in (0, 1.0)
        ]
        return (np.abs(frames[1] - frames[0]).max(-1) > 3).mean()

    assert moved("clear") == 0
    assert min(moved("snow"), moved("rain")) > 0.005
