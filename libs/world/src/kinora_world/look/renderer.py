"""The renderer: frames from bodies, props and a stage. Everything of one renderer happens on one thread."""

from typing import Self

from kinora_world.look.frame import Bodies, Frame, Props
from kinora_world.look.gpu import Gpu
from kinora_world.look.passes import Moment, Passes, draw_passes
from kinora_world.look.styles import style_entry
from kinora_world.scene import U1, Air, StageSet, View

_CLEAR = Air()


class Renderer:
    """Draws frames of one size on an OpenGL context of its own.

    Raises ValueError for a size outside 16..4096 and RenderUnavailable where there is no OpenGL.
    """

    def __init__(self, width: int, height: int) -> None:
        if not (16 <= width <= 4096 and 16 <= height <= 4096):
            raise ValueError(f"size {width}x{height}: width and height must lie in 16..4096")
        self.width, self.height = width, height
        self._gpu = Gpu(width, height)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Releases everything; the renderer cannot be used afterwards."""
        self._gpu.close()

    def frame(
        self,
        view: View,
        stage: StageSet,
        props: Props,
        bodies: Bodies,
        style: str,
        time: float,
        air: Air = _CLEAR,
        opened: View | None = None,
        *,
        planes: bool = False,
    ) -> U1:
        """(height, width, 3) uint8, top row first, or `kinora_media.planes.Planes`, which cost less. `props` with stage poses (4, 4),
        `bodies` with posed vertices and normals (n, 3), and what is in the air. `opened` is the view when the shutter opened, where it
        was another.

        A pure function of its arguments. Raises ValueError for an unknown style or finish.
        """
        style_entry(style)
        with self._gpu.context:  # another renderer's may be the current one
            return Frame(self._gpu, view, stage, props, bodies, style, time, air, opened).draw(planes=planes)

    def passes(self, stage: StageSet, now: Moment, before: Moment | None = None) -> Passes:
        """Depth in metres, segmentation with its legend, and motion in pixels since the moment before (none when absent), for the same
        view as a frame: arrays (height, width, ...), see `Passes`. A pure function of its arguments.
        """
        with self._gpu.context:
            return draw_passes(self._gpu, (self.width, self.height), stage, now, before or now)
