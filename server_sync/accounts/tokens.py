"""Tokens: a short signed one for access, and one for refreshing that can be worked out again.

The refresh token is HMAC(secret, device, generation): the server keeps the generation alone, so a
refresh whose answer was lost gives the same token when it is tried again.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple

import jwt

from field_core.problems import ProblemError

_ALGORITHM: Final = "HS256"
_MAC_BYTES: Final = 24
GENUINE_KEPT: Final = 1_000
"""Access tokens of which is remembered that we signed them: a device shows the same one for a
quarter of an hour, and reading it costs more than all that an idle exchange asks the database."""


class RefreshClaim(NamedTuple):
    """What a genuine refresh token says."""

    device: str
    generation: int


class Tokens:
    """Makes and reads both tokens with one secret."""

    def __init__(self, secret: bytes, *, now_ms: Callable[[], int]) -> None:
        self._access_key = _derived(secret, b"access")
        self._refresh_key = _derived(secret, b"refresh")
        self._code_key = _derived(secret, b"code")
        self._now_ms = now_ms
        self._genuine = lru_cache(GENUINE_KEPT)(self._read_access)

    def access(self, device: str, *, expires_ms: int) -> str:
        """Sign an access token; it says little, as it goes with each call."""
        return jwt.encode(
            {"sub": device, "exp": expires_ms // 1000},
            self._access_key,
            algorithm=_ALGORITHM,
            headers={"typ": None},
        )

    def device_of(self, access: str) -> str:
        """Return whose access token this is; raises ProblemError `token-expired`, `signed-out`."""
        device, expires_s = self._genuine(access)
        if expires_s * 1000 <= self._now_ms():
            raise ProblemError("token-expired")
        return device

    def _read_access(self, access: str) -> tuple[str, int]:
        """Return whose token this is and when it ends (s); only one of ours gets through."""
        try:
            claims = jwt.decode(access, self._access_key, algorithms=[_ALGORITHM], options=_OPTIONS)
        except jwt.InvalidTokenError as error:
            raise ProblemError("signed-out") from error
        expires_s = claims["exp"]
        return str(claims["sub"]), expires_s if isinstance(expires_s, int) else 0

    def refresh(self, claim: RefreshClaim) -> str:
        """Return the refresh token of one device and generation, the same one each time."""
        said = f"{claim.device}.{claim.generation}"
        mac = hmac.digest(self._refresh_key, said.encode(), "sha256")[:_MAC_BYTES]
        return f"{said}.{urlsafe_b64encode(mac).decode()}"

    def read_refresh(self, token: str) -> RefreshClaim:
        """Read a refresh token; raises ProblemError `signed-out` unless we made it."""
        device, _, rest = token.partition(".")
        generation = rest.partition(".")[0]
        if not (generation.isascii() and generation.isdecimal() and len(generation) <= _DIGITS_MAX):
            raise ProblemError("signed-out")
        claim = RefreshClaim(device, int(generation))
        if not hmac.compare_digest(self.refresh(claim).encode(), token.encode()):
            raise ProblemError("signed-out")
        return claim

    def hidden(self, text: str) -> str:
        """Return what stands for a code or an address in the database, useless to who reads it."""
        return hmac.digest(self._code_key, text.encode(), "sha256").hex()


_DIGITS_MAX: Final = 12
_OPTIONS: Final = jwt.types.Options(
    require=["sub", "exp"],
    verify_exp=False,
    verify_iat=False,
    verify_nbf=False,
    verify_aud=False,
    verify_iss=False,
)
"""Our own clock decides about the end; PyJWT would ask the machine's."""


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return hmac.digest(secret, b"gigafibre " + purpose, hashlib.sha256)
