"""Signed claims in a link: a JWT for one audience, read back by our own clock alone."""

from collections.abc import Mapping
from typing import Any, Final

import jwt

SECRET_BYTES_MIN: Final = 32
"""RFC 7518, 3.2: HS256 wants a key of its own size; PyJWT only warns."""
_ALGORITHM: Final = "HS256"


def sign_claims(claims: Mapping[str, Any], *, secret: bytes, audience: str) -> str:
    """Return a token for one audience. claims hold `sub`, `jti` and `exp` in seconds."""
    assert len(secret) >= SECRET_BYTES_MIN, "a short key can be guessed"
    return jwt.encode({**claims, "aud": audience}, secret, algorithm=_ALGORITHM)


def read_claims(token: str, *, secret: bytes, audience: str) -> Mapping[str, Any] | None:
    """Return what a genuine token says, expired or not; None for every other text."""
    try:
        return jwt.decode(
            token,
            secret,
            algorithms=[_ALGORITHM],
            audience=audience,
            options=jwt.types.Options(
                require=["sub", "jti", "exp"], verify_exp=False, verify_iat=False, verify_nbf=False
            ),
        )
    except jwt.InvalidTokenError:
        return None
