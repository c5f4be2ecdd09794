"""What can be set about the app: a frozen model, read once from a mapping of text.

Every setting is an environment variable, `GIGAFIELD_` and its name in capitals. The table in
docs/field-app.md is drawn from this model, and a test compares the two.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

PREFIX: Final = "GIGAFIELD_"
EMPTY: Final = SecretStr("")


class Settings(BaseModel):
    """The app's settings; each field's description is its line in the documentation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    server: str = Field(
        "http://127.0.0.1:8040", description="Base URL of the sync server, used when signing in."
    )
    data_dir: Path | None = Field(
        None, description="Folder of databases, photos and secrets; empty: the platform's own."
    )
    account: str = Field(
        "", description="E-mail of the account to use; empty: the one signed in last."
    )
    language: Literal["", "fr", "en"] = Field(
        "", description="Language of words, `fr` or `en`; empty: the account's, else French."
    )
    secrets: Literal["auto", "keyring", "file"] = Field(
        "auto", description="Where the session is kept; `auto`: keyring, else a private file."
    )
    device_name: str = Field(
        "", description="What the office calls this device; empty: the machine's name."
    )
    sync_timeout_s: float = Field(
        120.0, gt=0, le=86_400, description="How long `field-app sync` waits, in seconds."
    )
    stall_s: float = Field(
        20.0, gt=0, le=600, description="A connection that brings no byte for so long is given up."
    )
    time_zone: str = Field(
        "America/Toronto", description="Time zone of the days and times that are shown."
    )
    dns_isp: str = Field(
        "", description="Address of the operator's own DNS resolver; empty: it is not asked."
    )
    dns_public: str = Field(
        "9.9.9.9", description="Address of the public resolver that diagnostics compare with."
    )
    dns_name: str = Field(
        "example.com",
        description="Name that diagnostics have resolved where our server has none.",
    )
    snmp_community: str = Field(
        "public", description="SNMP community of customer equipment (v1, v2c)."
    )
    snmp_user: str = Field(
        "", description="SNMP v3 user; with one, versions 1 and 2c are not tried."
    )
    snmp_auth_phrase: SecretStr = Field(
        EMPTY, description="Its authentication pass phrase (SHA-1), 8 characters or more."
    )
    snmp_privacy_phrase: SecretStr = Field(
        EMPTY, description="Its privacy pass phrase (AES-128), 8 characters or more."
    )
    web_host: str = Field(
        "127.0.0.1", description="Loopback address that `field-app web` listens on."
    )
    web_port: int = Field(8550, ge=0, le=65535, description="Its port; 0: any free one.")
    web_token: str = Field(
        "",
        min_length=16,
        max_length=200,
        description="What opens that page, in place of one made at each start; for tests.",
    )

    @field_validator("server")
    @classmethod
    def _is_address(cls, url: str) -> str:
        if not url.startswith(("http://", "https://")):
            raise ValueError("starts with http:// or https://")
        return url.rstrip("/")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read every setting whose variable is there; raises pydantic's ValidationError."""
        given = {
            name: text
            for name in cls.model_fields
            if (text := environment.get(PREFIX + name.upper()))
        }
        return cls.model_validate(given)


def as_markdown() -> str:
    """Draw the table of settings for the documentation."""
    lines = ["| variable | default | what |", "|---|---|---|"]
    for name, info in Settings.model_fields.items():
        default = f"`{info.default}`" if info.default not in ("", None, EMPTY) else ""
        lines.append(f"| `{PREFIX}{name.upper()}` | {default} | {info.description} |")
    return "\n".join(lines)
