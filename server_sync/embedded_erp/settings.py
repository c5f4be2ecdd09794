"""What is set about a site: time zone, users, switches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from server_sync.embedded_erp.meta import SYSTEM_MANAGER

Flavour = Literal["mariadb", "postgres"]
"""The database a site runs on decides some error shapes and how text is compared."""

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ErpUser:
    """A user of the site. `api_key`/`api_secret` authenticate by token, `password` by login."""

    email: str
    full_name: str = ""
    roles: tuple[str, ...] = (SYSTEM_MANAGER,)
    api_key: str = ""
    api_secret: str = ""
    password: str = ""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class ErpSiteSettings:
    """One site.

    `disable_rounded_total` is the Global Default of the same name: without it ERPNext asks for
    rounded dollars. `rounding_method` is what System Settings say; amounts are rounded half-up
    whatever it is. `request_bytes_max` is the proxy's limit, `url_bytes_max` the request line's.
    With `offload` requests run in a worker thread, one at a time, so that a long list does not
    stop the event loop it shares with others. `durable` syncs the disk on every commit.
    """

    time_zone: str = "America/Toronto"
    flavour: Flavour = "mariadb"
    users: tuple[ErpUser, ...] = ()
    company: str = "Gigafibre"
    company_abbreviation: str = "GF"
    currency: str = "CAD"
    payment_days: int = 30
    disable_rounded_total: bool = False
    rounding_method: str = "Commercial Rounding"
    tracebacks: bool = True
    request_bytes_max: int = 25 * MIB
    url_bytes_max: int = 8 * 1024
    session_hours: int = 170
    address: str = "http://127.0.0.1:8000"
    durable: bool = True
    offload: bool = False
