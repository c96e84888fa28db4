"""LTX-2 (2.0, 2.3, 2.5) by diffusers' own pipelines, which share one set of modules. Takes are latents as the pipelines return them."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from diffusers import FlowMatchEulerDiscreteScheduler, LTX2ConditionPipeline, LTX2InContextPipeline, LTX2LatentUpsamplePipeline
from diffusers.pipelines.ltx2 import LTX2LatentUpsamplerModel
from diffusers.pipelines.ltx2.pipeline_ltx2_condition import LTX2VideoCondition, calculate_shift
from diffusers.pipelines.ltx2.pipeline_ltx2_ic_lora import LTX2ReferenceCondition
from diffusers.pipelines.ltx2.utils import DISTILLED_SIGMA_VALUES, STAGE_2_DISTILLED_SIGMA_VALUES
from kinora.engine.v1.engine_pb2 import Capabilities
from kinora_engine.contract import Picture

from kinora_diffusion import schedule
from kinora_diffusion.contract import Frames, GuidedBy, Pipeline, ShotAsked, Sound, Take
from kinora_diffusion.grid import framed, padded, whole
from kinora_diffusion.ltx2_sheet import sheet
from kinora_diffusion.ltx2_sound import Carried
from kinora_diffusion.memory import plan, settle, tidied
from kinora_diffusion.prompts import negative
from kinora_diffusion.settings import Settings
from kinora_diffusion.weights import Weights

FPS = 24
_DRAFT_STEPS = 4  # of distilled weights
_UNGUIDED: dict[str, Any] = {  # what distilled weights are made for; the pipeline's own defaults run up to four passes a step
    "guidance_scale": 1.0,
    "stg_scale": 0.0,
    "modality_scale": 1.0,
    "guidance_rescale": 0.0,
    "audio_guidance_scale": 1.0,
    "audio_stg_scale": 0.0,
    "audio_modality_scale": 1.0,
    "audio_guidance_rescale": 0.0,
    "spatio_temporal_guidance_blocks": None,
}
_GUIDED = 3.0  # the pipeline's own
_AGAINST = 2.0  # of distilled weights, to mind a negative prompt: twice the work, by a measure that is a guess
_STG_BLOCK = 28  # as its makers recommend
_FOLLOWED: tuple[GuidedBy, ...] = ("depth", "pose")  # of the simulator's, by in-context LoRAs; the first that is there
_FIRST_GUIDE = 0.8  # how closely the simulator's first picture is kept


def load(weights: Weights, settings: Settings) -> Pipeline:
    if settings.threads:
        torch.set_num_threads(settings.threads)
    return LTX2(weights, settings)


class LTX2:
    """contract.Pipeline."""

    fps = FPS

    def __init__(self, weights: Weights, settings: Settings) -> None:
        self._weights, self._settings, self._plan = weights, settings, plan(settings)
        pipe = _watched(LTX2ConditionPipeline.from_pretrained(weights.folder, dtype=self._plan.dtype, local_files_only=True))
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Already found a `peft_config`")  # there are to be several
            for name, path in self._adapters().items():
                file = weights.path(path)
                pipe.load_lora_weights(file.parent, weight_name=file.name, adapter_name=name, local_files_only=True)
        settle(pipe, self._plan, settings)
        self._shifting = pipe.scheduler
        pipe.scheduler = FlowMatchEulerDiscreteScheduler.from_config(
            pipe.scheduler.config, use_dynamic_shifting=False, shift_terminal=None, shift=1.0
        )
        self._pipe = pipe
        shared = {name: part for name, part in pipe.components.items() if name != "duration_head"}
        self._in_context = _watched(LTX2InContextPipeline(**shared)) if weights.manifest.ic_loras else None
        self._larger = self._upsampler()
        self.sample_rate: int = pipe.vocoder.config.output_sampling_rate
        self.guided_by: GuidedBy = next((kind for kind in _FOLLOWED if kind in weights.manifest.ic_loras), "pictures")

    def sheet(self) -> Capabilities:
        return sheet(self._weights, self._settings, on_gpu=self._plan.device.type == "cuda")

    def frames(self, seconds: float) -> int:
        return whole(max(8, int(np.ceil(seconds * FPS - 1e-6)) - 1), self._per) + 1

    def shoot(self, asked: ShotAsked, on_step: Callable[[int, int], None]) -> Take:
        with tidied(self._pipe):
            start = self._start(asked)
            lead = start.lead if start else self._lead(asked)
            frames = self._decoded(start) if start else asked.frames + lead
            width, height = self._size(start) if start else (self._grid(asked.width), self._grid(asked.height))
            sigmas = self._sigmas(asked, frames, width, height)
            carried = self._carried(asked, lead, sigmas)

            def stepped(_: Any, index: int, __: Any, state: dict[str, Any]) -> dict[str, Any]:
                carried.keep(state["audio_latents"], index)
                on_step(index + 1, len(sigmas))
                return {}

            pipe, more = self._dressed(asked, lead, width, height)
            video, audio = pipe(
                prompt=asked.prompt,
                negative_prompt=negative(asked.negative_prompt),
                conditions=self._conditions(asked, lead, frames, width, height) or None,
                width=width,
                height=height,
                num_frames=frames,
                frame_rate=float(FPS),
                sigmas=sigmas,
                latents=start.video.to(self._plan.device, torch.float32) if start else None,
                audio_latents=start.audio.to(self._plan.device, torch.float32) if start else None,
                generator=torch.Generator().manual_seed(asked.seed),
                max_sequence_length=self._settings.max_sequence_length,
                output_type="latent",
                return_dict=False,
                callback_on_step_end=stepped,
                callback_on_step_end_tensor_inputs=["audio_latents"],
                **self._guidance(asked),
                **more,
            )
        return Take(video.cpu(), audio.cpu(), min(asked.frames, frames - lead), lead)

    def develop(self, take: Take) -> tuple[Frames, Sound]:
        with tidied(self._pipe):
            frames = self._pictures(take)
            audio_vae = self._pipe.audio_vae
            mel = audio_vae.decode(take.audio.to(self._plan.device, audio_vae.dtype), return_dict=False)[0]
            heard = self._pipe.vocoder(mel)[0].float().cpu().numpy()
        first, count = (round(n * self.sample_rate / FPS) for n in (take.lead, take.frames))
        sound = np.clip(heard[:, first : first + count], -1, 1).astype(np.float32)
        return frames, np.pad(sound, ((0, 0), (0, count - sound.shape[1])))

    def preview(self, take: Take) -> Picture | None:
        with tidied(self._pipe):
            picture: Picture = self._decode(take.video[:, :, :1])[0]
        return picture

    # What a shot starts from.

    def _start(self, asked: ShotAsked) -> Take | None:
        """Latents that are noised and denoised again: a draft, enlarged, or a take that is changed, fitted to the size."""
        if asked.draft:
            if self._larger is None:
                raise ValueError("these weights have no latent upsampler")
            width, height = self._size(asked.draft)
            video = self._larger(
                latents=asked.draft.video.to(self._plan.device), width=width, height=height, output_type="latent", return_dict=False
            )[0]
            return Take(video, asked.draft.audio, asked.draft.frames, asked.draft.lead)
        if asked.changed:
            sides = tuple(self._grid(side) // self._step for side in (asked.height, asked.width))
            video = asked.changed.video.float()
            if video.shape[3:] != sides:
                video = torch.nn.functional.interpolate(video, size=(video.shape[2], *sides), mode="trilinear")
            return Take(video, asked.changed.audio, asked.changed.frames, asked.changed.lead)
        return None

    def _lead(self, asked: ShotAsked) -> int:
        """How many frames of the take before are repeated at the beginning: whole latents of them."""
        if asked.before is None:
            return 0
        return min(self._settings.overlap_frames, (asked.before.lead + asked.before.frames - 1) // self._per * self._per)

    def _conditions(self, asked: ShotAsked, lead: int, frames: int, width: int, height: int) -> list[LTX2VideoCondition]:
        """Pictures by the latent that holds their frame; what the shot goes on from lies over its beginning."""
        latents = (frames - 1) // self._per
        found = [
            LTX2VideoCondition(
                padded(key.picture, width, height)[None],
                latents if key.frame < 0 else self._latent(key.frame + lead, latents),
                key.strength,
            )
            for key in asked.keyframes
        ]
        if asked.before:
            found.insert(0, LTX2VideoCondition(self._pictures(asked.before, extra=lead)[-lead - 1 :], 0, 1.0, crf=0))
        if asked.guide is not None and self.guided_by == "pictures" and not any(condition.index == 0 for condition in found):
            found.append(LTX2VideoCondition(padded(asked.guide[0], width, height)[None], 0, _FIRST_GUIDE))
        return found

    def _latent(self, frame: int, last: int) -> int:
        """The latent nearest to a frame: the first holds one frame, each other as many as the VAE compresses into one."""
        return min(last, round((frame - 1) / self._per) + 1) if frame else 0

    def _carried(self, asked: ShotAsked, lead: int, sigmas: list[float]) -> Carried:
        if not asked.before or not lead:
            return Carried(None, sigmas, asked.seed)
        end = (asked.before.lead + asked.before.frames - 1) / FPS
        return Carried.of(self._pipe, asked.before.audio, end - lead / FPS, end, sigmas, asked.seed)

    # How it is denoised.

    def _sigmas(self, asked: ShotAsked, frames: int, width: int, height: int) -> list[float]:
        sigmas = self._whole_schedule(asked, frames, width, height)
        if asked.draft:
            return [sigma for sigma in sigmas if sigma <= STAGE_2_DISTILLED_SIGMA_VALUES[0]] or sigmas[-1:]
        return schedule.last(sigmas, asked.changed_strength) if asked.changed else sigmas

    def _whole_schedule(self, asked: ShotAsked, frames: int, width: int, height: int) -> list[float]:
        told = self._settings.draft_steps if asked.few_steps else self._settings.steps
        if self._weights.manifest.distilled:
            return schedule.thinned(DISTILLED_SIGMA_VALUES, told or (_DRAFT_STEPS if asked.few_steps else len(DISTILLED_SIGMA_VALUES)))
        count = told or (schedule.DRAFT_STEPS if asked.few_steps else schedule.STEPS)
        return self._shifted(schedule.even(count), self._tokens(frames, width, height))

    def _tokens(self, frames: int, width: int, height: int) -> int:
        return ((frames - 1) // self._per + 1) * (width // self._step) * (height // self._step)

    def _shifted(self, sigmas: list[float], tokens: int) -> list[float]:
        """As the weights' own scheduler moves them for so many tokens."""
        config = self._shifting.config
        mu = calculate_shift(tokens, config.base_image_seq_len, config.max_image_seq_len, config.base_shift, config.max_shift)
        self._shifting.set_timesteps(sigmas=sigmas, mu=mu)
        return [float(sigma) for sigma in self._shifting.sigmas[:-1]]

    def _guidance(self, asked: ShotAsked) -> dict[str, Any]:
        told = self._settings.guidance_scale
        if self._weights.manifest.distilled:
            scale = told or (_AGAINST if asked.negative_prompt else 1.0)
            return {**_UNGUIDED, "guidance_scale": scale, "audio_guidance_scale": scale}
        block = min(_STG_BLOCK, self._pipe.transformer.config.num_layers - 1)
        return {"guidance_scale": told or _GUIDED, "spatio_temporal_guidance_blocks": [block]}

    def _dressed(self, asked: ShotAsked, lead: int, width: int, height: int) -> tuple[Any, dict[str, Any]]:
        """The pipeline with the LoRAs that are wanted, and what it is given beside the rest."""
        followed = self._followed(asked, lead, width, height)
        active = [f"style_{name}" for name in asked.loras] + [f"ic_{kind}" for kind in followed]
        if active:
            self._pipe.enable_lora()
            self._pipe.set_adapters(active, [1.0] * len(active))
        elif self._adapters():
            self._pipe.disable_lora()
        references = [condition for found in followed.values() for condition in found]
        return (self._in_context, {"reference_conditions": references}) if references else (self._pipe, {})

    def _followed(self, asked: ShotAsked, lead: int, width: int, height: int) -> dict[str, list[LTX2ReferenceCondition]]:
        """What in-context LoRAs look at: pictures of the cast, and what the simulator drew."""
        found = {}
        if asked.references and "reference" in self._weights.manifest.ic_loras:
            found["reference"] = [_reference(framed(picture, width, height)[None]) for picture in asked.references]
        if asked.guide is not None and self.guided_by != "pictures":
            guide = np.stack([padded(frame, width, height) for frame in [asked.guide[0]] * lead + list(asked.guide)])
            found[self.guided_by] = [_reference(guide)]
        return found

    def _adapters(self) -> dict[str, str]:
        manifest = self._weights.manifest
        styles = {f"style_{name}": path for name, path in manifest.loras.items()}
        return styles | {f"ic_{kind}": path for kind, path in manifest.ic_loras.items()}

    # Latents and pictures.

    @property
    def _step(self) -> int:
        return int(self._pipe.vae_spatial_compression_ratio)

    def _grid(self, side: int) -> int:
        """Pixels of whole latents around a side, two of them at least: the VAE mirrors one over the rim."""
        return max(whole(side, self._step), 2 * self._step)

    @property
    def _per(self) -> int:
        """Frames in a latent, of which the first holds one."""
        return int(self._pipe.vae_temporal_compression_ratio)

    def _size(self, take: Take) -> tuple[int, int]:
        """(width, height) in pixels that it decodes to."""
        return take.video.shape[4] * self._step, take.video.shape[3] * self._step

    def _decoded(self, take: Take) -> int:
        return int((take.video.shape[2] - 1) * self._per + 1)

    def _pictures(self, take: Take, extra: int = 0) -> Frames:
        """Those that are shown, and as many as `extra` of the lead before them."""
        first = max(0, take.lead - extra)
        return self._decode(take.video)[first : take.lead + take.frames]

    def _decode(self, video: torch.Tensor) -> Frames:
        vae = self._pipe.vae
        timestep = torch.zeros(1, device=self._plan.device, dtype=vae.dtype) if vae.config.timestep_conditioning else None
        pictures = vae.decode(video.to(self._plan.device, vae.dtype), timestep, return_dict=False)[0][0]
        frames: Frames = ((pictures.float().clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8).permute(1, 2, 3, 0).cpu().numpy()
        return frames

    def _upsampler(self) -> Any:
        path = self._weights.manifest.upsampler
        if path is None:
            return None
        model = LTX2LatentUpsamplerModel.from_pretrained(self._weights.path(path), dtype=self._plan.dtype, local_files_only=True)
        return LTX2LatentUpsamplePipeline(vae=self._pipe.vae, latent_upsampler=model.to(self._plan.device))


def _reference(frames: Frames) -> LTX2ReferenceCondition:
    return LTX2ReferenceCondition(frames.astype(np.float32) / 255)


def _watched(pipe: Any) -> Any:
    """Its steps show the sound's latents too."""
    pipe._callback_tensor_inputs = [*pipe._callback_tensor_inputs, "audio_latents"]  # noqa: SLF001 - of the class, and for checks alone
    pipe.set_progress_bar_config(disable=True)
    return pipe
