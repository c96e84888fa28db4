"""What a seal says: the C2PA manifest of a film, as c2pa-rs wants it defined (C2PA Technical Specification 2.2)."""

import json
from base64 import urlsafe_b64decode
from importlib.metadata import version
from typing import Any

from kinora_provenance.domain import Film

PARENT_LABEL = "parent"
CONSENT_LABEL = "kinora.consent"
_SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_GENERATOR = {"name": "Kinora", "version": version("kinora-provenance")}


def definition(film: Film, *, with_parent: bool) -> dict[str, Any]:
    """`with_parent`: the remixed film's own seal goes along as the ingredient PARENT_LABEL."""
    return {
        "claim_version": 2,
        "title": film.title or film.video_id,
        "format": "video/mp4",
        "claim_generator_info": [_GENERATOR],
        "ingredients": [_likeness(number, receipt) for number, receipt in enumerate(film.consent_receipts)],
        "assertions": [
            # "created": stated by the signer itself. c2pa-rs would otherwise file it under what others told the signer.
            {"label": "c2pa.actions.v2", "created": True, "data": {"actions": _actions(film, with_parent=with_parent)}},
            {"label": "kinora.generation", "kind": "Json", "created": True, "data": _generation(film, with_parent=with_parent)},
            *_consent(film),
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
    placed = [_placed(number) for number in range(len(film.consent_receipts))]
    if not with_parent:
        return [{"action": "c2pa.created", **made, "description": "Rendered from a text prompt."}, *placed]
    opened = {"action": "c2pa.opened", "parameters": {"ingredientIds": [PARENT_LABEL]}}
    return [opened, {"action": "c2pa.edited", **made, "description": "Rendered anew from a changed prompt."}, *placed]


def _placed(number: int) -> dict[str, Any]:
    parameters = {"ingredientIds": [_likeness_label(number)]}
    return {"action": "c2pa.placed", "parameters": parameters, "description": "A likeness, used by its owner's consent."}


def _likeness(number: int, receipt: str) -> dict[str, str]:
    """Names the cameo by what its receipt says; the likeness itself stays where it is."""
    payload = receipt.split(".")[1]
    claims = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return {
        "title": claims["handle"],
        "format": "application/octet-stream",
        "instance_id": f"urn:kinora:cameo:{claims['cameo']}",
        "relationship": "componentOf",
        "label": _likeness_label(number),
    }


def _likeness_label(number: int) -> str:
    return f"likeness{number}"


def _consent(film: Film) -> list[dict[str, Any]]:
    """The signed receipts, in the order of the ingredients."""
    if not film.consent_receipts:
        return []
    return [{"label": CONSENT_LABEL, "kind": "Json", "created": True, "data": {"receipts": list(film.consent_receipts)}}]


def _generation(film: Film, *, with_parent: bool) -> dict[str, Any]:
    facts: dict[str, Any] = {"video_id": film.video_id, "attempt_id": film.attempt_id, "trained": film.trained}
    if film.remixed_from_video_id:
        facts["remixed_from_video_id"] = film.remixed_from_video_id
        if not with_parent:
            facts["note"] = "The remixed video's own seal was no longer at hand, so it is named here and not attached."
    return facts
