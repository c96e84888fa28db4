"""What a seal says of the likenesses in a film: each is a component, used by its owner's consent."""

import json
from base64 import urlsafe_b64decode
from typing import Any

from kinora_provenance.domain import Film

CONSENT_LABEL = "kinora.consent"


def ingredients(film: Film) -> list[dict[str, str]]:
    return [_likeness(number, receipt) for number, receipt in enumerate(film.consent_receipts)]


def placed(film: Film) -> list[dict[str, Any]]:
    """Actions."""
    return [_placed(number) for number in range(len(film.consent_receipts))]


def consent(film: Film) -> list[dict[str, Any]]:
    """The signed receipts, in the order of the ingredients."""
    if not film.consent_receipts:
        return []
    return [{"label": CONSENT_LABEL, "kind": "Json", "created": True, "data": {"receipts": list(film.consent_receipts)}}]


def _placed(number: int) -> dict[str, Any]:
    parameters = {"ingredientIds": [_label(number)]}
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
        "label": _label(number),
    }


def _label(number: int) -> str:
    return f"likeness{number}"
