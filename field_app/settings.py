"""What can be set about the app: a frozen model, read once from a mapping of text.

Every setting is an environment variable, `GIGAFIELD_` and its name in capitals. The table in
docs/field-app.md is drawn from this model, and a test compares the two.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator

PREFIX: Final = "GIGAFIELD_"


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
        default = f"`{info.default}`" if info.default not in ("", None) else ""
        lines.append(f"| `{PREFIX}{name.upper()}` | {default} | {info.description} |")
    return "\n".join(lines)
