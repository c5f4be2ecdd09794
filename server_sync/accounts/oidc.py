"""Signing in at the company's OpenID Connect issuer: code flow with PKCE, as native apps do it.

The app's browser fetches a code; the app hands it to us with its verifier, and we exchange it (RFC
8252, RFC 7636). So no device ever holds a token of the issuer. What counts afterwards is our own
session: who a person is and in which groups is read from the ID token, at each sign-in.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import jwt

from field_core.capabilities import Role
from field_core.problems import ProblemError
from server_sync.accounts.people import Person, same_address

SCOPE: Final = "openid profile email groups"
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
"""Asymmetric ones alone: with a shared secret whoever knows it could make anybody."""
LEEWAY_S: Final = 60
"""Between the clocks of two servers."""
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})

Claims = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Company:
    """The issuer as it is set up."""

    issuer: str
    client_id: str
    groups: Mapping[str, Role]
    """Roles by the issuer's groups."""
    groups_claim: str = "groups"
    technician_claim: str = ""


@dataclass(frozen=True, slots=True)
class Returned:
    """What the browser came back with, and what the app knows beside it."""

    code: str
    verifier: str
    redirect_uri: str
    nonce: str


class Issuer(Protocol):
    """The issuer's three addresses; each call raises ProblemError `company-sign-in-away`."""

    async def authorize_url(self) -> str:
        """Return where a browser is sent."""

    async def exchange(self, returned: Returned) -> str:
        """Return the ID token for a code; raises ProblemError `company-sign-in-refused`."""

    async def keys(self, *, fresh: bool) -> Claims:
        """Return the issuer's keys (JWKS). fresh: not those that were kept."""


@dataclass(frozen=True)
class CompanySignIn:
    """Finds out who came back from the issuer."""

    company: Company
    issuer: Issuer
    now_s: Callable[[], float]
    technician_of: Callable[[str], Awaitable[str | None]]
    """The Dispatch Technician with an e-mail address, if there is exactly one."""

    async def person(self, returned: Returned) -> Person:
        """Return who signed in.

        Raises ProblemError `company-sign-in-refused`, `company-sign-in-away`, `no-role`.
        """
        if not _leads_home(returned.redirect_uri):
            raise ProblemError("company-sign-in-refused")
        claims = await self._claims(await self.issuer.exchange(returned))
        if claims.get("nonce") != returned.nonce:
            raise ProblemError("company-sign-in-refused")
        person = person_of(claims, self.company)
        if person.technician or Role.TECHNICIAN not in person.roles:
            return person
        return replace(person, technician=await self.technician_of(person.email))

    async def _claims(self, token: str) -> Claims:
        """Verify with the keys that are kept, then with new ones: issuers change theirs."""
        for fresh in (False, True):
            key = key_for(token, await self.issuer.keys(fresh=fresh))
            if key is not None:
                return read_id_token(token, key, self.company, now_s=self.now_s())
        raise ProblemError("company-sign-in-refused")


def key_for(token: str, keys: Claims) -> jwt.PyJWK | None:
    """Return the key that a token says it was signed with. Raises `company-sign-in-refused`."""
    try:
        header = jwt.get_unverified_header(token)
        usable = jwt.PyJWKSet.from_dict(dict(keys)).keys
    except (jwt.PyJWTError, AttributeError) as error:
        raise ProblemError("company-sign-in-refused") from error
    named = [one for one in usable if one.key_id == header.get("kid")]
    return named[0] if len(named) == 1 else None


def read_id_token(token: str, key: jwt.PyJWK, company: Company, *, now_s: float) -> Claims:
    """Return the claims of a genuine token for us. Raises `company-sign-in-refused`.

    Source: OpenID Connect Core 1.0, section 3.1.3.7.
    """
    try:
        claims: Claims = jwt.decode(
            token,
            key,
            algorithms=[*ALGORITHMS],
            audience=company.client_id,
            issuer=company.issuer,
            options={
                "require": ["iss", "aud", "exp", "iat", "sub"],
                "verify_exp": False,  # against the clock that we are given, below
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except jwt.PyJWTError as error:
        raise ProblemError("company-sign-in-refused") from error
    is_for_us = claims.get("azp", company.client_id) == company.client_id
    if not is_for_us or not claims["iat"] - LEEWAY_S <= now_s <= claims["exp"] + LEEWAY_S:
        raise ProblemError("company-sign-in-refused")
    return claims


def person_of(claims: Claims, company: Company) -> Person:
    """Return who the claims name. Raises `company-sign-in-refused`, `no-role`."""
    email = same_address(str(claims.get("email") or ""))
    if "@" not in email or claims.get("email_verified") is False:
        raise ProblemError("company-sign-in-refused")
    named = claims.get(company.groups_claim) or ()
    groups = [named] if isinstance(named, str) else [str(one) for one in named]
    roles = tuple(dict.fromkeys(company.groups[g] for g in groups if g in company.groups))
    if not roles:
        raise ProblemError("no-role")
    technician = claims.get(company.technician_claim) if company.technician_claim else None
    language = "en" if str(claims.get("locale") or "").startswith("en") else "fr"
    return Person(
        email,
        str(claims.get("name") or email),
        roles,
        str(technician) if technician else None,
        language,
    )


def groups_of(text: str) -> dict[str, Role]:
    """Read `group=role, group=role`; raises ValueError."""
    pairs = [one.partition("=") for one in text.split(",") if one.strip()]
    return {group.strip(): Role(role.strip()) for group, _, role in pairs}


def _leads_home(redirect_uri: str) -> bool:
    """Whether a browser is led back to the device itself (RFC 8252, section 7.3)."""
    parts = urlsplit(redirect_uri)
    return parts.scheme == "http" and parts.hostname in _LOOPBACK
