"""Draws meshes with the program that their finish, the style and the light ask for."""

from collections.abc import Callable
from typing import Any

import moderngl

from kinora_world.look.gpu import Gpu
from kinora_world.look.meshes import BodyMesh, StaticMesh
from kinora_world.look.programs import CLOSED, TRANSPARENT, TWO_SIDED
from kinora_world.look.styles import style_entry
from kinora_world.look.uniforms import PORTRAIT_UNIT, Values, put
from kinora_world.scene import BodyPart


class Brush:
    """One frame's."""

    def __init__(self, gpu: Gpu, style: str, lamps: int, cover: str, shared: Values) -> None:
        self.programs, self.context = gpu.programs, gpu.context
        self.style, self.lamps, self.cover, self.shared = style, lamps, cover, shared
        self._told: set[int] = set()

    def tell(self, program: Any, own: Values) -> Any:
        """The frame's uniforms once per program, then the drawn thing's own."""
        if id(program) not in self._told:
            self._told.add(id(program))
            put(program, self.shared)
        put(program, own)
        return program

    def statics(self, mesh: StaticMesh, where: Values, wanted: Callable[[str], bool]) -> None:
        for finish in filter(wanted, mesh.finishes):
            self._cull("" if finish in TWO_SIDED else "back")
            program = self.programs.surface(finish, self.style, self.lamps, cover=self.cover)
            mesh.draw(self.tell(program, where), finish)

    def part(self, mesh: BodyMesh, part: BodyPart, face: Values) -> None:
        finish = "lash" if part.name == "lash" else part.finish
        own = finish == "cutout" or (mesh.portrait is not None and finish == "skin" and style_entry(self.style).like == "realistic")
        program = self.programs.surface(finish, self.style, self.lamps, body=True, portrait=own)
        if own:
            mesh.portrait.use(PORTRAIT_UNIT)
            face = {**face, "portrait": PORTRAIT_UNIT}
        self.tell(program, {**face, "body_colour": (*part.colour, part.roughness), "accent_colour": part.accent})
        self._cull("back")
        mesh.draw(program, part.name)
        if finish in TWO_SIDED - CLOSED:
            self._cull("front")  # what is seen of the inside, after the outside: most of it is hidden
            mesh.draw(program, part.name, inside=True)

    def outline(self, mesh: StaticMesh, where: Values) -> None:
        self._cull("front")
        mesh.draw(self.tell(self.programs.hull(self.style), where), "outline")

    def part_outline(self, mesh: BodyMesh, part: BodyPart, face: Values) -> None:
        self._cull("front")
        mesh.draw(self.tell(self.programs.hull(self.style, body=True), {**face, "body_colour": (*part.colour, 1.0)}), part.name)

    def _cull(self, side: str) -> None:
        (self.context.enable if side else self.context.disable)(moderngl.CULL_FACE)
        if side:
            self.context.cull_face = side


def solid(finish: str) -> bool:
    return finish not in TRANSPARENT


def seen_through(finish: str) -> bool:
    return finish in TRANSPARENT
