"""What an invoice tells its customer, as a value: built from the ERP's documents by one function.

Amounts are the ERP's own: neither lines nor taxes are computed again, so an imported invoice is
printed as it was billed (BI-01, BI-14).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from field_core.money import ZERO, amount_of
from field_core.service_period import Period, period_of_line
from field_core.taxes import TPS_RATE, TVQ_RATE

Raw = Mapping[str, Any]
NAME_CHARACTERS_MAX: Final = 60
"""A longer item name is cut at a word: it would take three lines of the column."""
ADDRESS_CHARACTERS_MAX: Final = 44
"""What fits across an envelope's window at 10 points; a longer name goes on in a second line."""


@dataclass(frozen=True, slots=True)
class Charge:
    """One line: what, for which days, how much before taxes."""

    text: str
    period: Period | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Place:
    """The charges of one Service Location; without a title, those that have none."""

    title: str | None
    charges: tuple[Charge, ...]


@dataclass(frozen=True, slots=True)
class Tax:
    """One tax as billed: its name (TPS, TVQ), its rate in percent, its amount."""

    name: str
    rate: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Summary:
    """The account before this invoice: `previous` less `payments` is `carried`."""

    previous: Decimal
    payments: Decimal
    carried: Decimal


@dataclass(frozen=True, slots=True)
class Earlier:
    """What stands on the account besides this invoice, from the ERP."""

    owed: Decimal
    """Of earlier invoices, credits of the customer taken off."""
    paid: Decimal
    """Since the invoice before this one."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A whole invoice, before it is put in words."""

    invoice: str
    account: str
    language: str
    issued: date
    due: date | None
    recipient: tuple[str, ...]
    summary: Summary | None
    places: tuple[Place, ...]
    net: Decimal
    taxes: tuple[Tax, ...]
    total: Decimal
    is_preauthorised: bool = False

    @property
    def amount_due(self) -> Decimal:
        """This invoice and what earlier ones left."""
        return self.total + (self.summary.carried if self.summary else ZERO)


def statement_of(
    invoice: Raw, *, customer: Raw, locations: Sequence[Raw], earlier: Earlier | None
) -> Statement:
    """Return the statement of an invoice; locations: those its lines name, and the customer's."""
    issued = date.fromisoformat(str(invoice["posting_date"])[:10])
    due = invoice.get("due_date")
    return Statement(
        invoice=str(invoice["name"]),
        account=str(customer.get("legacy_account_id") or customer["name"]),
        language="en" if str(customer.get("language") or "").startswith("en") else "fr",
        issued=issued,
        due=date.fromisoformat(str(due)[:10]) if due else None,
        recipient=tuple(recipient_of(customer, locations)),
        summary=_summary(earlier),
        places=tuple(_places(invoice.get("items") or [], locations, issued)),
        net=amount_of(invoice.get("net_total") or 0, "net_total"),
        taxes=tuple(map(_tax, invoice.get("taxes") or [])),
        total=amount_of(invoice.get("rounded_total") or invoice["grand_total"], "grand_total"),
        is_preauthorised=bool(customer.get("ppa_enabled")),
    )


def recipient_of(customer: Raw, locations: Sequence[Raw]) -> Iterable[str]:
    """Yield the lines of an address as Canada Post reads it.

    No `#`, and the postal code after two spaces on the municipality's line (addressing
    guidelines).
    """
    yield from _cut(_clean(customer.get("customer_name") or customer["name"]))
    if not locations:
        return
    place = locations[0]
    yield from _cut(_clean(place.get("civic_address")))
    town = " ".join(filter(None, (_clean(place.get("city")), _clean(place.get("province")))))
    code = _clean(place.get("postal_code")).upper()
    yield f"{town}\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}{code}".strip() if code else town


def shortened(name: str, characters_max: int = NAME_CHARACTERS_MAX) -> str:
    """Return an item's name on one line, cut at a word where it is too long (BI-12)."""
    plain = " ".join(name.split())
    if len(plain) <= characters_max:
        return plain
    cut = plain[: characters_max - 1]
    return f"{(cut.rsplit(' ', 1)[0] if ' ' in cut else cut).rstrip(' ,;-')}…"


def _clean(text: object) -> str:
    return " ".join(str(text or "").replace("#", " ").split())


def _cut(line: str) -> Iterable[str]:
    """Yield a line in pieces that fit the window, cut between words where there are any."""
    while len(line) > ADDRESS_CHARACTERS_MAX:
        at = line.rfind(" ", 0, ADDRESS_CHARACTERS_MAX + 1)
        at = at if at > 0 else ADDRESS_CHARACTERS_MAX
        yield line[:at].rstrip()
        line = line[at:].lstrip()
    if line:
        yield line


def _summary(earlier: Earlier | None) -> Summary | None:
    if earlier is None:
        return None
    return Summary(earlier.owed + earlier.paid, earlier.paid, earlier.owed)


def _places(items: Iterable[Raw], locations: Sequence[Raw], issued: date) -> Iterable[Place]:
    """Group lines by location in the order of the invoice; those without one come last (BI-08)."""
    groups: dict[str, list[Charge]] = {}
    for item in items:
        groups.setdefault(str(item.get("service_location") or ""), []).append(_charge(item, issued))
    titles = {str(place["name"]): _title(place) for place in locations}
    without = groups.pop("", [])
    for name, charges in groups.items():
        yield Place(titles.get(name) or name, tuple(charges))
    if without:
        yield Place(None, tuple(without))


def _title(place: Raw) -> str:
    parts = (_clean(place.get("civic_address")), _clean(place.get("city")))
    return ", ".join(filter(None, parts)) or _clean(place.get("location_name"))


def _charge(item: Raw, issued: date) -> Charge:
    name = str(item.get("item_name") or item.get("description") or item.get("item_code") or "")
    amount = amount_of(item.get("amount") or 0)
    count = Decimal(str(item.get("qty") or 1)).normalize()
    text = shortened(name) if count == 1 else f"{count:f} × {shortened(name)}"
    start, end = (_date(item.get(f"service_{side}_date")) for side in ("start", "end"))
    period = period_of_line(
        description=f"{name} {item.get('description') or ''}",
        amount=amount,
        start=start,
        end=end,
        invoiced_on=issued,
    )
    return Charge(text, period, amount)


def _date(text: object) -> date | None:
    return date.fromisoformat(str(text)[:10]) if text else None


_RATES: Final = {"TPS": TPS_RATE * 100, "TVQ": TVQ_RATE * 100}
"""ERPNext keeps no rate on a row of “Actual” taxes, such as an imported invoice's."""


def _tax(row: Raw) -> Tax:
    told = f"{row.get('account_head') or ''} {row.get('description') or ''}".upper()
    is_tvq = "TVQ" in told or "QST" in told
    is_tps = "TPS" in told or "GST" in told
    name = "TVQ" if is_tvq else "TPS" if is_tps else str(row.get("description") or "")
    rate = Decimal(str(row.get("rate") or _RATES.get(name, 0))).normalize()
    return Tax(name, rate, amount_of(row.get("tax_amount") or 0, "tax_amount"))
