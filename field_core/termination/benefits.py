"""The table of benefits: what each was worth, what is used up, what is left, and what counts.

What is left of all of them, in a straight line, is what the contract's own text would claim. A
consumer owes that only as far as the law's caps go; the table shows both, and why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from field_core.money import ZERO, half_up, rounded_together
from field_core.termination.contract import Benefit, BenefitKind, Contract, Regime


class Why(Enum):
    """Why a benefit counts for the legal cap, or does not."""

    COUNTS = "goods sold at a rebate, needed for the service"
    NOT_GOODS = "not goods"
    RENTED = "goods lent or rented"
    OPTIONAL = "goods not needed for the service"
    OPEN_TERM = "no term to keep to"
    COMMERCIAL = "the contract's own terms"


@dataclass(frozen=True, slots=True)
class BenefitRow:
    """A row of the table; amounts in dollars, `recognised` + `residual` = `saving` to the cent.

    `adjustment` is what the row's residual was moved by, a cent at most, so that the column adds
    up to its rounded total.
    """

    benefit: Benefit
    saving: Decimal
    recognised: Decimal
    residual: Decimal
    adjustment: Decimal
    why: Why

    @property
    def counts(self) -> bool:
        """Whether the law lets this benefit count."""
        return self.why is Why.COUNTS


def table_of(contract: Contract, elapsed: int) -> tuple[BenefitRow, ...]:
    """Return the rows in the contract's order, `elapsed` months into it.

    Both the column and its part that counts for the cap add up to their rounded sums: rows that
    count are rounded first.
    """
    whys = [why_of(benefit, contract) for benefit in contract.benefits]
    order = sorted(range(len(whys)), key=lambda at: whys[at] is not Why.COUNTS)
    savings = [_saving(benefit, contract, elapsed) for benefit in contract.benefits]
    exact = [_left(saving, contract, elapsed) for saving in savings]
    rounded = dict(zip(order, rounded_together([exact[at] for at in order]), strict=True))
    return tuple(
        BenefitRow(
            benefit=benefit,
            saving=savings[at],
            recognised=savings[at] - rounded[at],
            residual=rounded[at],
            adjustment=rounded[at] - half_up(exact[at]),
            why=whys[at],
        )
        for at, benefit in enumerate(contract.benefits)
    )


def why_of(benefit: Benefit, contract: Contract) -> Why:
    """Tell whether a benefit counts for the cap (LPC s. 214.7, regulation s. 79.10), and why.

    Only a rebate on the sale price of goods bought at signing and needed to use the service does.
    """
    if contract.regime is Regime.COMMERCIAL:
        return Why.COMMERCIAL
    if contract.term_months is None:
        return Why.OPEN_TERM
    if benefit.kind is not BenefitKind.GOODS:
        return Why.NOT_GOODS
    if benefit.is_rented:
        return Why.RENTED
    return Why.OPTIONAL if benefit.is_optional else Why.COUNTS


def savings_of(rows: Sequence[BenefitRow]) -> Decimal:
    """Return what all benefits were worth."""
    return sum((row.saving for row in rows), ZERO)


def residual_of(rows: Sequence[BenefitRow]) -> Decimal:
    """Return what is left of all benefits: the straight-line total."""
    return sum((row.residual for row in rows), ZERO)


def goods_rebate_of(rows: Sequence[BenefitRow]) -> Decimal:
    """Return the rebate on goods that counts for the cap: the law's “economic inducement”."""
    return savings_of([row for row in rows if row.counts])


def _saving(benefit: Benefit, contract: Contract, elapsed: int) -> Decimal:
    """Return what a benefit is worth over the term; over an open term, what it was worth so far."""
    months = elapsed if contract.term_months is None else contract.term_months
    return benefit.saving * months if benefit.is_monthly else benefit.saving


def _left(saving: Decimal, contract: Contract, elapsed: int) -> Decimal:
    term = contract.term_months
    return ZERO if term is None else saving * (term - elapsed) / term
