"""Settings that every process has, from the environment with the prefix KINORA_."""

from pydantic_settings import BaseSettings, SettingsConfigDict


class KitSettings(BaseSettings):
    """`KINORA_LOG_LEVEL=debug`, `KINORA_OTLP_ENDPOINT=collector:4317`, `KINORA_METRICS_PORT=9464`."""

    model_config = SettingsConfigDict(env_prefix="KINORA_", frozen=True)

    log_level: str = "info"
    otlp_endpoint: str | None = None
    metrics_port: int | None = None
