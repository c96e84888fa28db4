"""How this process is told where things are. Every value may come from the environment, prefix KINORA_."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class PlatformSettings(BaseSettings):
    """What the run modes differ in. What is empty is embedded, where embedding is allowed."""

    model_config = SettingsConfigDict(env_prefix="KINORA_", frozen=True)

    state_dir: Path = Path(".run")
    cache_dir: Path = Path(".cache")
    models_dir: Path = Path("models")
    database_url: str = Field("", description="postgresql://…; an embedded server when empty")
    kafka_bootstrap: str = Field("", description="host:port,…; the log in Postgres when empty")
    media_url: str = Field("", description="file:///… or s3://bucket/prefix; <state_dir>/media when empty")
    triton_url: str = Field("", description="host:port of Triton's gRPC; an embedded server when empty")
    triton: bool = Field(default=True, description="False: never start an embedded Triton")
    internal_secret: SecretStr = Field(SecretStr(""), description="Signs identities between services; made on first start when embedded")
    grpc_listen: str = Field("", description="host:port; a free loopback port when empty")
    http_listen: str = "127.0.0.1:8000"
    public_url: str = Field("", description="How clients reach the gateway; http://<http_listen> when empty")
    peers: dict[str, str] = Field(default_factory=dict, description='Addresses by service, e.g. {"identity": "identity:9000"}')

    @property
    def gateway_url(self) -> str:
        return self.public_url or f"http://{self.http_listen}"
