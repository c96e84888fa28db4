"""What a service can be told, from its own Settings: the chart takes the same names, types and bounds."""

from functools import cache
from importlib import import_module
from typing import Any

# The chart tells these itself, from the platform's keys and from the pools.
OWN = {
    "CAMEO_MASTER_KEYS",
    "DIFFUSION_DEVICE",
    "DIFFUSION_KINORA_LICENCE_ACCEPTED",
    "DIFFUSION_THREADS",
    "DIFFUSION_WEIGHTS",
    "GENERATION_DRAIN_S",
    "GENERATION_ENGINES",
    "GENERATION_ONLY_WORKERS",
    "GENERATION_WORKERS",
    "IDENTITY_FIRST_OPERATOR_KEY",
    "PROVENANCE_MARK_KEYS",
    "SCALER_EXTERNAL_METRICS",
    "SCALER_POOLS",
}
_KEPT = ("type", "enum", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "pattern", "description")
_WHERE = {
    "type": "object",
    "properties": {"secret": {"type": "string", "description": "A Secret's name."}, "key": {"type": "string", "description": "In it."}},
    "required": ["secret", "key"],
    "additionalProperties": False,
}


@cache
def fields(service: str) -> dict[str, dict[str, Any]]:
    """By name: JSON schema and default of everything that may be set, without what the chart tells itself."""
    schema = import_module(f"kinora_{service}.settings").Settings.model_json_schema()
    return {name: field for name, field in schema["properties"].items() if f"{service}_{name}".upper() not in OWN}


def is_secret(field: dict[str, Any]) -> bool:
    return field.get("format") == "password"


def settings_of(service: str) -> dict[str, Any]:
    open_fields = {name: _plain(field) for name, field in fields(service).items() if not is_secret(field)}
    about = f"Settings of {service}; each becomes {service.upper()}_<NAME>."
    return {"type": "object", "description": about, "properties": open_fields, "additionalProperties": False}


def diffusion() -> dict[str, Any]:
    """What pools of ltx2 and cosmos3 can be told."""
    return settings_of("diffusion")


def secrets_of(service: str) -> dict[str, Any]:
    secret = {name: _WHERE | {"description": field.get("description", "")} for name, field in fields(service).items() if is_secret(field)}
    about = f"Secret settings of {service}: where each is kept."
    return {"type": "object", "description": about, "properties": secret, "additionalProperties": False}


def _plain(field: dict[str, Any]) -> dict[str, Any]:
    """Without titles and defaults; of "this or nothing" only this."""
    if "anyOf" in field:
        field = {**next(f for f in field["anyOf"] if f.get("type") != "null"), **field}
    return {name: field[name] for name in _KEPT if name in field}
