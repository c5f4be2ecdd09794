"""A server as in production with an office system behind it, where one customer owes 91.93 $.

The test bench stands in for Stripe; whoever pays is a browser of their own, without the app.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import uvicorn
from sqlalchemy import select

from field_core.canon import Body
from field_core.capabilities import Role
from server_sync.accounts.people import Person
from server_sync.compose import Server, create, erp_insert
from server_sync.settings import Settings
from server_sync.store.schema import message_out
from tests.app.serving import MARC, PASSWORD, today
from tests.journeys.glass import Glass
from tests.journeys.phone import free_port

JULIE: Final = "julie@example.com"
INVOICE: Final = "ACC-SINV-2026-00001"
CONTRACT: Final = "CTR-00001"
START_S: Final = 30


class Counter:
    """The office and its customer, Lucie T."""

    def __init__(self, server: Server, url: str) -> None:
        self.server = server
        self.url = url

    def stock(self) -> None:
        """Put people, a customer with a contract, an unpaid invoice and a visit of today there."""
        add = self.server.accounts.add
        add(Person(MARC, "Marc", (Role.TECHNICIAN,), "DT-00001"), password=PASSWORD)
        add(Person(JULIE, "Julie C.", (Role.BILLING,), None), password=PASSWORD)
        assert self.server.embedded_erp, "production opens one"
        insert = erp_insert(self.server.embedded_erp)
        first = date.fromisoformat(today()).replace(day=1)
        insert("Item", {"item_code": "PLAN", "item_name": "Internet Fibre 500", "stock_uom": "Nos"})
        insert("Dispatch Technician", {"full_name": "Marc R.", "initials": "MR"})
        insert(
            "Customer",
            {"customer_name": "Lucie T.", "customer_type": "Individual", "language": "fr",
             "mobile_no": "450-555-0142", "email_id": "lucie@courriel.test",
             "legacy_account_id": "C-10042"},
        )  # fmt: skip
        place: Body = {"customer": "CUST-00001", "civic_address": "1962, rue des Lilas",
                 "city": "Huntingdon", "province": "QC", "postal_code": "J0S 1H0",
                 "status": "Active"}  # fmt: skip
        insert("Service Location", place)
        self._sign(insert, first)
        insert(
            "Sales Invoice",
            {"customer": "CUST-00001", "posting_date": first.isoformat(), "set_posting_time": 1,
             "due_date": (first + timedelta(days=30)).isoformat(), "currency": "CAD",
             "disable_rounded_total": 1, "docstatus": 1,
             "items": [{"item_code": "PLAN", "item_name": "Internet Fibre 500", "qty": 1,
                        "rate": 79.95, "service_location": "LOC-00001"}],
             "taxes": [{"charge_type": "On Net Total", "account_head": f"{name} - GF",
                        "description": name, "rate": rate}
                       for name, rate in (("TPS", 5.0), ("TVQ", 9.975))]},
        )  # fmt: skip
        insert(
            "Dispatch Job",
            {"subject": "Réparation", "customer": "CUST-00001", "service_location": "LOC-00001",
             "status": "Dispatched", "scheduled_date": today(), "scheduled_time": "09:00:00",
             "assigned_technician": "DT-00001"},
        )  # fmt: skip

    def _sign(self, insert: Callable[[str, Body], Body], first: date) -> None:
        """Put a service there with a contract in its second year; nothing to invoice its end as."""
        begun = first.replace(year=first.year - 1)
        service = insert(
            "Service Subscription",
            {"customer": "CUST-00001", "service_location": "LOC-00001", "plan": "PLAN",
             "plan_name": "Internet Fibre 500", "status": "Active", "monthly_price": 79.95,
             "start_date": begun.isoformat()},
        )  # fmt: skip
        insert(
            "Service Contract",
            {"customer": "CUST-00001", "service_location": "LOC-00001",
             "service_subscription": service["name"], "contract_type": "Residential",
             "status": "Active", "start_date": begun.isoformat(), "duration_months": 24,
             "monthly_rate": 79.95,
             "benefits": [{"description": "Routeur", "benefit_type": "Goods",
                           "regular_price": 240.0, "granted_price": 0.0}]},
        )  # fmt: skip

    def invoices_of_contract(self) -> list[str]:
        """Return the invoices that ending the contract made."""
        assert self.server.embedded_erp, "production opens one"
        rows = self.server.embedded_erp.site.db.execute(
            'SELECT name FROM "tabSales Invoice" WHERE service_contract = ?', (CONTRACT,)
        ).fetchall()
        return [row[0] for row in rows]

    def link_sent(self) -> str:
        """Return the address in the last message that went out."""
        end = time.monotonic() + START_S
        while time.monotonic() < end:
            with self.server.store.read() as connection:
                rows = connection.execute(select(message_out.c.content)).scalars().all()
            if rows:
                return next(word for word in str(rows[-1]).split() if word.startswith("http"))
            time.sleep(0.1)
        raise AssertionError("no message went out")


@contextmanager
def counter_in(folder: Path) -> Iterator[Counter]:
    """Serve it for a while."""
    port = free_port()
    folder.mkdir(parents=True)
    settings = Settings(
        data_dir=folder,
        server_port=port,
        stripe_bench=True,
        password_memory_kib=8,
        password_passes=1,
        erp_poll_s=2,
    )
    server = create(settings)
    made = Counter(server, f"http://127.0.0.1:{port}")
    made.stock()
    program = uvicorn.Server(
        uvicorn.Config(server.app, host="127.0.0.1", port=port, log_level="error",
                       timeout_graceful_shutdown=1)
    )  # fmt: skip
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
        thread = threading.Thread(target=program.run, args=([listener],), daemon=True)
        thread.start()
        try:
            end = time.monotonic() + START_S
            while not program.started:
                assert time.monotonic() < end, "the server did not start"
                time.sleep(0.05)
            yield made
        finally:
            program.should_exit = True
            thread.join(10)


def pay(glass: Glass, url: str) -> None:
    """Do what a customer does who has scanned the code: see the amount, and pay it by card."""
    glass.do(lambda page: page.goto(url))
    assert "91,93" in glass.do(lambda page: page.inner_text("main"))
    glass.do(lambda page: page.locator("form button[type=submit]").first.click())
    card = "form:has(input[value=card]) button"
    glass.do(lambda page: page.locator(card).click())
    glass.do(lambda page: page.wait_for_url("**/pay-public/done**"))
