"""Everything that can be set from outside, prefix GATEWAY_."""

from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

PerMinute = Annotated[int, Field(ge=1)]


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="GATEWAY_", frozen=True)

    requests_per_minute: PerMinute = Field(default=1200, description="Of one API key.")
    creates_per_minute: PerMinute = Field(default=60, description="New videos and remixes of one API key, on top of the above.")
    refusals_per_minute: PerMinute = Field(default=30, description="Requests with a wrong or missing key from one client address.")
    entries_per_minute: PerMinute = Field(default=20, description="Sign-ups and the like from one client address.")
    tokens_per_minute: PerMinute = Field(default=120, description="Refreshes and other dealings with tokens from one client address.")
    max_body_bytes: Annotated[int, Field(ge=1024)] = 25 * 1024 * 1024
    body_timeout_s: Annotated[float, Field(gt=0)] = 60.0
    rpc_timeout_s: Annotated[float, Field(gt=0)] = 30.0
    key_cache_s: Annotated[float, Field(ge=0, le=5)] = Field(default=5.0, description="How long a revoked key may still work.")
    media_url_ttl_s: Annotated[int, Field(ge=10, le=86_400)] = 900
    sse_ping_s: Annotated[float, Field(gt=0)] = 15.0
