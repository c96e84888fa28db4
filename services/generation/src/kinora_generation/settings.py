"""What an operator may set, by environment variables that start with GENERATION_."""

from functools import cached_property

from kinora_world.director.llm import Endpoint
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from .engines import WORLD, NamedEngine, check_named, usual


class Settings(BaseSettings):
    """Durations are seconds."""

    model_config = SettingsConfigDict(env_prefix="GENERATION_", frozen=True)

    workers: int = Field(default=1, ge=0, le=64, description="Jobs this process keeps at the engine at once; 0 leaves them to others.")
    only_workers: bool = Field(default=False, description="Neither calls, events nor sweeps in this process: others do that.")
    max_losses: int = Field(default=5, ge=1, description="Engine losses after which a job fails.")
    retry_base_s: float = Field(default=1.0, gt=0, description="Wait after the first engine loss; doubles with each.")
    lease_s: float = Field(default=15.0, gt=1, description="How long a job stays a silent worker's.")
    beat_s: float = Field(default=0.25, gt=0, le=0.3, description="How often progress is stored, the lease renewed and a cancel seen.")
    poll_s: float = Field(default=0.25, gt=0, description="How often an idle worker looks for work unasked, and a watcher for news.")
    drain_s: float = Field(default=0.0, ge=0, description="How long a worker that must go may take to finish its film.")
    engine_silence_s: float = Field(default=180.0, gt=0, description="Without a message for so long, an engine counts as lost.")
    max_queued_per_account: int = Field(default=20, ge=1)
    budget_seconds: float = Field(
        default=0.0, ge=0, description="Engine seconds that an account may spend in a day (UTC), of CPUs and of GPUs each; 0 for no limit."
    )
    weights: dict[str, float] = Field(default={}, description="Share of the engines by account id, as JSON; 1 where not named.")
    engines: tuple[NamedEngine, ...] = Field(
        default=(WORLD,),
        min_length=1,
        description=(
            "Every engine that can be asked, the default first, as JSON: id, family, triton_model, and aliases, created_at, draft_overflow "
            "({engine, after_s}) where wanted; or a family alone, by its usual names."
        ),
    )
    sheet_every_s: float = Field(default=300.0, gt=0, description="How often a ready engine is asked again what it can do.")
    director_url: str = Field(
        default="", description="OpenAI-compatible endpoint that directs prompts, up to /v1; empty: directed by code."
    )
    director_model: str = Field(default="", description="The model to ask there.")
    director_key: SecretStr = Field(default=SecretStr(""), description="Its key, if it wants one.")
    director_timeout_s: float = Field(default=30.0, gt=0, description="Wait for each of its at most two answers.")
    discard_grace_s: float = Field(default=60.0, ge=0, description="How long a stopped engine may still be writing.")

    upload_grace_s: float = Field(default=86_400.0, gt=0, description="How long a picture is kept on which no video opens.")

    @field_validator("engines", mode="before")
    @classmethod
    def _told(cls, engines: object) -> object:
        return tuple(map(usual, engines)) if isinstance(engines, (list, tuple)) else engines

    @field_validator("engines")
    @classmethod
    def _distinct(cls, engines: tuple[NamedEngine, ...]) -> tuple[NamedEngine, ...]:
        check_named(engines)
        return engines

    @cached_property
    def director(self) -> Endpoint | None:
        """The language model that directs prompts, if there is one."""
        if not self.director_url:
            return None
        return Endpoint(self.director_url, self.director_model, self.director_key.get_secret_value(), self.director_timeout_s)
