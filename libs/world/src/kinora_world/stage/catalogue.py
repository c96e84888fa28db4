"""The stage's catalogue files, checked against their schema."""

from functools import cache
from typing import TypeVar

from pydantic import ValidationError

from kinora_world import catalogue
from kinora_world.stage.schema import Entry, LightEntry, LookEntry, PlaceEntry, PropEntry, WeatherEntry

E = TypeVar("E", bound=Entry)


class CatalogueError(ValueError):
    """A catalogue file breaks its schema, or a name is in no catalogue."""


def load(folder: str, model: type[E]) -> dict[str, E]:
    """Every entry of `catalogues/<folder>`, by file name. Raises CatalogueError with the file and field at fault."""
    checked = {}
    for name, raw in catalogue.entries(folder).items():
        try:
            checked[name] = model.model_validate(dict(raw))
        except ValidationError as error:
            raise CatalogueError(f"catalogues/{folder}/{name}.yaml: {error}") from error
    return checked


@cache
def place_entries() -> dict[str, PlaceEntry]:
    return load("places", PlaceEntry)


@cache
def prop_entries() -> dict[str, PropEntry]:
    return load("props", PropEntry)


@cache
def look_entries() -> dict[str, LookEntry]:
    return load("looks", LookEntry)


@cache
def light_entries() -> dict[str, LightEntry]:
    return load("light", LightEntry)


@cache
def weather_entries() -> dict[str, WeatherEntry]:
    return load("weathers", WeatherEntry)


def place_lights(place: str) -> dict[str, LightEntry]:
    """The lights of a place's own, or of the place whose light it shares. Raises CatalogueError where there is no such place."""
    light = place_entries()[place].light
    if not isinstance(light, str):
        return dict(light.items())
    shared = pick(place_entries(), light, "place").light
    if isinstance(shared, str):
        raise CatalogueError(f"catalogues/places/{place}.yaml: light: {light} has no light of its own")
    return dict(shared.items())


def pick(entries: dict[str, E], name: str, what: str) -> E:
    if name not in entries:
        raise CatalogueError(f"no {what} {name!r}; there are {', '.join(sorted(entries))}")
    return entries[name]
