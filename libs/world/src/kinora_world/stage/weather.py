"""What weather does to the light of a place."""

from dataclasses import replace

import numpy as np

from kinora_world.scene import StageSet
from kinora_world.stage.schema import Linear, WeatherEntry
from kinora_world.storyboard import Weather

_LUMA = np.array([0.2126, 0.7152, 0.0722])
_CLOUD = np.array([0.93, 0.98, 1.06])  # the tint of light through clouds
_THROUGH_WINDOWS = 0.55  # how much of it is felt inside
_BY_NIGHT = 0.5  # and in the dark, where there is little to dim


def weathered(stage: StageSet, name: Weather, weather: WeatherEntry) -> StageSet:
    """The stage in that weather. Inside, only the light through the windows changes."""
    felt = _THROUGH_WINDOWS if stage.indoor else _BY_NIGHT if stage.sky == "night" else 1.0
    light = replace(
        stage.light,
        key=_through(stage.light.key, weather.key, weather.grey, felt),
        sky=_through(stage.light.sky, weather.sky, weather.grey, felt),
        ground=_through(stage.light.ground, weather.ground, weather.grey, felt),
        fog=_through(stage.light.fog, weather.dark, weather.grey, felt),
        fog_density=stage.light.fog_density + weather.fog_density * (not stage.indoor),
    )
    there = replace(stage, light=light, weather=name, overcast=weather.overcast)
    return there if stage.indoor else replace(there, wet=weather.wet, snow=weather.snow, wind=weather.wind)


def _through(colour: Linear, factor: float, grey: float, felt: float) -> Linear:
    """A light's colour after clouds have dimmed and greyed it."""
    clear = np.asarray(colour)
    dimmed = (clear + (_LUMA @ clear * _CLOUD - clear) * grey) * factor
    red, green, blue = (float(v) for v in clear + (dimmed - clear) * felt)
    return red, green, blue
