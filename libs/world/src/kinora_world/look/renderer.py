"""Frames from bodies, props and a stage. Everything of one renderer happens on one thread."""

from collections.abc import Sequence
from typing import Any

import moderngl
import numpy as np

from kinora_world.look.batch import bake
from kinora_world.look.context import open_context, release
from kinora_world.look.matrices import column_major
from kinora_world.look.meshes import BodyMesh, StaticMesh
from kinora_world.look.noise import SIDE, noise_image
from kinora_world.look.programs import TRANSPARENT, TWO_SIDED, Programs
from kinora_world.look.scenery import Scenery
from kinora_world.look.styles import style_entry
from kinora_world.look.targets import Targets
from kinora_world.look.uniforms import (
    FRAME_UNIT,
    NOISE_UNIT,
    SHADOW_UNIT,
    Values,
    contact_values,
    face_values,
    frame_values,
    near_lamps,
    put,
    shadow_view,
    sky_values,
)
from kinora_world.scene import F4, F8, U1, Body, PropKind, StageSet, View

Props = Sequence[tuple[PropKind, F8]]
Bodies = Sequence[tuple[Body, F4, F4]]
_STAGES_KEPT = 3
_HERE = column_major(np.eye(4))


class Renderer:
    """Draws frames of one size on an OpenGL context of its own.

    Raises ValueError for a size outside 16..4096 and RenderUnavailable where there is no OpenGL.
    """

    def __init__(self, width: int, height: int) -> None:
        if not (16 <= width <= 4096 and 16 <= height <= 4096):
            raise ValueError(f"size {width}x{height}: width and height must lie in 16..4096")
        self.width, self.height = width, height
        self._context = open_context()
        self._programs = Programs(self._context)
        self._targets = Targets(self._context, width, height)
        self._noise = self._context.texture((SIDE, SIDE), 4, noise_image().tobytes())
        self._noise.build_mipmaps()
        self._corner = self._context.buffer(np.array([-1, -1, 3, -1, -1, 3], np.float32).tobytes())
        self._screens: dict[int, Any] = {}
        self._stages: list[Scenery] = []
        self._props: dict[int, tuple[PropKind, StaticMesh]] = {}
        self._bodies: dict[int, BodyMesh] = {}

    def __enter__(self) -> "Renderer":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Releases everything; the renderer cannot be used afterwards."""
        for mesh in (*self._stages, *(mesh for _, mesh in self._props.values()), *self._bodies.values()):
            mesh.close()
        self._targets.close()
        release(*self._screens.values(), self._corner, self._noise)
        self._programs.close()
        self._context.release()

    def frame(self, view: View, stage: StageSet, props: Props, bodies: Bodies, style: str, time: float) -> U1:
        """(height, width, 3) uint8, top row first. `props` with stage poses (4, 4), `bodies` with posed vertices and normals (n, 3).

        Raises ValueError for an unknown style or finish.
        """
        style_entry(style)
        return _Frame(self, view, stage, props, bodies, style, time).draw()

    def scenery(self, stage: StageSet) -> Scenery:
        found = next((s for s in self._stages if s.stage is stage), None)
        if found is None:
            if len(self._stages) == _STAGES_KEPT:
                self._stages.pop(0).close()
            found = Scenery(self._context, stage)
            self._stages.append(found)
        return found

    def prop(self, kind: PropKind) -> StaticMesh:
        if id(kind) not in self._props:
            self._props[id(kind)] = (kind, StaticMesh(self._context, bake(kind.shapes)))
        return self._props[id(kind)][1]

    def body(self, body: Body) -> BodyMesh:
        if id(body) not in self._bodies:
            self._bodies[id(body)] = BodyMesh(self._context, body)
        return self._bodies[id(body)]

    def screen(self, program: Any) -> Any:
        """A triangle over the whole picture."""
        if id(program) not in self._screens:
            self._screens[id(program)] = self._context.vertex_array(program, [(self._corner, "2f", "in_corner")])
        return self._screens[id(program)]


class _Frame:
    """One frame being drawn: shadows, then near to far, ground, sky, what is seen through, outlines, antialiasing."""

    def __init__(self, renderer: Renderer, view: View, stage: StageSet, props: Props, bodies: Bodies, style: str, time: float) -> None:
        self.renderer, self.stage, self.style = renderer, stage, style
        self.context, self.programs, self.targets = renderer._context, renderer._programs, renderer._targets
        self.scenery = renderer.scenery(stage)
        self.props = [(renderer.prop(kind), np.asarray(pose, np.float64)) for kind, pose in props]
        self.prop_sizes = [_footprint(kind) for kind, _ in props]
        self.bodies = [(renderer.body(body), positions, normals) for body, positions, normals in bodies]
        self.shared = frame_values(view, stage, renderer.width / renderer.height, time)
        self.lamps = len(near_lamps(stage.light))
        self.told: set[int] = set()

    def draw(self) -> U1:
        for mesh, positions, normals in self.bodies:
            mesh.pose(positions, normals)
        self.context.enable(moderngl.DEPTH_TEST)
        self.context.depth_func = "<="
        self._shadows()
        self.targets.frame.use()
        self.targets.frame.clear(0.0, 0.0, 0.0, 1.0, depth=1.0)
        self.targets.shadow_map.use(SHADOW_UNIT)
        self.renderer._noise.use(NOISE_UNIT)
        self._solids()
        self._outlines()
        self._ground_and_sky()
        self._seen_through()
        self._antialias()
        return self.targets.read()

    def _shadows(self) -> None:
        program = self.programs.shadow()
        self.targets.shadow.use()
        self.targets.shadow.clear(depth=1.0)
        self.context.disable(moderngl.CULL_FACE)
        self.context.polygon_offset = 1.6, 3.0
        put(program, {"view_projection": column_major(shadow_view(self.stage.light)), "model": _HERE})
        self.scenery.casting.draw(program, "cast")
        for mesh, _, _ in self.bodies:
            mesh.draw(program, "cast")
        for prop, pose in self.props:
            put(program, {"model": column_major(pose)})
            prop.draw(program, "cast")
        self.context.polygon_offset = 0.0, 0.0

    def _tell(self, program: Any, own: Values) -> Any:
        """The frame's uniforms once per program, then the drawn thing's own."""
        if id(program) not in self.told:
            self.told.add(id(program))
            put(program, self.shared)
        put(program, own)
        return program

    def _surface(self, finish: str, *, body: bool = False) -> Any:
        two_sided = finish in TWO_SIDED
        (self.context.disable if two_sided else self.context.enable)(moderngl.CULL_FACE)
        self.context.cull_face = "back"
        return self.programs.surface(finish, self.style, self.lamps, body=body)

    def _solids(self) -> None:
        for mesh, positions, _ in self.bodies:
            face = face_values(mesh, positions, self.style)
            for part in mesh.body.parts:
                own = {**face, "model": _HERE, "body_colour": (*part.colour, part.roughness)}
                mesh.draw(self._tell(self._surface(part.finish, body=True), own), part.name)
        self._statics(lambda finish: finish not in TRANSPARENT)

    def _statics(self, wanted: Any) -> None:
        for prop, pose in self.props:
            for finish in filter(wanted, prop.finishes):
                prop.draw(self._tell(self._surface(finish), {"model": column_major(pose)}), finish)
        for finish in filter(wanted, self.scenery.solid.finishes):
            self.scenery.solid.draw(self._tell(self._surface(finish), {"model": _HERE}), finish)

    def _outlines(self) -> None:
        if not style_entry(self.style).outline:
            return
        self.context.enable(moderngl.CULL_FACE)
        self.context.cull_face = "front"
        plain, fleshed = self.programs.hull(self.style), self.programs.hull(self.style, body=True)
        for mesh, positions, _ in self.bodies:
            face = face_values(mesh, positions, self.style)
            for part in mesh.body.parts:
                if part.outlined:
                    mesh.draw(self._tell(fleshed, {**face, "model": _HERE, "body_colour": (*part.colour, 1.0)}), part.name)
        for prop, pose in self.props:
            prop.draw(self._tell(plain, {"model": column_major(pose)}), "outline")
        self.scenery.near.draw(self._tell(plain, {"model": _HERE}), "outline")
        self.context.cull_face = "back"

    def _ground_and_sky(self) -> None:
        spots = [spot for mesh, positions, _ in self.bodies for spot in mesh.feet(positions)]
        spots += [_under(pose, size) for (_, pose), size in zip(self.props, self.prop_sizes, strict=True)]
        finish = self.stage.ground_finish
        own = {"model": _HERE, **contact_values(spots)}
        self.scenery.ground.draw(self._tell(self._surface(finish), own), finish)
        if not self.stage.indoor:
            sky = self.programs.sky(self.style, night=self.stage.sky == "night")
            self._tell(sky, sky_values(self.style, self.stage.sky))
            self.renderer.screen(sky).render()

    def _seen_through(self) -> None:
        self.context.enable(moderngl.BLEND)
        self.context.blend_func = moderngl.SRC_ALPHA, moderngl.ONE_MINUS_SRC_ALPHA
        self.targets.frame.depth_mask = False
        self._statics(lambda finish: finish in TRANSPARENT)
        self.targets.frame.depth_mask = True
        self.context.disable(moderngl.BLEND)

    def _antialias(self) -> None:
        program = self.programs.antialias()
        self.context.disable(moderngl.DEPTH_TEST | moderngl.CULL_FACE)
        self.targets.smooth.use()
        self.targets.colour.use(FRAME_UNIT)
        put(program, {"frame": FRAME_UNIT, "texel": (1 / self.renderer.width, 1 / self.renderer.height)})
        self.renderer.screen(program).render()


def _footprint(kind: PropKind) -> tuple[float, float]:
    """Radius on the ground and height of the middle, roughly."""
    shapes = [s for s in kind.shapes if s.visible and s.position[2] < 1.0]
    radius = max((max(s.size[:2]) + float(np.hypot(*s.position[:2])) for s in shapes), default=0.1)
    return min(radius, 0.6), min((s.position[2] for s in shapes), default=0.0)


def _under(pose: F8, size: tuple[float, float]) -> tuple[float, float, float, float]:
    radius, middle = size
    x, y, z = pose[:3, 3] + pose[:3, 2] * middle
    return float(x), float(y), max(float(z) - middle, 0.0), radius * 1.1
