"""What steers other engines and lets tests see: depth, who and what each pixel shows, and where it was a frame before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import moderngl
import numpy as np

from kinora_world.look.backdrop import BackdropMesh
from kinora_world.look.brush import solid
from kinora_world.look.context import release
from kinora_world.look.gpu import Gpu
from kinora_world.look.matrices import column_major, view_projection
from kinora_world.look.meshes import StaticMesh
from kinora_world.look.uniforms import HERE, Values, placed, put
from kinora_world.scene import F4, F8, I4, Body, PropKind, StageSet, View

NOTHING, GROUND = 0, 1  # numbers in a segmentation; what else there is follows


@dataclass(frozen=True, slots=True)
class Moment:
    """What stands where at one instant: props with stage poses (4, 4), bodies with posed vertices (n, 3), by id."""

    view: View
    props: Mapping[str, tuple[PropKind, F8]] = field(default_factory=dict)
    bodies: Mapping[str, tuple[Body, F4]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Passes:
    """Top row first. Glass, water, nets and what is in the air are looked through."""

    depth: F4  # (height, width) metres along the camera's axis, infinite where there is nothing
    segmentation: I4  # (height, width), keys of `legend`
    legend: Mapping[int, str]  # "nothing", "ground", a character's or prop's id, or "place:" with the finish of a part of the place
    motion: F4  # (height, width, 2) pixels rightwards and downwards to where the same point was in the moment before


def draw_passes(gpu: Gpu, size: tuple[int, int], stage: StageSet, now: Moment, before: Moment) -> Passes:
    colour, depth = gpu.context.texture(size, 4, dtype="f4"), gpu.context.depth_renderbuffer(size)
    target = gpu.context.framebuffer([colour], depth)
    target.use()
    target.clear(np.inf, NOTHING, 0.0, 0.0, depth=1.0)
    gpu.context.enable(moderngl.DEPTH_TEST)
    gpu.context.disable(moderngl.CULL_FACE)
    legend = _Sheet(gpu, size, now, before).draw(stage)
    values = np.frombuffer(target.read(components=4, dtype="f4"), np.float32).reshape(size[1], size[0], 4)[::-1]
    release(target, colour, depth)
    segmentation = values[..., 1].astype(np.int32)
    motion = np.where(segmentation[..., None] == NOTHING, _of_the_sky(size, now.view, before.view), values[..., 2:] * (1, -1))
    return Passes(values[..., 0].copy(), segmentation, legend, motion.astype(np.float32))


class _Sheet:
    """Draws everything with its number."""

    def __init__(self, gpu: Gpu, size: tuple[int, int], now: Moment, before: Moment) -> None:
        self._gpu, self._now, self._before = gpu, now, before
        aspect = size[0] / size[1]
        self._shared: Values = {
            "view_projection": column_major(view_projection(now.view, aspect)),
            "view_projection_before": column_major(view_projection(before.view, aspect)),
            "half_size": (size[0] / 2, size[1] / 2),
        }
        self._legend = {NOTHING: "nothing", GROUND: "ground"}

    def draw(self, stage: StageSet) -> dict[int, str]:
        scenery = self._gpu.scenery(stage)
        self._static(scenery.ground, GROUND)
        for name, (body, positions) in self._now.bodies.items():
            self._body(body, positions, self._before.bodies.get(name, (body, positions))[1], self._number(name))
        for name, (kind, pose) in self._now.props.items():
            self._static(self._gpu.prop(kind), self._number(name), pose, self._before.props.get(name, (kind, pose))[1])
        numbers: dict[str, int] = {}
        if scenery.backdrop:
            self._backdrop(scenery.backdrop, self._number("place:picture"))
        for mesh in (scenery.near, scenery.far):
            for finish in filter(solid, mesh.finishes):
                numbers[finish] = numbers.get(finish) or self._number(f"place:{finish}")
                self._static(mesh, numbers[finish], finish=finish)
        return self._legend

    def _number(self, name: str) -> int:
        self._legend[len(self._legend)] = name
        return len(self._legend) - 1

    def _static(self, mesh: StaticMesh, number: int, pose: F8 | None = None, before: F8 | None = None, finish: str = "") -> None:
        here, there = (HERE if at is None else placed(at) for at in (pose, before))
        program = self._gpu.programs.passes(body=False)
        put(program, {**self._shared, "number": float(number), "model": here["model"], "model_before": there["model"]})
        for run in [finish] if finish else filter(solid, mesh.finishes):
            mesh.draw(program, run)

    def _backdrop(self, mesh: BackdropMesh, number: int) -> None:
        program = self._gpu.programs.passes(body=False)
        here = mesh.own["model"]
        put(program, {**self._shared, "number": float(number), "model": here, "model_before": here})
        mesh.draw(program)

    def _body(self, body: Body, positions: F4, before: F4, number: int) -> None:
        program: Any = self._gpu.programs.passes(body=True)
        put(program, {**self._shared, "number": float(number)})
        triangles = np.concatenate([part.triangles for part in body.parts]).astype(np.int32)
        held = [self._gpu.context.buffer(np.ascontiguousarray(a).tobytes()) for a in (positions, before, triangles)]
        content = [(held[0], "3f", "in_position"), (held[1], "3f", "in_before")]
        array = self._gpu.context.vertex_array(program, content, held[2], index_element_size=4)
        array.render()
        release(array, *held)


def _of_the_sky(size: tuple[int, int], now: View, before: View) -> F8:
    """(height, width, 2): motion of what is too far to move but with the camera's turn."""
    width, height = size
    x, y = np.meshgrid((np.arange(width) + 0.5) / width * 2 - 1, 1 - (np.arange(height) + 0.5) / height * 2)
    far = np.stack([x, y, np.ones_like(x), np.ones_like(x)], -1) @ np.linalg.inv(view_projection(now, width / height)).T
    ahead = far[..., :3] / far[..., 3:] - now.eye
    was = np.concatenate([before.eye + ahead, np.ones_like(x)[..., None]], -1) @ view_projection(before, width / height).T
    moved: F8 = (was[..., :2] / was[..., 3:] - np.stack([x, y], -1)) * (width / 2, -height / 2)
    return moved
