"""Signing in with the company's accounts, put together from the settings."""

import functools
from collections.abc import Callable

from server_sync.accounts import Company, CompanySignIn
from server_sync.accounts.oidc import groups_of
from server_sync.accounts.people import same_address
from server_sync.compose.issuer import HttpIssuer
from server_sync.ports import RunBlocking
from server_sync.settings import Settings
from server_sync.store.documents import load_doctype
from server_sync.store.store import Store


def make_company(
    settings: Settings, store: Store, *, now_ms: Callable[[], int], run: RunBlocking
) -> CompanySignIn | None:
    """Return the company's way in, or None where no issuer is set up."""
    if not settings.oidc_issuer:
        return None

    def now_s() -> float:
        return now_ms() / 1000

    async def technician_of(email: str) -> str | None:
        return await run(functools.partial(_technician_of, store, email))

    company = Company(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        groups=groups_of(settings.oidc_groups),
        groups_claim=settings.oidc_groups_claim,
        technician_claim=settings.oidc_technician_claim,
    )
    issuer = HttpIssuer(
        settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value(),
        now_s=now_s,
    )
    return CompanySignIn(company, issuer, now_s, technician_of)


def _technician_of(store: Store, email: str) -> str | None:
    """Return the Dispatch Technician with this address; of several, none."""
    with store.read() as connection:
        everybody = load_doctype(connection, "Dispatch Technician")
    found = [
        one.erp_name
        for one in everybody
        if one.body and same_address(str(one.body.get("email") or "")) == email
    ]
    return found[0] if len(found) == 1 else None
