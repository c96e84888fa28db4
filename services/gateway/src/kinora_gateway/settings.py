"""Everything that can be set from outside, prefix GATEWAY_."""

import json
from typing import Annotated

from pydantic import BeforeValidator, Field, IPvAnyNetwork
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PerMinute = Annotated[int, Field(ge=1)]


def _listed(written: object) -> object:
    """What the environment says: names apart by commas, or a JSON list."""
    if not isinstance(written, str):
        return written
    return json.loads(written) if written.startswith("[") else [part.strip() for part in written.split(",") if part.strip()]


Networks = Annotated[tuple[IPvAnyNetwork, ...], NoDecode, BeforeValidator(_listed)]


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="GATEWAY_", frozen=True)

    trusted_proxies: Networks = Field(
        default=(), description='Addresses of the proxies before us, "10.1.0.0/16,fd00::7": whose X-Forwarded-For and -Proto are believed.'
    )
    requests_per_minute: PerMinute = Field(default=1200, description="Of one API key.")
    creates_per_minute: PerMinute = Field(default=60, description="New videos and remixes of one account, on top of the above.")
    lookups_per_minute: PerMinute = Field(default=30, description="Handles that one account looks up.")
    captures_per_minute: PerMinute = Field(default=6, description="Liveness sessions that one account starts.")
    uploads_per_minute: PerMinute = Field(default=12, description="Clips and pictures that one account sends.")
    checks_per_minute: PerMinute = Field(
        default=6, description="Files that one account, or one client address without a key, has looked at."
    )
    reads_per_minute: PerMinute = Field(default=120, description="Records of films and manifests that one client address reads.")
    refusals_per_minute: PerMinute = Field(default=30, description="Requests with a wrong or missing key from one client address.")
    entries_per_minute: PerMinute = Field(default=20, description="Sign-ups and the like from one client address.")
    tokens_per_minute: PerMinute = Field(default=120, description="Refreshes and other dealings with tokens from one client address.")
    max_body_bytes: Annotated[int, Field(ge=1024)] = 25 * 1024 * 1024
    max_clip_bytes: Annotated[int, Field(ge=1024)] = 40 * 1024 * 1024
    body_timeout_s: Annotated[float, Field(gt=0)] = 60.0
    clip_timeout_s: Annotated[float, Field(gt=0)] = Field(default=180.0, description="Until a clip has arrived.")
    capture_timeout_s: Annotated[float, Field(gt=0)] = Field(default=600.0, description="The longest that a live capture may last.")
    rpc_timeout_s: Annotated[float, Field(gt=0)] = 30.0
    look_timeout_s: Annotated[float, Field(gt=0)] = Field(default=120.0, description="Of a call that has faces or things looked at.")
    key_cache_s: Annotated[float, Field(ge=0, le=5)] = Field(default=5.0, description="How long a revoked key may still work.")
    media_url_ttl_s: Annotated[int, Field(ge=10, le=86_400)] = 900
    sse_ping_s: Annotated[float, Field(gt=0)] = 15.0
