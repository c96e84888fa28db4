"""One shot's physics, from its first frame to its last."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import mujoco
import numpy as np
from scipy.spatial.transform import Rotation

from kinora_world.physics.ballistics import UP, level
from kinora_world.physics.bouncing import Bounces
from kinora_world.physics.contacts import ContactLog
from kinora_world.physics.holding import Grip, forward, hand_centre
from kinora_world.physics.launching import Aim, Flight, aim_at_prop, as_told, velocities
from kinora_world.physics.nets import stirred
from kinora_world.physics.pace import Pace
from kinora_world.physics.people import Puppets, Tracks
from kinora_world.physics.sparing import Sparing
from kinora_world.physics.world import STEP, Placed, Thing, World, build, pose_of
from kinora_world.scene import F8, Hold, Launch, Motion, Performance, StageSet
from kinora_world.solids import bounds
from kinora_world.storyboard import Shot

TRY = 2.2  # s that a launch is tried out ahead
STEPS_A_LOOK = 50  # between two looks at whether to stop
SPIN = 9.0  # rad/s of a thrown thing, backwards
GENTLE = 3.0  # m/s: no faster does a thing leave a hand that just opens
_STATE = mujoco.mjtState.mjSTATE_INTEGRATION


def simulate(
    shot: Shot,
    props: Mapping[str, Placed],
    performances: Mapping[str, Performance],
    stage: StageSet,
    times: F8,
    check: Callable[[], None],
) -> Motion:
    """Where every prop is at each of the `times` (n,), ascending seconds from the start, and every audible contact.

    `props` gives kind, place and facing at the start. `check` is called often and may raise to end the work. The same input gives the
    same output to the bit.
    """
    duration = max(shot.duration, float(times[-1]))
    if not any(not p[0].fixed for p in props.values()):
        performances = {}  # nothing that people could move: no need to follow them
    tracks = Tracks(performances, duration, check)
    world = build(props, tracks, stage)
    run = _Run(world, props, tracks, check)
    for prop in shot.props:
        if prop.velocity is not None and prop.id in world.things:
            run.set_going(world.things[prop.id], np.array(prop.velocity))
    frames = {name: np.empty((len(times), 4, 4)) for name in world.things}
    for index, time in enumerate(times if frames else ()):
        check()
        run.until(float(time))
        for name, thing in world.things.items():
            frames[name][index] = run.pose(thing)
    for time, where, impulse, thing_name, hoop in stirred(props, world.things, frames, times):
        run.log.add(time, where, impulse, (thing_name, hoop), (run.material(world.things[thing_name]), "cloth"))
    still = {name: np.repeat(pose[None], len(times), 0) for name, pose in world.fixed.items()}
    return Motion(frames | still, run.log.audible())


class _Run:
    def __init__(self, world: World, props: Mapping[str, Placed], tracks: Tracks, check: Callable[[], None]) -> None:
        self.world, self.props, self.tracks, self.check = world, props, tracks, check
        self.data = mujoco.MjData(world.model)
        self.pace, self.bounces = Pace(world), Bounces(world)
        self.step = STEP
        self.log = ContactLog(world)
        self.puppets = Puppets(world.model, tracks)
        loose = {name for name, thing in world.things.items() if thing.kind.hangs is None}
        self.holds = [(a, h) for a, p in tracks.performances.items() for h in p.holds if h.prop in loose]
        self.launches = sorted(
            ((a, x) for a, p in tracks.performances.items() for x in p.launches if x.prop in world.things), key=lambda pair: pair[1].time
        )
        self.grips: dict[str, Grip] = {}
        self._due = 0
        self.puppets.follow(self.data, 0.0)
        self.sparing = Sparing(world, self.data, self.holds, self.launches)
        self._handle(0.0)
        for grip in self.grips.values():
            self._carry(grip, 0.0)

    def until(self, time: float) -> None:
        """Step up to `time`, within half a step."""
        while self.data.time < time - self.step / 2:
            now = self.data.time
            self._handle(now)
            self.advance()
            self.log.read(self.data, now)

    def advance(self) -> None:
        """One step of people, held things and free things."""
        self.step = self.pace.mind(self.data)
        after = self.data.time + self.step
        self.puppets.follow(self.data, after)
        self.bounces.before(self.data)
        mujoco.mj_step(self.world.model, self.data)
        self.bounces.after(self.data)
        for grip in self.grips.values():
            self._carry(grip, after)

    def pose(self, thing: Thing) -> F8:
        """(4, 4)."""
        return pose_of(thing, self.data.qpos)

    def centre(self, thing: Thing) -> F8:
        """(3,) of its middle."""
        middle: F8 = (pose_of(thing, self.data.qpos) @ np.append(thing.centre, 1.0))[:3]
        return middle

    def _carry(self, grip: Grip, time: float) -> None:
        thing = grip.thing
        pose = grip.pose(time)
        old = self.data.qpos[thing.qpos : thing.qpos + 3].copy()
        self.data.qpos[thing.qpos : thing.qpos + 3] = pose[:3, 3]
        self.data.qpos[thing.qpos + 3 : thing.qpos + 7] = Rotation.from_matrix(pose[:3, :3]).as_quat(scalar_first=True)
        self.data.qvel[thing.dof : thing.dof + 3] = (pose[:3, 3] - old) / self.step if time > 0 else 0.0
        self.data.qvel[thing.dof + 3 : thing.dof + 6] = 0.0

    def _handle(self, now: float) -> None:
        """What begins or ends by now: holds, releases, launches."""
        for name, grip in list(self.grips.items()):
            if grip.hold.end <= now:
                del self.grips[name]
                self._slow(grip.thing)
        for actor, hold in self.holds:
            if hold.start <= now < hold.end and self._newer(hold):
                self._take(actor, hold, now)
        while self._due < len(self.launches) and self.launches[self._due][1].time <= now:
            actor, launch = self.launches[self._due]
            self._due += 1
            self._launch(actor, launch, now)
        self.sparing.update(now, self.grips)

    def _newer(self, hold: Hold) -> bool:
        running = self.grips.get(hold.prop)
        launched = any(x.prop == hold.prop and hold.start < x.time for _, x in self.launches[: self._due])
        return not launched and (running is None or (running.hold is not hold and running.hold.start < hold.start))

    def _take(self, actor: str, hold: Hold, now: float) -> None:
        thing = self.world.things[hold.prop]
        if now > 0 and hold.prop not in self.grips:
            speed = float(np.linalg.norm(self.data.qvel[thing.dof : thing.dof + 3]))
            self.log.add(now, self.centre(thing), thing.kind.mass * speed, (actor, hold.prop), ("flesh", self.material(thing)))
        self.grips[hold.prop] = Grip(actor, hold, thing, self.pose(thing), self.tracks)

    def _slow(self, thing: Thing) -> None:
        velocity = self.data.qvel[thing.dof : thing.dof + 3]
        velocity *= min(1.0, GENTLE / max(1e-9, float(np.linalg.norm(velocity))))

    def material(self, thing: Thing) -> str:
        """What it sounds like."""
        return self.world.materials[thing.geoms[0]]

    def _launch(self, actor: str, launch: Launch, now: float) -> None:
        thing = self.world.things[launch.prop]
        self.grips.pop(launch.prop, None)
        self.sparing.update(now, self.grips)
        aim = self._aim(actor, launch, thing)
        tries = velocities(launch, thing, self.centre(thing), forward(self.tracks, actor, now), aim)
        before = self.data.qvel[thing.dof : thing.dof + 3].copy()
        velocity = tries[0] if aim is None or len(tries) == 1 else self._choose(thing, tries, launch, aim)
        self._set_off(thing, velocity, launch)
        if launch.manner in ("kick", "push"):
            impulse = thing.kind.mass * float(np.linalg.norm(velocity - before))
            self.log.add(now, self.centre(thing), impulse, (actor, launch.prop), ("flesh", self.material(thing)))

    def set_going(self, thing: Thing, velocity: F8) -> None:
        """A round thing that starts along the ground rolls."""
        if thing.kind.hangs is not None:
            self._swing(thing, velocity)
            return
        self.data.qvel[thing.dof : thing.dof + 3] = velocity

    def _set_off(self, thing: Thing, velocity: F8, launch: Launch) -> None:
        """A free joint counts speed at the thing's base in the world's axes, and spin in its own."""
        if thing.kind.hangs is not None:
            self._swing(thing, velocity)
            return
        axis = np.cross(level(velocity), UP)  # backspin: the top comes back towards the thrower
        spin = axis * {"throw": SPIN, "shoot": SPIN, "kick": -SPIN}.get(launch.manner, 0.0)
        turn = self.pose(thing)[:3, :3]
        self.data.qvel[thing.dof : thing.dof + 3] = velocity - np.cross(spin, turn @ thing.centre)
        self.data.qvel[thing.dof + 3 : thing.dof + 6] = turn.T @ spin

    def _swing(self, thing: Thing, velocity: F8) -> None:
        """What hangs cannot leave: its middle is set going about the point it hangs from."""
        pose = self.pose(thing)
        arm = pose[:3, :3] @ (thing.centre - np.array(thing.kind.hangs))
        self.data.qvel[thing.dof : thing.dof + 3] = pose[:3, :3].T @ np.cross(arm, velocity) / max(float(arm @ arm), 1e-6)

    def _aim(self, actor: str, launch: Launch, thing: Thing) -> Aim | None:
        target = launch.target
        if target is None or target == launch.prop:
            return None
        if target in self.props:
            aim = aim_at_prop(target, self.props[target], bounds(self.props[target][0].shapes))
            moved = self.world.things.get(target)
            return aim if moved is None else Aim(target, self.centre(moved), aim.width)
        if target not in self.tracks.performances:
            return None
        return self._catch(target, launch, thing) or self._body(actor, target, launch, thing)

    def _catch(self, target: str, launch: Launch, thing: Thing) -> Aim | None:
        """The receiver's hands at the time they close, when they do."""
        for actor, hold in self.holds:
            flight = hold.start - launch.time
            if actor == target and hold.prop == launch.prop and 0.15 <= flight <= 2.5:
                return Aim(target, hand_centre(self.tracks, target, hold, thing.radius, hold.start), 0.3, flight=flight)
        return None

    def _body(self, actor: str, target: str, launch: Launch, thing: Thing) -> Aim:
        distance = float(np.linalg.norm(self.tracks.joint(target, "Hips", launch.time) - self.tracks.joint(actor, "Hips", launch.time)))
        arrival = launch.time + distance / 8
        hips, neck = (self.tracks.joint(target, joint, arrival) for joint in ("Hips", "Neck"))
        point = hips * 0.4 + neck * 0.6
        if launch.manner in ("kick", "push"):
            point = np.array([hips[0], hips[1], thing.radius])
        return Aim(target, point, 0.25)

    def _choose(self, thing: Thing, tries: list[F8], launch: Launch, aim: Aim) -> F8:
        """The first velocity whose flight, tried out ahead of time, ends as the story says; else the likeliest."""
        return next((v for v in tries if as_told(self._try(thing, v, launch), launch, aim)), tries[0])

    def _try(self, thing: Thing, velocity: F8, launch: Launch) -> Flight:
        model, data = self.world.model, self.data
        bounces = self.bounces.state()
        saved = np.empty(mujoco.mj_stateSize(model, _STATE))
        mujoco.mj_getState(model, data, saved, _STATE)
        self._set_off(thing, velocity, launch)
        path, touched = list[F8](), set[str]()
        until = data.time + TRY
        while data.time < until:
            if len(path) % STEPS_A_LOOK == 0:
                self.check()
            self.advance()
            path.append(self.centre(thing))
            touched.update(self._touching(thing))
        mujoco.mj_setState(model, data, saved, _STATE)
        self.bounces.restore(bounces)
        return Flight(np.array(path), frozenset(touched))

    def _touching(self, thing: Thing) -> Iterator[str]:
        pairs: Any = self.data.contact.geom[self.data.contact.efc_address >= 0]
        for one, other in pairs:
            if one in thing.geoms or other in thing.geoms:
                yield self.world.names[other if one in thing.geoms else one]
