"""The session as the engine uses it: when to renew it, and that losing an answer costs nothing."""

from typing import Any, Final, TypeGuard

from field_core.device_time import Stamp

MARGIN_MS: Final = 30_000
"""Renew this long before the end: a call on a slow link takes up to half a minute."""


class Auth:
    """Tokens and their age: by the monotonic clock, or by the wall clock for one from before.

    skew_ms: how far this device's wall clock was ahead of the server's when last compared.
    """

    def __init__(self, session: dict[str, Any] | None, *, skew_ms: int = 0) -> None:
        self._session = session
        self._skew_ms = skew_ms
        self._expires_mono_ms: int | None = None
        """None for a session kept from an earlier run, whose monotonic time means nothing now."""
        self.must_re_enrol = False
        self.is_fresh = False
        """Whether the session is new and no call has succeeded with it yet."""

    @property
    def access(self) -> str | None:
        """The bearer token."""
        return self._session["access"] if self._session else None

    @property
    def refresh(self) -> str | None:
        """The token that renews the session; the old one works until the new one was used."""
        return self._session["refresh"] if self._session else None

    def accept(self, session: dict[str, Any], now: Stamp) -> None:
        """Use a new session."""
        self._session = session
        self._expires_mono_ms = now.mono_ms + _life_ms(session) - MARGIN_MS
        self.must_re_enrol = False
        self.is_fresh = True

    def worked(self) -> None:
        """A call succeeded with this session."""
        self.is_fresh = False

    def needs_refresh(self, now: Stamp) -> bool:
        """Tell whether a new access token is to be had before the next call."""
        if self._session is None:
            return False
        if self._expires_mono_ms is None:
            self._expires_mono_ms = now.mono_ms + self._left_ms(self._session, now)
        return self.must_re_enrol or now.mono_ms >= self._expires_mono_ms

    def _left_ms(self, session: dict[str, Any], now: Stamp) -> int:
        """Return how long a kept session is good for, as far as a wall clock can tell.

        Guessing wrong costs one round trip either way: a token that died early is answered with
        401 and renewed then. More life than it was given means that the clock was put back.
        """
        left_ms: int = session["access_expires_ms"] + self._skew_ms - now.wall_ms
        return left_ms - MARGIN_MS if left_ms <= _life_ms(session) else 0

    def expire(self) -> None:
        """The server said the access token is no longer good."""
        self._expires_mono_ms = 0

    def re_enrol(self) -> None:
        """Two copies of this device exist: ask for a new identity."""
        self.must_re_enrol = True


def _life_ms(session: dict[str, Any]) -> int:
    life_ms: int = session["access_expires_ms"] - session["now_ms"]
    return life_ms


def is_session(body: object) -> TypeGuard[dict[str, Any]]:
    """Tell whether an answer is a session, as far as the engine uses it."""
    return (
        isinstance(body, dict)
        and all(isinstance(body.get(name), str) for name in ("access", "refresh", "device"))
        and all(isinstance(body.get(name), int) for name in ("access_expires_ms", "now_ms"))
        and isinstance(body.get("account"), dict)
        and "email" in body["account"]
    )
