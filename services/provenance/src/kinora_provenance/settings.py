"""What an operator may set, by environment variables that start with PROVENANCE_."""

from pathlib import Path
from typing import Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Without certificates of the operator's own, the development CA signs."""

    model_config = SettingsConfigDict(env_prefix="PROVENANCE_", frozen=True)

    signing_certificates: Path | None = Field(None, description="PEM chain, the signing certificate first.")
    signing_key: Path | None = Field(None, description="PEM private key of the first certificate, not encrypted.")
    trust_anchors: Path | None = Field(None, description="PEM roots for our own check; the chain's last certificate when not set.")
    tsa_url: str = Field("", description="An RFC 3161 time stamping authority, for seals that outlive the certificate.")
    parallel: int = Field(2, ge=0, le=32, description="Films this process seals at once; 0 leaves them to others.")

    @model_validator(mode="after")
    def _both_or_neither(self) -> Self:
        if (self.signing_certificates is None) != (self.signing_key is None):
            raise ValueError("Set both PROVENANCE_SIGNING_CERTIFICATES and PROVENANCE_SIGNING_KEY, or neither.")
        return self
