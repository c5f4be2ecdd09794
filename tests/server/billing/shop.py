"""A server with an embedded ERP behind it: one customer, one invoice, a clock that tests move."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx

from field_core.capabilities import Role
from field_core.tokens import Use, mint
from server_sync.accounts import Person
from server_sync.billing.service import Billing
from server_sync.compose import Server, build, erp_insert, open_embedded, with_embedded
from server_sync.embedded_erp import EmbeddedErp
from tests.server.http.house import MARC, PASSWORD, Clock, Device, Entropy, House, settings_in

CLERK: Final = Person("lise@example.test", "Lise F.", (Role.BILLING,))
PHONE: Final = "579-555-0134"
EMAIL: Final = "client@courriel.test"
INVOICE: Final = "ACC-SINV-2026-00001"
TOTAL: Final = 91.93
"""79.95 + TPS 4.00 + TVQ 7.98, as in B-01."""


@dataclass
class Wire(httpx.AsyncBaseTransport):
    """The way to the ERP, which a test may cut."""

    erp: EmbeddedErp
    is_down: bool = False
    calls: list[str] = field(default_factory=list)
    after: Callable[[httpx.Request], None] | None = None
    """Called once an answer is there; what it raises stands in its place."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.is_down:
            raise httpx.ConnectError("down")
        self.calls.append(f"{request.method} {request.url.path}")
        answer = await httpx.ASGITransport(app=self.erp).handle_async_request(request)
        await answer.aread()
        if self.after:
            self.after(request)
        return answer


@dataclass
class Shop:
    """Everything one test of billing needs."""

    server: Server
    clock: Clock
    client: httpx.AsyncClient
    wire: Wire
    insert: Callable[[str, dict[str, Any]], dict[str, Any]]

    @property
    def billing(self) -> Billing:
        found = self.server.context.billing
        assert found is not None
        return found

    async def sign_in(self, person: Person = CLERK) -> Device:
        return await House(self.server, self.client, self.clock).sign_in(person)

    def token(self, invoice: str = INVOICE, use: Use = Use.QR) -> str:
        till = self.billing.till
        return mint(invoice, use=use, now_s=till.now_s(), ring=till.ring)

    def customer(self, **more: Any) -> str:  # noqa: ANN401 - a document's own values
        values = {
            "customer_name": "Gilles D.",
            "customer_type": "Individual",
            "language": "fr",
            "mobile_no": PHONE,
            "email_id": EMAIL,
            "legacy_account_id": "C-10370",
            **more,
        }
        return str(self.insert("Customer", values)["name"])

    def location(self, customer: str, civic: str = "12, rang du Cordon", **more: Any) -> str:  # noqa: ANN401 - same
        values = {
            "customer": customer,
            "civic_address": civic,
            "city": "Saint-Rémi",
            "province": "QC",
            "postal_code": "J0L 2L0",
            **more,
        }
        return str(self.insert("Service Location", values)["name"])

    def invoice(
        self,
        customer: str,
        items: list[dict[str, Any]],
        **more: Any,  # noqa: ANN401 - same
    ) -> str:
        taxes = [
            {"charge_type": "On Net Total", "account_head": f"{name} - GF", "rate": rate}
            for name, rate in (("TPS", 5.0), ("TVQ", 9.975))
        ]
        values = {
            "customer": customer,
            "posting_date": "2026-09-01",
            "set_posting_time": 1,
            "due_date": "2026-10-01",
            "currency": "CAD",
            "disable_rounded_total": 1,
            "docstatus": 1,
            "items": items,
            "taxes": taxes,
            **more,
        }
        return str(self.insert("Sales Invoice", values)["name"])

    def owed(self, name: str = INVOICE) -> tuple[float, str]:
        """What the ERP says an invoice still owes, and its status."""
        found = self.read("Sales Invoice", name)
        return found["outstanding_amount"], found["status"]

    def read(self, doctype: str, name: str) -> dict[str, Any]:
        from server_sync.compose.embedded import _ask  # noqa: PLC0415  # the office's own look

        return dict(_ask(self.wire.erp, "GET", f"/api/resource/{doctype}/{name}", {}))

    def payments(self) -> list[dict[str, Any]]:
        """Every Payment Entry of the ERP, oldest first."""
        rows = self.wire.erp.site.db.execute(
            'SELECT name FROM "tabPayment Entry" ORDER BY name'
        ).fetchall()
        return [self.read("Payment Entry", row[0]) for row in rows]


def item(name: str, rate: float, location: str | None = None, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - same
    return {"item_code": "PLAN", "item_name": name, "qty": 1, "rate": rate,
            "service_location": location, **more}  # fmt: skip


@contextmanager
def opened_in(folder: Path, *, life: str = "", **more: Any) -> Iterator[Shop]:  # noqa: ANN401 - a test's own settings
    """Open what a folder holds, as a server that starts does; each life draws other chances."""
    folder.mkdir(parents=True, exist_ok=True)
    clock = Clock()
    settings = with_embedded(
        settings_in(folder, **{"stripe_bench": True, "tps_number": "123456789 RT0001",
                               "tvq_number": "1234567890 TQ0001"} | more)
    )  # fmt: skip
    erp = open_embedded(settings, file=folder / "erp.db", clock=clock, is_durable=False)
    wire = Wire(erp)
    server = build(settings, clock=clock, entropy=Entropy(folder.name + life), erp_transport=wire)
    client = httpx.AsyncClient(transport=httpx.ASGITransport(server.app), base_url="http://server")
    try:
        yield Shop(server, clock, client, wire, erp_insert(erp))
    finally:
        server.close()
        erp.close()


@contextmanager
def shop_in(folder: Path, *, stocked: bool = True, **more: Any) -> Iterator[Shop]:  # noqa: ANN401 - a test's own settings
    with opened_in(folder, **more) as made:
        for person in (CLERK, MARC):
            made.server.accounts.add(person, password=PASSWORD)
        plan = {"item_code": "PLAN", "item_name": "Internet fibre 500", "stock_uom": "Nos"}
        made.insert("Item", plan)
        if stocked:
            customer = made.customer()
            place = made.location(customer)
            assert made.invoice(customer, [item("Internet fibre 500", 79.95, place)]) == INVOICE
        yield made
