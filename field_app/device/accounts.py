"""Who an account is, kept beside its replica: what is needed without a session, nothing secret."""

import shutil
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from field_app.device.paths import AccountFolder


class AccountInfo(BaseModel):
    """An account on this device. `server_key`: what rescue files are sealed to (base64)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    server: str
    email: str
    full_name: str = ""
    technician: str | None = None
    roles: tuple[str, ...] = ()
    language: str = "fr"
    device: str = ""
    server_key: str = ""

    @classmethod
    def of(cls, server: str, session: dict[str, Any]) -> Self:
        """Take from a session what outlives it."""
        return cls(
            server=server,
            device=session["device"],
            server_key=session.get("server_key", ""),
            **session["account"],
        )


def read_info(folder: AccountFolder) -> AccountInfo:
    """Return who the account is; raises ValueError when the file is damaged."""
    return AccountInfo.model_validate_json(folder.described.read_text(encoding="utf-8"))


def write_info(folder: AccountFolder, info: AccountInfo) -> None:
    """Note who the account is."""
    beside = folder.described.with_suffix(".new")
    beside.write_text(info.model_dump_json(indent=1), encoding="utf-8")
    beside.replace(folder.described)


def erase(folder: AccountFolder) -> None:
    """Delete the account's files; its database must be closed."""
    path: Path = folder.path
    shutil.rmtree(path, ignore_errors=True)
