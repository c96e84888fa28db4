"""How a client says that it repeats itself, so that a video is made once."""

import hashlib
from dataclasses import dataclass
from uuid import uuid4

from fastapi import Request

from kinora_gateway.errors import invalid

MAX_KEY = 255


@dataclass(frozen=True)
class Repeat:
    """`request_id` and `is_retry` of a mutating rpc."""

    request_id: str
    is_retry: bool


def repeat(request: Request) -> Repeat:
    """Idempotency-Key names a request for good; without it, the OpenAI SDK's retry count marks a repeat of an equal body."""
    key = request.headers.get("idempotency-key")
    is_retry = request.headers.get("x-stainless-retry-count", "0").strip() not in {"", "0"}
    if key is None:
        return Repeat(uuid4().hex, is_retry)
    if not 1 <= len(key) <= MAX_KEY:
        raise invalid("Idempotency-Key", f"An Idempotency-Key has 1 to {MAX_KEY} characters, not {len(key)}.")
    # Hashed, since services take at most 128 characters.
    return Repeat("key-" + hashlib.sha256(key.encode()).hexdigest(), is_retry=False)
