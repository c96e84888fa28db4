"""What an operator may set, by environment variables that start with LIKENESS_."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """A slot is a core for some seconds, and 1 GB while it is taken."""

    model_config = SettingsConfigDict(env_prefix="LIKENESS_", frozen=True)

    slots: int = Field(1, ge=1, le=64, description="Clips and pictures looked at at once.")
    wait_s: float = Field(5.0, ge=0, description="How long a call waits for a slot before it is refused.")
