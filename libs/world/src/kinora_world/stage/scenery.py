"""The generated parts that places are dressed with, by name."""

from collections.abc import Callable

from kinora_world.stage import furnishings, interiors, landscape, plants, streetscape
from kinora_world.stage.part import Part

PARTS: dict[str, Callable[..., Part]] = {
    "tree": plants.tree,
    "birch": plants.birch,
    "conifer": plants.conifer,
    "pines": plants.pines,
    "bush": plants.bush,
    "tuft": plants.tuft,
    "flowers": plants.flowers,
    "palm": plants.palm,
    "lamp_post": streetscape.lamp_post,
    "street_lamp": streetscape.street_lamp,
    "fence": streetscape.fence,
    "facade": streetscape.facade,
    "skyline": streetscape.skyline,
    "treeline": plants.treeline,
    "cottage": streetscape.cottage,
    "walls": interiors.walls,
    "window": interiors.window,
    "ceiling_light": interiors.ceiling_light,
    "pendant": interiors.pendant,
    "peak": landscape.peak,
    "bookshelf": furnishings.bookshelf,
    "standing_lamp": furnishings.standing_lamp,
    "parasol": furnishings.parasol,
    "hill": landscape.hill,
    "cloud": landscape.cloud,
    "rock": landscape.rock,
}
