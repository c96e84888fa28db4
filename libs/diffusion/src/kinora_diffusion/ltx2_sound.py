"""Sound that goes on: the pipeline has no conditioning by sound, so that the beginning of its latents is held to what was heard before."""

from collections.abc import Sequence
from typing import Any, Self

import torch


class Carried:
    """After every step the latents' beginning becomes the clean sound again, at the noise of that step, as in latent inpainting."""

    def __init__(self, clean: torch.Tensor | None, sigmas: Sequence[float], seed: int) -> None:
        """clean: (1, latents, features), packed and normalised as the transformer sees it; None to carry nothing."""
        self._clean, self._sigmas = clean, [*sigmas, 0.0]
        if clean is not None:
            self._noise = torch.randn(clean.shape, generator=torch.Generator().manual_seed(seed ^ 1)).to(clean)

    @classmethod
    def of(cls, pipe: Any, audio: torch.Tensor, start: float, end: float, sigmas: Sequence[float], seed: int) -> Self:
        """From latents as takes hold them, between two times in seconds."""
        vae = pipe.audio_vae
        rate = pipe.audio_sampling_rate / pipe.audio_hop_length / pipe.audio_vae_temporal_compression_ratio
        packed = pipe._pack_audio_latents(audio.float())  # noqa: SLF001 - the layout is the pipeline's
        clean = pipe._normalize_audio_latents(packed, vae.latents_mean.cpu(), vae.latents_std.cpu())  # noqa: SLF001
        count = round((end - start) * rate)
        first = min(round(start * rate), max(0, clean.shape[1] - count))
        return cls(clean[:, first : first + count].to(pipe._execution_device), sigmas, seed)  # noqa: SLF001

    def keep(self, latents: torch.Tensor, step: int) -> None:
        """Changes the packed latents in place, after step number `step`."""
        if self._clean is not None:
            sigma = self._sigmas[step + 1]
            latents[:, : self._clean.shape[1]] = (1 - sigma) * self._clean + sigma * self._noise
