"""What an operator may set, by environment variables that start with SCALER_."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from kinora_scaler.domain import Pool


class Settings(BaseSettings):
    """Durations are seconds."""

    model_config = SettingsConfigDict(env_prefix="SCALER_", frozen=True)

    pools: dict[str, Pool] = Field(default={}, description="Deployments to wake and put to sleep, as JSON, by their names.")
    look_every_s: float = Field(default=5.0, gt=0, description="How often they and the waiting work are looked at.")
    external_metrics: bool = Field(default=True, description="Serve external.metrics.k8s.io; false where KEDA does.")
    trust_every_s: float = Field(default=60.0, gt=0, description="How often it is looked up whose word the API server's is.")
    account_dir: Path = Field(
        default=Path("/var/run/secrets/kubernetes.io/serviceaccount"), description="The pod's service account: token, ca.crt, namespace."
    )
    api_url: str = Field(default="", description="The cluster's API; as the kubelet tells it when empty.")
