"""One frame, pass by pass."""

from collections.abc import Callable, Sequence
from typing import Any

import moderngl
import numpy as np

from kinora_world.look.gpu import Gpu
from kinora_world.look.matrices import column_major
from kinora_world.look.meshes import StaticMesh
from kinora_world.look.programs import TRANSPARENT, TWO_SIDED
from kinora_world.look.styles import style_entry
from kinora_world.look.uniforms import (
    DUSK,
    FRAME_UNIT,
    HERE,
    MAX_CONTACTS,
    MAX_LAMPS,
    NOISE_UNIT,
    PALETTE_UNIT,
    SHADOW_UNIT,
    Values,
    contact_values,
    face_values,
    frame_values,
    put,
    sky_values,
)
from kinora_world.scene import F4, F8, U1, Air, Body, PropKind, StageSet, View
from kinora_world.solids import half_extents

Props = Sequence[tuple[PropKind, F8]]
Bodies = Sequence[tuple[Body, F4, F4]]


class Frame:
    """One frame being drawn. What is far comes from a copy while the camera rests."""

    def __init__(self, gpu: Gpu, view: View, stage: StageSet, props: Props, bodies: Bodies, style: str, time: float, air: Air) -> None:
        self.gpu, self.context, self.targets = gpu, gpu.context, gpu.targets_for(style_entry(style).rows)
        self.air = air
        self.view, self.stage, self.style = view, stage, style
        self.scenery = gpu.scenery(stage)
        self.props: list[tuple[StaticMesh, Values]] = [(gpu.prop(kind), {"model": column_major(np.asarray(pose))}) for kind, pose in props]
        self.bodies = [(gpu.body(body), positions) for body, positions, _ in bodies]
        self.faces = [face_values(mesh, positions) | HERE for mesh, positions in self.bodies]
        self.spots = [spot for mesh, positions in self.bodies for spot in mesh.feet(positions)]
        self.spots += [_under(kind, np.asarray(pose)) for kind, pose in props]
        width, height = self.targets.size
        self.shared = frame_values(view, stage, width / height, time, style_entry(style), air)
        self.lamps = MAX_LAMPS if stage.light.lamps or air.lamps else 0
        self.cover = "" if stage.indoor else "snow" if stage.snow else "wet" if stage.wet else ""
        self.outlines = style_entry(style).outline > 0
        self.told: set[int] = set()
        for (mesh, _), (_, positions, normals) in zip(self.bodies, bodies, strict=True):
            mesh.pose(positions, normals)

    def draw(self) -> U1:
        """(height, width, 3), top row first."""
        self.context.enable(moderngl.DEPTH_TEST)
        self.context.depth_func = "<="
        self._shadows()
        self.gpu.noise.use(NOISE_UNIT)
        self._far()
        self._near()
        self._ground_and_sky()
        self._seen_through()
        self._print()
        return self.targets.read()

    def _shadows(self) -> None:
        self.gpu.shadows.draw(self.gpu.programs.shadow(), self.scenery, [mesh for mesh, _ in self.bodies], self.props)
        self.gpu.shadows.map.use(SHADOW_UNIT)

    def _far(self) -> None:
        """Scenery that no shadow of the action reaches looks the same from frame to frame: a resting camera draws it once."""
        view = self.view
        scene = (id(self.stage), self.style, view.eye, view.target, view.fov, view.roll, self.air.lamps, self.air.flash)
        if self.targets.backdrop_of == scene:
            self.context.copy_framebuffer(self.targets.frame, self.targets.backdrop)
            self.targets.frame.use()
            return
        self.targets.frame.use()
        self.targets.frame.clear(0.0, 0.0, 0.0, 1.0, depth=1.0)
        calm: Values = {**HERE, "time": 0.0}
        self._statics(self.scenery.far, calm, _solid)
        if self.outlines:
            self._hull(self.scenery.far, calm)
        if self.targets.last_drawn == scene:
            self.context.copy_framebuffer(self.targets.backdrop, self.targets.frame)
            self.targets.frame.use()
            self.targets.backdrop_of = scene
        self.targets.last_drawn = scene

    def _near(self) -> None:
        for (mesh, _), face in zip(self.bodies, self.faces, strict=True):
            for part in mesh.body.parts:
                if part.name == "lash" and style_entry(self.style).like == "anime":
                    continue  # drawn with the eye
                finish = "lash" if part.name == "lash" else part.finish
                own = {**face, "body_colour": (*part.colour, part.roughness), "accent_colour": part.accent}
                mesh.draw(self._tell(self._surface(finish, body=True), own), part.name)
                if finish in TWO_SIDED:
                    self.context.cull_face = "front"  # what is seen of the inside, after the outside: most of it is hidden
                    mesh.draw(self.gpu.programs.surface(finish, self.style, self.lamps, body=True), part.name)
        here: Values = {**HERE, "time": self.shared["time"]}
        for static, where in (*self.props, (self.scenery.near, here)):
            self._statics(static, where, _solid)
        if self.outlines:
            self._near_outlines(here)

    def _near_outlines(self, here: Values) -> None:
        program = self._hulls(body=True)
        for (mesh, _), face in zip(self.bodies, self.faces, strict=True):
            for part in mesh.body.parts:
                if part.outlined:
                    mesh.draw(self._tell(program, {**face, "body_colour": (*part.colour, 1.0)}), part.name)
        for static, where in (*self.props, (self.scenery.near, here)):
            self._hull(static, where)

    def _statics(self, mesh: StaticMesh, where: Values, wanted: Callable[[str], bool]) -> None:
        for finish in filter(wanted, mesh.finishes):
            mesh.draw(self._tell(self._surface(finish), where), finish)

    def _hull(self, mesh: StaticMesh, where: Values) -> None:
        mesh.draw(self._tell(self._hulls(), where), "outline")

    def _hulls(self, *, body: bool = False) -> Any:
        self.context.enable(moderngl.CULL_FACE)
        self.context.cull_face = "front"
        return self.gpu.programs.hull(self.style, body=body)

    def _surface(self, finish: str, *, body: bool = False) -> Any:
        (self.context.disable if finish in TWO_SIDED and not body else self.context.enable)(moderngl.CULL_FACE)
        self.context.cull_face = "back"
        return self.gpu.programs.surface(finish, self.style, self.lamps, body=body, cover="" if body else self.cover)

    def _tell(self, program: Any, own: Values) -> Any:
        """The frame's uniforms once per program, then the drawn thing's own."""
        if id(program) not in self.told:
            self.told.add(id(program))
            put(program, self.shared)
        put(program, own)
        return program

    def _ground_and_sky(self) -> None:
        finish = self.stage.ground_finish
        self.scenery.ground.draw(self._tell(self._surface(finish), HERE), finish)
        self._contacts()
        if not self.stage.indoor:
            sky = self.gpu.programs.sky(self.style, night=self.stage.sky == "night")
            self.gpu.screen(self._tell(sky, sky_values(style_entry(self.style), self.stage))).render()

    def _contacts(self) -> None:
        """What stands on the ground darkens it."""
        self.context.enable(moderngl.BLEND)
        self.context.blend_func = moderngl.DST_COLOR, moderngl.ZERO
        self.targets.frame.depth_mask = False
        spots = self.spots[:MAX_CONTACTS]
        program = self._tell(self.gpu.programs.contact(), contact_values(spots))
        self.gpu.bare(program).render(moderngl.TRIANGLE_STRIP, vertices=4, instances=len(spots))
        self.targets.frame.depth_mask = True
        self.context.disable(moderngl.BLEND)

    def _seen_through(self) -> None:
        self.context.enable(moderngl.BLEND)
        self.context.blend_func = moderngl.SRC_ALPHA, moderngl.ONE_MINUS_SRC_ALPHA
        self.targets.frame.depth_mask = False
        here: Values = {**HERE, "time": self.shared["time"]}
        for mesh, where in ((self.scenery.far, here), (self.scenery.near, here), *self.props):
            self._statics(mesh, where, lambda finish: not _solid(finish))
        self._sprites()
        self.context.blend_func = moderngl.ONE, moderngl.ONE
        self._halos()
        self.targets.frame.depth_mask = True
        self.context.disable(moderngl.BLEND)

    def _sprites(self) -> None:
        """What is in the air, the furthest first."""
        self.context.disable(moderngl.CULL_FACE)
        for sprites in self.air.sprites:
            self.context.blend_func = moderngl.SRC_ALPHA, moderngl.ONE if sprites.adds else moderngl.ONE_MINUS_SRC_ALPHA
            self.gpu.sprites.draw(self._tell(self.gpu.programs.sprite(sprites.drawing, self.style), {"glows": sprites.glows}), sprites)

    def _halos(self) -> None:
        """A glow in the air around each lamp."""
        for lamp in self.stage.light.lamps:
            own: Values = {"place": lamp.position, "glow": tuple(0.055 * DUSK[self.stage.sky] * c for c in lamp.colour)}
            self.gpu.bare(self._tell(self.gpu.programs.halo(), own)).render(moderngl.TRIANGLE_STRIP, vertices=4)

    def _print(self) -> None:
        program = self.gpu.programs.printing(self.style)
        self.context.disable(moderngl.DEPTH_TEST | moderngl.CULL_FACE)
        self.targets.smooth.use()
        self.targets.colour.use(FRAME_UNIT)
        width, height = self.targets.size
        palette = style_entry(self.style).palette
        if palette:
            self.gpu.palette(palette).use(PALETTE_UNIT)
        own: Values = {"frame": FRAME_UNIT, "texel": (1 / width, 1 / height), "palette": PALETTE_UNIT, "grain": self.targets.grain}
        put(program, self.shared | own)
        self.gpu.screen(program).render()


def _solid(finish: str) -> bool:
    return finish not in TRANSPARENT


def _under(kind: PropKind, pose: F8) -> tuple[float, float, float, float]:
    """Where a prop darkens the ground: x, y, height above it, radius."""
    low = [s for s in kind.shapes if s.visible and s.position[2] < 1.0]
    radius = max((float(half_extents(s)[:2].max() + np.hypot(*s.position[:2])) for s in low), default=0.1)
    middle = min((s.position[2] for s in low), default=0.0)
    x, y, z = (float(v) for v in pose[:3, 3] + pose[:3, 2] * middle)
    return x, y, max(z - middle, 0.0), min(radius, 0.6) * 1.1
