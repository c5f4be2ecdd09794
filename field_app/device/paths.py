"""Where files live on this machine: one folder an account, so that a second user sees nothing.

```
<data>/current                 the name of the account folder in use
<data>/install                 an identifier of this installation
<data>/accounts/<name>/        account.json · replica.db · blobs/ · thumbnails/ · fetched/
                               · kept.db · snapshot.part · place · lock
```
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from field_core.canon import hash8

FOLDER: Final = "gigafibre-field"
_PRIVATE: Final = 0o700


def default_data_dir(environment: Mapping[str, str], system: str = sys.platform) -> Path:
    """Return the platform's folder for what a program keeps; packages of Flet name their own."""
    if given := environment.get("FLET_APP_STORAGE_DATA"):
        return Path(given)
    home = Path(environment.get("HOME") or environment.get("USERPROFILE") or Path.home())
    if system == "win32":
        return Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local") / FOLDER
    if system == "darwin":
        return home / "Library" / "Application Support" / FOLDER
    return Path(environment.get("XDG_DATA_HOME") or home / ".local" / "share") / FOLDER


@dataclass(frozen=True, slots=True)
class AccountFolder:
    """The files of one account on one server."""

    path: Path

    @property
    def name(self) -> str:
        """Stands for the account in the list of accounts and in the secret store."""
        return self.path.name

    @property
    def described(self) -> Path:
        """Who the account is: nothing secret."""
        return self.path / "account.json"

    @property
    def database(self) -> Path:
        """The replica."""
        return self.path / "replica.db"

    @property
    def blobs(self) -> Path:
        """Photos and signatures, each named by its sha256."""
        return self.path / "blobs"

    @property
    def thumbnails(self) -> Path:
        """Small pictures of photos, which can be made again."""
        return self.path / "thumbnails"

    @property
    def fetched(self) -> Path:
        """Photos of others and older ones, fetched to be looked at."""
        return self.path / "fetched"

    @property
    def kept(self) -> Path:
        """Answers of the server that can be asked for again."""
        return self.path / "kept.db"

    @property
    def snapshot(self) -> Path:
        """The snapshot under way."""
        return self.path / "snapshot.part"

    @property
    def lock(self) -> Path:
        """Held by the program that syncs."""
        return self.path / "lock"


class Places:
    """The data folder and the accounts in it."""

    def __init__(self, data_dir: Path) -> None:
        self._data = data_dir
        self._accounts = data_dir / "accounts"

    def account(self, server: str, email: str) -> AccountFolder:
        """Return the folder of an account, made and private to this user of the machine."""
        email = email.strip().casefold()
        readable = "".join(c if c.isalnum() else "-" for c in email)[:40]
        name = f"{readable}-{hash8({'server': server.rstrip('/'), 'email': email})[:8]}"
        folder = AccountFolder(self._accounts / name)
        folder.blobs.mkdir(parents=True, exist_ok=True)
        for made in (self._data, self._accounts, folder.path, folder.blobs):
            _make_private(made)
        return folder

    def every(self) -> list[AccountFolder]:
        """Return the accounts that were signed in here."""
        if not self._accounts.is_dir():
            return []
        return [
            AccountFolder(p)
            for p in sorted(self._accounts.iterdir())
            if (p / "account.json").is_file()
        ]

    def current(self) -> AccountFolder | None:
        """Return the account in use."""
        try:
            name = (self._data / "current").read_text(encoding="utf-8").strip()
        except OSError:
            return None
        folder = AccountFolder(self._accounts / name)
        return folder if name and folder.described.is_file() else None

    def use(self, folder: AccountFolder | None) -> None:
        """Make an account the one in use."""
        self._data.mkdir(parents=True, exist_ok=True)
        (self._data / "current").write_text(folder.name if folder else "", encoding="utf-8")

    def installation(self, fresh: str) -> str:
        """Return this installation's identifier; `fresh` becomes it the first time."""
        self._data.mkdir(parents=True, exist_ok=True)
        path = self._data / "install"
        try:
            return path.read_text(encoding="ascii").strip() or fresh
        except OSError:
            path.write_text(fresh, encoding="ascii")
            return fresh


def _make_private(folder: Path) -> None:
    if os.name == "posix":
        folder.chmod(_PRIVATE)
