"""A small site of our own making, and a short way to call it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from server_sync.embedded_erp import (
    DocField,
    DocType,
    EmbeddedErp,
    ErpSiteSettings,
    ErpUser,
    create_embedded_erp,
)
from server_sync.embedded_erp.calls import Reply, Request
from server_sync.embedded_erp.settings import Flavour
from tests.contract.erp_recordings.recorded_site import entropy
from tests.contract.erp_recordings.recordings import Json

MANAGER: Final = ErpUser("boss@example.test", api_key="key", api_secret="secret")
HEADERS: Final = {"authorization": "token key:secret", "content-type": "application/json"}
JOB: Final = "/api/resource/Dispatch Job"
_F = DocField
_KEY = DocField("sync_key", unique=True)
DOCTYPES: Final = (
    DocType("Customer", (_F("customer_name", reqd=True), _KEY), naming="title:customer_name"),
    DocType("Service Location", (_F("customer", "Link", "Customer"), _KEY), naming="LOC-.#####"),
    DocType(
        "Dispatch Job Checklist",
        (_F("step", reqd=True), _F("done", "Check"), _F("done_at", "Datetime"), _KEY),
        is_child=True,
    ),
    DocType(
        "Dispatch Job",
        (
            _F("subject", reqd=True),
            _F("status", "Select", "Open\nOn Site\nCompleted"),
            _F("service_location", "Link", "Service Location"),
            _F("scheduled_date", "Date"),
            _F("scheduled_time", "Time"),
            _F("started_at", "Datetime"),
            _F("minutes", "Int"),
            _F("notes", "Text"),
            _KEY,
            _F("checklist", "Table", "Dispatch Job Checklist"),
        ),
        naming="DJ-.#####",
    ),
    DocType(
        "Sales Invoice Item",
        (_F("item_code"), _F("qty", "Float"), _F("rate", "Currency"), _F("amount", "Currency")),
        is_child=True,
    ),
    DocType(
        "Sales Taxes and Charges",
        (
            _F("charge_type"),
            _F("description"),
            _F("rate", "Float"),
            _F("tax_amount", "Currency"),
            _F("total", "Currency"),
        ),
        is_child=True,
    ),
    DocType(
        "Sales Invoice",
        (
            _F("customer", "Link", "Customer"),
            _F("due_date", "Date"),
            _F("status"),
            _F("is_return", "Check"),
            _F("net_total", "Currency"),
            _F("total_taxes_and_charges", "Currency"),
            _F("grand_total", "Currency"),
            _F("outstanding_amount", "Currency"),
            _KEY,
            _F("items", "Table", "Sales Invoice Item"),
            _F("taxes", "Table", "Sales Taxes and Charges"),
        ),
        naming="ACC-SINV-.YYYY.-.#####",
        is_submittable=True,
    ),
    DocType(
        "Payment Entry Reference",
        (
            _F("reference_doctype"),
            _F("reference_name"),
            _F("allocated_amount", "Currency"),
            _F("outstanding_amount", "Currency"),
        ),
        is_child=True,
    ),
    DocType(
        "Payment Entry",
        (
            _F("payment_type"),
            _F("party"),
            _F("paid_amount", "Currency"),
            _F("unallocated_amount", "Currency"),
            _F("status"),
            _F("idempotency_key", unique=True),
            _F("references", "Table", "Payment Entry Reference"),
        ),
        naming="ACC-PAY-.YYYY.-.#####",
        is_submittable=True,
    ),
)


class FieldSite:
    """The site, its clock (a millisecond further at each look) and calls to it."""

    def __init__(
        self,
        path: Path | str = ":memory:",
        *,
        flavour: Flavour = "mariadb",
        settings: ErpSiteSettings | None = None,
        image: bytes | None = None,
    ) -> None:
        self.moment = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
        blocks = entropy()
        self.erp: EmbeddedErp = create_embedded_erp(
            path,
            doctypes=DOCTYPES,
            clock=self.clock,
            entropy=lambda size: next(blocks)[:size],
            settings=settings or ErpSiteSettings(flavour=flavour, users=(MANAGER,)),
            image=image,
        )

    def clock(self) -> datetime:
        self.moment += timedelta(milliseconds=1)
        return self.moment

    def request(self, method: str, path: str, body: Json = None, **query: Json) -> Request:
        """A request of the manager; query values that are not text become JSON text."""
        texts = {k: v if isinstance(v, str) else json.dumps(v) for k, v in query.items()}
        content = b"" if body is None else json.dumps(body).encode()
        return Request(method, path, urlencode(texts), dict(HEADERS), content)

    def send(self, method: str, path: str, body: Json = None, **query: Json) -> Reply:
        """The answer, whatever it is."""
        return self.erp.answer(self.request(method, path, body, **query))

    def data(self, method: str, path: str, body: Json = None, **query: Json) -> Json:
        """What a good answer holds."""
        reply = self.send(method, path, body, **query)
        assert reply.body is not None
        assert reply.status in {200, 202}, reply.body
        return reply.body.get("data", reply.body.get("message"))

    def refusal(self, method: str, path: str, body: Json = None, **query: Json) -> tuple[int, str]:
        """Status and exception type of a bad answer."""
        reply = self.send(method, path, body, **query)
        assert reply.body is not None
        return reply.status, str(reply.body["exc_type"])

    def job(self, **values: Json) -> Json:
        """A new job."""
        return self.data("POST", JOB, {"subject": "a job", **values})

    def call(self, method: str, **arguments: Json) -> Json:
        """Call a whitelisted method."""
        return self.data("POST", f"/api/method/{method}", arguments)

    def names(self, **query: Json) -> list[str]:
        """Names of the jobs a list call finds, by name."""
        rows = self.data("GET", JOB, order_by="name asc", limit_page_length="0", **query)
        return [row["name"] for row in rows]
