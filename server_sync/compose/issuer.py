"""The company's issuer over HTTP: its discovery document and keys, kept for an hour."""

from collections.abc import Callable
from typing import Any, Final

import httpx

from field_core.problems import ProblemError
from server_sync.accounts.oidc import Claims, Returned

DISCOVERY: Final = "/.well-known/openid-configuration"
KEPT_S: Final = 3_600
TIMEOUT_S: Final = 10
_REFUSED: Final = range(400, 500)


class HttpIssuer:
    """One issuer; raises ProblemError `company-sign-in-away` when it does not answer."""

    def __init__(
        self,
        issuer: str,
        *,
        client_id: str,
        client_secret: str,
        now_s: Callable[[], float],
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """client_secret: empty for a public client, whose verifier alone proves it (PKCE)."""
        self._issuer = issuer
        self._client = (client_id, client_secret)
        self._now_s = now_s
        self._transport = transport
        self._kept: dict[str, tuple[float, dict[str, Any]]] = {}

    async def authorize_url(self) -> str:
        """Return where a browser is sent."""
        return str((await self._discovered())["authorization_endpoint"])

    async def exchange(self, returned: Returned) -> str:
        """Return the ID token for a code; raises ProblemError `company-sign-in-refused`."""
        client_id, secret = self._client
        form = {
            "grant_type": "authorization_code",
            "code": returned.code,
            "redirect_uri": returned.redirect_uri,
            "code_verifier": returned.verifier,
            "client_id": client_id,
        }
        url = str((await self._discovered())["token_endpoint"])
        answer = await self._call(
            "POST", url, data=form, auth=httpx.BasicAuth(client_id, secret) if secret else None
        )
        if answer.status_code in _REFUSED:
            raise ProblemError("company-sign-in-refused")
        return str(_told(answer).get("id_token") or "")

    async def keys(self, *, fresh: bool) -> Claims:
        """Return the issuer's keys (JWKS). fresh: not those that were kept."""
        return await self._fetched(str((await self._discovered())["jwks_uri"]), fresh=fresh)

    async def _discovered(self) -> dict[str, Any]:
        found = await self._fetched(f"{self._issuer.rstrip('/')}{DISCOVERY}", fresh=False)
        if found.get("issuer") != self._issuer:  # Discovery 1.0, section 4.3
            raise ProblemError("company-sign-in-away")
        return found

    async def _fetched(self, url: str, *, fresh: bool) -> dict[str, Any]:
        at, kept = self._kept.get(url, (0.0, {}))
        if not kept or fresh or self._now_s() - at > KEPT_S:
            kept = _told(await self._call("GET", url))
            self._kept[url] = (self._now_s(), kept)
        return kept

    async def _call(self, verb: str, url: str, **content: Any) -> httpx.Response:  # noqa: ANN401 - httpx's own arguments
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT_S, transport=self._transport) as http:
                return await http.request(verb, url, **content)
        except httpx.HTTPError as error:
            raise ProblemError("company-sign-in-away") from error


def _told(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.raise_for_status().json()
    except (httpx.HTTPStatusError, ValueError) as error:
        raise ProblemError("company-sign-in-away") from error
    if not isinstance(found, dict):
        raise ProblemError("company-sign-in-away")
    return found
