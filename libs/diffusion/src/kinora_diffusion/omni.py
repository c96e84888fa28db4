"""Diffusers' Cosmos3 pipeline, which can also begin from latents, go on with a sound, and give its latents back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from diffusers import Cosmos3OmniPipeline, UniPCMultistepScheduler
from PIL import Image

from kinora_diffusion.contract import Frames


@dataclass(frozen=True, eq=False)
class Beginning:
    """What denoising starts from beside noise. The more steps are skipped, the less noise lies over `video` and `sound`."""

    skipped: int = 0
    video: Any = None  # latents (1, channels, frames, height, width)
    sound: Any = None  # latents (channels, length); what they are too short for begins at zero
    held_sound: Any = None  # latents (channels, length) to have in the end at `held_at`
    held_at: int = 0


class Partial(UniPCMultistepScheduler):  # type: ignore[misc] # diffusers is untyped
    """UniPC that leaves out its first steps, for what begins from latents under so much noise (SDEdit, arXiv:2108.01073)."""

    skipped = 0

    def set_timesteps(self, *args: Any, **kwargs: Any) -> None:
        super().set_timesteps(*args, **kwargs)
        self.timesteps: Any = self.timesteps[self.skipped :]
        self.sigmas: Any = self.sigmas[self.skipped :]
        self.num_inference_steps = len(self.timesteps)


class Omni(Cosmos3OmniPipeline):  # type: ignore[misc] # diffusers is untyped
    """One shot at a time, by `denoise`."""

    _callback_tensor_inputs = ("latents", "sound_latents")
    beginning = Beginning()

    def denoise(self, beginning: Beginning, on_step: Callable[[int, int], None], *, steps: int, **asked: Any) -> tuple[Any, Any]:
        """Latents of pictures and sound. `asked` is what the pipeline takes; what `on_step` raises ends it."""
        self.beginning, self.scheduler.skipped = beginning, beginning.skipped
        try:
            self._schedule(steps)
            made = self(
                num_inference_steps=steps,
                enable_sound=True,
                output_type="latent",
                callback_on_step_end=lambda _, step, __, now: self._stepped(step, now["sound_latents"], on_step),
                callback_on_step_end_tensor_inputs=["sound_latents"],
                **asked,
            )
        finally:
            self.beginning, self.scheduler.skipped = Beginning(), 0
        return made.video, made.sound

    def _schedule(self, steps: int) -> None:
        """As the pipeline itself does it, which is too late for `prepare_latents`."""
        last = 1 - 1 / self.scheduler.config.num_train_timesteps
        native = {"sigmas": np.linspace(last, 0, steps + 1)[:-1]} if self.config.use_native_flow_schedule else {}
        self.scheduler.set_timesteps(steps, **native)

    def _stepped(self, step: int, sound: Any, on_step: Callable[[int, int], None]) -> dict[str, Any]:
        if (held := self.beginning.held_sound) is not None:
            at = slice(self.beginning.held_at, self.beginning.held_at + held.shape[1])
            sound[:, at] = _under_noise(held, self._noise[:, at], self.scheduler.sigmas[step + 1])
        on_step(step + 1, len(self.scheduler.timesteps))
        return {}

    def prepare_latents(self, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        """As diffusers', with the beginning under the noise; frames that condition stay as they are."""
        prepared = list(super().prepare_latents(*args, **kwargs))
        noise, self._noise, conditions, begun = prepared[0], prepared[1], prepared[5], self.beginning
        if begun.video is not None:
            sound = torch.zeros_like(self._noise)
            if begun.sound is not None:
                length = min(begun.sound.shape[1], sound.shape[1])
                sound[:, :length] = begun.sound[:, :length]
            sigma = self.scheduler.sigmas[0]
            prepared[0] = conditions * noise + (1 - conditions) * _under_noise(begun.video, noise, sigma)
            prepared[1] = _under_noise(sound, self._noise, sigma)
        return tuple(prepared)

    def decode_sound(self, latent: Any) -> Any:
        """Takes hold latents: `waveform` decodes them when they are wanted."""
        return latent

    def waveform(self, latent: Any) -> Any:
        """Latents (channels, length) to samples (2, samples)."""
        return super().decode_sound(latent.to(self._get_execution_device()))

    def pictures(self, latents: Any) -> Frames:
        """Latents (1, channels, frames, height, width) to pictures."""
        kept = {"device": self._get_execution_device(), "dtype": self.vae.dtype}
        mean, inverse_std = (stat.to(**kept).view(1, -1, 1, 1, 1) for stat in (self._vae_latents_mean, self._vae_latents_inv_std))
        decoded = self.vae.decode(latents.to(**kept) / inverse_std + mean).sample
        shown = self.video_processor.postprocess_video(decoded.float(), output_type="np")[0]
        return np.asarray((shown * 255).round(), np.uint8)

    def latents(self, clip: Sequence[Image.Image], width: int, height: int) -> Any:
        """Pictures of any size to latents of a clip of this one."""
        video = self.video_processor.preprocess_video(list(clip), height=height, width=width)
        return self._encode_video(video.to(self._get_execution_device())).float()


def _under_noise(latents: Any, noise: Any, sigma: Any) -> Any:
    """Rectified flow: a straight line from the latents (sigma 0) to noise (sigma 1)."""
    return (1 - float(sigma)) * latents.to(noise) + float(sigma) * noise
