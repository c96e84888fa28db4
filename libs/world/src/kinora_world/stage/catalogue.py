"""The stage's catalogue files, checked against their schema."""

from functools import cache
from typing import TypeVar

from pydantic import ValidationError

from kinora_world import catalogue
from kinora_world.stage.schema import Entry, LightEntry, PlaceEntry, PropEntry, WeatherEntry

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
def light_entries() -> dict[str, LightEntry]:
    return load("light", LightEntry)


@cache
def weather_entries() -> dict[str, WeatherEntry]:
    return load("weathers", WeatherEntry)


def pick(entries: dict[str, E], name: str, what: str) -> E:
    if name not in entries:
        raise CatalogueError(f"no {what} {name!r}; there are {', '.join(sorted(entries))}")
    return entries[name]
