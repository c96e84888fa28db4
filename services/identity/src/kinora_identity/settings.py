"""What an operator may set, by environment variables that start with IDENTITY_."""

from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Durations are seconds. Argon2id's defaults are RFC 9106's second recommended option."""

    model_config = SettingsConfigDict(env_prefix="IDENTITY_", frozen=True)

    password_memory_kib: int = Field(default=65_536, ge=32, description="Argon2id's memory for one password.")
    password_passes: int = Field(default=3, ge=1)
    password_lanes: int = Field(default=4, ge=1)
    password_workers: int = Field(default=2, ge=1, le=64, description="Passwords hashed at once; the others wait.")
    smtp_host: str = Field(default="", description="A mail server; when empty, mails are files in <state directory>/mails.")
    smtp_port: int = Field(default=587, ge=1, le=65_535)
    smtp_tls: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    mail_from: str = "Kinora <kinora@localhost>"
    mail_poll_s: float = Field(default=1.0, gt=0, description="How often new mails are looked for.")
