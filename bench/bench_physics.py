"""The engine's physics beside closed forms, and beside MuJoCo with its usual settings.

    .venv/bin/python bench/bench_physics.py

Free fall, bounces, a pendulum, momentum in a collision, a stack at rest, walls hit at 30 m/s, and people: how ballistic a backflip's centre
of mass flies, how far planted feet slide. `plain` is the same scene in MuJoCo with default step and contacts.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import mujoco
import numpy as np
from kinora_world.cast import build_body
from kinora_world.motion import plan
from kinora_world.motion.mass import centre_of_mass
from kinora_world.physics import simulate
from kinora_world.scene import F8, Light, Motion, PropKind, Shape, StageSet
from kinora_world.solids import bounds
from kinora_world.stage import prop_kind
from kinora_world.storyboard import Action, Character, Mark, Prop, Shot
from rich.console import Console
from rich.table import Table

G = 9.81
FPS = 240  # finer than film, so that reading the result costs no accuracy
LIGHT = Light((0, 0, 1), (1, 1, 1), (1, 1, 1), (1, 1, 1), (1, 1, 1))
ADA = Character(id="ada", name="Ada")


@dataclass(frozen=True)
class Row:
    what: str
    expected: float
    ours: float
    plain: float | None
    unit: str

    def error(self, value: float | None) -> str:
        return "" if value is None else f"{abs(value - self.expected) / abs(self.expected) * 100:.2f} %"


def ball(restitution: float = 0.75, mass: float = 0.6) -> PropKind:
    return PropKind("ball", (Shape("sphere", (0.12,), (0, 0, 0.12), material="rubber"),), mass=mass, restitution=restitution, friction=0.8)


def play(
    props: dict[str, tuple[PropKind, tuple[float, float, float], float]],
    seconds: float,
    going: dict[str, tuple[float, float, float]] | None = None,
    walls: tuple[Shape, ...] = (),
) -> Motion:
    moving = [Prop(id=name, kind="ball", velocity=velocity) for name, velocity in (going or {}).items()]
    shot = Shot(duration=seconds, place="court", props=tuple(moving))
    stage = StageSet("court", walls, "court", "stone", LIGHT, "clear", "court")
    return simulate(shot, props, {}, stage, np.arange(round(seconds * FPS)) / FPS, lambda: None)


def plain(height: float, seconds: float) -> F8:
    """(n,) heights of the same ball's centre in MuJoCo as it comes."""
    xml = f"""<mujoco><worldbody><geom type="plane" size="9 9 .1"/><body pos="0 0 {height + 0.12}"><freejoint/>
    <geom type="sphere" size=".12" mass=".6"/></body></worldbody></mujoco>"""
    model = mujoco.MjModel.from_xml_string(xml)
    data = mujoco.MjData(model)
    heights = []
    while data.time < seconds:
        heights.append(data.qpos[2] - 0.12)
        mujoco.mj_step(model, data)
    return np.array(heights)


def free_fall() -> Iterator[Row]:
    for height in (0.5, 2.0, 8.0):
        contacts = play({"ball": (ball(), (0, 0, height), 0)}, 1.6).contacts
        fallen = plain(height, 1.6)
        yield Row(f"fall from {height:g} m lasts", math.sqrt(2 * height / G), contacts[0].time, float((fallen <= 0).argmax()) * 0.002, "s")


def bounces() -> Iterator[Row]:
    rebound = plain(1.0, 3.0)
    landed = int((rebound <= 0).argmax())
    for restitution in (0.4, 0.6, 0.8):
        heights = play({"ball": (ball(restitution), (0, 0, 1.0), 0)}, 1.6).props["ball"][:, 2, 3]
        first = int((heights <= 0.002).argmax())
        yield Row(
            f"bounce at restitution {restitution:g} rises to",
            restitution**2,
            float(heights[first + 8 :].max()),
            float(rebound[landed + 20 :].max()),
            "m",
        )


def pendulum() -> Iterator[Row]:
    for length in (0.6, 2.0):
        bob = PropKind("bob", (Shape("sphere", (0.05,), (0, 0, 0.05), material="metal"),), mass=2.0, hangs=(0, 0, 0.05 + length))
        aside = play({"bob": (bob, (0, 0, 1.0), 0)}, 9.0, {"bob": (0.5, 0, 0)}).props["bob"][:, :3, :] @ [0, 0, 0.05, 1]
        x = aside[:, 0]
        crossing = [i + x[i] / (x[i] - x[i + 1]) for i in range(1, len(x) - 1) if x[i] > 0 >= x[i + 1]]
        widest = math.asin(x.max() / length)
        swing = 2 * math.pi * math.sqrt((length + 0.4 * 0.05**2 / length) / G) * (1 + widest**2 / 16)
        yield Row(f"a pendulum of {length:g} m swings in", swing, float(np.diff(crossing).mean()) / FPS, None, "s")


def momentum() -> Iterator[Row]:
    balls = {"ball": (ball(mass=0.45), (0, 0, 6), 0.0), "other": (ball(mass=1.4), (0.9, 0.03, 6), 0.0)}
    motion = play(balls, 0.8, {"ball": (9, 0, 0)})
    path = {name: motion.props[name][:, :3, :] @ [0, 0, 0.12, 1] for name in balls}
    hit = round(motion.contacts[0].time * FPS)
    after = [(path[name][hit + 60] - path[name][hit + 20])[0] * FPS / 40 for name in ("ball", "other")]
    yield Row("momentum after a ball at 9 m/s struck another", 0.45 * 9, 0.45 * after[0] + 1.4 * after[1], None, "N s")


def kick() -> Iterator[Row]:
    """The blow that is heard of a foot, beside the momentum that the ball flies off with."""
    football = prop_kind("football")
    ball_there = Prop(id="ball", kind="football", position=(0.0, -0.5, 0.0))
    deed = Action(actor="ada", verb="kick", prop="ball", start=0.2)
    shot = Shot(duration=2.5, place="park", marks=(Mark(character="ada"),), props=(ball_there,), actions=(deed,))
    played = plan(shot, {"ada": build_body(ADA, "realistic")}, (), None, {"football": football})
    stage = StageSet("park", (), "park", "soil", LIGHT, "clear", "park")
    motion = simulate(shot, {"ball": (football, (0.0, -0.5, 0.0), 0.0)}, played, stage, np.arange(600) / FPS, lambda: None)
    blow = next(contact for contact in motion.contacts if "ada" in contact.names)
    path = motion.props["ball"][:, :3, :] @ [0, 0, float(bounds(football.shapes)[1][2]) / 2, 1]
    after = round(blow.time * FPS) + 3
    velocity = (path[after + 12] - path[after]) * FPS / 12 + np.array([0, 0, G * 9 / FPS])
    yield Row("momentum of a football that was kicked", blow.impulse, football.mass * float(np.linalg.norm(velocity)), None, "N s")


def stack() -> Iterator[Row]:
    crate = prop_kind("crate")
    tall = float(bounds(crate.shapes)[1][2])
    stood = play({f"crate{i}": (crate, (0, 0, i * tall), 0) for i in range(5)}, 4.0).props["crate4"][-1, :3, 3]
    yield Row("the fifth of five stacked crates stands after 4 s at", 4 * tall, float(stood[2]), None, "m")


def tunnels() -> int:
    """How many of the throws at a wall and a floor at 30 m/s end behind it."""
    wall, through = Shape("box", (0.05, 3, 3), (4, 0, 3), material="stone"), 0
    for name in ("tennis_ball", "basketball", "football", "book", "crate", "bottle", "brick"):
        for going in ((30.0, 0.0, 0.0), (0.0, 0.0, -30.0), (24.0, 0.0, -18.0)):
            path = play({name: (prop_kind(name), (0, 0, 1.5), 0)}, 1.5, {name: going}, (wall,)).props[name][:, :3, 3]
            through += bool(path[:, 0].max() > 4.1 or path[:, 2].min() < -0.1)
    return through


def backflip() -> Iterator[Row]:
    """Gravity as the centre of mass of somebody who jumps shows it: a parabola fitted to its height while no foot is down."""
    figure = build_body(ADA, "realistic")
    for verb in ("backflip", "jump"):
        shot = Shot(duration=3, place="park", marks=(Mark(character="ada"),), actions=(Action(actor="ada", verb=verb, start=0.3),))
        performance = plan(shot, {"ada": figure}, (), None, {})["ada"]
        times = np.arange(0, 3, 1 / FPS)
        centre = centre_of_mass(performance, times)
        lowest = np.array([min(performance.joint(f"{s}ToeBase", t)[2] for s in ("Left", "Right")) for t in times])
        up = np.flatnonzero(lowest > lowest[0] + 0.08)
        span = max(np.split(up, np.flatnonzero(np.diff(up) > 1) + 1), key=len)
        fall = -2 * float(np.polyfit(times[span], centre[span, 2], 2)[0])
        yield Row(f"gravity in a {verb}'s flight of {len(span) / FPS:.2f} s", G, fall, None, "m/s²")


def main() -> None:
    table = Table("", "closed form", "engine", "off by", "plain MuJoCo", "off by")
    makers: tuple[Callable[[], Iterator[Row]], ...] = (free_fall, bounces, pendulum, momentum, kick, stack, backflip)
    for maker in makers:
        for row in maker():
            values = (f"{row.expected:.4f} {row.unit}", f"{row.ours:.4f}", row.error(row.ours))
            table.add_row(row.what, *values, "" if row.plain is None else f"{row.plain:.4f}", row.error(row.plain))
    console = Console(width=140)
    console.print(table)
    console.print(f"of 21 throws at a wall or a floor at 30 m/s, {tunnels()} went through")


if __name__ == "__main__":
    main()
