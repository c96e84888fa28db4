"""What an operator may set, by environment variables that start with IDENTITY_."""

from typing import Literal

from kinora_kit.secret import is_well_formed
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Durations are seconds. Argon2id has the costs that OWASP names (ADR 0010); RFC 9106's second option is 65536, 3, 4."""

    model_config = SettingsConfigDict(env_prefix="IDENTITY_", frozen=True, hide_input_in_errors=True)

    first_operator_key: SecretStr = Field(
        default=SecretStr(""),
        description="API key of the first operator, `admin`, whom the first start opens; <state directory>/first_admin.key when empty.",
    )
    password_memory_kib: int = Field(default=19_456, ge=32, description="Argon2id's memory for one password.")
    password_passes: int = Field(default=2, ge=1)
    password_lanes: int = Field(default=1, ge=1)
    password_workers: int = Field(default=2, ge=1, le=64, description="Passwords hashed at once; the others wait.")
    smtp_host: str = Field(default="", description="A mail server; when empty, mails are files in <state directory>/mails.")
    smtp_port: int = Field(default=587, ge=1, le=65_535)
    smtp_tls: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    mail_from: str = "Kinora <kinora@localhost>"
    liveness_capture_s: float = Field(
        default=180.0, gt=0, description="How long a session waits for its capture; twice that for who needs time."
    )
    liveness_tries: int = Field(default=3, ge=1, le=100, description="Sessions that may come to nothing before a pause.")
    liveness_pause_s: float = Field(default=3600.0, ge=0, description="How long a session that came to nothing counts.")
    liveness_upload_allowed: bool = Field(default=True, description="Whether clips may be uploaded instead of recorded live.")
    liveness_workers: int = Field(default=1, ge=0, le=64, description="Clips that are handed to likeness at once.")
    liveness_keep_clip_s: float = Field(
        default=24 * 3600.0, gt=0, le=24 * 3600.0, description="How long an approved session and its clip wait."
    )
    liveness_review_s: float = Field(
        default=30 * 24 * 3600.0, gt=0, le=30 * 24 * 3600.0, description="How long a clip waits for a moderator."
    )
    liveness_poll_s: float = Field(default=0.5, gt=0, description="How often new clips, and clips that must go, are looked for.")
    mail_poll_s: float = Field(default=1.0, gt=0, description="How often new mails are looked for.")

    @field_validator("first_operator_key")
    @classmethod
    def _is_an_api_key(cls, given: SecretStr) -> SecretStr:
        if given.get_secret_value() and not is_well_formed(given.get_secret_value()):
            raise ValueError('not an API key: "kn_" and 38 letters and digits, whose last 6 are a checksum; `kinora keys` makes one')
        return given
