"""What an operator may set, by environment variables that start with CAMEO_."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Without master keys of the operator's own, one is made in the state directory."""

    model_config = SettingsConfigDict(env_prefix="CAMEO_", frozen=True)

    master_keys: dict[str, SecretStr] = Field(
        {}, description='Master keys by id, as JSON: {"2026": "<32 bytes in base64>"}; the last one wraps, all unwrap.'
    )
    only_me_hours: int = Field(24, ge=0, description="How long a fresh cameo is its owner's alone, whatever is set.")
    max_per_video: int = Field(3, ge=1, le=12, description="Cameos that one video may show.")
    max_things: int = Field(10, ge=1, description="Pets and objects that one account may have in the making.")
    thing_hours: int = Field(24, ge=1, description="How long a pet or object in the making is kept.")
    poll_s: float = Field(0.25, gt=0, description="How often the sweep looks for packages to remove.")
