"""What an operator may set, by environment variables that start with PROVENANCE_."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Without certificates of the operator's own, the development CA signs."""

    model_config = SettingsConfigDict(env_prefix="PROVENANCE_", frozen=True)

    signing_certificates: Path | None = Field(None, description="PEM chain, the signing certificate first.")
    signing_key: str | None = Field(
        None, description='PEM private key of the first certificate, not encrypted; or "awskms:<key id, ARN or alias>" (extra `kms`).'
    )
    trust_anchors: Path | None = Field(None, description="PEM roots for our own check; the chain's last certificate when not set.")
    tsa_url: str = Field("", description="An RFC 3161 time stamping authority, for seals that outlive the certificate.")
    mark_keys: SecretStr = Field(
        SecretStr(""), description='Keys of invisible marks, "2:<hex> 1:<hex>", the current one first; made on first start when not set.'
    )
    training_mining: Literal["notAllowed", "allowed"] = Field(
        "notAllowed", description="What films say to those who would train models on them or mine them."
    )
    parallel: int = Field(2, ge=0, le=32, description="Films this process seals at once; 0 leaves them to others.")
    check_slots: int = Field(1, ge=1, le=64, description="Files looked at at once; each takes a core for seconds, and up to a gigabyte.")
    check_wait_s: float = Field(10.0, ge=0, description="How long a look-up waits for a slot before it is refused.")
    check_bytes: int = Field(40 * 1024 * 1024, ge=1024, description="Of a file to look at.")
    check_seconds: float = Field(65.0, ge=1, le=600, description="Of a file to look at.")

    brand: Path | None = Field(
        None, description="SVG drawing beside the words of the visible mark, in light colours; Kinora's own when not set."
    )
    brand_name: str = Field("Kinora", min_length=1, max_length=40, description="The platform's name in the visible mark.")
    unmarked_exports: Literal["nobody", "operators", "everybody"] = Field("nobody", description="Who may leave the visible mark out.")
    export_days: float = Field(7, gt=0, description="How long an export is kept after it was made or asked for again.")
    archive_days: float = Field(1, gt=0, description="How long an archive of all of an account's videos is kept.")
    max_queued_exports: int = Field(20, ge=1, description="Exports of one account that may wait.")
    parallel_exports: int = Field(1, ge=0, le=32, description="Exports this process makes at once; 0 leaves them to others.")

    @model_validator(mode="after")
    def _both_or_neither(self) -> Self:
        if (self.signing_certificates is None) != (self.signing_key is None):
            raise ValueError("Set both PROVENANCE_SIGNING_CERTIFICATES and PROVENANCE_SIGNING_KEY, or neither.")
        return self
