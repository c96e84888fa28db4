"""Shader programs, one per finish, style and use, with their choices compiled in: a software renderer runs every branch it meets."""

from functools import cache
from importlib.resources import files
from typing import Any

from kinora_world.look.context import release
from kinora_world.look.styles import MANNERS, style_entry

TRANSPARENT = {"fence", "glass", "net", "still_water", "water"}
WOVEN = {
    "cloth", "cloth_striped", "cloth_checked", "cloth_dotted", "cloth_floral",
    "satin", "knit", "denim", "leather", "padded", "rubber", "mail",
}  # fmt: skip
TWO_SIDED = {
    "leaf",
    "needle",
    "tuft",
    "frond",
    "net",
    "fence",
    "hair",
    "locks",
    "awning",
    "awning_round",
    "lash",
    "felt",
    "plaited",
    "gold",
    "steel",
} | WOVEN
CLOSED = {"locks"}  # of what is two-sided: strands, whose insides nobody sees
SWAYING = {"leaf", "needle", "tuft", "frond"}
LIVELY = {"daylight"}  # stands still, but what it shows moves
# Shaded without highlights and cast shadows: far or fuzzy things, where neither would be seen.
MATTE = {"leaf", "needle", "tuft", "hill", "tower", "mountain", "crag", "haze", "space", "stands"}
HEADS = {"skin", "eye", "hair", "locks", "lash"}
DRAWN = {"skin", "eye"}
DRY = {
    "glow",
    "daylight",
    "haze",
    "space",
    "screen",
    "lava",
    "seabed",
    "snowfield",
    "still_water",
    "water",
    "breaker",
    "net",
    "fence",
    "eye",
    "mouth",
    "lash",
}  # neither wet nor under snow


@cache
def source(name: str) -> str:
    return files("kinora_world").joinpath("look", "shaders", name).read_text("utf-8")


@cache
def finishes() -> tuple[str, ...]:
    """Every finish a shape or body part may name."""
    folder = files("kinora_world").joinpath("look", "shaders", "finishes")
    return tuple(sorted(f.name.removesuffix(".glsl") for f in folder.iterdir() if f.name.endswith(".glsl")))


def own_or_like(folder: str, style: str) -> str:
    """The style's shader in a folder, or that of the manner it is like; empty where neither has one."""
    there = files("kinora_world").joinpath("look", "shaders", folder)
    found = [name for name in (style, style_entry(style).like) if there.joinpath(f"{name}.glsl").is_file()]
    return source(f"{folder}/{found[0]}.glsl") if found else ""


class Programs:
    """Compiled programs, by what they draw."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self._made: dict[tuple[Any, ...], Any] = {}

    def surface(self, finish: str, style: str, lamps: int, *, body: bool = False, cover: str = "", portrait: bool = False) -> Any:
        """`cover` is what lies on it: "wet", "snow" or nothing; `portrait`: it is a person's own skin."""
        if finish not in finishes():
            raise ValueError(f"no finish {finish!r}; there are {', '.join(finishes())}")
        key = ("surface", finish, style, lamps, body, cover, portrait)
        return self._program(key, lambda: _surface(finish, style, lamps, body=body, cover=cover, portrait=portrait))

    def hull(self, style: str, *, body: bool = False) -> Any:
        return self._program(("hull", style, body), lambda: _hull(style, body=body))

    def sky(self, style: str, *, night: bool) -> Any:
        return self._program(("sky", style, night), lambda: _sky(style, night=night))

    def shadow(self) -> Any:
        return self._program(("shadow",), lambda: ("#version 400\n" + source("shadow.vert.glsl"), "#version 400\nvoid main() {}"))

    def passes(self, *, body: bool) -> Any:
        """Depth, number and motion; a body's vertices come with those of the moment before."""
        head = "#version 400\n" + ("#define BODY\n" if body else "")
        return self._program(("passes", body), lambda: (head + source("passes.vert.glsl"), head + source("passes.glsl")))

    def contact(self) -> Any:
        return self._program(
            ("contact",), lambda: ("#version 400\n" + source("contact.vert.glsl"), "#version 400\n" + source("contact.glsl"))
        )

    def printing(self, style: str) -> Any:
        """The picture as its style hands it out, on paper or as pixels; None where it is handed out as drawn."""
        return self._program(("print", style), lambda: _print(style)) if own_or_like("prints", style) else None

    def focus(self, name: str) -> Any:
        head = "#version 400\n"
        fragment = head + source("focus/circle.glsl") + source(f"focus/{name}.glsl")
        return self._program(("focus", name), lambda: (head + source("screen.vert.glsl"), fragment))

    def antialias(self) -> Any:
        return self._program(
            ("antialias",), lambda: ("#version 400\n" + source("screen.vert.glsl"), "#version 400\n" + source("antialias.glsl"))
        )

    def backdrop(self) -> Any:
        head = "#version 400\n"
        return self._program(("backdrop",), lambda: (head + source("backdrop.vert.glsl"), head + source("backdrop.glsl")))

    def sweep(self) -> Any:
        return self._program(("sweep",), lambda: ("#version 400\n" + source("screen.vert.glsl"), "#version 400\n" + source("sweep.glsl")))

    def grounding(self) -> Any:
        head = "#version 400\n"
        return self._program(("grounding",), lambda: (head + source("grounding.vert.glsl"), head + source("grounding.glsl")))

    def shade(self) -> Any:
        head = "#version 400\n"
        return self._program(("shade",), lambda: (head + source("shade.vert.glsl"), head + source("shadow.glsl") + source("shade.glsl")))

    def sprite(self, drawing: str, style: str) -> Any:
        return self._program(("sprite", drawing, style), lambda: _sprite(drawing, style))

    def puddles(self, style: str) -> Any:
        return self._program(("puddles", style), lambda: _puddles(style))

    def halo(self) -> Any:
        return self._program(("halo",), lambda: ("#version 400\n" + source("halo.vert.glsl"), "#version 400\n" + source("halo.glsl")))

    def close(self) -> None:
        release(*self._made.values())
        self._made.clear()

    def _program(self, key: tuple[Any, ...], sources: Any) -> Any:
        if key not in self._made:
            vertex, fragment = sources()
            program = self._context.program(vertex_shader=vertex, fragment_shader=fragment)
            program.extra = {name: program[name] for name in program}  # asking the program itself is slow
            self._made[key] = program
        return self._made[key]


def _head(style: str, **defines: object) -> str:
    softness = {"claymation": 1.6}.get(style, 1.1 if style_entry(style).like == "realistic" else 0.0)
    lines = [
        "#version 400",
        f"#define STYLE {MANNERS.index(style_entry(style).like)}",
        f"#define {style.upper()}",
        f"#define SOFTNESS {softness}",
    ]
    return "\n".join(lines + [f"#define {name} {value}" for name, value in defines.items() if value is not None]) + "\n"


def _surface(finish: str, style: str, lamps: int, *, body: bool, cover: str, portrait: bool) -> tuple[str, str]:
    real = style_entry(style).like == "realistic"
    head = _head(
        style,
        LIT_BY_VERTEX="" if body and real else None,
        LAMPS=lamps,
        TWO_SIDED="" if finish in TWO_SIDED else None,
        BODY="" if body else None,
        PUSHED=0.3 if finish == "skin" else 0.1,
        MATTE="" if finish in MATTE else None,
        UNSHADOWED="" if finish == "water" else None,
        SWAYS="" if finish in SWAYING else None,
        PORTRAIT="" if portrait else None,
        WET="" if cover == "wet" and finish not in DRY else None,
        SNOW="" if cover == "snow" and finish not in DRY else None,
    )
    face = source("head.glsl") if finish in HEADS else ""
    if finish in DRAWN and style_entry(style).like == "anime":
        face += source("face.glsl")
    if finish in {"hair", "locks"}:
        face += source("strands.glsl")
    if finish in WOVEN:
        face += source("weave.glsl")
    parts = [
        head,
        source("shadow.glsl"),
        source("common.glsl"),
        own_or_like("styles", style),
        face,
        source(f"finishes/{finish}.glsl"),
        source("weathering.glsl") if cover else "",
        source("surface.glsl"),
    ]
    return head + (source("shadow.glsl") if body and real else "") + source("vertex.glsl"), "\n".join(parts)


def _hull(style: str, *, body: bool) -> tuple[str, str]:
    entry = style_entry(style)
    ink = f"vec4({', '.join(f'{c:.3f}' for c in (*entry.ink, entry.own))})"
    head = _head(style, HULL=f"{entry.outline * (entry.stress if body else 1.0):.5f}", INK=ink, BODY="" if body else None)
    return head + source("vertex.glsl"), head + source("hull.glsl")


def _sky(style: str, *, night: bool) -> tuple[str, str]:
    head = _head(style, LAMPS=0, NIGHT="" if night else None)
    return head + source("screen.vert.glsl"), "\n".join(
        [head, source("shadow.glsl"), source("common.glsl"), source("sky/sky.glsl"), own_or_like("sky", style)]
    )


def _print(style: str) -> tuple[str, str]:
    head = _head(style)
    return head + source("screen.vert.glsl"), "\n".join([head, source("print.glsl"), own_or_like("prints", style)])


def _puddles(style: str) -> tuple[str, str]:
    head = _head(style, LAMPS=0)
    return head + source("vertex.glsl"), "\n".join([head, source("shadow.glsl"), source("common.glsl"), source("puddles.glsl")])


def _sprite(drawing: str, style: str) -> tuple[str, str]:
    head = _head(style, LAMPS=0)
    fragment = [head, source("shadow.glsl"), source("common.glsl"), source("sprites/sprite.glsl"), source(f"sprites/{drawing}.glsl")]
    return head + source("sprites/sprite.vert.glsl"), "\n".join(fragment)
