"""Signing in: a server, then an address and a password, or a one-time code from the office."""

import ipaddress
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from field_app.ports import Asking, Entry
from field_app.state.entry.code_finder import CodeFinder
from field_app.state.screen import Screen
from field_core.enrolment import Enrolment, read_code
from field_core.problems import ProblemError

ADDRESS_CHARACTERS_MAX: Final = 200
Entered = Callable[[Asking], Awaitable[None]]


class Way(StrEnum):
    """How a person proves who they are."""

    PASSWORD = "password"  # noqa: S105 - the name of a way in
    CODE = "code"


class SignIn(Screen):
    """The sign-in screen; `entered` is called with the account.

    again: the account whose session ended: its work is here and must stay its own.
    """

    def __init__(
        self,
        entry: Entry,
        entered: Entered,
        *,
        server: str,
        email: str = "",
        is_again: bool = False,
        cancel: Callable[[], None] | None = None,
    ) -> None:
        super().__init__()
        self._entry = entry
        self._entered = entered
        self.server = server
        self.email = email
        self.is_again = is_again
        self.cancel = cancel
        self.way = Way.PASSWORD
        self.is_busy = False
        self.is_server_open = False
        self.finder: CodeFinder | None = None
        """What looks for a code, while the camera shows."""
        self.missing: frozenset[str] = frozenset()
        """Fields that must be filled in first."""

    async def load(self) -> None:
        """Ask the server which ways in it has."""
        self.has_company = await self._entry.has_company(self.server)

    @property
    def server_name(self) -> str:
        """The server as people say it."""
        return self.server.partition("://")[2] or self.server

    @property
    def is_in_clear(self) -> bool:
        """Whether a password would cross a network unencrypted."""
        parts = urlsplit(self.server)
        return parts.scheme == "http" and not _is_this_machine(parts.hostname or "")

    def typed(self, email: str) -> None:
        """Keep what was typed, for when the screen is drawn again."""
        self.email = email.strip()

    def choose(self, way: Way) -> None:
        """Prove it the other way."""
        self.way, self.problem, self.missing = way, None, frozenset()
        self.finder = None
        self.changed()

    def aim(self) -> None:
        """Have the camera look for the office's QR code, or put it away again."""
        is_aiming = self.finder is not None
        self.finder = None if is_aiming else CodeFinder(self._entry.scanning, self._found)
        self.changed()

    async def _found(self, told: Enrolment) -> None:
        """Enter by a code that the camera read; it knows its server."""
        self.finder = None
        if told.server:
            await self.use_server(told.server)
        if self.problem is None:
            await self.submit_code(told.code)

    def open_server(self) -> None:
        """Show the field of the server."""
        self.is_server_open = True
        self.changed()

    async def use_server(self, typed: str) -> None:
        """Take another server."""
        if await self.attempt(self._use(typed)):
            await self.refresh()

    async def _use(self, typed: str) -> None:
        self.server = address_of(typed)
        self.is_server_open = False

    async def submit(self, email: str, password: str) -> None:
        """Try to sign in; a second press while the first is under way does nothing."""
        given = {"email": self.email if self.is_again else email.strip(), "password": password}
        if self._has_all(given):
            self.email = given["email"]
            await self._try(lambda: self._entry.sign_in(self.server, given["email"], password))

    async def submit_code(self, typed: str) -> None:
        """Try a one-time code."""
        code = read_code(typed)
        if self._has_all({"code": code or ""}) and code:
            await self._try(lambda: self._entry.enrol(self.server, code))

    async def submit_company(self, show: Callable[[str], Awaitable[object]]) -> None:
        """Sign in with the company's account, in a browser that `show` opens."""
        email = self.email if self.is_again else ""
        await self._try(lambda: self._entry.sign_in_with_company(self.server, email, show))

    def _has_all(self, given: dict[str, str]) -> bool:
        self.missing = frozenset(name for name, value in given.items() if not value)
        self.changed()
        return not self.missing

    async def _try(self, enter: Callable[[], Awaitable[Asking]]) -> None:
        if self.is_busy:
            return
        self.is_busy, self.problem = True, None
        self.changed()
        try:
            await self.attempt(self._enter(enter))
        finally:
            self.is_busy = False
            self.changed()

    async def _enter(self, enter: Callable[[], Awaitable[Asking]]) -> None:
        await self._entered(await enter())


def address_of(typed: str) -> str:
    """Return a server's base address as typed, completed; raises `server-address-wrong`.

    Without a scheme it is https, except on this machine, where a demo or a test listens.
    """
    is_whole = "://" in typed
    typed = typed.strip().rstrip("/")
    if not is_whole:
        host = typed.partition("/")[0].rpartition(":")[0] or typed
        typed = f"{'http' if _is_this_machine(host) else 'https'}://{typed}"
    try:
        parts = urlsplit(typed)
        is_good = parts.port is None or parts.port > 0
    except ValueError:
        raise ProblemError("server-address-wrong") from None
    is_plain = not (parts.query or parts.fragment or parts.username)
    is_host = bool(parts.hostname) and not any(c.isspace() for c in typed)
    if parts.scheme not in ("http", "https") or not (is_good and is_plain and is_host):
        raise ProblemError("server-address-wrong")
    if len(typed) > ADDRESS_CHARACTERS_MAX:
        raise ProblemError("server-address-wrong")
    return typed


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.casefold() == "localhost"
