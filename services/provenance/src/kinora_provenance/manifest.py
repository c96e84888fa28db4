"""What a seal says: the C2PA manifest of a film, as c2pa-rs wants it defined (C2PA Technical Specification 2.2)."""

from importlib.metadata import version
from typing import Any

from kinora_provenance.domain import Film

PARENT_LABEL = "parent"
_SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_GENERATOR = {"name": "Kinora", "version": version("kinora-provenance")}


def definition(film: Film, *, with_parent: bool) -> dict[str, Any]:
    """`with_parent`: the remixed film's own seal goes along as the ingredient PARENT_LABEL."""
    return {
        "claim_version": 2,
        "title": film.title or film.video_id,
        "format": "video/mp4",
        "claim_generator_info": [_GENERATOR],
        "assertions": [
            # "created": stated by the signer itself. c2pa-rs would otherwise file it under what others told the signer.
            {"label": "c2pa.actions.v2", "created": True, "data": {"actions": _actions(film, with_parent=with_parent)}},
            {"label": "kinora.generation", "kind": "Json", "created": True, "data": _generation(film, with_parent=with_parent)},
        ],
    }


def parent_ingredient(video_id: str) -> dict[str, str]:
    return {"title": video_id, "relationship": "parentOf", "label": PARENT_LABEL}


def _actions(film: Film, *, with_parent: bool) -> list[dict[str, Any]]:
    """The first action says where the film comes from: opened from its parent, or created from nothing but words."""
    made = {
        "digitalSourceType": _SOURCE_TYPE + ("trainedAlgorithmicMedia" if film.trained else "algorithmicMedia"),
        "softwareAgent": {"name": film.engine, "version": film.engine_version},
    }
    if not with_parent:
        return [{"action": "c2pa.created", **made, "description": "Rendered from a text prompt."}]
    opened = {"action": "c2pa.opened", "parameters": {"ingredientIds": [PARENT_LABEL]}}
    return [opened, {"action": "c2pa.edited", **made, "description": "Rendered anew from a changed prompt."}]


def _generation(film: Film, *, with_parent: bool) -> dict[str, Any]:
    facts: dict[str, Any] = {"video_id": film.video_id, "attempt_id": film.attempt_id, "trained": film.trained}
    if film.remixed_from_video_id:
        facts["remixed_from_video_id"] = film.remixed_from_video_id
        if not with_parent:
            facts["note"] = "The remixed video's own seal was no longer at hand, so it is named here and not attached."
    return facts
