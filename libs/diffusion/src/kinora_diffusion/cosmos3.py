"""Cosmos3 Omni with sound by diffusers' own pipeline. Takes are latents as the pipeline makes them, of half precision."""

import math
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from kinora.engine.v1.engine_pb2 import Capabilities
from kinora_engine.contract import Picture
from PIL import Image
from safetensors.torch import load_file

from kinora_diffusion import cosmos3_clip as clips
from kinora_diffusion.contract import Frames, GuidedBy, Pipeline, ShotAsked, Sound, Take
from kinora_diffusion.cosmos3_clip import Clip
from kinora_diffusion.cosmos3_sheet import sheet
from kinora_diffusion.grid import middle, whole
from kinora_diffusion.memory import plan, settle, tidied
from kinora_diffusion.omni import Beginning, Omni, Partial
from kinora_diffusion.prompts import negative
from kinora_diffusion.settings import Settings
from kinora_diffusion.weights import BadWeights, Weights

FPS = 24
_SIDE = 16  # pixels to one latent, each way
_STEPS, _DRAFT_STEPS, _GUIDANCE = 35, 12, 6.0  # the pipeline's own, but for drafts
_FLOW_SHIFT = 10.0  # as the pipeline's makers recommend for video
_FINISH_KEPT, _GUIDE_KEPT = 0.5, 0.4  # shares of the steps that a draft and the simulator's pictures stand in for
_PREVIEW = 320  # pixels at most


def load(weights: Weights, settings: Settings) -> Pipeline:
    """Raises BadWeights, and ValueError for settings that diffusers cannot follow for them."""
    if settings.attention not in {None, "native"}:
        raise ValueError(f'DIFFUSION_ATTENTION: Cosmos3 shares keys among heads, which "native" alone can, not {settings.attention!r}')
    if settings.taylorseer:
        raise ValueError("DIFFUSION_TAYLORSEER: diffusers' TaylorSeer does not know Cosmos3's layers, and would skip nothing")
    if settings.threads:
        torch.set_num_threads(settings.threads)
    return Cosmos3(weights, settings)


class Cosmos3:
    """contract.Pipeline."""

    fps = FPS
    guided_by: GuidedBy = "pictures"

    def __init__(self, weights: Weights, settings: Settings) -> None:
        if weights.manifest.distilled:
            raise BadWeights(f"{weights.folder}: Cosmos3's distilled weights make no sound; mount those of Cosmos3-Nano or -Super")
        self._weights, self._settings, self._plan = weights, settings, plan(settings)
        dtype = self._plan.dtype
        pipe = Omni.from_pretrained(weights.folder, dtype=dtype, local_files_only=True, enable_safety_checker=False, safety_checker=None)
        if pipe.sound_tokenizer is None or not pipe.transformer.config.sound_gen:
            raise BadWeights(f"{weights.folder}: these weights make no sound; mount those of Cosmos3-Nano or -Super")
        pipe.scheduler = Partial.from_config(pipe.scheduler.config, flow_shift=_FLOW_SHIFT, use_karras_sigmas=False)
        for name, path in weights.manifest.loras.items():
            _load_lora(pipe.transformer, weights.path(path), name)
        settle(pipe, self._plan, settings)
        self._pipe = pipe
        self.sample_rate: int = pipe.sound_tokenizer.config.sampling_rate

    def sheet(self) -> Capabilities:
        return sheet(self._weights, self._settings, on_gpu=self._plan.device.type == "cuda", negative_prompt=self._scale > 1)

    def frames(self, seconds: float) -> int:
        return clips.PICTURES * max(1, math.ceil((seconds * FPS - 1) / clips.PICTURES - 1e-6)) + 1

    def shoot(self, asked: ShotAsked, on_step: Callable[[int, int], None]) -> Take:
        """Raises Refused for pictures that cannot be kept as asked."""
        with tidied(self._pipe):
            width, height = whole(asked.width, _SIDE), whole(asked.height, _SIDE)
            clip = clips.clip(asked.references, self._pictures(asked.before) if asked.before else None, asked.frames, width, height)
            pictures, held = clips.conditions(clip, asked.keyframes, width, height)
            steps = self._steps(asked)
            self._dress(asked.loras)
            video, sound = self._pipe.denoise(
                self._beginning(asked, clip, steps, width, height),
                on_step,
                steps=steps,
                prompt=_prompt(asked),
                negative_prompt=negative(asked.negative_prompt),
                video=pictures or None,
                condition_frame_indexes_vision=held,
                num_frames=clip.count,
                width=width,
                height=height,
                fps=float(FPS),
                guidance_scale=self._scale,
                generator=torch.Generator().manual_seed(asked.seed),
            )
        return Take(video.cpu().half(), sound.cpu().half(), asked.frames, clip.lead)

    def develop(self, take: Take) -> tuple[Frames, Sound]:
        with tidied(self._pipe):
            heard = self._pipe.waveform(take.audio).float().cpu().numpy()
            pictures = self._pictures(take)
        first, end = (round(frame * self.sample_rate / FPS) for frame in (take.lead, take.lead + take.frames))
        return pictures, np.ascontiguousarray(heard[:, first:end])

    def preview(self, take: Take) -> Picture | None:
        """One latent frame decodes to one picture."""
        first = math.ceil(take.lead / clips.PICTURES)
        with tidied(self._pipe):
            picture = Image.fromarray(self._pipe.pictures(take.video[:, :, first : first + 1])[0])
        picture.thumbnail((_PREVIEW, _PREVIEW))
        return np.asarray(picture)

    def _dress(self, loras: Sequence[str]) -> None:
        if loras:
            self._pipe.transformer.enable_lora()
            self._pipe.transformer.set_adapters(list(loras))
        elif self._weights.manifest.loras:
            self._pipe.transformer.disable_lora()

    def _steps(self, asked: ShotAsked) -> int:
        return (self._settings.draft_steps or _DRAFT_STEPS) if asked.few_steps else (self._settings.steps or _STEPS)

    @property
    def _scale(self) -> float:
        return self._settings.guidance_scale or _GUIDANCE

    # What a shot starts from.

    def _beginning(self, asked: ShotAsked, clip: Clip, steps: int, width: int, height: int) -> Beginning:
        carried = self._carried(asked.before, clip) if asked.before else {}
        pictures, sound, kept = self._source(asked)
        if pictures is None:
            return Beginning(**carried)
        return Beginning(
            skipped=min(round(steps * kept), steps - 1),
            video=self._pipe.latents(clip.filled(pictures), width, height),
            sound=None if sound is None else torch.nn.functional.pad(sound, (self._heard_at(clip.lead), 0)),
            **carried,
        )

    def _source(self, asked: ShotAsked) -> tuple[Frames | None, Any, float]:
        """Pictures and sound latents that the shot is made of, and the share of the steps that they stand in for."""
        if asked.draft:  # what was made beyond the asked size, at half of it, goes before it is enlarged
            return middle(self._pictures(asked.draft), asked.width // 2, asked.height // 2), self._sound(asked.draft), _FINISH_KEPT
        if asked.changed:
            return self._pictures(asked.changed), self._sound(asked.changed), asked.changed_strength
        return asked.guide, None, _GUIDE_KEPT

    def _carried(self, before: Take, clip: Clip) -> dict[str, Any]:
        """The end of the sound before, where the end of the pictures before is held; both end with the first picture that is shown."""
        end = self._heard_at(clip.lead + 1)
        count = min(self._heard_at(clips.PICTURES * clips.OVERLAP), end)
        held = self._sound(before)[:, -count:]
        return {"held_sound": held, "held_at": end - held.shape[1]}

    # Latents, pictures and sound.

    def _pictures(self, take: Take) -> Frames:
        pictures: Frames = self._pipe.pictures(take.video)
        return pictures[take.lead : take.lead + take.frames]

    def _sound(self, take: Take) -> Any:
        """Latents of what is heard while its pictures are shown."""
        return take.audio.float()[:, self._heard_at(take.lead) : self._heard_at(take.lead + take.frames)]

    def _heard_at(self, frame: int) -> int:
        return round(frame / FPS * float(self._pipe.transformer.config.sound_latent_fps))


def _load_lora(transformer: Any, file: Path, name: str) -> None:
    """The pipeline loads none, its transformer does: keys as of diffusers' other pipelines, or of the transformer alone."""
    layers = load_file(file)
    prefix = "transformer" if any(key.startswith("transformer.") for key in layers) else None
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Already found a `peft_config`")  # there may be several
        transformer.load_lora_adapter(layers, prefix=prefix, adapter_name=name)


def _prompt(asked: ShotAsked) -> str:
    """Says what the clip opens on, where those are references: the weights know clips with cuts, and keep who was in the shot before."""
    if not asked.references:
        return asked.prompt
    return f"The video opens on still pictures of who is in it, then cuts to the scene, where they look just like that. {asked.prompt}"
