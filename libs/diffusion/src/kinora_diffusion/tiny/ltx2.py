"""LTX-2 in little: every part of the real pipeline with production's ratios (32 x 32 pixels and 8 frames to a latent, 24 kHz stereo)."""

import json
from pathlib import Path
from typing import Any

import torch
from diffusers import (
    AutoencoderKLLTX2Audio,
    AutoencoderKLLTX2Video,
    FlowMatchEulerDiscreteScheduler,
    LTX2ConditionPipeline,
    LTX2VideoTransformer3DModel,
)
from diffusers.pipelines.ltx2 import LTX2LatentUpsamplerModel, LTX2TextConnectors, LTX2Vocoder
from peft import LoraConfig
from peft.utils import get_peft_model_state_dict
from transformers import Gemma3Config, Gemma3ForConditionalGeneration, Gemma3TextConfig, GemmaTokenizer, SiglipVisionConfig

from kinora_diffusion.weights import MANIFEST

_TOKENS = 1024
_HIDDEN, _LAYERS = 16, 2  # of the text encoder
_HEADS, _WIDTH, _AUDIO_WIDTH = 2, 8, 4  # of the transformer, for each head
_CHANNELS = 8  # of a video latent; production has 128
_AUDIO_CHANNELS, _MELS = 2, 64
_AUDIO = _AUDIO_CHANNELS * _MELS // 4  # a latent of sound as the transformer sees it
_SPECIAL = ("<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "<start_of_image>", "<end_of_image>", "<image_soft_token>")
_LORAS = {"loras": ("inky", "sunny"), "ic_loras": ("reference", "depth")}


def build(folder: Path, seed: int = 0) -> None:
    """Writes some MB of random weights, with two style LoRAs, two in-context LoRAs, a latent upsampler and the manifest."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        pipe = _pipeline()
        pipe.save_pretrained(folder)
        LTX2LatentUpsamplerModel(in_channels=_CHANNELS, mid_channels=32, num_blocks_per_stage=1).save_pretrained(
            folder / "latent_upsampler"
        )
        files = {kind: {name: _lora(pipe.transformer, folder / kind, name) for name in names} for kind, names in _LORAS.items()}
    manifest = {"family": "ltx2", "version": "tiny-random", "licence": "none", "random": True, "distilled": True}
    sizes = ["128x64", "64x128", "64x64"]
    (folder / MANIFEST).write_text(json.dumps({**manifest, **files, "upsampler": "latent_upsampler", "sizes": sizes}, indent=2))


def _pipeline() -> Any:
    vocabulary = {token: number for number, token in enumerate((*_SPECIAL, *(f"<0x{byte:02X}>" for byte in range(256)), "▁"))}
    return LTX2ConditionPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=False, shift_terminal=None),  # the distilled weights' own
        vae=_video(),
        audio_vae=AutoencoderKLLTX2Audio(
            base_channels=_AUDIO, latent_channels=_AUDIO_CHANNELS, num_res_blocks=1, resolution=_MELS, mel_bins=_MELS
        ),
        text_encoder=_reader(vocabulary),
        tokenizer=GemmaTokenizer(vocab=vocabulary, merges=[], model_max_length=_TOKENS),  # bytes, so that every text can be read
        connectors=_connectors(),
        transformer=_transformer(),
        vocoder=LTX2Vocoder(in_channels=2 * _MELS, hidden_channels=32, resnet_kernel_sizes=[3], resnet_dilations=[[1, 3, 5]]),
    )


def _video() -> Any:
    return AutoencoderKLLTX2Video(
        latent_channels=_CHANNELS,
        block_out_channels=(8, 8, 16, 16),
        decoder_block_out_channels=(8, 16, 32),
        layers_per_block=(1, 1, 1, 1, 1),
        decoder_layers_per_block=(1, 1, 1, 1),
        timestep_conditioning=False,
        spatial_compression_ratio=32,
        temporal_compression_ratio=8,
    )


def _reader(vocabulary: dict[str, int]) -> Any:
    text = Gemma3TextConfig(
        vocab_size=len(vocabulary),
        hidden_size=_HIDDEN,
        intermediate_size=32,
        num_hidden_layers=_LAYERS,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=8,
        max_position_embeddings=_TOKENS,
        sliding_window=64,
        query_pre_attn_scalar=8,
        pad_token_id=0,
        eos_token_id=1,
        bos_token_id=2,
        layer_types=["sliding_attention", "full_attention"],
    )
    eyes = SiglipVisionConfig(hidden_size=8, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2, image_size=28, patch_size=14)
    tokens = {f"{name}_token_index": vocabulary[token] for name, token in zip(("boi", "eoi", "image"), _SPECIAL[-3:], strict=True)}
    return Gemma3ForConditionalGeneration(Gemma3Config(text_config=text, vision_config=eyes, mm_tokens_per_image=4, **tokens)).eval()


def _connectors() -> Any:
    part = {"num_attention_heads": 2, "attention_head_dim": 8, "num_layers": 1, "num_learnable_registers": None}
    both = {f"{kind}_connector_{name}": value for kind in ("video", "audio") for name, value in part.items()}
    return LTX2TextConnectors(
        caption_channels=_HIDDEN,
        text_proj_in_factor=_LAYERS + 1,
        connector_rope_base_seq_len=_TOKENS,
        rope_double_precision=False,
        rope_type="split",
        **both,
    )


def _transformer() -> Any:
    return LTX2VideoTransformer3DModel(
        in_channels=_CHANNELS,
        out_channels=_CHANNELS,
        num_attention_heads=_HEADS,
        attention_head_dim=_WIDTH,
        cross_attention_dim=_HEADS * _WIDTH,
        audio_in_channels=_AUDIO,
        audio_out_channels=_AUDIO,
        audio_num_attention_heads=_HEADS,
        audio_attention_head_dim=_AUDIO_WIDTH,
        audio_cross_attention_dim=_HEADS * _AUDIO_WIDTH,
        num_layers=2,
        caption_channels=_HIDDEN,
        rope_type="split",
        rope_double_precision=False,
    )


def _lora(transformer: Any, folder: Path, name: str) -> str:
    """Writes one, as trainers do; its path within the folder of weights."""
    transformer.add_adapter(LoraConfig(r=2, lora_alpha=2, target_modules=["to_q", "to_v"], init_lora_weights=False), adapter_name=name)
    layers = get_peft_model_state_dict(transformer, adapter_name=name)
    transformer.delete_adapters(name)
    LTX2ConditionPipeline.save_lora_weights(folder, transformer_lora_layers=layers, weight_name=f"{name}.safetensors")
    return f"{folder.name}/{name}.safetensors"
