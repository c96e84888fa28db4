"""Shader programs, one per finish, style and use, with their choices compiled in: a software renderer runs every branch it meets."""

from functools import cache
from importlib.resources import files
from typing import Any

from kinora_world.look.context import release
from kinora_world.look.styles import NAMES, style_entry

TRANSPARENT = {"fence", "net", "water"}
TWO_SIDED = {"leaf", "tuft", "frond", "net", "fence", "cloth", "hair", "awning", "awning_round", "skin", "lash"}
SWAYING = {"leaf", "tuft", "frond"}
# Shaded without highlights and cast shadows: far or fuzzy things, where neither would be seen.
MATTE = {"leaf", "tuft", "hill", "tower"}
GROUNDS = {"court", "park", "street", "boards", "sand"}
HEADS = {"skin", "eye", "hair", "lash"}
DRAWN = {"skin", "eye"}


@cache
def source(name: str) -> str:
    return files("kinora_world").joinpath("look", "shaders", name).read_text("utf-8")


@cache
def finishes() -> tuple[str, ...]:
    """Every finish a shape or body part may name."""
    folder = files("kinora_world").joinpath("look", "shaders", "finishes")
    return tuple(sorted(f.name.removesuffix(".glsl") for f in folder.iterdir() if f.name.endswith(".glsl")))


class Programs:
    """Compiled programs, by what they draw."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self._made: dict[tuple[Any, ...], Any] = {}

    def surface(self, finish: str, style: str, lamps: int, *, body: bool = False) -> Any:
        if finish not in finishes():
            raise ValueError(f"no finish {finish!r}; there are {', '.join(finishes())}")
        return self._program(("surface", finish, style, lamps, body), lambda: _surface(finish, style, lamps, body=body))

    def hull(self, style: str, *, body: bool = False) -> Any:
        return self._program(("hull", style, body), lambda: _hull(style, body=body))

    def sky(self, style: str, *, night: bool) -> Any:
        return self._program(("sky", style, night), lambda: _sky(style, night=night))

    def shadow(self) -> Any:
        return self._program(("shadow",), lambda: ("#version 400\n" + source("shadow.vert.glsl"), "#version 400\nvoid main() {}"))

    def antialias(self) -> Any:
        return self._program(
            ("antialias",), lambda: ("#version 400\n" + source("screen.vert.glsl"), "#version 400\n" + source("antialias.glsl"))
        )

    def halo(self) -> Any:
        return self._program(("halo",), lambda: ("#version 400\n" + source("halo.vert.glsl"), "#version 400\n" + source("halo.glsl")))

    def close(self) -> None:
        release(*self._made.values())
        self._made.clear()

    def _program(self, key: tuple[Any, ...], sources: Any) -> Any:
        if key not in self._made:
            vertex, fragment = sources()
            self._made[key] = self._context.program(vertex_shader=vertex, fragment_shader=fragment)
        return self._made[key]


def _head(style: str, **defines: object) -> str:
    lines = ["#version 400", f"#define STYLE {NAMES.index(style)}"]
    return "\n".join(lines + [f"#define {name} {value}" for name, value in defines.items() if value is not None]) + "\n"


def _surface(finish: str, style: str, lamps: int, *, body: bool) -> tuple[str, str]:
    ground = finish in GROUNDS
    head = _head(
        style,
        LAMPS=lamps,
        TWO_SIDED="" if finish in TWO_SIDED else None,
        BODY="" if body else None,
        MATTE="" if finish in MATTE else None,
        UNSHADOWED="" if finish == "water" else None,
        GROUND="" if ground else None,
        SWAYS="" if finish in SWAYING else None,
    )
    face = source("head.glsl") if finish in HEADS else ""
    if finish in DRAWN and style == "anime":
        face += source("face.glsl")
    parts = [
        head,
        source("common.glsl"),
        source(f"styles/{style}.glsl"),
        face,
        source(f"finishes/{finish}.glsl"),
        source("surface.glsl"),
    ]
    return head + source("vertex.glsl"), "\n".join(parts)


def _hull(style: str, *, body: bool) -> tuple[str, str]:
    head = _head(style, HULL=f"{style_entry(style).outline:.5f}", BODY="" if body else None)
    return head + source("vertex.glsl"), head + source("hull.glsl")


def _sky(style: str, *, night: bool) -> tuple[str, str]:
    head = _head(style, LAMPS=0, NIGHT="" if night else None)
    return head + source("screen.vert.glsl"), "\n".join([head, source("common.glsl"), source("sky/sky.glsl"), source(f"sky/{style}.glsl")])
