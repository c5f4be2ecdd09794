"""The money of an ending: the charge, the days still to bill, the days paid in advance.

    final = charge + services to the end date − prepaid days

The charge has its own invoice and the service its own invoice or credit, each with its taxes.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from field_core.prorata import prorated
from field_core.service_period import Period
from field_core.taxes import Taxes, taxes_on, taxes_within
from field_core.termination.calculation import Termination

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Settlement:
    """What the two documents say; `services` is negative when days are credited."""

    charge: Taxes
    services: Taxes
    period: Period | None
    """The days billed or credited; None when billing ended with the service."""

    @property
    def total(self) -> Decimal:
        """What the customer owes in the end; below zero, what we owe."""
        return self.charge.total + self.services.total


def settle(
    termination: Termination, *, billed_until: date, is_tax_included: bool = True
) -> Settlement:
    """Return what is left to bill or to give back when service was billed until a day.

    The last day of the contract is served. The charge includes its taxes unless told otherwise,
    so that a consumer never pays above the cap; the accountant decides (Excise Tax Act, s. 182).
    """
    charge, monthly = termination.charge, termination.contract.monthly
    period = _unsettled(billed_until, termination.end)
    days = prorated(monthly, period.start, period.end) if period else Decimal(0)
    return Settlement(
        charge=taxes_within(charge) if is_tax_included else taxes_on(charge),
        services=taxes_on(-days if billed_until > termination.end else days),
        period=period,
    )


def _unsettled(billed_until: date, end: date) -> Period | None:
    if billed_until == end:
        return None
    first, last = sorted((billed_until, end))
    return Period(first + _DAY, last)
