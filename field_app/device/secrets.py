"""Where the session is kept: the system's keyring, or a file where the system has none.

The file is readable by this user of the machine alone, and whoever opens it says so aloud: it is
as safe as the replica beside it, not safer.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Final, Literal, Protocol

from field_core.problems import ProblemError

SERVICE: Final = "gigafibre-field"
_OWNER_ONLY: Final = 0o600

Choice = Literal["auto", "keyring", "file"]


class Secrets(Protocol):
    """Small secrets by name."""

    @property
    def is_file(self) -> bool:
        """Whether they lie in a plain file, which is to be said to the person."""

    def get(self, name: str) -> str | None:
        """Return a secret."""

    def put(self, name: str, value: str | None) -> None:
        """Keep a secret, or forget it."""


class KeyringSecrets:
    """The keyring of Windows, macOS or a Linux desktop."""

    is_file = False

    def get(self, name: str) -> str | None:
        """Return a secret."""
        import keyring  # noqa: PLC0415 - phones have none, and the import asks the desktop bus

        return keyring.get_password(SERVICE, name)

    def put(self, name: str, value: str | None) -> None:
        """Keep a secret, or forget it."""
        import keyring  # noqa: PLC0415 - see get
        import keyring.errors  # noqa: PLC0415 - see get

        if value is not None:
            keyring.set_password(SERVICE, name, value)
            return
        try:
            keyring.delete_password(SERVICE, name)
        except keyring.errors.PasswordDeleteError:
            return  # it was not there


class FileSecrets:
    """A file of this user, written whole and renamed."""

    is_file = True

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turn = Lock()

    def get(self, name: str) -> str | None:
        """Return a secret."""
        value = self._read().get(name)
        return value if isinstance(value, str) else None

    def put(self, name: str, value: str | None) -> None:
        """Keep a secret, or forget it; sessions and PINs are put from threads of their own."""
        with self._turn:
            self._put(name, value)

    def _put(self, name: str, value: str | None) -> None:
        held = self._read()
        held.pop(name, None)
        if value is not None:
            held[name] = value
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_suffix(".new")
        beside.unlink(missing_ok=True)
        opened = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
        with os.fdopen(opened, "w", encoding="utf-8") as file:
            json.dump(held, file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)

    def _read(self) -> dict[str, object]:
        try:
            held = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return held if isinstance(held, dict) else {}


def open_secrets(
    choice: Choice, path: Path, *, has_keyring: Callable[[], bool] | None = None
) -> Secrets:
    """Return the store that a setting asks for; raises ProblemError when there is no keyring."""
    works = (has_keyring or keyring_works)() if choice != "file" else False
    if choice == "keyring" and not works:
        raise ProblemError("bad-request", reason="keyring")
    return KeyringSecrets() if works else FileSecrets(path)


def keyring_works() -> bool:
    """Tell whether this system has a keyring that keeps anything."""
    try:
        import keyring  # noqa: PLC0415 - phones have none
        import keyring.backends.fail  # noqa: PLC0415 - same
    except ImportError:
        return False
    return not isinstance(keyring.get_keyring(), keyring.backends.fail.Keyring)
