"""Money of the demo: Decimal inside, cents rounded half-up, numbers only where JSON wants them."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

TPS_PERCENT: Final = Decimal(5)
TVQ_PERCENT: Final = Decimal("9.975")
_CENT: Final = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    """Round half-up to cents, away from zero for credits (Revenu Québec)."""
    return amount.quantize(_CENT, ROUND_HALF_UP)


def taxes_of(net: Decimal) -> tuple[Decimal, Decimal]:
    """Return TPS and TVQ, each once on the net total: 79.95 gives 4.00 and 7.98."""
    return cents(net * TPS_PERCENT / 100), cents(net * TVQ_PERCENT / 100)


def plain(amount: Decimal) -> float:
    """Return an amount of cents as the JSON number that the ERP takes."""
    return float(cents(amount))
