"""How weights fit a GPU: what follows from its memory, and how that is told to a diffusers pipeline."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch

from kinora_diffusion.settings import Settings

GIB = 1 << 30


@dataclass(frozen=True)
class Plan:
    """Where and how a pipeline computes."""

    device: torch.device
    dtype: torch.dtype
    fp8: bool
    offload: bool
    tiling: bool


# From so many GiB on: weights in 8 bits, layers that rest in main memory, pictures decoded in tiles. By arithmetic, not measured: LTX-2 of
# 22B with a text encoder of 12B has 71 GB in bf16, which leave a card of 80 GB no room for pictures but in tiles, and 49 GB with the
# transformer in 8 bits, which a card of 48 GB cannot hold, so that layers have to come and go.
_BY_MEMORY = ((100, (False, False, False)), (75, (False, False, True)), (60, (True, False, True)), (0, (True, True, True)))


def plan(settings: Settings) -> Plan:
    """What is set, and for the rest what the device's memory allows. CPUs compute in float32, with nothing of all this."""
    device = torch.device(settings.device or ("cuda" if torch.cuda.is_available() else "cpu"))
    on_gpu = device.type == "cuda"
    room = torch.cuda.get_device_properties(device).total_memory / GIB if on_gpu else 0.0
    fp8, offload, tiling = fitting(room) if on_gpu else (False, False, False)
    usual = torch.bfloat16 if on_gpu else torch.float32
    return Plan(
        device=device,
        dtype=getattr(torch, settings.dtype) if settings.dtype else usual,
        fp8=_or(settings.fp8, fp8),
        offload=_or(settings.offload, offload),
        tiling=_or(settings.tiling, tiling),
    )


def fitting(gib: float) -> tuple[bool, bool, bool]:
    """(fp8, offload, tiling) for a GPU with so much memory."""
    return next(chosen for least, chosen in _BY_MEMORY if gib >= least)


def _or(told: bool | None, usual: bool) -> bool:  # noqa: FBT001 - two values of one setting
    return usual if told is None else told


def settle(pipe: Any, planned: Plan, settings: Settings) -> None:
    """Brings a loaded pipeline to its device as planned. In this order: hooks of casting go beneath those of offloading."""
    transformer = pipe.transformer
    if settings.attention:
        transformer.set_attention_backend(settings.attention)
    if planned.fp8:
        transformer.enable_layerwise_casting(storage_dtype=torch.float8_e4m3fn, compute_dtype=planned.dtype)
    if planned.offload:
        _offload(pipe, planned.device)
    else:
        pipe.to(planned.device)
    if planned.tiling:
        pipe.vae.enable_tiling()
    if settings.compile:
        transformer.compile_repeated_blocks(fullgraph=False)
    if settings.taylorseer:
        from diffusers import TaylorSeerCacheConfig  # noqa: PLC0415 - seldom wanted

        transformer.enable_cache(TaylorSeerCacheConfig(cache_interval=settings.taylorseer_interval, taylor_factors_dtype=planned.dtype))
    pipe.set_progress_bar_config(disable=True)


def staying(pipe: Any) -> list[str]:
    """Parts that stay on the GPU: those that diffusers cannot offload in groups, and those that decode, which are small and which hooks,
    that see `forward` alone, would miss.
    """
    parts = {name: part for name, part in pipe.components.items() if isinstance(part, torch.nn.Module)}
    return [name for name, part in parts.items() if hasattr(part, "decode") or not getattr(part, "_supports_group_offloading", True)]


def _offload(pipe: Any, device: torch.device) -> None:
    """Layers come as they are needed."""
    resident = staying(pipe)
    for name in resident:
        pipe.components[name].to(device)
    pipe.enable_group_offload(
        onload_device=device, offload_type="leaf_level", use_stream=device.type == "cuda", low_cpu_mem_usage=True, exclude_modules=resident
    )


@contextmanager
def tidied(pipe: Any) -> Iterator[None]:
    """Whatever ends the work, the GPU is left as it was found: what a step had cached goes, and so does what memory ran out over."""
    try:
        with torch.no_grad():
            yield
    except BaseException:
        pipe.maybe_free_model_hooks()
        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        raise
    finally:
        if getattr(pipe.transformer, "is_cache_enabled", False):
            pipe.transformer._reset_stateful_cache()  # noqa: SLF001 - diffusers has no public way
