"""The session as the engine uses it: when to renew it, and that losing an answer costs nothing."""

from typing import Any, Final

from field_core.device_time import Stamp

MARGIN_MS: Final = 30_000
"""Renew this long before the end: a call on a slow link takes up to half a minute."""


class Auth:
    """Tokens and their age, by the device's monotonic clock."""

    def __init__(self, session: dict[str, Any] | None) -> None:
        self._session = session
        self._expires_mono_ms = 0  # unknown age after a start: renew first
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
        lives_ms = session["access_expires_ms"] - session["now_ms"]
        self._session = session
        self._expires_mono_ms = now.mono_ms + lives_ms - MARGIN_MS
        self.must_re_enrol = False
        self.is_fresh = True

    def worked(self) -> None:
        """A call succeeded with this session."""
        self.is_fresh = False

    def needs_refresh(self, now: Stamp) -> bool:
        """Tell whether a new access token is to be had before the next call."""
        return self._session is not None and (
            self.must_re_enrol or now.mono_ms >= self._expires_mono_ms
        )

    def expire(self) -> None:
        """The server said the access token is no longer good."""
        self._expires_mono_ms = 0

    def re_enrol(self) -> None:
        """Two copies of this device exist: ask for a new identity."""
        self.must_re_enrol = True
