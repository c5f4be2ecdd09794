"""Documents in the numbers of the real company, one after the other, links pointing backwards."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Final

from benchmarks.volume import money
from benchmarks.volume.stamps import stamp
from field_core.canon import Body, Json
from server_sync.demo.draw import Draw
from server_sync.demo.flows import checklist
from server_sync.demo.identifiers import gpon_serial, mac_address, maker_serial
from server_sync.demo.words.goods import DEVICES, MATERIALS, PLANS, TAGS
from server_sync.demo.words.people import FIRST_NAMES, INITIALS
from server_sync.demo.words.places import STREETS, TOWNS
from server_sync.demo.words.steps import INSTALLATION

Pair = tuple[str, Body]
_OPEN: Final = ("Open", "Scheduled", "Scheduled", "Dispatched")
_EVERY_MODEL: Final = len(DEVICES)


@dataclass(frozen=True, slots=True)
class Volume:
    """How many documents of each kind; the defaults are the company's own figures."""

    customers: int = 6_667
    locations: int = 17_000
    equipment: int = 7_600
    subscriptions: int = 21_876
    invoices: int = 115_000
    jobs: int = 2_000
    technicians: int = 40

    def scaled(self, factor: float) -> "Volume":
        """Return a smaller or larger one, at least one document of each kind."""
        return Volume(*(max(1, round(getattr(self, each.name) * factor)) for each in fields(self)))

    @property
    def total(self) -> int:
        """How many documents `documents` yields."""
        catalogue = len(TAGS) + len(PLANS) + len(DEVICES) + len(MATERIALS) + 1
        return catalogue + sum(int(getattr(self, each.name)) for each in fields(self))


FULL: Final = Volume()


class Names:
    """The next name of a series, and where every series stands."""

    def __init__(self) -> None:
        self.current: Counter[str] = Counter()

    def next(self, prefix: str) -> str:
        """Return the next name, as Frappe writes it with five digits."""
        self.current[prefix] += 1
        return f"{prefix}{self.current[prefix]:05d}"


def documents(
    seed: int, today: date, volume: Volume = FULL, names: Names | None = None
) -> Iterator[Pair]:
    """Yield (doctype, form) pairs; every form has its `name`, `modified` and `docstatus`.

    `names` is left standing where the series stand at the end.
    """
    maker = _Maker(seed, today, volume, names or Names())
    yield from maker.catalogue()
    yield from maker.customers()
    yield from maker.locations()
    yield from maker.equipment()
    yield from maker.subscriptions()
    yield from maker.jobs()
    for number in range(1, volume.invoices + 1):
        yield money.invoice(maker.random, maker.names.next, today, number, volume.customers)


class _Maker:
    """Makes one kind after the other; a link is worked out from the number of what it points at."""

    def __init__(self, seed: int, today: date, volume: Volume, names: Names) -> None:
        self.random = random.Random(seed)
        self.names = names
        self._seed, self._today, self._volume = seed, today, volume
        self._draw = Draw(seed)

    def catalogue(self) -> Iterator[Pair]:
        """Tags, items, the flow template, technicians."""
        for tag, kind, fr, en in TAGS:
            yield self._named(
                "Dispatch Tag",
                tag,
                {"tag_name": tag, "tag_type": kind, "label_fr": fr, "label_en": en},
            )
        for goods in (*PLANS, *DEVICES, *MATERIALS):
            item: Body = {"item_code": goods.code, "item_name": goods.name}
            yield self._named("Item", goods.code, {**item, "standard_rate": float(goods.price)})
        flow: Body = {"template_name": INSTALLATION.name, "version": INSTALLATION.version}
        yield self._named("Flow Template", INSTALLATION.name, flow)
        for number in range(1, self._volume.technicians + 1):
            skills: list[Json] = [{"tag": "Fibre", "level": 1 + number % 3}]
            technician: Body = {"full_name": f"Technicien {number:03d}", "skills": skills}
            yield self._series("Dispatch Technician", "DT-", technician)

    def customers(self) -> Iterator[Pair]:
        """Customers."""
        for number in range(1, self._volume.customers + 1):
            first, initial = self.random.choice(FIRST_NAMES), self.random.choice(INITIALS)
            customer: Body = {
                "customer_name": f"{first} {initial}. {number}",
                "customer_type": "Individual",
                "language": self.random.choice(("fr", "fr", "fr", "en")),
                "mobile_no": f"450-555-01{number % 100:02d}",
                "email_id": f"client{number:06d}@courriel.test",
                "legacy_account_id": f"C-{number:06d}",
            }
            yield self._series("Customer", "CUST-", customer)

    def locations(self) -> Iterator[Pair]:
        """Locations, spread evenly over the customers."""
        for number in range(1, self._volume.locations + 1):
            town = self.random.choice(TOWNS)
            location: Body = {
                "customer": self._pick("CUST-", number, self._volume.customers),
                "civic_address": f"{self.random.randint(3, 2490)}, {self.random.choice(STREETS)}",
                "city": town.name,
                "province": "QC",
                "postal_code": f"{town.sortation_area} 1A{number % 10}",
                "latitude": round(town.latitude + self.random.uniform(-0.02, 0.02), 6),
                "longitude": round(town.longitude + self.random.uniform(-0.02, 0.02), 6),
                "status": "Active",
                "olt_port": f"{town.olt}/0/{number % 16}/{number}",
                "legacy_location_id": str(number),
            }
            yield self._series("Service Location", "LOC-", location)

    def equipment(self) -> Iterator[Pair]:
        """Equipment at the first locations, of every model in turn."""
        for number in range(1, self._volume.equipment + 1):
            device = DEVICES[number % _EVERY_MODEL]
            vendor = device.vendor
            piece: Body = {
                "equipment_type": device.kind,
                "service_location": self._pick("LOC-", number, self._volume.locations),
                "status": "Installed",
                "item": device.code,
                "model": device.name,
                "mac_address": mac_address(device.oui, number, seed=self._seed),
                "serial_no": maker_serial(number, seed=self._seed),
                "gpon_serial": gpon_serial(vendor, number, seed=self._seed) if vendor else None,
                "installed_on": self._day(60, 1500),
            }
            yield self._series("Service Equipment", "EQP-", piece)

    def subscriptions(self) -> Iterator[Pair]:
        """Subscriptions, spread evenly over the locations."""
        for number in range(1, self._volume.subscriptions + 1):
            place = 1 + (number - 1) % self._volume.locations
            plan = self.random.choice(PLANS)
            subscription: Body = {
                "customer": self._pick("CUST-", place, self._volume.customers),
                "service_location": self._pick("LOC-", place, self._volume.locations),
                "plan": plan.code,
                "plan_name": plan.name,
                "status": self.random.choice(("Active",) * 9 + ("Cancelled",)),
                "start_date": self._day(60, 2500),
                "monthly_price": float(plan.price),
                "download_speed": plan.down,
                "upload_speed": plan.up,
            }
            yield self._series("Service Subscription", "SUB-", subscription)

    def jobs(self) -> Iterator[Pair]:
        """Open jobs with twelve child rows each: nine steps, a tag, a device, a material."""
        for number in range(1, self._volume.jobs + 1):
            place = 1 + number * 7 % self._volume.locations
            status = self.random.choice(_OPEN)
            piece = self._pick("EQP-", number, self._volume.equipment)
            material = self.random.choice(MATERIALS)
            steps: list[Json] = [*checklist(INSTALLATION, self._draw, f"job {number}", has_tv=True)]
            job: Body = {
                "subject": f"Installation fibre {number}",
                "customer": self._pick("CUST-", place, self._volume.customers),
                "service_location": self._pick("LOC-", place, self._volume.locations),
                "job_type": "Install",
                "priority": "Medium",
                "status": status,
                "scheduled_date": self._day(-30, 0),
                "scheduled_time": f"{8 + number % 9:02d}:00:00",
                "duration_minutes": 90,
                "assigned_technician": None
                if status == "Open"
                else self._pick("DT-", number, self._volume.technicians),
                "flow_template": INSTALLATION.name,
                "flow_version": INSTALLATION.version,
                "tags": [{"tag": "Fibre", "level": 1}],
                "equipment": [{"equipment": piece, "action": "Inspect"}],
                "materials": [{"item": material.code, "qty": 1.0, "uom": material.unit}],
                "checklist": steps,
            }
            yield self._series("Dispatch Job", "DJ-", job)

    def _series(self, doctype: str, prefix: str, body: Body) -> Pair:
        return self._named(doctype, self.names.next(prefix), body)

    def _named(self, doctype: str, name: str, body: Body) -> Pair:
        modified = stamp(self.random, self._today)
        return doctype, {"name": name, "modified": modified, "docstatus": 0, **body}

    def _pick(self, prefix: str, number: int, count: int) -> str:
        """Return the name that `number` falls on when names are handed out in turn."""
        return f"{prefix}{1 + (number - 1) % count:05d}"

    def _day(self, least: int, most: int) -> str:
        """Return a date that many days back; negative numbers lie ahead."""
        return (self._today - timedelta(days=self.random.randint(least, most))).isoformat()
