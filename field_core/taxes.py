"""TPS and TVQ: each once on the taxable total of an invoice, half-up, and always told apart.

Both are on the price before tax: since 2013 the TVQ is no longer on top of the TPS. The two rates
added must not appear on a document (Revenu Québec, “Calculating the Taxes”), so they are added
nowhere that a person sees.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from field_core.money import ZERO, half_up

TPS_RATE: Final = Decimal("0.05")
"""Excise Tax Act, s. 165(1), since 2008-01-01."""
TVQ_RATE: Final = Decimal("0.09975")
"""Act respecting the Québec sales tax, s. 16, since 2013-01-01."""


class Line(NamedTuple):
    """A line of an invoice before taxes."""

    amount: Decimal
    is_taxable: bool = True


@dataclass(frozen=True, slots=True)
class Taxes:
    """An amount before taxes and its two taxes, in dollars and whole cents."""

    net: Decimal
    tps: Decimal
    tvq: Decimal

    @property
    def total(self) -> Decimal:
        """What is paid."""
        return self.net + self.tps + self.tvq


def taxes_on(net: Decimal, *, exempt: Decimal = ZERO) -> Taxes:
    """Return the taxes on a net total, of which a part may be exempt.

    A credit has negative taxes, rounded away from zero like its charge, so both cancel exactly.
    """
    taxable = half_up(net) - half_up(exempt)
    return Taxes(half_up(net), half_up(taxable * TPS_RATE), half_up(taxable * TVQ_RATE))


def taxes_of_lines(lines: Iterable[Line], *, is_exempt: bool = False) -> Taxes:
    """Return the taxes of an invoice: on the sum of its taxable lines, never line by line.

    `is_exempt` is the customer's: a First Nations exemption, with its proof attached.
    """
    kept = list(lines)
    net = sum((half_up(line.amount) for line in kept), ZERO)
    untaxed = (half_up(line.amount) for line in kept if is_exempt or not line.is_taxable)
    return taxes_on(net, exempt=sum(untaxed, ZERO))


def taxes_within(total: Decimal) -> Taxes:
    """Return the taxes that an amount already contains, so that what is paid is that amount.

    The net is what is left, so the three add up to the cent. For an early-termination indemnity
    (Excise Tax Act, s. 182, and its Québec twin): an accountant is to confirm its treatment.
    """
    exact = half_up(total) / (1 + TPS_RATE + TVQ_RATE)
    tps, tvq = half_up(exact * TPS_RATE), half_up(exact * TVQ_RATE)
    return Taxes(half_up(total) - tps - tvq, tps, tvq)
