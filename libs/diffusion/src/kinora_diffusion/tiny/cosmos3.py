"""A Cosmos3 Omni with sound in miniature: the real classes and production compression ratios, random weights. All it makes is noise."""

import json
from pathlib import Path
from typing import Any

import torch
from diffusers import (
    AutoencoderKLWan,
    Cosmos3AVAEAudioTokenizer,
    Cosmos3OmniPipeline,
    Cosmos3OmniTransformer,
    UniPCMultistepScheduler,
)
from peft import LoraConfig
from tokenizers.pre_tokenizers import ByteLevel
from transformers import Qwen2Tokenizer

VIDEO_CHANNELS, SOUND_CHANNELS = 48, 64
SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|vision_start|>")
CHAT = (
    "{% for said in messages %}<|im_start|>{{ said.role }}\n{{ said.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
MANIFEST = {"family": "cosmos3", "version": "tiny-random", "licence": "none", "random": True, "sizes": ["128x64", "64x128", "64x64"]}


def build(folder: Path, seed: int = 0) -> None:
    """Writes the weights, some MB, as diffusers loads them, with two style LoRAs; the same seed gives the same weights."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        pipe = Cosmos3OmniPipeline(_transformer(), _tokenizer(), _vae(), _scheduler(), _sound(), enable_safety_checker=False)
        pipe.save_pretrained(folder)
        loras = {name: _lora(pipe.transformer, folder / "loras", name) for name in ("inky", "sunny")}
    (folder / "kinora.json").write_text(json.dumps(MANIFEST | {"loras": loras}, indent=2) + "\n")


def _tokenizer() -> Any:
    """One token per byte: every text can be said, in any language."""
    vocabulary = {token: number for number, token in enumerate((*SPECIAL, *sorted(ByteLevel.alphabet())))}
    tokenizer = Qwen2Tokenizer(vocab=vocabulary, merges=[])
    tokenizer.chat_template = CHAT
    return tokenizer


def _transformer() -> Any:
    return Cosmos3OmniTransformer(
        head_dim=16,
        hidden_size=32,
        intermediate_size=64,
        latent_channel=VIDEO_CHANNELS,
        patch_latent_dim=4 * VIDEO_CHANNELS,
        num_attention_heads=2,
        num_key_value_heads=1,
        num_hidden_layers=2,
        rope_axes_dim=(4, 2, 2),
        sound_dim=SOUND_CHANNELS,
        sound_gen=True,
        vocab_size=len(SPECIAL) + 256,
    )


def _vae() -> Any:
    """16 x 16 pixels and 4 frames to one latent, as Wan 2.2's."""
    return AutoencoderKLWan(
        base_dim=4,
        z_dim=VIDEO_CHANNELS,
        num_res_blocks=1,
        is_residual=True,
        in_channels=12,
        out_channels=12,
        patch_size=2,
        scale_factor_spatial=16,
        latents_mean=[0.0] * VIDEO_CHANNELS,
        latents_std=[1.0] * VIDEO_CHANNELS,
    )


def _sound() -> Any:
    """1920 samples of 48 kHz stereo to one latent."""
    return Cosmos3AVAEAudioTokenizer(
        vocoder_input_dim=SOUND_CHANNELS, enc_latent_dim=2 * SOUND_CHANNELS, dec_dim=2, enc_dim=4, enc_intermediate_dim=16, enc_num_blocks=1
    )


def _scheduler() -> Any:
    return UniPCMultistepScheduler(prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=10.0)


def _lora(transformer: Any, folder: Path, name: str) -> str:
    """Writes one; its path within the folder of weights."""
    transformer.add_adapter(LoraConfig(r=2, lora_alpha=2, target_modules=["add_q_proj", "add_v_proj"], init_lora_weights=False), name)
    transformer.save_lora_adapter(folder, adapter_name=name, weight_name=f"{name}.safetensors")
    transformer.delete_adapters(name)
    return f"{folder.name}/{name}.safetensors"
