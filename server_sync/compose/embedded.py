"""The embedded ERP as this server opens and calls it: in process, by a secret nobody else has."""

import json
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from field_core.canon import Body
from server_sync.clock import Clock
from server_sync.embedded_erp import EmbeddedErp, ErpSiteSettings, ErpUser, create_embedded_erp
from server_sync.embedded_erp.calls import Request
from server_sync.erp import bare_doctypes, erp_doctypes
from server_sync.settings import Settings

ERP_FILE: Final = "erp.db"
EMBEDDED_URL: Final = "http://erp.internal"
"""Never resolved: calls go straight to the embedded ERP."""
EMBEDDED_USER: Final = "sync@gigafibre.test"
EMBEDDED_KEY: Final = "sync"
SECRET_BYTES: Final = 32
HTTP_OK: Final = 200


def with_embedded(settings: Settings) -> Settings:
    """Fill in how the embedded ERP is called: in process, by a secret nobody else is given."""
    secret = settings.erpnext_api_secret.get_secret_value() or secrets.token_hex(SECRET_BYTES)
    return settings.model_copy(
        update={
            "erpnext_url": EMBEDDED_URL,
            "erpnext_api_key": settings.erpnext_api_key or EMBEDDED_KEY,
            "erpnext_api_secret": SecretStr(secret),
        }
    )


def open_embedded(
    settings: Settings,
    *,
    file: Path,
    clock: Clock,
    entropy: Callable[[int], bytes] = secrets.token_bytes,
    is_durable: bool = True,
    is_bare: bool = False,
) -> EmbeddedErp:
    """Open the embedded ERP's site, with the user that the server calls as.

    is_bare: with the doctypes that ERPNext brings alone, as `erp install` finds a new site.
    """
    return create_embedded_erp(
        file,
        doctypes=bare_doctypes() if is_bare else erp_doctypes(),
        clock=clock.now,
        entropy=entropy,
        settings=ErpSiteSettings(
            time_zone=settings.site_time_zone,
            users=(_user(settings),),
            offload=True,
            tracebacks=False,
            disable_rounded_total=True,
            durable=is_durable,
        ),
    )


def _user(settings: Settings) -> ErpUser:
    return ErpUser(
        EMBEDDED_USER,
        "Sync",
        api_key=settings.erpnext_api_key or EMBEDDED_KEY,
        api_secret=settings.erpnext_api_secret.get_secret_value(),
    )


def erp_insert(erp: EmbeddedErp) -> Callable[[str, Body], Body]:
    """Return how the demo inserts a document: as the site's first user would."""
    return lambda doctype, form: _ask(erp, "POST", f"/api/resource/{doctype}", form)


def erp_update(erp: EmbeddedErp) -> Callable[[str, str, Body], Body]:
    """Return how the demo changes a document."""
    return lambda doctype, name, form: _ask(erp, "PUT", f"/api/resource/{doctype}/{name}", form)


def _ask(erp: EmbeddedErp, method: str, path: str, form: Body) -> Body:
    user = erp.site.settings.users[0]
    reply = erp.answer(
        Request(
            method,
            path,
            "",
            {
                "authorization": f"token {user.api_key}:{user.api_secret}",
                "content-type": "application/json",
            },
            json.dumps(form).encode(),
        )
    )
    assert reply.status == HTTP_OK, f"{path}: {reply.status} {reply.body}"
    assert reply.body is not None, f"{path}: no body"
    data: Body = reply.body["data"]
    return data
