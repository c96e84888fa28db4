"""Geometry on the graphics side: a baked batch, and a body whose vertices arrive anew each frame."""

from itertools import pairwise
from typing import Any

import moderngl
import numpy as np

from kinora_world.look.batch import ATTRIBUTES, FORMAT, Batch
from kinora_world.look.coarse import coarser, fewer
from kinora_world.look.context import release
from kinora_world.look.faces import Face, study
from kinora_world.look.insides import seen_inside
from kinora_world.scene import F4, F8, I4, Body, Portrait

CASTING_CELL = 0.022  # metres, about two texels of the shadow map
CELLS = (0.0025, 0.004, 0.007, 0.012, 0.02)  # metres; a body is drawn with the coarsest that are about as wide as a pixel
LOW = 0.3  # metres above the ground, below which a trunk darkens it


class Drawn:
    """Vertex arrays over shared buffers, made as programs ask for them."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self._arrays: dict[tuple[int, str], Any] = {}
        self._owned: list[Any] = []

    def _keep(self, data: F4 | I4) -> Any:
        buffer = self._context.buffer(np.ascontiguousarray(data).tobytes()) if data.size else None
        if buffer is not None:
            self._owned.append(buffer)
        return buffer

    def _array(self, program: Any, run: str, buffers: list[tuple[Any, str, tuple[str, ...]]], index: Any) -> Any:
        key = (id(program), run)
        if key not in self._arrays:
            content = [(buffer, *wanted(program, layout, names)) for buffer, layout, names in buffers]
            self._arrays[key] = self._context.vertex_array(program, [c for c in content if len(c) > 2], index, index_element_size=4)
        return self._arrays[key]

    def close(self) -> None:
        release(*self._arrays.values(), *self._owned)
        self._arrays.clear()
        self._owned.clear()


def wanted(program: Any, layout: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """The buffer's layout with what the program does not read skipped."""
    fields = [f if n in program else f"{4 * int(f[0])}x" for f, n in zip(layout.split(), names, strict=True)]
    used = [n for n in names if n in program]
    return (" ".join(fields), *used) if used else ()


class StaticMesh(Drawn):
    """A batch on the graphics side: runs "cast" and "outline" beside one per finish."""

    def __init__(self, context: Any, batch: Batch) -> None:
        super().__init__(context)
        self._vertices = self._keep(batch.vertices)
        runs = {**batch.finishes, "cast": batch.casting, "outline": batch.outlined}
        self._runs = {name: self._keep(triangles.astype(np.int32)) for name, triangles in runs.items()}
        self.finishes = tuple(batch.finishes)
        self.reach = float(np.linalg.norm(batch.vertices[:, :3], axis=1).max(initial=0.0))  # metres from the origin

    def draw(self, program: Any, run: str) -> None:
        index = self._runs.get(run)
        if index is not None:
            self._array(program, run, [(self._vertices, FORMAT, ATTRIBUTES)], index).render()


class BodyMesh(Drawn):
    """A body's parts over one pair of buffers: posed vertices, and the resting ones that patterns hold on to."""

    def __init__(self, context: Any, body: Body) -> None:
        super().__init__(context)
        self.body = body
        positions, normals = body.rest
        self._posed = context.buffer(reserve=len(positions) * 24, dynamic=True)
        self._owned.append(self._posed)
        self._rest = self._keep(np.hstack([positions, normals]).astype(np.float32))
        self.portrait = self._hung(getattr(body, "portrait", None))
        self._index: dict[str, Any] = {}  # by part, by whether it is the inside, and by cell
        casting = [p.triangles for p in body.parts if p.finish != "eye" and p.casts]
        cast = coarser(positions, np.concatenate(casting), CASTING_CELL) if casting else np.zeros((0, 3), np.int32)
        self._index["cast"] = self._keep(cast)
        self.casting = np.unique(cast)
        self._cell = 0.0
        self._scratch = np.empty((len(positions), 6), np.float32)
        skin, eyes = (_vertices(body, finish) for finish in ("skin", "eye"))
        self.face: Face | None = study(body, skin, eyes) if len(skin) and len(body.landmarks) >= 7 else None
        self._feet = _feet(body)
        self._slices = _slices(positions, self.casting)

    def pose(self, positions: F4, normals: F4, pixel: float) -> None:
        """`pixel`: the metres that one measures there."""
        self._cell = max((cell for cell in CELLS if cell <= 1.4 * pixel), default=0.0)
        self._scratch[:, :3] = positions
        self._scratch[:, 3:] = normals
        self._posed.write(self._scratch)

    def middle(self, positions: F4) -> F8:
        """(3,): of what casts a shadow, or of all of it."""
        return np.asarray((positions[self.casting] if len(self.casting) else positions).mean(0), np.float64)

    def feet(self, positions: F4) -> list[tuple[float, float, float, float]]:
        """Where each foot presses on the ground: x, y, height of its sole, and radius."""
        found = []
        for sole in (positions[foot] for foot in self._feet):
            middle = sole[:, :2].mean(0)
            found.append((float(middle[0]), float(middle[1]), float(max(sole[:, 2].min(), 0)), 0.15 * self.body.height / 1.75))
        return found

    def lying(self, positions: F4) -> list[tuple[float, float, float, float]]:
        """The same of hips, back and head, where they are near the ground."""
        found = []
        for part in (positions[each] for each in self._slices):
            low = float(max(part[:, 2].min(), 0))
            if low < LOW:
                x, y = part[:, :2].mean(0)
                found.append((float(x), float(y), low, 0.2 * self.body.height / 1.75))
        return found

    def _hung(self, portrait: Portrait | None) -> Any:
        """A person's own skin, as a texture; its places beside the resting vertices."""
        if portrait is None:
            return None
        self._places = self._keep(portrait.at)
        height, width = portrait.picture.shape[:2]
        texture = self._context.texture((width, height), 4, portrait.picture.tobytes())
        texture.build_mipmaps()
        texture.filter = moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR
        self._owned.append(texture)
        return texture

    def draw(self, program: Any, part: str, *, inside: bool = False) -> None:
        """`inside`: only what an opening lets see from within."""
        index = self._coarse(part, inside=inside)
        if index is not None:
            posed = (self._posed, "3f 3f", ("in_position", "in_normal"))
            rest = (self._rest, "3f 3f", ("in_local", "in_local_normal"))
            worn = [(self._places, "3f", ("in_portrait",))] if self.portrait is not None else []
            self._array(program, f"{part} {inside} {self._cell}", [posed, rest, *worn], index).render()

    def _coarse(self, name: str, *, inside: bool) -> Any:
        key = f"{name} {inside} {self._cell}"
        if name != "cast" and key not in self._index:
            triangles = fewer(self.body, name, self._cell)
            self._index[key] = self._keep((seen_inside(self.body.rest[0], triangles) if inside else triangles).astype(np.int32))
        return self._index["cast" if name == "cast" else key]


def _feet(body: Body) -> list[I4]:
    """Vertices of each foot: of the left and right shoe, else of what is lowest, by side and, of a long body, front and back."""
    positions = body.rest[0]
    shoes = [part.triangles for part in body.parts if part.name == "shoes"]
    low = np.unique(np.concatenate(shoes)) if shoes else np.flatnonzero(positions[:, 2] < positions[:, 2].min() + 0.04 * body.height)
    x, y = positions[low, 0], positions[low, 1]
    behind = (y > (y.min() + y.max()) / 2) & (np.ptp(y) > 0.4 * body.height)
    groups = 2 * (x > 0) + behind * (not shoes)
    return [low[groups == k] for k in range(4) if (groups == k).any()]


def _slices(positions: F4, casting: I4) -> list[I4]:
    """Vertices of the body in slices from the knees up, as it stands at rest; fewer will do."""
    if not len(casting):
        return []
    height = positions[casting, 2]
    edges = np.linspace(0.3, 1.0, 6) * float(height.max())
    slices = (casting[(height >= a) & (height <= b)][::4] for a, b in pairwise(edges))
    return [each for each in slices if len(each)]


def _vertices(body: Body, finish: str) -> I4:
    """Numbers of the vertices of every part with that finish."""
    found = [part.triangles for part in body.parts if part.finish == finish]
    return np.unique(np.concatenate(found)) if found else np.zeros(0, np.int32)
