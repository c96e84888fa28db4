"""From a character of the storyboard to a body."""

from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

import numpy as np
import scipy.sparse as sp
from scipy.spatial import cKDTree

from kinora_world.assets import BodyData, load_body
from kinora_world.cast.beards import make_beard, shaven
from kinora_world.cast.colour import Linear, linear, luminance, scaled
from kinora_world.cast.drape import Drape, Sheet
from kinora_world.cast.dress import Dressed, Piece, dress
from kinora_world.cast.figure import Figure, twisting_weights
from kinora_world.cast.hair import make_brows, make_hair
from kinora_world.cast.measures import Measures, find_landmarks, measure
from kinora_world.cast.shape import chance, height_of, macro_weights, naked_shape, trait_weights
from kinora_world.cast.skeleton import Skeleton, make_skeleton
from kinora_world.cast.style import STYLES, make_warp
from kinora_world.cast.surface import Surface, cut, from_base, normals
from kinora_world.likeness.blending import iris
from kinora_world.likeness.fitting import painted, shaped
from kinora_world.likeness.package import Likeness
from kinora_world.scene import F4, F8, I4, BodyPart
from kinora_world.storyboard import Character

_IRISES = ("#5a3a22", "#6b4a2b", "#3f2a1a", "#4f6f8f", "#5d7a4a", "#6f7f86")  # browns first: skin darker than _PALE has no others
_PALE = 0.36
_ROUGHNESS = {
    "skin": 0.55,
    "hair": 0.45,
    "locks": 0.45,
    "eye": 0.15,
    "satin": 0.4,
    "leather": 0.42,
    "rubber": 0.3,
    "gloss": 0.2,
    "gold": 0.25,
    "steel": 0.3,
    "mail": 0.45,
    "plain": 0.6,
}
_UNLINED = {"eye", "teeth", "tongue", "lash", "brow"}


@lru_cache(maxsize=32)
def build_body(character: Character, style: str) -> Figure:
    """The body of `character` in a style of `storyboard.Style`.

    Raises AssetsMissing when nothing has been built, KeyError for another style.
    """
    return _built(character, style, None)


def build_double(character: Character, style: str, likeness: Likeness) -> Figure:
    """The same with a person's own face; a drawn style has its own faces. Never kept for another clip: consent may end."""
    return _built(character, style, likeness if STYLES[style] is STYLES["realistic"] else None)


def _built(character: Character, style: str, likeness: Likeness | None) -> Figure:
    data = load_body()
    shape = _Shape(data, character, style)
    if likeness is not None:
        shape.vertices = shaped(data, shape.vertices, likeness)
    measures = measure(data, shape.vertices)
    dressed = _dressed(character, measures, style)
    pieces = _face(character, measures) | dict(dressed.pieces) | _hair(character, dressed)
    if likeness is not None:
        del pieces["brow"]  # the picture has them
        pieces["eye"] = replace(pieces["eye"], colour=linear(iris(likeness)))
    figure = replace(_assemble(shape, measures, pieces, dressed), age_years=character.age_years, freckles=character.freckles)
    if likeness is None:
        return figure
    skin = np.unique(next(part.triangles for part in figure.parts if part.finish == "skin"))
    return replace(figure, portrait=painted(shape.vertices, figure.rest, skin, likeness))


class _Shape:
    """Scaled and styled base vertices, and how face shapes come along."""

    def __init__(self, data: BodyData, character: Character, style: str) -> None:
        self._data, self._proportions = data, STYLES[style]
        lean = character.model_copy(update={"weight": character.weight * self._proportions.build})
        weights = macro_weights(lean) | trait_weights(character)
        for target, weight in self._proportions.targets:
            weights[target] = weights.get(target, 0.0) + weight
        plain = naked_shape(data, weights)
        body = plain[np.unique(data.groups["body"])]
        self._scale = self._proportions.stature * height_of(character) / float(np.ptp(body[:, 2]))
        plain = (plain - [0, 0, body[:, 2].min()]) * self._scale
        self._plain = plain
        self._warp, self._regions = make_warp(data, plain, self._proportions)
        warped = self._warp(plain, self._regions)
        self._lift = -float(warped[np.unique(data.groups["body"]), 2].min())
        self._blank: F8 = warped + np.array([0, 0, self._lift])
        eyes = find_landmarks(data, data.vertices)
        self._face = float(np.linalg.norm(self._warp.eyes[0] - self._warp.eyes[1]) / np.linalg.norm(eyes["eye_left"] - eyes["eye_right"]))
        self._resting = {f"{name}{side}": weight for name, weight in self._proportions.resting for side in ("Left", "Right")}
        self.vertices = self._blank.copy()
        for name, weight in self._resting.items():
            index, delta = self._displacement(name)
            self.vertices[index] += weight * delta

    def face_shape(self, name: str) -> tuple[I4, F8]:
        """A face shape's vertices and displacements from the resting face."""
        index, delta = self._displacement(name)
        wide = name.replace("eyeBlink", "eyeWide")
        if wide != name and wide in self._resting:  # lids that rest higher have further to go
            total = np.zeros_like(self.vertices)
            total[index] = delta
            index, delta = self._displacement(wide)
            total[index] -= self._resting[wide] * delta
            index = np.flatnonzero(np.abs(total).max(1)).astype(np.int32)
            return index, total[index]
        return index, delta

    def _displacement(self, name: str) -> tuple[I4, F8]:
        index, delta = self._data.face.of(name)
        moved = self._plain[index] + delta * self._face
        regions = {key: weight[index] for key, weight in self._regions.items()}
        return index, self._warp(moved, regions) + np.array([0, 0, self._lift]) - self._blank[index]


def _dressed(character: Character, m: Measures, style: str) -> Dressed:
    hair = make_hair(character, m, STYLES[style])
    skin, tint = linear(character.skin), linear(character.hair.colour)
    stubble = _between(skin, scaled(tint, 0.5), 0.45) if character.beard in {"stubble", "full"} else None
    dressed = dress(character.clothes, m, skin, hair, stubble)
    bare = dressed.pieces["skin"]
    return replace(dressed, pieces={**dressed.pieces, "skin": replace(bare, surface=shaven(character.beard, m, bare.surface))})


def _hair(character: Character, dressed: Dressed) -> dict[str, Piece]:
    return {name: Piece(surface, linear(character.hair.colour), name) for name, surface in dressed.hair.items()}


def _face(character: Character, m: Measures) -> dict[str, Piece]:
    skin, tint = linear(character.skin), linear(character.hair.colour)
    beard = make_beard(character.beard, m)
    iris = linear(_IRISES[int(chance(character.id, "iris") * (len(_IRISES) if luminance(skin) > _PALE else 3))])
    return {
        "eye": Piece(_group(m, "left-eye", "right-eye"), iris, "eye"),
        "teeth": Piece(_teeth(m), (0.55, 0.53, 0.48), "mouth"),
        "tongue": Piece(_tongue(m), (0.22, 0.05, 0.05), "mouth"),
        "lash": Piece(_upper_lashes(m, character.feminine), (0.012, 0.009, 0.008), "plain"),
        "brow": Piece(make_brows(m, character.feminine), _between(scaled(tint, 0.75), skin, 0.12), "plain"),
    } | ({"beard": Piece(beard, scaled(tint, 0.85), "locks")} if beard is not None else {})


def _group(m: Measures, *names: str) -> Surface:
    return from_base(m.vertices, np.concatenate([m.data.groups[name] for name in names]))


def _between(one: Linear, other: Linear, share: float) -> Linear:
    r, g, b = (a + share * (o - a) for a, o in zip(one, other, strict=True))
    return r, g, b


def _teeth(m: Measures) -> Surface:
    """Narrower than the mouth and well behind the lips, where the light that reaches them is little."""
    teeth = _group(m, "helper-upper-teeth", "helper-lower-teeth")
    lower = teeth.positions[:, 2:] < m.landmarks["mouth"][2] + 0.005 * m.face
    return replace(teeth, positions=teeth.positions * (0.88, 1, 1) + (np.array([0, 0.0045, 0.0]) + lower * [0, 0.001, -0.003]) * m.face)


def _tongue(m: Measures) -> Surface:
    """It lies low and back from the teeth while nobody needs it."""
    tongue = _group(m, "helper-tongue")
    return replace(tongue, positions=tongue.positions + np.array([0, 0.012, -0.009]) * m.face)


def _upper_lashes(m: Measures, feminine: float) -> Surface:
    """The lower ones are too coarse to look like hair, and all are too long."""
    lashes = _group(m, "lashes")
    lashes = cut(lashes, lashes.positions[:, 2] - m.landmarks["eye_left"][2])
    lids = m.vertices[np.unique(m.data.groups["body"])]
    distance, nearest = cKDTree(lids).query(lashes.positions, k=6)
    weight = 1 / (distance + 0.002 * m.face)
    root = (lids[nearest] * (weight / weight.sum(1, keepdims=True))[:, :, None]).sum(1) - np.array([0, 0.001, 0]) * m.face
    return replace(lashes, positions=root + (0.45 + 0.25 * feminine) * (lashes.positions - root))


def _assemble(shape: _Shape, m: Measures, pieces: dict[str, Piece], dressed: Dressed) -> Figure:
    surfaces = [piece.surface for piece in pieces.values()]
    starts = np.cumsum([0] + [len(s.positions) for s in surfaces])
    positions = np.concatenate([s.positions for s in surfaces])
    normal = np.concatenate([normals(s.positions, s.triangles) for s in surfaces])
    mix = sp.vstack([s.mix for s in surfaces]).tocsr()
    soles = dressed.soles
    skeleton = _skeleton(m, pieces, soles)
    worn = dict(zip(pieces, pairwise(starts), strict=True))
    return Figure(
        parts=tuple(_part(name, piece, start) for (name, piece), start in zip(pieces.items(), starts[:-1], strict=True)),
        rest=(positions.astype(np.float32), normal.astype(np.float32)),
        landmarks={name: (float(p[0]), float(p[1]), float(p[2])) for name, p in m.landmarks.items()},
        height=float(m.vertices[np.unique(m.data.groups["body"]), 2].max()) - float(soles.positions[:, 2].min()),
        skeleton=skeleton,
        iris=0.0062 * m.face * 1.0,
        weights=twisting_weights(mix @ m.data.weights, skeleton, positions),
        face_shapes=_face_shapes(shape, mix),
        drapes=tuple(_bound(m, sheet, skeleton, positions, _of(slot, worn)) for slot, sheet in dressed.sheets.items() if slot in worn),
    )


def _of(slot: str, worn: dict[str, tuple[int, int]]) -> I4:
    """The vertices of a garment and of what is sewn onto it."""
    found = [np.arange(*span) for name, span in worn.items() if name == slot or name.startswith(f"{slot}_trim")]
    return np.concatenate(found).astype(np.int32)


def _bound(m: Measures, sheet: Sheet, skeleton: Skeleton, positions: F8, worn: I4) -> Drape:
    weights = twisting_weights(sheet.mix @ m.data.weights, skeleton, sheet.positions.reshape(-1, 3))
    return Drape.bound(sheet, weights, positions, worn, m.unit)


def _part(name: str, piece: Piece, start: int) -> BodyPart:
    return BodyPart(
        name=name,
        triangles=(piece.surface.triangles + start).astype(np.int32),
        finish=piece.finish,
        colour=piece.colour,
        roughness=_ROUGHNESS.get(piece.finish, 0.9),
        outlined=name not in _UNLINED,
        accent=piece.accent,
    )


def _skeleton(m: Measures, pieces: dict[str, Piece], soles: Surface) -> Skeleton:
    """Bones, with the soles of the shoes as the feet's points of contact."""
    points = {}
    for side, sign in (("Left", 1.0), ("Right", -1.0)):
        mine = soles.positions[(sign * soles.positions[:, 0] > 0) & (soles.positions[:, 2] < soles.positions[:, 2].min() + 0.004)]
        toes = m.bone(f"{side}ToeBase")[1]
        back, front = mine[mine[:, 1] >= toes], mine[mine[:, 1] < toes]
        points[f"{side}Foot"] = _outline(back)
        points[f"{side}ToeBase"] = _outline(front)
    tips = {f"{side}HandMiddle1": m.data.tails[[m.data.bones.index(f"{side}HandMiddle3")]] @ m.vertices for side in ("Left", "Right")}
    tips |= {"Head": np.array([m.landmarks["crown"]]), "Spine1": _behind(m)}
    worn = [piece.surface for name, piece in pieces.items() if name in {"top", "bottom", "over"}]
    trunk = np.concatenate([s.positions[s.mix @ m.arm < 0] for s in [*worn, from_base(m.vertices, m.data.groups["helper-tights"])]])
    hips = trunk[np.abs(trunk[:, 2] - m.bone("Hips")[2]) < 0.12 * m.unit]
    return make_skeleton(m.data, m.vertices, points, tips, float(np.percentile(np.abs(hips[:, 0]), 97)))


def _outline(points: F8) -> F8:
    """The extreme points of a patch of sole."""
    chosen = {int((points[:, :2] @ np.array([np.cos(a), np.sin(a)])).argmax()) for a in np.linspace(0, 2 * np.pi, 8, endpoint=False)}
    return points[sorted(chosen)]


def _behind(m: Measures) -> F8:
    body = m.vertices[np.unique(m.data.groups["body"])]
    level = body[(np.abs(body[:, 2] - m.bone("Spine2")[2]) < 0.05) & (np.abs(body[:, 0]) < 0.1)]
    return np.asarray(level[[level[:, 1].argmax()]])


def _face_shapes(shape: _Shape, mix: sp.csr_matrix) -> dict[str, tuple[I4, F4]]:
    """All of them at once: the mixes of those vertices that hold on to a face, times every shape's displacements."""
    face = load_body().face
    names, base = list(face.names), np.unique(face.vertices).astype(np.int32)
    moves = np.zeros((len(base), len(names), 3))
    for k, name in enumerate(names):
        index, delta = shape.face_shape(name)
        moves[np.searchsorted(base, index), k] = delta
    held = mix.tocsc()[:, base].tocsr()
    rows = np.flatnonzero(np.diff(held.indptr)).astype(np.int32)
    moved = (held[rows] @ moves.reshape(len(base), -1)).reshape(len(rows), len(names), 3).astype(np.float32)
    strong = np.abs(moved).max(2) > 2e-5
    return {name: (rows[strong[:, k]], moved[strong[:, k], k]) for k, name in enumerate(names)}
