"""Seconds of a GPU for one clip by LTX-2 at production's shape, and the memory it takes: eager, by attention backend, compiled, in 8 bits.

    .venv/bin/python bench/bench_gpu.py                 on a GPU with 60 GiB or more
    .venv/bin/python bench/bench_gpu.py --tiny          on anything: shows that the program works, and measures nothing of interest

The transformer, VAEs, connectors and vocoder are the real classes at the size of LTX-2's published configuration (diffusers' defaults: 18.9
billion parameters in the transformer, bf16), with random weights made on the device: what comes out is noise, what it costs is not. The
text encoder (12 billion parameters, run once a clip) is left out; its output is random. Settings go through kinora_diffusion.memory, as an
engine's do. At full size each row is a process of its own: what runs out of memory is told, and the next row goes on.
"""

import argparse
import multiprocessing
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import diffusers as d
import torch
from diffusers.pipelines import ltx2
from diffusers.pipelines.ltx2.utils import DISTILLED_SIGMA_VALUES
from kinora_diffusion.ltx2 import _UNGUIDED
from kinora_diffusion.memory import GIB, plan, settle
from kinora_diffusion.settings import Settings
from kinora_diffusion.tiny.ltx2 import build
from rich.console import Console
from rich.table import Table

FPS = 24
TOKENS = 1024  # of a prompt, as an engine pads it
VARIANTS: dict[str, dict[str, Any]] = {
    "eager": {},
    "eager, SDPA flash": {"attention": "_native_flash"},
    "eager, SDPA cuDNN": {"attention": "_native_cudnn"},
    "eager, flash-attn": {"attention": "flash"},
    "compiled": {"compile": True},
    "fp8": {"fp8": True},
    "fp8, compiled": {"fp8": True, "compile": True},
}


@dataclass(frozen=True)
class Shape:
    """Pixels, both multiples of 32, and frames, one more than a multiple of 8."""

    width: int
    height: int
    frames: int


PRODUCTION = (Shape(768, 512, 121), Shape(1280, 736, 121))  # 720 is no multiple of 32: what is made is a little larger
TINY = (Shape(64, 64, 9),)


@dataclass(frozen=True)
class Cost:
    """Of one clip: denoising, all with decoding, the first one with whatever is compiled; the device's peak, 0 on a CPU."""

    denoising_s: float
    all_s: float
    first_s: float
    peak_gib: float


def full(device: Any, dtype: Any) -> Any:
    """Production's size, without a text encoder."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        with torch.device(device):
            parts = {
                "transformer": d.LTX2VideoTransformer3DModel(rope_type="split"),
                "vae": d.AutoencoderKLLTX2Video(decoder_causal=False, spatial_compression_ratio=32, temporal_compression_ratio=8),
                "audio_vae": d.AutoencoderKLLTX2Audio(),
                "connectors": ltx2.LTX2TextConnectors(rope_type="split"),
                "vocoder": ltx2.LTX2Vocoder(),
            }
    finally:
        torch.set_default_dtype(before)
    distilled = d.FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=False, shift_terminal=None)
    return d.LTX2ConditionPipeline(scheduler=distilled, text_encoder=None, tokenizer=None, **parts)


def tiny(device: Any, dtype: Any) -> Any:
    """A few MB, for CPUs."""
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder))
        return d.LTX2ConditionPipeline.from_pretrained(folder, dtype=dtype, local_files_only=True).to(device)


def measured(make: Callable[[Any, Any], Any], told: dict[str, Any], shape: Shape, runs: int) -> Cost | str:
    """The median of `runs` clips after a first one, or why there are none."""
    settings = Settings(weights=Path("/random"), tiling=False, offload=False, **({"fp8": False} | told))
    planned = plan(settings)
    on_gpu = planned.device.type == "cuda"
    try:
        pipe = make(planned.device, planned.dtype)
        settle(pipe, planned, settings)
        if on_gpu:
            torch.cuda.reset_peak_memory_stats()
        clips = [_clip(pipe, shape, planned.device, planned.dtype, seed) for seed in range(runs + 1)]
    except (RuntimeError, ValueError, ImportError) as error:  # out of memory, or a backend that cannot
        return f"{type(error).__name__}: {str(error).partition(chr(10))[0][:90]}"
    denoising, whole = sorted(clips[1:], key=lambda clip: clip[1])[runs // 2]
    return Cost(denoising, whole, clips[0][1], torch.cuda.max_memory_allocated() / GIB if on_gpu else 0.0)


def _clip(pipe: Any, shape: Shape, device: Any, dtype: Any, seed: int) -> tuple[float, float]:
    """Seconds until the last of the 8 distilled steps, and until pictures and sound are there."""

    def wait() -> float:
        if device.type == "cuda":
            torch.cuda.synchronize()
        return time.perf_counter()

    denoised = 0.0

    def stepped(_: Any, __: int, ___: Any, ____: Any) -> dict[str, Any]:
        nonlocal denoised
        denoised = wait()
        return {}

    words = pipe.connectors.config
    width = words.caption_channels * words.text_proj_in_factor
    generator = torch.Generator(device).manual_seed(seed)
    prompt = torch.randn(1, TOKENS, width, device=device, dtype=dtype, generator=generator)
    began = wait()
    with torch.no_grad():
        pipe(
            prompt_embeds=prompt,
            prompt_attention_mask=torch.ones(1, TOKENS, dtype=torch.int64, device=device),
            width=shape.width,
            height=shape.height,
            num_frames=shape.frames,
            frame_rate=float(FPS),
            sigmas=DISTILLED_SIGMA_VALUES,
            generator=generator,
            output_type="pt",
            return_dict=False,
            callback_on_step_end=stepped,
            **_UNGUIDED,
        )
    return denoised - began, wait() - began


def alone(*arguments: Any) -> Cost | str:
    """In a process of its own, whose memory goes with it."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        try:
            return pool.submit(measured, *arguments).result()
        except BrokenProcessPool:
            return "killed: out of main memory?"


def table(shape: Shape, costs: dict[str, Cost | str], where: str) -> Table:
    shown = Table(
        "",
        "denoising s",
        "clip s",
        "of eager",
        "first clip s",
        "peak GiB",
        title=f"{shape.width}x{shape.height}, {shape.frames} frames, 8 steps; {where}",
    )
    eager = costs.get("eager")
    for name, cost in costs.items():
        if isinstance(cost, str):
            shown.add_row(name, cost)
            continue
        ratio = f"{cost.all_s / eager.all_s:.2f}" if isinstance(eager, Cost) else ""
        shown.add_row(name, f"{cost.denoising_s:.2f}", f"{cost.all_s:.2f}", ratio, f"{cost.first_s:.1f}", f"{cost.peak_gib:.1f}")
    return shown


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--tiny", action="store_true", help="tiny weights and a tiny clip, on a CPU too")
    parser.add_argument("--runs", type=int, default=3, help="clips of which the median is told, after a first one")
    parser.add_argument("--variants", nargs="+", choices=VARIANTS, default=list(VARIANTS), help='e.g. --variants eager "fp8, compiled"')
    options = parser.parse_args()
    if not options.tiny and not torch.cuda.is_available():
        Console().print("bench_gpu: there is no GPU here, so nothing is measured; --tiny shows that the program works")
        return
    where = torch.cuda.get_device_name() if torch.cuda.is_available() else "a CPU"
    for shape in TINY if options.tiny else PRODUCTION:
        run = partial(measured, tiny) if options.tiny else partial(alone, full)
        costs = {name: run(VARIANTS[name], shape, options.runs) for name in options.variants}
        Console(width=140).print(table(shape, costs, f"{'tiny weights' if options.tiny else 'random weights of full size'}, {where}"))


if __name__ == "__main__":
    main()
