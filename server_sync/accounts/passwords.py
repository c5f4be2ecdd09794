"""Passwords: argon2id, and as much work for an unknown address as for a known one."""

from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

PASSWORD_CHARACTERS_MIN: Final = 10
PASSWORD_CHARACTERS_MAX: Final = 256
"""Longer input is only a way to keep the server busy."""


class Passwords:
    """Hashes and checks passwords at one cost (RFC 9106)."""

    def __init__(self, *, memory_kib: int, passes: int) -> None:
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1)
        self._nobody = self._hasher.hash("nobody's password")

    def hash(self, password: str) -> str:
        """Return what is kept in place of a password."""
        return self._hasher.hash(password)

    def is_right(self, hashed: str | None, password: str) -> bool:
        """Check a password; without a hash the same work is done and the answer is no."""
        if len(password) > PASSWORD_CHARACTERS_MAX:
            return False
        try:
            self._hasher.verify(hashed or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return hashed is not None

    def is_outdated(self, hashed: str) -> bool:
        """Tell whether a hash was made at another cost and should be made again."""
        return self._hasher.check_needs_rehash(hashed)
