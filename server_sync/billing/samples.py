"""Two invoices that nobody got, as awkward as real ones: for the envelope and for a look at it."""

from datetime import date
from decimal import Decimal
from typing import Final

from field_core.service_period import Period
from server_sync.billing.statement import Charge, Place, Statement, Summary, Tax, recipient_of

_CUSTOMER: Final = {
    "name": "CUST-00000",
    "customer_name": "Coopérative de solidarité Œuvres et Forêts du Haut-Saint-Laurent",
}
_PLACE: Final = {
    "civic_address": "1867, chemin de la Rivière-des-Outaouais, app. 12",
    "city": "Sainte-Clotilde-de-Châteauguay",
    "province": "QC",
    "postal_code": "J0L 1W0",
}


def samples() -> tuple[Statement, Statement]:
    """Return one with and one without the account summary."""
    return _sample(Summary(Decimal("104.43"), Decimal("91.93"), Decimal("12.50"))), _sample(None)


def _sample(summary: Summary | None) -> Statement:
    month = Period(date(2026, 4, 1), date(2026, 4, 30))
    half = Period(date(2026, 4, 16), date(2026, 4, 30))
    return Statement(
        invoice="SINV-2026-700010",
        account="C-10370",
        language="fr",
        issued=date(2026, 4, 1),
        due=date(2026, 5, 1),
        recipient=tuple(recipient_of(_CUSTOMER, [_PLACE])),
        summary=summary,
        places=(
            Place("1867, chemin de la Rivière, Sainte-Clotilde", (
                Charge("Internet fibre 1000", month, Decimal("79.95")),
                Charge("Rabais fidélité", None, Decimal("-20.00")),
            )),
            Place("12, rang du Cordon, Saint-Rémi", (
                Charge("Internet fibre 500", half, Decimal("29.98")),
                Charge("Frais d'installation", None, Decimal("99.00")),
            )),
        ),
        net=Decimal("188.93"),
        taxes=(
            Tax("TPS", Decimal(5), Decimal("9.45")),
            Tax("TVQ", Decimal("9.975"), Decimal("18.85")),
        ),
        total=Decimal("217.23"),
    )  # fmt: skip
