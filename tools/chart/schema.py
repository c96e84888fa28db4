"""The closed JSON schemas of the umbrella chart and of its subcharts, from values.yaml and the services' own settings."""

from typing import Any

from .settings import diffusion, secrets_of, settings_of
from .values import Undescribed, Value

Schema = dict[str, Any]
DRAFT = "http://json-schema.org/draft-07/schema#"
_TYPES = {str: "string", bool: "boolean", int: "integer", float: "number", list: "array", dict: "object"}
_QUANTITIES = {"type": "object", "additionalProperties": {"type": ["string", "number"]}}
_PEERS = {"type": "array", "items": {"type": "object"}, "description": "NetworkPolicyPeers"}
_LIBRARY = {
    "type": "object",
    "description": "Helm adds this for the library chart; it has no values.",
    "properties": {"global": {"type": "object"}},
    "additionalProperties": False,
}
DEFS: dict[str, Schema] = {
    "resources": {
        "type": "object",
        "properties": {"requests": _QUANTITIES, "limits": _QUANTITIES},
        "additionalProperties": False,
    },
    "peers": _PEERS,
    "outside": {
        "type": "object",
        "properties": {"to": _PEERS, "ports": {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": 65535}}},
        "additionalProperties": False,
    },
}


def umbrella(values: Value) -> Schema:
    """Of the whole chart; what is under a service's name is checked by the subchart's own."""
    names = {"pattern": "^[a-z][a-z0-9-]{0,20}$"}
    scaler = subchart("scaler", values)
    special = {
        "scaler": {name: part for name, part in scaler.items() if not name.startswith("$")},
        "service": {"type": "object", "description": "Its own chart checks what is below it."},
        "diffusion": diffusion(),
        "pools": {"type": "object", "propertyNames": names, "additionalProperties": {"$ref": "#/$defs/pool"}},
    }
    pool = _closed(values.child("poolDefaults").children, special)
    schema = _closed(values.children, special)
    schema["properties"]["workload"] = _LIBRARY
    return {"$schema": DRAFT, "$defs": DEFS | {"pool": pool}, **schema}


def subchart(service: str, values: Value) -> Schema:
    """Of one service: the shared defaults, its settings from its code, and the secrets among them."""
    schema = _closed(values.child("global", "defaults").children)
    schema["properties"] |= {
        "global": {"type": "object", "description": "The umbrella chart's; checked there."},
        "settings": settings_of(service),
        "secrets": secrets_of(service),
    }
    return {"$schema": DRAFT, "$defs": {"resources": DEFS["resources"]}, **schema}


def _closed(children: tuple[Value, ...], special: dict[str, Schema] | None = None) -> Schema:
    return {"type": "object", "properties": {c.name: _of(c, special or {}) for c in children}, "additionalProperties": False}


def _of(value: Value, special: dict[str, Schema]) -> Schema:
    about = {"description": value.meaning}
    reference = str(value.extra.get("$ref", ""))
    if reference.startswith("#"):
        return about | {"allOf": [{"$ref": reference}]}
    if reference:
        return about | special[reference.partition(":")[0]]
    if value.children:
        return about | _closed(value.children, special)
    kind = _TYPES[type(value.default)]
    if kind in {"object", "array"} and not value.extra:
        raise Undescribed(f"{value.name}: say by @schema what it may hold")
    return about | {"type": kind} | value.extra
