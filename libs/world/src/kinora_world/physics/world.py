"""The MuJoCo model of one shot: floor, place, things, and a set of capsules for each person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import mujoco
import numpy as np

from kinora_world.physics.geoms import IMPEDANCE, bounce, matrix, movable, primitives, solid
from kinora_world.physics.people import LIMBS, Tracks
from kinora_world.scene import F8, PropKind, Shape, StageSet
from kinora_world.solids import bounds, half_extents, volume

STEP = 1 / 1008  # s: frames at 24 a second fall on steps
PLACE, THINGS, PEOPLE = 1, 2, 4  # collision groups; every person has a bit of their own, from PEOPLE upwards
EVERYTHING = 0xFFFF
FLAT = 0.02  # what of the place is lower than this is floor, m
HINGE = 0.002  # N m s per kg: a swing comes to rest after a while
SOFT = (0.02, 1.0)  # solref of people: flesh and clothes swallow a blow
FLOOR = (0.8, 0.3)  # friction and restitution of ground and place; a livelier thing brings its own

Placed = tuple[PropKind, tuple[float, float, float], float]


@dataclass(slots=True)
class Thing:
    """A prop that moves. Offsets and sizes are in its own frame, whose origin is the centre of its base.

    A hanging one turns about `kind.hangs`: its joint is a ball joint there, all others are free.
    """

    id: str
    kind: PropKind
    qpos: int
    dof: int
    start: F8  # (4, 4)
    geoms: Sequence[int]
    centre: F8
    radius: float  # of a ball about as big, m
    spared: int = 0  # bits of the people it never touches in this shot


@dataclass(frozen=True, slots=True)
class World:
    model: Any
    things: Mapping[str, Thing]
    fixed: Mapping[str, F8]  # (4, 4) of the props that never move
    bits: Mapping[str, int]  # collision bit of each person
    names: Sequence[str]  # by geom: prop or person, "floor", or a part of the place
    materials: Sequence[str]  # by geom


def build(props: Mapping[str, Placed], tracks: Tracks, stage: StageSet) -> World:
    """The model at time zero."""
    draft = Draft()
    draft.floor(stage)
    for name, placed in props.items():
        draft.prop(name, placed)
    bits = {name: PEOPLE << index for index, name in enumerate(tracks.performances)}
    for name, bit in bits.items():
        draft.person(name, tracks, bit)
    model = draft.spec.compile()
    labels = draft.labels(model)
    return World(
        model=model,
        things={name: _thing(model, name, placed) for name, placed in props.items() if movable(placed[0])},
        fixed={name: matrix(placed[1], placed[2]) for name, placed in props.items() if not movable(placed[0])},
        bits=bits,
        names=[owner for owner, _ in labels],
        materials=[material for _, material in labels],
    )


def _thing(model: Any, name: str, placed: Placed) -> Thing:
    body, kind = model.body(name), placed[0]
    low, high = bounds(solid(kind))
    geoms = range(body.geomadr[0], body.geomadr[0] + body.geomnum[0])
    radius = float(np.median(high - low)) / 2
    joint = model.joint(f"{name}.joint")
    where = int(joint.qposadr[0]), int(joint.dofadr[0])
    return Thing(name, kind, *where, matrix(placed[1], placed[2]), geoms, (low + high) / 2, radius)


def pose_of(thing: Thing, qpos: F8) -> F8:
    """(4, 4) of a thing in a state of the model."""
    free = thing.kind.hangs is None
    quat = qpos[thing.qpos + 3 : thing.qpos + 7] if free else qpos[thing.qpos : thing.qpos + 4]
    turn = np.empty(9)
    mujoco.mju_quat2Mat(turn, quat)
    pose = np.eye(4)
    pose[:3, :3] = turn.reshape(3, 3)
    if free:
        pose[:3, 3] = qpos[thing.qpos : thing.qpos + 3]
        return pose
    pivot = np.array(thing.kind.hangs)
    pose[:3, :3] = thing.start[:3, :3] @ pose[:3, :3]
    pose[:3, 3] = thing.start[:3, 3] + thing.start[:3, :3] @ pivot - pose[:3, :3] @ pivot
    return pose


@dataclass(slots=True)
class Draft:
    """A model in the making, and whose each geom is."""

    spec: Any = field(default_factory=mujoco.MjSpec)
    owners: dict[str, tuple[str, str]] = field(default_factory=dict)  # geom label to (owner, material)

    def __post_init__(self) -> None:
        option = self.spec.option
        option.timestep = STEP
        option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
        option.cone = mujoco.mjtCone.mjCONE_ELLIPTIC

    def labels(self, model: Any) -> list[tuple[str, str]]:
        """Owner and material by geom."""
        return [self.owners[model.geom(index).name] for index in range(model.ngeom)]

    def geom(self, body: Any, owner: str, material: str, **settings: Any) -> None:
        label = f"geom{len(self.owners)}"
        self.owners[label] = (owner, material)
        body.add_geom(name=label, **settings)

    def floor(self, stage: StageSet) -> None:
        surface = surface_of(*FLOOR)
        ground = {"type": mujoco.mjtGeom.mjGEOM_PLANE, "size": [100, 100, 0.1]}
        self.geom(self.spec.worldbody, "floor", stage.ground_material, **ground, **surface)
        for shape in stage.shapes:
            if shape.collides and bounds([shape])[1][2] > FLAT:
                self.shape(self.spec.worldbody, shape, _part(shape), surface)

    def shape(self, body: Any, shape: Shape, owner: str, surface: Mapping[str, Any], density: float = 1.0) -> None:
        for geom in primitives(self.spec, shape):
            mass = geom.pop("mass") * density
            self.geom(body, owner, shape.material, mass=mass, **geom, **surface)

    def prop(self, name: str, placed: Placed) -> None:
        kind, position, facing = placed
        quat = np.zeros(4)
        mujoco.mju_mat2Quat(quat, matrix(position, facing)[:3, :3].ravel())
        body = self.spec.worldbody.add_body(name=name, pos=position, quat=quat)
        surface = surface_of(kind.friction, kind.restitution)
        if movable(kind):
            if kind.hangs is None:
                body.add_freejoint(name=f"{name}.joint")
            else:
                body.add_joint(name=f"{name}.joint", type=mujoco.mjtJoint.mjJNT_BALL, pos=kind.hangs, damping=HINGE * kind.mass)
            surface |= {
                "friction": [kind.friction, 0.01, 0.002],  # the last: a ball comes to rest
                "condim": 6,
                "contype": THINGS,
                "conaffinity": EVERYTHING,
                "priority": round(100 * kind.restitution) + 1,  # the livelier of two things decides how they bounce
            }
        density = kind.mass / max(1e-9, sum(volume(shape) for shape in solid(kind)))
        for shape in solid(kind):
            self.shape(body, shape, name, surface, density)

    def person(self, name: str, tracks: Tracks, bit: int) -> None:
        surface = surface_of(0.6, 0.1) | {"contype": bit, "solref": SOFT, "priority": 200}
        for limb in LIMBS:
            body = self.spec.worldbody.add_body(name=f"{name}.{limb.name}", mocap=True)
            size = [limb.radius * tracks.scale(name), tracks.half_length(name, limb), 0]
            self.geom(body, name, "flesh", type=mujoco.mjtGeom.mjGEOM_CAPSULE, size=size, **surface)


def _part(shape: Shape) -> str:
    """What a piece of the place is called where it is struck."""
    across, tall = sorted(half_extents(shape)[:2]), half_extents(shape)[2]
    if tall > 0.8 and shape.kind == "box" and across[1] > 0.8:
        return "wall"
    return "pole" if tall > 0.8 and across[1] < 0.3 else shape.material


def surface_of(friction: float, restitution: float) -> dict[str, Any]:
    return {
        "friction": [friction, 0.005, 0.0001],
        "condim": 3,
        "solref": bounce(restitution),
        "solimp": [IMPEDANCE, IMPEDANCE, 0.001, 0.5, 2],
        "contype": PLACE,
        "conaffinity": 0,
    }
