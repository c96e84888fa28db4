"""What a seal says: C2PA manifests, as c2pa-rs wants them defined (C2PA Technical Specification 2.2)."""

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any, Literal

from kinora_provenance import likeness_claims, soft_binding
from kinora_provenance.domain import Film

PARENT_LABEL = "parent"
MP4 = "video/mp4"
Mining = Literal["notAllowed", "allowed"]
"""What may be done with a film by those who train models or mine data."""
_MINING = "cawg.ai_generative_training", "cawg.ai_training", "cawg.ai_inference", "cawg.data_mining"
_SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_GENERATOR = {"name": "Kinora", "version": version("kinora-provenance")}


def definition(film: Film, *, with_parent: bool, marks: Sequence[str] = (), mining: Mining = "notAllowed") -> dict[str, Any]:
    """Of a film that bears `marks` (of soft_binding.ALGORITHMS).

    `with_parent`: the remixed film's own seal goes along as the ingredient PARENT_LABEL.
    """
    actions = [*_made(film, with_parent=with_parent), *likeness_claims.placed(film), *_marked(marks)]
    bindings = [soft_binding.assertion(algorithm, film.identity) for algorithm in marks]
    return _definition(film, MP4, actions, _generation(film, with_parent=with_parent), mining, bindings)


def still(film: Film, content_type: str, mining: Mining = "notAllowed") -> dict[str, Any]:
    """Of a thumbnail or sprite sheet; it names the film, whose own seal is larger than the picture."""
    actions = [*_made(film, with_parent=False), *likeness_claims.placed(film)]
    return _definition(film, content_type, actions, _generation(film, with_parent=False), mining)


def parent_ingredient(video_id: str) -> dict[str, str]:
    return {"title": video_id, "relationship": "parentOf", "label": PARENT_LABEL}


def mining_preference(mining: Mining) -> dict[str, Any]:
    """CAWG Training and Data Mining Assertion 1.1."""
    return {"label": "cawg.training-mining", "created": True, "data": {"entries": {name: {"use": mining} for name in _MINING}}}


def _definition(
    film: Film,
    content_type: str,
    actions: list[dict[str, Any]],
    generation: dict[str, Any],
    mining: Mining,
    bindings: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    return {
        "claim_version": 2,
        "title": film.title or film.video_id,
        "format": content_type,
        "claim_generator_info": [_GENERATOR],
        "ingredients": likeness_claims.ingredients(film),
        "assertions": [
            # "created": stated by the signer itself. c2pa-rs would otherwise file it under what others told the signer.
            {"label": "c2pa.actions.v2", "created": True, "data": {"actions": actions}},
            {"label": "kinora.generation", "kind": "Json", "created": True, "data": generation},
            mining_preference(mining),
            *bindings,
            *likeness_claims.consent(film),
        ],
    }


def _made(film: Film, *, with_parent: bool) -> list[dict[str, Any]]:
    """The first action says where the film comes from: opened from its parent, or created from nothing but words."""
    made = {
        "digitalSourceType": _SOURCE_TYPE + ("trainedAlgorithmicMedia" if film.trained else "algorithmicMedia"),
        "softwareAgent": {"name": film.engine, "version": film.engine_version},
    }
    if not with_parent:
        return [{"action": "c2pa.created", **made, "description": "Rendered from a text prompt."}]
    opened = {"action": "c2pa.opened", "parameters": {"ingredientIds": [PARENT_LABEL]}}
    return [opened, {"action": "c2pa.edited", **made, "description": "Rendered anew from a changed prompt."}]


def _marked(marks: Sequence[str]) -> list[dict[str, Any]]:
    if not marks:
        return []
    return [{"action": "c2pa.watermarked.bound", "description": "Marked invisibly with the id that its soft bindings name."}]


def _generation(film: Film, *, with_parent: bool) -> dict[str, Any]:
    facts: dict[str, Any] = {"video_id": film.video_id, "attempt_id": film.attempt_id, "trained": film.trained}
    if film.remixed_from_video_id:
        facts["remixed_from_video_id"] = film.remixed_from_video_id
        if not with_parent:
            facts["note"] = "The remixed video's own seal was no longer at hand, so it is named here and not attached."
    return facts
