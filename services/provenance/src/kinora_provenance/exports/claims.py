"""What an export's signature says: it was opened from the sealed film, and what was done to it (C2PA Technical Specification 2.2)."""

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from kinora_provenance import soft_binding
from kinora_provenance.exports.domain import Export, Facts
from kinora_provenance.manifest import PARENT_LABEL, Mining, mining_preference

_SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_AGENT = {"name": "Kinora", "version": version("kinora-provenance")}


def definition(export: Export, facts: Facts, film: dict[str, Any], title: str, marks: Sequence[str], mining: Mining) -> dict[str, Any]:
    """`film` is what films.of_video tells. `marks` are those that it bears and that a copy keeps."""
    actions = _actions(export, facts, film, marked=bool(marks))
    return {
        "claim_version": 2,
        "title": title or export.video_id,
        "format": export.format.content_type,
        "claim_generator_info": [_AGENT],
        "assertions": [
            {"label": "c2pa.actions.v2", "created": True, "data": {"actions": actions}},
            {"label": "kinora.export", "kind": "Json", "created": True, "data": {"video_id": export.video_id, "export_id": export.id}},
            mining_preference(mining),
            *(soft_binding.assertion(algorithm, film["identity"]) for algorithm in marks),
        ],
    }


def _actions(export: Export, facts: Facts, film: dict[str, Any], *, marked: bool) -> list[dict[str, Any]]:
    made = _SOURCE_TYPE + ("trainedAlgorithmicMedia" if film["trained"] else "algorithmicMedia")
    opened = {"action": "c2pa.opened", "parameters": {"ingredientIds": [PARENT_LABEL]}, "digitalSourceType": made}
    done = []
    if export.start_s > 0 or export.end_s < facts.seconds:
        done.append(_action("c2pa.trimmed", f"From {export.start_s:.3f} to {export.end_s:.3f} s."))
    if export.short_side != facts.short_side:
        done.append(_action("c2pa.resized", f"To {export.short_side} pixels on the shorter side."))
    if export.visible_mark:
        done.append(_action("c2pa.addedText", "A visible mark that says who made it and that AI did."))
    if marked:
        done.append(_action("c2pa.watermarked.bound", "Bears the film's own invisible marks, with the id that the soft bindings name."))
    return [opened, *done, _action("c2pa.transcoded", f"To {export.format.value}.")]


def _action(name: str, description: str) -> dict[str, Any]:
    return {"action": name, "description": description, "softwareAgent": _AGENT}
