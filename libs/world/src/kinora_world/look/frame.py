"""One frame, pass by pass."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import moderngl
import numpy as np

from kinora_world.look.after import finished
from kinora_world.look.backdrop import BackdropMesh
from kinora_world.look.brush import Brush, seen_through, solid
from kinora_world.look.gpu import Gpu
from kinora_world.look.matrices import on_screen, pixel_size, view_projection
from kinora_world.look.programs import DRY, LIVELY, SWAYING
from kinora_world.look.shadows import moving_shade
from kinora_world.look.styles import style_entry
from kinora_world.look.uniforms import (
    DUSK,
    FRAME_UNIT,
    HERE,
    MAX_CONTACTS,
    MAX_LAMPS,
    NOISE_UNIT,
    SHADOW_UNIT,
    Values,
    contact_values,
    face_values,
    frame_values,
    placed,
    sky_values,
)
from kinora_world.scene import F4, F8, U1, Air, Body, PropKind, StageSet, View
from kinora_world.solids import half_extents

Props = Sequence[tuple[PropKind, F8]]
Bodies = Sequence[tuple[Body, F4, F4]]


class Frame:
    """One frame being drawn. While the camera rests, what does not move is copied, and lit anew only where a moving shadow may fall."""

    def __init__(
        self, gpu: Gpu, view: View, stage: StageSet, props: Props, bodies: Bodies, style: str, time: float, air: Air, opened: View | None
    ) -> None:
        self.gpu, self.context, self.targets = gpu, gpu.context, gpu.targets_for(style_entry(style).rows, fine=stage.backdrop is not None)
        self.air, self.opened = air, opened
        self.view, self.stage, self.style = view, stage, style
        self.scenery = gpu.scenery(stage)
        self.props = [(gpu.prop(kind), placed(pose)) for kind, pose in props]
        self.bodies = [(gpu.body(body), positions) for body, positions, _ in bodies]
        self.faces = [face_values(mesh, positions) | HERE for mesh, positions in self.bodies]
        self.spots = [spot for mesh, positions in self.bodies if len(mesh.casting) for spot in mesh.feet(positions)]
        self.spots += [_under(kind, np.asarray(pose)) for kind, pose in props]
        self.spots += [spot for mesh, positions in self.bodies for spot in mesh.lying(positions)]
        width, height = self.targets.size
        self.shared = frame_values(view, stage, width / height, time, style_entry(style), air)
        casters = [(mesh, positions) for mesh, positions in self.bodies if len(mesh.casting)]
        self.shade = moving_shade(stage.light, casters, [(gpu.prop(kind).reach, pose) for kind, pose in props])
        cover = "" if stage.indoor else "snow" if stage.snow else "wet" if stage.wet else ""
        self.brush = Brush(gpu, style, MAX_LAMPS if stage.light.lamps or air.lamps else 0, cover, self.shared)
        self.outlines = style_entry(style).outline > 0
        self.now: Values = {**HERE, "time": self.shared["time"]}
        for (mesh, _), (_, positions, normals) in zip(self.bodies, bodies, strict=True):
            mesh.pose(positions, normals, pixel_size(view, mesh.middle(positions), height))

    def draw(self, *, planes: bool) -> U1:
        """(height, width, 3), top row first, or as planes."""
        self.context.enable(moderngl.DEPTH_TEST)
        self.context.depth_func = "<="
        self.gpu.shadows.draw(self.gpu.programs.shadow(), self.scenery, [mesh for mesh, _ in self.bodies], self.props, self.shade)
        self.gpu.noise.use(NOISE_UNIT)
        rests = self._rests()
        if rests:
            self.context.copy_framebuffer(self.targets.frame, self.targets.backdrop)
        self.targets.frame.use()
        self.gpu.shadows.map.use(SHADOW_UNIT)
        if not rests:
            self.targets.frame.clear(0.0, 0.0, 0.0, 1.0, depth=1.0)
        self._moving()
        if rests:
            self._relit()
        else:
            self._still()
        self._contacts()
        self._sky()
        if self.brush.cover == "wet":
            self._puddles()
        self._seen_through()
        return finished(self.gpu, self.targets, self.view, self.style, self.shared, self.opened, planes=planes)

    def _rests(self) -> bool:
        """Whether the backdrop shows this scene; the second frame that could use it makes it."""
        targets, view = self.targets, self.view
        scene = (id(self.stage), self.style, view.eye, view.target, view.fov, view.roll, self.air.lamps, self.air.flash)
        if targets.backdrop_of != scene and targets.last_drawn == scene:
            targets.backdrop.use()
            targets.backdrop.clear(0.0, 0.0, 0.0, 1.0, depth=1.0)
            self.gpu.shadows.still.use(SHADOW_UNIT)
            self._still()
            targets.backdrop_of = scene
        targets.last_drawn = scene
        return targets.backdrop_of == scene

    def _moving(self) -> None:
        """The nearest mostly first: what lies behind is then not shaded."""
        brush, anime = self.brush, style_entry(self.style).like == "anime"
        for (mesh, _), face in zip(self.bodies, self.faces, strict=True):
            for part in sorted(mesh.body.parts, key=lambda part: part.finish == "skin"):  # clothes and hair hide much of it
                if part.name != "lash" or not anime:  # which anime draws with the eye
                    brush.part(mesh, part, face)
        for prop, where in self.props:
            brush.statics(prop, where, solid)
        brush.statics(self.scenery.near, self.now, _sways)
        if not self.outlines:
            return
        for (mesh, _), face in zip(self.bodies, self.faces, strict=True):
            for part in mesh.body.parts:
                if part.outlined:
                    brush.part_outline(mesh, part, face)
        for prop, where in self.props:
            brush.outline(prop, where)

    def _still(self) -> None:
        calm: Values = {**HERE, "time": 0.0}
        self.brush.statics(self.scenery.near, calm, _stands)
        self.brush.statics(self.scenery.far, calm, solid)
        if self.outlines:
            self.brush.outline(self.scenery.near, calm)
            self.brush.outline(self.scenery.far, calm)
        self.brush.statics(self.scenery.ground, calm, solid)
        self._grounding()
        if self.scenery.backdrop:
            self._backdrop(self.scenery.backdrop)

    def _grounding(self) -> None:
        """Once for each time that the ground is drawn, where it is."""
        if self.scenery.grounding is None:
            return
        program = self.brush.tell(self.gpu.programs.grounding(), HERE | self.scenery.grounding.values())
        with self._multiplied():
            for finish in self.scenery.ground.finishes:
                self.scenery.ground.draw(program, finish)

    @contextmanager
    def _multiplied(self) -> Iterator[None]:
        """What is drawn meanwhile darkens what is there."""
        self.context.disable(moderngl.CULL_FACE)
        self.context.enable(moderngl.BLEND)
        self.context.blend_func = moderngl.DST_COLOR, moderngl.ZERO
        self.context.fbo.depth_mask = False
        yield
        self.context.fbo.depth_mask = True
        self.context.disable(moderngl.BLEND)

    def _backdrop(self, hung: BackdropMesh) -> None:
        self.context.disable(moderngl.CULL_FACE)
        hung.draw(self.brush.tell(self.gpu.programs.backdrop(), {**hung.own, "flash": self.air.flash}))

    def _relit(self) -> None:
        """Only the scenery near the action is reached by shadows of what moves."""
        width, height = self.targets.size
        for mesh, corners in ((self.scenery.near, self.shade), (self.scenery.ground, self.shade[4:])):
            self.context.scissor = on_screen(corners, view_projection(self.view, width / height), self.targets.size)
            self.brush.statics(mesh, HERE, _stands)
        self._grounding()
        self.context.scissor = None

    def _contacts(self) -> None:
        """What stands on the ground darkens it."""
        hung, spots = self.scenery.backdrop, self.spots[:MAX_CONTACTS]
        with self._multiplied():
            if hung and len(self.shade):
                hung.shade(self.brush.tell(self.gpu.programs.shade(), hung.shaded(self.shade[4:])))
            program = self.brush.tell(self.gpu.programs.contact(), contact_values(spots))
            self.gpu.bare(program).render(moderngl.TRIANGLE_STRIP, vertices=4, instances=len(spots))

    def _sky(self) -> None:
        if not self.stage.indoor and not self.stage.backdrop:
            program = self.gpu.programs.sky(self.style, night=self.stage.sky in {"night", "space"})
            self.gpu.screen(self.brush.tell(program, sky_values(style_entry(self.style), self.stage))).render()

    def _puddles(self) -> None:
        """The wet ground mirrors what has been drawn so far."""
        self.context.copy_framebuffer(self.targets.smooth, self.targets.frame)
        self.targets.frame.use()
        self.targets.smoothed.use(FRAME_UNIT)
        self.context.enable(moderngl.BLEND)
        self.context.blend_func = moderngl.SRC_ALPHA, moderngl.ONE_MINUS_SRC_ALPHA
        self.context.disable(moderngl.CULL_FACE)
        self.targets.frame.depth_mask = False
        program = self.brush.tell(self.gpu.programs.puddles(self.style), {**self.now, "mirror": FRAME_UNIT})
        for finish in filter(lambda finish: finish not in DRY, self.scenery.ground.finishes):
            self.scenery.ground.draw(program, finish)
        self.targets.frame.depth_mask = True
        self.context.disable(moderngl.BLEND)

    def _seen_through(self) -> None:
        self.context.enable(moderngl.BLEND)
        self.context.blend_func = moderngl.SRC_ALPHA, moderngl.ONE_MINUS_SRC_ALPHA
        self.targets.frame.depth_mask = False
        for mesh, where in ((self.scenery.far, self.now), (self.scenery.near, self.now), *self.props):
            self.brush.statics(mesh, where, seen_through)
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
            program = self.brush.tell(self.gpu.programs.sprite(sprites.drawing, self.style), {"glows": sprites.glows})
            self.gpu.sprites.draw(program, sprites)

    def _halos(self) -> None:
        """A glow in the air around each lamp."""
        for lamp in self.stage.light.lamps:
            own: Values = {"place": lamp.position, "glow": tuple(0.055 * DUSK[self.stage.sky] * c for c in lamp.colour)}
            self.gpu.bare(self.brush.tell(self.gpu.programs.halo(), own)).render(moderngl.TRIANGLE_STRIP, vertices=4)


def _sways(finish: str) -> bool:
    return finish in SWAYING or finish in LIVELY


def _stands(finish: str) -> bool:
    return solid(finish) and not _sways(finish)


def _under(kind: PropKind, pose: F8) -> tuple[float, float, float, float]:
    """Where a prop darkens the ground: x, y, height above it, radius."""
    low = [s for s in kind.shapes if s.visible and s.position[2] < 1.0]
    radius = max((float(half_extents(s)[:2].max() + np.hypot(*s.position[:2])) for s in low), default=0.1)
    middle = min((s.position[2] for s in low), default=0.0)
    x, y, z = (float(v) for v in pose[:3, 3] + pose[:3, 2] * middle)
    return x, y, max(z - middle, 0.0), min(radius, 0.6) * 1.1
