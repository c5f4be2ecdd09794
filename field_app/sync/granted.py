"""Calls made beside the engine under its session, which the engine alone may renew."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from field_app.sync.events import Replied
from field_core.problems import ProblemError

T = TypeVar("T")
AT_ONCE_MAX: Final = 3
"""Half of the transport's connections: a page of nine panels never makes an exchange wait."""
_BAD: Final = 400


class Granted:
    """The session of whoever syncs the account, lent to a few calls at once."""

    def __init__(
        self, *, access: Callable[[], str | None], renew: Callable[[], Awaitable[object]]
    ) -> None:
        """renew: has the engine exchange with the server, which renews the session first."""
        self._access = access
        self._renew = renew
        self._turns = asyncio.Semaphore(AT_ONCE_MAX)

    async def made(self, call: Callable[[str], Awaitable[T]]) -> T:
        """Make a call with the token; once more when the session had to be renewed.

        Raises ProblemError `signed-out`.
        """
        async with self._turns:
            event = await call(self._token())
        if _has_expired(event):
            await self._renew()
            async with self._turns:
                event = await call(self._token())
        return event

    def _token(self) -> str:
        access = self._access()
        if access is None:
            raise ProblemError("signed-out")
        return access


def _has_expired(event: object) -> bool:
    if not isinstance(event, Replied) or event.status < _BAD:
        return False
    return isinstance(event.body, dict) and event.body.get("code") == "token-expired"
