"""The contract of B-11: 24 months from 2025-06-15, a router given away, installation waived."""

from dataclasses import dataclass
from typing import Any, Final

import httpx

from tests.server.billing.shop import Shop, item
from tests.server.http.house import Device

END: Final = "2026-04-23"
AT_MS: Final = 1_776_945_600_000
"""2026-04-23 08:00 in Montréal: the day on which the contract of B-11 ends."""
ROUTER: Final = {
    "description": "Routeur Wi-Fi",
    "benefit_type": "Goods",
    "regular_price": 240.0,
    "granted_price": 0.0,
}
INSTALLATION: Final = {
    "description": "Installation offerte",
    "benefit_type": "Service",
    "regular_price": 149.95,
    "granted_price": 0.0,
}


@dataclass
class Signed:
    """A shop, its customer and one contract with its subscription."""

    shop: Shop
    customer: str
    location: str
    subscription: str
    contract: str

    async def clerk(self) -> Device:
        return await self.shop.sign_in()

    async def preview(self, clerk: Device, end: str = END) -> httpx.Response:
        return await self._post(clerk, "termination/preview", {"end": end})

    async def terminate(
        self, clerk: Device, preview_id: str, *, end: str = END, reason: str = "Déménagement"
    ) -> httpx.Response:
        body = {"end": end, "preview_id": preview_id, "reason": reason}
        return await self._post(clerk, "termination", body)

    async def _post(self, clerk: Device, what: str, body: dict[str, Any]) -> httpx.Response:
        path = f"/v1/contracts/{self.contract}/{what}"
        return await self.shop.client.post(path, json=body, headers=clerk.headers)

    async def ended(self, clerk: Device, end: str = END) -> dict[str, Any]:
        """End the contract on a day; return the recap."""
        shown = (await self.preview(clerk, end)).json()
        done = await self.terminate(clerk, shown["id"], end=end)
        assert done.status_code == 200, done.text
        return dict(done.json())

    def documents(self, doctype: str) -> list[dict[str, Any]]:
        rows = self.shop.wire.erp.site.db.execute(
            f'SELECT name FROM "tab{doctype}" ORDER BY name'  # noqa: S608 - a test's own words
        ).fetchall()
        return [self.shop.read(doctype, row[0]) for row in rows]


def signed_in(
    shop: Shop,
    *,
    benefits: tuple[dict[str, Any], ...] = (ROUTER, INSTALLATION),
    is_billed: bool = True,
    **more: Any,  # noqa: ANN401 - a document's own values
) -> Signed:
    shop.clock.ms = AT_MS
    shop.insert("Item", {"item_code": "FRAIS-RESIL", "item_name": "Frais", "stock_uom": "Nos"})
    customer = shop.customer()
    location = shop.location(customer)
    subscription = str(
        shop.insert(
            "Service Subscription",
            {"customer": customer, "service_location": location, "plan": "PLAN",
             "plan_name": "Internet fibre 500", "status": "Active", "monthly_price": 79.95,
             "start_date": "2025-06-15"},
        )["name"]
    )  # fmt: skip
    values = {
        "customer": customer,
        "service_location": location,
        "service_subscription": subscription,
        "contract_type": "Residential",
        "status": "Active",
        "start_date": "2025-06-15",
        "end_date": "2027-06-14",
        "duration_months": 24,
        "monthly_rate": 79.95,
        "benefits": [*benefits],
        **more,
    }
    contract = str(shop.insert("Service Contract", values)["name"])
    if is_billed:
        april = {"service_start_date": "2026-04-01", "service_end_date": "2026-04-23"}
        line = item("Internet fibre 500", 61.30, location, **april)
        shop.invoice(customer, [line], posting_date="2026-04-01", due_date="2026-05-01")
    return Signed(shop, customer, location, subscription, contract)
