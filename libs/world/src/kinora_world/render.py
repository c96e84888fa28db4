"""A storyboard becomes a clip: every room of the engine in turn.

What is small (speech, motion, physics, the sound) is made at once by `prepare`; frames are made one by one while somebody takes them, so
that a long clip is never held in memory.
"""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
from kinora_media.planes import planes as in_planes

from kinora_world import catalogue, sound
from kinora_world.camera import bulk, plan_camera
from kinora_world.cast import Creature, Figure, Keepsake, embody, keepsake, turned
from kinora_world.clock import clock_of, heard_on_film, on_film, on_stage
from kinora_world.crowd import Mass, gather
from kinora_world.effects import plan_effects
from kinora_world.joining import joined
from kinora_world.likeness import Likeness, Thing, as_enrolled
from kinora_world.look import Moment, Renderer, style_entry
from kinora_world.motion import rehearse
from kinora_world.physics import let_fall, place, shatter, simulate
from kinora_world.picture import PictureWorld
from kinora_world.pulse import OnProgress, Pulse
from kinora_world.scene import F4, F8, FPS, SAMPLE_RATE, U1, Air, Body, Motion, Performance, Pose, PropKind, SpokenLine, StageSet, View
from kinora_world.sound import Cue, ShotSound
from kinora_world.stage import build_stage, prop_kind
from kinora_world.storyboard import Character, Shot, Storyboard

PREPARED = 0.15  # of the progress, when the first frame is due
DRAWN = 0.97


class StoryboardError(Exception):
    """The storyboard asks for what this engine does not have. Says where, and what there is."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One shot, ready to be drawn. Times are seconds from its start."""

    number: int
    shot: Shot
    start: float  # seconds from the start of the clip
    n_frames: int
    stage: StageSet
    kinds: Mapping[str, PropKind]
    bodies: Mapping[str, Figure | Creature]
    performances: Mapping[str, Performance]
    motion: Motion
    view: Callable[[float], View]
    air: Callable[[float, View], Air]
    bursts: tuple[tuple[str, float], ...] = ()  # what goes off in the air, and when
    crowd: Mass | None = None
    keepsakes: Mapping[str, Keepsake] = field(default_factory=dict)  # props that bear a likeness


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip whose frames are yet to be drawn."""

    storyboard: Storyboard
    width: int
    height: int
    fps: int
    n_frames: int
    audio: F4  # (n_frames / fps * SAMPLE_RATE, 2)
    lines: tuple[SpokenLine, ...]
    cues: tuple[Cue, ...]
    scenes: tuple[Scene, ...]
    first_frame: U1 | None
    pulse: Pulse = field(repr=False)
    notes: tuple[str, ...] = ()  # what people should know of it, in sentences

    def frames(self, *, planes: bool = False) -> Generator[U1]:
        """Every frame, (height, width, 3) or as `Planes`. Call once; closing the iterator, or an error in it, frees the renderer."""
        done = 0
        with closing(Renderer(self.width, self.height)) as renderer:
            before = self._first(renderer, planes=planes)
            for scene in self.scenes:
                held = style_entry(scene.shot.style).held
                for index in range(scene.n_frames):
                    if index % held == 0:
                        drawing = draw(renderer, scene, index, self.fps, planes=planes)
                    frame = self._joined(scene, index, before, drawing)
                    done += 1
                    told = f"shot {scene.number + 1} of {len(self.scenes)}, frame {index + 1} of {scene.n_frames}"
                    self.pulse.tell(PREPARED + (DRAWN - PREPARED) * done / self.n_frames, told, frame)
                    yield frame
                before = frame

    def _first(self, renderer: Renderer, *, planes: bool) -> U1 | None:
        """What the clip opens on: the given picture, or in a loop its own last one."""
        if self.first_frame is not None:
            return in_planes(self.first_frame) if planes else self.first_frame
        last = self.scenes[-1]
        return draw(renderer, last, last.n_frames - 1, self.fps, planes=planes) if self.storyboard.loop else None

    def _joined(self, scene: Scene, index: int, before: U1 | None, frame: U1) -> U1:
        return joined([each.shot for each in self.scenes], scene.number, index, scene.n_frames, self.fps, before, frame)


def prepare(
    storyboard: Storyboard,
    *,
    width: int,
    height: int,
    fps: int = FPS,
    first_frame: U1 | None = None,
    likenesses: Mapping[str, Likeness | Thing] = MappingProxyType({}),
    on_progress: OnProgress | None = None,
) -> Clip:
    """Everything but the pictures. `first_frame` is (height, width, 3); `likenesses` go to the characters and props with their handles.

    `on_progress(fraction, stage, frame)` is called about twice a second or more, here and while frames are drawn; what it raises ends the
    work. Raises StoryboardError before any work when the storyboard asks for what there is not.
    """
    if problems := catalogue.check(storyboard):
        raise StoryboardError("; ".join(problems))
    if first_frame is not None and first_frame.shape != (height, width, 3):
        raise StoryboardError(
            f"first_frame: {first_frame.shape[1]}x{first_frame.shape[0]} pixels; it must be {width}x{height}, as the clip"
        )
    pulse = Pulse(on_progress)
    storyboard = as_enrolled(storyboard, likenesses)
    world = pulse.during(0.01, "looking at the picture", lambda: PictureWorld(first_frame)) if first_frame is not None else None
    lines = pulse.during(0.01, "speaking", lambda: sound.speak(storyboard))
    scenes = tuple(_scenes(storyboard, likenesses, lines, width / height, fps, pulse, world))
    n_frames = sum(scene.n_frames for scene in scenes)
    people = {character.id: character for character in storyboard.characters}
    heard_there = [heard(scene, people, fps) for scene in scenes]
    samples = pulse.during(0.1, "mixing the sound", lambda: sound.mix(storyboard, lines, heard_there))
    kinds = {prop.id: prop.kind for shot in storyboard.shots for prop in shot.props}
    notes = _notes(world, [scene for scene in scenes if scene.stage.backdrop]) if world else ()
    notes += tuple(
        f"{handle} is shown by a stand-in: no likeness of it was given." for handle in sorted(storyboard.handles - {*likenesses})
    )
    cues = tuple(sound.cues(lines, heard_there, kinds=kinds))
    return Clip(storyboard, width, height, fps, n_frames, _fitted(samples, n_frames, fps), lines, cues, scenes, first_frame, pulse, notes)


def _notes(world: PictureWorld, inside: Sequence[Scene]) -> tuple[str, ...]:
    return world.notes([scene.shot.camera.move for scene in inside], anybody=any(scene.bodies or scene.kinds for scene in inside))


def _fitted(samples: F4, n_frames: int, fps: int) -> F4:
    """As long as the pictures, to the sample."""
    count = round(n_frames * SAMPLE_RATE / fps)
    fitted: F4 = np.pad(samples[:count], ((0, max(0, count - len(samples))), (0, 0)))
    return fitted


def _scenes(
    storyboard: Storyboard,
    likenesses: Mapping[str, Likeness | Thing],
    lines: tuple[SpokenLine, ...],
    aspect: float,
    fps: int,
    pulse: Pulse,
    world: PictureWorld | None,
) -> Iterator[Scene]:
    """The given picture is where the first shot is, and every other in the same place."""
    cast = _Cast(storyboard, likenesses, pulse)
    start, first = 0.0, 0
    for number, shot in enumerate(storyboard.shots):
        told = f"rehearsing shot {number + 1} of {len(storyboard.shots)}"
        pulse.tell(0.02 + 0.08 * number / len(storyboard.shots), told)
        last = round((start + shot.duration) * fps)
        mine = tuple(_rebased(line, start) for line in lines if line.shot == number)
        here = world if shot.place == storyboard.shots[0].place else None
        yield _scene(number, shot, start, last - first, mine, cast, storyboard.seed, aspect, fps, pulse, here)
        start, first = start + shot.duration, last


def _rebased(line: SpokenLine, start: float) -> SpokenLine:
    return SpokenLine(line.shot, line.speaker, line.text, line.language, line.start - start, line.samples, line.visemes, line.words)


class _Cast:
    """Each character's body, built once per style."""

    def __init__(self, storyboard: Storyboard, likenesses: Mapping[str, Likeness | Thing], pulse: Pulse) -> None:
        self._likenesses = likenesses
        self._characters = {character.id: character for character in storyboard.characters}
        self._bodies: dict[tuple[str, str], Figure | Creature] = {}
        self._pulse = pulse

    def bodies(self, shot: Shot) -> dict[str, Figure | Creature]:
        return {mark.character: self._body(mark.character, shot.style) for mark in shot.marks}

    def _body(self, name: str, style: str) -> Figure | Creature:
        if (name, style) not in self._bodies:
            character = self._characters[name]
            likeness = self._likenesses.get(character.handle or "")
            self._bodies[name, style] = self._pulse.during(0.02, "dressing the cast", lambda: embody(character, style, likeness))
        return self._bodies[name, style]

    def keepsakes(self, shot: Shot, kinds: Mapping[str, PropKind]) -> dict[str, tuple[PropKind, Keepsake]]:
        """Props that bear a likeness."""
        likenesses = {prop.id: self._likenesses.get(prop.handle or "") for prop in shot.props}
        return {name: keepsake(kinds[name], found) for name, found in likenesses.items() if isinstance(found, Thing)}


def _scene(
    number: int,
    shot: Shot,
    start: float,
    n_frames: int,
    lines: tuple[SpokenLine, ...],
    cast: _Cast,
    seed: int,
    aspect: float,
    fps: int,
    pulse: Pulse,
    world: PictureWorld | None,
) -> Scene:
    stage = build_stage(shot.place, shot.time_of_day, shot.style, seed, shot.weather)
    stage = world.stage(stage, shot) if world else stage
    kinds = {prop.id: prop_kind(prop.kind, prop.colour, prop.scale) for prop in shot.props}
    kept = cast.keepsakes(shot, kinds)
    kinds |= {name: kind for name, (kind, _) in kept.items()}
    shot = place(shot, kinds, stage)
    clock = clock_of(shot)
    played = on_stage(shot, clock)
    bodies = cast.bodies(shot)
    performances = pulse.during(
        0.05, "rehearsing", lambda: rehearse(played, bodies, lines, stage, {prop.kind: kinds[prop.id] for prop in shot.props})
    )
    placed = {prop.id: (kinds[prop.id], prop.position or (0.0, 0.0, 0.0), prop.facing) for prop in shot.props}
    performances, thuds = let_fall(played, performances, stage, placed, pulse.check)
    times = np.array([clock.staged(index / fps) for index in range(n_frames)])
    motion = simulate(played, placed, performances, stage, times, pulse.check)
    motion, shards = shatter(played, motion, placed, stage, times, pulse.check)
    kinds |= shards
    motion = replace(motion, contacts=heard_on_film((*motion.contacts, *thuds), clock))
    filmed = on_film(performances, clock)
    heights = {name: body.height for name, body in bodies.items()}
    subjects = _Subjects(filmed, motion, fps)
    beings = {name: bulk(body.rest[0], body.skeleton.heads[0]) for name, body in bodies.items() if not isinstance(body, Figure)}
    if world:
        stage, view = world.filmed(shot, stage, subjects.at, heights, beings)
    else:
        view = plan_camera(shot, subjects.at, heights, stage, aspect, shot.duration, beings)
    effects = plan_effects(played, stage, seed, lambda name, time: subjects.whereabouts(name, clock.filmed(time)), kinds)

    def air(time: float, seen: View) -> Air:
        return effects.air(clock.staged(time), seen)

    bursts = tuple((kind, clock.filmed(at)) for kind, at in effects.bursts(clock.staged(n_frames / fps)))
    keepsakes = {name: seen for name, (_, seen) in kept.items()}
    crowd = gather(played, stage, seed)
    return Scene(number, shot, start, n_frames, stage, kinds, bodies, filmed, motion, view, air, bursts, crowd, keepsakes)


@dataclass(frozen=True, slots=True)
class _Subjects:
    """Where everyone and everything is, for the camera: hips, heads and the base of things, (3,)."""

    performances: Mapping[str, Performance]
    motion: Motion
    fps: int

    def at(self, time: float) -> dict[str, F8]:
        people = {name: performance.joint("Hips", time) for name, performance in self.performances.items()}
        heads = {f"{name}.head": performance.joint("Head", time) for name, performance in self.performances.items()}
        return people | heads | {name: poses[_index(poses, time, self.fps)][:3, 3] for name, poses in self.motion.props.items()}

    def whereabouts(self, name: str, time: float) -> F8:
        """Of a character's hips or a prop's base; of "name.head", and of "name.ground" beneath it. (3,)."""
        owner, _, part = name.partition(".")
        performance = self.performances.get(owner)
        if performance is None:
            return np.asarray(self.motion.props[owner][_index(self.motion.props[owner], time, self.fps)][:3, 3])
        at = performance.joint("Head" if part == "head" else "Hips", time)
        return at * (1, 1, 0) if part == "ground" else at


def _index(poses: F8, time: float, fps: int) -> int:
    return min(len(poses) - 1, max(0, round(time * fps)))


def heard(scene: Scene, people: Mapping[str, Character], fps: int) -> ShotSound:
    """What the mixer hears of a scene."""
    return ShotSound(
        start=scene.start,
        duration=scene.n_frames / fps,
        stage=scene.stage,
        contacts=scene.motion.contacts,
        footfalls=tuple(step for _, performance in sorted(scene.performances.items()) for step in performance.footfalls),
        listener=scene.view,
        speaker_positions=lambda name, time: scene.performances[name].joint("Head", time),
        shot=scene.shot,
        people=people,
        performances=scene.performances,
        kinds=scene.kinds,
        props=scene.motion.props,
        bursts=scene.bursts,
        fps=fps,
    )


def moment(scene: Scene, index: int, fps: int) -> Moment:
    """What stands where in one frame of a scene."""
    view = scene.view(index / fps)
    bodies = {name: (body, positions) for name, body, positions, _ in _bodies(scene, index, fps, view)}
    return Moment(view, {name: prop for name, prop in _props(scene, index).items() if name not in bodies}, bodies)


def _props(scene: Scene, index: int) -> dict[str, tuple[PropKind, F8]]:
    return {name: (scene.kinds[name], poses[index]) for name, poses in scene.motion.props.items()}


def _bodies(scene: Scene, index: int, fps: int, view: View) -> Iterator[tuple[str, Body, F4, F4]]:
    """Characters and keepsakes, posed; puppets turn to the camera."""
    for name, body in scene.bodies.items():
        posed = body.posed(scene.performances[name].pose(index / fps))
        yield name, body, *(turned(*posed, view.eye) if isinstance(body, Creature) and body.portrait is not None else posed)
    for name, thing in scene.keepsakes.items():
        yield name, thing, *thing.posed(Pose({}, scene.motion.props[name][index]))


def draw(renderer: Renderer, scene: Scene, index: int, fps: int, *, planes: bool = False) -> U1:
    """One frame of a scene, (height, width, 3) or as `Planes`."""
    time = index / fps
    view = scene.view(time)
    props = list(_props(scene, index).values())
    bodies = [(body, positions, normals) for _, body, positions, normals in _bodies(scene, index, fps, view)]
    if scene.crowd is not None:
        bodies.append((scene.crowd, *scene.crowd.at(time)))
    shutter = style_entry(scene.shot.style).shutter / fps
    opened = scene.view(max(time - shutter, 0.0)) if shutter else None
    air = scene.air(time, view)
    return renderer.frame(view, scene.stage, props, bodies, scene.shot.style, scene.start + time, air, opened, planes=planes)
