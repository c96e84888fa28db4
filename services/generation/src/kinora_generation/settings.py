"""What an operator may set, by environment variables that start with GENERATION_."""

from functools import cached_property

from kinora_world.director.llm import Endpoint
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from .engines import Engine, registry


class Settings(BaseSettings):
    """Durations are seconds."""

    model_config = SettingsConfigDict(env_prefix="GENERATION_", frozen=True)

    workers: int = Field(default=1, ge=0, le=64, description="Jobs this process keeps at the engine at once; 0 leaves them to others.")
    max_losses: int = Field(default=5, ge=1, description="Engine losses after which a job fails.")
    retry_base_s: float = Field(default=1.0, gt=0, description="Wait after the first engine loss; doubles with each.")
    lease_s: float = Field(default=15.0, gt=1, description="How long a job stays a silent worker's.")
    beat_s: float = Field(default=0.25, gt=0, le=0.3, description="How often progress is stored, the lease renewed and a cancel seen.")
    poll_s: float = Field(default=0.25, gt=0, description="How often an idle worker looks for work and a watcher for news.")
    engine_silence_s: float = Field(default=180.0, gt=0, description="Without a message for so long, an engine counts as lost.")
    max_queued_per_account: int = Field(default=20, ge=1)
    weights: dict[str, float] = Field(default={}, description="Share of the engines by account id, as JSON; 1 where not named.")
    world_aliases: tuple[str, ...] = Field(default=("sora-2", "sora-2-pro"), description="Other names for world-1.")
    world_rate: float = Field(default=10.0, gt=0, description="First guess: engine seconds per megapixel-second; measured later.")
    director_url: str = Field(
        default="", description="OpenAI-compatible endpoint that directs prompts, up to /v1; empty: directed by code."
    )
    director_model: str = Field(default="", description="The model to ask there.")
    director_key: SecretStr = Field(default=SecretStr(""), description="Its key, if it wants one.")
    director_timeout_s: float = Field(default=30.0, gt=0, description="Wait for each of its at most two answers.")
    discard_grace_s: float = Field(default=60.0, ge=0, description="How long a stopped engine may still be writing.")

    upload_grace_s: float = Field(default=86_400.0, gt=0, description="How long a picture is kept on which no video opens.")

    @cached_property
    def director(self) -> Endpoint | None:
        """The language model that directs prompts, if there is one."""
        if not self.director_url:
            return None
        return Endpoint(self.director_url, self.director_model, self.director_key.get_secret_value(), self.director_timeout_s)

    @cached_property
    def engines(self) -> tuple[Engine, ...]:
        """Every engine that can be asked, the default first."""
        return registry(world_aliases=self.world_aliases, world_rate=self.world_rate)
