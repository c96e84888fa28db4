"""A body that nobody holds up: jointed capsules under gravity, from the pose and the speed in which balance was lost."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import mujoco
import numpy as np
from scipy.spatial.transform import Rotation, Slerp

from kinora_world.physics.anatomy import LIMBS, PARENTS, Limb, chain
from kinora_world.physics.contacts import ContactLog
from kinora_world.physics.geoms import movable
from kinora_world.physics.world import PLACE, THINGS, Draft, Placed, World, surface_of
from kinora_world.scene import F8, Contact, Footfall, Hold, Launch, Performance, Pose, StageSet

RATE = 60.0  # poses kept a second
STEP = 0.002  # s
TONE, BENDING, DAMPING = 9.0, 12.0, 3.0  # N m/rad, of balls and hinges, and N m s/rad: even a limp body is no chain
AT_REST = 0.35  # of its range that a limp hinge is bent
ROLLS = (0.9, 0.02, 0.01)  # friction; the last keeps limbs from rolling on
DENSITY = 1000.0  # kg/m³
LIMP = (0.015, 1.0)  # solref: flesh


@dataclass(frozen=True, slots=True)
class Collapse:
    """Poses of the limbs after balance was lost, and what was heard."""

    since: float
    turns: Mapping[str, Rotation]  # per bone with a limb of its own: (n,) to the stage
    places: Mapping[str, F8]  # (n, 3) of the same bones' heads
    contacts: tuple[Contact, ...]


def collapse(
    name: str, played: Performance, since: float, until: float, stage: StageSet, props: Mapping[str, Placed], check: Callable[[], None]
) -> Collapse:
    """Lets go of the body at `since`. It falls on the ground, the place, and the things that stand fast."""
    draft = Draft()
    draft.spec.compiler.degree = False
    draft.floor(stage)
    for prop, placed in props.items():
        if not movable(placed[0]):
            draft.prop(prop, placed)
    _add_body(draft, name, played, since)
    model = draft.spec.compile()
    model.opt.timestep = STEP
    data = mujoco.MjData(model)
    _set_going(model, data, played, since)
    labels = draft.labels(model)
    log = ContactLog(World(model, {}, {}, {}, [owner for owner, _ in labels], [material for _, material in labels]))
    poses = []
    for index in range(int((until - since) * RATE) + 2):
        check()
        while data.time < index / RATE - STEP / 2:
            mujoco.mj_step(model, data)
            log.read(data, data.time)
        mujoco.mj_kinematics(model, data)
        poses.append([(data.body(limb.bone).xpos.copy(), data.body(limb.bone).xmat.reshape(3, 3).copy()) for limb in LIMBS])
    heard = tuple(replace(c, time=c.time + since, names=_whole(c.names)) for c in log.audible())
    turns = {limb.bone: Rotation.from_matrix(np.array([pose[i][1] for pose in poses])) for i, limb in enumerate(LIMBS)}
    return Collapse(since, turns, {limb.bone: np.array([pose[i][0] for pose in poses]) for i, limb in enumerate(LIMBS)}, heard)


def _whole(names: tuple[str, str]) -> tuple[str, str]:
    """Each limb strikes by itself; told are people."""
    one, other = (name.partition(".")[0] for name in names)
    return one, other


def _add_body(draft: Draft, name: str, played: Performance, since: float) -> None:
    """Limbs with the axes that their bones have at `since`."""
    pose, bodies = played.pose(since), dict[str, Any]()
    own = {"contype": THINGS, "conaffinity": PLACE, "solref": LIMP, "friction": ROLLS, "condim": 6}
    for limb in LIMBS:
        head, turn = played.joint(limb.bone, since), chain(pose, limb.bone)
        if limb.parent is None:
            body = draft.spec.worldbody.add_body(name=limb.bone, pos=head, quat=_quat(turn))
            body.add_freejoint(name=limb.bone)
        else:
            above, start = chain(pose, limb.parent), played.joint(limb.parent, since)
            body = bodies[limb.parent].add_body(name=limb.bone, pos=above.T @ (head - start), quat=_quat(above.T @ turn))
            _add_joint(body, limb, above.T @ turn)
        bodies[limb.bone] = body
        for start_joint, end_joint, radius, beyond in limb.capsules:
            start, end = (turn.T @ (played.joint(joint, since) - head) for joint in (start_joint, end_joint))
            end = end + (end - start) * beyond / max(float(np.linalg.norm(end - start)), 1e-6)
            shape = {"type": mujoco.mjtGeom.mjGEOM_CAPSULE, "fromto": [*start, *end], "size": [radius, 0, 0], "density": DENSITY}
            draft.geom(body, f"{name}.{limb.bone}", "flesh", **shape, **surface_of(0.9, 0.1) | own)


def _add_joint(body: Any, limb: Limb, bent: F8) -> None:
    if limb.bends is None:
        ball = {"type": mujoco.mjtJoint.mjJNT_BALL, "range": [0, np.radians(limb.reach)]}
        body.add_joint(name=limb.bone, stiffness=TONE, damping=DAMPING, limited=1, **ball)
        return
    now = float(np.arctan2(bent[2, 1], bent[1, 1]))
    low, high = (float(np.radians(angle)) - now for angle in limb.bends)
    hinge = {"type": mujoco.mjtJoint.mjJNT_HINGE, "axis": [1, 0, 0], "range": [min(low, -1e-3), max(high, 1e-3)]}
    at_rest = float(np.radians(sum(limb.bends) * AT_REST)) - now  # knees give way, arms fold
    body.add_joint(name=limb.bone, stiffness=BENDING, springref=at_rest, damping=DAMPING, limited=1, **hinge)


def _quat(turn: F8) -> F8:
    return np.asarray(Rotation.from_matrix(turn).as_quat(scalar_first=True))


def _set_going(model: Any, data: Any, played: Performance, since: float) -> None:
    """The speed that the body had: the difference of two poses."""
    span = 0.04
    before, after = played.pose(since), played.pose(since + span)
    spins = {limb.bone: _spin(chain(before, limb.bone), chain(after, limb.bone), span) for limb in LIMBS}
    for limb in LIMBS:
        dof = int(model.joint(limb.bone).dofadr[0])
        turn = chain(before, limb.bone)
        if limb.parent is None:
            data.qvel[dof : dof + 3] = (played.joint(limb.bone, since + span) - played.joint(limb.bone, since)) / span
            data.qvel[dof + 3 : dof + 6] = turn.T @ spins[limb.bone]
            continue
        own = turn.T @ (spins[limb.bone] - spins[limb.parent])
        if limb.bends is None:
            data.qvel[dof : dof + 3] = own
        else:
            data.qvel[dof] = own[0]


def _spin(before: F8, after: F8, span: float) -> F8:
    return np.asarray(Rotation.from_matrix(after @ before.T).as_rotvec() / span)


@dataclass(frozen=True, slots=True)
class Fallen:
    """A performance that physics takes over at `fall.since`."""

    played: Performance
    fall: Collapse

    @property
    def footfalls(self) -> tuple[Footfall, ...]:
        return tuple(step for step in self.played.footfalls if step.time < self.fall.since)

    @property
    def holds(self) -> tuple[Hold, ...]:
        return tuple(hold for hold in self.played.holds if hold.start < self.fall.since)

    @property
    def launches(self) -> tuple[Launch, ...]:
        return self.played.launches

    def pose(self, time: float) -> Pose:
        played = self.played.pose(time)
        if time <= self.fall.since:
            return played
        first = self.played.pose(self.fall.since)
        world = {bone: self._turn(bone, time) for bone in self.fall.turns}
        rotations = dict(first.rotations)
        for bone in self.fall.turns:
            _bend(rotations, world, bone, first.root[:3, :3])
        root = first.root.copy()
        hips = first.root[:3, :3].T @ (self.played.joint("Hips", self.fall.since) - first.root[:3, 3])
        root[:3, 3] = self._place("Hips", time) - root[:3, :3] @ hips
        return Pose(rotations, root, played.face)

    def joint(self, name: str, time: float) -> F8:
        if time <= self.fall.since:
            return self.played.joint(name, time)
        bone = name
        while bone not in self.fall.turns:
            bone = PARENTS[bone]
        first = self.played.pose(self.fall.since)
        own = chain(first, bone).T @ (self.played.joint(name, self.fall.since) - self.played.joint(bone, self.fall.since))
        return self._place(bone, time) + self._turn(bone, time) @ own

    def _turn(self, bone: str, time: float) -> F8:
        seen = self.fall.turns[bone]
        at = np.arange(len(seen)) / RATE + self.fall.since
        return np.asarray(Slerp(at, seen)(min(time, at[-1])).as_matrix())

    def _place(self, bone: str, time: float) -> F8:
        places = self.fall.places[bone]
        at = np.arange(len(places)) / RATE + self.fall.since
        return np.array([np.interp(time, at, column) for column in places.T])


def _bend(rotations: dict[str, F8], world: Mapping[str, F8], bone: str, root: F8) -> None:
    """Local turns of a limb's bone and of those between it and its parent's, which share the bend evenly."""
    between = [bone]
    while (above := PARENTS[between[-1]]) not in world and above:
        between.append(above)
    start = world[above] if above else root
    if any("Shoulder" in name for name in between):  # a collarbone stays as it was
        start, between = start @ rotations[between[-1]], between[:1]
    whole = Rotation.from_matrix(start.T @ world[bone]).as_rotvec()
    for name in between:
        rotations[name] = Rotation.from_rotvec(whole / len(between)).as_matrix()
