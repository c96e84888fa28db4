"""A diffusion engine: a request is checked and planned, its shots are taken, and the film is stored with its takes."""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from kinora.engine.v1.engine_pb2 import ENGINE_UNIT_GPU_SECOND, Capabilities, RenderRequest, RenderResult
from kinora_engine.checks import check
from kinora_engine.contract import Refused, Studio
from kinora_engine.given import read_storyboard
from kinora_engine.storing import cpu_seconds, of_film, store
from kinora_media.captions import Cue, webvtt
from kinora_media.encode import Mp4Writer
from kinora_world import catalogue, output
from kinora_world.output import MASTER, Files
from kinora_world.scene import F4
from kinora_world.sound.descriptions import descriptions
from kinora_world.storyboard import Storyboard

from kinora_diffusion import given as conditioning
from kinora_diffusion import grid, speaking, takes
from kinora_diffusion.contract import Pipeline
from kinora_diffusion.filming import FILMED, Filming
from kinora_diffusion.given import Given
from kinora_diffusion.guidance import Guide
from kinora_diffusion.plan import plan
from kinora_diffusion.soundtrack import finished, joined, write_flac
from kinora_diffusion.speaking import Spoken

LONGEST_S = 120.0  # of a whole film, however often it went on
ESTIMATED = "Captions: when each line is spoken is estimated from its length."


class Engine:
    """kinora_engine.contract.Engine over a pipeline."""

    def __init__(self, pipeline: Pipeline, *, world_sounds: float = 0.0) -> None:
        """`world_sounds`: how loud the simulator's contact sounds are mixed in where it guides, 0 to 1."""
        self._pipeline, self._world_sounds = pipeline, world_sounds
        self._sheet = pipeline.sheet()

    def sheet(self) -> Capabilities:
        return self._sheet

    def render(self, asked: RenderRequest, studio: Studio) -> RenderResult:
        began = cpu_seconds()
        check(asked, self._sheet)
        storyboard = self._storyboard(asked)
        self._check_size(asked)
        given = conditioning.read(asked, studio.media, storyboard, self._sheet)
        planned = plan(storyboard, asked, given, self._pipeline)
        self._check_length(storyboard, given)
        studio.tell(0.01, "planned")
        guide = Guide(planned.storyboard, given.likenesses, (asked.width, asked.height), studio, asked.fps) if asked.guidance else None
        filming = Filming(planned, self._pipeline, studio, guide)
        with tempfile.TemporaryDirectory(prefix="kinora-") as folder:
            files, notes = self._write(filming, asked, Path(folder))
            keys = _store(files, filming, self._about(asked, filming, storyboard), asked.output_prefix, studio)
        return RenderResult(
            **cast("Any", keys),
            engine=self._sheet.engine,
            engine_version=self._sheet.engine_version,
            trained=self._sheet.trained,
            notes=[*self._sheet.notes, *planned.notes, *filming.notes, *notes],
            cpu_seconds=cpu_seconds() - began,
            gpu_seconds=filming.seconds if self._sheet.unit == ENGINE_UNIT_GPU_SECOND else 0.0,
        )

    # What is asked for.

    def _storyboard(self, asked: RenderRequest) -> Storyboard:
        storyboard = read_storyboard(asked)
        if problems := catalogue.check(storyboard):
            raise Refused("invalid_storyboard", "; ".join(problems))
        if unknown := {shot.style for shot in storyboard.shots} - set(self._sheet.styles):
            raise Refused("unsupported_style", f"there is no style {min(unknown)!r}; there are {', '.join(self._sheet.styles)}")
        if storyboard.loop and not self._sheet.loop:
            raise Refused("unsupported_loop", f"{self._sheet.engine} makes no loops")
        return storyboard

    def _check_size(self, asked: RenderRequest) -> None:
        """A draft has half the sides of what is offered."""
        size, offered = (asked.width, asked.height), grid.sizes(self._sheet.sizes)
        drafts = [(width // 2, height // 2) for width, height in offered if width % 4 == height % 4 == 0]
        if size not in offered and not (asked.draft and size in drafts):
            told = f"{', '.join(self._sheet.sizes)}, and half of that for drafts"
            raise Refused("invalid_size", f"{size[0]}x{size[1]} is not made here; there are {told}")
        if asked.fps != self._sheet.fps:
            raise Refused("invalid_fps", f"{asked.fps} frames per second; {self._sheet.engine} makes {self._sheet.fps}")

    def _check_length(self, storyboard: Storyboard, given: Given) -> None:
        new = storyboard.shots[len(given.extend.takes) if given.extend else 0 :]
        for number, shot in enumerate(storyboard.shots):
            if shot.duration > self._sheet.longest_shot_s:
                raise Refused("too_long", f"shots[{number}] lasts {shot.duration:g} s; {self._sheet.longest_shot_s:g} s are the most")
        seconds, most = sum(shot.duration for shot in new), max(self._sheet.seconds, default=LONGEST_S)
        if seconds > most or storyboard.duration > LONGEST_S:
            raise Refused("too_long", f"{seconds:g} s are new; {most:g} s are made in one go, and a film lasts {LONGEST_S:g} s at most")

    # What is made.

    def _write(self, filming: Filming, asked: RenderRequest, folder: Path) -> tuple[Files, list[str]]:
        files, storyboard, guide = output.named(folder), filming.plan.storyboard, filming.guide
        said = speaking.lines(storyboard)
        with Mp4Writer(files.video, asked.width, asked.height, asked.fps, **MASTER) as film:
            flashes = output.pictures(filming.frames(), filming.count, film, files, asked.fps)
            sound = self._sound(filming)
            film.audio(sound)
        write_flac(folder / "sound.flac", sound)
        filming.studio.tell(FILMED, "writing captions")
        files.captions.write_text(webvtt(_guided_cues(guide) if guide else speaking.cues(storyboard, said)))
        told = descriptions(storyboard, guide.clip.lines if guide else said)
        files.descriptions.write_text(webvtt(Cue(cue.start, cue.end, "", cue.text) for cue in told))
        happened = guide.happened() if guide else _happened(filming, said, asked)
        files.events.write_text(json.dumps(happened | {"flashes": flashes}, ensure_ascii=False))
        return files, [*([ESTIMATED] if said and not guide else []), *output.warnings(flashes)]

    def _sound(self, filming: Filming) -> F4:
        loop = filming.plan.storyboard.loop
        sound = joined(filming.sounds, [planned.shown for planned in filming.plan.shots], self._pipeline.fps, loop=loop)
        struck = filming.guide.effects() * self._world_sounds if filming.guide and self._world_sounds else None
        return finished(sound, struck, loop=loop)

    def _about(self, asked: RenderRequest, filming: Filming, storyboard: Storyboard) -> takes.About:
        pairs = zip(storyboard.shots, filming.takes, strict=True)
        return takes.About(
            family=self._sheet.engine,
            weights=self._sheet.engine_version,
            seed=storyboard.seed,
            width=asked.width,
            height=asked.height,
            fps=asked.fps,
            draft=asked.draft,
            shots=tuple(takes.ShotTaken(seconds=shot.duration, frames=take.frames, lead=take.lead) for shot, take in pairs),
        )


def _guided_cues(guide: Guide) -> list[Cue]:
    names = {character.id: character.name for character in guide.clip.storyboard.characters}
    return [Cue(cue.start, cue.end, names.get(cue.speaker or "", ""), cue.text, cue.words) for cue in guide.clip.cues]


def _happened(filming: Filming, said: Sequence[Spoken], asked: RenderRequest) -> dict[str, object]:
    """As the world engine tells it, without what only a simulator knows."""
    ends, cuts = 0, []
    for planned in filming.plan.shots[:-1]:
        ends += planned.shown
        cuts.append(round(ends / asked.fps, 4))
    size = {"width": asked.width, "height": asked.height, "fps": asked.fps, "frames": filming.count}
    return {"version": "1", **size, "cuts": cuts, "words": speaking.words(said), "contacts": [], "footfalls": []}


def _store(files: Files, filming: Filming, about: takes.About, prefix: str, studio: Studio) -> dict[str, str]:
    """Keys by their names in the result."""
    folder = files.video.parent
    takes.write(folder / "take.safetensors", about, filming.takes)
    own = {"take_key": (folder / "take.safetensors", "application/octet-stream"), "audio_key": (folder / "sound.flac", "audio/flac")}
    return store(studio, prefix, of_film(files) | own)
