"""What a renderer keeps on the graphics side between frames."""

from typing import Any

import moderngl
import numpy as np

from kinora_world.look.batch import bake
from kinora_world.look.context import open_context, release
from kinora_world.look.meshes import BodyMesh, StaticMesh
from kinora_world.look.noise import SIDE, noise_image
from kinora_world.look.palettes import TABLE_SIDE, nearest_table
from kinora_world.look.programs import Programs
from kinora_world.look.scenery import Scenery
from kinora_world.look.shadows import Shadows
from kinora_world.look.sprites import SpriteMesh
from kinora_world.look.targets import Targets
from kinora_world.scene import Body, PropKind, StageSet
from kinora_world.storyboard import Colour

KEPT = 16  # stages, props and bodies each; the oldest gives way
STAGES_KEPT = 3


class Gpu:
    """Context, programs, targets, and geometry baked at first use. Keeps what it has baked alive, so that identities stay unique."""

    def __init__(self, width: int, height: int) -> None:
        self.context = open_context()
        self.programs = Programs(self.context)
        self.sprites = SpriteMesh(self.context)
        self.shadows = Shadows(self.context)
        self._size = width, height
        self._targets: dict[tuple[int | None, bool], Targets] = {}
        self._palettes: dict[tuple[Colour, ...], Any] = {}
        self.noise = self.context.texture((SIDE, SIDE), 4, noise_image().tobytes())
        self.noise.build_mipmaps()
        self.noise.filter = (moderngl.LINEAR_MIPMAP_NEAREST, moderngl.LINEAR)
        self._corner = self.context.buffer(np.array([-1, -1, 3, -1, -1, 3], np.float32).tobytes())
        self._screens: dict[int, Any] = {}
        self._stages: list[Scenery] = []
        self._props: dict[int, tuple[PropKind, StaticMesh]] = {}
        self._bodies: dict[int, BodyMesh] = {}

    def close(self) -> None:
        held: list[Scenery | StaticMesh | BodyMesh] = [*self._stages, *(mesh for _, mesh in self._props.values()), *self._bodies.values()]
        with self.context:
            for mesh in held:
                mesh.close()
            for targets in self._targets.values():
                targets.close()
            self.sprites.close()
            self.shadows.close()
            release(*self._screens.values(), *self._palettes.values(), self._corner, self.noise)
            self.programs.close()
        self.context.release()

    def targets_for(self, rows: int | None, *, fine: bool = False) -> Targets:
        """`fine` where what is drawn has the picture's own detail."""
        if (rows, fine) not in self._targets:
            self._targets[rows, fine] = Targets(self.context, *self._size, rows, fine=fine)
        return self._targets[rows, fine]

    def palette(self, colours: tuple[Colour, ...]) -> Any:
        """A look-up table from every colour to the nearest of the palette."""
        if colours not in self._palettes:
            table = self.context.texture3d((TABLE_SIDE,) * 3, 3, nearest_table(colours).tobytes(), alignment=1)
            table.filter = moderngl.NEAREST, moderngl.NEAREST
            table.repeat_x = table.repeat_y = table.repeat_z = False
            self._palettes[colours] = table
        return self._palettes[colours]

    def scenery(self, stage: StageSet) -> Scenery:
        found = next((s for s in self._stages if s.stage is stage), None)
        if found is None:
            if len(self._stages) == STAGES_KEPT:
                self._stages.pop(0).close()
            found = Scenery(self.context, stage)
            self._stages.append(found)
        return found

    def prop(self, kind: PropKind) -> StaticMesh:
        if id(kind) not in self._props:
            if len(self._props) == KEPT * 2:
                self._props.pop(next(iter(self._props)))[1].close()
            self._props[id(kind)] = (kind, StaticMesh(self.context, bake(kind.shapes)))
        return self._props[id(kind)][1]

    def body(self, body: Body) -> BodyMesh:
        if id(body) not in self._bodies:
            if len(self._bodies) == KEPT:
                self._bodies.pop(next(iter(self._bodies))).close()
            self._bodies[id(body)] = BodyMesh(self.context, body)
        return self._bodies[id(body)]

    def screen(self, program: Any) -> Any:
        """A triangle over the whole picture."""
        if id(program) not in self._screens:
            self._screens[id(program)] = self.context.vertex_array(program, [(self._corner, "2f", "in_corner")])
        return self._screens[id(program)]

    def bare(self, program: Any) -> Any:
        """Vertices that the program makes up from their number."""
        if id(program) not in self._screens:
            self._screens[id(program)] = self.context.vertex_array(program, [])
        return self._screens[id(program)]
