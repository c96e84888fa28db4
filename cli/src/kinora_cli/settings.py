"""How this process is told where things are. Every value may come from the environment, prefix KINORA_."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class EnginesMissing(ValueError):
    """Settings name an engine, or weights, that are not there."""


class PlatformSettings(BaseSettings):
    """What the run modes differ in. What is empty is embedded, where embedding is allowed."""

    model_config = SettingsConfigDict(env_prefix="KINORA_", frozen=True)

    state_dir: Path = Path(".run")
    cache_dir: Path = Path(".cache")
    models_dir: Path = Path("models")
    database_url: str = Field("", description="postgresql://…; an embedded server when empty")
    kafka_bootstrap: str = Field("", description="host:port,…; the log in Postgres when empty")
    kafka_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    kafka_ca: Path | None = Field(None, description="PEM roots that the brokers must come from; the system's when empty")
    kafka_certificate: Path | None = Field(None, description="PEM chain of ours, where brokers ask for one")
    kafka_key: Path | None = Field(None, description="PEM key of that certificate")
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "SCRAM-SHA-512"
    kafka_username: str = ""
    kafka_password: SecretStr = SecretStr("")
    kafka_replication: int = Field(-1, description="Copies of each partition of the topics that are made; -1: as the brokers say")
    media_url: str = Field("", description="file:///… or s3://bucket/prefix; <state_dir>/media when empty")
    media_delivery: Literal["direct", "gateway"] = Field("direct", description="gateway: browsers cannot reach the bucket themselves")
    triton_url: str = Field("", description="host:port of Triton's gRPC; an embedded server when empty")
    triton: bool = Field(default=True, description="False: never start an embedded Triton")
    engines: Annotated[tuple[str, ...], NoDecode] = Field(("world",), description='Models of the embedded Triton, e.g. "world,ltx2"')
    engine_weights: dict[str, Path] = Field(
        default_factory=dict, description='Weights of each that wants some, e.g. {"ltx2": "/weights/ltx2"}; else DIFFUSION_WEIGHTS'
    )
    engine_load_s: float = Field(900.0, gt=0, description="How long engines may load before Triton is started again")
    engine_exit_s: int = Field(8, ge=0, description="How long the embedded Triton waits for clips in hand when the platform ends")
    internal_secret: SecretStr = Field(
        SecretStr(""), description='Signs identities between services; made on first start when embedded; "new old" while it is renewed'
    )
    grpc_listen: str = Field("", description="host:port; a free loopback port when empty")
    http_listen: str = "127.0.0.1:8000"
    public_url: str = Field("", description="How clients reach the gateway; http://<http_listen> when empty")
    peers: dict[str, str] = Field(default_factory=dict, description='Addresses by service, e.g. {"identity": "identity:9000"}')

    @field_validator("engines", mode="before")
    @classmethod
    def _listed(cls, told: object) -> object:
        return [name.strip() for name in told.split(",") if name.strip()] if isinstance(told, str) else told

    def check_engines(self) -> None:
        """Before an embedded Triton is to load them. Raises EnginesMissing."""
        for name in self.engines:
            if not (self.models_dir / name / "config.pbtxt").is_file():
                raise EnginesMissing(f"KINORA_ENGINES: there is no model {name!r} in {self.models_dir}")
        for name, folder in self.engine_weights.items():
            if name not in self.engines:
                raise EnginesMissing(f"KINORA_ENGINE_WEIGHTS: {name!r} is not among KINORA_ENGINES ({', '.join(self.engines)})")
            if not folder.is_dir():
                raise EnginesMissing(f"KINORA_ENGINE_WEIGHTS: {name}: there is no folder {folder}")

    @property
    def gateway_url(self) -> str:
        return self.public_url or f"http://{self.http_listen}"

    @property
    def kafka_access(self) -> dict[str, Any]:
        """How brokers are reached, as kafka-python's clients name it."""
        access: dict[str, Any] = {"security_protocol": self.kafka_protocol}
        if self.kafka_protocol.endswith("SSL"):
            files = {"ssl_cafile": self.kafka_ca, "ssl_certfile": self.kafka_certificate, "ssl_keyfile": self.kafka_key}
            access |= {name: str(path) for name, path in files.items() if path}
        if self.kafka_protocol.startswith("SASL"):
            access |= {
                "sasl_mechanism": self.kafka_sasl_mechanism,
                "sasl_plain_username": self.kafka_username,
                "sasl_plain_password": self.kafka_password.get_secret_value(),
            }
        return access
