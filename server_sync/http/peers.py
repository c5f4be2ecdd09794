"""Who is at the other end: a proxy of ours, whose headers are believed, or anybody.

`X-Forwarded-For` says who calls, for limits by source; a header of the proxy's says who signed in
there. Either is worth as much as the network it came from: from anywhere else they are taken off
before anything reads them.
"""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

Network = IPv4Network | IPv6Network
FORWARDED: Final = b"x-forwarded-for"
_HOPS_MAX: Final = 16
"""A header is as long as whoever sends it likes."""


def networks_of(text: str) -> tuple[Network, ...]:
    """Read networks from `10.0.0.0/8, fd00::/8`; raises ValueError."""
    return tuple(ip_network(one.strip()) for one in text.split(",") if one.strip())


class Peers:
    """Judges every request by where it came from."""

    def __init__(
        self, app: ASGIApp, *, networks: Sequence[Network] = (), email_header: str = ""
    ) -> None:
        """networks: where proxies of ours are; email_header: what they name a person with."""
        self._app = app
        self._networks = networks
        self._hidden = {FORWARDED, email_header.lower().encode()} - {b""}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with headers and client as they may be believed."""
        if scope["type"] == "http":
            scope = self._judged(scope)
        await self._app(scope, receive, send)

    def _judged(self, scope: Scope) -> Scope:
        client = scope.get("client")
        if client is None or not self._is_ours(client[0]):
            kept = [pair for pair in scope["headers"] if pair[0] not in self._hidden]
            return {**scope, "headers": kept}
        named = b",".join(value for name, value in scope["headers"] if name == FORWARDED)
        return {**scope, "client": (self._caller(named.decode("latin-1"), client[0]), 0)}

    def _caller(self, named: str, peer: str) -> str:
        """The last address that none of our proxies has: what stands before it may be made up."""
        hops = [one.strip() for one in named.split(",")[-_HOPS_MAX:] if one.strip()]
        return next((hop for hop in reversed(hops) if not self._is_ours(hop)), peer)

    def _is_ours(self, address: str) -> bool:
        if not self._networks:
            return False
        try:
            found = ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self._networks)
