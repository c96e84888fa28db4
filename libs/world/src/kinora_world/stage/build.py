"""Places dressed and lit, and props by name."""

from functools import cache
from math import cos, radians, sin

import numpy as np

from kinora_world.scene import Lamp, Light, PropKind, Shape, StageSet
from kinora_world.solids import bounds
from kinora_world.stage.catalogue import CatalogueError, light_entries, pick, place_entries, place_lights, prop_entries, weather_entries
from kinora_world.stage.part import Part
from kinora_world.stage.scenery import PARTS
from kinora_world.stage.schema import LightEntry, PartEntry, PlaceEntry, ScatterEntry
from kinora_world.stage.shapes import expand, linear, placed
from kinora_world.stage.weather import weathered
from kinora_world.storyboard import Weather

LAMPLIGHT = {"flame": (4.2, 2.0, 0.7), "light": (3.4, 2.3, 1.2)}  # by anchor: linear RGB of what shines there


@cache
def prop_kind(name: str, colour: str | None = None, scale: float = 1.0) -> PropKind:
    """The prop of the catalogue, in `colour` ("#rrggbb") where it can take one. Raises CatalogueError for an unknown name."""
    entry = pick(prop_entries(), name, "prop")
    shapes = tuple(placed(shape, (0.0, 0.0, 0.0), scale=scale) for item in entry.shapes for shape in expand(item, colour))
    anchors = {anchor: _times(at, scale) for anchor, at in entry.anchors.items()}
    hangs = None if entry.hangs is None else _times(entry.hangs, scale)
    return PropKind(name, shapes, entry.mass * scale**3, entry.friction, entry.restitution, entry.fixed, anchors, hangs, entry.breakable)


def _times(point: tuple[float, float, float], scale: float) -> tuple[float, float, float]:
    x, y, z = point
    return x * scale, y * scale, z * scale


def prop_height(kind: PropKind) -> float:
    """Metres from the ground to the prop's highest point."""
    return float(bounds(kind.shapes)[1][2])


def prop_kinds() -> list[str]:
    """Names of every prop."""
    return list(prop_entries())


def places() -> list[str]:
    """Names of every place."""
    return list(place_entries())


@cache
def build_stage(place: str, time_of_day: str = "day", style: str = "realistic", seed: int = 0, weather: Weather = "clear") -> StageSet:
    """The place at that time of day and in that weather; `seed` varies its planting and buildings, `style` its density of detail.

    Raises CatalogueError for an unknown place or time.
    """
    entry = pick(place_entries(), place, "place")
    lights = light_entries() | place_lights(place)
    light = pick(lights, time_of_day, "time of day")
    rng = np.random.default_rng([seed, *place.encode()])
    scenery = [_stand(item, rng) for item in entry.parts]
    scenery += [part for item in entry.scatter for part in _strew(item, rng, sparse=style != "realistic")]
    fixed = [shape for item in entry.shapes for shape in expand(item)]
    shapes = (*fixed, *(shape for part in scenery for shape in part.shapes))
    lamps = tuple(lamp for part in scenery for lamp in part.lamps) if light.lamps_on else ()
    return weathered(_stage(place, entry, light, shapes, lamps), weather, weather_entries()[weather])


def _stage(place: str, entry: PlaceEntry, light: LightEntry, shapes: tuple[Shape, ...], lamps: tuple[Lamp, ...]) -> StageSet:
    return StageSet(
        place=place,
        shapes=shapes,
        ground_finish=entry.ground_finish,
        ground_material=entry.ground_material,
        ground_colour=linear(entry.ground_colour),
        light=_light(light, lamps),
        sky=light.background,
        ambience=entry.ambience,
        indoor=entry.indoor,
        bounds=entry.bounds,
    )


def _light(entry: LightEntry, lamps: tuple[Lamp, ...]) -> Light:
    azimuth, elevation = radians(entry.azimuth), radians(entry.elevation)
    towards = (sin(azimuth) * cos(elevation), -cos(azimuth) * cos(elevation), sin(elevation))
    return Light(towards, entry.key, entry.sky, entry.ground, entry.fog, entry.fog_density, lamps)


def _stand(entry: PartEntry, rng: np.random.Generator) -> Part:
    return _place(_make(entry.part, rng, entry.options), entry.at, entry.turn, entry.scale)


def _make(name: str, rng: np.random.Generator, options: dict[str, float | str | bool]) -> Part:
    if name in PARTS:
        return PARTS[name](rng, **options)
    if name in prop_entries():
        colour = options.get("colour")
        kind = prop_kind(name, str(colour) if colour else None)
        return Part(kind.shapes, tuple(Lamp(kind.anchors[spot], LAMPLIGHT[spot], 6.0) for spot in LAMPLIGHT if spot in kind.anchors))
    raise CatalogueError(f"no scenery part {name!r}; there are {', '.join(sorted([*PARTS, *prop_entries()]))}")


def _place(part: Part, at: tuple[float, float, float], turn: float, scale: float) -> Part:
    shapes = tuple(placed(shape, at, turn, scale) for shape in part.shapes)
    bulbs = [placed(Shape("sphere", (lamp.reach,), lamp.position), at, turn, scale).position for lamp in part.lamps]
    lamps = tuple(Lamp(bulb, lamp.colour, lamp.reach * scale) for bulb, lamp in zip(bulbs, part.lamps, strict=True))
    return Part(shapes, lamps)


def _strew(entry: ScatterEntry, rng: np.random.Generator, *, sparse: bool) -> list[Part]:
    """Dart throwing: a spot too near another is thrown again, a few times."""
    x0, y0, x1, y1 = entry.area
    spots: list[np.ndarray] = []
    for _ in range(entry.count * 8):
        if len(spots) == entry.count:
            break
        spot = rng.uniform((x0, y0), (x1, y1))
        if all(np.hypot(*(spot - other)) >= entry.gap for other in spots):
            spots.append(spot)
    if sparse and entry.part in {"tuft", "flowers"}:
        spots = spots[::2]
    return [
        _place(
            _make(entry.part, rng, entry.options),
            (float(x), float(y), 0.0),
            float(rng.uniform(0, 360)) if entry.turns else 0.0,
            float(rng.uniform(*entry.scale)),
        )
        for x, y in spots
    ]
