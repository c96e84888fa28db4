"""Places and props from the catalogues."""

from kinora_world.stage.build import build_stage, places, prop_height, prop_kind, prop_kinds
from kinora_world.stage.catalogue import CatalogueError, place_entries, prop_entries

__all__ = ["CatalogueError", "build_stage", "place_entries", "places", "prop_entries", "prop_height", "prop_kind", "prop_kinds"]
