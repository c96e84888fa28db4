"""What a manifest says of marks: who reads one finds the manifest by it (C2PA Technical Specification 2.2, soft binding)."""

from base64 import b64decode, b64encode
from typing import Any

PICTURE, SOUND = "org.kinora.mark.picture.1", "org.kinora.mark.sound.1"
ALGORITHMS = PICTURE, SOUND
_BYTES = 8


def value(identity: int) -> str:
    """The id's 64 bits, highest byte first, in base64."""
    return b64encode(identity.to_bytes(_BYTES, "big")).decode()


def identity_of(written: str) -> int | None:
    """The other way round; None for what is no id of 64 bits."""
    try:
        read = b64decode(written, validate=True)
    except ValueError:
        return None
    return int.from_bytes(read, "big") if len(read) == _BYTES else None


def assertion(algorithm: str, identity: int) -> dict[str, Any]:
    """The whole film bears the mark: an empty scope."""
    data = {"alg": algorithm, "blocks": [{"scope": {}, "value": value(identity)}]}
    return {"label": "c2pa.soft-binding", "created": True, "data": data}
