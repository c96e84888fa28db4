"""Settings that every process has, from the environment with the prefix KINORA_."""

from pathlib import Path
from typing import Literal

from pydantic_settings import BaseSettings, SettingsConfigDict


class KitSettings(BaseSettings):
    """`KINORA_LOG_LEVEL=debug`, `KINORA_OTLP_ENDPOINT=collector:4317`, `KINORA_METRICS_PORT=9464`.

    For a cluster: `KINORA_HEALTH_LISTEN=0.0.0.0:9001` (probes), `KINORA_TLS_DIR=/etc/kinora/tls` (mutual TLS), and `KINORA_MIGRATIONS=wait`
    where `kinora migrate` brings the schemas up to date.
    """

    model_config = SettingsConfigDict(env_prefix="KINORA_", env_ignore_empty=True, frozen=True)

    log_level: str = "info"
    otlp_endpoint: str | None = None
    metrics_port: int | None = None
    health_listen: str | None = None
    tls_dir: Path | None = None
    migrations: Literal["start", "wait"] = "start"
